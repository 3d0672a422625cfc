"""Parse: a condition's text into its tree.

sqlglot only parses. It is handed the words that ``scan.py`` let through, and what it
makes of them is converted at once; nothing outside this file sees its classes, so that a
new version of it can change nothing but this. What is not on the list of kept constructs
is refused here, with the file, the line and what to write instead.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple, NoReturn

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from kuanxian.base.bounds import INT64_MAX
from kuanxian.law.scan import Word, refuse, scan_condition
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
    Where,
)

NESTING_MAX: Final = 64
"""Deepest nesting of a condition's tree: chains of NOT count, brackets alone do not."""

_COMPARISONS: Final[dict[type[exp.Expr], str]] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
_SUMS: Final[dict[type[exp.Expr], str]] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*"}
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_KEPT: Final = (
    "Kept are AND OR NOT, = <> < <= > >=, BETWEEN, IN (…), IS [NOT] NULL, COALESCE, + - *: "
    "see docs/reference/rule-language.md."
)


def parse_condition(text: str, where: Where) -> Node:
    """Parse a condition.

    Args:
        text: The condition, as written in a rule file.
        where: The file, and the line of the condition's first character.

    Returns:
        Its tree, not yet checked against a catalogue of facts.

    Raises:
        RuleFileError: It is no condition, or holds a construct that is not kept.

    Example:
        >>> parse_condition("days_past_due >= 30 AND NOT disputed", Where("example.toml", 7))
        ... # doctest: +NORMALIZE_WHITESPACE
        And(parts=(Compare(op='>=', left=Fact(name='days_past_due'),
                           right=Literal(kind=<Kind.INT: 'int'>, value=30)),
                   Not(part=Fact(name='disputed'))))
    """
    words = scan_condition(text, where)
    try:
        parsed = sqlglot.parse_one("\n".join(_spelled(words)))
        return _Reader(words, where).read(parsed)
    except (SqlglotError, RecursionError) as error:
        refuse(_broken_at(error, words, where), "this is not a condition", _KEPT)


def _spelled(words: Iterable[Word]) -> Iterable[str]:
    """Spell the words one a line, so that a line sqlglot reports is the number of a word."""
    for word in words:
        if word.kind == "name":
            yield ".".join(f'"{part}"' for part in word.text.split("."))
        elif word.kind == "text":
            yield "'" + word.text.replace("'", "''") + "'"
        else:
            yield word.text


def _broken_at(error: Exception, words: list[Word], where: Where) -> Where:
    told = getattr(error, "errors", None) or [{}]
    number = told[0].get("line") or 1
    return Where(where.file, words[min(number, len(words)) - 1].line)


