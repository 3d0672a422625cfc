"""What is proved is what is decided: the solver's words for an answer agree with the answer."""

from typing import Any

import pytest
import z3
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.law.test_bulk import DAY, load_once, rows_of, values_of

from kuanxian.law.decide import Decision, decide
from kuanxian.law.parse import parse_condition
from kuanxian.law.rulebook import Rulebook, names_of
from kuanxian.law.solve import Question
from kuanxian.law.tree import NOWHERE


def solved(question: Question, decision: Decision, lender_type: str | None) -> bool:
    """Put a decision's facts into the solver's term for "allowed"."""
    term = question.allowed()
    terms = question.terms
    types = [None, *question.book.country.lender_types]
    pairs = [(question.lender, z3.IntVal(types.index(lender_type)))]
    for name in decision.scope.specs:
        pairs += terms.values(name, decision.facts.get(name))
    answer = z3.simplify(z3.substitute(term, *pairs))
    if not (z3.is_true(answer) or z3.is_false(answer)):
        # An unknown fact keeps a value of its own in the term; no answer may hang on it.
        solver = z3.Solver()
        solver.add(*terms.domain(), answer)
        first = bool(solver.check() == z3.sat)
        solver.reset()
        solver.add(*terms.domain(), z3.Not(answer))
        assert first != (solver.check() == z3.sat)
        return first
    return bool(z3.is_true(answer))


def agree(book: Rulebook, act: str, row: dict[str, Any], lender_type: str | None) -> None:
    edition = book.edition(DAY)
    assert edition is not None
    decision = decide(book, act, row, DAY, lender_type)
    assert solved(Question(book, edition, act), decision, lender_type) == decision.allowed


@settings(max_examples=150, deadline=None)
@given(st.data(), st.sampled_from(["contact", "charge", "duty", "delete"]))
def test_the_solver_says_of_a_row_what_the_decision_says(
    nowhere: Rulebook, data: st.DataObject, act: str
) -> None:
    names = [name for name, spec in nowhere.catalogue.items() if spec.source != "value"]
    row = data.draw(rows_of(nowhere, names))[0]
    agree(nowhere, act, dict(row), data.draw(st.sampled_from([None, "bank", "shop"])))


@pytest.mark.slow
@settings(max_examples=120, deadline=None)
@given(st.data())
def test_the_solver_says_of_chinas_rules_what_the_decision_says(data: st.DataObject) -> None:
    book = load_once()
    act = data.draw(st.sampled_from(sorted(book.acts)))
    edition = book.edition(DAY)
    assert edition is not None
    used = {n for rule in edition.rules if act in rule.acts for n in names_of(rule)}
    dates = {book.catalogue[n].at for n in used if n in book.catalogue}
    names = sorted(
        n for n in used | dates if n in book.catalogue and book.catalogue[n].source != "value"
    )
    row = data.draw(rows_of(book, names))[0]
    agree(book, act, dict(row), data.draw(st.sampled_from([None, *book.country.lender_types])))


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_row_that_the_solver_finds_allowed_is_allowed_and_so_is_what_is_near_it(
    data: st.DataObject,
) -> None:
    book = load_once()
    edition = book.edition(DAY)
    assert edition is not None
    act = data.draw(st.sampled_from(sorted(book.acts)))
    question = Question(book, edition, act)
    found = question.find(question.allowed())
    assert found is not None, f"{act} is never allowed"
    if not any(book.catalogue[name].source == "value" for name in found.facts):
        assert decide(book, act, found.facts, DAY, found.lender_type).allowed
    near: dict[str, Any] = dict(found.facts)
    name = data.draw(st.sampled_from(sorted(found.facts)))
    near[name] = data.draw(values_of(book.catalogue[name]))
    agree(book, act, near, found.lender_type)


@pytest.mark.parametrize(("latest", "shown"), [("<> 700", 600), ("< 600", 0)])
def test_a_row_that_is_shown_can_be_of_one_case_if_any_can(latest: str, shown: int) -> None:
    book = load_once()
    edition = book.edition(DAY)
    assert edition is not None
    question = Question(book, edition, "contact")
    told = f"earliest_local_minute = 600 AND latest_local_minute {latest}"
    row = question.find(question.true(parse_condition(told, NOWHERE)))
    assert row is not None
    assert int(row.facts["latest_local_minute"] or 0) >= shown
