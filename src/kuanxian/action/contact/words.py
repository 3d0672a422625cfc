"""Words: what an act will say, and what those words are as facts.

From a template everything is known: its slots are filled from the ledger at this instant,
it was screened when it was approved, and it says whether it tells of a debt. Free text is
screened each time, and what cannot be known of it counts against it.
"""

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from kuanxian.action.contact.free_text import facts_of_text
from kuanxian.action.contact.ledger import AMOUNTS, SLOTS, figures
from kuanxian.action.contact.proposal import Proposal
from kuanxian.base.errors import ProposalError
from kuanxian.law.rule import Value
from kuanxian.loan import Position
from kuanxian.screen import Screen
from kuanxian.screen.template import Template, render

TEXT_CHARACTERS_MAX: Final = 2_000
IN_TIME: Final = "due_reminder"
"""The purpose of the template that tells of what falls due, to who is not late."""
ANSWER: Final = "answer"
"""The purpose of the template by which a question is answered."""

_GREETING: Final = re.compile(r"^(?:您好|你好)?[，,！! ]*(?:我是|我们是|这里是)?【?")
_ANEW: Final = re.compile(
    r"[我咱们們里裡裏本]\W*(?:是|所|院|局|部|单位|單位)|代\W*表|委\W*托|委託|受托|受託|"
    r"法务|法務|律\W*[师師]|警|公证|公證|仲裁|调解|調解|名义|名義"
)
"""Words by which a text may say that somebody else speaks."""
_CLAIMS: Final = ("false_authority_hits", "false_status_hits")
_TOLD: Final = ("amount", "day", "count")
"""Kinds of slots that say how things stand."""


class Lexicon(NamedTuple):
    """Every word the lender may use."""

    screen: Screen
    templates: Mapping[str, Template]
    registered: Mapping[str, str]
    """The lender's registered values: legal name, complaint channel …"""


class Words(NamedTuple):
    """What an act will say."""

    text: str
    template_hash: str
    facts: Mapping[str, Value]


def words_of(
    proposal: Proposal, lexicon: Lexicon, position: Position | None, as_of_on: int
) -> Words | None:
    """Find the words of a proposal.

    Args:
        proposal: What is proposed.
        lexicon: What may be said.
        position: Where its debt stands, as far as is known now, or None.
        as_of_on: Of which day the position is.

    Returns:
        The words; None where none were given (a call or a visit without a script).

    Raises:
        ProposalError: There is no such template, it is not for this channel, a slot that
            the ledger fills was given, or cannot be filled, or a tail is another debt's; or
            free text is too long, or holds a telephone number that is not the firm's.
        TemplateError: A slot's value is missing or not of its kind.
    """
    if proposal.template:
        return _from_template(proposal, lexicon, position, as_of_on)
    if proposal.text is None:
        return None
    if len(proposal.text) > TEXT_CHARACTERS_MAX:
        raise ProposalError("text", f"longer than {TEXT_CHARACTERS_MAX} characters", "shorten it")
    tails = filter(None, [_own_tail(proposal, registered_of(proposal, lexicon))])
    facts = facts_of_text(proposal.text, lexicon.screen, lexicon.registered, tails)
    facts |= _identity_of_text(proposal.text, lexicon, facts)
    # Nobody can prove of free text that its first line tells nothing on a locked screen.
    facts["preview_shows_debt"] = proposal.act == "message"
    return Words(proposal.text, "", facts)


