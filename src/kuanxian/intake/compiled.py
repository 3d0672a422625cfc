"""Compiled: the byte loops of intake as machine code.

The same functions run as plain Python on small sources, where starting the compiler
would take longer than reading the file. The compiled copies are kept in a cache folder
named after a hash of the sources they were made from.
"""

import functools
import types
from pathlib import Path
from typing import Any, Final

from kuanxian.intake.columns import read_dates, read_numbers
from kuanxian.intake.contracts import check_contracts
from kuanxian.intake.lines import copy_cells, find_bad_text, measure_cells, split_records
from kuanxian.intake.twins import Twins, cache_folder

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
    import numba

    setattr(numba.config, "CACHE_DIR", str(_cache_folder()))  # noqa: B010 - it has no type
    outer = numba.njit(nogil=True, cache=True)
    twins = Twins(numba.njit(nogil=True))
    loops = {loop.__name__: outer(twins.copy(loop)) for loop in _LOOPS}
    return types.SimpleNamespace(view=lambda data: data, **loops)


def _cache_folder() -> Path:
    package = Path(__file__).parent.parent
    rooms = (package / "base", package / "loan", package / "intake")
    return cache_folder("intake", [path for room in rooms for path in sorted(room.glob("*.py"))])
