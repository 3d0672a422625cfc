"""What is proved holds for all rows; what does not hold is shown by a row."""

from pathlib import Path

import pytest
from tests.law.test_rulebook import QUIET, change

from kuanxian.base.days import day_of
from kuanxian.base.errors import LawError, RulebookError, RuleFileError
from kuanxian.law.decide import decide
from kuanxian.law.finding import Finding
from kuanxian.law.load import load_rulebook, load_theorems
from kuanxian.law.prove import prove
from kuanxian.law.rulebook import Rulebook
from kuanxian.law.table import parse_toml
from kuanxian.law.theorem import Theorem, read_theorems

DAY = day_of(2026, 11, 25)


def theorem(book: Rulebook, text: str) -> tuple[Theorem, ...]:
    head = '[[theorem]]\nid = "t"\nsays.zh = "一"\nsays.en = "one"\nacts = ["contact"]\n'
    return read_theorems(parse_toml(head + text, "theorems.toml"), book.acts, book.catalogue)


def the_one_broken(book: Rulebook, text: str = "") -> Finding:
    broken = prove(book, theorem(book, text) if text else ()).broken
    assert len(broken) == 1, broken
    return broken[0]


def test_the_rules_of_nowhere_keep_what_every_rulebook_must(nowhere: Rulebook) -> None:
    proof = prove(nowhere)
    assert proof.broken == ()
    kinds = ("alone", "permit", "theorem", "duty")
    assert [proof.count(kind) for kind in kinds] == [7, 3, 0, 0]


@pytest.mark.parametrize(
    "text",
    [
        'never = true\ngiven = "stopped"',
        "never = true\nknown = \"role = 'stranger'\"",
        'implies = "earliest_minute >= 480 AND latest_minute < 1260"',
        'implies = "NOT stopped"',
        "implies = \"role IN ('debtor', 'contact')\"",
    ],
)
def test_a_theorem_that_holds_is_proved_for_unknown_facts_too(nowhere: Rulebook, text: str) -> None:
    proof = prove(nowhere, theorem(nowhere, text))
    assert proof.broken == ()
    assert proof.count("theorem") == 1


@pytest.mark.parametrize(
    "text",
    [
        'implies = "earliest_minute >= 481"',
        'implies = "calls_excluded"',
        "never = true\ngiven = \"role = 'debtor'\"",
        'implies = "calls_in_seven_days < 5 AND calls_excluded IS NOT NULL"',
    ],
)
def test_a_theorem_that_fails_shows_a_row_that_is_allowed_indeed(
    nowhere: Rulebook, text: str
) -> None:
    found = the_one_broken(nowhere, text)
    assert found.kind == "theorem"
    assert found.row is not None
    assert decide(nowhere, "contact", found.row.facts, DAY, found.row.lender_type).allowed


def test_a_theorem_that_speaks_of_nothing_does_not_hold(nowhere: Rulebook) -> None:
    found = the_one_broken(nowhere, 'never = true\ngiven = "stopped"\nknown = "NOT stopped"')
    assert "it speaks of no row" in found.reason


@pytest.mark.parametrize(
    "implies",
    ["1 = 1", "stopped OR NOT stopped OR stopped IS NULL", "role IS NULL OR role IS NOT NULL"],
)
def test_a_theorem_that_every_row_keeps_does_not_hold(nowhere: Rulebook, implies: str) -> None:
    assert "promises nothing" in the_one_broken(nowhere, f'implies = "{implies}"').reason


def test_a_theorem_that_never_begins_does_not_hold(nowhere: Rulebook) -> None:
    found = the_one_broken(nowhere, "never = true\nfrom = 9999-12-31")
    assert "it begins after" in found.reason


