"""Notices: one after another, by one channel after another, until it has arrived.

The work of a job that may be killed and started again at any time: everything it goes by is
in the case's stream.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from kuanxian.action.caseload import Left, left_out, load_cases, positions_of
from kuanxian.action.contact import Answer, Gate, Proposal
from kuanxian.action.contact.windows import windows
from kuanxian.action.notice import Due, next_step, notices_due, pace_of
from kuanxian.action.notice.carried import find_carried, find_ordered
from kuanxian.action.notice.life import WINDOW_ENDS, Attempt, Do, Step
from kuanxian.action.notice.record import (
    Sender,
    Way,
    able_channels,
    begin,
    find_attempt,
    proposal_of,
    read_notices,
    tell,
)
from kuanxian.base.clocks import SKEW_US
from kuanxian.base.errors import KuanxianError, OutcomeError
from kuanxian.loan import Position
from kuanxian.outreach.dispatch import Dispatch, delivery_of
from kuanxian.outreach.messages import take_message_report
from kuanxian.outreach.receipt import Receipt, Report, State, update

CLOSED_DAYS: Final = 3
"""A channel in which nothing would be allowed for so long is passed over."""

Values = Callable[[Due], Mapping[str, Any]]
"""Gives the slots of a notice that neither the ledger nor the case tells."""


class Sent(NamedTuple):
    """What became of a due notice this time."""

    due: Due
    step: Step
    """What was next. A wait, done and held send nothing."""
    answer: Answer | None = None
    """The gate's; None where nothing was proposed."""
    receipt: Receipt | None = None
    """None where nothing was sent."""
    error: str = ""
    """Why it could not even be proposed; the others go on."""

    @property
    def word(self) -> str:
        """Say in a word what became of it.

        ``accepted``, ``uncertain`` … as the channel answered; ``refused`` by the gate;
        ``waits`` for what was sent before; ``held`` for a person; ``not_written``: a slot is
        empty, or the like.
        """
        if self.error:
            return "not_written"
        if self.receipt is not None:
            return self.receipt.state.value
        if self.step.do is Do.PROPOSE:
            return "refused"
        return "waits" if self.step.do is Do.WAIT else self.step.do.value

    def as_json(self) -> dict[str, Any]:
        """Give it as JSON values, with the rules that stood against it."""
        rules = self.answer.stopped_by if self.answer and not self.answer.allowed else []
        return {
            "kind": self.due.kind, "key": self.due.key, "debt": self.due.debt, "what": self.word,
            "channel": self.step.channel, "attempt": self.step.number, "rules": rules,
            "failure": self.receipt.failure if self.receipt else "", "error": self.error,
        }  # fmt: skip


class Shown(NamedTuple):
    """What a person has in hand of a notice that went out."""

    evidence: str
    receipt_hash: str
    """Empty: there is no paper."""


class Heard(NamedTuple):
    """Whose a report was."""

    case_id: str
    grant_id: str
    state: str
    """How far the message has come by now."""
    changed: bool
    """Whether the report changed anything."""


def no_values(_: Due) -> Mapping[str, Any]:
    """Give nothing: what the ledger and the case tell is all there is."""
    return {}


def send_cases(
    dispatch: Dispatch,
    case_ids: Sequence[str],
    officer: str,
    values: Values = no_values,
    left: Left | None = None,
) -> Iterator[tuple[str, list[Sent]]]:
    """Take each due notice of many cases one step further, for the lender of each.

    ``left`` is told of each case that cannot be read, as by `load_cases`.

    Yields:
        Each case that has a notice due, and what became of each.
    """
    gate = dispatch.gate
    pace = pace_of(gate.book.policy.values)
    for one in load_cases(gate.app, case_ids, left):
        done: list[Sent] = []
        with left_out(one.case_id, left):
            stands = positions_of(gate, one.known.case)
            if notices_due(one.known.case, stands, gate.clock(), pace):
                sender = Sender(one.known.case.lender.id, officer)
                done = send_due(dispatch, one.case_id, stands, sender, values)
        if done:
            yield one.case_id, done


def send_due(
    dispatch: Dispatch, case_id: str, positions: Mapping[str, Position], sender: Sender,
    values: Values = no_values,
) -> list[Sent]:  # fmt: skip
    """Take each due notice of a case one step further.

    Raises:
        CaseError: There is no such case.
    """
    case = dispatch.gate.read(case_id, None).case
    pace = pace_of(dispatch.gate.book.policy.values)
    done = []
    for due in notices_due(case, positions, dispatch.gate.clock(), pace):
        try:
            done.append(send_notice(dispatch, case_id, due, sender, values(due)))
        except KuanxianError as error:
            step = Step(Do.PROPOSE)
            done.append(Sent(due, step, error=f"{error.subject}: {error.reason}"))
    return done


