"""What a purpose, a case and a key may be used for, and what leaves a mark."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from tests.vault.conftest import PHONE, Dialler, Room

from kuanxian.base.errors import GrantError, PersonError
from kuanxian.store.roles import APP, AUDIT, VAULT
from kuanxian.vault.consent import GIVEN, answer_consent, withdraw_consent
from kuanxian.vault.contact import answer_notice, nominate
from kuanxian.vault.erase import erase_person
from kuanxian.vault.keeper import ask
from kuanxian.vault.keys import HeldKeys, new_key
from kuanxian.vault.notice import Notice
from kuanxian.vault.opening import Handle, open_for
from kuanxian.vault.people import (
    OwnDebt,
    add_person,
    find_people,
    held,
    own_debts,
    put_own_debt,
    put_value,
    rewrap_all,
)
from kuanxian.vault.purposes import purposes
from kuanxian.vault.rights import release, restrict

pytestmark = pytest.mark.parametrize("servers", ["embedded"], indirect=True)
ON = date(2026, 3, 1)
AT = datetime(2024, 3, 1, 4, tzinfo=UTC)
OFFERS = Notice("n-marketing", 1, "zh-Hans", "marketing", "我们想向您发送营销信息……")
ASKED = Notice("n-contact", 1, "zh-Hans", "pass_message", "某某提名您为联系人……")


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


def _case(room: Room, case: str, debtor: str) -> None:
    with room.app.begin() as connection:
        connection.execute(sa.text(
            "INSERT INTO casework.cases (case_id, tenant, debtor_id, loan_id) "
            "VALUES (:c, 'lender-1', :p, :c)"), {"c": case, "p": debtor})  # fmt: skip


def test_a_decision_on_a_case_opens_its_own_people_alone(room: Room) -> None:
    debtor, stranger = room.person(), room.person()
    _case(room, "case-1", debtor)
    with pytest.raises(GrantError, match="not of that case"):
        open_for(room.keeper, room.handle(stranger, case_id="case-1"), Dialler())
    assert open_for(room.keeper, room.handle(debtor, case_id="case-1"), Dialler()) == "call-1"


def _guarantor(room: Room, name: str, phone: str = PHONE) -> str:
    add_person(room.keeper, name, "guarantor")
    put_value(room.keeper, name, "phone", phone)
    return name


def test_a_guarantor_is_opened_in_the_cases_of_whom_they_signed_for_alone(room: Room) -> None:
    debtor, other, guarantor = room.person(), room.person(), _guarantor(room, "g-1")
    _case(room, "case-1", debtor)
    _case(room, "case-2", other)
    for case in ("case-1", None):  # nobody said yet what they signed
        with pytest.raises(GrantError, match="not of that case"):
            open_for(room.keeper, room.handle(guarantor, case_id=case), Dialler())
    signed = OwnDebt(debtor, "g-2026-1", ON)
    put_own_debt(room.keeper, guarantor, signed)
    put_own_debt(room.keeper, guarantor, signed)
    assert own_debts(room.keeper, guarantor) == [signed]
    assert room.kinds(guarantor).count("debt.signed") == 1
    open_for(room.keeper, room.handle(guarantor, case_id="case-1"), Dialler())
    open_for(room.keeper, room.handle(guarantor, case_id=None), Dialler())
    with pytest.raises(GrantError, match="not of that case"):
        open_for(room.keeper, room.handle(guarantor, case_id="case-2"), Dialler())
    erase_person(room.keeper, guarantor, "request", ON)
    assert own_debts(room.keeper, guarantor) == []


def test_a_number_that_said_no_comes_in_again_for_who_signed_alone(room: Room) -> None:
    debtor, keeper, number = room.person(), room.keeper, "17405000099"
    nominate(keeper, debtor, "c-1", "pass_message")
    put_value(keeper, "c-1", "phone", number)
    answer_notice(keeper, "c-1", ASKED, "refused", AT)
    for role in ("guarantor", "debtor"):
        add_person(keeper, role, role)
        with pytest.raises(PersonError, match=r"said no as a contact.*kuanxian person owes"):
            put_value(keeper, role, "phone", number)
        put_value(keeper, role, "phone", "17405000098")
        with pytest.raises(PersonError, match="said no as a contact"):
            put_value(keeper, role, "phone", number)
        signed_for = debtor if role == "guarantor" else role
        put_own_debt(keeper, role, OwnDebt(signed_for, f"{role}-contract", ON))
        assert put_value(keeper, role, "phone", number) == 2
        assert "debt.signed" in room.kinds(role)


@pytest.mark.parametrize(
    ("person", "debtor", "signed_on"),
    [("p-1", "p-2", ON), ("g-1", "g-1", ON), ("g-1", "nobody", ON), ("nobody", "p-1", ON),
     ("c-1", "p-1", ON), ("g-1", "c-1", ON), ("g-1", "p-1", date(2999, 1, 1))],
)  # fmt: skip
def test_nobody_owes_by_a_paper_that_cannot_be(
    room: Room, person: str, debtor: str, signed_on: date
) -> None:
    for one in ("p-1", "p-2"):
        room.person(one)
    _guarantor(room, "g-1")
    nominate(room.keeper, "p-1", "c-1", "pass_message")
    with pytest.raises(PersonError, match="no such guarantor or debtor, or the day lies ahead"):
        put_own_debt(room.keeper, person, OwnDebt(debtor, "contract-1", signed_on))


def test_a_further_case_of_a_debtor_has_no_budget_of_its_own(room: Room) -> None:
    room.as_owner("UPDATE vault.budget SET openings_max = 3 WHERE scope = 'case'")
    debtor, dialler = room.person(), Dialler()
    for case in ("case-1", "case-2", "case-3"):
        _case(room, case, debtor)
    for known in ("case-1", "case-2", None):
        open_for(room.keeper, room.handle(debtor, case_id=known), dialler)
    with pytest.raises(GrantError, match="too many"):
        open_for(room.keeper, room.handle(debtor, case_id="case-3"), dialler)


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


def marked(room: Room, handle: Handle, between: Callable[[], object]) -> list[str]:
    """Mark an opening, let something happen, and ask for the bytes."""
    mark = sa.text(
        "SELECT vault.mark_opening(:grant_id, :decision_id, :person_id, :field, :purpose, :channel)"
    )
    with room.keeper.engine.connect() as connection:
        with connection.begin():
            opening = connection.scalar(mark, handle._asdict())
        between()
        with connection.begin():
            rows = connection.execute(
                sa.text("SELECT outcome, body FROM vault.fetch_opening(:o)"), {"o": opening}
            )
            return [row.outcome if row.body is None else "bytes" for row in rows]


def test_a_withdrawal_and_a_restriction_count_between_the_mark_and_the_bytes(room: Room) -> None:
    person, keeper = room.person(), room.keeper
    answer_consent(keeper, person, OFFERS, GIVEN, AT)
    told = [
        marked(room, room.handle(person, purpose="marketing"), then)
        for then in (
            lambda: None,
            lambda: withdraw_consent(keeper, person, "marketing", AT),
        )
    ]
    told.append(marked(room, room.handle(person), lambda: restrict(keeper, person)))
    assert told == [["bytes"], ["withdrawn"], ["restricted"]]


def test_who_is_restricted_is_not_found_and_their_contact_is_not_opened(room: Room) -> None:
    debtor, keeper = room.person(), room.keeper
    nominate(keeper, debtor, "c-1", "pass_message")
    put_value(keeper, "c-1", "phone", "17405000099")
    answer_notice(keeper, "c-1", ASKED, GIVEN, AT)
    restrict(keeper, debtor)
    for number in (PHONE, "17405000099"):
        assert find_people(keeper, "phone", number) == ()
    with pytest.raises(GrantError, match="may not be processed"):
        open_for(keeper, room.handle("c-1", purpose="pass_message"), Dialler())
    release(keeper, debtor)
    assert find_people(keeper, "phone", PHONE) == (debtor,)
    assert open_for(keeper, room.handle("c-1", purpose="pass_message"), Dialler()) == "call-1"


def test_what_is_held_of_a_frozen_person_is_corrected_and_nothing_added(room: Room) -> None:
    person = room.person()
    room.as_owner("UPDATE vault.person SET state = 'frozen', duty = 'd', "
                  "frozen_until = '2099-01-01' WHERE person_id = :p", p=person)  # fmt: skip
    assert put_value(room.keeper, person, "phone", "17405000002") == 2
    with pytest.raises(PersonError, match="nothing is added"):
        put_value(room.keeper, person, "email", "made.up@example.org")
    assert room.kinds(person)[-1] == "value.corrected"


def test_who_is_erased_takes_the_contacts_they_named_along(room: Room) -> None:
    debtor, keeper = room.person(), room.keeper
    nominate(keeper, debtor, "c-1", "pass_message")
    put_value(keeper, "c-1", "phone", "17405000099")
    erase_person(keeper, debtor, "request", ON)
    assert held(keeper, "c-1").state == "erased"
    assert held(keeper, "c-1").fields == ()
    assert room.kinds("c-1")[-1] == "person.erased"


def test_without_a_case_openings_count_for_the_person(room: Room) -> None:
    room.as_owner("UPDATE vault.budget SET openings_max = 2 WHERE scope = 'case'")
    person, dialler = room.person(), Dialler()
    for officer in ("officer-1", "officer-2"):
        open_for(room.keeper, room.handle(person, officer=officer), dialler)
    with pytest.raises(GrantError, match="too many"):
        open_for(room.keeper, room.handle(person, officer="officer-3"), dialler)
    open_for(room.keeper, room.handle(room.person()), dialler)


def test_a_yes_stands_on_words_that_were_kept(room: Room) -> None:
    person = room.person()
    event = answer_consent(room.keeper, person, OFFERS, GIVEN, AT)
    with room.audit.connect() as connection:
        assert connection.scalar(sa.text("SELECT body FROM consent.notice")) == OFFERS.body
    other = {**event.record, "record_id": f"lender-1/{person}/marketing/2"}
    other["pii_processing"]["privacy_notice"]["sha256"] = "0" * 64
    with pytest.raises(sa.exc.IntegrityError, match="not kept"), room.keeper.engine.begin() as c:
        c.execute(sa.text("SELECT consent.record_event(:i, 'lender-1', :p, 'marketing', 'given', "
                          "CAST(:at AS timestamptz), 'x', CAST(:record AS jsonb))"),
                  {"i": other["record_id"], "p": person, "at": event.event_time,
                   "record": json.dumps(other)})  # fmt: skip


@pytest.mark.parametrize("group", [APP, VAULT, AUDIT])
@pytest.mark.parametrize("call", ["lo_from_bytea(0, 'x')", "lo_creat(-1)", "lo_create(0)",
                                  "pg_logical_emit_message(false, 'a', 'b')"])  # fmt: skip
def test_nobody_writes_beside_the_tables(room: Room, group: str, call: str) -> None:
    engine = {APP: room.app, AUDIT: room.audit, VAULT: room.keeper.engine}[group]
    refused = pytest.raises(sa.exc.ProgrammingError, match="permission denied")
    with engine.connect() as connection, refused:
        connection.execute(sa.text(f"SELECT {call}"))