@pytest.mark.parametrize("text", [None, "", "# nothing\n"])
def test_a_rulebook_without_theorems_promises_nothing(land: Path, text: str | None) -> None:
    if text is None:
        (land / "xx/theorems.toml").unlink()
    else:
        (land / "xx/theorems.toml").write_text(text)
    with pytest.raises(RulebookError, match=r"theorem"):
        load_theorems(load_rulebook("xx", land), land)


def test_a_name_that_is_misspelt_proves_nothing_and_is_refused(nowhere: Rulebook) -> None:
    with pytest.raises(LawError, match=r"Did you mean xx\.contact\.stop\?"):
        prove(nowhere, only="xx.contact.stpo")


def of_every_act(book: Rulebook, more: str) -> Theorem:
    text = '[[theorem]]\nid = "t"\nsays = { zh = "一", en = "one" }\nnever = true\n' + more
    return read_theorems(parse_toml(text, "theorems.toml"), book.acts, book.catalogue)[0]


def test_a_theorem_about_every_act_says_which_it_leaves_out_and_why(nowhere: Rulebook) -> None:
    words = 'without = ["delete"]\nwhy = { zh = "应当删除", en = "owed" }'
    found = of_every_act(nowhere, f'acts = ["any"]\n{words}')
    assert {*found.acts, *found.without} == {*nowhere.acts} - {"duty"}
    assert "delete" not in found.acts
    with pytest.raises(RuleFileError, match="why: is missing"):
        of_every_act(nowhere, 'acts = ["any"]\nwithout = ["delete"]')
    with pytest.raises(RuleFileError, match="acts are listed already"):
        of_every_act(nowhere, f'acts = ["contact"]\n{words}')


def test_what_is_known_of_a_debtor_stops_every_act_of_china_but_three_that_are_owed() -> None:
    book = load_rulebook("cn")
    theorems = {one.id: one for one in load_theorems(book)}
    for name in ("minor", "deceased", "no_contact_order"):
        owed = ("delete", "answer_dispute", "answer_complaint")
        assert theorems[name].without == owed
        assert {*theorems[name].acts} == {*book.acts} - {"duty", *owed}


def test_a_rule_that_another_implies_is_dead_and_both_are_named(land: Path) -> None:
    text = (land / QUIET).read_text("utf-8").replace("quiet_hours", "small_hours")
    text = text.replace("earliest_minute < 480", "earliest_minute < 479")
    text = text.replace("earliest_minute = 480", "earliest_minute = 479")
    text = text.replace(
        '"a minute before"\nfacts = { earliest_minute = 479', '"x"\nfacts = { earliest_minute = 9'
    )
    (land / "xx/contact/small_hours.toml").write_text(text, "utf-8")
    found = the_one_broken(load_rulebook("xx", land))
    assert (found.kind, found.id) == ("alone", "xx.contact.small_hours")
    assert "implied by xx.contact.quiet_hours" in found.reason

    restates = 'owner = "compliance"\nrestates = "xx.contact.quiet_hours"'
    change(land, "xx/contact/small_hours.toml", 'owner = "compliance"', restates)
    assert prove(load_rulebook("xx", land)).broken == ()
    change(land, "xx/contact/small_hours.toml", "earliest_minute < 479", "earliest_minute < 481")
    change(land, "xx/contact/small_hours.toml", "earliest_minute = 479", "earliest_minute = 481")
    change(land, "xx/contact/small_hours.toml", "earliest_minute = 479", "earliest_minute = 481")
    change(land, "xx/contact/small_hours.toml", "earliest_minute = 479", "earliest_minute = 481")
    (found,) = (one for one in prove(load_rulebook("xx", land)).broken if one.kind == "restates")
    assert found.row is not None
    assert found.row.facts["earliest_minute"] == 480


