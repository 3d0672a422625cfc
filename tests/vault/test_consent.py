"""What a person says about one purpose: appended, counted at once, not asked for again."""

import json
from datetime import UTC, datetime, timedelta

import jsonschema
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from tests.vault.conftest import Dialler, Room

from kuanxian.base.errors import ConsentError, GrantError
from kuanxian.vault.consent import (
    EXPIRED,
    GIVEN,
    REFUSED,
    REQUESTED,
    SIGNED,
    WITHDRAWN,
    Event,
    answer_consent,
    ask_consent,
    events_of,
    receipt_of,
    standing,
    withdraw_consent,
)
from kuanxian.vault.notice import Notice, add_notice
from kuanxian.vault.opening import open_for
from kuanxian.vault.people import add_person
from kuanxian.vault.purposes import purposes

embedded = pytest.mark.parametrize("servers", ["embedded"], indirect=True)

AT = datetime(2024, 3, 1, 4, tzinfo=UTC)
DAY = timedelta(days=1)
NOTICE = Notice("n-marketing", 1, "zh-Hans", "marketing", "我们想向您发送营销信息……")
BUREAU = Notice("n-bureau", 1, "zh-Hans", "report_credit", "我们将向征信机构……")


def said(room: Room, person: str) -> list[Event]:
    with room.audit.connect() as connection:
        return events_of(connection, "lender-1", person)


@embedded
def test_a_consent_is_one_purpose_given_with_its_words_and_has_a_receipt(room: Room) -> None:
    person = room.person()
    add_notice(room.app, NOTICE)
    ask_consent(room.keeper, person, NOTICE, AT)
    event = answer_consent(room.keeper, person, NOTICE, GIVEN, AT + DAY)
    events = said(room, person)
    assert [(e.purpose, e.event_type) for e in events] == [
        ("marketing", REQUESTED), ("marketing", GIVEN),
    ]  # fmt: skip
    assert standing(events, "marketing", AT + 2 * DAY) == GIVEN
    assert standing(events, "report_credit", AT + 2 * DAY) == ""
    receipt = receipt_of(event, NOTICE)
    assert receipt["pii_processing"]["privacy_notice"]["sha256"] == NOTICE.digest()
    assert "撤回" in receipt["receipt"]["zh"]
    assert room.kinds(person)[-2:] == ["consent.requested", "consent.given"]


@embedded
def test_withdrawal_counts_at_once_and_stops_an_opening_already_granted(room: Room) -> None:
    person, dialler = room.person(), Dialler()
    answer_consent(room.keeper, person, NOTICE, GIVEN, AT)
    first, second = (room.handle(person, purpose="marketing") for _ in range(2))
    open_for(room.keeper, first, dialler)
    withdraw_consent(room.keeper, person, "marketing", AT + DAY)
    with pytest.raises(GrantError, match="withdrew"):
        open_for(room.keeper, second, dialler)
    assert len(dialler.dialled) == 1


@embedded
def test_an_opening_on_a_yes_that_has_run_out_is_refused(room: Room) -> None:
    person, dialler = room.person(), Dialler()
    past = datetime(2020, 1, 1, tzinfo=UTC)
    answer_consent(room.keeper, person, NOTICE, GIVEN, past, validity_days=30)
    with pytest.raises(GrantError):
        open_for(room.keeper, room.handle(person, purpose="marketing"), dialler)
    answer_consent(room.keeper, person, NOTICE, GIVEN, past, validity_days=36_500)
    open_for(room.keeper, room.handle(person, purpose="marketing"), dialler)


@embedded
def test_a_refusal_of_one_purpose_leaves_the_others_and_the_service(room: Room) -> None:
    person, dialler = room.person(), Dialler()
    answer_consent(room.keeper, person, NOTICE, REFUSED, AT)
    answer_consent(room.keeper, person, BUREAU, GIVEN, AT)
    open_for(room.keeper, room.handle(person, purpose="collect"), dialler)
    assert standing(said(room, person), "report_credit", AT + DAY) == GIVEN
    assert not any(purpose.blocks_service for purpose in purposes().values())


ASKING = [
    ([REFUSED], 364, "not asked again before 2025-03-01"), ([REFUSED], 365, ""),
    ([GIVEN, WITHDRAWN], 364, "not asked again"), ([GIVEN, WITHDRAWN], 365, ""),
    ([REQUESTED], 364, "has not answered: not asked again before 2025-03-01"),
    ([REQUESTED], 365, ""), ([GIVEN], 1, ""), ([], 1, ""),
]  # fmt: skip


