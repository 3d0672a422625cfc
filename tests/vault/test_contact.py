"""A nominated contact is a person of their own: two places, own words, own stop, own view."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.vault.conftest import Dialler, Room

from kuanxian.base.errors import ConsentError, GrantError, PersonError
from kuanxian.vault import contact as contact_room
from kuanxian.vault import rights
from kuanxian.vault.consent import GIVEN, REFUSED, ask_consent, events_of
from kuanxian.vault.contact import (
    answer_notice,
    contacts_of,
    erase_contacts,
    mark_noticed,
    nominate,
    own_view,
    read_stop_token,
    stop,
    stop_token,
    withdraw,
)
from kuanxian.vault.erase import Certificate, erase_person
from kuanxian.vault.keeper import Keeper
from kuanxian.vault.keys import HeldKeys, new_key
from kuanxian.vault.notice import Notice
from kuanxian.vault.opening import open_for
from kuanxian.vault.people import find_people, held, put_value
from kuanxian.vault.secret import SecretBytes

embedded = pytest.mark.parametrize("servers", ["embedded"], indirect=True)
AT = datetime(2024, 3, 1, 4, tzinfo=UTC)
NOTICE = Notice("n-contact", 1, "zh-Hans", "pass_message", "某某提名您为联系人……")
NUMBER = "17405000077"
ON = date(2024, 3, 1)


def named(room: Room, contact: str = "c-1") -> tuple[str, str]:
    debtor = room.person("p-debtor")
    nominate(room.keeper, debtor, contact, "pass_message")
    put_value(room.keeper, contact, "name", "李四")
    put_value(room.keeper, contact, "phone", NUMBER)
    return debtor, contact


@embedded
def test_a_debtor_names_two_and_there_is_no_third_place(room: Room) -> None:
    debtor = room.person("p-debtor")
    assert nominate(room.keeper, debtor, "c-1", "pass_message") == 1
    assert nominate(room.keeper, debtor, "c-2", "restore_contact") == 2
    with pytest.raises(PersonError, match="named 2 already"):
        nominate(room.keeper, debtor, "c-3", "pass_message")
    with pytest.raises(Exception, match="contact_slot_check"):
        room.as_owner(
            "INSERT INTO vault.contact VALUES ('lender-1', 'c-1', :p, 3, 'pass_message')", p=debtor
        )
    stop(room.keeper, stop_token(room.keeper, "c-1"), AT)
    assert nominate(room.keeper, debtor, "c-3", "pass_message") == 1
    with pytest.raises(PersonError):
        nominate(room.keeper, "p-nobody", "c-9", "pass_message")
    with pytest.raises(PersonError):
        nominate(room.keeper, "c-2", "c-9", "pass_message")
    with pytest.raises(ConsentError):
        nominate(room.keeper, debtor, "c-9", "collect")


@embedded
def test_a_certificate_names_the_lenders_day(room: Room) -> None:
    night = datetime(2024, 3, 1, 16, 30, tzinfo=UTC)  # half past midnight of the next day there
    named(room)
    nominate(room.keeper, "p-debtor", "c-2", "pass_message")
    certificates = [
        stop(room.keeper, stop_token(room.keeper, "c-1"), night),
        answer_notice(room.keeper, "c-2", NOTICE, "refused", night)[1],
    ]
    nominate(room.keeper, "p-debtor", "c-3", "pass_message")
    answer_notice(room.keeper, "c-3", NOTICE, GIVEN, AT)
    certificates.append(withdraw(room.keeper, "c-3", night)[1])
    assert [str(one and one.erased_on) for one in certificates] == ["2024-03-02"] * 3


@embedded
def test_of_a_contact_only_a_name_and_a_number_are_held(room: Room) -> None:
    _, contact = named(room)
    for field, typed in (("address", "某市某路 1 号"), ("email", "made.up@example.org")):
        with pytest.raises(PersonError, match="only a name and a phone"):
            put_value(room.keeper, contact, field, typed)


@embedded
def test_stop_is_one_word_counts_at_once_and_erases(room: Room) -> None:
    debtor, contact = named(room)
    answer_notice(room.keeper, contact, NOTICE, GIVEN, AT)
    handles = [room.handle(contact, purpose="pass_message") for _ in range(2)]
    dialler = Dialler()
    open_for(room.keeper, handles[0], dialler)
    token = stop_token(room.keeper, contact)
    certificate = stop(room.keeper, token, AT)
    assert certificate is not None
    assert certificate.fields == ("name", "phone")
    assert stop(room.keeper, token, AT) is None
    with pytest.raises(GrantError):
        open_for(room.keeper, handles[1], dialler)
    assert len(dialler.dialled) == 1
    assert find_people(room.keeper, "phone", NUMBER) == ()
    assert [one.state for one in contacts_of(room.keeper, debtor)] == ["erased"]
    with room.audit.connect() as connection:
        assert events_of(connection, "lender-1", contact)[-1].event_type == "withdrawn"
    for again in (lambda: put_value(room.keeper, contact, "phone", NUMBER),
                  lambda: mark_noticed(room.keeper, contact)):  # fmt: skip
        with pytest.raises(PersonError):
            again()
    with pytest.raises(ConsentError):
        ask_consent(room.keeper, contact, NOTICE, AT.replace(year=2036))


Did = Certificate | rights.Frozen | None
MEANWHILE: Final[dict[str, tuple[str, Callable[[Keeper, str, str], Did]]]] = {
    "stop": ("contact.withdraw_consent", lambda k, _, c: stop(k, stop_token(k, c), AT)),
    "withdrawal": ("contact.withdraw_consent", lambda k, _, c: withdraw(k, c, AT)[1]),
    "refusal": ("contact.answer_consent",
                lambda k, _, c: answer_notice(k, c, NOTICE, REFUSED, AT)[1]),
    "settlement": ("contact.contacts_of",
                   lambda k, d, _: next(iter(erase_contacts(k, d, ON)), None)),
    "the debtor's own": ("rights.contacts_of",
                         lambda k, d, _: rights.delete_or_freeze(k, d, [], ON)),
}  # fmt: skip
"""What a person asks for, and the last thing before the erasure of the contact."""


@embedded
@pytest.mark.parametrize("asked", MEANWHILE)
def test_a_contact_whom_an_evening_erases_meanwhile_stops_nobody_in_what_they_asked_for(
    room: Room, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    debtor, contact = named(room)
    place, do = MEANWHILE[asked]
    at, name = place.split(".")
    module = {"contact": contact_room, "rights": rights}[at]
    before = getattr(module, name)

    def meanwhile(*words: Any) -> Any:
        done = before(*words)
        erase_person(room.keeper, contact, "refusal", ON)
        return done

    ask_consent(room.keeper, contact, NOTICE, AT)
    if asked in ("stop", "withdrawal"):
        answer_notice(room.keeper, contact, NOTICE, GIVEN, AT)
    monkeypatch.setattr(module, name, meanwhile)
    done = do(room.keeper, debtor, contact)
    assert held(room.keeper, contact).contact_state == "erased"
    state = held(room.keeper, debtor).state
    assert (done is None, state) == ((False, "erased") if at == "rights" else (True, "active"))


@embedded
def test_a_stop_that_was_cut_off_is_finished_by_the_next(room: Room) -> None:
    _, contact = named(room)
    room.as_owner("UPDATE vault.contact SET state = 'stopped'")
    assert stop(room.keeper, stop_token(room.keeper, contact), AT) is not None
    assert held(room.keeper, contact).state == "erased"


@embedded
def test_a_contact_who_refuses_is_erased(room: Room) -> None:
    debtor, contact = named(room)
    mark_noticed(room.keeper, contact)
    event, certificate = answer_notice(room.keeper, contact, NOTICE, REFUSED, AT)
    assert event.event_type == REFUSED
    assert certificate is not None
    assert held(room.keeper, contact).fields == ()
    assert held(room.keeper, debtor).fields == ("phone",)


@embedded
def test_settlement_erases_the_contacts_and_not_the_debtor(room: Room) -> None:
    debtor, contact = named(room)
    nominate(room.keeper, debtor, "c-2", "restore_contact")
    gone = erase_contacts(room.keeper, debtor, date(2026, 3, 1))
    assert [one.person for one in gone] == [contact, "c-2"]
    assert erase_contacts(room.keeper, debtor, date(2026, 3, 2)) == []
    assert held(room.keeper, debtor).state == "active"


@embedded
def test_a_contact_is_opened_for_what_they_were_named_for_alone(room: Room) -> None:
    _, contact = named(room)
    dialler = Dialler()
    for purpose in ("collect", "restore_contact", "marketing"):
        with pytest.raises(GrantError):
            open_for(room.keeper, room.handle(contact, purpose=purpose), dialler)
    other = NOTICE._replace(purpose="restore_contact")
    with pytest.raises(ConsentError, match="another purpose"):
        answer_notice(room.keeper, contact, other, GIVEN, AT)
    assert dialler.dialled == []


@embedded
def test_a_contacts_own_view_tells_of_no_debt_and_no_debtor(room: Room) -> None:
    debtor, contact = named(room)
    answer_notice(room.keeper, contact, NOTICE, GIVEN, AT)
    open_for(room.keeper, room.handle(contact, purpose="pass_message"), Dialler())
    view = own_view(room.keeper, room.app, contact)
    assert view["fields"] == ["name", "phone"]
    assert [one["event_type"] for one in view["said"]] == ["given"]
    assert "value.opened" in [one["what"] for one in view["done"]]
    assert read_stop_token(room.keeper, view["stop"]) == contact
    shown = json.dumps(view)
    assert debtor not in shown
    assert "debt" not in shown
    assert NUMBER not in shown


def desk(key: bytes = bytes(32), tenant: str = "lender-1") -> Keeper:
    holder = HeldKeys({"k": new_key()}, "k")
    return Keeper(tenant, None, holder, new_key(), SecretBytes(key), "a")  # type: ignore[arg-type]


@given(st.integers(0, 60), st.integers(1, 127))
def test_a_stop_word_changed_anywhere_is_none(at: int, by: int) -> None:
    token = stop_token(desk(), "c-1")
    at %= len(token)
    changed = token[:at] + chr((ord(token[at]) ^ by) & 127) + token[at + 1 :]
    try:
        assert read_stop_token(desk(), changed) == "c-1"
        assert changed.rstrip("=\n") != token  # base64 ignores a few bits of the last character
    except ConsentError:
        pass
    with pytest.raises(ConsentError):
        read_stop_token(desk(bytes([1]) * 32), token)
    with pytest.raises(ConsentError):
        read_stop_token(desk(tenant="lender-2"), token)


@pytest.mark.parametrize("token", ["", "=", "a", "王五", "A" * 500, "lender-1|c-1"])
def test_what_is_no_stop_word_is_refused(token: str) -> None:
    with pytest.raises(ConsentError):
        read_stop_token(desk(), token)


@embedded
def test_nobody_is_reached_who_was_not_told_and_did_not_agree(room: Room) -> None:
    _, contact = named(room)
    with pytest.raises(GrantError):
        open_for(room.keeper, room.handle(contact, purpose="pass_message"), Dialler())
    mark_noticed(room.keeper, contact)
    with pytest.raises(GrantError, match="gave none"):
        open_for(room.keeper, room.handle(contact, purpose="pass_message"), Dialler())
    answer_notice(room.keeper, contact, NOTICE, GIVEN, AT)
    assert (
        open_for(room.keeper, room.handle(contact, purpose="pass_message"), Dialler()) == "call-1"
    )
