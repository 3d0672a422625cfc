"""Memory: where one replay keeps its figures.

The kernel works on one ``Loan``: the contract, the schedule row by row, and the running
figures. It allocates nothing while it folds. Plain, a ``Loan`` is the object below;
compiled, it is a record of int64 with the same names, made from this very class
(``kuanxian.state.compiled``), and the same code runs on both.
"""

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any, TypeVar, cast

from kuanxian.base.bounds import INSTALMENTS_MAX, ROWS_MAX
from kuanxian.loan.events import Event
from kuanxian.loan.position import Policy
from kuanxian.loan.terms import Conventions, Terms

ROWS_ROOM = ROWS_MAX + 1

PARTS_ROOM = 5
"""One place for each ``Part``; place 0 stays empty."""

BUCKETS = 8
"""Ageing buckets 0 … 7."""

STOPS_ROOM = 32
"""Most stretches of days without penalty that lie apart."""

TRACE_WIDTH = 6

SERIES_SLOTS = 16
"""How many series of due days are kept."""

SERIES_KEY = 8


class Grid:
    """A plain two-dimensional memory, indexed like an array: ``grid[column, row]``.

    Example:
        >>> grid = Grid(2, 3)
        >>> grid[1, 2] = 7
        >>> grid[1, 2], grid[0, 0]
        (7, 0)
    """

    def __init__(self, width: int, length: int) -> None:
        self.width = width
        self.length = length
        self._cells = [0] * (width * length)

    def __getitem__(self, place: tuple[int, int]) -> int:
        return self._cells[place[0] * self.length + place[1]]

    def __setitem__(self, place: tuple[int, int], value: int) -> None:
        self._cells[place[0] * self.length + place[1]] = value


class Figures:
    """The terms of a loan by place, for corrections: ``figures[3] = 180_000_000``.

    Example:
        >>> terms = SimpleNamespace(**Terms(100, 20_000, 1)._asdict())
        >>> Figures(terms)[0] = 250
        >>> terms.principal_fen
        250
    """

    def __init__(self, terms: object) -> None:
        self._terms = terms

    def __getitem__(self, place: int) -> int:
        figure: int = getattr(self._terms, Terms._fields[place])
        return figure

    def __setitem__(self, place: int, figure: int) -> None:
        setattr(self._terms, Terms._fields[place], figure)


Made = TypeVar("Made")


class Lazy(dict[int, Made]):
    """Places that are made when they are first looked at.

    Example:
        >>> Lazy(list)[3].append(7)
    """

    def __init__(self, make: Callable[[], Made]) -> None:
        """Take what makes a place."""
        super().__init__()
        self.make = make

    def __missing__(self, place: int) -> Made:
        """Make a place."""
        made = self[place] = self.make()
        return made


class PlanRow:
    """One row of a schedule."""

    def __init__(self) -> None:
        """Make a row of noughts; ``clear_row`` makes it blank."""
        self.start_on = 0
        """Interest of the row runs from here …"""
        self.end_on = 0
        """… to here: the due day before rolling."""
        self.due_on = 0
        """The due day after rolling."""
        self.period_days = 0
        """Days of the period, in the contract's day count."""
        self.year_days = 0
        """Days of a regular period that ends where this one does (ACT_ACT_PERIOD)."""
        self.asked_fen = [0] * PARTS_ROOM
        """What the row asks for, by ``Part``."""
        self.met_fen = [0] * PARTS_ROOM
        """What of it was paid, credited or waived."""
        self.waived_interest_fen = 0
        """The part of what was met of the interest that was waived."""
        self.waived_fee_fen = 0
        self.base_fen = 0
        """What scheduled interest of the row is charged on, as it was laid out."""
        self.accrued_ufen = 0
        """Interest of the row accrued so far, before rounding."""
        self.deferred_fen = 0
        """Interest of the row collected with a later one."""
        self.brought_interest_fen = 0
        """The part of the interest asked for that was brought here from other rows."""
        self.brought_fee_fen = 0
        self.brought_principal_fen = 0
        self.besides_fen = 0
        """Principal met before the plan was computed anew: asked for besides its own."""
        self.penalty_ufen = 0
        """Penalty so far, before rounding."""
        self.penalty_booked_fen = 0
        """The rounded part of it that was charged (or fell to a cap)."""
        self.penalty_from_on = 0
        """Penalty has been computed up to this day."""
        self.late_fee_done = 0
        self.extra_grace_days = 0
        self.met_on = 0
        """The day the row was fully met."""


class Series:
    """The due days of a contract, kept for the next one that has the same.

    Two loans of a product paid out on one day fall due on the same days. Reckoning them
    costs more than copying them.
    """

    def __init__(self) -> None:
        """Make a series of no contract."""
        self.rows = 0
        """How many rows are known."""
        self.key = [0] * SERIES_KEY
        """What the days depend on: see ``kuanxian.loan.series``."""
        self.due_day = 0
        self.end_on = [0] * INSTALMENTS_MAX
        self.due_on = [0] * INSTALMENTS_MAX
        self.period_days = [0] * INSTALMENTS_MAX
        self.year_days = [0] * INSTALMENTS_MAX


