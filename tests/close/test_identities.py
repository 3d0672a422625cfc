"""The other side of the reconciliation: the events added up without the kernel."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.close.small_books import APR, CONVENTIONS, FEB, JAN, MAR, MAY, pay, plain_kernel, write

from kuanxian.base.days import day_of
from kuanxian.close.arrays import Arrays
from kuanxian.close.counted import Money, add_up, event_keys
from kuanxian.close.identities import check_slice
from kuanxian.close.refused import Listing, list_refused
from kuanxian.intake.tables import products_table
from kuanxian.loan import Conventions, Event, Kind, Policy, Terms
from kuanxian.simulate.lives import life
from kuanxian.state.local import Slice, read_slices


def undo(seq: int, on: int, ref_seq: int) -> Event:
    return Event(seq, Kind.REVERSAL, on, ref_seq=ref_seq)


LIVES = {
    "nothing": ([], 0),
    "two payments": ([pay(1, FEB, 100), pay(2, MAR, 50)], 150),
    "a payment after the day": ([pay(1, FEB, 100), pay(2, MAY, 50)], 100),
    "a payment taken back": ([pay(1, FEB, 100), undo(2, MAR, 1)], 0),
    "taken back after the day": ([pay(1, FEB, 100), undo(2, MAY, 1)], 100),
    "the taking back taken back": ([pay(1, FEB, 100), undo(2, MAR, 1), undo(3, MAR, 2)], 100),
    "and that taken back too": (
        [pay(1, FEB, 100), undo(2, MAR, 1), undo(3, MAR, 2), undo(4, APR, 3)],
        0,
    ),
    "a reversal of a later number": ([undo(1, FEB, 2), pay(2, MAR, 100)], 100),
    "a reversal backdated before its payment": ([pay(1, MAR, 100), undo(2, FEB, 1)], 0),
    "a settlement and a recovery": (
        [
            Event(1, Kind.SETTLEMENT, FEB, 70),
            Event(2, Kind.WRITE_OFF, MAR),
            Event(3, Kind.RECOVERY, APR, 30),
        ],
        100,
    ),
    "a recovery without a write-off": ([Event(1, Kind.RECOVERY, APR, 30)], 30),
}


def looked_at(
    tmp_path: Path,
    lives: Sequence[Sequence[Event]],
    terms: Sequence[Terms] = (),
    products: Sequence[Conventions] = (CONVENTIONS,),
    as_of_on: int = APR,
) -> tuple[Slice, Arrays, Listing, Money]:
    (piece,) = read_slices(write(tmp_path / f"b{as_of_on}", lives, terms, products))
    when: dict[str, Any] = {"as_of_on": as_of_on, "period_from_on": as_of_on, "policy": Policy()}
    table = plain_kernel(piece.loans, products_table(products), piece.events, **when)
    events, positions = Arrays(piece.events), Arrays(table)
    listing = list_refused(piece, events, positions, products_table(products), as_of_on)
    return piece, positions, listing, add_up(piece, events, as_of_on, listing.keys)


@pytest.mark.slow
@pytest.mark.parametrize("as_of_on", [day_of(year, 6, 30) for year in (1990, 2026, 2100)])
def test_any_lives_reconcile_on_any_day(tmp_path: Path, as_of_on: int) -> None:
    drawn = [life(seed) for seed in range(300)]
    piece, positions, _, money = looked_at(
        tmp_path,
        [one.events for one in drawn],
        [one.terms for one in drawn],
        [one.conventions for one in drawn],
        as_of_on,
    )
    checks = check_slice(piece, positions, money, as_of_on)
    broken = {name: check["first_loan_nos"] for name, check in checks.items() if check["broken"]}
    assert broken == {}


def test_the_cash_of_a_life_is_what_the_kernel_took(tmp_path: Path) -> None:
    lives = [life for life, _ in LIVES.values()]
    _, positions, _, money = looked_at(tmp_path, lives)
    assert money.received_fen.tolist() == [fen for _, fen in LIVES.values()]
    assert positions["paid_fen"].tolist() == money.received_fen.tolist()


def test_every_refused_event_is_listed_with_its_reason(tmp_path: Path) -> None:
    life = [
        pay(1, JAN - 5),
        undo(2, FEB, 77),
        Event(3, 99, FEB),
        Event(4, Kind.REFUND, MAR, 10_000_000),
        Event(5, Kind.ASSIGNMENT, MAR),
        pay(6, APR),
    ]
    _, _, listing, _ = looked_at(tmp_path, [[], life, [Event(1, Kind.RECOVERY, FEB)]])
    rows = listing.rows.to_pylist()
    assert [(row["loan_no"], row["seq"], row["reason"]) for row in rows] == [
        (1, 1, "before_disbursement"),
        (1, 2, "no_such_event"),
        (1, 3, "unknown_kind"),
        (1, 4, "refund_exceeds_credit"),
        (1, 6, "after_end"),
        (2, 1, "bad_field"),
    ]
    assert [row["kind"] for row in rows][:3] == ["payment", "reversal", "unknown"]
    assert {row["refused_events"] for row in rows} == {5, 1}
    assert listing.by_reason["after_end"] == 1


def test_any_number_of_such_loans_is_listed(tmp_path: Path) -> None:
    life = [pay(1, JAN - 5), pay(2, JAN - 4), pay(3, FEB)]
    piece, positions, listing, money = looked_at(tmp_path, [life, [], *[life] * 300])
    assert listing.rows.num_rows == 2 * 301
    assert listing.rows["loan_no"].to_pylist()[:4] == [0, 0, 2, 2]
    checks = check_slice(piece, positions, money, APR)
    assert checks["received"] == {
        "left": 301 * pay(3, FEB).amount_fen,
        "right": 301 * pay(3, FEB).amount_fen,
        "broken": 0,
        "first_loan_nos": [],
    }


@pytest.mark.parametrize(
    ("column", "identity"),
    [
        ("drawn_fen", "disbursed"),
        ("paid_fen", "received"),
        ("refunded_fen", "refunded"),
        ("paid_principal_fen", "principal"),
        ("credit_fen", "money"),
        ("overdue_principal_3_fen", "ageing"),
        ("due_interest_fen", "parts"),
        ("waived_fen", "parts"),
        ("loan_no", "loans"),
    ],
)
def test_one_wrong_fen_in_one_loan_is_found(tmp_path: Path, column: str, identity: str) -> None:
    piece, positions, _, money = looked_at(tmp_path, [[pay(1, FEB)]] * 4)
    wrong = positions[column].copy()
    wrong[2] += {"waived_fen": -1_000_000_000, "due_interest_fen": 100_000_000}.get(column, 1)
    positions._made[column] = wrong
    checks = check_slice(piece, positions, money, APR)
    assert checks[identity]["broken"] == 1
    assert checks[identity]["first_loan_nos"] == [2]


def test_only_the_first_ten_are_named(tmp_path: Path) -> None:
    piece, positions, _, money = looked_at(tmp_path, [[]] * 15)
    positions._made["paid_fen"] = np.ones(15, np.int64)
    checks = check_slice(piece, positions, money, APR)
    assert checks["received"]["broken"] == 15
    assert checks["received"]["first_loan_nos"] == list(range(10))


def test_keys_tell_events_of_different_loans_apart(tmp_path: Path) -> None:
    (piece,) = read_slices(write(tmp_path / "b", [[pay(2**31 - 1, FEB)], [pay(0, FEB)]]))
    assert event_keys(Arrays(piece.events)).tolist() == [2**31 - 1, 2**32]
