"""What the documents say of the API is what it does."""

import json
from pathlib import Path

import httpx
import pytest
from tests.api.conftest import Line

from kuanxian.api.app import describe, make_app
from kuanxian.api.forms import BatchForm, NamedProposalForm, OutcomeForm, ProposalForm
from kuanxian.api.problem import KINDS


def test_every_code_has_its_row(root: Path) -> None:
    text = (root / "docs/reference/problems.md").read_text("utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    assert rows == [
        f"| `{code}` | {kind.status} | {kind.title} | {kind.zh} |" for code, kind in KINDS.items()
    ]


def test_the_copy_of_the_openapi_document_is_what_the_program_says(root: Path) -> None:
    copy = json.loads((root / "docs/reference/openapi.json").read_text("utf-8"))
    assert copy == describe(make_app(None))


def test_the_document_is_served(line: Line) -> None:
    answer = httpx.get(f"{line.url}/openapi.json")
    assert answer.json() == describe(make_app(None))


@pytest.mark.parametrize("form", [ProposalForm, NamedProposalForm, BatchForm, OutcomeForm])
def test_every_example_is_a_request_that_can_be_read(
    form: type[ProposalForm | BatchForm | OutcomeForm],
) -> None:
    examples = form.model_json_schema()["examples"]
    assert examples
    for example in examples:
        form.model_validate(example)


def test_every_route_tells_its_errors_as_problems() -> None:
    for path, routes in describe(make_app(None))["paths"].items():
        for route in routes.values():
            for status, told in route["responses"].items():
                wanted = "application/json" if status == "200" else "application/problem+json"
                assert list(told["content"]) == [wanted], f"{path} {status}"
