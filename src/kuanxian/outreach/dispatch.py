"""Dispatch: from a grant to a receipt.

The one place where a decision meets a number, and it sees none: the sealed value is opened
inside the channel, once, by `kuanxian.vault.opening.open_for`. A grant that has ended is not
sent, whatever queued it, and nothing is opened for it.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

from kuanxian.action.contact import Answer, Gate, Grant, Proposal
from kuanxian.action.contact.outcome import Report, report
from kuanxian.action.contact.standing import LIVE, USED
from kuanxian.action.notice.life import WINDOW_ENDS
from kuanxian.action.notice.record import Delivery
from kuanxian.base.errors import ChannelError, GrantError
from kuanxian.outreach.messages import note_taken
from kuanxian.outreach.order import Channel, Handle, Order
from kuanxian.outreach.receipt import Receipt, State
from kuanxian.vault import opening
from kuanxian.vault.keeper import Keeper
from kuanxian.vault.secret import Secret

MINUTE_US = 60_000_000
USED_BEFORE: Final = "USED BEFORE"
"""Nothing goes out this time: the grant was carried out an earlier time."""
_TOLD_BEFORE: Final = {
    "failed": State.FAILED, "bounced": State.FAILED, "unknown": State.UNCERTAIN,
    "delivered": State.DELIVERED, "read": State.DELIVERED,
}  # fmt: skip
"""How far an act came that has such an outcome; with any other it went out."""
_SEALED = re.compile(r"\{[a-z_]+\}")


class Dispatch:
    """Carries out what was granted."""

    def __init__(self, gate: Gate, keeper: Keeper, channels: Mapping[str, Channel]):
        """Take what it works with.

        Args:
            gate: The door; its clock is the one that counts.
            keeper: The vault, in this process.
            channels: By the channel's word in a case file.
        """
        self.gate = gate
        self.keeper = keeper
        self.channels = channels

    def carry_out(self, proposal: Proposal, grant: Grant) -> Receipt:
        """Send a granted message, or hand a granted call to the dialler.

        Args:
            proposal: What was proposed.
            grant: What the gate gave for it.

        Returns:
            What the channel answered. ``EXPIRED``: the grant had ended, was used, or would not be
            given now (``WITHDRAWN``: a stop, an order, another amount came after it); or its window
            ends so soon that a provider that is not told so could deliver later; nothing was sent,
            and nothing opened unless it ended during the opening. ``FAILED`` without attempts: the
            vault opened nothing. ``UNCERTAIN``: the channel broke after it had the value, or had it
            an earlier time (``USED BEFORE``).

        Raises:
            ChannelError: There is no such channel, or the words have a slot that one opening
                cannot fill.
        """
        channel = self.channels.get(proposal.channel)
        if channel is None:
            raise ChannelError(proposal.channel, "no such channel is set up", "add it")
        if _SEALED.search(grant.text):
            raise ChannelError("the words", "a slot needs an opening of its own", "reword them")
        at = self.gate.clock()
        if at >= grant.expires_at:
            return _receipt(proposal, grant, State.EXPIRED, at, "EXPIRED")
        standing = self.gate.standing(proposal, grant.grant_id).word
        if standing != LIVE:
            return _receipt(proposal, grant, State.EXPIRED, at, standing.upper())
        if not getattr(channel, "says_until", True) and self._closes_soon(proposal, grant, at):
            return _receipt(proposal, grant, State.EXPIRED, at, WINDOW_ENDS)
        order = _order(proposal, grant)
        if not grant.field:
            return channel.send(order, _nothing, at)
        inside = _Inside(
            proposal.channel,
            # By the clock once it is open: that may have taken until after the grant's end.
            lambda value: channel.send(order, lambda _: value, self.gate.clock()),
        )
        handle = opening.Handle(
            proposal.to, grant.field, proposal.consented, grant.opening, grant.grant_id, inside.name
        )
        try:
            opening.open_for(self.keeper, handle, inside)
        except GrantError as error:
            if error.reason == opening.WORDS["used"]:
                return _receipt(proposal, grant, State.UNCERTAIN, at, USED_BEFORE)
            if not inside.has_value:
                return _receipt(proposal, grant, State.FAILED, at, "NOT OPENED")
            return _receipt(proposal, grant, State.UNCERTAIN, at, "NO RECEIPT", attempts=1)
        assert inside.receipt is not None
        return inside.receipt

    def _closes_soon(self, proposal: Proposal, grant: Grant, at: int) -> bool:
        """Say whether what a provider keeps back a while could arrive once it is forbidden."""
        margin = self.gate.book.policy.values["sms_margin_minutes"]
        assert isinstance(margin, int)
        later = at + margin * MINUTE_US
        return self.gate.until(proposal, grant.grant_id, at, later) < later

    def send(self, proposal: Proposal) -> tuple[Answer, Receipt | None]:
        """Propose an act, carry it out where it is allowed, and take the outcome into the case.

        A call that the dialler took has no outcome yet: the dialler reports it
        (`kuanxian.outreach.calls`), and until then it counts as used.

        Returns:
            The gate's answer, and the receipt; None where nothing was sent. What went out under
            the same key before does not go out again: its receipt says ``USED BEFORE``.

        Raises:
            ChannelError: As ``carry_out``.
            KuanxianError: As the gate.
        """
        answer = self.gate.propose(proposal)
        if answer.grant is None:
            return answer, self._before(proposal, answer) if answer.became == USED else None
        receipt = self.carry_out(proposal, answer.grant)
        outcome = _outcome_of(proposal, receipt)
        reported = self.gate.read(proposal.case_id).file.reported
        # A provider may report what became of it before its answer is here.
        if not outcome or answer.grant.grant_id in reported:
            return answer, receipt
        told = Report(answer.grant.grant_id, outcome, min(receipt.at, self.gate.clock()),
                      proposal.by, proposal.officer, receipt_hash=receipt.hash)  # fmt: skip
        report(self.gate, proposal.case_id, told)
        if receipt.state is State.ACCEPTED and receipt.provider_id:
            note_taken(self.gate, proposal.case_id, receipt, proposal.officer)
        return answer, receipt

    def _before(self, proposal: Proposal, answer: Answer) -> Receipt:
        """Say how far that has come which went out under the same key before."""
        case = self.gate.read(proposal.case_id).file.case
        events = {event.id: event for event in case.events}
        later = {event.replaces: event for event in case.events}
        stands = events[answer.decision_id]
        while (corrected := later.pop(stands.id, None)) is not None:
            stands = corrected
        state = _TOLD_BEFORE.get(stands.outcome or "", State.ACCEPTED)
        return Receipt(answer.decision_id, proposal.channel, state, stands.known_at,
                       failure=USED_BEFORE)  # fmt: skip


class _Inside:
    """A channel as the vault sees it: it is handed one value and gives a receipt's hash."""

    def __init__(self, name: str, send: Callable[[Secret], Receipt]):
        self.name = name
        self.has_value = False
        self.receipt: Receipt | None = None
        self._send = send

    def deliver(self, value: Secret) -> str:
        """Send to the value."""
        self.has_value = True
        self.receipt = self._send(value)
        return self.receipt.hash


