"""Fold: the events of each loan in order, numbered, with what cannot stand left out.

Works on a sorted stream in chunks of whole loans. Nearly every loan goes through as
columns; one where a payment is taken back, or a tied row fails, is looked at by itself.
"""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kuanxian.base.bounds import EVENTS_MAX
from kuanxian.intake.gather import NO_LOAN
from kuanxian.intake.reasons import Reason
from kuanxian.intake.tables import EVENT_SCHEMA
from kuanxian.intake.undo import undo_payments
from kuanxian.loan.events import Kind

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_SAME: Final = (
    "kind", "value_on", "amount_fen", "part", "count", "until_on", "rate_ppb", "interest_fen",
    "fee_fen", "recorded_on", "reverses_id",
)  # fmt: skip
"""What two events with one id must have alike to be copies of each other."""

_OF_REFUSED: Final = ["file_no", "row", "rule", "kind", "amount_fen", "undo"]
"""What is told of an event left out, besides its reason."""


class RuleFacts(NamedTuple):
    """What the fold must know of the rules, by rule number."""

    primary: Flags
    """Whether every row of its part makes one: a refusal of it is a refusal of the row."""
    tied: Flags
    """Whether the loan is refused when one of these is."""
    makes_loan: Flags
    """Whether the rows of its part are what the loan is made of."""
    given: Flags
    """By product number: whether its schedule is given row by row."""


class Folded(NamedTuple):
    """What became of a chunk of events."""

    events: pa.Table
    """EVENT_SCHEMA; ``loan_no`` is still the candidate's number."""
    places: pa.Table
    """For each kept event: file_no, rule, and whether it undoes."""
    refused: pa.Table
    """file_no, row, rule, reason, kind, amount_fen, undo of each event left out."""
    lost: dict[int, int]
    """Candidates that are refused after all, with a ``Reason``."""


def fold(chunk: pa.Table, facts: RuleFacts) -> Folded:
    """Number the events of whole loans and leave out what cannot stand.

    Args:
        chunk: Rows of ``Gather.sorted_events``, all rows of each loan in it.
        facts: What is known of the rules.
    """
    loans = _ints(chunk, "number")
    reasons = np.zeros(len(loans), np.int16)
    rules = _ints(chunk, "rule")
    _refuse_orphans(chunk, loans, reasons, facts.makes_loan[rules])
    days = _ints(chunk, "value_on")
    early = (reasons == 0) & (days < _ints(chunk, "disbursed_on"))
    reasons[early] = Reason.BEFORE_DISBURSEMENT
    refs = np.full(len(loans), -1, np.int64)
    if "event_key" in chunk.column_names:
        _refuse_repeated(chunk, loans, reasons)
        _find_reversed(chunk, loans, reasons, refs)
    kinds = _ints(chunk, "kind").copy()
    _undo(chunk, loans, reasons, refs, kinds)
    lost = _lose_loans(chunk, loans, reasons, facts)
    return _finish(chunk, reasons, refs, kinds, lost)


def _ints(chunk: pa.Table, name: str) -> Ints:
    column = chunk[name]
    if pa.types.is_date32(column.type):
        column = column.cast(pa.int32()).fill_null(-1)
    if column.null_count:
        column = column.fill_null(0)
    return np.asarray(column.cast(pa.int64()).to_numpy())


def _refuse_orphans(chunk: pa.Table, loans: Ints, reasons: Any, makes_loan: Flags) -> None:
    orphans = loans == NO_LOAN
    if not orphans.any():
        return
    lost = _ints(chunk, "lost")
    reasons[orphans & (lost == 0)] = Reason.UNKNOWN_LOAN
    reasons[orphans & (lost != 0)] = Reason.LOAN_REFUSED
    own = orphans & (lost != 0) & makes_loan
    reasons[own] = lost[own]


def _refuse_repeated(chunk: pa.Table, loans: Ints, reasons: Any) -> None:
    """Refuse events whose id the loan has already, as copies or as contradictions."""
    ids = chunk["event_id"]
    named = np.asarray(pc.not_equal(ids, "")) & (loans != NO_LOAN)
    keys = np.asarray(chunk["event_key"])
    order = np.flatnonzero(named)
    order = order[np.argsort(keys[order], kind="stable")]
    twins = np.flatnonzero(keys[order][1:] == keys[order][:-1])
    if len(twins) == 0:
        return
    groups: dict[tuple[int, str], list[int]] = {}
    for row in np.unique(np.concatenate([order[twins], order[twins + 1]])):
        groups.setdefault((int(loans[row]), ids[int(row)].as_py()), []).append(int(row))
    same = [chunk[name] for name in _SAME]
    for rows in groups.values():
        versions = {tuple(column[row].as_py() for column in same) for row in rows}
        if len(versions) > 1:
            reasons[rows] = Reason.CONFLICTING_EVENT
        else:
            repeated = sorted(rows)[1:]
            reasons[repeated] = np.where(
                reasons[repeated] == 0, Reason.DUPLICATE_EVENT, reasons[repeated]
            )


