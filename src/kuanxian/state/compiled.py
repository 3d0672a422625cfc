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
from typing import Any

from kuanxian.base.bounds import EVENTS_MAX
from kuanxian.base.calendar import DAYS_COVERED, mainland, weekends
from kuanxian.intake import twins
from kuanxian.loan.checks import is_within_bounds
from kuanxian.loan.events import EventColumns
from kuanxian.loan.memory import Figures, Grid, Loan
from kuanxian.loan.position import Policy, Position
from kuanxian.loan.replay import replay
from kuanxian.loan.standing import stand
from kuanxian.loan.terms import DaysOff, Terms

POSITION_WIDTH = len(Position._fields)

INLINED = frozenset(
    {
        "bears_principal",
        "clear_row",
        "cost_room_fen",
        "days_in_month",
        "defers_interest",
        "elapsed_days",
        "is_daily",
        "is_flat",
        "is_leap",
        "is_met",
        "log",
        "measure_period",
        "meet",
        "move_open",
        "mul_q62",
        "owed_fen",
        "part_at",
        "pay",
        "rate_year_days",
        "roll_day",
        "round_div",
        "round_interest",
        "round_ufen",
        "row_rate_ppb",
        "running_row",
        "shift_div",
        "simple_ufen",
        "unpaid_fen",
    }
)
"""Small functions that are put where they are called: a tenth of the time."""

OPTIONS = {"nogil": True, "error_model": "numpy", "_nrt": False}


def sources_hash() -> str:
    """Hash every source file of the kernel, and this one."""
    return twins.sources_hash(_sources())


def cache_folder() -> Path:
    """Find where the compiled kernel is kept."""
    return twins.cache_folder("kernel", _sources())


def _sources() -> list[Path]:
    package = Path(__file__).parent.parent
    rooms = (package / "base", package / "loan")
    return [*sorted(path for room in rooms for path in room.glob("*.py")), Path(__file__)]


