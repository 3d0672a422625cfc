"""Words: a condition said in a sentence, from the facts' own words.

A verdict must be readable by the person it is about. What is said comes from the
catalogue: of a true-or-false fact what it says when it is true and when it is not, of a
number a phrase with ``{value}`` in it, of an enum a word per value. Here they are only
put together: NOT is said by the opposite phrase, never by a "not" in front.
"""

from collections.abc import Mapping
from typing import NamedTuple

from kuanxian.law.facts import FactSpec
from kuanxian.law.normal import push_not
from kuanxian.law.tree import (
    ORDER_OPS,
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
    fact_names,
)
from kuanxian.law.word_forms import FORMS, Forms, is_clock, say_list, say_value
from kuanxian.law.word_phrases import name_fact, put_into_phrase, say_truth, with_unit


def say(node: Node, catalogue: Mapping[str, FactSpec], language: str) -> str:
    """Say a condition.

    Args:
        node: The condition; ``simplify.residual`` of it says only what still matters.
        catalogue: The declared facts.
        language: ``zh`` or ``en``.

    Returns:
        A clause without a full stop.

    Example:
        >>> say_true = {"true": {"zh": "已经债务人指定"}, "false": {"zh": "尚未经债务人指定"}}
        >>> facts = {
        ...     "nominated": FactSpec("nominated", "bool", say=say_true),
        ...     "days": FactSpec("days", "int", say={"": {"zh": "失联 {value} 日"}}),
        ... }
        >>> late = Compare("<", Fact("days"), Literal(Kind.INT, 3))
        >>> say(Or((Not(Fact("nominated")), late)), facts, "zh")
        '尚未经债务人指定，或失联不足 3 日'
    """
    return _Speaker(catalogue, language, FORMS[language]).say(push_not(node), 0)


