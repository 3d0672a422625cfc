"""Every figure is read exactly, or not at all; plain and compiled loops read alike."""

import datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuanxian.base.days import day_number
from kuanxian.intake.cells import (
    BINARY,
    EXACT,
    FLOOR,
    FULL_WIDTH,
    HALF_UP,
    PERCENT_SIGN,
    YUAN_SIGN,
    read_date,
    read_number,
)
from kuanxian.intake.compiled import machine, plain
from kuanxian.intake.reasons import Reason

COMMA = ord(",")


def rows(table: list[Any]) -> list[Any]:
    """Name each row of a table by its last column."""
    return [pytest.param(*row[:-1], id=row[-1]) for row in table]


def number(
    text: str, power: int = 2, thousands: int = 0, style: int = 0, rounding: int = EXACT
) -> tuple[int, int, Reason]:
    data = text.encode()
    value, left, reason = read_number(data, 0, len(data), (power, thousands, style, rounding))
    return int(value), int(left), Reason(int(reason))


NUMBERS = [
    ("1234.50", {}, 123450, "yuan become fen"),
    ("1234.5", {}, 123450, "a missing digit is a zero"),
    ("1234.", {}, 123400, "a bare point is allowed"),
    (".5", {}, 50, "no digit before the point"),
    ("-0.01", {}, -1, "a sign before"),
    ("  12 ", {}, 1200, "blanks around"),
    ("007", {}, 700, "zeros before"),
    ("1.2300000", {}, 123, "zeros after"),
    ("12.5", {"power": 7}, 125_000_000, "percent become parts per billion"),
    ("5", {"power": 5}, 500_000, "万分之五 a day"),
    ("0.000365", {"power": 9}, 365_000, "a fraction"),
    ("1,234,567.89", {"thousands": COMMA}, 123_456_789, "groups of three, declared"),
    ("1,234", {"thousands": COMMA}, 123_400, "a group at the end"),
    ("１２３．４５", {"style": FULL_WIDTH}, 12_345, "full-width digits, declared"),
    ("￥1", {"style": YUAN_SIGN}, 100, "a full-width yuan sign, declared"),
    ("¥ 12.30", {"style": YUAN_SIGN}, 1230, "a yuan sign and a blank, declared"),
    ("12元", {"style": YUAN_SIGN}, 1200, "元 after, declared"),
    ("7.2%", {"power": 7, "style": PERCENT_SIGN}, 72_000_000, "a percent sign, declared"),
    ("0.30000000000000004", {"style": BINARY}, 30, "a binary number near a whole fen"),
    ("0.29999999999999999", {"style": BINARY}, 30, "the same from below"),
    ("99999999999", {}, 9_999_999_999_900, "large, but readable"),
    ("72.1167", {"rounding": HALF_UP}, 7212, "rounded where the layout says so"),
    ("72.1167", {"rounding": FLOOR}, 7211, "cut where the layout says so"),
]


@pytest.mark.parametrize(("text", "form", "value"), rows(NUMBERS))
def test_a_number_is_read(text: str, form: dict[str, int], value: int) -> None:
    assert number(text, **form)[::2] == (value, Reason.NONE)


