"""``kuanxian law schema`` and ``decide`` on case files."""

import json
from pathlib import Path

import pytest

from kuanxian.cli.main import main
from kuanxian.law.case_stated import stated_fields
from kuanxian.law.load import load_rulebook
from kuanxian.law.schema import case_schema


def test_the_schema_is_printed_as_one_json_document(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as done:
        main(["law", "schema"])
    assert not done.value.code
    printed = json.loads(capsys.readouterr().out)
    facts = printed["properties"]["facts"]
    assert printed == case_schema(stated_fields(load_rulebook("cn").catalogue))
    assert facts["additionalProperties"] is False
    assert facts["properties"]["identity_stated"]["type"] == "boolean"
    assert "effective_calls_today" not in facts["properties"]


def test_a_decision_names_the_groups_that_the_case_does_not_declare(
    capsys: pytest.CaptureFixture[str], root: Path
) -> None:
    case = str(root / "examples/cases/calls-incomplete.json")
    with pytest.raises(SystemExit):
        main(["law", "decide", case, "--json"])
    assert json.loads(capsys.readouterr().out)["undeclared"] == ["calls"]
    with pytest.raises(SystemExit):
        main(["law", "decide", case, "--lang", "zh"])
    assert "案卷未声明完整（complete），故不知: calls" in capsys.readouterr().out


def test_a_case_with_an_address_book_in_it_is_not_read(
    capsys: pytest.CaptureFixture[str], root: Path, tmp_path: Path
) -> None:
    case = json.loads((root / "examples/cases/calls-incomplete.json").read_text("utf-8"))
    about = "".join(f"亲友{k} 1740500000{k} " for k in range(5))
    (tmp_path / "case.json").write_text(json.dumps(case | {"about": about}), "utf-8")
    with pytest.raises(SystemExit) as done:
        main(["law", "decide", str(tmp_path / "case.json")])
    said = capsys.readouterr()
    assert done.value.code == 2
    assert "address book" in said.err
    assert "1740" not in said.err + said.out


@pytest.mark.parametrize("of_case", [True, False])
def test_a_country_without_a_rulebook_gives_an_answer_and_it_is_no(
    capsys: pytest.CaptureFixture[str], root: Path, tmp_path: Path, of_case: bool
) -> None:
    case = json.loads((root / "examples/cases/calls-incomplete.json").read_text("utf-8"))
    file = tmp_path / "case.json"
    file.write_text(json.dumps(case | {"country": "us"} if of_case else case), "utf-8")
    words = ["law", "decide", str(file), *([] if of_case else ["--country", "us"])]
    with pytest.raises(SystemExit) as done:
        main([*words, "--json"])
    assert not done.value.code
    answer = json.loads(capsys.readouterr().out)
    assert [answer[key] for key in ("country", "verdict", "allowed", "next_allowed_at")] == [
        "us", "no_rulebook", False, None
    ]  # fmt: skip
    with pytest.raises(SystemExit) as done:
        main([*words, "--lang", "zh"])
    assert not done.value.code
    assert capsys.readouterr().out.startswith("没有生效的规则，不得进行")


@pytest.mark.parametrize(
    "at", ["0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59+08:00", "1970-01-01T07:59:59+08:00"]
)
def test_an_instant_outside_of_what_a_case_can_tell_is_a_clear_error(
    capsys: pytest.CaptureFixture[str], root: Path, at: str
) -> None:
    with pytest.raises(SystemExit) as done:
        main(["law", "decide", str(root / "examples/cases/ordinary-call.json"), "--at", at])
    assert done.value.code == 2
    assert "between 1970 and 2199" in capsys.readouterr().err