@embedded
@pytest.mark.parametrize(("before", "days", "refused"), ASKING)
def test_who_refused_is_not_asked_again_too_soon(
    room: Room, before: list[str], days: int, refused: str
) -> None:
    person = room.person()
    for kind in before:
        if kind == REQUESTED:
            ask_consent(room.keeper, person, NOTICE, AT)
        elif kind == WITHDRAWN:
            withdraw_consent(room.keeper, person, "marketing", AT)
        else:
            answer_consent(room.keeper, person, NOTICE, kind, AT)
    if not refused:
        ask_consent(room.keeper, person, NOTICE, AT + days * DAY)
        return
    with pytest.raises(ConsentError, match=refused):
        ask_consent(room.keeper, person, NOTICE, AT + days * DAY)


@embedded
def test_nothing_is_bundled_made_up_or_asked_of_the_wrong_person(room: Room) -> None:
    person = room.person()
    for purpose in ("marketing,report_credit", "everything", "pass_message"):
        with pytest.raises(ConsentError):
            ask_consent(room.keeper, person, NOTICE._replace(purpose=purpose), AT)
    for answer in ("", "silence", WITHDRAWN, REQUESTED, EXPIRED):
        with pytest.raises(ConsentError):
            answer_consent(room.keeper, person, NOTICE, answer, AT)
    assert said(room, person) == []


@embedded
def test_a_notice_is_not_changed_and_what_was_said_is_not_changed(room: Room) -> None:
    person = room.person()
    add_notice(room.app, NOTICE)
    with pytest.raises(ConsentError, match="new version"):
        add_notice(room.app, NOTICE._replace(body="other words"))
    answer_consent(room.keeper, person, NOTICE, REFUSED, AT)
    for statement in ("UPDATE consent.event SET event_type = 'given'", "DELETE FROM consent.event",
                      "TRUNCATE consent.event", "UPDATE consent.notice SET body = ''"):  # fmt: skip
        for engine in (room.app, room.audit, room.keeper.engine, room.owner):
            with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError):
                connection.execute(sa.text(statement))
    assert [e.event_type for e in said(room, person)] == [REFUSED]


def event(kind: str, day: int, validity: int = 0) -> Event:
    record = {"event": {"validity_days": validity}}
    return Event(f"r-{day}", "marketing", kind, AT + day * DAY, "a", record)


@given(st.lists(st.sampled_from([REQUESTED, GIVEN, REFUSED, WITHDRAWN]), max_size=8),
       st.integers(-1, 9))  # fmt: skip
def test_the_past_is_replayed_on_what_was_said_by_then(kinds: list[str], day: int) -> None:
    events = [event(kind, number) for number, kind in enumerate(kinds)]
    by_then = [kind for kind in kinds[: day + 1] if kind != REQUESTED]
    expected = by_then[-1] if by_then and day >= 0 else ""
    assert standing(events, "marketing", AT + day * DAY) == expected


def test_a_consent_for_some_days_ends_with_them() -> None:
    events = [event(GIVEN, 0, validity=10)]
    assert standing(events, "marketing", AT + 10 * DAY - timedelta(seconds=1)) == GIVEN
    assert standing(events, "marketing", AT + 10 * DAY) == EXPIRED


RECORD = {
    "type": "object",
    "required": ["schema_version", "record_id", "pii_principal_id", "pii_processing", "event"],
    "additionalProperties": False,
    "properties": {
        "schema_version": {"const": "iso-iec-ts-27560-2023/kuanxian-1"},
        "record_id": {"type": "string"},
        "pii_principal_id": {"type": "string"},
        "pii_processing": {
            "required": ["privacy_notice", "purpose", "purpose_type", "lawful_basis",
                         "pii_information", "pii_controllers", "collection_method",
                         "retention_period", "jurisdiction", "recipient_third_parties",
                         "withdrawal_method", "privacy_rights"],
            "properties": {"purpose": {"type": "string", "pattern": "^[a-z_]+$"}},
        },
        "event": {
            "required": ["event_time", "event_type", "event_state", "entity_id"],
        },
    },
}  # fmt: skip


@embedded
def test_a_record_has_the_fields_of_the_standard_and_no_value_of_a_person(room: Room) -> None:
    person = room.person()
    answer = answer_consent(room.keeper, person, BUREAU, GIVEN, AT)
    jsonschema.validate(answer.record, RECORD)
    assert "17405000001" not in json.dumps(answer.record)


@embedded
def test_no_two_people_share_the_id_of_a_record(room: Room) -> None:
    said = []
    for tenant, person in (("a.b", "c"), ("a", "b.c")):
        keeper = room.keeper._replace(tenant=tenant)
        add_person(keeper, person, "debtor")
        said.append(answer_consent(keeper, person, BUREAU, GIVEN, AT).record_id)
    assert len(set(said)) == 2


@embedded
def test_a_yes_that_was_signed_says_so_and_one_that_was_typed_does_not(room: Room) -> None:
    person = room.person()
    for answer, method in ((GIVEN, "typed"), (SIGNED, "signed")):
        said = answer_consent(room.keeper, person, BUREAU, answer, AT)
        assert said.event_type == GIVEN
        assert said.record["pii_processing"]["collection_method"] == f"{method} by the person"
