"""Memory: where one replay keeps its figures.

The kernel writes into two pieces of memory that its caller provides, so that it
allocates nothing: ``rows``, a grid of schedule rows (column, row), and ``state``, a
line of figures about the loan. Compiled, they are arrays of int64; plain, they are
``Grid`` and a list. This file only gives their places names.
"""

from typing import Final

from kuanxian.base.bounds import ROWS_MAX

# -- columns of ``rows`` -----------------------------------------------------------

START_ON: Final = 0
"""Interest of the row runs from here …"""
END_ON: Final = 1
"""… to here: the due day before rolling."""
DUE_ON: Final = 2
"""The due day after rolling."""

CHARGED: Final = 3
"""Columns 4 to 7: what the row asks for, by ``Part`` (fee, penalty, interest, principal)."""
FEE: Final = 4
PENALTY: Final = 5
INTEREST: Final = 6
PRINCIPAL: Final = 7
MET: Final = 7
"""Columns 8 to 11: what of it was paid, credited or waived, by ``Part``."""
FEE_MET: Final = 8
PENALTY_MET: Final = 9
INTEREST_MET: Final = 10
PRINCIPAL_MET: Final = 11

ACCRUED_UFEN: Final = 12
"""Interest of the row accrued so far, before rounding."""
DEFERRED: Final = 13
"""Interest of the row collected with a later one."""
BROUGHT_INTEREST: Final = 14
"""Part of INTEREST brought here from earlier rows."""
BROUGHT_PRINCIPAL: Final = 15
PENALTY_UFEN: Final = 16
"""Penalty interest so far, before rounding."""
PENALTY_BOOKED: Final = 17
"""The rounded part of it that was charged (or fell to a cap)."""
PENALTY_FROM: Final = 18
"""Penalty has been computed up to this day."""
LATE_FEE_DONE: Final = 19
GRACE: Final = 20
"""Extra grace days of the row."""
MET_ON: Final = 21
"""The day the row was fully met."""
DAYS: Final = 22
"""Days of the period, in the contract's day count."""
YEAR_DAYS: Final = 23
"""Days of a regular period that ends where this one does (ACT_ACT_PERIOD)."""
ROW_WIDTH: Final = 24

# -- figures of ``state`` ----------------------------------------------------------

NOW: Final = 0
"""The day being folded."""
SEQ: Final = 1
"""The event being folded; 0: none, time passed."""
ROWS: Final = 2
"""How many rows there are."""
OPEN: Final = 3
"""The first row not fully met; all before it are."""
FALLEN: Final = 4
"""How many rows have fallen due."""
ACCRUED_TO: Final = 5
"""Interest has been accrued up to this day."""
ACCRUAL_ROW: Final = 6
"""The row interest accrues to."""
RATE: Final = 7
"""The contract rate in force, ppb."""
METHOD: Final = 8
"""The repayment method in force."""
INSTALMENT: Final = 9
"""The equal instalment in force, fen; 0: the method has none."""
DUE_DAY: Final = 10
PLAN_FIRST: Final = 11
"""First instalment row of the plan in force."""
PLAIN: Final = 12
"""1: the plan in force has no promotion or grace (it is a re-instalment)."""
FLAT_BASE: Final = 13
"""What FLAT interest is charged on."""
CARRY_UFEN: Final = 14
"""Interest left over by rounding the running total, signed."""
OUTSTANDING: Final = 15
"""Principal owed."""
FUTURE: Final = 16
"""Principal owed and not yet due."""
CREDIT: Final = 17
PAID: Final = 18
CREDITED: Final = 19
REFUNDED: Final = 20
WAIVED: Final = 21
WAIVED_PRINCIPAL: Final = 22
PAID_PART: Final = 22
"""23 to 26: paid by ``Part``."""
CAPITALISED: Final = 27
DRAWN: Final = 28
RECOVERED: Final = 29
COST: Final = 30
"""Interest, fees and penalty charged so far, against the total cap."""
PENALTY_TO: Final = 31
"""Penalty on the whole balance has been computed up to this day."""
STOP_FROM: Final = 32
STOP_UNTIL: Final = 33
"""No penalty from STOP_FROM to STOP_UNTIL."""
DEFAULT_SINCE: Final = 34
CURED: Final = 35
LAST_PAID_ON: Final = 36
LAST_PAID: Final = 37
PAID_IN_PERIOD: Final = 38
ENDED: Final = 39
"""A ``Status`` that ended the loan, or 0."""
ENDED_ON: Final = 40
WRITTEN_OFF_ON: Final = 41
REFUSED_COUNT: Final = 42
REFUSED_SEQ: Final = 43
REFUSED_REASON: Final = 44
HAS_PAUSE: Final = 45
TRACED: Final = 46
"""How many trace entries were written."""
TRACE_MAX: Final = 47
"""How many there is room for."""
PERIOD_FROM: Final = 48
STATE_WIDTH: Final = 49

# -- columns of ``trace`` ----------------------------------------------------------

TRACE_WIDTH: Final = 6


class Grid:
    """A plain two-dimensional memory, indexed like an array: ``grid[column, row]``.

    Example:
        >>> grid = Grid(2, 3)
        >>> grid[1, 2] = 7
        >>> grid[1, 2], grid[0, 0]
        (7, 0)
    """

    def __init__(self, width: int, length: int) -> None:
        self._length = length
        self._cells = [0] * (width * length)

    def __getitem__(self, place: tuple[int, int]) -> int:
        return self._cells[place[0] * self._length + place[1]]

    def __setitem__(self, place: tuple[int, int], value: int) -> None:
        self._cells[place[0] * self._length + place[1]] = value


def blank_rows() -> Grid:
    """Make room for the rows of one loan.

    Example:
        >>> blank_rows()[PRINCIPAL, 0]
        0
    """
    return Grid(ROW_WIDTH, ROWS_MAX)


def blank_state(trace_max: int = 0) -> list[int]:
    """Make room for the figures of one loan.

    Example:
        >>> len(blank_state()) == STATE_WIDTH
        True
    """
    state = [0] * STATE_WIDTH
    state[TRACE_MAX] = trace_max
    return state
