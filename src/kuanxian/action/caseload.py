"""Caseload: the cases of the database, read a few hundred at a time.

What one decision reads of one case in a round trip or two, an evening reads of hundreds in three.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

import sqlalchemy as sa

from kuanxian.action.contact.casebook import (
    UNREADABLE,
    CaseFile,
    Known,
    PartyFacts,
    fold,
    fold_party,
    merged,
    party_streams,
    stream_of,
)
from kuanxian.action.contact.data_use import ask_stopped
from kuanxian.action.contact.gate import Gate
from kuanxian.action.notice.life import Notice
from kuanxian.action.notice.life import fold as fold_notices
from kuanxian.base.errors import CaseError
from kuanxian.journal.entry import Entry
from kuanxian.journal.read import read_streams
from kuanxian.law.ask import day_of_act
from kuanxian.law.case import Case
from kuanxian.loan import Position
from kuanxian.store.walls import check_walls

BATCH: Final = 200
_CASES: Final = sa.text("SELECT case_id FROM casework.cases ORDER BY case_id")
_LOANS: Final = sa.text("SELECT DISTINCT loan_id FROM casework.cases")


Left = Callable[[str, CaseError], None]
"""Told of a case that is left out, and why it cannot be read."""


class Loaded(NamedTuple):
    """A case, what is true of its parties, and how far its notices have come."""

    case_id: str
    known: Known
    notices: Mapping[str, Notice]


def list_cases(app: sa.Engine) -> list[str]:
    """List every case, by its id.

    Raises:
        StoreError: They may be there and not to be seen.
    """
    with app.connect() as connection:
        check_walls(connection)
        return list(connection.scalars(_CASES))


def list_loans(app: sa.Engine) -> list[str]:
    """List the loan each case was opened for."""
    with app.connect() as connection:
        return list(connection.scalars(_LOANS))


def load_case(app: sa.Engine, case_id: str) -> Loaded:
    """Load one case.

    Raises:
        CaseError: There is no such case.
    """
    found = next(load_cases(app, [case_id]), None)
    if found is None:
        raise CaseError("the case", "there is no such case", "open it first")
    return found


def load_cases(
    app: sa.Engine, case_ids: Sequence[str], left: Left | None = None
) -> Iterator[Loaded]:
    """Load cases in the order they are named; one that was never opened is left out.

    A party of several cases of a lender is read once, and stands as it was then.

    Args:
        app: Logged in as a member of ``kx_app``.
        case_ids: Which.
        left: Told of each case that cannot be read, which is left out then.

    Raises:
        CaseError: A case cannot be read, and nobody is told of it.
    """
    parties: dict[str, PartyFacts | CaseError] = {}
    for begin in range(0, len(case_ids), BATCH):
        some = case_ids[begin : begin + BATCH]
        with app.connect() as connection:
            streams = read_streams(connection, dict.fromkeys(map(stream_of, some), 0))
            found = {case_id: _fold(streams.get(stream_of(case_id), [])) for case_id in some}
            files = {case_id: one for case_id, one in found.items() if isinstance(one, CaseFile)}
            named = {name for one in files.values() for name in party_streams(one.case).values()}
            _read_parties(connection, parties, sorted(named - parties.keys()))
            stopped = ask_stopped(connection, ((name, one.case) for name, one in files.items()))
        for case_id, file in found.items():
            if file is None:
                continue
            loaded = None
            with left_out(case_id, left):
                entries = streams[stream_of(case_id)]
                loaded = _loaded(case_id, file, entries, parties, stopped.get(case_id, frozenset()))
            if loaded is not None:
                yield loaded


@contextmanager
def left_out(case_id: str, left: Left | None) -> Iterator[None]:
    """Leave a case out where what it holds lets nothing be done with it: it stops no other.

    An entry that was written past the program may be right in form and still name a zone that is
    none or a debtor who is nobody; what that comes to shows only where somebody works with it.

    Args:
        case_id: Which case.
        left: Told of it; None lets the error through.
    """
    try:
        yield
    except (CaseError, *UNREADABLE, ArithmeticError) as error:
        if left is None:
            raise
        left(case_id, error if isinstance(error, CaseError) else _defect(case_id, error))


def _defect(case_id: str, error: Exception) -> CaseError:
    """Say where a case could not be worked with: its text, which may hold anything, is not said."""
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    place = "" if at is None else f", {Path(at.tb_frame.f_code.co_filename).name}:{at.tb_lineno}"
    reason = f"nothing can be done with what it holds ({type(error).__name__}{place})"
    return CaseError(stream_of(case_id), reason, "Who wrote its entries? If the program: a defect.")


def _fold(entries: Sequence[Entry]) -> CaseFile | CaseError | None:
    """Fold a case, or say why it cannot be read."""
    try:
        return fold(entries)
    except CaseError as error:
        return error


def _loaded(
    case_id: str,
    file: CaseFile | CaseError,
    entries: Sequence[Entry],
    parties: Mapping[str, PartyFacts | CaseError],
    stopped: frozenset[str],
) -> Loaded:
    """Put a case together with its parties and its notices."""
    if isinstance(file, CaseError):
        raise file
    own = {}
    for party, name in party_streams(file.case).items():
        facts = parties[name]
        if isinstance(facts, CaseError):
            raise facts
        own[party] = facts
    known = Known(file, own, merged(file.case, own), stopped)
    return Loaded(case_id, known, fold_notices(entries))


def positions_of(gate: Gate, case: Case) -> dict[str, Position]:
    """Say where the debts of a case stand today; one that is not known is left out."""
    day_on = day_of_act(gate.book, gate.clock())
    stands = {debt: gate.ledger(debt, day_on) for debt in case.debts}
    return {debt: position for debt, position in stands.items() if position is not None}


def _read_parties(
    connection: sa.Connection, parties: dict[str, PartyFacts | CaseError], new: Sequence[str]
) -> None:
    told = read_streams(connection, dict.fromkeys(new, 0)) if new else {}
    for party in new:
        try:
            parties[party] = fold_party(told.get(party, []), PartyFacts())
        except CaseError as error:
            parties[party] = error
