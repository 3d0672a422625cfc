"""119,015 LendingClub outcomes: principal + interest + late fee + recoveries = paid.

The file has no due days, so nothing is replayed here: what is checked is that our own
integers add up to theirs, and to which digit.
"""

import csv
import gzip
import io
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.real.figures import check_table, money

from kuanxian.intake.cells import HALF_UP, read_number
from kuanxian.intake.reasons import Reason

pytestmark = pytest.mark.real

PARTS = ("total_rec_prncp", "total_rec_int", "total_rec_late_fee", "recoveries")
SCALE = 30  # more decimals than any cell has


class Outcome(NamedTuple):
    """One loan of the file."""

    group: str
    exact_gap: int
    """paid - the four parts, as written, in 10**-20."""
    paid_fen: int
    """Rounded to the cent, as are the parts."""
    parts_fen: tuple[int, ...]


def plain(text: str) -> str:
    """Write a figure without exponent: -5.1e-09 is one of them."""
    return format(Decimal(text), "f")


def units(text: str) -> int:
    """Read a decimal exactly, in 10**-SCALE."""
    sign, digits, exponent = Decimal(text).as_tuple()
    assert isinstance(exponent, int)
    assert -SCALE <= exponent <= 0
    size: int = int("".join(map(str, digits))) * 10 ** (SCALE + exponent)
    return -size if sign else size


def cents(text: str) -> int:
    """Read an amount as intake does, rounded half up to the cent."""
    data = plain(text).encode()
    value, _, reason = read_number(data, 0, len(data), (2, 0, 0, HALF_UP))
    assert reason == Reason.NONE
    return int(value)


def read_outcomes(path: Path) -> Iterator[Outcome]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(io.StringIO(stream.read())):
            settled = row["settlement_status"].lower()
            yield Outcome(
                row["loan_status"].lower() + (f", settlement {settled}" if settled else ""),
                units(row["total_pymnt"]) - sum(units(row[part]) for part in PARTS),
                cents(row["total_pymnt"]),
                tuple(cents(row[part]) for part in PARTS),
            )


@pytest.fixture(scope="module")
def outcomes(shared: Path) -> list[Outcome]:
    """Read the whole file."""
    folder = shared / "data" / "lendingclub"
    return list(read_outcomes(folder / "p2p_loans_470k_test_labels.csv.gz"))


def gap_fen(outcome: Outcome) -> int:
    return outcome.paid_fen - sum(outcome.parts_fen)


def test_every_outcome_is_read(outcomes: list[Outcome]) -> None:
    assert len(outcomes) == 119_015


def test_no_outcome_is_off_by_more_than_one_cent(outcomes: list[Outcome]) -> None:
    cent = 10 ** (SCALE - 2)
    assert max(abs(outcome.exact_gap) for outcome in outcomes) == cent
    gaps = Counter(gap_fen(outcome) for outcome in outcomes)
    assert (gaps[-1], gaps[1], gaps.total() - gaps[0]) == (3, 3, 6)


def test_only_charged_off_loans_recover_or_settle(outcomes: list[Outcome]) -> None:
    for outcome in outcomes:
        if outcome.group == "fully paid":
            assert outcome.parts_fen[3] == 0


def test_the_figures_on_the_page_are_those_of_the_file(outcomes: list[Outcome], root: Path) -> None:
    half = 10 ** (SCALE - 2) // 2
    rows = []
    for group in [*sorted({outcome.group for outcome in outcomes}), "all"]:
        own = [o for o in outcomes if group in (o.group, "all")]
        kinds = Counter(
            "exact" if not o.exact_gap else "within" if abs(o.exact_gap) < half else "off"
            for o in own
        )
        cents_off = sum(gap_fen(o) != 0 for o in own)
        rows.append([group, len(own), kinds["exact"], kinds["within"], kinds["off"], cents_off])
    header = ["outcome", "loans", "exact as written", "within half a cent", "a cent off",
              "off once each figure is rounded"]  # fmt: skip
    page = root / "docs" / "explanation" / "real-data.md"
    check_table(page, "lendingclub-identity", header, rows)


def test_the_sums_on_the_page_are_those_of_the_file(outcomes: list[Outcome], root: Path) -> None:
    rows = []
    for group in [*sorted({outcome.group for outcome in outcomes}), "all"]:
        own = [o for o in outcomes if group in (o.group, "all")]
        parts = [sum(o.parts_fen[k] for o in own) for k in range(len(PARTS))]
        paid_fen = sum(o.paid_fen for o in own)
        rows.append([group, money(paid_fen), *map(money, parts), money(paid_fen - sum(parts))])
    header = ["outcome", "paid", "principal", "interest", "late fee", "recoveries", "difference"]
    page = root / "docs" / "explanation" / "real-data.md"
    check_table(page, "lendingclub-sums", header, rows)
