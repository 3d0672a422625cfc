"""Compiled: the byte loops of intake as machine code.

The same functions run as plain Python on small sources, where starting the compiler
would take longer than reading the file. The compiled copies are kept in a cache folder
named after a hash of the sources they were made from.
"""

import functools
import hashlib
import os
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import kuanxian.base
import kuanxian.loan
from kuanxian.intake.columns import read_dates, read_numbers
from kuanxian.intake.contracts import check_contracts
from kuanxian.intake.lines import copy_cells, find_bad_text, measure_cells, split_records

_LOOPS: Final[tuple[Any, ...]] = (
    split_records,
    measure_cells,
    copy_cells,
    find_bad_text,
    read_numbers,
    read_dates,
    check_contracts,
)

COMPILE_FROM_BYTES: Final = 500_000
"""Sources that are larger than this together are read with compiled loops."""


def loops_for(size: int) -> types.SimpleNamespace:
    """Give the loops that read so many bytes soonest."""
    return machine() if size > COMPILE_FROM_BYTES else plain()


def plain() -> types.SimpleNamespace:
    """Give the loops as plain Python; ``view`` turns an array into what they read fastest."""
    loops: dict[str, Any] = {loop.__name__: loop for loop in _LOOPS}
    return types.SimpleNamespace(view=lambda data: data.tobytes(), **loops)


@functools.cache
def machine() -> types.SimpleNamespace:
    """Give the loops as machine code; the first call ever compiles them."""
    os.environ.setdefault("NUMBA_CACHE_DIR", str(_cache_folder()))
    import numba

    setattr(numba.config, "CACHE_DIR", str(_cache_folder()))  # noqa: B010 - it has no type
    made: dict[Any, Any] = {}
    inner = numba.njit(nogil=True)
    outer = numba.njit(nogil=True, cache=True)
    loops = {loop.__name__: outer(_copy(loop, inner, made)) for loop in _LOOPS}
    return types.SimpleNamespace(view=lambda data: data, **loops)


def _copy(
    function: types.FunctionType, jit: Callable[[Any], Any], made: dict[Any, Any]
) -> types.FunctionType:
    """Copy a function so that it refers to compiled copies of ours."""
    scope: dict[str, Any] = {"__name__": function.__module__}
    for name in function.__code__.co_names:
        thing = function.__globals__.get(name)
        if isinstance(thing, types.FunctionType):
            if thing not in made:
                made[thing] = jit(_copy(thing, jit, made))
            scope[name] = made[thing]
        elif name in function.__globals__:
            scope[name] = thing
    copy = types.FunctionType(function.__code__, scope, function.__name__, function.__defaults__)
    copy.__module__ = function.__module__
    return copy


def _cache_folder() -> Path:
    """Find where compiled code is kept; ``KUANXIAN_CACHE`` names another place."""
    chosen = os.environ.get("KUANXIAN_CACHE") or os.environ.get("XDG_CACHE_HOME")
    root = Path(chosen) if chosen else Path.home() / ".cache"
    digest = hashlib.sha256()
    rooms = [Path(str(room.__file__)).parent for room in (kuanxian.base, kuanxian.loan)]
    for folder in (*rooms, Path(__file__).parent):
        for source in sorted(folder.glob("*.py")):
            digest.update(source.name.encode() + b"\n" + source.read_bytes())
    return root / "kuanxian" / f"intake-{digest.hexdigest()[:16]}"
