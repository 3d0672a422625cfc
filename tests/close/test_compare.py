"""This close beside the one before it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.close.small_books import APR, FEB, JAN, MAR, TERMS, order, pay, plain_kernel, write

from kuanxian.base.errors import CloseError
from kuanxian.close.run import close_day
from kuanxian.loan import Event, Kind


def closed_twice(
    tmp_path: Path, before: Any, now: Any, names: tuple[Sequence[str], Sequence[str]] = ((), ())
) -> dict[str, Any]:
    """Close a book on 15 March and, as it is on 15 April, again; give the comparison."""
    write(tmp_path / "before", before, names=names[0])
    write(tmp_path / "now", now, names=names[1])
    first = order(tmp_path / "before", tmp_path / "1", MAR)
    close_day(first, kernel=plain_kernel)
    second = order(tmp_path / "now", tmp_path / "2", APR, previous=first.out)
    seen: dict[str, Any] = close_day(second, kernel=plain_kernel).summary["previous"]
    return seen


def moves(seen: dict[str, Any]) -> dict[tuple[str, str], int]:
    return {(cell["before"], cell["now"]): cell["loans"] for cell in seen["roll"]}


def test_every_loan_is_in_one_cell_of_the_matrix(tmp_path: Path) -> None:
    on_time = [pay(1, FEB), pay(2, MAR), pay(3, APR)]
    stopped = [pay(1, FEB), pay(2, MAR)]
    settled = [*stopped, Event(3, Kind.SETTLEMENT, APR, 2_000_000)]
    written_off = [Event(1, Kind.WRITE_OFF, APR)]
    book = [on_time, stopped, [], settled, written_off, [pay(1, APR, 330_048)]]
    seen = closed_twice(tmp_path, book, book)
    assert moves(seen) == {
        ("M0", "M0"): 2,
        ("M0", "settled"): 1,
        ("M1", "M2"): 1,
        ("M1", "written_off"): 1,
        ("M1", "M0"): 1,
    }
    assert seen["as_of"] == "2026-03-15"


def test_loans_are_known_by_their_id_not_their_row(tmp_path: Path) -> None:
    late: list[Event] = []
    seen = closed_twice(
        tmp_path,
        [late, [pay(1, FEB), pay(2, MAR)]],
        [[pay(1, FEB), pay(2, MAR), pay(3, APR)], [], late],
        names=(["late", "good"], ["good", "new", "late"]),
    )
    assert moves(seen) == {("M0", "M0"): 1, ("M1", "M2"): 1, ("absent", "M2"): 1}


def test_a_loan_that_left_the_book_is_accounted_for(tmp_path: Path) -> None:
    seen = closed_twice(tmp_path, [[], []], [[]], names=(["stays", "goes"], ["stays"]))
    assert seen["principal"]["gone_fen"] == 1_200_000
    assert moves(seen)["M1", "absent"] == 1


def test_a_contract_that_changed_without_an_event_is_told(tmp_path: Path) -> None:
    names = (["same", "more", "drawn"],) * 2
    drawn = [Event(1, Kind.DRAWDOWN, APR, 100_000)]
    before = [[pay(1, FEB)], [pay(1, FEB)], []]
    seen = closed_twice(tmp_path, before, [before[0], before[1], drawn], names=names)
    assert seen["contracts"] == {"missing": 0, "changed": 0}
    other = TERMS._replace(principal_fen=TERMS.principal_fen + 100_000)
    write(
        tmp_path / "other", [[pay(1, FEB)], [pay(1, FEB)]], [TERMS, other], names=["same", "more"]
    )
    again = order(tmp_path / "other", tmp_path / "3", APR, previous=tmp_path / "1")
    found = close_day(again, kernel=plain_kernel).summary["previous"]
    assert found["contracts"] == {"missing": 1, "changed": 1}
    assert found["contracts_listed"] == {"missing": ["drawn"], "changed": ["more"]}
    assert "without an event" in (tmp_path / "3" / "report.html").read_text(encoding="utf-8")


def test_a_close_of_another_book_is_not_taken_for_the_one_before(tmp_path: Path) -> None:
    with pytest.raises(CloseError, match="no loan in common"):
        closed_twice(tmp_path, [[], []], [[]], names=(["theirs", "too"], ["ours"]))


def test_the_way_of_the_principal_adds_up(tmp_path: Path) -> None:
    seen = closed_twice(tmp_path, [[pay(1, FEB)], []], [[pay(1, FEB), pay(2, APR)], []])
    way = seen["principal"]
    assert way["after_fen"] == (
        way["before_fen"]
        - way["gone_fen"]
        + way["drawn_fen"]
        + way["capitalised_fen"]
        - way["paid_principal_fen"]
        - way["waived_principal_fen"]
    )
    assert way["paid_principal_fen"] > 0


CASES = {
    "a payment since": ([pay(1, FEB)], [pay(1, FEB), pay(2, APR)], {}),
    "a payment since, taken back since": (
        [pay(1, FEB)],
        [pay(1, FEB), pay(2, MAR + 1), Event(3, Kind.REVERSAL, APR, ref_seq=2)],
        {},
    ),
    "a payment of before, booked since": (
        [],
        [pay(1, FEB, 500, recorded_on=APR)],
        {"backdated": {"loans": 1, "fen": 500}},
    ),
    "a payment of before, taken back since": (
        [pay(1, FEB, 500)],
        [pay(1, FEB, 500), Event(2, Kind.REVERSAL, APR, ref_seq=1)],
        {"reversal": {"loans": 1, "fen": -500}},
    ),
    "a payment since that is refused": (
        [Event(1, Kind.ASSIGNMENT, FEB)],
        [Event(1, Kind.ASSIGNMENT, FEB), pay(2, APR, 500)],
        {"refused": {"loans": 1, "fen": -500}},
    ),
    "a payment that appeared without a day": (
        [],
        [pay(1, FEB, 500)],
        {"unrecorded": {"loans": 1, "fen": 500}},
    ),
    "a payment that vanished": (
        [pay(1, FEB, 500)],
        [],
        {"unrecorded": {"loans": 1, "fen": -500}},
    ),
}


@pytest.mark.parametrize(("before", "now", "differences"), CASES.values(), ids=CASES)
def test_every_difference_in_cash_is_explained(
    tmp_path: Path, before: list[Event], now: list[Event], differences: dict[str, Any]
) -> None:
    cash = closed_twice(tmp_path, [before, []], [now, []])["cash"]
    assert cash["differences"] == differences
    explained = sum(found["fen"] for found in differences.values())
    assert cash["moved_fen"] - cash["dated_fen"] == explained
    assert [row["loan_no"] for row in cash["listed"]] == [0] * len(differences)


def test_an_id_that_stands_twice_stops_the_close(tmp_path: Path) -> None:
    with pytest.raises(CloseError, match="stands more than once"):
        closed_twice(tmp_path, [[], []], [[], []], names=(["a", "a"], ["a", "a"]))
    assert not (tmp_path / "2").exists()


def test_a_previous_close_without_positions_stops_the_close(tmp_path: Path) -> None:
    write(tmp_path / "b", [[]], [TERMS])
    close_day(order(tmp_path / "b", tmp_path / "1", MAR), kernel=plain_kernel)
    (tmp_path / "1" / "positions.parquet").write_bytes(b"PAR1 no more")
    again = order(tmp_path / "b", tmp_path / "2", APR, previous=tmp_path / "1")
    with pytest.raises(CloseError, match="cannot be read"):
        close_day(again, kernel=plain_kernel)
    assert not (tmp_path / ".2.closing").exists()


def test_vintages_carry_the_points_of_earlier_closes(tmp_path: Path) -> None:
    write(tmp_path / "b", [[], [pay(1, FEB), pay(2, MAR), pay(3, APR)]])
    before = None
    for day in (FEB, MAR, APR):
        out = tmp_path / str(day)
        given = order(tmp_path / "b", out, day, previous=before)
        summary = close_day(given, kernel=plain_kernel).summary
        before = out
    (vintage,) = summary["vintages"]
    assert (vintage["month"], vintage["loans"]) == ("2026-01", 2)
    assert [point["months"] for point in vintage["points"]] == [1, 2, 3]
    assert [point["late_loans"] for point in vintage["points"]] == [0, 0, 1]
    assert JAN < FEB
