"""Ways: by what acts the people of a case could be reached, each with its windows.

Whoever is to reach somebody need not know what to ask: every person, every contact point
and every channel that the point can take is gone through. What a lawful proposer would state
is taken for granted: who is calling, that a machine is one and a human can be reached. What a
machine says is a template, as in a message: of other words nobody knows what they are.
"""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from kuanxian.action.contact.data_use import BYSTANDERS
from kuanxian.action.contact.gate import Gate
from kuanxian.action.contact.ledger import SLOTS
from kuanxian.action.contact.proposal import CHANNELS_OF, Proposal, check_known
from kuanxian.action.contact.windows import Windows, windows
from kuanxian.base.errors import ProposalError, TemplateError
from kuanxian.law.case import Case, Point
from kuanxian.screen.template import Template

VISITORS: Final = 2
_STAND_INS: Final = {"amount": 0, "day": 0, "count": 0}
"""A template's own slots, where only the hour is asked for: no rule reads them."""


class Asked(NamedTuple):
    """Which acts are asked about; what is not named is gone through."""

    case_id: str
    by: str
    """Who would act: a party of the case."""
    to: str | None = None
    act: str | None = None
    channel: str | None = None
    point: str | None = None
    purpose: str | None = None
    """``collect`` where it is not named; of who does not owe, ``pass_message``."""
    debt: str | None = None
    """The case's only one where it is not named."""
    collector: str | None = None
    """The party's first one where it is not named."""
    template: str | None = None
    """``first_overdue`` where it is not named; of who does not owe, ``pass_message``."""


class Way(NamedTuple):
    """An act by which a person could be reached."""

    proposal: Proposal
    windows: Windows | None
    """None: it cannot be proposed at all."""
    why_not: ProposalError | TemplateError | None


def ways(gate: Gate, asked: Asked, days: int = 7) -> list[Way]:
    """Find every act by which the people of a case could be reached, and when.

    Nothing is decided, reserved or written.

    Args:
        gate: The door.
        asked: About which acts.
        days: How many days to look ahead, 1 to 31.

    Returns:
        In the order of the case's people and points; a channel for which nothing may be said
        is left out.

    Raises:
        CaseError: There is no such case.
        ProposalError: What was named is not of the case.
    """
    case = gate.read(asked.case_id).case
    check_asked(asked, case)
    found = []
    for proposal in proposals(gate, asked, case):
        try:
            found.append(Way(proposal, windows(gate, proposal, days), None))
        except (ProposalError, TemplateError) as error:
            found.append(Way(proposal, None, error))
    return found


def check_asked(asked: Asked, case: Case) -> None:
    """Refuse ids that are not of the case.

    Raises:
        ProposalError: A person, point, debt or party is not of the case.
    """
    named = {
        "by": (asked.by, case.parties),
        "to": (asked.to, case.people),
        "point": (asked.point, case.points),
        "debt": (asked.debt, case.debts),
        "collector": (asked.collector, case.parties),
    }
    check_known(named)


def proposals(gate: Gate, asked: Asked, case: Case) -> Iterator[Proposal]:
    """Put together every act by which the people of a case could be reached."""
    for point in case.points.values():
        if asked.point not in (None, point.id) or asked.to not in (None, point.person):
            continue
        for act, channel in CHANNELS_OF.get(point.kind or "", ()):
            if asked.act in (None, act) and asked.channel in (None, channel):
                proposal = _proposal(asked, case, point, (act, channel))
                template = gate.lexicon.templates.get(proposal.template)
                if not proposal.template:
                    yield _with_states(proposal, case)
                elif template is not None and (act == "contact" or channel in template.channels):
                    yield _with_words(proposal, template)


def _proposal(asked: Asked, case: Case, point: Point, how: tuple[str, str]) -> Proposal:
    act, channel = how
    bystander = case.people[point.person].role in BYSTANDERS
    by_person = act == "visit" or channel == "voice_human"
    template = asked.template or ("pass_message" if bystander else "first_overdue")
    return Proposal(
        key="-",
        case_id=asked.case_id,
        act=act,
        to=point.person,
        channel=channel,
        purpose=asked.purpose or ("pass_message" if bystander else "collect"),
        by=asked.by,
        officer="-",
        point=point.id,
        debt=asked.debt or (next(iter(case.debts)) if len(case.debts) == 1 else None),
        collector=(asked.collector or _collector(asked.by, case)) if by_person else None,
        template="" if by_person else template,
        place=point.place if act == "visit" else None,
        staff_count=VISITORS if act == "visit" else None,
    )


def _collector(party: str, case: Case) -> str | None:
    """Find the first collector of a party."""
    parties = case.parties.values()
    return next((one.id for one in parties if one.kind == "collector" and one.of == party), None)


def _with_states(proposal: Proposal, case: Case) -> Proposal:
    """Put in what a lawful proposer would state of a call or a visit."""
    kind = case.parties[proposal.by].kind
    bystander = proposal.purpose == "pass_message"
    states: dict[str, Any] = {"identity_stated": True}
    states["claimed_identity"] = "lender" if kind == "lender" else "agency"
    if proposal.act == "visit":
        states |= {"visit_enters": False, "visit_recorded": True, "visit_identity_shown": True,
                   "reaches_others": False}  # fmt: skip
    if bystander:
        states |= {"discloses_debt": False, "states_amount": False}
    return proposal._replace(states=states)


def _with_words(proposal: Proposal, template: Template) -> Proposal:
    """Fill a template's own slots with something; a machine's call reads it out."""
    values = {
        slot: _STAND_INS[kind]
        for slot, kind in template.slots.items()
        if kind in _STAND_INS and slot not in SLOTS
    }
    machine = {"ai_disclosed": True, "human_reachable": True} if proposal.act == "contact" else {}
    return proposal._replace(values=values, states=machine)
