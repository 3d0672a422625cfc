"""Notices: one after another, by one channel after another, until it has arrived.

The work of a job that may be killed and started again at any time: everything it goes by is
in the case's stream.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from kuanxian.action.contact import Answer, Proposal
from kuanxian.action.contact.windows import windows
from kuanxian.action.notice import Due, next_step, notices_due
from kuanxian.action.notice.life import Attempt, Do, Step
from kuanxian.action.notice.record import (
    Sender,
    Way,
    able_channels,
    begin,
    proposal_of,
    read_notices,
    tell,
)
from kuanxian.base.errors import KuanxianError
from kuanxian.loan import Position
from kuanxian.outreach.dispatch import Dispatch, delivery_of
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


def send_due(
    dispatch: Dispatch, case_id: str, positions: Mapping[str, Position], sender: Sender,
    values: Values,
) -> list[Sent]:  # fmt: skip
    """Take each due notice of a case one step further.

    Raises:
        CaseError: There is no such case.
    """
    case = dispatch.gate.read(case_id, None).case
    done = []
    for due in notices_due(case, positions, dispatch.gate.clock()):
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
    answer = None
    while True:
        notice = read_notices(gate, case_id).get(due.key)
        step = next_step(due.kind, notice, gate.clock(), able)
        if step.do is not Do.PROPOSE:
            return Sent(due, step, answer)
        way = Way(step.channel, step.number, points[step.channel])
        proposal = proposal_of(case_id, due, way, sender, values, gate.clock())
        answer = gate.propose(proposal)
        if answer.grant is not None:
            return _carry(dispatch, Sent(due, step, answer), proposal)
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


def hear(dispatch: Dispatch, case_id: str, report: Report, officer: str) -> bool:
    """Take a provider's later report on a notice into its case.

    Reports may come twice, late and in any order; see `kuanxian.outreach.receipt`.

    Args:
        dispatch: What sent it.
        case_id: Whose notice it was.
        report: What the provider says.
        officer: Who takes it in, for the record.

    Returns:
        Whether it changed anything; false also where no notice of the case has that number.
    """
    for notice in read_notices(dispatch.gate, case_id).values():
        for attempt in notice.attempts:
            if attempt.provider_id and attempt.provider_id == report.provider_id:
                before = _receipt_of(attempt)
                after = update(before, report)
                if after == before:
                    return False
                return tell(dispatch.gate, case_id, delivery_of(after), officer)
    return False


def _receipt_of(attempt: Attempt) -> Receipt:
    return Receipt(
        attempt.grant_id, attempt.channel, State(attempt.state), attempt.state_at,
        attempt.provider_id, attempt.accepted_at, attempt.delivered_at, attempt.failure,
        attempt.tries,
    )  # fmt: skip
