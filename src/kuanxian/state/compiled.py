"""Compiled: the kernel's own functions under Numba.

There is one kernel. This module takes the code objects of the plain functions in
``base`` and ``loan`` and compiles them as they are (``kuanxian.intake.twins``); it writes
no arithmetic of its own but the loop over loans. ``base`` and ``loan`` never import Numba.

Compiling takes most of a minute. The result is kept in a cache folder named after a
hash of the kernel's sources, so that a changed kernel never runs from an old cache.
"""

import types
from functools import cache
from pathlib import Path
from threading import Lock
from types import SimpleNamespace
from typing import Any, cast

from kuanxian.base.bounds import EVENTS_MAX
from kuanxian.base.calendar import DAYS_COVERED, mainland, weekends
from kuanxian.intake import twins
from kuanxian.loan.events import Event, EventColumns
from kuanxian.loan.memory import ROWS_ROOM, SERIES_SLOTS, Figures, Grid, Lazy, Loan
from kuanxian.loan.position import Policy
from kuanxian.loan.replay import replay
from kuanxian.loan.standing import stand
from kuanxian.loan.terms import DaysOff, Terms
from kuanxian.loan.trace import log
from kuanxian.state.transfer import (
    SETTINGS,
    Fault,
    load_loan,
    store_money,
    store_refusals,
    store_standing,
)

OVER = {"figures": "terms", "settings": "conventions"}
"""What lies over the same memory."""

ROOM = {"plan": ROWS_ROOM, "series": SERIES_SLOTS}
"""How many there are of what plain Python makes as it is needed."""


def write_nothing(_loan: Any, _row: int, _what: int, _part: int, _amount_fen: int) -> None:
    """Stand in for ``log``: a batch keeps no trace."""


INLINED = frozenset(
    {
        "apply",
        "ask_interest",
        "bears_principal",
        "cap_part",
        "cap_row",
        "clear_row",
        "close_row",
        "copy_series",
        "cost_room_fen",
        "count_max",
        "days_in_month",
        "defers_interest",
        "elapsed_days",
        "fall_due",
        "fold",
        "is_by_days",
        "is_cash",
        "is_daily",
        "is_flat",
        "is_half_up",
        "is_kept",
        "is_leap",
        "is_met",
        "is_taken_before",
        "load_events",
        "load_loan",
        "load_product",
        "load_terms",
        "measure_period",
        "meet",
        "move_open",
        "mul_q62",
        "note_cure",
        "open_series",
        "out_of_place",
        "outlives_write_off",
        "owed_fen",
        "part_at",
        "pay",
        "pay_due",
        "pay_whole",
        "rate_year_days",
        "receive",
        "refused_early",
        "roll_day",
        "round_div",
        "round_interest",
        "round_ufen",
        "row_interest",
        "row_rate_ppb",
        "running_row",
        "shift_div",
        "sift",
        "simple_fen",
        "simple_ufen",
        "slot_of",
        "spend",
        "stand",
        "store_money",
        "store_standing",
        "take_payment",
        "takes_amount",
        "takes_count",
        "unpaid_fen",
    }
)
"""Functions that are put where they are called: small ones, and the way of a payment."""

APART = frozenset({"errors.py", "personal.py", "strict_json.py"})
"""Files of ``base`` that hold nothing of the kernel."""

OPTIONS = {"nogil": True, "error_model": "numpy", "_nrt": False}

CALLED_ONLY = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
"""Nothing but the loop is called from outside: a way in for each function would cost a seventh
of compiling."""


def sources_hash() -> str:
    """Hash every source file of the kernel, this one, and ``transfer``."""
    return twins.sources_hash(_sources())


def cache_folder() -> Path:
    """Find where the compiled kernel is kept."""
    return twins.cache_folder("kernel", _sources())


def _sources() -> list[Path]:
    package = Path(__file__).parent.parent
    rooms = (package / "base", package / "loan")
    own = (Path(__file__), Path(__file__).with_name("transfer.py"))
    return [
        *sorted(path for room in rooms for path in room.glob("*.py") if path.name not in APART),
        *own,
    ]