def test_a_rule_whose_condition_can_only_be_met_by_what_a_stronger_one_stops_is_dead(
    land: Path,
) -> None:
    change(land, "xx/contact/few_calls.toml", "calls_in_seven_days < 7", "stopped")
    change(land, "xx/contact/few_calls.toml", "calls_in_seven_days = 6", "stopped = true")
    change(land, "xx/contact/few_calls.toml", "calls_in_seven_days = 7", "stopped = false")
    found = the_one_broken(load_rulebook("xx", land))
    assert found.id == "xx.contact.few_calls"
    assert "implied by xx.contact.stop" in found.reason


def test_a_permit_that_a_prohibition_always_stops_is_dead(land: Path) -> None:
    change(land, "xx/contact/contact_basis.toml", "NOT stopped", "stopped")
    change(land, "xx/contact/contact_basis.toml", "stopped = false", "stopped = 1 == 1")
    text = (land / "xx/contact/contact_basis.toml").read_text("utf-8")
    text = text.replace("stopped = true", "stopped = false").replace(
        "stopped = 1 == 1", "stopped = true"
    )
    (land / "xx/contact/contact_basis.toml").write_text(text, "utf-8")
    found = the_one_broken(load_rulebook("xx", land))
    assert (found.kind, found.id) == ("permit", "xx.contact.contact_basis")


def own_policy(land: Path, calls_max: int) -> Path:
    path = land / "house.toml"
    path.write_text(f'country = "xx"\nname = "h"\n[parameters]\ncalls_max = {calls_max}\n', "utf-8")
    return path


def test_a_policy_wider_than_the_law_is_refused_with_a_row(land: Path) -> None:
    change(
        land, "xx/policy/fewer_calls.toml", "owner", 'narrows = "xx.contact.seven_in_seven"\nowner'
    )
    assert prove(load_rulebook("xx", land, own_policy(land, 7))).broken == ()
    found = the_one_broken(load_rulebook("xx", land, own_policy(land, 8), widening=True))
    assert (found.kind, found.id) == ("narrows", "xx.policy.fewer_calls")
    assert found.row is not None
    assert found.row.facts["calls_in_seven_days"] == 7
    with pytest.raises(
        RulebookError, match=r"house\.toml:4: .*wider than.*calls_in_seven_days = 7"
    ):
        load_rulebook("xx", land, own_policy(land, 8))


def test_a_figure_that_widens_a_rule_of_law_is_refused_with_a_row(land: Path) -> None:
    (land / "xx/policy/fewer_calls.toml").unlink()
    change(land, "xx/contact/seven_in_seven.toml", ">= 7", ">= policy.calls_max + 2")
    assert prove(load_rulebook("xx", land, own_policy(land, 4))).broken == ()
    found = the_one_broken(load_rulebook("xx", land, own_policy(land, 6), widening=True))
    assert (found.kind, found.id) == ("narrows", "xx.contact.seven_in_seven")
    assert found.row is not None
    assert found.row.facts["calls_in_seven_days"] == 7
    with pytest.raises(RulebookError, match=r"house\.toml:4: .*the firm's figure lets"):
        load_rulebook("xx", land, own_policy(land, 6))


def test_a_firms_own_rule_that_widens_is_told_by_its_own_line(land: Path) -> None:
    rule = (land / "xx/policy/fewer_calls.toml").read_text("utf-8")
    rule = rule.replace("xx.policy", "xx.firm").replace("[[", "[[rule.").replace("[in", "[rule.in")
    rule = rule.replace("[message", "[rule.message").replace("policy.calls_max", "8")
    rule = rule.replace("= 4", "= 7").replace("= 5", "= 8")
    own = land / "house.toml"
    head = 'country = "xx"\nname = "h"\n[[rule]]\nnarrows = "xx.contact.seven_in_seven"\n'
    own.write_text(f"{head}{rule}", "utf-8")
    line = own.read_text("utf-8").split("condition =")[0].count("\n") + 1
    with pytest.raises(RulebookError, match=rf"house\.toml:{line}: .*xx\.firm.*wider than"):
        load_rulebook("xx", land, own)


