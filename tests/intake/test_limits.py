"""The limits of columns and the kernel's own check refuse the same contracts."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kuanxian.base.errors import TermsError
from kuanxian.intake.compiled import machine, plain
from kuanxian.intake.limits import EVENT_LIMITS, EVENT_NEEDS, LOAN_LIMITS
from kuanxian.loan import Conventions, Event, Terms, check
from kuanxian.loan.checks import WORDS, Problem
from kuanxian.loan.events import Kind
from kuanxian.loan.terms import Part

NEAR = {
    name: [low - 1, low, low + 1, high - 1, high, high + 1]
    for name, (low, high) in LOAN_LIMITS.items()
}
SANE = Terms(principal_fen=120_000, disbursed_on=20_000, instalments=12)


@st.composite
def contracts(draw: st.DrawFn) -> Terms:
    """Draw a contract with some figures at the edge of their limits."""
    changed = draw(st.lists(st.sampled_from(Terms._fields), max_size=4, unique=True))
    return SANE._replace(**{name: draw(st.sampled_from(NEAR[name])) for name in changed})


def within_limits(terms: Terms) -> bool:
    return all(low <= getattr(terms, name) <= high for name, (low, high) in LOAN_LIMITS.items())


@given(contracts())
def test_what_the_kernel_accepts_is_within_the_limits_of_columns(terms: Terms) -> None:
    try:
        check(terms, Conventions())
    except TermsError:
        return
    assert within_limits(terms)


@given(st.lists(contracts(), min_size=1, max_size=20))
def test_the_check_over_columns_says_what_check_says_of_each(drawn: list[Terms]) -> None:
    figures = np.array(drawn, np.int64).T.copy()
    settings = Conventions(*(int(value) for value in Conventions()))
    for loops in (plain(), machine()):
        problems = np.zeros(len(drawn), np.int64)
        loops.check_contracts(figures, settings, np.arange(len(drawn)), problems)
        assert [words_of(found) for found in problems.tolist()] == [judge(t) for t in drawn]


def words_of(found: int) -> tuple[str, str] | None:
    return None if found == Problem.NONE else WORDS[Problem(found)]


def judge(terms: Terms) -> tuple[str, str] | None:
    """Say what ``check`` says of a contract."""
    try:
        check(terms, Conventions())
    except TermsError as error:
        return error.subject, error.reason
    return None


def test_every_figure_of_a_loan_and_an_event_has_limits() -> None:
    assert list(LOAN_LIMITS) == list(Terms._fields)
    assert set(EVENT_LIMITS) == set(Event._fields) - {"seq", "ref_seq"}


def lacks(**fields: int) -> set[str]:
    figures = {
        name: np.array([fields.get(name, max(low, 0))]) for name, (low, _) in EVENT_LIMITS.items()
    }
    return {name for name, _, test in EVENT_NEEDS if test(figures)[0]}


def test_money_that_moved_has_an_amount() -> None:
    assert lacks(kind=Kind.PAYMENT, value_on=1) == {"amount_fen"}
    assert lacks(kind=Kind.PAYMENT, value_on=1, amount_fen=1) == set()


def test_a_due_day_is_a_day_of_the_month() -> None:
    assert lacks(kind=Kind.DUE_DAY, value_on=1, count=31) == set()
    assert lacks(kind=Kind.DUE_DAY, value_on=1, count=32) == {"count"}


def test_a_correction_tells_its_field_by_name_and_no_part() -> None:
    assert lacks(kind=Kind.CORRECTION, value_on=1) == set()
    assert lacks(kind=Kind.CORRECTION, value_on=1, part=3, amount_fen=5) == {"part", "amount_fen"}


def test_a_kind_takes_the_parts_a_loan_file_lets_it_have() -> None:
    assert lacks(kind=Kind.DEFERRAL, value_on=1, count=1, part=Part.INTEREST) == set()
    assert lacks(kind=Kind.DEFERRAL, value_on=1, count=1, part=Part.FEE) == {"part"}
    assert lacks(kind=Kind.REINSTALMENT, value_on=1, count=1, part=Part.INTEREST) == {"part"}