def send_notice(
    dispatch: Dispatch, case_id: str, due: Due, sender: Sender, values: Mapping[str, Any]
) -> Sent:
    """Take one due notice one step further.

    Raises:
        KuanxianError: As the gate and the channel.
    """
    gate = dispatch.gate
    points = able_channels(gate.read(case_id, None).case, due.to)
    able = set(points) & set(dispatch.channels)
    pace = pace_of(gate.book.policy.values)
    answer = None
    sent: Sent | None = None
    while True:
        notice = read_notices(gate, case_id).get(due.key)
        step = next_step(due.kind, notice, gate.clock(), able, pace)
        if step.do is not Do.PROPOSE:
            return sent or Sent(due, step, answer)
        way = Way(step.channel, step.number, points[step.channel])
        proposal = proposal_of(case_id, due, way, sender, values, gate.clock())
        answer = gate.propose(proposal)
        if answer.grant is not None:
            sent = _carry(dispatch, Sent(due, step, answer), proposal)
            if sent.receipt is None or sent.receipt.failure != WINDOW_ENDS:
                return sent
            continue  # Nothing was sent, and another channel need not wait for tomorrow.
        if windows(gate, proposal, CLOSED_DAYS).open:
            return Sent(due, step, answer)
        able.discard(step.channel)


def _carry(dispatch: Dispatch, sent: Sent, proposal: Proposal) -> Sent:
    """Write down that it begins, send, and write down what came back."""
    assert sent.answer is not None
    grant = sent.answer.grant
    assert grant is not None
    if not begin(dispatch.gate, sent.due, proposal, grant, sent.step.number):
        return sent._replace(step=Step(Do.WAIT, sent.step.channel, sent.step.number))
    receipt = dispatch.carry_out(proposal, grant)
    tell(dispatch.gate, proposal.case_id, delivery_of(receipt), proposal.officer)
    return sent._replace(receipt=receipt)


def hear(
    gate: Gate, channel: str, report: Report, officer: str, party: str | None = None
) -> Heard | None:
    """Take a provider's later report on a notice or any other message into its case.

    Reports may come twice, late and in any order; see `kuanxian.outreach.receipt`.

    Args:
        gate: The door.
        channel: By which channel it went.
        report: What the provider says, of its own id, and of ours where it knows that.
        officer: Who takes it in, for the record.
        party: For whom it must have gone out; None: for anybody.

    Returns:
        Whose it was; None where nothing was accepted under that id, or has not been written
        down yet. Let the provider report it again then.

    Raises:
        OutcomeError: The provider gave that id to two orders, or it is said to have arrived at
            an instant that has not come.
    """
    found = find_ordered(gate, channel, report.order_id) or find_carried(
        gate, channel, report.provider_id
    )
    if found is None:
        return None
    case_id, grant_id, is_notice = found
    if party not in (None, gate.read(case_id).file.grants[grant_id]["attempt"]["by"]):
        return None
    if is_notice:
        return take_report(gate, grant_id, report, officer)
    by_now = _heard_by_now(report, gate.clock())
    state, changed = take_message_report(gate, case_id, grant_id, by_now, officer)
    return Heard(case_id, grant_id, state.value, changed)


def take_report(
    gate: Gate, grant_id: str, report: Report, officer: str, shown: Shown | None = None
) -> Heard:
    """Take a report on the notice that was sent under a grant into its case.

    Args:
        gate: The door.
        grant_id: Under which it was sent.
        report: What is said of it.
        officer: Who takes it in, for the record.
        shown: What a person has in hand, where it is no provider's report.

    Raises:
        OutcomeError: No notice was sent under that grant, or it is said to have arrived at an
            instant that has not come.
    """
    case_id, _, attempt = find_attempt(gate, grant_id)
    before = _receipt_of(attempt)
    if report.provider_id and not before.provider_id:
        # Its answer never came here, and the order it is of is known all the same.
        before = before._replace(provider_id=report.provider_id, attempts=max(1, before.attempts))
    after = update(before, _heard_by_now(report, gate.clock()))
    changed = after != before
    if changed:
        told = delivery_of(after)
        if shown is not None:
            told = told._replace(evidence=shown.evidence, receipt_hash=shown.receipt_hash)
        changed = tell(gate, case_id, told, officer)
    return Heard(case_id, grant_id, after.state.value, changed)


def _heard_by_now(report: Report, now: int) -> Report:
    """Put at now what a provider's clock, running ahead, dates later.

    A failure is heard whatever its date: it opens nothing.

    Raises:
        OutcomeError: A delivery is dated further ahead than a clock can be.
    """
    if report.at <= now:
        return report
    if report.state is State.DELIVERED and report.at > now + SKEW_US:
        raise OutcomeError("at", "the delivery is dated ahead of now", "mend the provider's clock")
    return report._replace(at=now)


def _receipt_of(attempt: Attempt) -> Receipt:
    """Write an attempt as a receipt; one that nobody came back from may have gone out."""
    is_begun = attempt.state == "begun"
    return Receipt(
        attempt.grant_id, attempt.channel,
        State.UNCERTAIN if is_begun else State(attempt.state),
        attempt.begun_at if is_begun else attempt.state_at,
        attempt.provider_id, attempt.accepted_at, attempt.delivered_at, attempt.failure,
        1 if is_begun else attempt.tries,
    )  # fmt: skip