def test_a_figure_out_of_its_bounds_is_refused_with_the_rule_and_a_row(land: Path) -> None:
    change(land, "xx/policy.toml", "max = 100", "max = 7")
    change(
        land, "xx/policy/fewer_calls.toml", "owner", 'narrows = "xx.contact.seven_in_seven"\nowner'
    )
    for widening in (False, True):
        with pytest.raises(RulebookError) as caught:
            load_rulebook("xx", land, own_policy(land, 8), widening=widening)
        (problem,) = caught.value.problems
        assert (problem.file, problem.line) == ("house.toml", 4)
        assert "calls_max: is not a whole number from 0 to 7 (count): 8" in problem.reason
        assert "xx.policy.fewer_calls, which narrows xx.contact.seven_in_seven" in problem.reason
        assert "calls_in_seven_days = 7" in problem.reason


def test_a_figure_out_of_its_bounds_that_lets_nothing_through_is_refused_all_the_same(
    land: Path,
) -> None:
    with pytest.raises(RulebookError) as caught:
        load_rulebook("xx", land, own_policy(land, -1))
    assert caught.value.problems[0].reason.endswith("from 0 to 100 (count): -1")


def test_the_lines_of_the_china_book_are_defended_with_rows(tmp_path: Path) -> None:
    own = tmp_path / "house.toml"
    figures = {"effective_calls_max": 5, "export_rows_max": 60, "report_min_days": 0}
    lines = [f"{name} = {value}" for name, value in figures.items()]
    own.write_text("\n".join(['country = "cn"', 'name = "h"', "[parameters]", *lines]), "utf-8")
    with pytest.raises(RulebookError) as caught:
        load_rulebook("cn", policy=own)
    shown = {
        "effective_calls_max": ("cn.policy.calls_cap, which narrows", "effective_calls_today = 3"),
        "export_rows_max": ("cn.policy.export_rows would not speak", "rows_exported = 50"),
        "report_min_days": ("cn.policy.report_floor would not speak", "days_past_due = 0"),
    }
    for problem, (name, words) in zip(caught.value.problems, shown.items(), strict=True):
        assert all(one in problem.reason for one in (f"parameters.{name}: is not", *words))


ERASE = """
id = "xx.contact.keep"
acts = ["delete"]
lender_types = ["any"]
verdict = "forbid"
condition = "days_late >= 60"
owner = "x"
says = { zh = "留", en = "keep" }
message.officer = { zh = "留", en = "keep" }
message.borrower = { zh = "留", en = "keep" }
message.regulator = { zh = "留", en = "keep" }
source = [{ instrument = "act-1", article = "2", phrase = "as said", verified = "V1" }]
in_force = { from = 2021-01-01 }
[[example]]
name = "a"
facts = { days_late = 60 }
expect = "fires"
[[example]]
name = "b"
facts = { days_late = 59 }
expect = "holds"
"""


def test_a_duty_to_do_what_is_forbidden_names_both_and_the_row(land: Path) -> None:
    change(land, "facts.toml", 'column = "days_past_due"\nchanges = "time"',
           'column = "days_past_due"\nchanges = "event"')  # fmt: skip
    change(land, "xx/contact/statement.toml", '"send_statement"', '"erase"')
    (land / "xx/contact/keep.toml").write_text(ERASE, "utf-8")
    found = the_one_broken(load_rulebook("xx", land))
    assert (found.kind, found.id) == ("duty", "xx.contact.statement / xx.contact.keep")
    assert found.row is not None
    days = found.row.facts["days_late"]
    assert isinstance(days, int)
    assert days >= 60


def test_a_duty_that_a_prohibition_only_delays_is_no_contradiction(land: Path) -> None:
    change(land, "xx/contact/statement.toml", '"send_statement"', '"erase"')
    (land / "xx/contact/keep.toml").write_text(ERASE, "utf-8")
    assert prove(load_rulebook("xx", land)).broken == ()
