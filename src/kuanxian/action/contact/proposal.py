"""Proposals and answers: what somebody means to do, and what the gate says to it."""

from collections.abc import Container, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from kuanxian.base.errors import ProposalError
from kuanxian.base.personal import holds_phone_or_identity
from kuanxian.law.case import Act, Case, Point
from kuanxian.law.rule import Value

ACTS: Final = ("contact", "message", "visit")
FIELDS: Final = {"contact": "phone", "visit": "address"}
"""What an act opens; a message opens what its channel needs."""
CHANNEL_FIELDS: Final = {"sms": "phone", "email": "email", "letter": "address"}
"""What a message's channel opens; an in-app message opens nothing."""
CLOSED: Final = frozenset({"email", "letter"})
"""Message channels of a form that only the addressee can read: one address, no subject; a
closed envelope. The channels themselves see to it."""
CHANNELS_OF: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "mobile": (("contact", "voice_human"), ("contact", "voice_ai"), ("message", "sms")),
    "landline": (("contact", "voice_human"), ("contact", "voice_ai")),
    "email": (("message", "email"),),
    "app": (("message", "in_app"),),
    "im": (("message", "im"),),
    "address": (("message", "letter"), ("visit", "visit")),
}
"""The acts and channels that a kind of contact point can take."""
KEY_CHARACTERS_MAX: Final = 100

NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


class Proposal(NamedTuple):
    """One act towards one person by one channel.

    There is no field for a number, a name or an address: whom it reaches is an id.
    """

    key: str
    """The proposer's own name for it, the same on every retry."""
    case_id: str
    act: str
    """``contact`` (a call), ``message`` or ``visit``."""
    to: str
    """Whom: a person of the case."""
    channel: str
    """As in a case file: ``voice_human``, ``voice_ai``, ``sms`` …"""
    purpose: str
    """As in a case file: ``collect``, ``pass_message`` …"""
    by: str
    """Who acts: a party of the case."""
    officer: str
    """Who asks, for the record."""
    point: str | None = None
    """By which contact point."""
    debt: str | None = None
    collector: str | None = None
    """The person who will do it, a party of the case; none for an automatic act."""
    template: str = ""
    values: Mapping[str, Any] = NOTHING
    """Slots of the template that the ledger does not fill."""
    text: str | None = None
    """Free text instead of a template; or the script of a call."""
    states: Mapping[str, Value] = NOTHING
    """Facts only the proposer can know; see ``stated.MAY_STATE``."""
    place: str | None = None
    """Of a visit."""
    staff_count: int | None = None
    """Of a visit."""
    notice: str = ""
    """The due notice that this is, by its key: set by whoever sends notices, by no form."""
    tells_of: str = ""
    """The party that a due notice tells of; set with ``notice``, by no form."""
    asked_by: str = ""
    """The API key by which it was asked, its id and no secret; empty where none was."""

    @property
    def field(self) -> str | None:
        """What the act opens in the vault, or nothing."""
        if self.act == "message":
            return CHANNEL_FIELDS.get(self.channel)
        return FIELDS[self.act]

    @property
    def consented(self) -> str:
        """The purpose as the vault names it: what a contact agreed to is asked by its words."""
        return "restore_contact" if self.purpose == "locate" else self.purpose

    def act_of(self) -> Act:
        """Say it in the words of a case. The lender's own numbers are the only ones there are."""
        return Act(
            kind=self.act,
            channel=self.channel,
            to=self.to,
            point=self.point,
            purpose=self.purpose,
            by=self.by,
            collector=self.collector,
            debt=self.debt,
            account="company",
            reaches_others=False if self.act == "message" and self.channel in CLOSED else None,
            place=self.place,
            staff_count=self.staff_count,
        )


class Grant(NamedTuple):
    """The right to do one act once, for a few minutes. It holds no value of anybody."""

    grant_id: str
    """Also the id of the attempt in the case's timeline, and of the decision."""
    opening: str
    """The vault's own grant; empty where the act opens nothing."""
    field: str
    expires_at: int
    """Microseconds UTC; at this instant it holds no more."""
    text: str
    """The words it may use; empty for a call without a script."""
    template_hash: str


