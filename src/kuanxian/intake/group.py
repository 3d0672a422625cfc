"""Group: loans that a source tells in many rows, one an instalment."""

from typing import Any

import numpy as np
import pyarrow as pa

from kuanxian.intake.convert import Block
from kuanxian.intake.formula import Values, aggregate_name, compute
from kuanxian.intake.gather import Gather
from kuanxian.intake.layout import FilePart, LoanRule
from kuanxian.intake.reasons import Reason
from kuanxian.intake.records import make_loans
from kuanxian.intake.stage import Making, Stage
from kuanxian.intake.staged import LOAN_STAGE, LOST_STAGE, aggregates_of, cut_table


def group_loans(part: FilePart, gather: Gather, stage: Stage, making: Making) -> None:
    """Make the loans of a part whose loans have many rows, and put them down.

    A loan that cannot be taken is lost with its rows.

    Args:
        part: The part of the layout.
        gather: The staged rows.
        stage: Where the loans go.
        making: What they are made with.
    """
    rule = part.loan
    assert rule is not None
    for batch in gather.group_loans(rule, part.name):
        table = pa.Table.from_batches([batch])
        block = _block_of(table, rule)
        loans = make_loans(block, rule, making.products, making.loops)
        whole = cut_table(loans, LOAN_STAGE, block.reasons == 0)
        kept = pa.array(block.reasons == 0)
        whole = whole.set_column(0, LOAN_STAGE.field(0), table["file_no"].filter(kept))
        whole = whole.set_column(1, LOAN_STAGE.field(1), table["row"].filter(kept))
        stage.write("loans", whole)
        bad = np.flatnonzero(block.reasons)
        if len(bad):
            ids = table["loan_id"].take(pa.array(bad)).combine_chunks()
            reasons = pa.array(block.reasons[bad])
            stage.write("lost-groups", pa.Table.from_arrays([ids, reasons], schema=LOST_STAGE))
    stage.write("lost-groups", LOST_STAGE.empty_table())
    stage.finish("lost-groups")
    gather.lose_groups()


def _block_of(table: pa.Table, rule: LoanRule) -> Block:
    """Turn grouped rows into a block that a loan rule can be computed over."""
    rows = table.num_rows
    block = Block(rows, np.zeros(rows, np.int16))
    for name, source in rule.texts.items():
        block.texts[source] = table[name].combine_chunks()
    for function, column in aggregates_of(rule):
        name = aggregate_name(function, column)
        values = _values_of(table[name])
        block.values[name] = values
        if function == "same":
            block.values[column] = values
            block.refuse(~values.present, Reason.CONFLICTING_LOAN, column)
    if rule.expect_rows is not None:
        expected = compute(rule.expect_rows, block.values, rows)
        count = block.values[aggregate_name("count", "")].values
        block.refuse(expected.values != count, Reason.INCOMPLETE_PLAN, rule.expect_rows.text)
    return block


def _values_of(column: Any) -> Values:
    present = np.asarray(column.is_valid())
    values = np.asarray(column.fill_null(0).cast(pa.int64()))
    return Values(values, present, np.zeros(len(values), np.bool_))
