"""Emit SQL: a condition as text for DuckDB or Spark.

For audit tables and ad-hoc questions: the same condition that gates an act, over columns
named like the facts. Everything is in brackets, so that no engine's precedence matters,
and each part of a sum is cast to 64 bits, because a column or a literal may be narrower.
"""

from typing import Final, NamedTuple

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
    Value,
)


class Dialect(NamedTuple):
    """How an engine writes what engines write differently."""

    quote: str
    """Around a column's name."""
    apostrophe: str
    """A single quote inside a text. Spark joins 'it''s' to its."""
    instant: str
    """The word before an instant."""


DIALECTS: Final = {
    "duckdb": Dialect('"', "''", "TIMESTAMPTZ"),
    "spark": Dialect("`", "\\'", "TIMESTAMP"),
}


def sql_condition(node: Node, dialect: str) -> str:
    """Write a condition as SQL.

    Args:
        node: The condition, checked, with policy and dated values filled in.
        dialect: ``duckdb`` or ``spark``.

    Returns:
        A Boolean expression; NULL where the condition is unknown.

    Example:
        >>> late = Compare(">=", Fact("days"), Literal(Kind.INT, 30))
        >>> print(sql_condition(Not(late), "duckdb"))
        (NOT ("days" >= 30))
    """
    return _Text(DIALECTS[dialect]).write(node)


class _Text(NamedTuple):
    """Writes conditions in one dialect."""

    dialect: Dialect

    def write(self, node: Node) -> str:
        """Write a condition or a value."""
        match node:
            case Fact(name):
                return f"{self.dialect.quote}{name}{self.dialect.quote}"
            case Literal(kind, value):
                return self.literal(kind, value)
            case Not(part):
                return f"(NOT {self.write(part)})"
            case And(parts):
                return f"({' AND '.join(map(self.write, parts))})"
            case Or(parts):
                return f"({' OR '.join(map(self.write, parts))})"
            case Compare(op, left, right):
                return f"({self.write(left)} {op} {self.write(right)})"
            case In(left, literals):
                return f"({self.write(left)} IN ({', '.join(map(self.write, literals))}))"
            case IsNull(part):
                return f"({self.write(part)} IS NULL)"
            case Arithmetic(op, left, right):
                sides = (f"CAST({self.write(side)} AS BIGINT)" for side in (left, right))
                return f"({f' {op} '.join(sides)})"
            case Coalesce(parts):
                return f"COALESCE({', '.join(map(self.write, parts))})"

    def literal(self, kind: Kind, value: Value) -> str:
        """Write a literal."""
        match kind:
            case Kind.BOOL:
                return "TRUE" if value else "FALSE"
            case Kind.INT:
                return f"({value})" if int(value) < 0 else str(value)
            case Kind.DATE:
                return f"DATE '{native_value(kind, value)}'"
            case Kind.INSTANT:
                return f"{self.dialect.instant} '{native_value(kind, value)}'"
            case _:
                return "'" + str(value).replace("'", self.dialect.apostrophe) + "'"
