"""Guard: a fact outside its declared type, bounds or list counts as unknown.

Proofs hold for the values the catalogue declares. A value it does not know, such as a
misspelled origin, must not pass between the rules: it is no value at all.
"""

from collections.abc import Callable, Mapping
from typing import Any

from kuanxian.law.facts import FactSpec
from kuanxian.law.rule import Value

Facts = Mapping[str, Value]
Guard = Callable[[Facts], dict[str, Value]]


def compile_guard(specs: Mapping[str, FactSpec]) -> Guard:
    """Compile a function that takes out of facts those declared, each a value it may have.

    Args:
        specs: The facts that are used, by name.

    Returns:
        A function of facts: a new dict of the known ones among them.

    Example:
        >>> minute = FactSpec("minute", "int", min=0, max=1439)
        >>> compile_guard({"minute": minute})({"minute": 1440, "other": 1})
        {}
    """
    lists = {f"v{place}": frozenset(spec.values) for place, spec in enumerate(specs.values())}
    lines = ["def guard(facts):", "    get = facts.get", "    good = {}"]
    for place, (name, spec) in enumerate(specs.items()):
        lines += [f"    f = get({name!r})", f"    if {_test(spec, f'v{place}')}:"]
        lines += [f"        good[{name!r}] = f"]
    space: dict[str, Any] = dict(lists)
    exec(compile("\n".join([*lines, "    return good"]), "<guard>", "exec"), space)  # noqa: S102
    made: Guard = space["guard"]
    return made


def _test(spec: FactSpec, listed: str) -> str:
    if spec.type == "bool":
        return "f is True or f is False"
    if spec.type == "enum":
        return f"f is not None and f.__class__ is str and f in {listed}"
    if spec.type == "text":
        return "f.__class__ is str"
    return f"f.__class__ is int and {spec.min} <= f <= {spec.max}"
