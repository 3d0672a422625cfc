"""A rulebook is read whole or not at all, and every mistake is named where it stands."""

from pathlib import Path

import pytest

from kuanxian.base.days import day_of
from kuanxian.base.errors import LawError, RulebookError, RuleFileError
from kuanxian.law.decide import decide
from kuanxian.law.for_case import load_for_case
from kuanxian.law.load import load_rulebook
from kuanxian.law.rulebook import Rulebook

QUIET = "xx/contact/quiet_hours.toml"


def change(land: Path, file: str, old: str, new: str) -> None:
    text = (land / file).read_text("utf-8")
    assert old in text
    (land / file).write_text(text.replace(old, new, 1), "utf-8")


def problems(land: Path) -> tuple[RuleFileError, ...]:
    with pytest.raises(RulebookError) as caught:
        load_rulebook("xx", land)
    return caught.value.problems


@pytest.mark.parametrize(
    ("file", "old", "new", "line_of", "words"),
    [
        (QUIET, "earliest_minute < 480", "earliest_minute / 2 < 480", "condition", "no division"),
        (QUIET, "earliest_minute < 480", "early < 480", "condition", "early"),
        (QUIET, "earliest_minute < 480", "role < 'x'", "condition", "role"),
        (QUIET, 'article = "1"\n', "", "[[source]]", "the article is missing"),
        (QUIET, 'article = "1"\n', 'key = "K-1"\n', "[[source]]", "the article is missing"),
        (QUIET, 'article = "1"', 'article = ""', "article", "the article is missing"),
        (QUIET, 'article = "1"', 'article = " "', "article", "the article is missing"),
        (QUIET, 'article = "1"', "article = 1", "article", "must be a text in quotes"),
        (QUIET, 'article = "1"', 'article = "about 1"', "article", "in no known form"),
        (QUIET, 'article = "1"', 'article = "第条"', "article", "in no known form"),
        (QUIET, 'article = "1"', 'article = "待核"', "article", "in no known form"),
        (QUIET, 'phrase = "as said"\n', "", "[[source]]", "quoted by no phrase"),
        (QUIET, 'phrase = "as said"', 'phrase = " "', "[[source]]", "quoted by no phrase"),
        (QUIET, 'phrase = "as said"', 'phrase = "原文未见"', "[[source]]", "(V1) is quoted by no"),
        (QUIET, 'phrase = "as said"\nverified = "V1"', 'verified = "V2"', "[[source]]",
         "second hand (V2) is quoted by no"),
        ("xx/values/cap_ppb.toml", 'article = "7"\n', "", "[[value]]", "the article is missing"),
        (QUIET, 'instrument = "act-1"', 'instrument = "act-2"', "instrument", "no 'act-2'"),
        (QUIET, "[in_force]\nfrom = 2021-01-01", "[in_force]", "[in_force]", "from: is missing"),
        (QUIET, "from = 2021", "from = 2019", "from", "before its source is in force"),
        (QUIET, "from = 2021-01-01", "from = 2021-01-01\nuntil = 2020-06-01", "until", "not after"),
        (QUIET, 'verdict = "forbid"', 'verdict = "block"', "verdict", "there is no 'block'"),
        (QUIET, 'acts = ["contact"]', 'acts = ["call"]', "acts", "there is no 'call'"),
        (QUIET, 'acts = ["contact"]', 'acts = ["contact", "contact"]', "acts", "twice"),
        (QUIET, 'owner = "compliance"', 'owner = "x"\nauthority = "draft"', "authority",
         "the text of the first source has law"),
        (QUIET, "from = 2021-01-01", "from = 2021-01-01\npublished = 2099-01-01", "published",
         "is after from"),
        (QUIET, "from = 2021-01-01", 'from = 2021-01-01\nsupersedes = ["xx.contact.none"]',
         "condition", "which is no other rule"),
        (QUIET, 'verified = "V1"', 'verified = "V3"', "verdict", "marked V3"),
        (QUIET, 'owner = "compliance"', 'unknown = "silent"\nowner = "x"', "unknown", "a reason"),
        (QUIET, 'owner = "compliance"', 'requires = "erase"\nowner = "x"', "requires",
         "only a rule"),
        (QUIET, 'id = "xx.contact.quiet_hours"', 'id = "xx.contact.quiet"', "id", "belongs"),
        (QUIET, "en = \"quiet_hours: stop\"", "en = \"{minute} stop\"", "en = \"{m",
         "no fact 'minute'"),
        (QUIET, 'expect = "holds"', 'expect = "fires"', "[[example]]\nname = \"at eight\"",
         "must be 'fires' but is 'holds'; facts used: earliest_minute = 480, latest_minute = 600"),
        (QUIET, "earliest_minute = 479", "earliest_minute = 1440", "facts = { e", "from 0 to 1439"),
        (QUIET, "earliest_minute = 479", "early = 1", "facts = { e", "there is no such fact"),
        (QUIET, "says.en", "said.en", "said.en", "no such key"),
        ("xx/contact/statement.toml", 'requires = "send_statement"', "", "",
         "requires: is missing"),
        ("xx/values/cap_ppb.toml", "from = 2024", "from = 2020", "", "does not come after"),
        ("xx/policy.toml", "value = 5", "value = 500", "value = 500", "from 0 to 100"),
        ("xx/policy/fewer_calls.toml", '"forbid"', '"permit"', "verdict", "may only narrow"),
        ("xx/country.toml", 'language', "day_from_minute = 9\nday_until_minute = 8\nlanguage",
         "day_from_minute", "are none of a day"),
        ("acts.toml", 'act = "delete"', 'act = "burn"', "act = ", "there is no 'burn'"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_file_and_line(
    land: Path, file: str, old: str, new: str, line_of: str, words: str
) -> None:
    change(land, file, old, new)
    found = problems(land)
    assert words in str(found[0])
    assert found[0].file == file
    text = (land / file).read_text("utf-8")
    if line_of:
        assert found[0].line == text[: text.index(line_of)].count("\n") + 1
    assert found[0].advice


def test_a_file_that_an_editor_began_with_a_mark_is_read_as_the_same(land: Path) -> None:
    plain = load_rulebook("xx", land).hash
    for file in land.rglob("*.toml"):
        file.write_text(file.read_text("utf-8"), "utf-8-sig")
    assert load_rulebook("xx", land).hash == plain


def test_every_mistake_of_a_folder_is_told_at_once(land: Path) -> None:
    change(land, QUIET, 'verdict = "forbid"', 'verdict = "block"')
    change(land, "xx/contact/stop.toml", 'owner = "compliance"\n', "")
    assert {one.file for one in problems(land)} == {QUIET, "xx/contact/stop.toml"}


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (QUIET, 'verdict = "forbid"', 'verdict = "block"'),
        (QUIET, 'id = "xx.contact.quiet_hours"', 'id = "xx.contact.quiet"'),
        (QUIET, 'id = "xx.contact.quiet_hours"', "id = = 1"),
    ],
)
def test_a_rule_that_names_a_broken_one_is_not_called_broken_too(
    land: Path, file: str, old: str, new: str
) -> None:
    change(land, "xx/contact/stop.toml", "owner", 'restates = "xx.contact.quiet_hours"\nowner')
    change(land, "xx/policy/fewer_calls.toml", "owner", 'narrows = "xx.contact.quiet_hours"\nowner')
    assert load_rulebook("xx", land).rules
    change(land, file, old, new)
    assert [one.file for one in problems(land)] == [file]


def test_a_rule_whose_file_stands_in_the_wrong_place_is_not_missed_by_another(land: Path) -> None:
    change(land, "xx/contact/stop.toml", "owner", 'restates = "xx.contact.quiet_hours"\nowner')
    (land / QUIET).rename(land / "xx/contact/quietest.toml")
    assert [one.file for one in problems(land)] == ["xx/contact/quietest.toml"]


def test_two_versions_in_force_on_one_day_are_refused(land: Path) -> None:
    text = (land / QUIET).read_text("utf-8")
    older = text.replace("from = 2021-01-01", "from = 2020-06-01\nuntil = 2021-01-02")
    (land / "xx/contact/quiet_hours.2020-06-01.toml").write_text(older, "utf-8")
    (found,) = problems(land)
    assert "at the same time as xx/contact/quiet_hours.2020-06-01.toml" in str(found)
    change(
        land, "xx/contact/quiet_hours.2020-06-01.toml", "until = 2021-01-02", "until = 2021-01-01"
    )
    book = load_rulebook("xx", land)
    assert [rule.from_on for rule in book.rule("xx.contact.quiet_hours")] == [
        day_of(2021, 1, 1),
        day_of(2020, 6, 1),
    ]


def test_a_file_whose_name_says_another_day_is_refused(land: Path) -> None:
    (land / QUIET).rename(land / "xx/contact/quiet_hours.2020-06-01.toml")
    assert "does not begin on 2020-06-01" in str(problems(land)[0])


def test_a_country_without_rules_is_named(land: Path) -> None:
    with pytest.raises(LawError, match="no rules of this country"):
        load_rulebook("zz", land)


@pytest.mark.parametrize("act", ["contact", "delete", "duty", "no_such_act"])
def test_a_case_of_a_country_without_rules_is_answered_with_no(land: Path, act: str) -> None:
    book = load_for_case("zz", land)
    for day in (0, day_of(2026, 11, 25)):
        decision = decide(book, act, {}, day, "bank")
        assert (decision.verdict, decision.allowed, decision.spoke) == ("no_rulebook", False, ())
    assert book.hash != load_for_case("zy", land).hash


def test_a_country_with_rules_is_loaded_for_a_case_as_ever(land: Path, nowhere: Rulebook) -> None:
    assert load_for_case("xx", land).hash == nowhere.hash
    change(land, QUIET, 'verdict = "forbid"', 'verdict = "block"')
    with pytest.raises(RulebookError):
        load_for_case("xx", land)


@pytest.mark.parametrize("name", ["", "Zz", "zzz", "../xx", "xx/contact"])
def test_what_is_no_countrys_name_is_refused_for_a_case_too(land: Path, name: str) -> None:
    with pytest.raises(LawError, match="no rules of this country"):
        load_for_case(name, land)


def test_a_folder_that_holds_no_rules_at_all_is_refused_for_a_case_too(tmp_path: Path) -> None:
    with pytest.raises(RulebookError):
        load_for_case("zz", tmp_path)


def test_the_hash_names_the_content_and_not_the_files(land: Path, nowhere: Rulebook) -> None:
    text = (land / QUIET).read_text("utf-8")
    (land / QUIET).write_bytes(("# a remark\n" + text).replace("\n", "\r\n").encode("utf-8"))
    assert load_rulebook("xx", land).hash == nowhere.hash
    change(land, QUIET, "1260", "1261")
    change(land, QUIET, "latest_minute = 1260", "latest_minute = 1261")
    change(land, QUIET, "1261 }", "1300 }")
    assert load_rulebook("xx", land).hash != nowhere.hash


def test_an_edition_has_the_rules_and_figures_of_its_days(nowhere: Rulebook) -> None:
    assert nowhere.edition(day_of(2020, 12, 31)) is None
    edition = nowhere.edition(day_of(2021, 1, 1))
    assert edition is not None
    assert len(edition.rules) == len(nowhere.rules)
    assert edition.literals["policy.calls_max"].value == 5
    assert edition.literals["value.cap_ppb"].value == 360_000_000


def test_a_figure_that_ends_is_unknown_until_the_next_one(land: Path) -> None:
    figures = "xx/values/cap_ppb.toml"
    change(land, figures, "from = 2021-01-01", "from = 2021-01-01\nuntil = 2022-07-01")
    book = load_rulebook("xx", land)
    cap = book.values["cap_ppb"]
    days = [day_of(2022, 6, 30), day_of(2022, 7, 1), day_of(2023, 12, 31), day_of(2024, 1, 1)]
    assert [cap.at(day) for day in days] == [360_000_000, None, None, 240_000_000]
    change(land, figures, "until = 2022-07-01", "until = 2024-01-02")
    assert "does not come after" in str(problems(land)[0])


def test_a_firms_policy_gives_its_own_figures_and_rules(land: Path, nowhere: Rulebook) -> None:
    own = land / "house.toml"
    rule = (land / "xx/policy/fewer_calls.toml").read_text("utf-8")
    rule = rule.replace("xx.policy", "xx.firm").replace("[[", "[[rule.").replace("[in", "[rule.in")
    rule = rule.replace("[message", "[rule.message").replace("policy.calls_max", "3")
    rule = rule.replace("= 4", "= 2")
    own.write_text(f'country = "xx"\nname = "house"\n[parameters]\ncalls_max = 4\n[[rule]]\n{rule}')
    book = load_rulebook("xx", land, own)
    assert book.policy.values == {"calls_max": 4}
    assert book.rules[-1].id == "xx.firm.fewer_calls"
    assert book.hash != nowhere.hash
    change(land, "house.toml", "calls_max = 4", "calls_most = 4")
    with pytest.raises(RulebookError, match="Did you mean calls_max"):
        load_rulebook("xx", land, own)
    change(land, "house.toml", "calls_most = 4", "calls_max = 4")
    change(land, "house.toml", 'authority = "firm-policy"', 'authority = "law"')
    with pytest.raises(RulebookError, match="is no law"):
        load_rulebook("xx", land, own)


@pytest.mark.parametrize(
    "place",
    ["xx/contact/more/stop.toml", "xx/stop.toml", "xx/messages/stop.toml", "xx/silence/stop.toml",
     "xx/contact/stop.TOML", "xx/contact/stop.toml.bak", "xx/contact/stop.toml ",
     "xx/contact/stop.toml~"],
)  # fmt: skip
def test_a_rule_where_nobody_reads_it_is_refused_and_named(land: Path, place: str) -> None:
    rule = (land / "xx/contact/stop.toml").read_text(encoding="utf-8")
    (land / "xx/contact/stop.toml").unlink()
    (land / place).parent.mkdir(parents=True, exist_ok=True)
    (land / place).write_text(rule, encoding="utf-8")
    with pytest.raises(RulebookError, match=place) as caught:
        load_rulebook("xx", land)
    assert place in [one.file for one in caught.value.problems]
