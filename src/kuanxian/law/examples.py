"""Examples: each rule's rows, run as the rule runs, and what they must answer."""

from collections.abc import Mapping
from typing import NamedTuple

from kuanxian.base.errors import RuleFileError
from kuanxian.law.emit_python import compile_condition
from kuanxian.law.rule import Example, Rule, Value
from kuanxian.law.tree import Literal, Node, fact_names, substitute

_SAID = {True: "fires", False: "holds", None: "unknown"}


class Answered(NamedTuple):
    """An example and what the rule said."""

    example: Example
    said: str
    rebutted: bool | None

    @property
    def right(self) -> bool:
        """Whether it said what it must."""
        expected = self.example.rebutted
        return self.said == self.example.expect and expected in {None, self.rebutted}


def run_examples(rule: Rule, literals: Mapping[str, Literal]) -> list[Answered]:
    """Run every example of a rule.

    Args:
        rule: The rule.
        literals: The shipped policy and the dated values of its first day.
    """
    fires = compile_condition(substitute(rule.node, literals))
    rebuts = None
    if rule.presumption:
        rebuts = compile_condition(substitute(rule.presumption.node, literals))
    return [
        Answered(one, _SAID[fires(one.facts)], rebuts(one.facts) if rebuts else None)
        for one in rule.examples
    ]


def example_problems(rule: Rule, literals: Mapping[str, Literal]) -> list[RuleFileError]:
    """List what is wrong with a rule's examples: an answer, or a fact it does not use."""
    problems = []
    for done in run_examples(rule, literals):
        if not done.right:
            facts = show_row(done.example.facts, rule.node)
            problems.append(
                RuleFileError(
                    rule.file,
                    done.example.line,
                    f"example {done.example.name!r} must be {done.example.expect!r} "
                    f"but is {done.said!r}; facts used: {facts}",
                    "Mend the condition or the example.",
                )
            )
    return problems


def show_row(facts: Mapping[str, Value], node: Node) -> str:
    """Write a row as a rule sees it: every fact it uses, with what is unknown."""
    shown = (f"{name} = {_show(facts.get(name))}" for name in fact_names(node))
    return ", ".join(shown) or "none"


def _show(value: Value) -> str:
    if value is None:
        return "unknown"
    return str(value).lower() if isinstance(value, bool) else str(value)