REFUSED = [
    ("1,234.50", {}, Reason.NOT_A_NUMBER, "a group mark that is not declared"),
    ("12,34", {"thousands": COMMA}, Reason.NOT_A_NUMBER, "a group of two"),
    ("1234,567", {"thousands": COMMA}, Reason.NOT_A_NUMBER, "a group of four"),
    (",123", {"thousands": COMMA}, Reason.NOT_A_NUMBER, "a group mark first"),
    ("1,23.4", {"thousands": COMMA}, Reason.NOT_A_NUMBER, "a short group before the point"),
    ("１２", {}, Reason.NOT_A_NUMBER, "full-width digits that are not declared"),
    ("￥1", {}, Reason.NOT_A_NUMBER, "a yuan sign that is not declared"),
    ("5%", {"power": 7}, Reason.NOT_A_NUMBER, "a percent sign that is not declared"),
    ("1.005", {}, Reason.NOT_WHOLE, "half a fen"),
    ("0.0000000000000000001", {}, Reason.NOT_WHOLE, "a digit far behind"),
    ("0.305", {"style": BINARY}, Reason.NOT_WHOLE, "a binary number between two fen"),
    ("NaN", {}, Reason.NOT_FINITE, "not a number"),
    ("-inf", {}, Reason.NOT_FINITE, "infinity"),
    ("Infinity", {}, Reason.NOT_FINITE, "infinity in full"),
    ("nan1", {}, Reason.NOT_A_NUMBER, "a word that begins like one"),
    ("1e5", {}, Reason.NOT_A_NUMBER, "an exponent in text"),
    ("1e+21", {"style": BINARY}, Reason.OUT_OF_BOUNDS, "a huge binary number"),
    ("1e-7", {"style": BINARY}, Reason.NOT_WHOLE, "a tiny binary number"),
    ("9" * 400, {}, Reason.OUT_OF_BOUNDS, "400 digits"),
    ("100000000001", {}, Reason.OUT_OF_BOUNDS, "beyond what is read at all"),
    ("--1", {}, Reason.NOT_A_NUMBER, "two signs"),
    ("1-", {}, Reason.NOT_A_NUMBER, "a sign after"),
    ("+1", {}, Reason.NOT_A_NUMBER, "a plus sign"),
    ("(1)", {}, Reason.NOT_A_NUMBER, "brackets"),
    ("1.2.3", {}, Reason.NOT_A_NUMBER, "two points"),
    (".", {}, Reason.NOT_A_NUMBER, "a point alone"),
    ("-", {}, Reason.NOT_A_NUMBER, "a sign alone"),
    ("1\x002", {}, Reason.NOT_A_NUMBER, "a NUL inside"),
    ("1 2", {}, Reason.NOT_A_NUMBER, "a blank inside"),
    ("１２", {"style": YUAN_SIGN}, Reason.NOT_A_NUMBER, "one permission is not the other"),
]


@pytest.mark.parametrize(("text", "form", "reason"), rows(REFUSED))
def test_what_is_not_a_number_is_refused_and_worth_nothing(
    text: str, form: dict[str, int], reason: Reason
) -> None:
    assert number(text, **form) == (0, 0, reason)


@given(st.decimals(-99_999_999, 99_999_999, places=2))
def test_any_amount_with_two_decimals_is_exact(amount: Decimal) -> None:
    assert number(format(amount, "f")) == (int(amount * 100), 0, Reason.NONE)


@given(st.integers(0, 10**9), st.integers(0, 9_999))
def test_what_rounding_takes_off_is_kept_to_the_millionth(fen: int, rest: int) -> None:
    text = format(Decimal(fen).scaleb(-2) + Decimal(rest).scaleb(-6), "f")
    value, left, reason = number(text, rounding=HALF_UP)
    assert reason == Reason.NONE
    assert value * 1_000_000 + left == fen * 1_000_000 + rest * 100
    assert -500_000 <= left < 500_000


@given(st.floats(0, 1e8).map(lambda x: round(x, 2)))
def test_a_binary_number_of_whole_fen_is_that_many_fen(amount: float) -> None:
    assert number(repr(amount) if "e" not in repr(amount) else "0", style=BINARY)[2] == Reason.NONE


@given(st.binary(max_size=24), st.integers(0, 15), st.sampled_from([0, COMMA]))
def test_no_bytes_make_a_number_of_more_than_its_digits(
    data: bytes, style: int, thousands: int
) -> None:
    value, left, reason = read_number(data, 0, len(data), (2, thousands, style, HALF_UP))
    assert abs(value) <= 10**13
    assert abs(left) <= 1_000_000
    assert reason == Reason.NONE or value == 0


DATES = [
    ("2026-11-24", "YYYY-MM-DD", "2026-11-24", "the usual form"),
    ("2026/1/5", "YYYY/M/D", "2026-01-05", "one digit where one will do"),
    ("2026/01/05", "YYYY/M/D", "2026-01-05", "two digits in the same form"),
    ("20240229", "YYYYMMDD", "2024-02-29", "no marks, a leap day"),
    ("2024年1月5日", "YYYY年M月D日", "2024-01-05", "in Chinese"),
    ("2022-02-05T00:00:00Z", "YYYY-MM-DDThh:mm:ssZ", "2022-02-05", "an instant"),
    ("2022-02-05 23:59:59.123+08:00", "YYYY-MM-DD*", "2022-02-05", "anything after"),
    ("31/12/2199", "DD/MM/YYYY", "2199-12-31", "the last day there is"),
    ("1970-01-01", "YYYY-MM-DD", "1970-01-01", "the first day there is"),
]


