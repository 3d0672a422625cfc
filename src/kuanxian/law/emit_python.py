"""Emit Python: conditions as one compiled function, for one decision in microseconds.

Each part of a condition has two rails: T, "it is true", and N, "it is not false". Where
they differ it is unknown. Plain Python truth is enough for each rail, so the generated
code is ordinary ``and``/``or`` over locals, with ``is None`` only where it is needed: a
text is never equal to None, so T of ``a = 'x'`` is just ``a == 'x'``. A rule is asked for
N first, part by part, parts that rules share only once (``nest.py``); most rules are not
even maybe true, and cost one test or none.

A fact that is missing is unknown. A true-or-false fact that is neither True nor False is
unknown too.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Final, NamedTuple

from kuanxian.law.nest import Block, nest
from kuanxian.law.normal import push_not
from kuanxian.law.reads import Lookup, Reads
from kuanxian.law.tree import (
    And,
    Arithmetic,
    Coalesce,
    Compare,
    Declared,
    Fact,
    In,
    IsNull,
    Literal,
    Node,
    Not,
    Or,
    Value,
    fact_names,
    truth_names,
)

Facts = Mapping[str, Value | None]
Spoken = tuple[list[int], list[int]]
"""The places of the conditions that are true, and of those that are unknown."""

_OPS: Final = {"=": "==", "<>": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


def compile_condition(node: Node) -> Callable[[Facts], bool | None]:
    """Compile one condition.

    Args:
        node: The condition, checked, with policy and dated values filled in.

    Returns:
        A function of the facts: True, False, or None where it is unknown.

    Example:
        >>> known = compile_condition(Not(Fact("stopped")))
        >>> known({"stopped": False}), known({}), known({"stopped": True})
        (True, None, False)
    """
    many = compile_many((node,))

    def decide(facts: Facts) -> bool | None:
        true, unknown = many(facts)
        return True if true else None if unknown else False

    return decide


def compile_many(
    nodes: Sequence[Node],
    declared: Mapping[str, Declared] | None = None,
    lookups: Mapping[str, Lookup] | None = None,
) -> Callable[[Facts], Spoken]:
    """Compile many conditions into one function.

    Args:
        nodes: The conditions, checked, with policy and dated values filled in.
        declared: The declared facts. With them, a value that is not as declared and a
            fact that is not declared are unknown; without, values are taken as they are.
        lookups: By name, the facts that are worked out from others.

    Returns:
        A function of the facts. It gives two lists of places in ``nodes``: those that are
        true, those that are unknown. The rest is false.

    Example:
        >>> from kuanxian.law.tree import Kind
        >>> late = Compare(">=", Fact("days"), Literal(Kind.INT, 30))
        >>> compile_many((late, Not(late), Fact("disputed")))({"days": 31})
        ([0], [2])
    """
    reads = Reads(declared, lookups or {}, {})
    source, space = python_source(nodes, reads)
    exec(compile(source, "<conditions>", "exec"), space)  # noqa: S102 - our own text
    made: Callable[[Facts], Spoken] = space["decide"]
    return made


def python_source(nodes: Sequence[Node], reads: Reads) -> tuple[str, dict[str, Any]]:
    """Write the source of the function, and what it refers to by name.

    Example:
        >>> print(python_source((Fact("stopped"),), Reads(None, {}, {}))[0])
        def decide(facts):
            get = facts.get
            true = []
            unknown = []
            f0 = get('stopped')
            if f0 is not False:
                (true if f0 is True else unknown).append(0)
            true.sort()
            unknown.sort()
            return true, unknown
    """
    names = tuple(dict.fromkeys(name for node in nodes for name in fact_names(node)))
    writer = _Writer({name: f"f{place}" for place, name in enumerate(names)}, {}, reads)
    pushed = [push_not(node) for node in nodes]
    body = writer.block(nest(pushed), [writer.sure(node) for node in pushed], 1, set())
    lines = [
        "def decide(facts):",
        "    get = facts.get",
        "    true = []",
        "    unknown = []",
        *body,
    ]
    # The blocks come in an order of their own.
    lines += ["    true.sort()", "    unknown.sort()", "    return true, unknown"]
    sets = {name: values for values, name in writer.sets.items()}
    return "\n".join(lines), {**sets, **reads.constants}


class _Writer(NamedTuple):
    """Writes the two rails of conditions whose NOTs are pushed down."""

    local_of: dict[str, str]
    sets: dict[frozenset[Value], str]
    reads: Reads

    def block(
        self, block: Block, sure: Sequence[str], depth: int, read: AbstractSet[str]
    ) -> list[str]:
        """Write what is asked inside a block, each fact read where it is first needed.

        Args:
            block: The block.
            sure: T of each condition.
            depth: How far it is indented.
            read: The facts that are read already.
        """
        pad = "    " * depth
        lines = [
            f"{pad}(true if {sure[place]} else unknown).append({place})" for place in block.places
        ]
        uses = Counter(name for inner in block.inner for name in inner.names())
        for inner in block.inner:
            assert inner.test is not None
            here = {name for name in inner.names() if uses[name] > 1} | set(fact_names(inner.test))
            for name in sorted(here - read):
                lines += [pad + line for line in self.reads.lines(self.local_of[name], name)]
            read = read | here
            lines.append(f"{pad}if {self.rail(inner.test, maybe=True)}:")
            lines += self.block(inner, sure, depth + 1, read)
        return lines

    def sure(self, node: Node) -> str:
        """Write whether a condition that may be true is true.

        Where all of its facts are known there is nothing between true and false, so what
        is not false is true: most rows need no more than that.
        """
        true = self.rail(node, maybe=False)
        truths = truth_names(node)
        known = [
            f"({self.local_of[name]} is True or {self.local_of[name]} is False)"
            if name in truths
            else f"{self.local_of[name]} is not None"
            for name in fact_names(node)
        ]
        return _joined(" or ", (_joined(" and ", known), true)) if len(known) > 1 else true

    def rail(self, node: Node, *, maybe: bool) -> str:
        """Write N, whether a condition is not false, or T, whether it is true."""
        match node:
            case Literal(_, value):
                return str(value)
            case Fact(name):
                return f"{self.local_of[name]} {'is not False' if maybe else 'is True'}"
            case Not(Fact(name)):
                return f"{self.local_of[name]} {'is not True' if maybe else 'is False'}"
            case And(parts):
                return _joined(" and ", (self.rail(part, maybe=maybe) for part in parts))
            case Or(parts):
                return _joined(" or ", (self.rail(part, maybe=maybe) for part in parts))
            case Compare(op, left, right):
                text = f"{self.value(left)} {_OPS[op]} {self.value(right)}"
                return self.guarded(text, (left, right), maybe, op == "<>")
            case In(left, literals):
                return self.guarded(self.listed(left, literals, False), (left,), maybe, False)
            case Not(In(left, literals)):
                return self.guarded(self.listed(left, literals, True), (left,), maybe, True)
            case IsNull(part):
                return _joined(" or ", self.unknown(part))
            case Coalesce(parts):
                return self.first_of(parts, maybe)
            case Not(part):
                return f"not {self.rail(part, maybe=not maybe)}"
        raise AssertionError(node)  # the check lets nothing else be true or false

    def first_of(self, parts: Sequence[Node], maybe: bool) -> str:
        """Write COALESCE of truths: the first part, or the next ones where it is unknown."""
        first, later = parts[0], parts[1:]
        if not later:
            return self.rail(first, maybe=maybe)
        sure, perhaps = self.rail(first, maybe=False), self.rail(first, maybe=True)
        return f"({sure} or ({perhaps} and {self.first_of(later, maybe)}))"

    def guarded(self, text: str, sides: Sequence[Node], maybe: bool, negative: bool) -> str:
        """Write a comparison with what makes it unknown in front.

        None equals nothing: = and IN with literals need no guard in T, <> and NOT IN none
        in N, where the left side is a fact.
        """
        unknown = [test for side in sides for test in self.unknown(side)]
        by_itself = isinstance(sides[0], Fact) and len(unknown) == 1 and maybe == negative
        if by_itself and any(sign in text for sign in (" == ", " != ", " in ")):
            return text
        if maybe:
            return _joined(" or ", (*unknown, text))
        known = [test for side in sides for test in self.known(side)]
        return _joined(" and ", (*known, text))

    def listed(self, left: Node, literals: Sequence[Literal], negative: bool) -> str:
        """Write IN over a set that is made once."""
        values = frozenset(literal.value for literal in literals)
        name = self.sets.setdefault(values, f"s{len(self.sets)}")
        return f"{self.value(left)} {'not in' if negative else 'in'} {name}"

    def value(self, node: Node) -> str:
        """Write a value; it is only asked for where the value is known."""
        match node:
            case Fact(name):
                return self.local_of[name]
            case Literal(_, value):
                return repr(value)
            case Arithmetic(op, left, right):
                return f"({self.value(left)} {op} {self.value(right)})"
            case Coalesce(parts):
                known = _joined(" and ", self.known(parts[0]))
                if len(parts) == 1 or not self.known(parts[0]):
                    return self.value(parts[0])
                return f"({self.value(parts[0])} if {known} else {self.value(Coalesce(parts[1:]))})"
        raise AssertionError(node)  # the check lets nothing else be a value

    def unknown(self, node: Node) -> list[str]:
        """Write the tests of which any makes a value unknown; none where it never is."""
        return self.tests(node, "is None")

    def known(self, node: Node) -> list[str]:
        """Write the tests which together make a value known."""
        return self.tests(node, "is not None")

    def tests(self, node: Node, test: str) -> list[str]:
        """Write the tests of a value's facts."""
        match node:
            case Fact(name):
                return [f"{self.local_of[name]} {test}"]
            case Arithmetic(_, left, right):
                return list(dict.fromkeys(self.tests(left, test) + self.tests(right, test)))
            case Coalesce(parts):
                each = [self.tests(part, test) for part in parts]
                outer, inner = (" and ", " or ") if test == "is None" else (" or ", " and ")
                return [_joined(outer, (_joined(inner, one) for one in each))] if all(each) else []
            case _:
                return []


def _joined(sign: str, parts: Iterable[str]) -> str:
    """Join with and, or; nothing to join is what changes nothing."""
    listed = list(parts)
    if not listed:
        return "True" if sign == " and " else "False"
    return listed[0] if len(listed) == 1 else f"({sign.join(listed)})"
