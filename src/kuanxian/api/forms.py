"""Forms: what a request may hold, field by field, with an example of each.

No form has a place for a name, a number or an address: an id that looks like a person's
number is refused as one.
"""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final, Literal, NamedTuple

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    WrapValidator,
)

from kuanxian.action.contact.outcome import Report
from kuanxian.action.contact.proposal import Proposal
from kuanxian.api.problem import FIELDS, Problem
from kuanxian.base.errors import SealError
from kuanxian.journal.entry import micros
from kuanxian.law.case_tables import CHANNELS, CONTACT_PURPOSES, PLACES
from kuanxian.vault.scrub import looks_personal
from kuanxian.vault.seal import check_word

BATCH_MAX: Final = 50
GRANT_ID: Final = r"^d-[0-9a-f]{32}$"
KEY: Final = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$"


def _impersonal(value: str) -> str:
    """Refuse what looks like a person's number."""
    if looks_personal(value):
        raise ValueError("looks like a person's number")
    return value


def _pseudonymous(value: str) -> str:
    """Refuse what the vault would refuse as an id; random ids may hold a run of digits."""
    try:
        return check_word("the id", value)
    except SealError:
        raise ValueError("is no pseudonymous id") from None


def _written(value: Any) -> Any:
    """Refuse an instant that is a number: of what unit, and since when, it does not say."""
    if not isinstance(value, str):
        raise ValueError("is no text")
    return value


def _word_of(words: tuple[str, ...]) -> Any:
    return Field(json_schema_extra={"enum": list(words)})


def _one_of(words: tuple[str, ...]) -> Callable[[str], str]:
    def check(value: str) -> str:
        if value not in words:
            raise ValueError("is not one of them")
        return value

    return check


Id = Annotated[
    str,
    Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$", description="A pseudonymous id."),
    AfterValidator(_pseudonymous),
]
GrantId = Annotated[str, Field(pattern=GRANT_ID)]
Officer = Annotated[str, Field(pattern=r"^[!-~]{1,100}$"), AfterValidator(_impersonal)]
RequestKey = Annotated[str, Field(pattern=KEY)]
Slot = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
SlotText = Annotated[str, Field(max_length=40), AfterValidator(_impersonal)]
Whole = Annotated[int, Field(ge=-(2**53) + 1, le=2**53 - 1)]
Instant = Annotated[AwareDatetime, Field(strict=False), BeforeValidator(_written)]
Channel = Annotated[str, AfterValidator(_one_of(CHANNELS)), _word_of(CHANNELS)]
Purpose = Annotated[str, AfterValidator(_one_of(CONTACT_PURPOSES)), _word_of(CONTACT_PURPOSES)]
Place = Annotated[str, AfterValidator(_one_of(PLACES)), _word_of(PLACES)]

CALL_EXAMPLE: Final[dict[str, Any]] = {
    "case_id": "case-17", "act": "contact", "to": "p-1", "channel": "voice_human",
    "purpose": "collect", "by": "a-1", "officer": "officer-7", "point": "pt-1", "debt": "d-1",
    "collector": "c-1", "states": {"claimed_identity": "agency", "identity_stated": True},
}  # fmt: skip
SMS_EXAMPLE: Final[dict[str, Any]] = {
    "case_id": "case-17", "act": "message", "to": "p-1", "channel": "sms", "purpose": "notice",
    "by": "l-1", "officer": "officer-7", "point": "pt-1", "debt": "d-1",
    "template": "first_overdue",
}  # fmt: skip
OUTCOME_EXAMPLE: Final[dict[str, Any]] = {
    "outcome": "no_answer", "happened_at": "2026-11-25T12:03:00+08:00", "officer": "officer-7",
}  # fmt: skip


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)


class Malformed(NamedTuple):
    """What stands in the place of an item of a batch, or an outcome, whose form is refused."""

    sent: Any
    problem: Problem


def _item(sent: Any, read: Callable[[Any], Any]) -> Any:
    """Judge an item for itself, so that it takes nothing else down with it."""
    try:
        return read(sent)
    except ValidationError as error:
        return Malformed(sent, refusal_of(error.errors()))


def refusal_of(errors: Sequence[Any]) -> Problem:
    """Say which field is not what it must be; names that the caller made up are left out."""
    first = errors[0]
    names = [str(one) for one in first["loc"] if one in FIELDS]
    why = "unknown" if first["type"] == "extra_forbidden" else "missing or not what it must be"
    return Problem("form-refused", why, names[-1] if names else "")


