"""``kuanxian law`` as it is typed."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.law.cases import a_file

from kuanxian.cli.main import main

LAND = Path(__file__).parents[1] / "law/land"
HERE = ("--rules", str(LAND), "--country", "xx")


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stopped:
        main(["law", *map(str, words)])
    said = capsys.readouterr()
    return int(stopped.value.code or 0), said.out, said.err


def told(capsys: pytest.CaptureFixture[str], *words: object) -> Any:
    return json.loads(run(capsys, *words, "--json")[1])


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    rules = Path(shutil.copytree(LAND, tmp_path / "rules"))
    path = rules / "xx/contact/stop.toml"
    path.write_text(path.read_text("utf-8").replace('"forbid"', '"block"'), "utf-8")
    return rules


def test_a_sound_rulebook_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    code, said, _ = run(capsys, "test", *HERE)
    assert code == 0
    assert "10 rules, 32 examples" in said
    assert told(capsys, "test", *HERE)["rules"] == 10


def test_a_broken_one_is_told_by_file_and_line(
    capsys: pytest.CaptureFixture[str], broken: Path
) -> None:
    words = ("test", "--rules", broken, "--country", "xx")
    code, said, _ = run(capsys, *words)
    assert code == 1
    assert "xx/contact/stop.toml:4: verdict: there is no 'block'" in said
    (problem,) = told(capsys, *words)["problems"]
    assert (problem["file"], problem["line"]) == ("xx/contact/stop.toml", 4)


def test_every_other_command_refuses_a_broken_rulebook_in_two_lines(
    capsys: pytest.CaptureFixture[str], broken: Path
) -> None:
    code, _, said = run(capsys, "list", "--rules", broken, "--country", "xx")
    assert code == 2
    assert said.startswith("error: the rulebook of xx: xx/contact/stop.toml:4")


def test_rules_are_listed_and_shown_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    assert "10 rules" in run(capsys, "list", *HERE)[1]
    assert len(told(capsys, "list", "--act", "charge", *HERE)) == 2
    english = run(capsys, "show", "quiet_hours", "--lang", "en", *HERE)[1]
    assert "earliest_minute < 480 OR latest_minute >= 1260" in english
    assert "08:00" in english
    assert "条件：" in run(capsys, "show", "xx.contact.quiet_hours", "--lang", "zh", *HERE)[1]
    assert run(capsys, "show", "nonsense", *HERE)[0] == 2
    assert "there is no 'nope'" in run(capsys, "list", "--act", "nope", *HERE)[2]
    assert "there is no 'nope'" in run(capsys, "list", "--topic", "nope", *HERE)[2]
    assert "several rules end so" in run(capsys, "show", "may_call")[2]


def test_a_proof_that_fails_shows_a_row_and_code_one(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(capsys, "prove", *HERE)[0] == 0
    rules = Path(shutil.copytree(LAND, tmp_path / "rules"))
    head = '[[theorem]]\nid = "late"\nsays = { zh = "一", en = "one" }\nacts = ["contact"]\n'
    (rules / "xx/theorems.toml").write_text(head + 'implies = "earliest_minute >= 481"\n', "utf-8")
    words = ("prove", "--rules", rules, "--country", "xx")
    code, said, _ = run(capsys, *words)
    assert code == 1
    assert "BROKEN theorem late" in said
    assert "earliest_minute = 480" in said
    (found,) = told(capsys, *words)["broken"]
    assert found["row"]["earliest_minute"] == 480


def test_a_proof_says_which_acts_it_leaves_out_and_why(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    rules = Path(shutil.copytree(LAND, tmp_path / "rules"))
    head = '[[theorem]]\nid = "late"\nsays = { zh = "一", en = "one" }\nacts = ["any"]\n'
    rest = 'known = "stopped"\nnever = true\nwithout = ["delete", "charge"]\n'
    why = 'why = { zh = "欠着", en = "They are owed." }\n'
    (rules / "xx/theorems.toml").write_text(head + rest + why, "utf-8")
    words = ("prove", "--rules", rules, "--country", "xx")
    assert "late: every act but delete, charge. They are owed." in run(capsys, *words)[1]
    (left,) = told(capsys, *words)["left_out"]
    assert left["acts"] == ["delete", "charge"]
    assert "They are owed" not in run(capsys, "prove", "alone", *words[1:])[1]


def test_a_case_is_decided_with_its_grounds(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    case = tmp_path / "case.json"
    case.write_text(json.dumps(a_file()), "utf-8")
    answer = told(capsys, "decide", case, "--at", "2026-11-25T23:00:00+08:00", "--next", "0")
    assert (answer["allowed"], answer["verdict"], answer["country"]) == (False, "forbidden", "cn")
    assert "cn.contact.quiet_hours" in {one["rule"] for one in answer["spoke"]}
    said = run(capsys, "decide", case, "--lang", "zh", "--for", "borrower")[1]
    assert said.startswith("禁止")
    code, _, error = run(capsys, "decide", case, "--at", "tonight")
    assert code == 2
    assert "no instant" in error


def test_a_change_is_told_as_rows(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rules = Path(shutil.copytree(LAND, tmp_path / "rules"))
    (rules / "xx/contact/stop.toml").unlink()
    words = ("diff", LAND, rules, "--country", "xx", "--on", "2026-11-25")
    assert "contact becomes allowed" in run(capsys, *words)[1]
    answer = told(capsys, *words)
    assert answer["rules"] == [{"rule": "xx.contact.stop", "how": "removed"}]
    assert answer["changes"][0]["row"]["stopped"] is not False
    assert run(capsys, "diff", LAND, LAND, "--country", "xx", "--on", "soon")[0] == 2
    assert "nothing becomes" in run(capsys, "diff", LAND, LAND, "--country", "xx")[1]


def test_coverage_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    code, said, _ = run(capsys, "coverage")
    assert code == 0
    assert "133 candidates: 133 have a rule" in said
    assert "article numbers to be checked: 39 sources" in said
    answer = told(capsys, "coverage")
    assert answer["acts_without_permit"] == []
    assert answer["articles_to_check"]["consumer-protection-2022"] == 5
