"""Columns: an Arrow table's facts, each as declared; what is not is unknown.

The twin of ``guard.py`` for a million rows. A fact without a column is unknown in every
row; a value outside the declared bounds or list becomes unknown in its own.
"""

from collections.abc import Iterable, Mapping
from typing import Final

import polars as pl
import pyarrow as pa

from kuanxian.base.errors import LawError
from kuanxian.law.facts import FactSpec
from kuanxian.law.rulebook import Rulebook
from kuanxian.law.values import DatedValue

LENDER: Final = "lender_type"
_INTS: Final = (pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.UInt8, pl.UInt16, pl.UInt32)
_TEXTS: Final = (pl.String, pl.Categorical, pl.Enum)
_TYPES: Final = {
    "bool": ((pl.Boolean,), "true or false"),
    "int": (_INTS, "whole numbers"),
    "text": (_TEXTS, "texts"),
    "enum": (_TEXTS, "texts"),
    "date": ((pl.Date,), "dates"),
    "instant": ((pl.Datetime,), "instants"),
}


def read_columns(table: pa.Table, book: Rulebook, names: Iterable[str]) -> pl.DataFrame:
    """Take the facts that are used out of a table.

    Args:
        table: Columns named as facts; a ledger fact may have its position column's name
            instead. ``lender_type``, where it is there, is each row's own.
        book: The rulebook.
        names: The facts that are used, and the dates that dated values are looked up at.

    Returns:
        A column a fact that the table has, each as declared; dated values looked up.

    Raises:
        LawError: A column is of another type than its fact.
    """
    found: list[pl.Expr] = []
    frame = pl.from_arrow(table.select(_used(table, book, names)))
    assert isinstance(frame, pl.DataFrame)
    schema = frame.schema  # made anew at each asking
    for name in names:
        spec = book.catalogue[name]
        column = name if name in schema else spec.column
        if spec.source != "value" and column in schema:
            _check(spec, column, schema[column])
            found.append(_as_declared(spec, column).alias(name))
    if LENDER in schema:
        types = pl.Enum(list(book.country.lender_types))
        found.append(pl.col(LENDER).cast(pl.String).cast(types, strict=False))
    known = frame.select(found) if found else pl.DataFrame()
    return known.with_columns(_looked_up(known, book, names))


def _used(table: pa.Table, book: Rulebook, names: Iterable[str]) -> list[str]:
    wanted = {LENDER}
    for name in names:
        wanted |= {name, book.catalogue[name].column}
    return [name for name in table.column_names if name in wanted]


def _check(spec: FactSpec, column: str, kind: pl.DataType) -> None:
    kinds, words = _TYPES[spec.type]
    if kind == pl.Null:
        return
    if not isinstance(kind, kinds):
        raise LawError(
            column, f"the column holds {kind}, but {spec.name} is {words}", "Cast it before."
        )


def _as_declared(spec: FactSpec, column: str) -> pl.Expr:
    """Take a column as its fact: another value than it may have becomes unknown."""
    own = pl.col(column)
    if spec.type == "enum":
        # Of a dictionary this is a step a word, not a step a row.
        return own.cast(pl.Enum(list(spec.values)), strict=False)
    if spec.type == "int":
        whole = own.cast(pl.Int64)
        return pl.when(whole.is_between(spec.min, spec.max)).then(whole)
    if spec.type == "date":
        return pl.when(own.cast(pl.Int32).is_between(spec.min, spec.max)).then(own)
    if spec.type == "instant":
        return own.dt.convert_time_zone("UTC").dt.cast_time_unit("us")
    return own.cast(pl.Boolean if spec.type == "bool" else pl.String)


def _looked_up(known: pl.DataFrame, book: Rulebook, names: Iterable[str]) -> list[pl.Expr]:
    """Look dated values up at the dates the table has."""
    found = []
    columns = frozenset(known.columns)
    for name in names:
        spec = book.catalogue[name]
        value = book.values.get(spec.value)
        if spec.source == "value" and value is not None and spec.at in columns:
            found.append(_steps(pl.col(spec.at).cast(pl.Int32), value).alias(name))
    return found


def _steps(day: pl.Expr, value: DatedValue) -> pl.Expr:
    chain = pl.lit(None, dtype=pl.Int64)
    for step in value.steps:
        figure = pl.when(day < step.until_on).then(pl.lit(step.value, dtype=pl.Int64))
        chain = pl.when(day >= step.from_on).then(figure).otherwise(chain)
    return chain


def absent_columns(
    frame: pl.DataFrame, specs: Mapping[str, FactSpec], height: int
) -> list[pl.Series]:
    """Make the columns of nulls for the facts that a table does not have."""
    kinds: dict[str, pl.DataType | type[pl.DataType]] = {
        "bool": pl.Boolean, "int": pl.Int64, "text": pl.String, "date": pl.Date,
        "instant": pl.Datetime("us", "UTC"),
    }  # fmt: skip
    made = []
    for name, spec in specs.items():
        if name not in frame.columns:
            kind = pl.Enum(list(spec.values)) if spec.type == "enum" else kinds[spec.type]
            made.append(pl.Series(name, [None], dtype=kind).new_from_index(0, height))
    return made