def record_type() -> Any:
    """Make the record that stands for a ``Loan``: the same names, int64 throughout.

    ``figures`` lies over ``terms``: the same memory, by place.
    """
    import numpy as np

    plain = Loan(events=EVENTS_MAX)
    names: list[str] = []
    types_: list[Any] = []
    places: list[int] = []
    at = 0
    for name, value in vars(plain).items():
        kind = _field_type(name, value)
        place = places[names.index("terms")] if name == "figures" else at
        names.append(name)
        types_.append(kind)
        places.append(place)
        # Eight-byte steps keep every figure aligned.
        at = max(at, (place + np.dtype(kind).itemsize + 7) // 8 * 8)
    return np.dtype({"names": names, "formats": types_, "offsets": places, "itemsize": at})


def _field_type(name: str, value: Any) -> Any:
    import numpy as np

    if isinstance(value, SimpleNamespace):
        return np.dtype([(field, np.int64) for field in vars(value)])
    if isinstance(value, Figures):
        return np.dtype((np.int64, (len(Terms._fields),)))
    if isinstance(value, Grid):
        return np.dtype((np.int64, (value.width, value.length)))
    if name == "days_off":
        return np.dtype((np.uint8, (2, DAYS_COVERED)))
    if isinstance(value, list):
        return np.dtype((np.int64, (len(value),)))
    return np.dtype(np.int64)


def blank_memory(when: tuple[int, int, int], policy: Policy) -> Any:
    """Make the memory of one worker: an array of one record.

    Args:
        when: The day, the day up to which events are known, and the first day of the
            period ``paid_in_period_fen`` covers.
        policy: How ageing is shown.
    """
    import numpy as np

    memory = np.zeros(1, record_type())
    memory["as_of_on"], memory["known_on"], memory["period_from_on"] = when
    for name, figure in policy._asdict().items():
        memory["policy"][name] = figure
    memory["days_off"][0, DaysOff.WEEKEND] = np.frombuffer(weekends(), np.uint8)
    memory["days_off"][0, DaysOff.CN] = np.frombuffer(mainland(), np.uint8)
    return memory


def load_loan(loan: Any, columns: Any, i: int) -> None:
    """Put the terms of loan ``i`` into the memory."""
    terms = loan.terms
    terms.principal_fen = columns[0][i]
    terms.disbursed_on = columns[1][i]
    terms.instalments = columns[2][i]
    terms.rate_ppb = columns[3][i]
    terms.first_due_on = columns[4][i]
    terms.due_day = columns[5][i]
    terms.instalment_fen = columns[6][i]
    terms.residual_fen = columns[7][i]
    terms.down_payment_fen = columns[8][i]
    terms.fee_fen = columns[9][i]
    terms.promo_rate_ppb = columns[10][i]
    terms.promo_instalments = columns[11][i]
    terms.interest_free_instalments = columns[12][i]
    terms.grace_principal_instalments = columns[13][i]
    terms.grace_interest_instalments = columns[14][i]
    terms.penalty_rate_ppb = columns[15][i]
    terms.late_fee_fen = columns[16][i]
    terms.grace_days = columns[17][i]


def load_product(loan: Any, products: Any, k: int) -> None:
    """Put the conventions of product ``k`` into the memory."""
    conventions = loan.conventions
    conventions.method = products[k, 0]
    conventions.period_unit = products[k, 1]
    conventions.period_count = products[k, 2]
    conventions.roll = products[k, 3]
    conventions.days_off = products[k, 4]
    conventions.day_count = products[k, 5]
    conventions.rate_unit = products[k, 6]
    conventions.interest_basis = products[k, 7]
    conventions.interest_rounding = products[k, 8]
    conventions.interest_round_at = products[k, 9]
    conventions.instalment_rounding = products[k, 10]
    conventions.instalment_multiple_fen = products[k, 11]
    conventions.absorb = products[k, 12]
    conventions.smooth = products[k, 13]
    conventions.allocation_order = products[k, 14]
    conventions.direction = products[k, 15]
    conventions.future_rule = products[k, 16]
    conventions.tolerance_fen = products[k, 17]
    conventions.overdue_interest = products[k, 18]
    conventions.penalty_base = products[k, 19]
    conventions.penalty_grace = products[k, 20]
    conventions.penalty_rounding = products[k, 21]
    conventions.penalty_cap_ppb = products[k, 22]
    conventions.late_fee_ppb = products[k, 23]
    conventions.ageing_grace = products[k, 24]
    conventions.early_interest = products[k, 25]
    conventions.early_fee_ppb = products[k, 26]
    conventions.daily_cost_cap_ppb = products[k, 27]
    conventions.total_cost_cap_ppb = products[k, 28]


def close_span(
    terms: Any,
    product_no: Any,
    products: Any,
    events: EventColumns,
    offsets: Any,
    memory: Any,
    span: tuple[int, int],
    out: Any,
) -> int:
    """Replay the loans of a span and write their positions, one row of ``out`` a field.

    Args:
        terms: A tuple of (n,) arrays in the order of ``Terms``.
        product_no: (n,) which product each loan is.
        products: (products, fields) conventions.
        events: The events, sorted by loan, day and number.
        offsets: (n + 1,) where each loan's events begin.
        memory: From ``blank_memory``.
        span: First loan and the one after the last.
        out: (fields, n) int64, written.

    Returns:
        The first loan whose contract cannot be computed, or -1. Nothing is computed
        beyond it: compiled code does not check its bounds again.
    """
    loan = memory[0]
    product = -1
    for i in range(span[0], span[1]):
        if product_no[i] != product:
            product = product_no[i]
            load_product(loan, products, product)
        load_loan(loan, terms, i)
        if not is_within_bounds(loan.terms, loan.conventions):
            return i
        own = (offsets[i], offsets[i + 1])
        replay(loan, events, own)
        at = stand(loan, events, own)
        for field in range(POSITION_WIDTH):
            out[field, i] = at[field]
    return -1


_ONE_AT_A_TIME = Lock()


def compiled_close_span() -> Any:
    """Compile ``close_span`` once a process, however many threads ask for it first."""
    with _ONE_AT_A_TIME:
        return _compile()


@cache
def _compile() -> Any:
    """Compile ``close_span``, from the cache folder where it is there.

    Without reference counts: the kernel allocates nothing, and counting costs a third
    of its time.
    """
    import numba

    njit: Any = numba.njit
    config: Any = numba.config
    config.CACHE_DIR = str(cache_folder())

    def jit(function: types.FunctionType) -> Any:
        return njit(forceinline=function.__name__ in INLINED, **OPTIONS)(function)

    return njit(cache=True, **OPTIONS)(twins.Twins(jit).copy(close_span))
