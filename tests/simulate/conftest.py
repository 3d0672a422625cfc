"""A made-up book, written once for all tests of this folder."""

import pytest
from tests.simulate.lived import PLAN, Lived, read_lives

from kuanxian.intake.book import Book
from kuanxian.simulate.books import write_book


@pytest.fixture(scope="session")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    return write_book(tmp_path_factory.mktemp("simulate") / "book", PLAN)


@pytest.fixture(scope="session")
def lives(book: Book) -> list[Lived]:
    return read_lives(book)
