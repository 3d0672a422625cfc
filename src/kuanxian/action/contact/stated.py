"""Stated: facts that no timeline tells, and who may state them.

Three voices: the lender's record of the case, a person, a debt or a party (in the journal);
the words and the ledger (computed here); and the proposer, for the few things only the
proposer can know. What one voice may say another may not.
"""

from collections.abc import Mapping
from typing import Any, Final

from kuanxian.action.contact.casebook import Known
from kuanxian.action.contact.data_use import is_stopped
from kuanxian.action.contact.proposal import Proposal
from kuanxian.action.contact.words import Words
from kuanxian.base.errors import ProposalError
from kuanxian.law.facts import Catalogue
from kuanxian.law.rule import Value

MAY_STATE: Final = frozenset(
    {
        "identity_stated", "claimed_identity", "human_reachable", "ai_disclosed", "visit_enters",
        "visit_recorded", "visit_identity_shown", "discloses_debt", "states_amount",
        "reaches_others",
    }
)  # fmt: skip
"""What a proposer may state of a call or a visit without a script. With words, the words tell."""

OF_RECORD: Final[Mapping[str, tuple[str, ...]]] = {
    "person": (
        "guarantee_in_period", "guarantee_limit_fen", "heir_renounced", "estate_value_fen",
        "joint_debt_proven",
    ),
    "party": (
        "agency_contract_complete", "sub_agency_approved", "agency_violent_record",
        "account_approved",
    ),
}  # fmt: skip
"""What the lender's record states, by what it is of."""


def check_record(of: str, facts: Mapping[str, Any], catalogue: Catalogue) -> None:
    """Refuse a statement for the record that is not the record's to make.

    Raises:
        ProposalError: A name is not of that kind of thing, or a value not of its type.
    """
    kind = of.partition(":")[0]
    for name, value in facts.items():
        if name not in OF_RECORD.get(kind, ()):
            raise ProposalError(name, f"is not stated of a {kind}", "see docs/reference/contact.md")
        wanted = bool if catalogue[name].type == "bool" else int
        if value is not None and type(value) is not wanted:
            raise ProposalError(name, f"is no {catalogue[name].type}", "state it as declared")


def stated_facts(proposal: Proposal, known: Known, words: Words | None) -> dict[str, Value]:
    """Gather what is stated of a proposal.

    Raises:
        ProposalError: The proposer states what is not the proposer's to state.
    """
    facts: dict[str, Value] = {}
    for of in (f"person:{proposal.to}", f"debt:{proposal.debt}"):
        facts.update(known.file.stated.get(of, {}))
    if proposal.by in known.parties:
        facts.update(known.parties[proposal.by].stated)
    allowed = MAY_STATE if words is None else frozenset({"human_reachable", "ai_disclosed"})
    stray = sorted(set(proposal.states) - allowed)
    if stray:
        raise ProposalError(stray[0], "is not the proposer's to state", "leave it out")
    facts.update(proposal.states)
    if words is not None:
        facts.update(words.facts)
    # Without words nobody knows that it answers.
    facts.setdefault("answer_words", False)
    # Who answers for a machine's script does not say it.
    facts["act_automated"] = proposal.collector is None or proposal.channel == "voice_ai"
    # What is called a notice and is none that the record finds due opens nothing.
    facts["notice_due"] = bool(proposal.notice)
    # As it was found last; the step that reserves asks the vault and says so where it differs.
    facts["data_use_stopped"] = is_stopped(known, proposal.to)
    # A channel file has no words for anything else; see kuanxian.outreach.config.
    facts["dialler_setup"] = "plain"
    return facts