@pytest.mark.parametrize(("text", "form", "day"), rows(DATES))
def test_a_date_is_read(text: str, form: str, day: str) -> None:
    data = text.encode()
    expected = day_number(datetime.date.fromisoformat(day))
    assert read_date(data, 0, len(data), form.encode()) == (expected, Reason.NONE)


BAD_DATES = [
    ("2024-02-31", "YYYY-MM-DD", Reason.BAD_DATE, "31 February"),
    ("2023-02-29", "YYYY-MM-DD", Reason.BAD_DATE, "29 February of a common year"),
    ("0000-00-00", "YYYY-MM-DD", Reason.BAD_DATE, "zeros"),
    ("2024-13-01", "YYYY-MM-DD", Reason.BAD_DATE, "month 13"),
    ("2024-1-05", "YYYY-MM-DD", Reason.BAD_DATE, "one digit where two are asked for"),
    ("24-01-05", "YYYY-MM-DD", Reason.BAD_DATE, "a short year"),
    ("2024-01-05x", "YYYY-MM-DD", Reason.BAD_DATE, "more after the date"),
    ("2024-01-05", "YYYY/MM/DD", Reason.BAD_DATE, "other marks"),
    ("2024-01-05 24:00:00", "YYYY-MM-DD hh:mm:ss", Reason.BAD_DATE, "hour 24"),
    ("1969-12-31", "YYYY-MM-DD", Reason.DATE_OUT_OF_BOUNDS, "before the first day"),
    ("2200-01-01", "YYYY-MM-DD", Reason.DATE_OUT_OF_BOUNDS, "after the last day"),
    ("9999-12-31", "YYYY-MM-DD", Reason.DATE_OUT_OF_BOUNDS, "the end of time"),
]


@pytest.mark.parametrize(("text", "form", "reason"), rows(BAD_DATES))
def test_what_is_no_date_is_refused(text: str, form: str, reason: Reason) -> None:
    data = text.encode()
    assert read_date(data, 0, len(data), form.encode()) == (0, reason)


@given(st.dates(datetime.date(1970, 1, 1), datetime.date(2199, 12, 31)))
def test_every_day_there_is_can_be_read_in_any_form(day: datetime.date) -> None:
    forms = {"YYYY-MM-DD": "%Y-%m-%d", "YYYYMMDD": "%Y%m%d", "D/M/YYYY": "%d/%m/%Y"}
    for form, pattern in forms.items():
        data = day.strftime(pattern).encode()
        assert read_date(data, 0, len(data), form.encode()) == (day_number(day), Reason.NONE)


@given(
    st.lists(st.text("0123456789.-+,%eE年元￥１nif ", max_size=12), min_size=1, max_size=40),
    st.integers(0, 15),
    st.sampled_from([EXACT, HALF_UP, FLOOR]),
)
def test_compiled_loops_read_numbers_as_plain_ones_do(
    texts: list[str], style: int, rounding: int
) -> None:
    encoded = [text.encode() for text in texts]
    data = np.frombuffer(b"".join(encoded), np.uint8)
    ends = np.cumsum([len(text) for text in encoded]).astype(np.int32)
    starts = np.concatenate([[0], ends[:-1]]).astype(np.int32)
    results = []
    for loops in (plain(), machine()):
        read = np.zeros(len(texts), np.int64), np.zeros(len(texts), np.int64)
        reasons = np.zeros(len(texts), np.int16)
        empties = (loops.view(np.frombuffer(b"NULL", np.uint8)), np.array([4]))
        form = (2, COMMA, style, rounding)
        loops.read_numbers((loops.view(data), starts, ends), form, empties, (*read, reasons))
        results.append([column.tolist() for column in (*read, reasons)])
    assert results[0] == results[1]
