"""Emit Polars: a condition as one expression over the columns of a table.

Facts are columns of their own names. Truths are Boolean, whole numbers any integer, texts
and enums String, Categorical or Enum, dates Date, instants Datetime with a zone. A null
is an unknown fact, and a null answer an unknown one. A column that is not there is an
error of Polars': the table's maker adds it, full of nulls.
"""

from collections.abc import Callable
from operator import add, and_, eq, ge, gt, le, lt, mul, ne, or_, sub
from typing import Any, Final

import polars as pl

from kuanxian.law.native import native_value
from kuanxian.law.tree import (
    And,
    Arithmetic,
    Coalesce,
    Compare,
    Fact,
    In,
    IsNull,
    Kind,
    Literal,
    Node,
    Not,
    Or,
)

_COMPARE: Final = {"=": eq, "<>": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
_SUMS: Final = {"+": add, "-": sub, "*": mul}


def polars_condition(node: Node) -> pl.Expr:
    """Write a condition as a Polars expression.

    Args:
        node: The condition, checked, with policy and dated values filled in.

    Returns:
        A Boolean expression; null where the condition is unknown.

    Example:
        >>> table = pl.DataFrame({"days": [29, 30, None]})
        >>> late = Compare(">=", Fact("days"), Literal(Kind.INT, 30))
        >>> table.select(late=polars_condition(late))["late"].to_list()
        [False, True, None]
    """
    match node:
        case Fact(name):
            return pl.col(name)
        case Literal(kind, value):
            return pl.lit(native_value(kind, value), dtype=pl.Int64 if kind is Kind.INT else None)
        case Not(part):
            return ~polars_condition(part)
        case And(parts):
            return _reduced(and_, [polars_condition(part) for part in parts])
        case Or(parts):
            return _reduced(or_, [polars_condition(part) for part in parts])
        case Compare(op, left, right):
            return _joined(_COMPARE[op], polars_condition(left), polars_condition(right))
        case In(left, literals):
            listed = [native_value(literal.kind, literal.value) for literal in literals]
            return polars_condition(left).is_in(listed)
        case IsNull(part):
            return polars_condition(part).is_null()
        case Arithmetic(op, left, right):
            # The check proved 63 bits; a column may be narrower and would wrap silently.
            wide = (polars_condition(side).cast(pl.Int64) for side in (left, right))
            return _joined(_SUMS[op], *wide)
        case Coalesce(parts):
            return pl.coalesce(*map(polars_condition, parts))


def _joined(join: Callable[[Any, Any], Any], left: pl.Expr, right: pl.Expr) -> pl.Expr:
    found: pl.Expr = join(left, right)
    return found


def _reduced(join: Callable[[Any, Any], Any], parts: list[pl.Expr]) -> pl.Expr:
    """Join in pairs, so that a long list does not nest deep."""
    while len(parts) > 1:
        odd = parts[len(parts) & ~1 :]
        parts = [join(*pair) for pair in zip(parts[::2], parts[1::2], strict=False)] + odd
    return parts[0]
