"""What holds for every case: knowledge has an order, the file has none, facts keep bounds."""

import random
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.law.cases import Json
from tests.law.lives import a_life, an_event, stamp_of

from kuanxian.law.case import Case
from kuanxian.law.case_file import case_of
from kuanxian.law.case_stated import stated_fields
from kuanxian.law.facts import Catalogue, read_catalogue
from kuanxian.law.load import SHIPPED
from kuanxian.law.schema import case_schema
from kuanxian.law.table import read_toml
from kuanxian.law.timeline import facts_of, instants_of_change

FACTS = read_catalogue(read_toml(SHIPPED / "facts.toml", "facts.toml"))
VALIDATOR = jsonschema.Draft202012Validator(case_schema(stated_fields(FACTS)))
MINUTES = (480, 1320)
SEEDS = st.integers(0, 2**32)


@pytest.fixture(scope="module")
def catalogue(root: Path) -> Catalogue:
    return read_catalogue(read_toml(root / "rules/facts.toml", "facts.toml"))


def another(file: Json, seed: int) -> Json:
    """Draw one more event for a file."""
    dice = random.Random(seed)
    kinds = [one["kind"] for one in file["timeline"] if one["kind"] != "retraction"] or ["call"]
    return an_event(dice.choice(kinds), file["timeline"], dice)


def read(file: Json) -> Case:
    return case_of(file, "case.json")


@settings(max_examples=300)
@given(SEEDS)
def test_every_case_keeps_types_and_bounds_of_the_catalogue(
    catalogue: Catalogue, seed: int
) -> None:
    file = a_life(seed)
    for name, value in facts_of(read(file)).items():
        spec = catalogue[name]
        match spec.type:
            case _ if value is None:
                assert spec.nullable
            case "bool":
                assert isinstance(value, bool)
            case "enum":
                assert value in spec.values
            case _:
                assert type(value) is int
                assert spec.min <= value <= spec.max, name


@settings(max_examples=40)
@given(SEEDS)
def test_the_schema_takes_every_case_that_the_reader_takes(seed: int) -> None:
    file = a_life(seed)
    assert read(file)
    assert VALIDATOR.is_valid(file)


@given(SEEDS, st.randoms(use_true_random=False))
def test_the_order_of_the_file_changes_nothing(seed: int, shuffler: random.Random) -> None:
    file = a_life(seed)
    mixed = list(file["timeline"])
    shuffler.shuffle(mixed)
    assert facts_of(read(file | {"timeline": mixed})) == facts_of(read(file))


@given(SEEDS, st.data())
def test_an_event_known_later_changes_nothing(seed: int, data: st.DataObject) -> None:
    file = a_life(seed)
    event = another(file, data.draw(SEEDS))
    case = read(file)
    later = case.at + data.draw(st.sampled_from([1, 60, 86_400])) * 1_000_000
    event["known_at"] = stamp_of(later)
    assert facts_of(read(file | {"timeline": [*file["timeline"], event]})) == facts_of(case)


@given(SEEDS, st.data())
def test_an_event_that_happens_later_changes_nothing(seed: int, data: st.DataObject) -> None:
    file = a_life(seed)
    event = another(file, data.draw(SEEDS))
    case = read(file)
    event["happened_at"] = stamp_of(case.at + 1_000_000)
    assert facts_of(read(file | {"timeline": [*file["timeline"], event]})) == facts_of(case)


@given(SEEDS)
def test_facts_at_an_instant_are_those_of_the_timeline_cut_there(seed: int) -> None:
    file = a_life(seed)
    case = read(file)
    cut = [
        event for event in case.events if event.happened_at <= case.at and event.known_at <= case.at
    ]
    assert facts_of(case._replace(events=tuple(cut))) == facts_of(case)


@settings(max_examples=60)
@given(SEEDS)
def test_declaring_more_complete_never_turns_a_known_fact_into_another(seed: int) -> None:
    file = a_life(seed)
    whole = facts_of(read(file))
    for group in file["complete"]:
        left = [one for one in file["complete"] if one != group]
        for name, value in facts_of(read(file | {"complete": left})).items():
            assert value is None or value == whole[name], (name, group)


@given(SEEDS, st.integers(0, 20), st.data())
def test_between_two_instants_of_change_no_fact_changes(
    seed: int, days: int, data: st.DataObject
) -> None:
    file = a_life(seed)
    case = read(file)
    until_at = case.at + days * 86_400_000_000
    marks = [case.at, *instants_of_change(case, case.act, case.at, until_at, MINUTES)]
    no = data.draw(st.integers(0, len(marks) - 1))
    end = marks[no + 1] - 1 if no + 1 < len(marks) else until_at
    if end <= marks[no]:
        return
    inside = data.draw(st.integers(marks[no], end))
    assert _as_rules_see(case, inside) == _as_rules_see(case, marks[no])


def _as_rules_see(case: Case, at: int) -> Json:
    """Give the facts with each minute of the day as the side of the thresholds it is on."""
    facts = dict(facts_of(case, at=at))
    for name in ("earliest_local_minute", "latest_local_minute"):
        minute = facts[name]
        if isinstance(minute, int):
            facts[name] = sum((minute >= one) + (minute > one) for one in MINUTES)
    return facts