def check(proposal: Proposal) -> Proposal:
    """Refuse a proposal that cannot be one.

    Raises:
        ProposalError: A field is missing, unknown or does not go with another.
    """
    if proposal.act not in ACTS:
        raise ProposalError("act", "unknown", f"one of {', '.join(ACTS)}")
    for name in ("key", "case_id", "to", "channel", "purpose", "by", "officer"):
        value = getattr(proposal, name)
        if not isinstance(value, str) or not 0 < len(value) <= KEY_CHARACTERS_MAX:
            raise ProposalError(
                name, "missing or too long", f"1 to {KEY_CHARACTERS_MAX} characters"
            )
    for name in ("key", "officer"):
        if holds_phone_or_identity(getattr(proposal, name)):
            # It is written down and stays for as long as the journal does.
            raise ProposalError(name, "looks like somebody's number", "choose another word")
    if proposal.template and proposal.text is not None:
        raise ProposalError("text", "given beside a template", "give one of them")
    if proposal.act == "message" and not proposal.template and not proposal.text:
        raise ProposalError("template", "a message without words", "name a template or give a text")
    if proposal.text is not None and proposal.collector is None:
        # The screen finds one freely written threat in three: a person answers for free text,
        # all the more where a machine says it.
        advice = "name the collector who wrote it, or a template"
        raise ProposalError("text", "free text that nobody answers for", advice)
    if proposal.field is not None and proposal.point is None:
        raise ProposalError("point", "missing", "name the contact point of the person")
    return proposal


def check_names(proposal: Proposal, case: Case) -> None:
    """Refuse ids that are not of this case.

    Raises:
        ProposalError: A person, point, debt or party is not of the case, or one does not go with
            another: the point is somebody else's or of a kind that the act cannot use, or the
            collector works for another party.
    """
    named = {
        "to": (proposal.to, case.people),
        "point": (proposal.point, case.points),
        "debt": (proposal.debt, case.debts),
        "by": (proposal.by, case.parties),
        "collector": (proposal.collector, case.parties),
    }
    check_known(named)
    if proposal.point is not None:
        _check_point(proposal, case.points[proposal.point])
    if case.parties[proposal.by].kind == "collector":
        raise ProposalError("by", "a collector acts for a party", "name the party")
    if proposal.collector is not None:
        collector = case.parties[proposal.collector]
        if (collector.kind, collector.of) != ("collector", proposal.by):
            raise ProposalError("collector", "of another party", "name a collector of who acts")


def has_names(proposal: Proposal, case: Case) -> bool:
    """Say whether everything that a proposal names is of the case, and fits."""
    try:
        check_names(proposal, case)
    except ProposalError:
        return False
    return True


def _check_point(proposal: Proposal, point: Point) -> None:
    """Refuse a point that is not the person's, or that the channel cannot reach.

    The vault opens what the channel needs, whatever the point is called.
    """
    if point.person != proposal.to:
        raise ProposalError("point", "of somebody else", "name a contact point of the person")
    if (proposal.act, proposal.channel) not in CHANNELS_OF.get(point.kind or "", ()):
        kinds = [kind for kind, ways in CHANNELS_OF.items()
                 if (proposal.act, proposal.channel) in ways]  # fmt: skip
        said = f"name one of kind {' or '.join(kinds)}" if kinds else "no point is of that channel"
        raise ProposalError("point", "of another kind than the channel", said)


def check_known(named: Mapping[str, tuple[str | None, Container[str]]]) -> None:
    """Refuse an id that is not among those of its kind.

    Args:
        named: By the name of the field: what it says, None for nothing, and what there is.

    Raises:
        ProposalError: The first that is not there.
    """
    for name, (value, known) in named.items():
        if value is not None and value not in known:
            raise ProposalError(name, "not of this case", "name one that is")
