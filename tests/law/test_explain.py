"""A decision tells its grounds, in the reader's language, and what would have to change."""

import json

import pytest
from tests.law.test_decide import DAY, FINE, ask

from kuanxian.base.days import day_of
from kuanxian.law.answer import answer
from kuanxian.law.decide import decide
from kuanxian.law.explain import change_of, explain, missing_of
from kuanxian.law.load import load_rulebook
from kuanxian.law.rulebook import Rulebook


def test_what_would_have_to_change_is_said_of_what_can(nowhere: Rulebook) -> None:
    (stopped,) = change_of(ask(nowhere, stopped=True))
    assert stopped["rule"] == "xx.contact.stop"
    assert stopped["while"] == {"zh": "对方已要求停止联系", "en": "the person asked to stop"}
    assert stopped["facts"] == ["stopped"]


def test_an_hour_that_passes_lifts_quiet_hours(nowhere: Rulebook) -> None:
    (quiet,) = change_of(ask(nowhere, latest_minute=1300))
    assert quiet["facts"] == ["earliest_minute", "latest_minute"]
    assert "21:00" in quiet["while"]["en"]


def test_what_cannot_change_is_filled_in(nowhere: Rulebook) -> None:
    facts = {"signed_on": day_of(2025, 1, 1), "rate_ppb": 300_000_000}
    decision = decide(nowhere, "charge", facts, DAY, "bank")
    (cap,) = change_of(decision)
    assert cap == {"rule": "xx.contact.rate_cap", "while": {"zh": "", "en": ""}, "facts": []}


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ({"contract_on": day_of(2026, 3, 15)}, "the values of lpr_1y_ppb have none for 2026-03-15"),
        ({}, "(contract_on not known)"),
    ],
)
def test_a_figure_that_was_never_read_stops_and_is_named_with_its_day(
    day: dict[str, int], said: str
) -> None:
    row = {"all_in_apr_ppb": 130_000_000, **day}
    decision = decide(load_rulebook("cn"), "charge", row, DAY, "private")
    assert "cn.fee.private_cap" in {one.rule.id for one in decision.spoke}
    (lacking,) = [one for one in missing_of(decision) if one["fact"] == "lpr_at_contract_ppb"]
    assert said in lacking["en"]
    assert "lpr_1y_ppb 没有 2026-03-15 的数" in lacking["zh"] or "contract_on 不详" in lacking["zh"]
    assert not decision.allowed
    assert said in "\n".join(explain(decision, "en"))


def test_where_nothing_permits_each_permit_says_what_it_needs(nowhere: Rulebook) -> None:
    changes = change_of(ask(nowhere, role="stranger", stopped=False))
    assert [one["rule"] for one in changes] == [
        "xx.contact.contact_basis",
        "xx.contact.debtor_basis",
    ]
    assert all(one["needs"]["zh"] for one in changes)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("audience", ["officer", "borrower", "regulator"])
def test_every_reader_gets_the_rules_own_words(
    nowhere: Rulebook, language: str, audience: str
) -> None:
    decision = ask(nowhere, latest_minute=None, stopped=True)
    lines = explain(decision, language, audience)
    said = "\n".join(lines)
    for spoken in decision.spoke:
        if spoken.outcome != "unproven":
            assert spoken.rule.messages[audience][language] in said
            assert spoken.rule.id in said
    assert "latest_minute" in said
    assert {"zh": "禁止", "en": "forbidden"}[language] == lines[0]


def test_the_answer_is_json_with_all_that_replays_it(nowhere: Rulebook) -> None:
    decision = ask(nowhere, calls_in_seven_days=None)
    told = json.loads(json.dumps(answer(decision, DAY), ensure_ascii=False))
    assert told["format"] == "kuanxian-decision-1"
    assert (told["allowed"], told["verdict"], told["day"]) == (False, "forbidden", "2026-11-25")
    assert told["rulebook"] == nowhere.hash
    assert [one["fact"] for one in told["missing"]] == ["calls_in_seven_days"]
    first = told["spoke"][0]
    assert (first["outcome"], first["verdict"]) == ("unknown", "forbid")
    assert first["facts"]["calls_in_seven_days"] is None
    assert first["sources"][0]["verified"] == "V1"
    assert set(first["message"]) == {"officer", "borrower", "regulator"}


def test_dates_in_an_answer_are_days_people_write(nowhere: Rulebook) -> None:
    decision = decide(nowhere, "charge", {"signed_on": day_of(2024, 2, 29)}, DAY, "bank")
    told = answer(decision, DAY)
    permit = next(one for one in told["spoke"] if one["outcome"] == "permits")
    assert permit["facts"] == {"signed_on": "2024-02-29"}
    assert FINE["role"] == "debtor"


def test_nobody_is_told_as_a_fact_what_is_not_known(nowhere: Rulebook) -> None:
    known = explain(ask(nowhere, stopped=True), "zh", "borrower")
    unknown = explain(ask(nowhere, stopped=None), "zh", "borrower")
    assert known[1] == "· stop：与您有关"
    assert unknown[1] == "· 尚不能确认是否如此：stop：与您有关"
