"""A case is decided as it stood at any instant, and is told when it would be allowed."""

from typing import Any

import pytest
from tests.law.cases import Json, a_case, event

from kuanxian.law.ask import ask, clock_minutes, day_of_act, next_allowed, spells
from kuanxian.law.case import Case
from kuanxian.law.case_values import Field, read_instant
from kuanxian.law.load import load_rulebook
from kuanxian.law.rulebook import Rulebook
from kuanxian.law.scope import scope_of

STATED: dict[str, Any] = {
    "dialler_setup": "plain",
    "claimed_identity": "lender",
    "identity_stated": True,
    "days_past_due": 40,
    "days_past_due_grace": 40,
}
TRAINED = event("t-1", "training", "10-20 09:00", party="k-0", step="exam_passed")
BEGAN = event("o-1", "overdue", "10-16 00:00", debt="d-1", step="began")
CALL = {
    "kind": "contact", "channel": "voice_human", "to": "p-1", "point": "pt-1", "purpose": "collect",
    "by": "l-1", "collector": "k-0", "account": "company",
}  # fmt: skip
PARTIES = [{"id": "k-0", "kind": "collector", "of": "l-1"}]


def a_call(*events: Json) -> Case:
    """An ordinary call of the lender's own trained collector, after some events."""
    return a_case(TRAINED, BEGAN, *events, facts=STATED, act=CALL, parties=PARTIES)


def at(text: str) -> int:
    instant = read_instant(Field("instant", "", ""), text)
    assert isinstance(instant, int)
    return instant


@pytest.fixture(scope="module")
def china() -> Rulebook:
    return load_rulebook("cn")


def test_a_call_at_five_to_ten_is_allowed_and_at_ten_it_is_not(china: Rulebook) -> None:
    case = a_call()
    at_2155, at_2200 = at("2026-11-25T21:55:00+08:00"), at("2026-11-25T22:00:00+08:00")
    assert ask(china, case, None, at_2155).missing == ()
    assert ask(china, case, None, at_2155).allowed
    late = ask(china, case, None, at_2200)
    assert (late.verdict, late.spoke[0].rule.id) == ("forbidden", "cn.contact.quiet_hours")


def test_what_is_stopped_by_the_hour_is_allowed_again_at_eight(china: Rulebook) -> None:
    case = a_call()
    from_at, until_at = at("2026-11-25T22:00:00+08:00"), at("2026-11-28T00:00:00+08:00")
    assert next_allowed(china, case, None, from_at, until_at) == at("2026-11-26T08:00:00+08:00")
    told = list(spells(china, case, None, from_at, until_at))
    assert [allowed for _, allowed in told] == [False, True, False, True, False]
    assert next_allowed(china, case, None, from_at, from_at + 1) is None


def test_a_fourth_call_waits_for_midnight_and_then_for_eight(china: Rulebook) -> None:
    calls = [
        event(f"e-{hour}", "call", f"11-25 {hour:02}:00", to="p-1", point="pt-1", by="l-1",
              channel="voice_human", purpose="collect", outcome="identified")
        for hour in (9, 10, 11)
    ]  # fmt: skip
    case = a_call(*calls)
    noon = at("2026-11-25T12:00:00+08:00")
    assert not ask(china, case, None, noon).allowed
    found = next_allowed(china, case, None, noon, noon + 3 * 86_400_000_000)
    assert found == at("2026-11-26T08:00:00+08:00")


def test_what_became_known_later_changes_no_past_decision(china: Rulebook) -> None:
    noon, evening = at("2026-11-25T12:00:00+08:00"), at("2026-11-25T20:00:00+08:00")
    stop = event("s-1", "stop", "11-25 09:00", "11-25 19:00", person="p-1", step="asked")
    plain = a_call()
    later = a_call(stop)
    assert ask(china, later, None, noon).facts == ask(china, plain, None, noon).facts
    assert ask(china, later, None, evening).facts != ask(china, plain, None, evening).facts


def test_the_minutes_that_matter_are_read_off_the_rules(china: Rulebook) -> None:
    day = day_of_act(china, at("2026-11-25T12:00:00+08:00"))
    assert clock_minutes(scope_of(china, "contact", day, "consumer_finance")) == (480, 1320)


def test_the_day_of_an_act_is_the_countrys_own(china: Rulebook) -> None:
    before, after = at("2026-11-24T23:59:59+08:00"), at("2026-11-25T00:00:00+08:00")
    assert day_of_act(china, after) == day_of_act(china, before) + 1
