"""Values go in sealed; people are found by index; keys are wrapped anew."""

import pytest
import sqlalchemy as sa
from tests.vault.conftest import PHONE, Dialler, Room

from kuanxian.base.errors import FieldError, KeyHolderError, PersonError, SealError
from kuanxian.vault.keys import HeldKeys, new_key
from kuanxian.vault.opening import open_for
from kuanxian.vault.people import add_person, find_people, held, put_value, rewrap_all

pytestmark = pytest.mark.parametrize("servers", ["embedded"], indirect=True)


def test_a_person_is_added_once_and_holds_what_was_put_in(room: Room) -> None:
    add_person(room.keeper, "p-1")
    assert put_value(room.keeper, "p-1", "phone", PHONE) == 1
    assert put_value(room.keeper, "p-1", "name", "王小五") == 1
    assert put_value(room.keeper, "p-1", "phone", "17405000002") == 2
    found = held(room.keeper, "p-1")
    assert (found.role, found.state, found.fields) == ("debtor", "active", ("name", "phone"))
    assert room.kinds("p-1") == ["person.added", "value.sealed", "value.sealed", "value.corrected"]
    with pytest.raises(PersonError, match="refuses"):
        add_person(room.keeper, "p-1")


def test_a_number_finds_its_person_in_any_writing_and_leaves_a_mark(room: Room) -> None:
    person, other = room.person("p-1"), room.person("p-2", "17405000002")
    assert find_people(room.keeper, "phone", "+86 174-0500-0001") == (person,)
    assert find_people(room.keeper, "phone", "17405000003") == ()
    assert room.kinds(person)[-1] == "person.found"
    assert "person.found" not in room.kinds(other)
    put_value(room.keeper, person, "phone", "17405000003")
    assert find_people(room.keeper, "phone", PHONE) == ()


def test_what_is_refused_is_not_stored(room: Room) -> None:
    add_person(room.keeper, "p-1")
    with pytest.raises(FieldError):
        put_value(room.keeper, "p-1", "phone", "123")
    with pytest.raises(FieldError):
        put_value(room.keeper, "p-1", "address_book", PHONE)
    with pytest.raises(PersonError):
        put_value(room.keeper, "p-nobody", "phone", PHONE)
    with pytest.raises(PersonError):
        find_people(room.keeper, "name", "王小五")
    with pytest.raises(PersonError):
        add_person(room.keeper, "p-2", "contact")
    with pytest.raises(SealError):
        add_person(room.keeper, "王小五")
    assert held(room.keeper, "p-1").fields == ()


def test_keys_are_wrapped_anew_and_the_sealed_bytes_stay(room: Room) -> None:
    keys = {"k1": new_key()}
    old = room.keeper._replace(holder=HeldKeys(keys, "k1"))
    for number in range(5):
        add_person(old, f"p-{number}")
        put_value(old, f"p-{number}", "phone", f"1740500000{number}")
    sealed = sa.text("SELECT person_id, body FROM vault.sealed ORDER BY 1")
    with room.owner.connect() as connection:
        before = [tuple(row) for row in connection.execute(sealed)]
    both = old._replace(holder=HeldKeys({**keys, "k2": new_key()}, "k2"))
    assert rewrap_all(both) == 5
    assert rewrap_all(both) == 0
    with room.owner.connect() as connection:
        assert [tuple(row) for row in connection.execute(sealed)] == before
    dialler = Dialler()
    open_for(both, room.handle("p-3"), dialler)
    assert dialler.dialled == ["+8617405000003"]
    with pytest.raises(KeyHolderError):
        open_for(old, room.handle("p-4"), dialler)


def test_two_who_correct_at_once_do_not_both_win(room: Room) -> None:
    person = room.person()
    call = "SELECT vault.put_value('lender-1', :p, 'phone', 2, '\\x00', NULL, 'officer-1')"
    with room.keeper.engine.begin() as connection:
        answers = [connection.scalar(sa.text(call), {"p": person}) for _ in range(2)]
    assert answers == [True, False]
