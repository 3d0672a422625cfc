"""The memory of a loan: places that do not overlap, figures by name and by place."""

from types import SimpleNamespace

from kuanxian.loan import Part, Terms
from kuanxian.loan.memory import Figures, Grid, Loan
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
        loan.asked_fen[part, 3] = 7

        assert not is_met(loan, 3)
        assert owed_fen(loan, part, 3) == 7
        assert unpaid_fen(loan, 3) == (0 if part == Part.PENALTY else 7)
        loan.met_fen[part, 3] = 7


def test_a_cleared_row_remembers_nothing() -> None:
    loan, blank = Loan(), Loan()
    fresh = {name for name, value in vars(blank).items() if isinstance(value, list)}
    for name in sorted(fresh - {"void", "paid_part_fen", "due_fen", "overdue_fen", "aged_fen"}):
        getattr(loan, name)[2] = 99
    for part in range(1, 5):
        loan.asked_fen[part, 2] = loan.met_fen[part, 2] = 99
    clear_row(loan, 2)
    rows = fresh - {"void", "paid_part_fen", "due_fen", "overdue_fen", "aged_fen"}
    left = {name: getattr(loan, name)[2] for name in rows if not name.startswith("stop_")}

    assert left == {name: -1 if name == "met_on" else 0 for name in left}
    assert all(loan.asked_fen[part, 2] == loan.met_fen[part, 2] == 0 for part in range(5))
