"""Golden days: what each loan in ``cases/`` comes to, plain and compiled.

A folder holds ``loan.toml`` (a loan file), ``days.toml`` (days with some figures of the
position at their close) and ``story.md`` (why those figures are right, reckoned by hand).
"""

import datetime
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from tests.state.test_twins import book_of

from kuanxian.base.days import NO_DAY, date_of, day_number, month_start
from kuanxian.intake.loan_file import LoanFile, read_loan_file
from kuanxian.loan import Letter, Policy, Position, Status, position
from kuanxian.simulate import Life
from kuanxian.state.batch import positions

CASES = Path(__file__).resolve().parents[2] / "cases"
FOLDERS = sorted(folder for folder in CASES.iterdir() if folder.is_dir())
CODES = {"status": Status, "letter": Letter}


def figure(name: str, value: Any) -> tuple[str, int]:
    """Read one expected figure: yuan as text, a date, a count, a code by name."""
    if isinstance(value, datetime.date):
        return name, day_number(value)
    if value == "none":
        return name, NO_DAY
    if name in CODES:
        return name, CODES[name][value.upper()].value
    if isinstance(value, str):
        assert re.fullmatch(r"\d+\.\d\d", value), (name, value)
        return f"{name}_fen", int(value.replace(".", ""))
    return name, value


def days_of(folder: Path) -> list[tuple[int, dict[str, int]]]:
    """Read the golden days of a folder."""
    days = tomllib.loads((folder / "days.toml").read_text("utf-8"))["days"]
    return [
        (day_number(day.pop("on")), dict(figure(name, value) for name, value in day.items()))
        for day in days
    ]


def loan_of(folder: Path) -> LoanFile:
    return read_loan_file(folder / "loan.toml")


def test_there_are_golden_days_and_each_has_its_story() -> None:
    assert len(FOLDERS) >= 20
    for folder in FOLDERS:
        names = sorted(path.name for path in folder.iterdir())

        assert names == ["days.toml", "loan.toml", "story.md"], folder.name
        assert len(days_of(folder)) >= 3, folder.name


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_golden_day_comes_out_plain(folder: Path) -> None:
    loan = loan_of(folder)
    for day_on, expected in days_of(folder):
        at = position(loan.terms, loan.conventions, loan.events, as_of_on=day_on)

        assert {name: getattr(at, name) for name in expected} == expected, date_of(day_on)


def test_every_golden_day_comes_out_compiled() -> None:
    loans = [loan_of(folder) for folder in FOLDERS]
    book = book_of([Life(loan.terms, loan.conventions, list(loan.events)) for loan in loans])
    golden = [dict(days_of(folder)) for folder in FOLDERS]
    for day_on in sorted({day for days in golden for day in days}):
        table = positions(
            *book, as_of_on=day_on, period_from_on=month_start(day_on), policy=Policy()
        )
        columns = [as_numbers(table[name].to_pylist()) for name in Position._fields]
        for place, days in enumerate(golden):
            told = {name: columns[k][place] for k, name in enumerate(Position._fields)}
            expected = days.get(day_on, {})

            assert {name: told[name] for name in expected} == expected, FOLDERS[place].name


def as_numbers(cells: list[Any]) -> list[int]:
    """Turn the cells of a column into the kernel's integers."""
    if any(isinstance(cell, datetime.date) for cell in cells) or None in cells:
        return [NO_DAY if cell is None else day_number(cell) for cell in cells]
    return cells
