"""Twins: compiled copies of plain functions, without naming a compiler.

A function is written once, in plain Python, and compiled from its own code object. Where
it refers to another function of ours, its copy refers to that one's compiled copy; where
it refers to an enum, to a tuple of its numbers. Who compiles brings the compiler. ``intake``
compiles its byte loops with this and ``state`` the kernel; it stands here because it
reads source files, which ``base`` and ``loan`` must not.
"""

import dis
import hashlib
import os
import types
from collections.abc import Callable, Iterable, Mapping
from enum import IntEnum
from pathlib import Path
from typing import Any, NamedTuple, cast


class Twins:
    """Compiled copies of plain functions, one each.

    Example:
        With a compiler that only counts, the copy still does what the function does.

        >>> seen = []
        >>> twins = Twins(lambda function: seen.append(function.__name__) or function)
        >>> twins.of(cache_folder) is twins.of(cache_folder), seen
        (True, ['sources_hash', 'cache_folder'])
    """

    def __init__(
        self, jit: Callable[[Any], Any], instead: Mapping[Any, Callable[..., Any]] | None = None
    ) -> None:
        """Take the compiler.

        Args:
            jit: Turns a function into its compiled form.
            instead: Functions that are left out of the copies, each with what is called
                in its place.
        """
        self._jit = jit
        self._made: dict[Any, Any] = {
            function: jit(other) for function, other in (instead or {}).items()
        }

    def of(self, function: Callable[..., Any]) -> Any:
        """Compile a function, and every function of ours it refers to."""
        if function not in self._made:
            self._made[function] = self._jit(self.copy(function))
        return self._made[function]

    def copy(self, function: Callable[..., Any]) -> types.FunctionType:
        """Copy a function so that the copy refers to compiled copies."""
        plain = cast("types.FunctionType", function)
        scope = {
            name: self._stand_in(plain.__globals__[name])
            for name in _globals_used(plain)
            if name in plain.__globals__
        }
        scope["__name__"] = plain.__module__
        copy = types.FunctionType(plain.__code__, scope, plain.__name__, plain.__defaults__)
        copy.__qualname__ = plain.__qualname__
        copy.__module__ = plain.__module__
        return copy

    def _stand_in(self, thing: Any) -> Any:
        if isinstance(thing, types.FunctionType):
            return self.of(thing)
        if isinstance(thing, type) and issubclass(thing, IntEnum):
            if thing not in self._made:
                self._made[thing] = numbers(thing)
            return self._made[thing]
        return thing


def _globals_used(function: types.FunctionType) -> list[str]:
    """Name the globals a function reads, once each (attribute names are not among them)."""
    reads = (op.argval for op in dis.get_instructions(function) if op.opname == "LOAD_GLOBAL")
    return list(dict.fromkeys(reads))


def numbers(codes: type[IntEnum]) -> Any:  # a made NamedTuple class has no static type
    """Turn an enum into a tuple of plain numbers with the same names."""
    made = NamedTuple(codes.__name__, [(code.name, int) for code in codes])  # type: ignore[misc]
    return made(*(int(code) for code in codes))


def sources_hash(sources: Iterable[Path]) -> str:
    """Hash source files, their names and what they say.

    Returns:
        Sixteen hex digits, the same on every machine.
    """
    digest = hashlib.sha256()
    for path in sources:
        digest.update(path.name.encode() + b"\n" + path.read_bytes())
    return digest.hexdigest()[:16]


def cache_folder(name: str, sources: Iterable[Path]) -> Path:
    """Find where code compiled from some sources is kept.

    The folder is named after a hash of the sources, so that changed code never runs from
    an old cache. ``KUANXIAN_CACHE`` names another place than the user's cache folder.
    """
    chosen = os.environ.get("KUANXIAN_CACHE") or os.environ.get("XDG_CACHE_HOME")
    root = Path(chosen) if chosen else Path.home() / ".cache"
    return root / "kuanxian" / f"{name}-{sources_hash(sources)}"
