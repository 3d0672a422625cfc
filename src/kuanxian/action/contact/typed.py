"""Typed: what a person or a file tells of a case by hand is believed where it shuts a door.

A stop, an order, a dispute, a sign of distress, a payment: whoever tells it, it holds at once.
What would open a door has a place of its own where it is shown, and is refused here with the
name of that place. Nothing that stands is replaced, and since when a thing is known is said by
the gate's clock, never by the teller. What is told of an agency or a collector holds in every case.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from kuanxian.action.contact.file_form import write_instant
from kuanxian.action.contact.gate import Gate
from kuanxian.action.contact.of_party import KINDS as OF_PARTIES
from kuanxian.action.contact.record import add, open_case, state, state_of_party
from kuanxian.action.contact.stated import OF_RECORD
from kuanxian.base.bounds import BALANCE_FEN_MAX
from kuanxian.base.clocks import SKEW_US
from kuanxian.base.errors import CaseError
from kuanxian.base.personal import holds_phone_or_identity
from kuanxian.law.case import Event
from kuanxian.law.case_events import KINDS
from kuanxian.law.case_values import Field, read_instant

_ANY: Final = ()
TAKEN: Final[Mapping[str, tuple[str, ...]]] = {
    # What a person said, did or needs: each of these shuts something.
    "consent": ("asked", "refused", "withdrawn"),
    "stop": ("asked",),
    "preference": ("asked",),
    "state": ("deceased", "incapacity", "limited_capacity", "minor"),
    "signal": ("seen",),
    "order": ("issued",),
    "dispute": ("received", "marked", "found_wrong", "found_omitted"),
    "complaint": ("received", "found_complex", "extended", "answered"),
    "plan": ("asked", "agreed"),
    **dict.fromkeys(("inbound", "payment", "settlement", "erasure"), _ANY),
    # The lender's record of what it did itself: nobody else can tell it.
    **dict.fromkeys(("overdue", "placement", "agency", "training", "report", "statement"), _ANY),
    **dict.fromkeys(("change", "mediation", "interruption", "breach", "audit"), _ANY),
}
"""Kinds of events that are taken, and which steps of them; none named: every one."""

_OUTCOME: Final = "it comes by its grant: kuanxian contact outcome, POST /v1/contacts/{id}/outcome"
DOORS: Final[Mapping[str, str]] = {
    "call": _OUTCOME,
    "message": _OUTCOME,
    "visit": _OUTCOME,
    "notice": "it is sent and shown to have arrived by kuanxian contact notices, heard, arrived",
    "consent": "a yes is taken down in the vault, by the person's own answer to a notice",
}
"""Where what is refused here is told instead."""
_INSTANT: Final = Field("instant", "", "")
_NOWHERE: Final = "it would open what stands shut, and no door takes it yet: a person decides"


def open_typed(
    gate: Gate, case_id: str, told: Mapping[str, Any], *, tenant: str, actor: str
) -> None:
    """Open a case as it was typed. As `kuanxian.action.contact.record.open_case`.

    Raises:
        CaseError: It tells what is not to be typed.
        CaseFileError: It is not a case.
    """
    believed = _believed(told, (), gate.clock())
    open_case(gate, case_id, believed, tenant=tenant, actor=actor, shared=OF_PARTIES)


def add_typed(gate: Gate, case_id: str, told: Mapping[str, Any], *, key: str, actor: str) -> None:
    """Add to a case what was typed. As `kuanxian.action.contact.record.add`.

    Raises:
        CaseError: There is no such case, or it tells what is not to be typed.
        CaseFileError: It is not so written, or contradicts the case.
    """
    _check_key(key)
    standing = gate.read(case_id).file.case.events
    believed = _believed(told, standing, gate.clock())
    add(gate, case_id, believed, key=key, actor=actor, shared=OF_PARTIES)


def state_typed(
    gate: Gate, case_id: str, of: str, facts: Mapping[str, Any], *, key: str, actor: str
) -> None:
    """Put on record what the lender states of a party or a person that a case has.

    Args:
        gate: The door.
        case_id: A case that has it. What is stated of a party holds in every case of its lender.
        of: Which party or person, by its id in the case.
        facts: By their names; None where a fact is not known any more.
        key: Idempotency key.
        actor: Who states it.

    Raises:
        CaseError: There is no such case, the case has nobody of that id, or it is not stated
            of such a one.
        ProposalError: A value is not of the fact's type.
        RepeatedKeyError: The key was used to state something else.
    """
    _check_key(key)
    case = gate.read(case_id).file.case
    kind = "party" if of in case.parties else "person"
    if kind == "person" and of not in case.people:
        # Not named: it may be a person's number.
        raise CaseError("--of", "names nobody of this case", "name a party or a person of it")
    names = OF_RECORD[kind]
    if not facts:
        raise CaseError("the file", "states nothing", f"of a {kind}: {', '.join(names)}")
    if not set(facts) <= set(names):
        raise CaseError("a fact", f"is not stated of a {kind}", f"one of {', '.join(names)}")
    if any(type(one) is int and not 0 <= one <= BALANCE_FEN_MAX for one in facts.values()):
        raise CaseError("a value", "is no amount", "write whole fen")
    if kind == "party":
        state_of_party(gate, of, facts, lender=case.lender.id, key=key, actor=actor)
    else:
        state(gate, case_id, f"person:{of}", facts, key=key, actor=actor)


def _check_key(key: str) -> None:
    """Refuse a key that is somebody's number: it stands in the journal for good.

    Raises:
        CaseError: It is one.
    """
    if holds_phone_or_identity(key):
        raise CaseError("--key", "looks like somebody's number", "choose another word")


def _believed(told: Mapping[str, Any], standing: Iterable[Event], at: int) -> dict[str, Any]:
    """Give what was told as it is believed: known now, and happened by now."""
    known = {event.id: event.known_at for event in standing}
    given = dict(told)
    for name in ("consents", "timeline"):
        if isinstance(given.get(name), list):
            given[name] = [_event(one, name == "consents", known, at) for one in given[name]]
    return given


def _event(told: Any, is_consent: bool, known: Mapping[str, int], at: int) -> Any:
    if not isinstance(told, dict):
        return told  # The reader of case files says what is wrong with it.
    _check("consent" if is_consent else told.get("kind"), told)
    # The same event told again stays known since it was first told.
    since = known.get(told["id"], at) if isinstance(told.get("id"), str) else at
    happened_at = _by_now(told.get("happened_at"), at)
    return {**told, "happened_at": happened_at, "known_at": write_instant(since)}


def _check(kind: Any, told: Mapping[str, Any]) -> None:
    """Refuse what opens a door; of a kind or step that nobody knows the reader says so.

    Raises:
        CaseError: It is such a thing.
    """
    if kind == "retraction" or "replaces" in told:
        raise CaseError("an event", "that stands is not replaced by one that is typed", _NOWHERE)
    if kind == "inbound" and "point" in told:
        said = "inbound from a contact point, which shows that it is theirs,"
        raise CaseError(said, "is not believed because it is typed", _NOWHERE)
    if not isinstance(kind, str) or kind not in KINDS:
        return
    step = told.get("event" if kind == "consent" else "step")
    steps = KINDS[kind].keys["step"].values if "step" in KINDS[kind].keys else ()
    taken = TAKEN.get(kind)
    if taken is None or (taken and step in steps and step not in taken):
        said = f"{kind} {step}" if step in steps else f"an event of kind {kind}"
        raise CaseError(said, "is not believed because it is typed", DOORS.get(kind, _NOWHERE))


def _by_now(told: Any, at: int) -> Any:
    """Put at now what a clock that runs ahead says happened.

    Raises:
        CaseError: It lies further ahead than a clock can be.
    """
    try:
        happened_at = read_instant(_INSTANT, told)
    except ValueError:
        return told
    if happened_at > at + SKEW_US:
        raise CaseError("happened_at", "lies ahead", "tell it when it has happened")
    return told if happened_at <= at else write_instant(at)
