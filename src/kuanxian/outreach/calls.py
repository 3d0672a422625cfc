"""Calls: what a dialler says became of a call, in the words of a case.

A dialler knows the order alone, and the order's id is the grant's. Where it does not say that
somebody's identity was confirmed, it is taken that it was not.
"""

from collections.abc import Mapping
from typing import Final

from kuanxian.action.contact import Gate
from kuanxian.action.contact.granted import case_of_grant
from kuanxian.action.contact.outcome import Report, report
from kuanxian.outreach.notices import Heard
from kuanxian.outreach.voice import CallOutcome, Outcome

BECAME: Final[Mapping[Outcome, tuple[str, tuple[str, ...]]]] = {
    Outcome.CONFIRMED: ("identified", ()),
    Outcome.OTHER: ("wrong_person", ()),
    Outcome.NO_ANSWER: ("no_answer", ()),
    Outcome.BUSY: ("busy", ()),
    Outcome.DEAD: ("dead_number", ()),
    Outcome.REFUSED: ("rejected", ()),
    Outcome.STOP: ("unidentified", ("asked_to_stop",)),
    Outcome.LATER: ("unidentified", ("asked_other_time",)),
    Outcome.CHANNEL: ("unidentified", ("asked_other_channel",)),
    Outcome.DISTRESS: ("unidentified", ("distress",)),
    Outcome.DISPUTES: ("unidentified", ("disputes_amount",)),
    Outcome.DECEASED: ("wrong_person", ("says_deceased",)),
}
"""The outcome of the call in the case, and the signs that were given in it."""


def take_call(gate: Gate, called: CallOutcome, officer: str, party: str = "") -> Heard | None:
    """Take what a dialler reports into the case; once more changes nothing.

    Args:
        gate: The door.
        called: As the dialler reported it, its signature checked.
        officer: Who takes it in, for the record.
        party: For whom the call must have been granted; empty: for anybody.

    Returns:
        Whose it was; None where there is no such grant.

    Raises:
        OutcomeError: Another outcome was reported before, or it cannot be one.
    """
    case_id = case_of_grant(gate, called.order_id)
    if case_id is None:
        return None
    before = gate.read(case_id, None)
    granted_to: str = before.file.grants[called.order_id]["attempt"]["by"]
    if party not in ("", granted_to):
        return None
    outcome, signs = BECAME[called.outcome]
    told = Report(called.order_id, outcome, called.happened_at, granted_to, officer, signs)
    changed = report(gate, case_id, told) > before.file.version
    return Heard(case_id, called.order_id, outcome, changed)