class _Reader(NamedTuple):
    """Reads what sqlglot made of some words."""

    words: list[Word]
    where: Where

    def read(self, parsed: exp.Expr, depth: int = 0) -> Node:
        """Convert one node of sqlglot's, and all below it."""
        if depth > NESTING_MAX:
            self.refuse(parsed, "the condition is nested too deep", "Write several rules.")
        deeper = depth + 1
        match parsed:
            case exp.Paren():
                return self.read(parsed.this, deeper)
            case exp.Column() | exp.Literal() | exp.Boolean() | exp.Cast() | exp.Neg():
                return self.read_leaf(parsed, deeper)
            case exp.And() | exp.Or():
                several = tuple(self.read(part, deeper) for part in _flattened(parsed))
                return And(several) if isinstance(parsed, exp.And) else Or(several)
            case exp.Not():
                return Not(self.read(parsed.this, deeper))
            case exp.Is():
                return self.read_is_null(parsed, deeper)
            case exp.In():
                return self.read_in(parsed, deeper)
            case exp.Between():
                value = self.read(parsed.this, deeper)
                low, high = (self.read(parsed.args[bound], deeper) for bound in ("low", "high"))
                return And((Compare(">=", value, low), Compare("<=", value, high)))
            case exp.NullSafeEQ() | exp.NullSafeNEQ():
                return self.read_distinct(parsed, deeper)
            case exp.Coalesce():
                return self.read_coalesce(parsed, deeper)
        return self.read_pair(parsed, deeper)

    def read_pair(self, parsed: exp.Expr, depth: int) -> Node:
        """Convert a comparison or a sum."""
        if op := _COMPARISONS.get(type(parsed)):
            self.check_chain(parsed)
            left, right = self.read(parsed.this, depth), self.read(parsed.expression, depth)
            return Compare(op, left, right)
        if op := _SUMS.get(type(parsed)):
            left, right = self.read(parsed.this, depth), self.read(parsed.expression, depth)
            return Arithmetic(op, left, right)
        return self.refuse_rest(parsed)

    def check_chain(self, parsed: exp.Expr) -> None:
        """Refuse 1 < a < 3 and everything compared with NULL or TRUE."""
        sides = (parsed.this, parsed.expression)
        if any(type(side) in _COMPARISONS for side in sides):
            self.refuse(
                parsed,
                "a chain of comparisons means different things to different readers",
                "Write low < a AND a < high, or a BETWEEN low AND high.",
            )
        if any(isinstance(side, exp.Null) for side in sides):
            self.refuse(
                parsed,
                "nothing equals NULL: the comparison is always unknown",
                "Write a IS NULL or a IS NOT NULL.",
            )
        if any(isinstance(side, exp.Boolean) for side in sides):
            self.refuse(
                parsed,
                "nothing is compared with TRUE or FALSE",
                "Write a for a = TRUE, NOT a for a = FALSE.",
            )

    def read_leaf(self, parsed: exp.Expr, depth: int) -> Node:
        """Convert a fact or a literal."""
        match parsed:
            case exp.Column():
                return Fact(".".join(part.name for part in parsed.parts))
            case exp.Boolean():
                return Literal(Kind.BOOL, bool(parsed.this))
            case exp.Literal(is_string=True):
                return Literal(Kind.TEXT, str(parsed.this))
            case exp.Literal():
                return self.read_number(parsed, int(parsed.this))
            case exp.Cast():
                return self.read_day(parsed)
        part = self.read(parsed.this, depth)
        if isinstance(part, Literal) and part.kind is Kind.INT:
            return self.read_number(parsed, -int(part.value))
        return Arithmetic("-", Literal(Kind.INT, 0), part)

    def read_number(self, parsed: exp.Expr, value: int) -> Literal:
        """Take a whole number that fits in 63 bits."""
        if abs(value) > INT64_MAX:
            self.refuse(
                parsed,
                f"{str(value)[:24]}… does not fit in 63 bits",
                f"The largest whole number is {INT64_MAX}.",
            )
        return Literal(Kind.INT, value)

    def read_day(self, parsed: exp.Cast) -> Literal:
        """Take DATE '…' and TIMESTAMP '…+08:00'; ``scan.py`` let no other cast through."""
        text = parsed.this.name if isinstance(parsed.this, exp.Literal) else ""
        if parsed.to.this == exp.DType.DATE:
            return Literal(Kind.DATE, self.days_of(parsed, text))
        return Literal(Kind.INSTANT, self.microseconds_of(parsed, text))

    def days_of(self, parsed: exp.Expr, text: str) -> int:
        """Count the days from 1970-01-01."""
        try:
            day = date.fromisoformat(text)
        except ValueError:
            day = None
        if day is None or day.isoformat() != text:
            self.refuse(parsed, f"{text[:30]!r} is no date", "Write DATE '2026-01-31'.")
        return (day - _EPOCH.date()).days

    def microseconds_of(self, parsed: exp.Expr, text: str) -> int:
        """Count the microseconds from 1970-01-01 00:00 UTC."""
        try:
            instant = datetime.fromisoformat(text)
        except ValueError:
            instant = None
        if instant is None or instant.tzinfo is None or text[10:11] != " ":
            self.refuse(
                parsed,
                f"{text[:40]!r} is no instant: it needs a day, a time and an offset from UTC",
                "Write TIMESTAMP '2026-01-31 08:00:00+08:00'.",
            )
        return (instant - _EPOCH) // timedelta(microseconds=1)

    def read_is_null(self, parsed: exp.Is, depth: int) -> Node:
        """Take IS NULL of a fact."""
        if not isinstance(parsed.expression, exp.Null):
            self.refuse(
                parsed,
                "IS is followed by NULL or NOT NULL",
                "Write a for a IS TRUE where unknown may stay unknown, COALESCE(a, FALSE) if not.",
            )
        return IsNull(self.read_fact(parsed.this, depth, "IS NULL asks about a fact"))

    def read_fact(self, parsed: exp.Expr, depth: int, reason: str) -> Node:
        """Take a fact, in brackets or not."""
        part = self.read(parsed, depth)
        if not isinstance(part, Fact):
            self.refuse(parsed, reason, "Ask each fact of it: a IS NULL OR b IS NULL.")
        return part

    def read_in(self, parsed: exp.In, depth: int) -> Node:
        """Take IN with literals."""
        left = self.read(parsed.this, depth)
        listed = [self.read(part, depth) for part in parsed.expressions]
        literals = tuple(part for part in listed if isinstance(part, Literal))
        if not literals or len(literals) != len(listed):
            self.refuse(
                parsed,
                "IN takes a list of literals in brackets",
                "Write a IN ('x', 'y'); compare with a fact by a = b OR a = c.",
            )
        return In(left, tuple(dict.fromkeys(literals)))

    def read_coalesce(self, parsed: exp.Coalesce, depth: int) -> Node:
        """Take COALESCE of two parts or more."""
        parts = (parsed.this, *parsed.expressions)
        if len(parts) < 2:
            self.refuse(parsed, "COALESCE needs two parts", "Write COALESCE(a, b).")
        return Coalesce(tuple(self.read(part, depth) for part in parts))

    def read_distinct(self, parsed: exp.Expr, depth: int) -> Node:
        """Write IS [NOT] DISTINCT FROM out: equal, or both unknown."""
        reason = "IS DISTINCT FROM compares facts and literals"
        left = self.read_fact(parsed.this, depth, reason)
        if isinstance(parsed.expression, exp.Null):
            same: Node = IsNull(left)
        else:
            right = self.read(parsed.expression, depth)
            if not isinstance(right, Fact | Literal):
                self.refuse(parsed, reason, "Declare a fact for the right side.")
            equal = Compare("=", left, right)
            both = And((IsNull(left), IsNull(right)))
            unknown = both if isinstance(right, Fact) else Literal(Kind.BOOL, False)
            same = Coalesce((equal, unknown))
        return Not(same) if isinstance(parsed, exp.NullSafeNEQ) else same

    def refuse_rest(self, parsed: exp.Expr) -> NoReturn:
        """Refuse what no case above took, by what it is."""
        if isinstance(parsed, exp.Null):
            self.refuse(parsed, "NULL stands alone", "Write a IS NULL.")
        if isinstance(parsed, exp.Tuple):
            self.refuse(parsed, "a list may follow IN only", "Write a IN ('x', 'y').")
        if isinstance(parsed, exp.Concat):
            self.refuse(parsed, "two texts stand side by side", "Write a IN ('x', 'y').")
        self.refuse(parsed, "this is not kept in a condition", _KEPT)

    def refuse(self, parsed: exp.Expr, reason: str, advice: str) -> NoReturn:
        """Refuse a node, with the line its first word stands on."""
        numbers = [node.meta["line"] for node in parsed.walk() if "line" in node.meta]
        word = self.words[min(numbers) - 1] if numbers else self.words[0]
        refuse(Where(self.where.file, word.line), reason, advice)


def _flattened(parsed: exp.Expr) -> list[exp.Expr]:
    """List the parts of a chain of ANDs or of ORs, brackets around the same kind left out."""
    parts: list[exp.Expr] = []
    waiting = [parsed]
    while waiting:
        part = waiting.pop()
        inner = part.unnest()
        if type(inner) is type(parsed):
            waiting += [inner.expression, inner.this]
        else:
            parts.append(part)
    return parts
