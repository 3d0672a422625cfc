"""The memory of a loan: places that do not overlap, figures by name and by place."""

from types import SimpleNamespace

from kuanxian.base.days import NO_DAY
from kuanxian.loan import Part, Terms
from kuanxian.loan.memory import Figures, Grid, Lazy, Loan, PlanRow
from kuanxian.loan.rows import clear_row, is_met, owed_fen, unpaid_fen


def test_a_grid_keeps_every_place_apart() -> None:
    grid = Grid(3, 4)
    for column in range(3):
        for row in range(4):
            grid[column, row] = 10 * column + row

    assert [grid[column, row] for column in range(3) for row in range(4)] == [
        0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23,
    ]  # fmt: skip


def test_figures_are_the_terms_by_place() -> None:
    terms = SimpleNamespace(**Terms(1, 2, 3)._asdict())
    figures = Figures(terms)
    for place in range(len(Terms._fields)):
        figures[place] = 100 + place

    assert [getattr(terms, name) for name in Terms._fields] == list(range(100, 118))
    assert figures[17] == 117


def test_a_row_is_met_when_every_part_is() -> None:
    loan = Loan()
    clear_row(loan, 3)
    for part in (Part.FEE, Part.PENALTY, Part.INTEREST, Part.PRINCIPAL):
        assert is_met(loan, 3)
        loan.plan[3].asked_fen[part] = 7

        assert not is_met(loan, 3)
        assert owed_fen(loan, part, 3) == 7
        assert unpaid_fen(loan, 3) == (0 if part == Part.PENALTY else 7)
        loan.plan[3].met_fen[part] = 7


def test_a_cleared_row_remembers_nothing() -> None:
    loan = Loan()
    row = loan.plan[2]
    for name, value in vars(row).items():
        setattr(row, name, [99] * len(value) if isinstance(value, list) else 99)
    clear_row(loan, 2)

    assert vars(row) == {**vars(PlanRow()), "met_on": NO_DAY}


def test_places_are_made_when_they_are_looked_at() -> None:
    places = Lazy(PlanRow)
    places[7].due_on = 20_000

    assert places[7].due_on == 20_000
    assert places[6].due_on == 0
    assert list(places) == [7, 6]
