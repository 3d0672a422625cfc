"""The page: complete, bilingual, alone, and the same every time."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from tests.close.small_books import APR, order, plain_kernel, write

from kuanxian.base.days import day_of
from kuanxian.close.report.charts import Bar, draw_bars, draw_columns
from kuanxian.close.report.render import LANGUAGES, SECTIONS, read_words, render
from kuanxian.close.run import close_day
from kuanxian.close.verdicts import open_law
from kuanxian.intake.book import Book

VOID = {"meta", "input", "br", "line", "rect"}


class Page(HTMLParser):
    """Reads a page and keeps what the tests ask for."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.texts.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.fixture(scope="module")
def two_closes(lived: Book, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The summary of a month end, with the month end before it."""
    place = tmp_path_factory.mktemp("closes")
    first = order(lived.path, place / "1", day_of(2026, 8, 31))
    close_day(first, kernel=plain_kernel)
    second = order(lived.path, place / "2", day_of(2026, 9, 30), previous=first.out, law=open_law())
    return close_day(second, kernel=plain_kernel).summary


@pytest.fixture(scope="module")
def page(two_closes: dict[str, Any]) -> Page:
    return Page(render(two_closes))


def test_the_page_is_well_formed(page: Page) -> None:
    assert page.open == []


def test_the_page_needs_nothing_else(two_closes: dict[str, Any]) -> None:
    text = render(two_closes)
    assert "<script" not in text
    assert not re.search(r"(https?:)?//|url\(|@import|src=", text)
    links = [attrs["href"] for attrs in Page(text).all("a")]
    assert links
    assert all(href is not None and href.startswith("#") for href in links)


def test_chinese_comes_first_and_each_part_says_its_language(page: Page) -> None:
    assert page.all("html")[0]["lang"] == "zh-Hans"
    assert [attrs["lang"] for attrs in page.all("main")] == ["zh-Hans", "en"]


def test_every_id_is_unique_and_every_link_has_its_target(page: Page) -> None:
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    for attrs in page.all("a"):
        assert (attrs["href"] or "").removeprefix("#") in ids


def test_every_chart_has_a_title_a_description_and_a_table_below(page: Page) -> None:
    charts = page.all("svg")
    assert len(charts) == 2 * 3
    ids = {attrs.get("id") for _, attrs in page.tags}
    for attrs in charts:
        assert attrs["role"] == "img"
        assert all(name in ids for name in (attrs["aria-labelledby"] or "").split())
    names = [name for name, _ in page.tags]
    for place, name in enumerate(names):
        if name == "svg":
            assert "table" in names[place : names.index("section", place)]


def test_every_table_has_a_caption_and_scoped_headings(page: Page) -> None:
    tables = len(page.all("table"))
    assert tables == len(page.all("caption")) > 2 * len(SECTIONS) - 4
    assert {attrs.get("scope") for attrs in page.all("th")} == {"row", "col"}


def test_no_word_is_left_unfilled(page: Page) -> None:
    text = " ".join(page.texts)
    assert "{" not in text
    assert "None" not in text


def test_both_languages_have_the_same_words_and_gaps() -> None:
    words = read_words()
    assert set(words) == set(LANGUAGES)
    assert list(words["zh"]) == list(words["en"])
    for name in words["zh"]:
        gaps = [sorted(re.findall(r"{(\w+)}", words[lang][name])) for lang in LANGUAGES]
        assert gaps[0] == gaps[1], name


def test_the_grades_say_that_they_are_policy_and_unverified(page: Page) -> None:
    text = " ".join(page.texts)
    for phrase in ("核验标记：U", "不是法律意见", "mark: U", "Not legal advice"):
        assert phrase in text


def test_the_same_summary_gives_the_same_bytes(two_closes: dict[str, Any]) -> None:
    assert render(two_closes) == render(two_closes)


def test_a_name_from_the_book_cannot_become_markup(two_closes: dict[str, Any]) -> None:
    lenders = [{**two_closes["lenders"][0], "name": "<script>alert(1)</script>"}]
    text = render({**two_closes, "lenders": lenders})
    assert "<script" not in text
    assert "&lt;script&gt;" in text


def test_amounts_bear_the_sign_of_the_books_currency(two_closes: dict[str, Any]) -> None:
    assert "¥" in render(two_closes)
    for currency in ("USD", "XXX"):
        text = render({**two_closes, "book": {**two_closes["book"], "currency": currency}})
        assert "¥" not in text
        assert ("USD 1" in text) == (currency == "USD")
        assert "Amounts in yuan" not in text
        assert ("金额以USD为单位" in text) == ("Amounts in USD" in text) == (currency == "USD")
    assert "金额以元为单位" in render(two_closes)


def test_the_head_of_the_page_says_which_overdue_loans_it_counts(page: Page) -> None:
    text = " ".join(page.texts)
    for phrase in ("逾期 1 天及以上", "两处笔数因此可能不同", "a day or more past due"):
        assert phrase in text


def test_an_empty_book_has_a_page(tmp_path: Path, out: Path) -> None:
    write(tmp_path / "b", [])
    close_day(order(tmp_path / "b", out, APR), kernel=plain_kernel)
    text = (out / "report.html").read_text(encoding="utf-8")
    assert "没有逾期贷款" in text
    assert Page(text).open == []


def test_bars_are_as_long_as_their_sizes() -> None:
    bars = [Bar("a", "", 100, "100"), Bar("b", "", 50, "50"), Bar("c", "", 0, "0")]
    drawn = draw_bars("x", "title", "said", bars)
    assert re.findall(r'width="([\d.]+)%" height="18"', drawn) == ["48.0", "24.0", "0.3"]


@pytest.mark.parametrize(
    ("sizes", "top"), [([], "1.0%"), ([3], "1.0%"), ([24], "5.0%"), ([1000], "100.0%")]
)
def test_the_axis_fits_the_highest_column(sizes: list[int], top: str) -> None:
    drawn = draw_columns("x", "title", "said", [Bar("m", "", size, "") for size in sizes])
    assert f">{top}</text>" in drawn