def _find_reversed(chunk: pa.Table, loans: Ints, reasons: Any, refs: Ints) -> None:
    """Find the row that each reversal takes back; refuse those that find none before them.

    A reversal that is refused itself takes nothing back, and cannot be taken back.
    """
    asking = np.flatnonzero(
        np.asarray(pc.not_equal(chunk["reverses_id"], "")) & (loans != NO_LOAN) & (reasons == 0)
    )
    if len(asking) == 0:
        return
    ids = chunk["event_id"]
    good = np.flatnonzero((reasons == 0) & np.asarray(pc.not_equal(ids, "")))
    keys = np.asarray(chunk["event_key"])[good]
    order = np.argsort(keys, kind="stable")
    wanted = np.asarray(chunk["reverses_key"])[asking]
    at = np.minimum(np.searchsorted(keys[order], wanted), max(len(good) - 1, 0))
    for row, place in zip(asking.tolist(), at.tolist(), strict=True):
        found = int(good[order[place]]) if len(good) else row
        if (
            found < row
            and reasons[found] == 0
            and loans[found] == loans[row]
            and ids[found].as_py() == chunk["reverses_id"][row].as_py()
        ):
            refs[row] = found
        else:
            reasons[row] = Reason.NOTHING_TO_REVERSE


def _undo(chunk: pa.Table, loans: Ints, reasons: Any, refs: Ints, kinds: Ints) -> None:
    """Turn negative amounts into reversals of the payments they take back, or refunds."""
    undo = np.asarray(chunk["undo"]) & (reasons == 0)
    if not undo.any():
        return
    days, amounts = _ints(chunk, "value_on"), _ints(chunk, "amount_fen")
    for loan in np.unique(loans[undo]).tolist():
        start, end = np.searchsorted(loans, [loan, loan + 1]).tolist()
        rows = np.arange(start, end)
        rows = rows[reasons[rows] == 0]
        found = undo_payments(
            kinds[rows].tolist(), days[rows].tolist(), amounts[rows].tolist(), undo[rows].tolist()
        )
        for place, undone in found.items():
            row = int(rows[place])
            kinds[row] = Kind.REFUND if undone < 0 else Kind.REVERSAL
            refs[row] = -1 if undone < 0 else int(rows[undone])


def _lose_loans(chunk: pa.Table, loans: Ints, reasons: Any, facts: RuleFacts) -> dict[int, int]:
    """Refuse loans whose plan has a hole or does not add up, and all their events."""
    rules = _ints(chunk, "rule")
    failed = (reasons != 0) & facts.tied[rules] & (loans != NO_LOAN)
    lost = dict.fromkeys(np.unique(loans[failed]).tolist(), int(Reason.INCOMPLETE_PLAN))
    if facts.given.any():
        lost |= dict.fromkeys(_wrong_plans(chunk, loans, facts), int(Reason.INCOMPLETE_PLAN))
    if not lost:
        return {}
    _blame_rows(chunk, reasons, np.flatnonzero(failed & ~facts.primary[rules]), facts)
    rest = np.isin(loans, list(lost)) & (reasons == 0)
    own = facts.makes_loan[rules]
    reasons[rest & own] = Reason.INCOMPLETE_PLAN
    reasons[rest & ~own] = Reason.LOAN_REFUSED
    return lost


def _blame_rows(chunk: pa.Table, reasons: Any, failed: Any, facts: RuleFacts) -> None:
    """Give the row that a failed event came from the event's reason."""
    files, rows = _ints(chunk, "file_no"), _ints(chunk, "row")
    primary = facts.primary[_ints(chunk, "rule")]
    for event in failed.tolist():
        source = primary & (files == files[event]) & (rows == rows[event]) & (reasons == 0)
        reasons[source] = reasons[event]