class StatesForm(_Form):
    """What only the proposer can know of a call or a visit."""

    claimed_identity: Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")] | None = None
    identity_stated: bool | None = None
    human_reachable: bool | None = None
    ai_disclosed: bool | None = None
    discloses_debt: bool | None = None
    states_amount: bool | None = None
    reaches_others: bool | None = None
    visit_enters: bool | None = None
    visit_recorded: bool | None = None
    visit_identity_shown: bool | None = None


class ProposalForm(_Form):
    """One act towards one person by one channel."""

    model_config = ConfigDict(json_schema_extra={"examples": [CALL_EXAMPLE, SMS_EXAMPLE]})

    case_id: Id
    act: Literal["contact", "message", "visit"]
    to: Id = Field(description="Whom: a person of the case.")
    channel: Channel
    purpose: Purpose
    by: Id = Field(description="Who acts: the party of the key.")
    officer: Officer = Field(description="Who asks, for the record.")
    point: Id | None = Field(None, description="By which contact point.")
    debt: Id | None = None
    collector: Id | None = Field(None, description="Who will do it; none for an automatic act.")
    template: Annotated[str, Field(pattern=r"^[a-z0-9_]{0,64}$")] = ""
    values: Annotated[dict[Slot, Whole | SlotText], Field(max_length=20)] = {}
    text: Annotated[str, Field(max_length=2_000)] | None = Field(
        None, description="Free text, or the script of a call. Screened and not kept."
    )
    states: StatesForm = StatesForm()
    place: Place | None = None
    staff_count: Annotated[int, Field(ge=1, le=1_000)] | None = None

    def as_proposal(self, key: str) -> Proposal:
        """Give the gate's own record of it."""
        told = self.model_dump(exclude_unset=True, exclude={"key"})
        told["states"] = {name: value for name, value in told.get("states", {}).items()
                          if value is not None}  # fmt: skip
        return Proposal(key=key, **told)


class NamedProposalForm(ProposalForm):
    """A proposal of a batch, with its own key."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"key": "k-1", **CALL_EXAMPLE}]})

    key: RequestKey = Field(description="As the header Idempotency-Key of a single proposal.")


class BatchForm(_Form):
    """Proposals of a campaign; each is answered for itself."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"contacts": [{"key": "k-1", **CALL_EXAMPLE}]}]}
    )

    contacts: Annotated[list[Annotated[NamedProposalForm, WrapValidator(_item)]],
                       Field(min_length=1, max_length=BATCH_MAX)]  # fmt: skip


class AskedForm(_Form):
    """Which acts are asked about, in a file; what is left out is gone through."""

    case_id: Id
    by: Id
    to: Id | None = None
    act: Literal["contact", "message", "visit"] | None = None
    channel: Channel | None = None
    point: Id | None = None
    purpose: Purpose | None = None
    debt: Id | None = None
    collector: Id | None = None
    template: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,64}$")] | None = None


class OutcomeForm(_Form):
    """What became of a granted act."""

    model_config = ConfigDict(json_schema_extra={"examples": [OUTCOME_EXAMPLE]})

    outcome: Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]
    happened_at: Instant = Field(description="When it ended, with its zone.")
    officer: Officer
    signs: Annotated[list[Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]],
                     Field(max_length=20)] = []  # fmt: skip
    delivered_at: Instant | None = None
    receipt_hash: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""

    def as_report(self, grant_id: str, by: str) -> Report:
        """Give the gate's own record of it."""
        return Report(
            grant_id=grant_id,
            outcome=self.outcome,
            happened_at=micros(self.happened_at),
            by=by,
            officer=self.officer,
            signs=tuple(self.signs),
            delivered_at=None if self.delivered_at is None else micros(self.delivered_at),
            receipt_hash=self.receipt_hash,
        )


JudgedOutcome = Annotated[OutcomeForm, WrapValidator(_item)]
"""An outcome whose form may be refused: what was said is taken in all the same."""


class NamedOutcomeForm(OutcomeForm):
    """An outcome of a batch, with the grant it is of."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"grant_id": "d-" + "0f" * 16, **OUTCOME_EXAMPLE}]}
    )

    grant_id: GrantId


class OutcomeBatchForm(_Form):
    """Outcomes of a campaign; each is answered for itself."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"outcomes": [{"grant_id": "d-" + "0f" * 16, **OUTCOME_EXAMPLE}]}]
        }
    )

    outcomes: Annotated[list[Annotated[NamedOutcomeForm, WrapValidator(_item)]],
                       Field(min_length=1, max_length=BATCH_MAX)]  # fmt: skip


class FiledOutcomeForm(NamedOutcomeForm):
    """An outcome in a file, with what the API knows from the grant and the key."""

    case_id: Id
    by: Id
