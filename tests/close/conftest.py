"""Books the tests of the close share."""

from pathlib import Path

import pytest

from kuanxian.base.days import day_of
from kuanxian.intake.book import Book
from kuanxian.simulate.books import book as live


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """A made-up book of 600 loans over two years, until 2026-09-30."""
    out = tmp_path_factory.mktemp("lived") / "book"
    return live(out, loans=600, years=2, seed=3, until_on=day_of(2026, 9, 30))


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A place for a close."""
    return tmp_path / "day"
