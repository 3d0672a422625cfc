"""Compare: this close beside the one before it.

DuckDB joins the two ``positions.parquet`` on ``loan_id`` and adds whole numbers up; no
figure is computed here that the kernel did not compute. The buckets of the earlier
close are read anew from its days past due, by today's policy, so that a change of
policy does not look like a movement of loans.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from kuanxian.base.errors import CloseError
from kuanxian.close.order import Order, read_manifest
from kuanxian.intake.book import Book
from kuanxian.loan.events import Kind
from kuanxian.loan.position import Policy, Status

STATES: Final = (
    *("M0", "M1", "M2", "M3", "M4", "M5", "M6", "M6+"),
    *("settled", "written_off", "assigned", "pending", "absent"),
)
"""Where a loan can be at a close: a bucket while it is open, or why it is not."""

REASONS: Final = ("backdated", "reversal", "correction", "refused", "unrecorded")
"""Why a loan's cash moved by other than the payments of the days between, first match."""

LISTED: Final = 50
"""How many such loans, and of those with another contract, are listed one by one."""

_MEMORY: Final = "1536MB"
_MONEY_IN: Final = f"({Kind.PAYMENT:d}, {Kind.SETTLEMENT:d}, {Kind.RECOVERY:d})"
_MOVED: Final = "n.paid_fen - coalesce(p.paid_fen, 0)"
_DATED: Final = "coalesce(e.dated, 0)"
_REASON_SQL: Final = f"""CASE WHEN n.loan_id IS NULL OR {_MOVED} = {_DATED} THEN -1
            WHEN e.backdated THEN 0 WHEN e.reversed THEN 1 WHEN e.corrected THEN 2
            WHEN n.refused_events > 0 THEN 3 ELSE 4 END"""
"""The place of the reason in ``REASONS``; -1 where there is no difference."""

# Columns of a cell.
_REASON: Final = 2
_LOANS: Final = 3
_PRINCIPAL: Final = 5
_CASH: Final = 7
_FLOW: Final = 9
_FLOWS: Final = ("drawn_fen", "capitalised_fen", "paid_principal_fen", "waived_principal_fen")


def compare(order: Order, book: Book, work: Path) -> dict[str, Any] | None:
    """Compare the finished positions with those of ``order.previous``.

    Returns:
        None without a previous close. Else ``as_of``, ``roll`` (loans and their
        outstanding principal before, by state before and state now), ``principal``
        (the way from the outstanding principal before to the one now), ``cash``
        (cash received since, against the payments dated since, with each difference
        explained), ``contracts`` (how many loans are missing, or have another contract
        than before, and no event says why) and ``contracts_listed`` (the first of them).

    Raises:
        CloseError: A ``loan_id`` stands twice in one of the closes, or the earlier
            close cannot be read.
    """
    if order.previous is None:
        return None
    before = read_manifest(order.previous)["inputs"]["as_of"]
    files = {
        "now": str(work / "out" / "positions.parquet"),
        "before": str(order.previous / "positions.parquet"),
        "events": str(book.file("events.parquet")),
        "as_of": order.as_of_on,
    }
    with duckdb.connect(config=_settings(order, work / "spill")) as db:
        try:
            cells = db.execute(_cells(before, order.policy), files).fetchall()
            differing = any(cell[_REASON] >= 0 for cell in cells)
            listed = db.execute(_listed(before), files).fetchall() if differing else []
            contracts = db.execute(_contracts(before), files).fetchone() or (0, 0, None, None)
            _check_unique(cells, files)
            _check_related(cells, order.previous.name)
        except (duckdb.IOException, duckdb.InvalidInputException, OSError, pa.ArrowException) as e:
            raise CloseError(
                order.previous.name,
                "its positions.parquet cannot be read",
                "give another close as --previous, or close without it",
            ) from e
    return {
        "as_of": before,
        "roll": _roll(cells),
        "principal": _way(cells),
        "cash": _cash(cells, listed),
        "contracts": {"missing": contracts[0], "changed": contracts[1]},
        "contracts_listed": {"missing": contracts[2] or [], "changed": contracts[3] or []},
    }


def _settings(order: Order, spill: Path) -> dict[str, str | bool | int | float | list[str]]:
    return {
        "threads": order.threads,
        "memory_limit": _MEMORY,
        "temp_directory": str(spill),
        "preserve_insertion_order": False,
    }