class Loan:
    """One loan while it is folded. Every figure is an integer."""

    def __init__(self, events: int = 0, trace_max: int = 0) -> None:
        """Make room for one loan.

        Args:
            events: How many events it has.
            trace_max: How many trace entries there shall be room for.
        """
        # -- the contract, and from where one looks ----------------------------------
        self.terms = cast("Terms", _named(Terms._fields))
        self.figures = Figures(self.terms)  # the terms again, by place
        self.conventions = cast("Conventions", _named(Conventions._fields))
        self.policy = cast("Policy", _named(Policy._fields))
        self.days_off: Any = ()
        """By ``DaysOff``, then by day: 1 where the day is off."""
        self.as_of_on = 0
        self.booked_on = 0  # the day of disbursement before corrections
        self.known_on = 0
        self.period_from_on = 0

        # -- what happened, and the schedule -----------------------------------------
        self.event: Sequence[Event] = ()
        """The events in the order (``value_on``, ``seq``)."""
        self.event_count = 0
        self.plan = Lazy(PlanRow)
        """The rows of the schedule, by number from 0."""
        self.series = Lazy(Series)
        """Series of due days computed before, by ``slot_of``."""

        # -- the running figures -----------------------------------------------------
        self.now_on = 0  # the day being folded
        self.seq = 0  # the event being folded; 0: none, time passed
        self.rows = 0
        """How many rows there are."""
        self.open_row = 0
        """The first row not fully met; all before it are."""
        self.fallen = 0
        """How many rows have fallen due."""
        self.closed = 0  # rows whose period has ended: with DAILY interest their parts are settled
        self.accrued_to_on = 0  # interest has been accrued up to this day
        self.asked_from_on = 0  # accrued up to here before time passed to the day asked for
        self.asked_ufen = 0  # and so much to the running row: asking splits no stretch
        self.accrual_row = 0  # the row interest accrues to
        self.rate_ppb = 0  # the contract rate in force
        self.method = 0  # the repayment method in force
        self.instalment_fen = 0
        """The equal instalment in force; 0: to be computed."""
        self.absorbing_row = 0  # with ``Absorb.FIRST`` this row takes besides …
        self.absorbed_fen = 0  # … so much, signed
        self.due_day = 0
        self.plan_first = 0
        """First instalment row of the plan in force."""
        self.plain = 0
        """1: the plan in force has no promotion or grace (it is a re-instalment)."""
        self.flat_base_fen = 0
        """What FLAT interest is charged on."""
        self.after_fen = 0
        """Interest charged to the last row for days after its period."""
        self.carry_ufen = 0
        """Interest left over by rounding the running total, signed."""
        self.outstanding_fen = 0  # principal owed
        self.future_fen = 0
        """Principal owed and not yet due."""
        self.credit_fen = 0
        self.loose_fen = 0  # credit of before the payment at hand that nothing of it counts on yet
        self.freed_fen = 0  # paid ahead as interest or fee and not asked for any more: money to use
        self.paid_fen = 0
        self.credited_fen = 0
        self.refunded_fen = 0
        self.waived_fen = 0
        self.waived_principal_fen = 0
        self.paid_part_fen = [0] * PARTS_ROOM
        self.capitalised_fen = 0
        self.drawn_fen = 0
        self.recovered_fen = 0
        self.cost_fen = 0
        """Interest, fees and penalty charged so far, against the total cap."""
        self.penalty_to_on = 0
        """Penalty on the whole balance has been computed up to this day."""
        self.stops = 0
        """How many stretches of days without penalty there are."""
        self.stop_from_on = [0] * STOPS_ROOM
        self.stop_until_on = [0] * STOPS_ROOM
        """Both days included; stretches are apart and in order."""
        self.default_since_on = 0
        self.cured_on = 0
        self.last_paid_on = 0
        self.last_paid_fen = 0
        self.paid_in_period_fen = 0
        self.ended = 0
        """A ``Status`` that ended the loan, or 0."""
        self.ended_on = 0
        self.written_off_on = 0
        self.matured_on = 0  # due day of the last instalment, where a fee has a row after it
        self.has_pause = 0
        self.has_stop = 0  # 1: there is a penalty stop among the events

        # -- what a position adds up -------------------------------------------------
        self.due_fen = [0] * PARTS_ROOM
        self.overdue_fen = [0] * PARTS_ROOM
        self.aged_fen = [0] * BUCKETS
        """Overdue principal by ageing bucket."""
        self.oldest_row = 0
        """The oldest row that is overdue by more than the tolerance; -1: none."""
        self.overdue_rows = 0

        # -- what was refused, and the trace -----------------------------------------
        self.refused_count = 0
        self.refused_late = 0  # found out only once time had passed to their day
        self.refused_seq = 0
        self.refused_reason = 0
        self.void = [0] * (events + 1)
        """By event: 0 it is folded, 1 it does not count, 2 it was taken before time passes."""
        self.refusal = [0] * (events + 1)
        """By event: why it could not be applied, a ``Refused`` code; 0: it was."""
        self.trace = Grid(TRACE_WIDTH, max(trace_max, 1))
        self.traced = 0  # entries written
        self.trace_max = trace_max
        """How many there is room for."""


def _named(fields: tuple[str, ...]) -> SimpleNamespace:
    return SimpleNamespace(**dict.fromkeys(fields, 0))
