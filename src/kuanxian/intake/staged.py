"""Staged tables: the columns that rows take between a source and the book."""

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kuanxian.base.days import NO_DAY
from kuanxian.intake.convert import Block
from kuanxian.intake.formula import Formula
from kuanxian.intake.layout import FilePart, LoanRule
from kuanxian.intake.reasons import NAMES, Reason
from kuanxian.intake.tables import REFUSAL_SCHEMA
from kuanxian.loan.events import Event
from kuanxian.loan.terms import Terms

_DAYS: Final = ("disbursed_on", "first_due_on", "value_on", "until_on", "recorded_on")
_PLACE: Final = [("file_no", pa.int16()), ("row", pa.int64())]
_EVENT_FIGURES: Final = [name for name in Event._fields if name not in {"seq", "ref_seq"}]


def _figure_type(name: str) -> pa.DataType:
    return pa.date32() if name in _DAYS else pa.int64()


LOAN_STAGE: Final = pa.schema(
    [
        *_PLACE,
        *[(name, pa.string()) for name in ("loan_id", "lender_id", "segment")],
        ("product_no", pa.int32()),
        *[(name, _figure_type(name)) for name in Terms._fields],
    ]
)
EVENT_STAGE: Final = pa.schema(
    [
        *_PLACE,
        ("rule", pa.int16()),
        *[(name, pa.string()) for name in ("loan_id", "event_id", "reverses_id")],
        *[(name, _figure_type(name)) for name in _EVENT_FIGURES],
        ("undo", pa.bool_()),
    ]
)
LOST_STAGE: Final = pa.schema([("loan_id", pa.string()), ("reason", pa.int16())])
"""Loans that cannot be taken, and why."""


def cut_table(columns: dict[str, pa.Array], schema: pa.Schema, rows: Any) -> pa.Table:
    """Cut columns to some rows; ``file_no`` is empty until the rows are placed."""
    index = pa.array(np.flatnonzero(rows))
    arrays = []
    for field in schema:
        if field.name == "row":
            arrays.append(index.cast(pa.int64()))
        elif field.name == "file_no":
            arrays.append(pa.nulls(len(index), pa.int16()))
        else:
            arrays.append(_typed(columns[field.name].take(index), field.type))
    return pa.Table.from_arrays(arrays, schema=schema)


def _typed(array: pa.Array, kind: pa.DataType) -> pa.Array:
    if pa.types.is_date32(kind):
        days = pc.if_else(pc.equal(array, NO_DAY), None, array.cast(pa.int32()))
        return days.cast(kind)
    return array.cast(kind)


def argument_rows(block: Block, rule: LoanRule, rows: Any) -> pa.Table:
    """Put down what a loan of many rows is computed from: texts, and function arguments."""
    arguments = sorted({column for _, column in aggregates_of(rule) if column})
    columns: dict[str, pa.Array] = {
        name: block.texts[source] for name, source in rule.texts.items()
    }
    columns |= {f"arg {name}": pa.array(block.values[name].values) for name in arguments}
    schema = pa.schema(
        [
            *_PLACE,
            *[(name, pa.string()) for name in rule.texts],
            *[(f"arg {name}", pa.int64()) for name in arguments],
        ]
    )
    return cut_table(columns, schema, rows)


def aggregates_of(rule: LoanRule) -> list[tuple[str, str]]:
    """List the functions over rows that a loan rule uses, each once.

    A column that stands alone, outside such a function, must be the same in all rows.
    """
    found: set[tuple[str, str]] = {("count", "")}
    sources = [*rule.figures.values(), rule.expect_rows]
    for source in sources:
        if isinstance(source, Formula):
            found.update(source.aggregates)
            inside = {column for _, column in source.aggregates}
            found.update(("same", name) for name in source.names if name not in inside)
    return sorted(found)


def place_rows(table: pa.Table, file_no: int, first_row: int) -> pa.Table:
    """Give rows of a block their file and their number in it."""
    rows = pc.add(table["row"], pa.scalar(first_row, pa.int64()))
    files = pa.array(np.full(table.num_rows, file_no, np.int16))
    table = table.set_column(0, table.schema.field(0), files)
    return table.set_column(1, table.schema.field(1), rows)


def refusal_rows(block: Block, refused: Any, name: str, first_row: int) -> pa.Table:
    """Make the refusals of a block."""
    reasons = [NAMES[reason] for reason in block.reasons[refused].tolist()]
    places = [block.places[place] for place in block.where[refused].tolist()]
    details = [block.details.get(row, "") for row in refused.tolist()]
    columns = [
        pa.array([name] * len(refused)),
        pa.array(refused.astype(np.int64) + first_row),
        pa.array(places, pa.string()),
        pa.array(reasons, pa.string()),
        pa.array(details, pa.string()),
    ]
    return pa.Table.from_arrays(columns, schema=REFUSAL_SCHEMA)


def lost_loans(block: Block, refused: Any, part: FilePart) -> pa.Table:
    """Name the loans that a refused row takes with it."""
    if part.loan is not None:
        column, reason = part.loan.texts["loan_id"], Reason.LOAN_REFUSED
        if part.loan.many_rows:
            reason = Reason.INCOMPLETE_PLAN
    elif any(rule.tied for rule in part.events):
        column, reason = part.events[0].texts["loan_id"], Reason.INCOMPLETE_PLAN
    else:
        return LOST_STAGE.empty_table()
    ids = block.texts[column].take(pa.array(refused))
    ids = ids.filter(pc.not_equal(ids, ""))
    reasons = pa.array(np.full(len(ids), reason, np.int16))
    return pa.Table.from_arrays([ids, reasons], schema=LOST_STAGE)
