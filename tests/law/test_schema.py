"""The JSON Schema: valid as a schema, and of one mind with the reader."""

import json
from typing import Any

import jsonschema
import pytest
from tests.law.cases import a_file, call
from tests.law.test_case_file import WRONG, changed
from tests.law.test_case_stated import REFUSED, STATED

from kuanxian.law.schema import case_schema

# What a schema cannot say: ids that look like a number of a person, references, circles,
# days the calendar does not have.
BEYOND = {
    "a leap second", "the 30th of February", "an offset of 16 hours", "a day before 1970",
    "a day that never was", "a day of another century", "a zone that is not",
    "a phone number in groups",
    "a phone number with its country", "an identity number in groups",
    "an id that is a phone number", "an id that is an identity number",
    "an id twice", "two events of one id", "an event with a consent's id",
    "a person that is not there", "a point that is not there", "a party that is not there",
    "a debt that is not there", "an event that is not there", "a point of somebody else",
    "an event that replaces itself", "a debtor who belongs to somebody", "a person of no debtor",
}  # fmt: skip


@pytest.fixture(scope="module")
def validator() -> Any:
    schema = case_schema({})
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_what_the_reader_takes_the_schema_takes(validator: Any) -> None:
    assert list(validator.iter_errors(changed("/about", "Made up."))) == []
    assert list(validator.iter_errors(a_file(call("e-1", "11-25 09:00", None)))) == []


@pytest.mark.parametrize("name", sorted(WRONG.keys() - BEYOND))
def test_what_the_reader_refuses_the_schema_refuses(validator: Any, name: str) -> None:
    pointer, value, *_ = WRONG[name]
    assert not validator.is_valid(changed(pointer, value))


def test_the_schema_is_plain_json() -> None:
    assert json.loads(json.dumps(case_schema(STATED))) == case_schema(STATED)


@pytest.fixture(scope="module")
def of_facts() -> Any:
    return jsonschema.Draft202012Validator(case_schema(STATED))


@pytest.mark.parametrize(("name", "value"), [one[:2] for one in REFUSED])
def test_a_fact_that_the_reader_refuses_the_schema_refuses(
    of_facts: Any, name: str, value: object
) -> None:
    assert not of_facts.is_valid(a_file(facts={name: value}))


def test_a_fact_that_the_reader_takes_the_schema_takes(of_facts: Any) -> None:
    facts = {
        "told": False, "hits": 9, "word": "以本人为准", "kind": "some", "asked_on": "2026-11-25",
        "asked_at": "2026-11-25T09:00:00+08:00", "owed_fen": 0,
    }  # fmt: skip
    assert list(of_facts.iter_errors(a_file(facts=facts))) == []
