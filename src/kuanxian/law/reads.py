"""Reads: how a compiled function takes a fact, and takes nothing for a fact that is none.

A value that is not as declared (a misspelled origin, a minute 1440) must not pass between
the rules: it is unknown. The test stands where the fact is read, so a decision tests the
few facts it comes to, not all that its rules could use.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, cast

from kuanxian.law.tree import Declared, Kind, Value

Get = Callable[[str], Value | None]
Lookup = Callable[[Get], Value | None]
"""A fact that is worked out from others: it is given what reads them."""
Row = Callable[[Get], dict[str, Value | None]]
"""Takes some facts out of what is given."""


def compile_row(
    names: Sequence[str],
    declared: Mapping[str, Declared],
    lookups: Mapping[str, Lookup] | None = None,
) -> Row:
    """Compile a function that takes some facts, None for each that is not as declared.

    Example:
        >>> from kuanxian.law.facts import FactSpec
        >>> row = compile_row(["minute"], {"minute": FactSpec("minute", "int", max=1439)})
        >>> row({"minute": 480}.get), row({"minute": 1440}.get)
        ({'minute': 480}, {'minute': None})
    """
    reads = Reads(declared, lookups or {}, {})
    lines = ["def row(get):"]
    for place, name in enumerate(names):
        lines += reads.lines(f"f{place}", name)
    pairs = ", ".join(f"{name!r}: f{place}" for place, name in enumerate(names))
    lines.append(f"return {{{pairs}}}")
    exec(compile("\n    ".join(lines), "<row>", "exec"), reads.constants)  # noqa: S102
    return cast("Row", reads.constants["row"])


class Reads(NamedTuple):
    """Writes the lines that read facts."""

    declared: Mapping[str, Declared] | None
    """None: facts are taken as they are. A fact that is not declared is unknown."""
    lookups: Mapping[str, Lookup]
    constants: dict[str, Any]
    """What the lines refer to, by name."""

    def lines(self, local: str, name: str) -> list[str]:
        """Write the lines that put a fact into a local.

        Example:
            >>> Reads(None, {}, {}).lines("f0", "stopped")
            ["f0 = get('stopped')"]
        """
        if name in self.lookups:
            self.constants[f"look_{local}"] = self.lookups[name]
            return [f"{local} = look_{local}(get)"]
        if self.declared is None:
            return [f"{local} = get({name!r})"]
        if name not in self.declared:
            return [f"{local} = None"]
        test = self.test(local, self.declared[name])
        return [f"{local} = get({name!r})", f"if {test}: {local} = None"]

    def test(self, local: str, declared: Declared) -> str:
        """Write the test that a value is not as declared."""
        match declared.type:
            case Kind.BOOL:
                return f"{local} is not True and {local} is not False"
            case Kind.TEXT:
                return f"{local}.__class__ is not str"
            case Kind.ENUM:
                self.constants[f"values_{local}"] = frozenset(declared.values)
                return f"{local}.__class__ is not str or {local} not in values_{local}"
        # True and False are ints in Python, and no whole numbers here.
        span = f"{declared.min} <= {local} <= {declared.max}"
        return f"{local}.__class__ is not int or not {span}"
