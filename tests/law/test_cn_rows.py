"""The mainland China book: every collected row is in it, with the weight its source bears."""

import re
import tomllib
from typing import Any, Final

import pytest

from kuanxian.base.days import day_of
from kuanxian.law.load import SHIPPED, load_rulebook
from kuanxian.law.rulebook import Rulebook

ROWS: Final = {
    "CT": 5, "CF": 8, "CH": 10, "TP": 13, "CO": 9, "CS": 8, "DM": 6, "RT": 7, "CR-R": 13, "DS": 6,
    "FE": 12, "RP": 11, "OU": 10, "CM": 7, "VD": 4, "BR": 2, "AI-R": 2,
}  # fmt: skip
"""How many rows the collected list of candidate rules has, by topic."""
WEAK: Final = {"V3", "U", "D"}


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load_rulebook("cn")


def test_every_collected_row_is_named_by_a_rule_or_has_a_line(book: Rulebook) -> None:
    rows = {f"{topic}-{n:02}" for topic, count in ROWS.items() for n in range(1, count + 1)}
    rows = {re.sub(r"-R-", "-R", row) for row in rows}
    lines = (SHIPPED / "cn/COVERAGE.md").read_text("utf-8")
    named = {row for rule in book.rules for row in rule.candidates}
    assert len(rows) == 133
    assert {row for row in rows - named if row not in lines} == set()
    assert named - rows == set()


def test_a_weak_source_only_warns_or_asks_a_person(book: Rulebook) -> None:
    weak = [rule for rule in book.rules if rule.sources[0].verified in WEAK and not rule.of_policy]
    assert weak
    assert {rule.verdict for rule in weak} <= {"warn", "refer", "inform"}


LEADS: Final = {
    "cn.ai.person_refused": "the right to refuse was read; the weak part is ai.high_risk",
    "cn.complaint.lines": "two of the lines; the unread ones are complaint.public_lines",
    "cn.contact.standard_clause_window": "hours V2; a clause alone is no agreement, as was read",
    "cn.content.preview": "a warning on what was read about private information",
    "cn.credit_report.outside_grace": "what the contract gives time for is no default",
    "cn.fee.may_charge": "a permit; the line of the row is another rule",
    "cn.fee.may_sign": "a permit; the line of the row is another rule",
    "cn.vulnerable.deceased_person": "a person decides; heirs by the law that was read",
    "cn.vulnerable.other_acts": "a person decides; capacity and heirs by the law that was read",
}
"""Rules that lead with a stronger text than one of the marks of their rows, and why."""


def test_a_rule_bears_no_stronger_mark_than_its_rows_unless_it_is_said_why(book: Rulebook) -> None:
    rows = tomllib.loads((SHIPPED / "cn/candidates.toml").read_text("utf-8"))["candidate"]
    order = ("V1", "V2", "V3", "U", "P")
    stronger = {
        rule.id
        for rule in book.rules
        for row in rule.candidates
        for mark in re.findall(r"V[123]|U|P", rows[row]["mark"])
        if order.index(mark) > order.index(rule.sources[0].verified) and not rule.of_policy
    }
    assert stronger == set(LEADS)


def test_a_loan_prime_rate_that_nobody_read_is_not_known(book: Rulebook) -> None:
    rate = book.values["lpr_1y_ppb"]
    days = [(2025, 11, 30), (2025, 12, 1), (2025, 12, 31), (2026, 1, 1), (2026, 11, 25)]
    figures = [rate.at(day_of(*day)) for day in days]
    assert figures == [None, 30_000_000, 30_000_000, None, None]


def test_no_rule_is_written_twice() -> None:
    """Two rules that say the same of the same acts would be one rule too many."""
    seen: dict[tuple[Any, ...], str] = {}
    for path in sorted((SHIPPED / "cn").glob("*/*.toml")):
        rule = tomllib.loads(path.read_text("utf-8"))
        if "condition" not in rule or rule.get("authority") == "firm-policy":
            continue
        key = (
            rule["verdict"], " ".join(rule["condition"].split()), tuple(sorted(rule["acts"])),
            tuple(sorted(rule["lender_types"])), str(rule["in_force"]),
        )  # fmt: skip
        assert seen.setdefault(key, path.name) == path.name
