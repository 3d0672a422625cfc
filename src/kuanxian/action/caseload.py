"""Caseload: the cases of the database, read a few hundred at a time.

What one decision reads of one case in a round trip or two, an evening reads of hundreds in three.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import sqlalchemy as sa

from kuanxian.action.contact.casebook import (
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
from kuanxian.journal.read import read_streams
from kuanxian.law.ask import day_of_act
from kuanxian.law.case import Case
from kuanxian.loan import Position
from kuanxian.store.walls import check_walls

BATCH: Final = 200
_CASES: Final = sa.text("SELECT case_id FROM casework.cases ORDER BY case_id")
_LOANS: Final = sa.text("SELECT DISTINCT loan_id FROM casework.cases")


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


def load_cases(app: sa.Engine, case_ids: Sequence[str]) -> Iterator[Loaded]:
    """Load cases in the order they are named; one that was never opened is left out.

    A party of several cases of a lender is read once, and stands as it was then.
    """
    parties: dict[str, PartyFacts] = {}
    for begin in range(0, len(case_ids), BATCH):
        some = case_ids[begin : begin + BATCH]
        with app.connect() as connection:
            streams = read_streams(connection, dict.fromkeys(map(stream_of, some), 0))
            files = {case_id: fold(streams.get(stream_of(case_id), [])) for case_id in some}
            cases = [file.case for file in files.values() if file]
            named = {stream for case in cases for stream in party_streams(case).values()}
            _read_parties(connection, parties, sorted(named - parties.keys()))
            stopped = ask_stopped(
                connection, [(case_id, file.case) for case_id, file in files.items() if file]
            )
        for case_id, file in files.items():
            if file is not None:
                names = party_streams(file.case)
                own = {party: parties[name] for party, name in names.items()}
                case = merged(file.case, own)
                known = Known(file, own, case, stopped.get(case_id, frozenset()))
                yield Loaded(case_id, known, fold_notices(streams[stream_of(case_id)]))


def positions_of(gate: Gate, case: Case) -> dict[str, Position]:
    """Say where the debts of a case stand today; one that is not known is left out."""
    day_on = day_of_act(gate.book, gate.clock())
    stands = {debt: gate.ledger(debt, day_on) for debt in case.debts}
    return {debt: position for debt, position in stands.items() if position is not None}


def _read_parties(
    connection: sa.Connection, parties: dict[str, PartyFacts], new: Sequence[str]
) -> None:
    told = read_streams(connection, dict.fromkeys(new, 0)) if new else {}
    for party in new:
        parties[party] = fold_party(told.get(party, []), PartyFacts())