def _from_template(
    proposal: Proposal, lexicon: Lexicon, position: Position | None, as_of_on: int
) -> Words:
    template = lexicon.templates.get(proposal.template)
    if template is None:
        raise ProposalError("template", "there is no such template", "see rules/…/messages")
    if proposal.act == "message" and proposal.channel not in template.channels:
        raise ProposalError("template", "not for this channel", ", ".join(template.channels))
    if template.purpose == IN_TIME and position is not None and position.days_past_due > 0:
        raise ProposalError("template", "for a loan that is not late", "take first_overdue")
    known = figures(position, as_of_on) if position is not None else {}
    wanted = [slot for slot in template.slots if slot in SLOTS]
    given = sorted(set(proposal.values) & set(SLOTS))
    if given:
        raise ProposalError(given[0], "is filled from the ledger", "leave it out")
    empty = [slot for slot in wanted if slot not in known]
    if empty:
        advice = "paid today, or in no close of late: wait for the next" if proposal.debt else ""
        reason = "the ledger has no position of this debt"
        raise ProposalError(empty[0], reason, advice or "name the debt")
    registered = registered_of(proposal, lexicon)
    filled: dict[str, Any] = {slot: known[slot] for slot in wanted}
    tails = (slot for slot, kind in template.slots.items() if kind == "tail")
    filled |= {slot: _tail_of(proposal, slot, registered) for slot in tails}
    message = render(template, {**proposal.values, **filled}, registered)
    amounts = [filled[slot] for slot in AMOUNTS if slot in filled]
    facts: dict[str, Value] = {
        **lexicon.screen.facts(message.text),
        "identity_stated": bool({"lender_name", "agency_name"} & set(template.slots)),
        # Its words are known: without that name they claim nobody's.
        "claimed_identity": "lender" if "lender_name" in template.slots else "none",
        "states_amount": bool(amounts),
        # A name, a case or a complaint tells enough: only words for others tell nothing.
        "discloses_debt": not template.for_others,
        "claims_reporting": template.purpose == "report_notice",
        "answer_words": template.purpose == ANSWER,
        "payee_kind": "none",
        "preview_shows_debt": template.tells_debt and proposal.channel in {"sms", "app_push"},
    }
    if amounts:
        # Both from the ledger at this instant: they cannot differ.
        facts |= {"stated_amount_fen": amounts[0], "ledger_amount_fen": amounts[0]}
    return Words(message.text, message.template_hash, facts)


def check_template(proposal: Proposal, lexicon: Lexicon) -> None:
    """Refuse the words of a notice to everybody but the sender of notices.

    A sum, a day or a count that neither the ledger nor the case tells would be the caller's own.

    Raises:
        ProposalError: The template has such a slot, and no notice is due.
    """
    template = lexicon.templates.get(proposal.template)
    if template is None or proposal.notice:
        return
    if any(kind in _TOLD and slot not in SLOTS for slot, kind in template.slots.items()):
        raise ProposalError("template", "is a notice's, sent when it is due", "see notices.md")


def registered_of(proposal: Proposal, lexicon: Lexicon) -> dict[str, str]:
    """Give the registered values; one of the very party or debt goes before one of all."""
    own = {
        name: value
        for key, value in lexicon.registered.items()
        for name, _, of in (key.partition("."),)
        if of and of == (proposal.debt if name == "contract_tail" else proposal.tells_of)
    }
    return {**lexicon.registered, **own}


def _tail_of(proposal: Proposal, slot: str, registered: Mapping[str, str]) -> str:
    """Give the tail of the debt, by which its borrower knows it.

    Raises:
        ProposalError: No debt is named, or the tail that was given is another one's.
    """
    tail = _own_tail(proposal, registered)
    if not tail:
        raise ProposalError(slot, "there is no debt to take it from", "name the debt")
    if proposal.values.get(slot, tail) != tail:
        raise ProposalError(slot, "not of this debt", "leave it out: the gate fills it in")
    return tail


def _own_tail(proposal: Proposal, registered: Mapping[str, str]) -> str:
    """Give the tail of the debt; nothing where none is named."""
    letters = re.sub(r"[^0-9A-Za-z]", "", proposal.debt or "")
    return registered.get("contract_tail", letters[-4:])


def _identity_of_text(text: str, lexicon: Lexicon, hits: Mapping[str, Value]) -> dict[str, Value]:
    """Say whose words free text says they are, where it begins with the lender's name.

    It claims to be nobody else where screening finds no authority and no invented standing,
    and it introduces nobody a second time. What is not known is left out, and so unknown.
    """
    name = lexicon.registered.get("lender_name", "")
    begins = _GREETING.sub("", text)
    if not name or not begins.startswith(name):
        return {}
    claims_more = any(hits.get(fact) for fact in _CLAIMS) or _ANEW.search(begins[len(name) :])
    return {"identity_stated": True} | ({} if claims_more else {"claimed_identity": "lender"})


def stated_slots(values: Mapping[str, Any]) -> dict[str, Value]:
    """Keep of a proposal's slots what may stand in the journal: whole numbers and short codes."""
    return {
        key: value
        for key, value in values.items()
        if isinstance(value, int) or (isinstance(value, str) and len(value) <= 40)
    }
