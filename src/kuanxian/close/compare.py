"""Compare: this close beside the one before it.

DuckDB joins the two ``positions.parquet`` on ``loan_id`` and adds whole numbers up; no
figure is computed here that the kernel did not compute. The buckets of the earlier
close are read anew from its days past due, by today's policy, so that a change of
policy does not look like a movement of loans.
"""

from pathlib import Path
from typing import Any, Final

import duckdb

from kuanxian.base.days import NO_DAY
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
"""How many such loans are listed one by one."""

_MEMORY: Final = "1536MB"
_MONEY_IN: Final = f"({Kind.PAYMENT:d}, {Kind.SETTLEMENT:d}, {Kind.RECOVERY:d})"
_FLOWS: Final = ("drawn_fen", "capitalised_fen", "paid_principal_fen", "waived_principal_fen")


def compare(order: Order, book: Book, work: Path) -> dict[str, Any] | None:
    """Compare the finished positions with those of ``order.previous``.

    Returns:
        None without a previous close. Else ``as_of``, ``roll`` (loans and their
        outstanding principal before, by state before and state now), ``principal``
        (the way from the outstanding principal before to the one now) and ``cash``
        (cash received since, against the payments dated since, with each difference
        explained).

    Raises:
        CloseError: A ``loan_id`` stands twice in one of the closes, or the earlier
            close cannot be read.
    """
    if order.previous is None:
        return None
    before_as_of = read_manifest(order.previous)["inputs"]["as_of"]
    paths = [str(work / "out" / "positions.parquet"), str(order.previous / "positions.parquet")]
    spill = work / "spill"
    with duckdb.connect(config=_settings(order, spill)) as db:
        try:
            roll = _roll(db, paths, order.policy)
            cash = _cash(db, paths, str(book.file("events.parquet")), order, before_as_of)
        except (duckdb.IOException, duckdb.InvalidInputException) as error:
            raise CloseError(
                order.previous.name,
                "its positions.parquet cannot be read",
                "give another close as --previous, or close without it",
            ) from error
    return {"as_of": before_as_of, "roll": roll["cells"], "principal": roll["way"], "cash": cash}


def _settings(order: Order, spill: Path) -> dict[str, str | bool | int | float | list[str]]:
    return {
        "threads": order.threads,
        "memory_limit": _MEMORY,
        "temp_directory": str(spill),
        "preserve_insertion_order": False,
    }


def _roll(db: duckdb.DuckDBPyConnection, paths: list[str], policy: Policy) -> dict[str, Any]:
    now = _state("n", policy)
    before = _state("p", policy)
    changes = ", ".join(
        f"sum(coalesce(n.{name}, 0)) - sum(coalesce(p.{name}, 0))" for name in _FLOWS
    )
    rows = db.execute(
        f"""
        SELECT {before} AS state_before, {now} AS state_now,
               count(n.loan_id), count(p.loan_id),
               sum(coalesce(p.outstanding_principal_fen, 0)),
               sum(coalesce(n.outstanding_principal_fen, 0)),
               {changes}
        FROM read_parquet(?) AS n FULL JOIN read_parquet(?) AS p USING (loan_id)
        GROUP BY ALL ORDER BY ALL
        """,
        paths,
    ).fetchall()
    _check_unique(db, paths, rows)
    absent = STATES.index("absent")
    here = [row for row in rows if row[1] != absent]
    gone_fen = sum(row[4] for row in rows if row[1] == absent)
    way = {
        "before_fen": sum(row[4] for row in rows),
        "gone_fen": gone_fen,
        **{name: sum(row[6 + at] for row in here) for at, name in enumerate(_FLOWS)},
        "after_fen": sum(row[5] for row in rows),
    }
    cells = [
        {
            "before": STATES[row[0]],
            "now": STATES[row[1]],
            "loans": max(row[2], row[3]),
            "before_principal_fen": int(row[4]),
            "now_principal_fen": int(row[5]),
        }
        for row in rows
    ]
    return {"cells": cells, "way": {name: int(value) for name, value in way.items()}}


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


