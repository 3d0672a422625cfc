"""A change of the rulebook is told as rows that become allowed and rows that become blocked."""

import shutil
from pathlib import Path

import pytest
from tests.law.test_rulebook import QUIET, change

from kuanxian.base.days import day_of
from kuanxian.base.errors import RuleFileError
from kuanxian.law.coverage import cover
from kuanxian.law.decide import decide
from kuanxian.law.diff import changes, edited_rules
from kuanxian.law.load import SHIPPED, load_rulebook
from kuanxian.law.rulebook import Rulebook

DAY = day_of(2026, 11, 25)


def test_a_wider_window_shows_the_minute_that_becomes_allowed(
    land: Path, nowhere: Rulebook
) -> None:
    change(land, QUIET, "latest_minute >= 1260", "latest_minute > 1260")
    change(land, QUIET, "latest_minute = 1260", "latest_minute = 1261")
    new = load_rulebook("xx", land)
    assert [(one.rule, one.how) for one in edited_rules(nowhere, new, DAY)] == [
        ("xx.contact.quiet_hours", "changed")
    ]
    (found,) = changes(nowhere, new, DAY)
    assert (found.act, found.becomes) == ("contact", "allowed")
    assert found.row.facts["latest_minute"] == 1260
    row = (found.row.facts, DAY, found.row.lender_type)
    assert not decide(nowhere, "contact", *row).allowed
    assert decide(new, "contact", *row).allowed


def test_a_new_rule_shows_what_it_blocks_and_a_duty_what_is_due(
    land: Path, nowhere: Rulebook
) -> None:
    (land / "xx/contact/stop.toml").unlink()
    change(land, "xx/contact/statement.toml", ">= 30", ">= 29")
    change(land, "xx/contact/statement.toml", "days_late = 29", "days_late = 28")
    old = load_rulebook("xx", land)
    told = {(one.act, one.becomes) for one in changes(old, nowhere, DAY)}
    assert told == {("contact", "blocked"), ("duty", "not due")}
    assert {one.how for one in edited_rules(old, nowhere, DAY)} == {"added", "changed"}


def test_the_same_book_changes_nothing(nowhere: Rulebook, land: Path) -> None:
    assert list(changes(nowhere, load_rulebook("xx", land), DAY)) == []


def test_every_collected_candidate_became_a_rule_or_a_line() -> None:
    found = cover(load_rulebook("cn"))
    assert len(found.candidates) == 133
    assert found.missing == ()
    assert found.weakened == ()
    assert found.narrowed == ()
    assert found.acts_without_permit == ()


WEAKENED = {
    "CF-01": ("frequency/effective_calls", "policy/calls_cap"), "CH-06": ("channel/public",),
    "CH-07": ("channel/visit_staff",), "CH-10": ("channel/workplace",),
    "CR-R09": ("credit_report/five_years",), "DM-01": ("data/masking",),
    "OU-04": ("agency/sub_agency",),
}  # fmt: skip


def test_a_row_that_is_to_block_and_only_warns_is_seen(tmp_path: Path) -> None:
    rules = Path(shutil.copytree(SHIPPED, tmp_path / "rules"))
    for file in (name for names in WEAKENED.values() for name in names):
        change(rules, f"cn/{file}.toml", 'verdict = "forbid"', 'verdict = "warn"')
    found = cover(load_rulebook("cn", rules), rules)
    lighter = {one.id: {rule.removeprefix("cn.") for rule in one.lighter} for one in found.weakened}
    for row, files in WEAKENED.items():
        assert {file.replace("/", ".") for file in files} <= lighter[row]


def test_a_row_of_which_an_act_or_a_lender_type_was_cut_is_seen(tmp_path: Path) -> None:
    rules = Path(shutil.copytree(SHIPPED, tmp_path / "rules"))
    threat, calls = "cn/content/threat.toml", "cn/frequency/effective_calls.toml"
    staff = "cn/channel/visit_staff.toml"
    change(rules, threat, 'acts = ["contact", "message"]', 'acts = ["contact"]')
    change(rules, calls, 'acts = ["contact"]', 'acts = ["visit"]')
    change(rules, staff, 'lender_types = ["any"]', 'lender_types = ["trust"]')
    found = cover(load_rulebook("cn", rules), rules)
    narrower = {one.id: one.narrower for one in found.narrowed}
    assert {"CO-01", "CF-01", "CH-07"} <= set(narrower)
    assert "contact (bank)" in narrower["CF-01"]
    assert "message (bank)" in narrower["CO-01"]
    assert "visit (bank)" in narrower["CH-07"]
    assert "visit (trust)" not in narrower["CH-07"]


def test_a_reason_for_what_blocks_is_refused(land: Path) -> None:
    row = "[candidate.AA-01]\nasks = 'x'\nwanted = 'BLOCK'\nmark = 'V1'\nlighter.'xx.a.b' = 'y'\n"
    (land / "xx/candidates.toml").write_text(row, "utf-8")
    with pytest.raises(RuleFileError, match="no rule of this row that blocks less"):
        cover(load_rulebook("xx", land), land)


def test_a_candidate_without_a_rule_or_a_line_is_missing(land: Path) -> None:
    rows = "[candidate.AA-01]\nasks = 'x'\nwanted = 'y'\nmark = 'V1'\nacts = {contact = 1}\n"
    (land / "xx/candidates.toml").write_text(rows + rows.replace("01", "02"), "utf-8")
    (land / "xx/COVERAGE.md").write_text("| AA-02 | left out |", "utf-8")
    found = cover(load_rulebook("xx", land), land)
    assert [one.id for one in found.missing] == ["AA-01"]
    assert found.acts_without_permit == ("delete",)
