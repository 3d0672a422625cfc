"""Messages that are no notice: what a provider reports of one after it took it.

That a provider took a message is not that it arrived. What it says later is found by its own
id, as of a notice, and takes the place of the message's outcome in the case.
"""

from collections.abc import Iterable
from typing import Any, Final

from kuanxian.action.contact import Gate
from kuanxian.action.contact.casebook import EVENT, body_of, event_of, stream_of
from kuanxian.action.contact.entries import draft
from kuanxian.action.contact.outcome import Report as Outcome
from kuanxian.action.contact.outcome import report as take_outcome
from kuanxian.action.notice.carried import key_of_carried
from kuanxian.action.notice.record import OUTCOMES
from kuanxian.journal import canonical
from kuanxian.journal.append import append
from kuanxian.journal.entry import Entry
from kuanxian.journal.read import read_stream
from kuanxian.outreach.receipt import Receipt, Report, State, update

TOLD: Final = "message.told"
"""Kind of the entry that says how far a message has come."""


def note_taken(gate: Gate, case_id: str, receipt: Receipt, officer: str) -> None:
    """Write down under which id a provider took a message, so that its reports find the case.

    Raises:
        CaseError: There is no such case.
    """
    with gate.held(case_id) as (connection, _):
        key = key_of_carried(connection, receipt.channel, receipt.provider_id)
        if key:
            told = draft(stream_of(case_id), TOLD, _body(receipt), key, officer, gate.clock())
            append(connection, [told])


def take_message_report(
    gate: Gate, case_id: str, grant_id: str, report: Report, officer: str
) -> tuple[State, bool]:
    """Let what a provider reports correct the outcome of a message.

    Where nobody came back from sending it, what became of it is not known until then.

    Returns:
        How far the message has come by now, and whether the report changed that.

    Raises:
        CaseError: There is no such case.
    """
    file = gate.read(case_id).file
    attempt = file.grants[grant_id]["attempt"]
    if grant_id not in file.reported:
        unknown = Outcome(grant_id, "unknown", attempt["happened_at"], attempt["by"], officer)
        take_outcome(gate, case_id, unknown)
    with gate.held(case_id) as (connection, known):
        stream, at = stream_of(case_id), gate.clock()
        entries = read_stream(connection, stream)
        unheard = Receipt(grant_id, attempt["channel"], State.UNCERTAIN, attempt["happened_at"],
                          report.provider_id, attempts=1)  # fmt: skip
        before, stands = _stands(entries, grant_id) or (unheard, "")
        after = update(before, report)
        if after == before:
            return after.state, False
        sent = event_of(known.file.reported[grant_id]["events"][0])
        name = f"{grant_id}.{after.state}.{after.at}.m"
        event = sent._replace(id=name, outcome=OUTCOMES[after.state], known_at=at,
                              replaces=stands or sent.id)  # fmt: skip
        mark = f"message-told:{grant_id}:{after.state}:{after.at}"
        append(connection, [
            draft(stream, TOLD, _body(after, name), mark, officer, at),
            draft(stream, EVENT, body_of(event), f"event:{case_id}:{name}", officer, at),
        ])  # fmt: skip
    return after.state, True


def _stands(entries: Iterable[Entry], grant_id: str) -> tuple[Receipt, str] | None:
    """Find how far a message has come, and the event that tells of it; empty: its outcome.

    None where no provider's answer was written down.
    """
    told = [canonical.decode(one.body) for one in entries if one.kind == TOLD]
    last = next((one for one in reversed(told) if one["grant_id"] == grant_id), None)
    if last is None:
        return None
    receipt = last["receipt"]
    return Receipt(**{**receipt, "state": State(receipt["state"])}), last["event"]


def _body(receipt: Receipt, event: str = "") -> dict[str, Any]:
    told = {**receipt._asdict(), "state": receipt.state.value}
    return {"grant_id": receipt.order_id, "receipt": told, "event": event}
