"""The figures of the day: what is in summary.json, and that its page says so."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.close.small_books import APR, FEB, MAR, order, pay, plain_kernel, write

from kuanxian.close.compare import REASONS, STATES
from kuanxian.close.figures import by_vintage
from kuanxian.close.report.render import read_words
from kuanxian.close.run import close_day
from kuanxian.close.tally import blank, merge
from kuanxian.close.verdicts import open_law
from kuanxian.loan import Event, Kind
from kuanxian.loan.events import Refused

PAGE = Path(__file__).resolve().parents[2] / "docs/reference/summary.md"


@pytest.fixture(scope="module")
def summary(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A summary in which every key has something to say."""
    place = tmp_path_factory.mktemp("summary")
    write(place / "1", [[pay(1, FEB)], [], []], names=["a", "b", "gone"])
    lives = [[pay(1, FEB), pay(2, FEB, 500, recorded_on=APR)], [Event(1, Kind.RECOVERY, APR, 1)]]
    write(place / "2", lives, names=["a", "b"])
    close_day(order(place / "1", place / "march", MAR), kernel=plain_kernel)
    given = order(place / "2", place / "april", APR, previous=place / "march", law=open_law())
    return close_day(given, kernel=plain_kernel).summary


def keys(value: Any, path: str) -> Iterator[str]:
    """Name every key of a JSON value, lists as ``name[]``."""
    if isinstance(value, list):
        yield f"{path}[]"
        for item in value:
            yield from keys(item, f"{path}[]") if isinstance(item, dict) else ()
    elif isinstance(value, dict):
        if path:
            yield path
        for name, item in value.items():
            yield from keys(item, f"{path}.{name}" if path else name)
    else:
        yield path


def documented(key: str, told: set[str]) -> bool:
    """Say whether a key is on the page, by itself, as a sum of a row, or within a family."""
    row = re.fullmatch(r"(status|ageing|coarse|grades|lenders|segments)\[\]\.(\w+)", key)
    families = ("policy.", "refusals.by_reason.", "refusals.intake.by_reason.")
    key = re.sub(r"(differences)\.\w+", r"\1.*", key)
    return (
        key in told
        or (row is not None and row[2] in told)
        or key.startswith(families)
        or re.sub(r"^totals\.\w+_fen$", "totals.*_fen", key) in told
        or any(other.startswith((f"{key}.", f"{key}[]")) for other in told)
    )


def test_every_key_is_on_its_page(summary: dict[str, Any]) -> None:
    told = set(re.findall(r"`([\w.*\[\]]+)`", PAGE.read_text(encoding="utf-8")))
    assert [key for key in sorted(set(keys(summary, ""))) if not documented(key, told)] == []


def test_every_key_on_the_page_is_there(summary: dict[str, Any]) -> None:
    rows = re.findall(r"^\| (.+?) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    told = {key for row in rows for key in re.findall(r"`([\w.\[\]]+)`", row)}
    found = set(keys(summary, ""))
    ends = {key.rpartition(".")[2] for key in found}
    assert [key for key in sorted(told) if key not in found and key not in ends] == []


def test_a_summary_is_whole_numbers_and_text(summary: dict[str, Any]) -> None:
    assert "." not in re.sub(r'"[^"]*"', "", json.dumps(summary))


def test_what_is_open_is_the_same_however_it_is_arranged(summary: dict[str, Any]) -> None:
    for name in ("loans", "outstanding_principal_fen", "overdue_principal_fen"):
        sums = {
            part: sum(row[name] for row in summary[part])
            for part in ("ageing", "coarse", "grades", "lenders", "segments")
        }
        assert len(set(sums.values())) == 1, (name, sums)


def test_statuses_add_up_to_the_totals(summary: dict[str, Any]) -> None:
    for name in ("loans", "outstanding_principal_fen", "overdue_interest_fen"):
        assert sum(row[name] for row in summary["status"]) == summary["totals"][name]


def test_tallies_merge_in_any_order() -> None:
    one = {"loans": 1, "standing": [[1, 0, 0, 1, 0, 1, 5]], "refused": {"bad_field": 1}}
    two = {"loans": 2, "standing": [[2, 1, 1, 2, 0, 1, 7]], "refused": {"after_end": 2}}
    left, right = merge(merge(blank(), one), two), merge(merge(blank(), two), one)
    assert left == right
    assert left["loans"] == 3
    assert left["refused"] == {"after_end": 2, "bad_field": 1}


def test_a_vintage_takes_its_month_from_the_calendar() -> None:
    rows = [[24, 0, 3, 300, 200], [24, 1, 1, 100, 90], [0, 0, 5, 0, 0]]
    (fact,) = by_vintage(rows, 790, [])
    assert fact["month"] == "1972-01"
    assert fact["points"] == [
        {
            "as_of": "1972-03-01",
            "months": 2,
            "late_loans": 1,
            "late_principal_fen": 90,
            "outstanding_principal_fen": 290,
        }
    ]


def test_every_name_a_figure_may_have_has_its_words() -> None:
    words = read_words()["zh"]
    for state in STATES[8:]:
        assert f"state_{state}" in words
    for reason in REASONS:
        assert f"cash_{reason}" in words
    for refused in Refused:
        assert refused is Refused.NONE or f"refused_{refused.name.lower()}" in words
