"""Retention: the evening's erasures, by clocks that are data and dates that the journal knows.

Erased are: people whose freeze has ended; contacts whose debtor has settled everything, or who
said no; debtors, and guarantors and others who owe beside them, whose own clock has ended, where
the firm follows one. Where a duty to keep runs, they are frozen instead. Where a day is not known,
the person is named and nothing is erased. Run twice, the second run finds nothing to do.

Source: 个人信息保护法 art. 47.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from kuanxian.base.errors import GoneError, PersonError
from kuanxian.close.clock_dates import Dates, dates_of
from kuanxian.vault.erase import Certificate, erase_person
from kuanxian.vault.keeper import Keeper
from kuanxian.vault.kept import Kept, kept_people
from kuanxian.vault.people import CONTACT, DEBTOR, GUARANTOR
from kuanxian.vault.retention import (
    DELETE,
    Binding,
    Clock,
    binds,
    check_policy,
    duties_of,
    ended_clock,
    read_clocks,
)
from kuanxian.vault.rights import Frozen, delete_or_freeze, erase_ended_freezes

ANY: Final = Binding()
Asked = tuple[list[Clock], Dates, date, Binding]
"""What is asked of one person: the clocks, their dates, the day, and which clocks count."""


class Unknown(NamedTuple):
    """A person who was left alone because a day is not known."""

    person: str
    starts: str
    """The date, as a clock names it."""
    why: str


class Swept(NamedTuple):
    """What an evening did."""

    erased: list[Certificate]
    frozen: list[Frozen]
    unknown: list[Unknown]

    def as_json(self) -> dict[str, Any]:
        """Write it for a machine. It holds no value of anybody's."""
        return {
            "erased": [one.as_json() for one in self.erased],
            "frozen": [one.as_json() for one in self.frozen],
            "unknown": [one._asdict() for one in self.unknown],
        }


def run_retention(keeper: Keeper, audit: sa.Engine, on: date, binding: Binding = ANY) -> Swept:
    """Erase or freeze whose time is over: a step of every evening.

    Args:
        keeper: The vault of a tenant.
        audit: Logged in as a member of ``kx_audit``, or of ``kx_app``: what the journal knows.
        on: The day that is closed.
        binding: The lender's type, and the clocks its policy follows.

    Returns:
        A certificate for everybody who was erased, and who was frozen or left alone, and why.

    Raises:
        PersonError: The policy names a clock that is not there, or the days backups are kept
            are none.
    """
    clocks = read_clocks()
    check_policy(clocks, binding.policy)
    clocks = [clock for clock in clocks if binds(clock, *binding)]
    swept = Swept(erase_ended_freezes(keeper, on), [], [])
    for role in (CONTACT, DEBTOR, GUARANTOR):
        if any(clock.kind == DELETE and clock.whose == _whose(role) for clock in clocks):
            for one, dates in _people(keeper, audit, role, on):
                _sweep(keeper, one, (clocks, dates, on, binding), swept)
    return swept


def _people(keeper: Keeper, audit: sa.Engine, role: str, on: date) -> Iterator[tuple[Kept, Dates]]:
    """Pair everybody of a role with their dates; a contact's are those of who named them."""
    for some in kept_people(keeper, role):
        debtors = sorted({one.debtor for one in some})
        with audit.connect() as connection:
            dates = dates_of(connection, keeper.tenant, debtors, on)
        yield from ((one, dates[one.debtor]) for one in some)


def _whose(role: str) -> str:
    """Say whose clocks count: who owes beside a debtor is kept as long as a debtor is."""
    return CONTACT if role == CONTACT else DEBTOR


def _sweep(keeper: Keeper, one: Kept, asked: Asked, swept: Swept) -> None:
    """Erase or freeze one person, or write down why not."""
    try:
        done = _done_to(keeper, one, asked)
    except GoneError:  # since they were listed: another evening's, or by a word of their own
        return
    except PersonError as error:
        swept.unknown.append(Unknown(one.person, error.subject, error.reason))
        return
    if isinstance(done, Frozen):
        swept.frozen.append(done)
    elif done is not None:
        swept.erased.append(done)


def _done_to(keeper: Keeper, one: Kept, asked: Asked) -> Certificate | Frozen | None:
    """Erase or freeze one person whose time is over; None where it is not."""
    clocks, dates, on, binding = asked
    if one.said_no:
        return erase_person(keeper, one.person, "refusal", on)
    clock = ended_clock(clocks, _whose(one.role), dates, on, binding)
    if clock is None:
        return None
    if one.role == CONTACT:  # whose values are no proof of anything: no duty keeps them
        return delete_or_freeze(keeper, one.person, [], on, "settlement")
    duties = duties_of(clocks, dates, on, *binding)
    return delete_or_freeze(keeper, one.person, duties, on, "retention")
