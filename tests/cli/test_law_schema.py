"""``kuanxian law schema`` prints the schema that the reader's tables make."""

import json

import pytest

from kuanxian.cli.main import main
from kuanxian.law.schema import case_schema


def test_the_schema_is_printed_as_one_json_document(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as done:
        main(["law", "schema"])
    assert not done.value.code
    assert json.loads(capsys.readouterr().out) == case_schema()