class _Speaker(NamedTuple):
    """Says conditions whose NOTs are pushed down, in one language."""

    catalogue: Mapping[str, FactSpec]
    language: str
    forms: Forms

    def say(self, node: Node, depth: int) -> str:
        """Say a condition, ``depth`` levels below the sentence."""
        match node:
            case And():
                return self.join(self.ranges(_flat(node)), depth, both=True)
            case Or():
                return self.join(list(_flat(node)), depth, both=False)
            case Literal(_, value):
                return self.forms.always if value else self.forms.never
            case Fact(name):
                return say_truth(self.spec(name), truth=True, language=self.language)
            case Not(Fact(name)):
                return say_truth(self.spec(name), truth=False, language=self.language)
            case IsNull(part):
                return self.forms.unknown.format(self.whether(part))
            case Not(IsNull(part)):
                return self.forms.known.format(self.whether(part))
            case Coalesce(parts):
                return self.say_first(parts, depth)
            case Compare(op, left, right):
                return self.compare(op, left, right)
            case In(left, literals):
                return self.say_one_of("=", left, literals)
            case Not(In(left, literals)):
                return self.say_one_of("<>", left, literals)
            case Not(part):
                return self.forms.not_so.format(self.say(part, depth + 1))
        raise AssertionError(node)  # the check lets nothing else be true or false

    def spec(self, name: str, kind: Kind = Kind.TEXT) -> FactSpec:
        """Look a fact up; one that is not declared is said by its name."""
        return self.catalogue.get(name) or FactSpec(name, kind)

    def spec_of(self, side: Node, literal: Literal) -> FactSpec:
        """Choose the fact that gives a literal its unit: the first of the other side."""
        return self.spec(next(iter(fact_names(side)), ""), literal.kind)

    def phrase(self, spec: FactSpec, op: str, values: list[str]) -> str:
        """Put values into a fact's phrase."""
        return put_into_phrase(spec, op, values, self.language)

    def join(self, parts: list[Node | str], depth: int, *, both: bool) -> str:
        """Join the parts of AND or OR; what could be read two ways is put in brackets.

        Only an AND of plain parts directly below an OR needs none: 甲且乙，或丙.
        """
        forms = self.forms
        plain = not any(isinstance(part, And | Or) for part in parts)
        bare = depth == 0 or (both and plain and depth == 1)
        wide, narrow = (
            (forms.both, forms.inner_both) if both else (forms.either, forms.inner_either)
        )
        within = depth + 1 if bare else 1
        said = (part if isinstance(part, str) else self.say(part, within) for part in parts)
        joined = (narrow if depth and plain else wide).join(dict.fromkeys(said))
        return joined if bare else forms.brackets.format(joined)

    def whether(self, part: Node) -> str:
        """Name what is known or not known: a truth by its phrase, a value by its name."""
        if not isinstance(part, Fact):
            return self.term(part)
        spec = self.spec(part.name)
        if spec.type == Kind.BOOL:
            said = say_truth(spec, truth=True, language=self.language)
            return f"“{said}”是否属实" if self.language == "zh" else f"whether {said}"
        named = name_fact(spec, self.language)
        return f"“{named}”" if self.language == "zh" else f"what the {named} is"

    def say_first(self, parts: tuple[Node, ...], depth: int) -> str:
        """Say COALESCE of truths."""
        first, *rest = parts
        said = self.say(first, depth + 1)
        if len(rest) == 1 and isinstance(rest[0], Literal):
            return self.forms.if_unknown[bool(rest[0].value)].format(said)
        later = [self.say(part, depth + 1) for part in rest]
        unknown = "，不明时看：" if self.language == "zh" else "; where unknown, "
        return self.forms.brackets.format(unknown.join([said, *later]))

    def compare(self, op: str, left: Node, right: Node) -> str:
        """Say a comparison: of a fact by its phrase, of anything else by the names."""
        if isinstance(right, Literal) and isinstance(left, Fact):
            spec = self.spec(left.name, right.kind)
            if op == ">" and right.value == 0 and spec.unit in {"count", "days"}:
                return self.phrase(spec, ">=", ["1"])
            return self.phrase(spec, op, [say_value(spec, right.value, self.language)])
        if isinstance(right, Literal):
            spec = self.spec_of(left, right)
            value = with_unit(spec, say_value(spec, right.value, self.language), self.forms)
            return f"{self.term(left)}{self.gap(op)}{self.forms.amounts[op].format(value)}"
        spec = self.spec(next(iter(fact_names(left) or fact_names(right)), ""))
        by_day = spec.type in {Kind.DATE, Kind.INSTANT} or is_clock(spec)
        pairs = self.forms.day_pairs if by_day else self.forms.pairs
        return pairs[op].format(self.term(left), self.term(right))

    def gap(self, op: str) -> str:
        """Say what stands between a name and what is said of it."""
        if self.language == "zh":
            return "为 " if op == "=" else ""
        return " is "

    def say_one_of(self, op: str, left: Node, literals: tuple[Literal, ...]) -> str:
        """Say IN, and NOT IN."""
        spec = self.spec_of(left, literals[0])
        said = [say_value(spec, literal.value, self.language) for literal in literals]
        if isinstance(left, Fact):
            return self.phrase(spec, op, [say_list(said, self.forms)])
        amount = self.forms.amounts[op].format(say_list(said, self.forms))
        return f"{self.term(left)}{self.gap(op)}{amount}"

    def term(self, node: Node) -> str:
        """Name a value: a fact, a sum, a literal."""
        match node:
            case Fact(name):
                return name_fact(self.spec(name), self.language)
            case Literal(_, value):
                return f"{value:,}" if isinstance(value, int) else f"“{value}”"
            case Arithmetic("-", Literal(_, 0), part):
                return f"-{self.term(part)}"
            case Arithmetic("*", Literal() as number, part):
                return self.forms.sums["*"].format(self.term(part), self.term(number))
            case Arithmetic("+"):
                *most, last = (self.term(part) for part in _added(node))
                return self.forms.sums["+"].format(self.forms.plus.join(most), last)
            case Arithmetic(op, left, right):
                return self.forms.sums[op].format(self.term(left), self.term(right))
            case Coalesce((first, *rest)):
                return self.forms.or_else.format(self.term(first), self.term(rest[-1]))
        raise AssertionError(node)  # the check lets nothing else be a value

    def ranges(self, parts: tuple[Node, ...]) -> list[Node | str]:
        """Say a lower and an upper bound of one fact as one range."""
        said: list[Node | str] = []
        bounds: dict[str, list[Compare]] = {}
        for part in parts:
            match part:
                case Compare(op, Fact(name), Literal()) if op in ORDER_OPS:
                    bounds.setdefault(name, []).append(part)
        paired = {name: pair for name, pair in bounds.items() if _is_range(pair)}
        for part in parts:
            name = (
                part.left.name if isinstance(part, Compare) and isinstance(part.left, Fact) else ""
            )
            if name not in paired or part not in paired[name]:
                said.append(part)
            elif part is paired[name][0]:
                said.append(self.range(self.spec(name), paired[name]))
        return said

    def range(self, spec: FactSpec, pair: list[Compare]) -> str:
        """Say a range, both ends included."""
        ends = sorted(_included(bound) for bound in pair)
        return self.phrase(spec, "..", [say_value(spec, end, self.language) for end in ends])


def _flat(node: And | Or) -> tuple[Node, ...]:
    """List the parts, those of the same kind below among them."""
    parts: list[Node] = []
    for part in node.parts:
        parts += _flat(part) if isinstance(part, type(node)) else (part,)
    return tuple(parts)


def _added(node: Node) -> list[Node]:
    if isinstance(node, Arithmetic) and node.op == "+":
        return [*_added(node.left), *_added(node.right)]
    return [node]


def _is_range(pair: list[Compare]) -> bool:
    if len(pair) != 2 or {pair[0].op[0], pair[1].op[0]} != {"<", ">"}:
        return False
    upper, lower = sorted(pair, key=lambda bound: bound.op[0])
    return _included(lower) <= _included(upper)


def _included(bound: Compare) -> int:
    assert isinstance(bound.right, Literal)
    step = {"<": -1, ">": 1}.get(bound.op, 0)
    return int(bound.right.value) + step
