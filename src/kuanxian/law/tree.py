"""Tree: a condition as ten kinds of node.

A condition is written as a small typed subset of SQL (``parse.py``), and everything that
reads, runs or proves it works on this tree. BETWEEN and IS NOT DISTINCT FROM are written
with the nodes below, so nothing after the parser knows them.

Logic has three values. A comparison with an unknown side is unknown; NOT of unknown is
unknown; AND is false as soon as one part is, OR is true as soon as one part is; IS NULL
is never unknown; COALESCE is its first known part.

Carried as: truth ``bool``, whole numbers ``int``, texts and enums ``str``, dates as days
since 1970-01-01 (int), instants as microseconds since 1970-01-01 00:00 UTC (int).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple, Protocol

Value = bool | int | str
"""What a literal or a known fact is."""


class Kind(StrEnum):
    """What a fact, a literal or a part of a condition is."""

    BOOL = "bool"
    INT = "int"
    TEXT = "text"
    ENUM = "enum"
    DATE = "date"
    INSTANT = "instant"


class Where(NamedTuple):
    """The place a condition was written at."""

    file: str
    """The rule file, as its reader names it."""
    line: int = 1
    """The line of the condition's first character, from 1."""


NOWHERE: Final = Where("a condition")
"""For a condition that came from no file."""


class Declared(Protocol):
    """What the language must know of a declared fact (``facts.FactSpec`` says it)."""

    @property
    def type(self) -> str:
        """One of the kinds: ``bool``, ``int``, ``text``, ``enum``, ``date``, ``instant``."""

    @property
    def min(self) -> int:
        """Least value, included; of ints, dates (days) and instants (microseconds)."""

    @property
    def max(self) -> int:
        """Greatest value, included."""

    @property
    def values(self) -> tuple[str, ...]:
        """What an enum may be."""

    @property
    def nullable(self) -> bool:
        """Whether it may be unknown."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A declared fact, or a policy parameter or dated value not yet filled in."""

    name: str
    """As declared: ``days_past_due``, ``policy.report_min_days``, ``value.lpr_1y_ppb``."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written in the condition."""

    kind: Kind
    """Never ``ENUM``: a text is an enum's value by what it is compared with."""
    value: Value


@dataclass(frozen=True, slots=True)
class Not:
    """Not the part."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class And:
    """All of the parts, two or more."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """One of the parts, two or more."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """One side against the other."""

    op: str
    """``=  <>  <  <=  >  >=``."""
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class In:
    """One of the literals listed."""

    left: "Node"
    literals: tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class IsNull:
    """Whether a fact is unknown: itself never unknown."""

    part: "Node"
    """A fact, or a literal that was put in its place."""


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Whole numbers put together."""

    op: str
    """``+  -  *``."""
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Coalesce:
    """The first part that is known; two parts or more."""

    parts: tuple["Node", ...]


Node = Fact | Literal | Not | And | Or | Compare | In | IsNull | Arithmetic | Coalesce

TRUE: Final = Literal(Kind.BOOL, True)
FALSE: Final = Literal(Kind.BOOL, False)

ORDER_OPS: Final = ("<", "<=", ">", ">=")
EQUAL_OPS: Final = ("=", "<>")
OPPOSITE: Final = {"=": "<>", "<>": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
"""What NOT makes of a comparison. It holds with unknown sides too: both are unknown."""


def children(node: Node) -> tuple[Node, ...]:
    """List the nodes right below one.

    Example:
        >>> children(Not(Fact("stopped")))
        (Fact(name='stopped'),)
    """
    match node:
        case Fact() | Literal():
            return ()
        case Not(part) | IsNull(part):
            return (part,)
        case And(parts) | Or(parts) | Coalesce(parts):
            return parts
        case In(left, literals):
            return (left, *literals)
        case Compare(_, left, right) | Arithmetic(_, left, right):
            return (left, right)


def rebuild(node: Node, change: Callable[[Node], Node]) -> Node:
    """Make the same node over changed children. The literals of an IN stay.

    Example:
        >>> rebuild(Not(Fact("a")), lambda part: Fact("b"))
        Not(part=Fact(name='b'))
    """
    match node:
        case Fact() | Literal():
            return node
        case Not(part):
            return Not(change(part))
        case IsNull(part):
            return IsNull(change(part))
        case And(parts):
            return And(tuple(map(change, parts)))
        case Or(parts):
            return Or(tuple(map(change, parts)))
        case Coalesce(parts):
            return Coalesce(tuple(map(change, parts)))
        case In(left, literals):
            return In(change(left), literals)
        case Compare(op, left, right):
            return Compare(op, change(left), change(right))
        case Arithmetic(op, left, right):
            return Arithmetic(op, change(left), change(right))


def walk(node: Node) -> Iterator[Node]:
    """Go over a node and all below it, in the order they are written."""
    yield node
    for child in children(node):
        yield from walk(child)


def fact_names(node: Node) -> tuple[str, ...]:
    """Name the facts of a condition, each once, in the order they are written.

    Example:
        >>> fact_names(And((Fact("b"), Fact("a"), Fact("b"))))
        ('b', 'a')
    """
    return tuple(dict.fromkeys(part.name for part in walk(node) if isinstance(part, Fact)))


def truth_names(node: Node) -> frozenset[str]:
    """Name the facts that are true or false in themselves, not compared with anything.

    Example:
        >>> sorted(truth_names(And((Fact("a"), Compare("=", Fact("b"), Fact("c"))))))
        ['a']
    """
    match node:
        case Fact(name):
            return frozenset({name})
        case Not(part):
            return truth_names(part)
        case And(parts) | Or(parts) | Coalesce(parts):
            return frozenset[str]().union(*map(truth_names, parts))
        case _:
            return frozenset()


def substitute(node: Node, literals: Mapping[str, Literal]) -> Node:
    """Put literals in the place of facts: policy parameters, dated values.

    Args:
        node: The condition.
        literals: By the fact's name. A fact that is not listed stays.

    Example:
        >>> days = Literal(Kind.INT, 30)
        >>> substitute(Compare("<", Fact("d"), Fact("policy.min_days")), {"policy.min_days": days})
        Compare(op='<', left=Fact(name='d'), right=Literal(kind=<Kind.INT: 'int'>, value=30))
    """
    if isinstance(node, Fact):
        return literals.get(node.name, node)
    return rebuild(node, lambda part: substitute(part, literals))