def delivery_of(receipt: Receipt) -> Delivery:
    """Say in the words of a case how far an order has come."""
    return Delivery(
        grant_id=receipt.order_id,
        state=receipt.state.value,
        at=receipt.at,
        provider_id=receipt.provider_id,
        accepted_at=receipt.accepted_at,
        delivered_at=receipt.delivered_at,
        failure=receipt.failure,
        tries=receipt.attempts,
        receipt_hash=receipt.hash,
    )


def _outcome_of(proposal: Proposal, receipt: Receipt) -> str:
    """Say what became of an act by its receipt alone; empty where that is not known yet."""
    if proposal.act == "message":
        return delivery_of(receipt).outcome
    # Nothing asked of the dialler this time says nothing of an earlier try under the same grant.
    return "failed" if receipt.state is State.FAILED and receipt.attempts else ""


def _order(proposal: Proposal, grant: Grant) -> Order:
    handle = Handle(proposal.to, grant.field, proposal.consented, grant.opening)
    return Order(grant.grant_id, handle, grant.text, grant.expires_at,
                 template_hash=grant.template_hash)  # fmt: skip


def _receipt(
    proposal: Proposal, grant: Grant, state: State, at: int, failure: str, attempts: int = 0
) -> Receipt:
    return Receipt(grant.grant_id, proposal.channel, state, at, failure=failure, attempts=attempts)


def _nothing(_: Handle) -> Secret:
    """Open nothing for a channel that needs nothing.

    Raises:
        GrantError: Always.
    """
    raise GrantError("the channel", "the grant opens nothing")