def _check_unique(
    db: duckdb.DuckDBPyConnection, paths: list[str], rows: list[tuple[int, ...]]
) -> None:
    """Make sure that no loan was joined twice."""
    for path, joined in zip(paths, (2, 3), strict=True):
        (there,) = db.execute("SELECT count(*) FROM read_parquet(?)", [path]).fetchone() or (0,)
        if there != sum(row[joined] for row in rows):
            raise CloseError(
                "loan_id",
                "it stands more than once in this close or the previous one",
                "make both books again so that each loan_id is unique, or leave --previous out",
            )


def _cash(
    db: duckdb.DuckDBPyConnection, paths: list[str], events: str, order: Order, before: str
) -> dict[str, Any]:
    differences = _differing_loans(before)
    since = {"as_of": order.as_of_on, "events": events, "now": paths[0], "before": paths[1]}
    totals = db.execute(
        f"{differences} SELECT sum(moved_fen), sum(dated_fen) FROM loan_cash", since
    ).fetchone() or (0, 0)
    reasons = db.execute(
        f"""{differences} SELECT reason, count(*), sum(moved_fen - dated_fen) FROM loan_cash
        WHERE moved_fen <> dated_fen GROUP BY reason ORDER BY reason""",
        since,
    ).fetchall()
    listed = db.execute(
        f"""{differences} SELECT loan_no, loan_id, moved_fen, dated_fen, reason FROM loan_cash
        WHERE moved_fen <> dated_fen ORDER BY loan_no LIMIT {LISTED}""",
        since,
    ).fetchall()
    return {
        "moved_fen": int(totals[0] or 0),
        "dated_fen": int(totals[1] or 0),
        "differences": {
            REASONS[code]: {"loans": loans, "fen": int(fen)} for code, loans, fen in reasons
        },
        "listed": [
            {
                "loan_no": loan_no,
                "loan_id": loan_id,
                "moved_fen": int(moved),
                "dated_fen": int(dated),
                "reason": REASONS[code],
            }
            for loan_no, loan_id, moved, dated, code in listed
        ],
    }


def _differing_loans(before: str) -> str:
    """Write the SQL of ``loan_cash``: one row a loan that either side says had cash moved."""
    known_on = f"coalesce(recorded_on, value_on) > DATE '{before}'"
    day = "DATE '1970-01-01' + CAST($as_of AS INTEGER)"
    return f"""
    WITH reversals AS (
        SELECT loan_no, ref_seq, max(seq) AS by_seq FROM read_parquet($events)
        WHERE kind = {Kind.REVERSAL:d} AND value_on <= {day} GROUP BY loan_no, ref_seq
    ), moved_events AS (
        SELECT e.loan_no,
            sum(CASE WHEN kind IN {_MONEY_IN} AND value_on > DATE '{before}'
                AND coalesce(by_seq, seq) <= seq THEN amount_fen ELSE 0 END) AS dated_fen,
            bool_or(value_on <= DATE '{before}' AND {known_on}) AS backdated,
            bool_or(kind = {Kind.REVERSAL:d}) AS reversed,
            bool_or(kind = {Kind.CORRECTION:d}) AS corrected
        FROM read_parquet($events) AS e
        LEFT JOIN reversals AS r ON r.loan_no = e.loan_no AND r.ref_seq = e.seq
        WHERE value_on <= {day} AND (value_on > DATE '{before}' OR {known_on})
        GROUP BY e.loan_no
    ), loan_cash AS (
        SELECT n.loan_no, n.loan_id,
            n.paid_fen - coalesce(p.paid_fen, 0) AS moved_fen,
            coalesce(e.dated_fen, 0) AS dated_fen,
            CASE WHEN e.backdated THEN 0 WHEN e.reversed THEN 1 WHEN e.corrected THEN 2
                WHEN n.refused_events > 0 THEN 3 ELSE 4 END AS reason
        FROM read_parquet($now) AS n
        LEFT JOIN read_parquet($before) AS p USING (loan_id)
        LEFT JOIN moved_events AS e ON e.loan_no = n.loan_no
    )"""


assert NO_DAY < 0, "a day before 1970 never reaches the queries"