def _cells(before: str, policy: Policy) -> str:
    """Write the query of both closes side by side, grouped by states and reason."""
    flows = ", ".join(f"sum(coalesce(n.{f}, 0)) - sum(coalesce(p.{f}, 0))" for f in _FLOWS)
    return f"""
        WITH {_moved_events(before)}
        SELECT {_state("p", policy)} AS state_before, {_state("n", policy)} AS state_now,
            {_REASON_SQL} AS reason, count(n.loan_id), count(p.loan_id),
            sum(coalesce(p.outstanding_principal_fen, 0)),
            sum(coalesce(n.outstanding_principal_fen, 0)),
            sum({_MOVED}), sum({_DATED}), {flows}
        FROM read_parquet($now) AS n FULL JOIN read_parquet($before) AS p USING (loan_id)
        LEFT JOIN moved_events AS e ON e.loan_no = n.loan_no
        GROUP BY ALL ORDER BY ALL"""


def _listed(before: str) -> str:
    """Write the query of the first loans whose cash moved by other than dated payments."""
    return f"""
        WITH {_moved_events(before)}
        SELECT n.loan_no, n.loan_id, {_MOVED}, {_DATED}, {_REASON_SQL}
        FROM read_parquet($now) AS n LEFT JOIN read_parquet($before) AS p USING (loan_id)
        LEFT JOIN moved_events AS e ON e.loan_no = n.loan_no
        WHERE {_MOVED} <> {_DATED} ORDER BY n.loan_no LIMIT {LISTED}"""


def _contracts(before: str) -> str:
    """Write the query of loans that are missing or have another contract, unrecorded.

    What was paid out changes by a drawdown or a correction alone, and the last day of the
    plan by some event.
    """
    told = "coalesce(e.drew OR e.backdated OR e.reversed OR e.corrected, false)"
    missing = "n.loan_id IS NULL"
    changed = f"""n.loan_id IS NOT NULL AND p.status <> {Status.PENDING:d} AND (
                n.drawn_fen <> p.drawn_fen AND NOT {told}
                OR n.maturity_on IS DISTINCT FROM p.maturity_on AND e.loan_no IS NULL)"""
    return f"""
        WITH {_moved_events(before)}
        SELECT count(*) FILTER ({missing}), count(*) FILTER ({changed}),
            min(p.loan_id, {LISTED}) FILTER ({missing}), min(p.loan_id, {LISTED}) FILTER ({changed})
        FROM read_parquet($before) AS p LEFT JOIN read_parquet($now) AS n USING (loan_id)
        LEFT JOIN moved_events AS e ON e.loan_no = n.loan_no"""


def _moved_events(before: str) -> str:
    """Write the query of what happened since, by loan: cash dated since, and late news."""
    known = f"coalesce(e.recorded_on, e.value_on) > DATE '{before}'"
    since = f"e.value_on > DATE '{before}'"
    day = "DATE '1970-01-01' + CAST($as_of AS INTEGER)"
    return f"""reversals AS (
            SELECT loan_no, ref_seq, max(seq) AS by_seq FROM read_parquet($events)
            WHERE kind = {Kind.REVERSAL:d} AND value_on <= {day} GROUP BY loan_no, ref_seq
        ), moved_events AS (
            SELECT e.loan_no,
                sum(CASE WHEN e.kind IN {_MONEY_IN} AND {since}
                    AND coalesce(by_seq, e.seq) <= e.seq THEN e.amount_fen ELSE 0 END) AS dated,
                bool_or(NOT {since}) AS backdated,
                bool_or(e.kind = {Kind.REVERSAL:d}) AS reversed,
                bool_or(e.kind = {Kind.CORRECTION:d}) AS corrected,
                bool_or(e.kind = {Kind.DRAWDOWN:d}) AS drew
            FROM read_parquet($events) AS e
            LEFT JOIN reversals AS r ON r.loan_no = e.loan_no AND r.ref_seq = e.seq
            WHERE e.value_on <= {day} AND ({since} OR {known})
            GROUP BY e.loan_no
        )"""