def record_type(trace_max: int = 0) -> Any:
    """Make the record that stands for a ``Loan``: the same names, int64 throughout.

    ``figures`` lies over ``terms`` and ``settings`` over ``conventions``: the same memory,
    by place.
    """
    import numpy as np

    plain = {**vars(Loan(EVENTS_MAX, trace_max)), "settings": ()}
    names: list[str] = []
    types_: list[Any] = []
    places: list[int] = []
    at = 0
    for name, value in plain.items():
        kind = _field_type(name, value)
        place = places[names.index(OVER[name])] if name in OVER else at
        names.append(name)
        types_.append(kind)
        places.append(place)
        # Eight-byte steps keep every figure aligned.
        at = max(at, (place + np.dtype(kind).itemsize + 7) // 8 * 8)
    return np.dtype({"names": names, "formats": types_, "offsets": places, "itemsize": at})


def _field_type(name: str, value: Any) -> Any:
    import numpy as np

    if name == "event":
        return np.dtype(([(field, np.int64) for field in Event._fields], (EVENTS_MAX,)))
    if isinstance(value, Lazy):
        fields = [(name, _field_type(name, cell)) for name, cell in vars(value.make()).items()]
        return np.dtype((fields, (ROOM[name],)))
    if isinstance(value, SimpleNamespace):
        return np.dtype([(field, np.int64) for field in vars(value)])
    if isinstance(value, Figures):
        return np.dtype((np.int64, (len(Terms._fields),)))
    if name == "settings":
        return np.dtype((np.int64, (SETTINGS,)))
    if isinstance(value, Grid):
        return np.dtype((np.int64, (value.width, value.length)))
    if name == "days_off":
        return np.dtype((np.uint8, (2, DAYS_COVERED)))
    if isinstance(value, list):
        return np.dtype((np.int64, (len(value),)))
    return np.dtype(np.int64)


def blank_memory(when: tuple[int, int, int], policy: Policy, trace_max: int = 0) -> Any:
    """Make the memory of one worker: an array of one record.

    Args:
        when: The day, the day up to which events are known, and the first day of the
            period ``paid_in_period_fen`` covers.
        policy: How ageing is shown.
        trace_max: How many trace entries a loan has room for.
    """
    import numpy as np

    memory = np.zeros(1, record_type(trace_max))
    memory["trace_max"] = trace_max
    memory["as_of_on"], memory["known_on"], memory["period_from_on"] = when
    for name, figure in policy._asdict().items():
        memory["policy"][name] = figure
    memory["days_off"][0, DaysOff.WEEKEND] = np.frombuffer(weekends(), np.uint8)
    memory["days_off"][0, DaysOff.CN] = np.frombuffer(mainland(), np.uint8)
    return memory


def close_span(
    book: tuple[Any, Any, Any, EventColumns, Any],
    memory: Any,
    span: tuple[int, int, int, int, int],
    out: tuple[Any, Any],
) -> tuple[int, int]:
    """Replay the loans of a span and write their positions.

    Args:
        book: Terms, a tuple of (n,) arrays in the order of ``Terms``; (n,) which product each
            loan is; (products, fields + 1) conventions, and 0 where the settings are sound; the
            events, sorted by loan, day and number; (events,) the ``loan_no`` of each event.
        memory: From ``blank_memory``.
        span: First loan and the one after the last; first event and the one after the
            last; the ``loan_no`` of loan 0.
        out: A ``Position`` of (n,) arrays, and (events,) ``Refused`` codes, of noughts;
            both are written.

    Returns:
        The first loan that cannot be computed, and the ``Fault``; (-1, 0) where there is
        none. Nothing is computed beyond it: compiled code does not check its bounds again.
    """
    loan = memory[0]
    at_event = span[2]
    for i in range(span[0], span[1]):
        first = at_event
        at_event, fault = load_loan(loan, book, span, i, at_event)
        if fault != Fault.NONE:
            return i, fault
        replay(loan)
        at = stand(loan)
        store_standing(at, out[0], i)
        store_money(at, out[0], i)
        if loan.refused_count > 0:
            store_refusals(loan, out[1], first)
    return (-1, 0) if at_event == span[3] else (span[1] - 1, Fault.UNSORTED)


_ONE_AT_A_TIME = Lock()


def compiled_close_span() -> Any:
    """Compile ``close_span`` once a process, however many threads ask for it first."""
    with _ONE_AT_A_TIME:
        return _compile(cast("types.FunctionType", close_span), traced=False)


def compiled_with_trace(span: types.FunctionType) -> Any:
    """Compile another loop over loans once a process, the kernel's trace kept."""
    with _ONE_AT_A_TIME:
        return _compile(span, traced=True)


@cache
def _compile(span: types.FunctionType, *, traced: bool) -> Any:
    """Compile a loop over loans, from the cache folder where it is there.

    Without reference counts: the kernel allocates nothing, and counting costs a third
    of its time.
    """
    import numba

    njit: Any = numba.njit
    config: Any = numba.config
    config.CACHE_DIR = str(cache_folder())

    def jit(function: types.FunctionType) -> Any:
        inlined = not traced and function.__name__ in INLINED  # inlining costs a fifth of compiling
        return njit(forceinline=inlined, **CALLED_ONLY, **OPTIONS)(function)

    copies = twins.Twins(jit, instead={} if traced else {log: write_nothing})
    return njit(cache=True, **OPTIONS)(copies.copy(span))
