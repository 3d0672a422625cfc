# lint-skip: float, the root of a sum of powers; see ``apr``, which alone uses it.
"""Rate search: the one force of interest at which dated amounts balance.

The force is the logarithm of growth in a unit of time, so that every rate above -100 %
has one and worth is a sum of powers. A series that turns once has at most one. One that
turns more often can have several: then either one side owes the other from the first day
to the last, which makes the force unique, or every force is found and more than one is
refused with all of them. Never one of several in silence.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import exp, expm1, fsum
from typing import Final, NamedTuple

from kuanxian.base.errors import NoRateError

FORCE_MAX: Final = 24.0
"""The search ends where money grows e**24-fold (26 billion-fold) in a unit of time."""

TURNS_MAX: Final = 64
"""Most changes of direction for which every force is looked for."""

_BALANCE_ZERO: Final = 1e-9
"""A balance below this share of all money moved counts as zero."""

_TOUCH_ZERO: Final = 1e-13
"""A worth below this share of its parts is noise: the sum touches zero there."""

_TURNS_ADVICE: Final = "Use the simple method, or leave out what is not part of the loan."


class Instant(NamedTuple):
    """When an amount moves, in units of time after the first day."""

    whole: float
    """Units that compound."""
    part: float = 0.0
    """A part of a unit that bears simple interest."""


def find_force(amounts: Sequence[float], instants: Sequence[Instant]) -> float:
    """Find the force at which the amounts are worth nothing together.

    Args:
        amounts: One or more above and one or more below zero, none zero, in time order.
        instants: As many, rising; the first is zero.

    Raises:
        NoRateError: No force within ``FORCE_MAX``, or more than one.

    Example:
        >>> round(expm1(find_force([100.0, -110.0], [Instant(0.0), Instant(1.0)])), 12)
        0.1
    """

    def total(force: float) -> float:
        return worth(amounts, instants, force)

    turns = sum(1 for early, late in pairwise(amounts) if (early > 0) != (late > 0))
    bracket = _bracket(total)
    if bracket is not None:
        force = _solve(total, *bracket)
        if turns == 1 or _always_in_debt(amounts, instants, force):
            return force
    elif turns == 1:
        reason = "no rate of up to 64 bits balances them"
        raise NoRateError("cash flows", reason, "Check the amounts and the days.")
    if turns > TURNS_MAX or any(instant.part for instant in instants):
        reason = "they turn several times and both sides owe by turns: several rates may balance"
        raise NoRateError("cash flows", reason, _TURNS_ADVICE)
    return _only_force(amounts, instants)


def worth(amounts: Sequence[float], instants: Sequence[Instant], force: float) -> float:
    """Add up what the amounts are worth where money grows ``exp(force)``-fold a unit.

    Worth on the first day for a force of 0 or more, on the last day for a negative one:
    no power then exceeds 1, and the sign, which is all the search needs, is the same.

    Example:
        >>> worth([100.0, -110.0], [Instant(0.0), Instant(1.0)], 0.0)
        -10.0
    """
    anchor = instants[0].whole if force >= 0 else instants[-1].whole
    rate = expm1(force)
    return fsum(
        amount * exp(force * (anchor - whole)) / (1.0 + part * rate)
        for amount, (whole, part) in zip(amounts, instants, strict=True)
    )


def _always_in_debt(amounts: Sequence[float], instants: Sequence[Instant], force: float) -> bool:
    """Say whether the side that pays first is owed from the first day to the last.

    If so the force is unique: at a higher one each balance is higher, so the last one is
    not zero; at a lower one lower. This holds wherever the balance grows with the force.
    """
    rate = expm1(force)
    least = -_BALANCE_ZERO * sum(abs(amount) for amount in amounts)
    sign = 1 if amounts[0] > 0 else -1
    balance = 0.0
    before = instants[0]
    for amount, now in zip(amounts[:-1], instants, strict=False):
        growth = exp(force * (now.whole - before.whole))
        balance *= growth * (1.0 + now.part * rate) / (1.0 + before.part * rate)
        balance += sign * amount
        if balance < least:
            return False
        before = now
    return True


def _only_force(amounts: Sequence[float], instants: Sequence[Instant]) -> float:
    forces = _all_forces(amounts, instants)
    if len(forces) == 1:
        return forces[0]
    reason = "no rate balances them"
    if forces:
        rates = ", ".join(f"{expm1(force):.6%}" for force in forces)
        reason = f"{len(forces)} rates of a unit-period balance them: {rates}"
    raise NoRateError("cash flows", reason, _TURNS_ADVICE)


def _all_forces(amounts: Sequence[float], instants: Sequence[Instant]) -> list[float]:
    """Find every force at which the sum is zero; where it only touches zero, once.

    A sum that turns k times has at most k zeros. Multiplied by a power centred on one of
    the turns, its slope turns once less, and between two zeros of the slope lies at most
    one zero of the sum. So down to no turn, and back up.
    """
    turn = next((k for k, (a, b) in enumerate(pairwise(amounts)) if (a > 0) != (b > 0)), None)
    if turn is None:
        return []
    centre = (instants[turn].whole + instants[turn + 1].whole) / 2
    slopes = [-a * (at.whole - centre) for a, at in zip(amounts, instants, strict=True)]
    steepest = max(abs(slope) for slope in slopes)
    flats = _all_forces([slope / steepest for slope in slopes], instants)
    sizes = [abs(amount) for amount in amounts]

    def total(force: float) -> float:
        value = worth(amounts, instants, force)
        return 0.0 if abs(value) <= _TOUCH_ZERO * worth(sizes, instants, force) else value

    found = [flat for flat in flats if total(flat) == 0.0]
    for low, high in pairwise([-FORCE_MAX, *flats, FORCE_MAX]):
        if total(low) * total(high) < 0:
            found.append(_solve(total, low, high))
    return sorted(found)


def _bracket(total: Callable[[float], float]) -> tuple[float, float] | None:
    """Widen around zero until the sign changes; None where it never does."""
    here = total(0.0)
    inner, outer = 0.0, 1 / 64
    while inner < FORCE_MAX:
        for sign in (1.0, -1.0):
            if (total(sign * outer) > 0) != (here > 0):
                return sign * inner, sign * outer
        inner, outer = outer, min(outer * 2, FORCE_MAX)
    return None


def _solve(total: Callable[[float], float], low: float, high: float) -> float:
    """Narrow a bracket to the last bit: inverse quadratic steps, halving where they fail.

    Source:
        T. R. Chandrupatla, Advances in Engineering Software 28 (1997) 145-149.
    """
    near, far = low, high
    f_near, f_far = total(near), total(far)
    share = 0.5
    while True:
        new = near + share * (far - near)
        f_new = total(new)
        if (f_new > 0) == (f_near > 0):
            old, f_old = near, f_near
        else:
            old, f_old, far, f_far = far, f_far, near, f_near
        near, f_near = new, f_new
        best, f_best = (near, f_near) if abs(f_near) < abs(f_far) else (far, f_far)
        limit = (4e-16 * abs(best) + 1e-19) / abs(far - near)
        if limit > 0.5 or f_best == 0:
            return best
        share = _next_share((near, far, old), (f_near, f_far, f_old))
        share = min(1 - limit, max(limit, share))


def _next_share(points: tuple[float, float, float], values: tuple[float, float, float]) -> float:
    """Say how far from near to far to step: an inverse parabola where it is safe."""
    near, far, old = points
    f_near, f_far, f_old = values
    xi = (near - far) / (old - far)
    phi = (f_near - f_far) / (f_old - f_far)
    if phi**2 >= xi or (1 - phi) ** 2 >= 1 - xi:
        return 0.5
    share = f_near / (f_far - f_near) * f_old / (f_far - f_old)
    lean = (old - near) / (far - near)
    return share + lean * f_near / (f_old - f_near) * f_far / (f_old - f_far)
