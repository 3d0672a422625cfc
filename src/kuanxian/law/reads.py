"""Reads: how a compiled function takes a fact, and takes nothing for a fact that is none.

A value that is not as declared (a misspelled origin, a minute 1440) must not pass between
the rules: it is unknown. The test stands where the fact is read, so a decision tests the
few facts it comes to, not all that its rules could use.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, cast

from kuanxian.law.tree import Declared, Kind, Value

Get = Callable[[str], Value | None]
Lookup = Callable[[Get], Value | None]
"""A fact that is worked out from others: it is given what reads them."""


def compile_take(name: str, declared: Declared) -> Lookup:
    """Compile a function that takes one fact, or None where it is not as declared.

    Example:
        >>> from kuanxian.law.facts import FactSpec
        >>> take = compile_take("minute", FactSpec("minute", "int", min=0, max=1439))
        >>> take({"minute": 480}.get), take({"minute": 1440}.get)
        (480, None)
    """
    reads = Reads({name: declared}, {}, {})
    lines = ["def take(get):", *reads.lines("f", name), "return f"]
    exec(compile("\n    ".join(lines), "<take>", "exec"), reads.constants)  # noqa: S102
    return cast("Lookup", reads.constants["take"])


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