def _wrong_plans(chunk: pa.Table, loans: Ints, facts: RuleFacts) -> list[int]:
    """Find loans whose given rows are not as many as agreed, or not the principal in sum."""
    given = facts.given[_ints(chunk, "product_no")] & (loans != NO_LOAN)
    if not given.any():
        return []
    numbers, first, index = np.unique(loans[given], return_index=True, return_inverse=True)
    planned = (_ints(chunk, "kind")[given] == Kind.INSTALMENT).astype(np.int64)
    count = np.zeros(len(numbers), np.int64)
    np.add.at(count, index, planned)
    sums = np.zeros(len(numbers), np.int64)
    np.add.at(sums, index, _ints(chunk, "amount_fen")[given] * planned)
    agreed = _ints(chunk, "principal_fen")[given][first]
    wrong = (count != _ints(chunk, "instalments")[given][first]) | (sums != agreed)
    return [int(number) for number in numbers[wrong]]


def _finish(chunk: pa.Table, reasons: Any, refs: Ints, kinds: Ints, lost: dict[int, int]) -> Folded:
    """Number what is kept within each loan, and separate it from what is not."""
    kept = np.flatnonzero(reasons == 0)
    loans = _ints(chunk, "number")[kept]
    starts = np.flatnonzero(np.diff(loans, prepend=-1))
    lengths = np.diff(np.append(starts, len(loans)))
    seqs = np.arange(len(loans)) - np.repeat(starts, lengths) + 1
    seq_of = np.zeros(len(reasons), np.int64)
    seq_of[kept] = seqs
    ref_seqs = np.where(refs[kept] >= 0, seq_of[refs[kept]], 0)
    index = pa.array(kept)
    columns: dict[str, Any] = {
        "loan_no": pa.array(loans),
        "seq": pa.array(seqs),
        "kind": pa.array(kinds[kept]),
        "ref_seq": pa.array(ref_seqs),
    }
    for field in EVENT_SCHEMA:
        if field.name not in columns:
            columns[field.name] = chunk[field.name].take(index)
        columns[field.name] = columns[field.name].cast(field.type)
    events = pa.table(columns, schema=EVENT_SCHEMA)
    places = chunk.select(["file_no", "rule", "undo"]).take(index)
    left = np.flatnonzero(reasons)
    refused = chunk.select(_OF_REFUSED).take(pa.array(left))
    refused = refused.append_column("reason", pa.array(reasons[left]))
    return Folded(events, places, refused, lost)


def fold_stream(batches: Any, facts: RuleFacts, emit: Callable[[Folded], None]) -> None:
    """Fold a stream of sorted events, whole loans at a time, in bounded memory.

    A loan with more than ``EVENTS_MAX`` events is refused with all of them as soon as
    that is known, however many more come.

    Args:
        batches: The stream.
        facts: What is known of the rules.
        emit: Takes each folded chunk.
    """
    held: pa.Table | None = None
    too_many = -1
    for batch in batches:
        table = pa.Table.from_batches([batch])
        table = table if held is None else pa.concat_tables([held, table])
        loans = np.asarray(table["number"])
        if too_many >= 0:
            cut = int(np.searchsorted(loans, too_many, side="right"))
            emit(_refuse_all(table.slice(0, cut), too_many))
            table, loans = table.slice(cut), loans[cut:]
        if len(loans) == 0:
            held = None
            continue
        too_many = -1
        last = int(loans[-1])
        cut = len(loans) if last == NO_LOAN else int(np.searchsorted(loans, last))
        _fold_and_emit(table.slice(0, cut), facts, emit)
        held = table.slice(cut).combine_chunks() if cut < len(loans) else None
        if held is not None and held.num_rows > EVENTS_MAX:
            too_many = last
            emit(_refuse_all(held, last))
            held = None
    if held is not None:
        _fold_and_emit(held, facts, emit)


def _fold_and_emit(table: pa.Table, facts: RuleFacts, emit: Callable[[Folded], None]) -> None:
    """Fold whole loans, but for those that have too many events."""
    if table.num_rows == 0:
        return
    table = table.combine_chunks()
    loans = np.asarray(table["number"])
    numbers, counts = np.unique(loans, return_counts=True)
    large = numbers[(counts > EVENTS_MAX) & (numbers != NO_LOAN)]
    for number in large.tolist():
        emit(_refuse_all(table.filter(pa.array(loans == number)), number))
    if len(large):
        table = table.filter(pa.array(~np.isin(loans, large)))
    emit(fold(table, facts))


def _refuse_all(table: pa.Table, number: int) -> Folded:
    refused = table.select(_OF_REFUSED)
    reasons = np.full(table.num_rows, Reason.TOO_MANY_EVENTS, np.int16)
    return Folded(
        EVENT_SCHEMA.empty_table(),
        table.select(["file_no", "rule", "undo"]).slice(0, 0),
        refused.append_column("reason", pa.array(reasons)),
        {number: int(Reason.TOO_MANY_EVENTS)},
    )
