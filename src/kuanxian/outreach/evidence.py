"""Evidence: what shows that a message arrived, where its channel alone cannot tell.

A server that takes an e-mail, a print house that takes a letter, a page on which a message
lies: none of them is the borrower. What counts is listed here and nothing else does; somebody
who signs for a letter in the borrower's place, for one, is no proof that the borrower has it.
"""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from kuanxian.action.contact import Gate
from kuanxian.action.notice.life import Attempt, Notice
from kuanxian.action.notice.record import find_attempt
from kuanxian.base.errors import OutcomeError
from kuanxian.base.personal import holds_phone_or_identity
from kuanxian.outreach.notices import Heard, Shown, take_report
from kuanxian.outreach.receipt import Report, State

_HASH: Final = re.compile(r"[0-9a-f]{64}")
_NUMBER: Final = re.compile(r"[A-Z0-9-]{6,40}")


class Proof(NamedTuple):
    """What a kind of evidence shows, and what must come with it."""

    state: State
    needs_number: bool = False
    """The posting receipt's number."""
    needs_hash: bool = True
    """SHA-256 of the paper or message itself, kept where the lender keeps such things."""


PROOFS: Final[Mapping[str, Mapping[str, Proof]]] = {
    "letter": {
        "signed_for": Proof(State.DELIVERED, needs_number=True),
        "returned": Proof(State.FAILED, needs_number=True),
    },
    "email": {
        "answered": Proof(State.DELIVERED),
        "bounced": Proof(State.FAILED),
    },
    "in_app": {
        "opened": Proof(State.DELIVERED, needs_hash=False),
    },
}
"""By channel. ``signed_for``: by the borrower; ``answered``: the borrower wrote back or
confirmed reading; ``opened``: by the borrower, signed in. A text message has its provider's
report instead."""


class Evidence(NamedTuple):
    """What somebody has in hand of a notice that went out."""

    grant_id: str
    """Under which it was sent."""
    what: str
    """A word of ``PROOFS``."""
    at: int
    """When it arrived or came back, microseconds UTC."""
    officer: str
    """Who says so: a named person; of ``opened``, the borrower's own id."""
    number: str = ""
    receipt_hash: str = ""


def take_evidence(gate: Gate, told: Evidence) -> Heard:
    """Take evidence of a notice into its case.

    Raises:
        OutcomeError: No notice was sent under that grant, it went by another channel, something
            is missing, or it cannot have been then.
    """
    _, notice, attempt = find_attempt(gate, told.grant_id)
    proof = PROOFS.get(attempt.channel, {}).get(told.what)
    if proof is None:
        known = ", ".join(PROOFS.get(attempt.channel, ())) or "its provider's report alone"
        raise OutcomeError("what", f"shows nothing of what went by {attempt.channel}", known)
    _check(told, proof, notice, attempt, gate.clock())
    failure = "" if proof.state is State.DELIVERED else told.what.upper()
    report = Report(attempt.provider_id, proof.state, told.at, failure)
    shown = Shown(f"{told.what} {told.number}".strip(), told.receipt_hash)
    return take_report(gate, told.grant_id, report, told.officer, shown)


def _check(told: Evidence, proof: Proof, notice: Notice, attempt: Attempt, now: int) -> None:
    if not attempt.begun_at <= told.at <= now:
        raise OutcomeError("at", "before it was sent or after now", "when it arrived")
    if told.what == "opened":
        if told.officer != notice.told["to"]:
            raise OutcomeError("officer", "somebody else opened it", "the person it was for")
    elif told.officer.startswith("system:"):
        raise OutcomeError("officer", "no person says so", "name who holds the paper")
    is_number = _NUMBER.fullmatch(told.number) and not holds_phone_or_identity(told.number)
    if (proof.needs_number or told.number) and not is_number:
        raise OutcomeError("number", "no posting receipt's number", "6 to 40 of A-Z 0-9 -")
    if proof.needs_hash and not _HASH.fullmatch(told.receipt_hash):
        raise OutcomeError("receipt", "without the paper nothing is shown", "give its SHA-256")
