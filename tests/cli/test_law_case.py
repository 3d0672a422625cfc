"""``kuanxian law schema`` and ``decide`` on case files."""

import json
from pathlib import Path

import pytest

from kuanxian.cli.main import main
from kuanxian.law.schema import case_schema


def test_the_schema_is_printed_as_one_json_document(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as done:
        main(["law", "schema"])
    assert not done.value.code
    assert json.loads(capsys.readouterr().out) == case_schema()


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
