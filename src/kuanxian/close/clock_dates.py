"""Clock dates: when each retention clock of who owes began, as far as the journal knows.

A debt is settled where its case says so, or where the loan's own stream, folded by the kernel,
says so. Nothing is asked of a person: what nobody knows is None, and no clock runs on it.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

import sqlalchemy as sa

from kuanxian.action.contact.casebook import CaseFile, fold
from kuanxian.action.contact.casebook import stream_of as case_stream
from kuanxian.base.days import date_of, day_number
from kuanxian.base.errors import CaseError, KuanxianError
from kuanxian.journal.entry import Entry
from kuanxian.journal.loan_life import life_of
from kuanxian.journal.loan_life import stream_of as loan_stream
from kuanxian.journal.read import read_streams
from kuanxian.law.case import Case, Debt, Event
from kuanxian.law.timeline.view import live_events
from kuanxian.law.timeline.zones import day_start, local_day
from kuanxian.loan import Status, position
from kuanxian.store.walls import check_walls

ZONE: Final = "Asia/Shanghai"
SETTLED: Final = (Status.SETTLED, Status.SETTLED_EARLY)
CONTACTS: Final = ("calls", "messages", "visits")
_CASES: Final = sa.text(
    "SELECT debtor_id, case_id FROM casework.cases "
    "WHERE tenant = :tenant AND debtor_id = ANY(:people) UNION "
    "SELECT person_id, case_id FROM casework.case_person JOIN casework.cases USING (case_id) "
    "WHERE tenant = :tenant AND person_id = ANY(:people) ORDER BY case_id"
)

Dates = Mapping[str, date | None]
"""By the name in a clock's ``starts``. Not there: no such event. None: nobody knows when."""


class _Debt(NamedTuple):
    """What is known of one debt; a day may be None, which is not known."""

    is_open: bool
    settled_on: int | None
    due_on: int | None


UNKNOWN: Final = _Debt(is_open=False, settled_on=None, due_on=None)


def dates_of(
    connection: sa.Connection, tenant: str, people: Sequence[str], on: date
) -> dict[str, Dates]:
    """Find the dates of people who owe from their cases and loans.

    Args:
        connection: As ``kx_audit`` or ``kx_app``.
        tenant: The lender.
        people: Pseudonymous ids of debtors, guarantors, co-borrowers, heirs; not of contacts, whose
            dates are those of the debtor who named them.
        on: The day; what happened or became known after it is left out.

    Returns:
        The dates of everybody asked for.

    Raises:
        StoreError: The cases may be there and not to be seen.
    """
    check_walls(connection)
    rows = connection.execute(_CASES, {"tenant": tenant, "people": list(people)}).all()
    cases: dict[str, list[str]] = {person: [] for person in people}
    for person, case_id in rows:
        cases[person].append(case_id)
    told = read_streams(connection, {case_stream(case_id): 0 for _, case_id in rows})
    files = {case_id: _file(told.get(case_stream(case_id), [])) for _, case_id in rows}
    debts = {debt_id for file in files.values() if file for debt_id in file.case.debts}
    loans = read_streams(connection, {loan_stream(debt_id): 0 for debt_id in debts})
    return {
        person: _dates([files[case_id] for case_id in cases[person]], person, loans, on)
        for person in people
    }


def _file(entries: Sequence[Entry]) -> CaseFile | None:
    """Fold a case; one that cannot be read is as unknown as one without entries."""
    try:
        return fold(entries)
    except CaseError:
        return None


def _dates(
    files: Sequence[CaseFile | None], person: str, loans: Mapping[str, list[Entry]], on: date
) -> Dates:
    """Put together what the cases of one person tell."""
    dates: dict[str, date | None] = {}
    debts = [debt for file in files for debt in _debts_of(file, person, loans, on)] or [UNKNOWN]
    if not any(debt.is_open for debt in debts):
        dates["settled_on"] = _latest([debt.settled_on for debt in debts])
    dates["due_on"] = _latest([debt.due_on for debt in debts])
    contacted = [day for file in files for day in _contacts_of(file, person, on)]
    if contacted:
        dates["collected_on"] = _latest(contacted)
    return dates


def _latest(days: Sequence[int | None]) -> date | None:
    """Give the last of some days; None where one is not known."""
    known = [day for day in days if day is not None]
    return date_of(max(known)) if len(known) == len(days) else None


def _debts_of(
    file: CaseFile | None, person: str, loans: Mapping[str, list[Entry]], on: date
) -> Iterator[_Debt]:
    """Say how each debt of a case stands; a case that may have more debts has an unknown one."""
    if file is None or "debts" not in file.case.complete:
        yield UNKNOWN
    if file is None:
        return
    given_up = {event.debt: _day_of(event) for event in _live(file, on).get("settlement", ())}
    for debt in _owed_by(file.case, person):
        told = _loan(loans.get(loan_stream(debt.id), []), on)
        due_on = told.due_on if debt.due_on is None else debt.due_on
        settled_on = given_up.get(debt.id, told.settled_on)
        is_open = debt.id not in given_up and told.is_open
        yield _Debt(is_open, settled_on, due_on)


def _owed_by(case: Case, person: str) -> list[Debt]:
    """List a debtor's own debts; of others those they were named for, else all of the case."""
    own = [debt for debt in case.debts.values() if debt.debtor == person]
    told = case.people.get(person)
    named = told.debts if told else ()
    return own or [debt for debt in case.debts.values() if not named or debt.id in named]


def _loan(entries: Sequence[Entry], on: date) -> _Debt:
    """Fold a loan; no stream of its own means that it is open as far as anybody knows."""
    if not entries:
        return _Debt(is_open=True, settled_on=None, due_on=None)
    as_of_on = day_number(on)
    try:
        life = life_of(entries)
        stands = position(life.terms, life.conventions, life.events, as_of_on=as_of_on)
    except KuanxianError:
        return UNKNOWN
    if stands.status not in SETTLED:
        return _Debt(is_open=True, settled_on=None, due_on=stands.maturity_on)
    days = [event.value_on for event in life.events if event.value_on <= as_of_on]
    return _Debt(False, max(days, default=stands.maturity_on), stands.maturity_on)


def _contacts_of(file: CaseFile | None, person: str, on: date) -> Iterator[int | None]:
    """List the days on which somebody was called, written to or visited; None: maybe others.

    Of a debtor all that was done in the case; of others what may have been done towards them.
    """
    if file is None or not file.case.complete.issuperset(CONTACTS):
        yield None
    if file is None:
        return
    case, live = file.case, _live(file, on)
    is_debtor = any(debt.debtor == person for debt in case.debts.values())
    for one in (event for kind in ("call", "message", "visit") for event in live.get(kind, ())):
        point = case.points.get(one.point or "")
        if is_debtor or (one.person or (point and point.person) or person) == person:
            yield _day_of(one)


def _live(file: CaseFile, on: date) -> Mapping[str, list[Event]]:
    """Group what stands at the end of a day, the lender's."""
    return live_events(file.case.events, day_start(day_number(on) + 1, ZONE) - 1)


def _day_of(event: Event) -> int:
    return event.on if event.on is not None else local_day(event.happened_at, ZONE)
