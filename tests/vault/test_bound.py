"""A yes is bound to the number it was given for; a no is remembered by the number that said it."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from tests.vault.conftest import Dialler, Room

from kuanxian.base.errors import ConsentError, GrantError, PersonError
from kuanxian.vault.consent import (
    GIVEN,
    REFUSED,
    VOLUNTEERED,
    answer_consent,
    ask_consent,
    events_of,
    standing,
    withdraw_consent,
)
from kuanxian.vault.contact import answer_notice, mark_noticed, nominate, stop, stop_token, withdraw
from kuanxian.vault.notice import Notice
from kuanxian.vault.opening import open_for
from kuanxian.vault.people import held, put_value
from kuanxian.vault.purposes import purposes

pytestmark = pytest.mark.parametrize("servers", ["embedded"], indirect=True)
AT = datetime(2024, 3, 1, 4, tzinfo=UTC)
DAY = timedelta(days=1)
NOTICE = Notice("n-contact", 1, "zh-Hans", "pass_message", "某某提名您为联系人……")
OFFERS = Notice("n-marketing", 1, "zh-Hans", "marketing", "我们想向您发送营销信息……")
NUMBERS = ("17405000077", "17405000078")


def named(room: Room, debtor: str, contact: str, number: str = NUMBERS[0]) -> str:
    nominate(room.keeper, debtor, contact, "pass_message")
    put_value(room.keeper, contact, "phone", number)
    return contact


def clock(room: Room) -> datetime:
    """Read the clock of the database."""
    with room.audit.connect() as connection:
        now: datetime = connection.execute(sa.text("SELECT clock_timestamp()")).scalar_one()
        return now


def stands(room: Room, person: str, purpose: str) -> tuple[str, str]:
    """Say what counts now, as the database and as the program say it."""
    words = {"p": person, "u": purpose}
    with room.audit.connect() as connection:
        told = connection.scalar(sa.text("SELECT consent.standing('lender-1', :p, :u)"), words)
        events = events_of(connection, "lender-1", person)
    return told or "", standing(events, purpose, clock(room))


def test_another_number_needs_another_yes(room: Room) -> None:
    contact = named(room, room.person(), "c-1")
    answer_notice(room.keeper, contact, NOTICE, GIVEN, AT)
    first = room.handle(contact, purpose="pass_message")
    put_value(room.keeper, contact, "phone", NUMBERS[1])
    assert held(room.keeper, contact).contact_state == "nominated"
    assert stands(room, contact, "pass_message") == ("expired", "expired")
    mark_noticed(room.keeper, contact)
    for handle in (first, room.handle(contact, purpose="pass_message")):
        with pytest.raises(GrantError):
            open_for(room.keeper, handle, Dialler())
    ask_consent(room.keeper, contact, NOTICE, clock(room))
    answer_notice(room.keeper, contact, NOTICE, GIVEN, clock(room))
    dialler = Dialler()
    open_for(room.keeper, room.handle(contact, purpose="pass_message"), dialler)
    assert dialler.dialled == [f"+86{NUMBERS[1]}"]


@pytest.mark.parametrize("how", ["stop", "refusal", "withdrawal"])
def test_a_number_that_said_no_is_not_named_again_by_anybody(room: Room, how: str) -> None:
    debtor, other = room.person(), room.person()
    contact, same = named(room, debtor, "c-1"), named(room, other, "c-2")
    answer_notice(room.keeper, same, NOTICE, GIVEN, AT)
    if how == "stop":
        stop(room.keeper, stop_token(room.keeper, contact), AT)
    elif how == "refusal":
        answer_notice(room.keeper, contact, NOTICE, REFUSED, AT)
    else:
        answer_notice(room.keeper, contact, NOTICE, GIVEN, AT)
        withdraw(room.keeper, contact, AT)
    assert held(room.keeper, contact).state == "erased"
    assert held(room.keeper, same).contact_state == "stopped"
    with pytest.raises(GrantError):
        open_for(room.keeper, room.handle(same, purpose="pass_message"), Dialler())
    for who in (debtor, room.person()):
        fresh = f"c-again-{who}"
        with pytest.raises(PersonError, match="said no"):
            named(room, who, fresh)
        assert held(room.keeper, fresh).fields == ()
    named(room, room.person(), "c-other", NUMBERS[1])
    with room.owner.connect() as connection:
        kept = connection.scalars(sa.text("SELECT digest FROM vault.said_no")).all()
    assert len(kept) == 1


def test_a_contacts_withdrawal_counts_at_once(room: Room) -> None:
    contact = named(room, room.person(), "c-1")
    answer_notice(room.keeper, contact, NOTICE, GIVEN, AT)
    withdraw_consent(room.keeper, contact, "pass_message", AT + DAY)
    assert held(room.keeper, contact).contact_state == "stopped"
    for answer in (GIVEN, VOLUNTEERED):
        with pytest.raises(ConsentError):
            answer_consent(room.keeper, contact, NOTICE, answer, clock(room))


def test_a_yes_soon_after_a_no_is_taken_from_who_came_unasked_alone(room: Room) -> None:
    person = room.person()
    answer_consent(room.keeper, person, OFFERS, REFUSED, AT)
    for days in (0, 1, 364):
        with pytest.raises(ConsentError, match="not asked again yet"):
            answer_consent(room.keeper, person, OFFERS, GIVEN, AT + days * DAY)
    assert stands(room, person, "marketing") == (REFUSED, REFUSED)
    said = answer_consent(room.keeper, person, OFFERS, VOLUNTEERED, AT + DAY)
    assert said.record["event"]["initiated_by"] == "pii_principal"
    assert stands(room, person, "marketing") == (GIVEN, GIVEN)
    other = room.person()
    answer_consent(room.keeper, other, OFFERS, REFUSED, AT)
    answer_consent(room.keeper, other, OFFERS, GIVEN, AT + 365 * DAY)
    assert stands(room, other, "marketing") == (GIVEN, GIVEN)


@pytest.mark.parametrize("late", [timedelta(days=-1), timedelta(0)])
def test_a_yes_written_down_late_does_not_beat_the_no_after_it(room: Room, late: timedelta) -> None:
    person = room.person()
    answer_consent(room.keeper, person, OFFERS, GIVEN, AT - 3 * DAY)
    withdraw_consent(room.keeper, person, "marketing", AT)
    answer_consent(room.keeper, person, OFFERS, VOLUNTEERED, AT + late)
    assert stands(room, person, "marketing") == ("withdrawn", "withdrawn")


def test_a_yes_dated_ahead_of_the_clock_does_not_beat_the_no_after_it(room: Room) -> None:
    person = room.person()
    answer_consent(room.keeper, person, OFFERS, GIVEN, clock(room) + timedelta(seconds=50))
    withdraw_consent(room.keeper, person, "marketing", clock(room))
    assert stands(room, person, "marketing")[0] == "withdrawn"


def test_nobody_takes_the_id_of_anothers_next_word(room: Room) -> None:
    person = room.person()
    answer_consent(room.keeper, person, OFFERS, GIVEN, AT)
    taken = f"lender-1/{person}/marketing/2"
    record = {
        "record_id": taken, "pii_principal_id": "zzz", "schema_version": "x",
        "pii_processing": {"purpose": "marketing"},
        "event": {"event_type": "refused", "event_time": AT.isoformat()},
    }  # fmt: skip
    call = sa.text("SELECT consent.record_event(:id, 'lender-1', 'zzz', 'marketing', 'refused', "
                   ":at, 'a', CAST(:record AS jsonb))")  # fmt: skip
    words = {"id": taken, "at": AT, "record": json.dumps(record)}
    for engine, why in ((room.keeper.engine, "something else"), (room.app, "permission denied")):
        with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError, match=why):
            connection.execute(call, words)
    withdraw_consent(room.keeper, person, "marketing", AT + DAY)
    assert stands(room, person, "marketing") == ("withdrawn", "withdrawn")


def test_the_database_asks_again_by_the_days_of_the_purposes(room: Room) -> None:
    with room.audit.connect() as connection:
        kept = connection.execute(sa.text("SELECT purpose, asks_again_days FROM consent.asking"))
        assert {row[0]: row[1] for row in kept} == {
            code: one.asks_again_days for code, one in purposes().items()
        }