def _state(side: str, policy: Policy) -> str:
    """Write the SQL that gives a loan's place in ``STATES``."""
    days = f"{side}.days_past_due"
    buckets = " ".join(
        f"WHEN {days} <= {bound} THEN {bucket}" for bucket, bound in enumerate((0, *policy[:6]))
    )
    return f"""CASE
        WHEN {side}.loan_id IS NULL THEN {STATES.index("absent")}
        WHEN {side}.status IN ({Status.SETTLED:d}, {Status.SETTLED_EARLY:d})
            THEN {STATES.index("settled")}
        WHEN {side}.status = {Status.WRITTEN_OFF:d} THEN {STATES.index("written_off")}
        WHEN {side}.status = {Status.ASSIGNED:d} THEN {STATES.index("assigned")}
        WHEN {side}.status = {Status.PENDING:d} THEN {STATES.index("pending")}
        {buckets} ELSE 7 END"""


def _check_unique(cells: Sequence[Sequence[int]], files: dict[str, Any]) -> None:
    """Make sure that no loan was joined twice."""
    for side, place in (("now", _LOANS), ("before", _LOANS + 1)):
        if pq.read_metadata(files[side]).num_rows != sum(cell[place] for cell in cells):
            raise CloseError(
                "loan_id",
                "it stands more than once in this close or the previous one",
                "make both books again so that each loan_id is unique, or leave --previous out",
            )


def _check_related(cells: Sequence[Sequence[int]], name: str) -> None:
    """Make sure that the earlier close is of this book: at least one loan is in both."""
    loans = [sum(cell[_LOANS + side] for cell in cells) for side in (0, 1)]
    if all(loans) and not any(cell[_LOANS] and cell[_LOANS + 1] for cell in cells):
        raise CloseError(
            name,
            "it has no loan in common with this book",
            "give a close of the same book as --previous, or leave it out",
        )


def _roll(cells: Sequence[Sequence[int]]) -> list[dict[str, Any]]:
    """Add the cells up by state before and state now."""
    sums: dict[tuple[int, int], list[int]] = {}
    for cell in cells:
        row = sums.setdefault((cell[0], cell[1]), [0, 0, 0])
        row[0] += max(cell[_LOANS], cell[_LOANS + 1])
        row[1] += int(cell[_PRINCIPAL])
        row[2] += int(cell[_PRINCIPAL + 1])
    return [
        {
            "before": STATES[before],
            "now": STATES[now],
            "loans": row[0],
            "before_principal_fen": row[1],
            "now_principal_fen": row[2],
        }
        for (before, now), row in sorted(sums.items())
    ]


def _way(cells: Sequence[Sequence[int]]) -> dict[str, int]:
    """Go from the outstanding principal before to the one now."""
    absent = STATES.index("absent")
    here = [cell for cell in cells if cell[1] != absent]
    way = {
        "before_fen": sum(cell[_PRINCIPAL] for cell in cells),
        "gone_fen": sum(cell[_PRINCIPAL] for cell in cells if cell[1] == absent),
        **{name: sum(cell[_FLOW + at] for cell in here) for at, name in enumerate(_FLOWS)},
        "after_fen": sum(cell[_PRINCIPAL + 1] for cell in cells),
    }
    return {name: int(amount_fen) for name, amount_fen in way.items()}


def _cash(cells: Sequence[Sequence[int]], listed: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """Set the cash that moved beside the payments dated since, and explain the rest."""
    here = [cell for cell in cells if cell[1] != STATES.index("absent")]
    differences: dict[str, dict[str, int]] = {}
    for cell in here:
        if cell[_REASON] >= 0:
            found = differences.setdefault(REASONS[cell[_REASON]], {"loans": 0, "fen": 0})
            found["loans"] += cell[_LOANS]
            found["fen"] += int(cell[_CASH] - cell[_CASH + 1])
    names = ("loan_no", "loan_id", "moved_fen", "dated_fen", "reason")
    return {
        "moved_fen": int(sum(cell[_CASH] for cell in here)),
        "dated_fen": int(sum(cell[_CASH + 1] for cell in here)),
        "differences": {name: differences[name] for name in REASONS if name in differences},
        "listed": [
            dict(
                zip(names, (row[0], row[1], int(row[2]), int(row[3]), REASONS[row[4]]), strict=True)
            )
            for row in listed
        ],
    }
