"""What a purpose, a case and a key may be used for, and what leaves a mark."""

from datetime import date

import pytest
import sqlalchemy as sa
from tests.vault.conftest import Dialler, Room

from kuanxian.base.errors import GrantError, PersonError
from kuanxian.vault.erase import erase_person
from kuanxian.vault.keeper import ask
from kuanxian.vault.keys import HeldKeys, new_key
from kuanxian.vault.opening import open_for
from kuanxian.vault.people import put_value, rewrap_all
from kuanxian.vault.purposes import purposes

pytestmark = pytest.mark.parametrize("servers", ["embedded"], indirect=True)
ON = date(2026, 3, 1)


def test_a_purpose_opens_the_values_it_needs_alone(room: Room) -> None:
    person = room.person()
    put_value(room.keeper, person, "email", "made.up@example.org")
    put_value(room.keeper, person, "bank_card", "6222020000000000000")
    with pytest.raises(GrantError, match="does not need this value"):
        open_for(room.keeper, room.handle(person, "bank_card"), Dialler())
    assert open_for(room.keeper, room.handle(person, "email"), Dialler()) == "call-1"
    with room.audit.connect() as connection:
        rows = connection.execute(sa.text("SELECT purpose, field FROM consent.purpose_field"))
        kept: dict[str, set[str]] = {}
        for purpose, field in rows:
            kept.setdefault(purpose, set()).add(field)
    for code, one in purposes().items():
        assert kept.get(code, set()) == set(one.fields), code


def test_a_decision_on_a_case_opens_its_own_people_alone(room: Room) -> None:
    debtor, stranger = room.person(), room.person()
    with room.app.begin() as connection:
        connection.execute(sa.text(
            "INSERT INTO casework.cases (case_id, tenant, debtor_id, loan_id) "
            "VALUES ('case-1', 'lender-1', :p, 'l-1')"), {"p": debtor})  # fmt: skip
    with pytest.raises(GrantError, match="not of that case"):
        open_for(room.keeper, room.handle(stranger, case_id="case-1"), Dialler())
    assert open_for(room.keeper, room.handle(debtor, case_id="case-1"), Dialler()) == "call-1"


def test_no_key_is_replaced_by_what_is_none_and_each_change_leaves_a_mark(room: Room) -> None:
    person = room.person()
    call = "put_rewrapped(:tenant, :p, 'k1', 'k2', :body, :actor)"
    for body in (b"", b"\0", bytes(47), bytes(1025)):
        with pytest.raises(PersonError, match="wrapped_key"):
            ask(room.keeper, call, {"p": person, "body": body})
    keys = {"k1": new_key(), "k2": new_key()}
    before = room.keeper._replace(holder=HeldKeys(keys, "k1"))
    other = f"{person}-2"
    room._replace(keeper=before).person(other)
    room.as_owner("DELETE FROM vault.person_key WHERE person_id = :p", p=person)
    after = before._replace(holder=HeldKeys(keys, "k2"))
    assert (rewrap_all(after), rewrap_all(after)) == (1, 0)
    assert room.marks(other)[-1] == ("key.rewrapped", {"from": "k1", "to": "k2"})
    with room.audit.connect() as connection:
        listed = sa.text("SELECT count(*) FROM journal.entry WHERE kind = 'keys.listed'")
        assert connection.scalar(listed) == 2
    certificate = erase_person(after, other, "request", ON)
    assert certificate.key_ids == ("k1", "k2")
    assert "k1, k2" in certificate.words("en")
