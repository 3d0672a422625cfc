"""An act is allowed only where a permit is met and nothing stops it; unknown is never a yes."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuanxian.base.days import day_of
from kuanxian.law.decide import Decision, decide
from kuanxian.law.load import load_rulebook
from kuanxian.law.rule import Value
from kuanxian.law.rulebook import Rulebook

DAY = day_of(2026, 11, 25)
FINE: Mapping[str, Value] = {
    "role": "debtor",
    "stopped": False,
    "earliest_minute": 600,
    "latest_minute": 780,
    "calls_in_seven_days": 0,
    "calls_excluded": False,
}


def ask(book: Rulebook, **facts: Value) -> Decision:
    return decide(book, "contact", {**FINE, **facts}, DAY, "bank")


def test_a_call_with_a_basis_and_nothing_against_it_is_allowed(nowhere: Rulebook) -> None:
    decision = ask(nowhere)
    assert decision.allowed
    assert [(one.rule.id, one.outcome) for one in decision.spoke] == [
        ("xx.contact.few_calls", "fires"),
        ("xx.contact.debtor_basis", "permits"),
    ]


@pytest.mark.parametrize(
    ("facts", "verdict", "rule"),
    [
        ({"earliest_minute": 479}, "forbidden", "xx.contact.quiet_hours"),
        ({"latest_minute": 1260}, "forbidden", "xx.contact.quiet_hours"),
        ({"stopped": True}, "forbidden", "xx.contact.stop"),
        ({"calls_in_seven_days": 5}, "forbidden", "xx.policy.fewer_calls"),
        ({"role": "stranger"}, "not_permitted", "xx.contact.few_calls"),
    ],
)
def test_one_fact_against_it_stops_it(
    nowhere: Rulebook, facts: dict[str, Value], verdict: str, rule: str
) -> None:
    decision = ask(nowhere, **facts)
    assert (decision.verdict, decision.spoke[0].rule.id) == (verdict, rule)
    assert not decision.allowed


@pytest.mark.parametrize("name", [name for name in FINE if name != "calls_excluded"])
@pytest.mark.parametrize("value", [None, "absent", "nonsense", 10**6, -1, 1.5])
def test_a_fact_that_is_missing_or_nonsense_blocks_and_is_named(
    nowhere: Rulebook, name: str, value: object
) -> None:
    facts: dict[str, object] = {**FINE, name: value}
    if value == "absent":
        del facts[name]
    decision = decide(nowhere, "contact", facts, DAY, "bank")  # type: ignore[arg-type]
    assert not decision.allowed
    assert name in decision.missing


def test_no_rulebook_in_force_is_itself_a_no(nowhere: Rulebook) -> None:
    decision = decide(nowhere, "contact", FINE, day_of(2020, 12, 31), "bank")
    assert (decision.allowed, decision.verdict, decision.spoke) == (False, "no_rulebook", ())


def test_an_act_that_no_rule_knows_is_permitted_by_nothing(nowhere: Rulebook) -> None:
    assert decide(nowhere, "serenade", FINE, DAY, "bank").verdict == "not_permitted"


def test_a_dated_value_is_looked_up_at_the_day_it_depends_on(nowhere: Rulebook) -> None:
    def charge(signed_on: int | None, rate_ppb: int) -> str:
        facts: dict[str, Value] = {"signed_on": signed_on, "rate_ppb": rate_ppb}
        return decide(nowhere, "charge", facts, DAY, "bank").verdict

    assert charge(day_of(2023, 12, 31), 360_000_000) == "allowed"
    assert charge(day_of(2023, 12, 31), 360_000_001) == "referred"
    assert charge(day_of(2024, 1, 1), 240_000_001) == "referred"
    assert charge(day_of(2020, 12, 31), 1) == "referred", "before the first value it is unknown"
    assert charge(None, 1) == "referred"


def test_a_dated_value_that_somebody_states_does_not_count(nowhere: Rulebook) -> None:
    facts: dict[str, Value] = {
        "signed_on": day_of(2025, 1, 1), "rate_ppb": 300_000_000, "cap_ppb": 1_000_000_000,
    }  # fmt: skip
    assert decide(nowhere, "charge", facts, DAY, "bank").verdict == "referred"


def test_a_duty_needs_no_permit(nowhere: Rulebook) -> None:
    assert decide(nowhere, "duty", {"days_late": 29}, DAY).verdict == "allowed"
    due = decide(nowhere, "duty", {"days_late": 30}, DAY)
    assert (due.verdict, due.spoke[0].rule.requires) == ("required", "send_statement")


def test_a_presumed_violation_blocks_until_it_is_rebutted(land: Path) -> None:
    (land / "xx/policy/fewer_calls.toml").unlink()
    book = load_rulebook("xx", land)

    def seven(excluded: Value) -> Decision:
        return ask(book, calls_in_seven_days=7, calls_excluded=excluded)

    assert seven(False).verdict == seven(None).verdict == "forbidden"
    rebutted = seven(True)
    assert rebutted.verdict == "referred"
    assert (rebutted.spoke[0].outcome, rebutted.spoke[0].verdict) == ("rebutted", "refer")


def test_a_presumed_compliance_lifts_no_other_rule(nowhere: Rulebook) -> None:
    decision = ask(nowhere, calls_in_seven_days=0, earliest_minute=0)
    assert decision.verdict == "forbidden"
    assert "xx.contact.few_calls" in {one.rule.id for one in decision.spoke}


@pytest.fixture
def bankers(land: Path) -> Rulebook:
    """The same country where a basis and a prohibition are for banks only."""
    for name in ("debtor_basis", "stop"):
        path = land / f"xx/contact/{name}.toml"
        text = path.read_text("utf-8")
        path.write_text(text.replace('lender_types = ["any"]', 'lender_types = ["bank"]'), "utf-8")
    return load_rulebook("xx", land)


def test_of_an_unknown_lender_every_prohibition_counts_and_no_special_permit(
    bankers: Rulebook,
) -> None:
    def verdict(lender_type: str | None, *, stopped: bool) -> str:
        facts = {**FINE, "stopped": stopped}
        return decide(bankers, "contact", facts, DAY, lender_type).verdict

    assert verdict("bank", stopped=False) == "allowed"
    assert verdict("shop", stopped=False) == "not_permitted"
    assert verdict(None, stopped=False) == verdict("circus", stopped=False) == "not_permitted"
    assert verdict("bank", stopped=True) == verdict(None, stopped=True) == "forbidden"


def test_a_past_day_is_decided_by_the_rules_and_figures_of_that_day(land: Path) -> None:
    path = land / "xx/contact/stop.toml"
    newer = path.read_text("utf-8").replace("from = 2021-01-01", "from = 2024-07-01")
    path.write_text(newer, "utf-8")
    book = load_rulebook("xx", land)
    facts = {**FINE, "stopped": True}
    assert decide(book, "contact", facts, day_of(2024, 6, 30), "bank").verdict == "allowed"
    assert decide(book, "contact", facts, day_of(2024, 7, 1), "bank").verdict == "forbidden"


VALUES = st.fixed_dictionaries(
    {
        "role": st.sampled_from([None, "debtor", "contact", "stranger"]),
        "stopped": st.sampled_from([None, True, False]),
        "earliest_minute": st.none() | st.integers(0, 1439),
        "latest_minute": st.none() | st.integers(0, 1439),
        "calls_in_seven_days": st.none() | st.integers(0, 9),
        "calls_excluded": st.sampled_from([None, True, False]),
    }
)


@given(VALUES, st.sampled_from(sorted(FINE)))
def test_knowing_less_never_turns_a_no_into_a_yes(
    nowhere: Rulebook, facts: dict[str, Value], name: str
) -> None:
    less = decide(nowhere, "contact", {**facts, name: None}, DAY, "bank")
    if less.allowed:
        assert decide(nowhere, "contact", facts, DAY, "bank").allowed


@given(VALUES)
def test_what_is_allowed_is_allowed_by_a_permit_and_stopped_by_nothing(
    nowhere: Rulebook, facts: dict[str, Value]
) -> None:
    decision = decide(nowhere, "contact", facts, DAY, "bank")
    stopping = [one for one in decision.spoke if one.verdict in {"forbid", "require", "refer"}]
    permits = [one for one in decision.spoke if one.outcome == "permits"]
    assert decision.allowed == (bool(permits) and not stopping)
