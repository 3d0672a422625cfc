"""Shown: how answers are written, and what they hold for the OpenAPI document."""

from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from kuanxian.action.contact import Answer
from kuanxian.action.contact.answer import source_of
from kuanxian.action.contact.file_form import write_instant
from kuanxian.action.contact.ways import Way
from kuanxian.action.contact.windows import Shut, Window, Windows
from kuanxian.api.problem import KINDS, MEDIA_TYPE, Problem, problem_of
from kuanxian.law.rulebook import Rulebook

ALWAYS: Final = (
    "json-refused", "key-refused", "scope-missing", "body-slow", "body-too-large", "type-refused",
    "form-refused", "too-many", "store-away",
)  # fmt: skip


WAY_FIELDS: Final = (
    "act", "to", "channel", "point", "purpose", "debt", "collector", "template",
)  # fmt: skip


HEARD_EXAMPLE: Final[dict[str, Any]] = {"state": "delivered", "changed": True}


class ReasonShown(BaseModel):
    """A rule that spoke."""

    rule: str
    verdict: str
    outcome: str
    source: str = Field(description="Instrument and article, with the mark of verification.")
    says: dict[str, str] = Field(description="To the officer, by language.")
    missing: list[str]


class GrantShown(BaseModel):
    """The right to do one act once, for a few minutes."""

    grant_id: str
    opening: str = Field(description="The vault's own grant; empty where nothing is opened.")
    field: str
    expires_at: str
    text: str = Field(description="The words it may use.")
    template_hash: str


class AnswerShown(BaseModel):
    """What the gate says."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "decision_id": "d-0f3a", "decided_at": "2026-11-25T04:00:00Z",
                    "verdict": "allowed", "allowed": True, "became": "",
                    "grant": {"grant_id": "d-0f3a", "opening": "g-1", "field": "phone",
                              "expires_at": "2026-11-25T04:05:00Z", "text": "",
                              "template_hash": ""},
                    "reasons": [], "missing": [], "would_change": [],
                    "rulebook_hash": "9c1e", "case_version": 12,
                }
            ]
        }
    )  # fmt: skip

    decision_id: str
    decided_at: str
    verdict: str
    allowed: bool
    became: str = Field(description="Of a grant that holds no more: used, over or withdrawn.")
    grant: GrantShown | None
    reasons: list[ReasonShown]
    missing: list[str]
    would_change: list[dict[str, Any]]
    rulebook_hash: str
    case_version: int


class ProblemShown(BaseModel):
    """An error, as RFC 9457 has it."""

    type: str
    title: str
    status: int
    code: str
    detail: str = ""
    field: str = ""


class ResultShown(BaseModel):
    """What became of one proposal of a batch."""

    key: str = Field(description="As sent; empty where that was no key.")
    status: int
    answer: AnswerShown | None = None
    problem: ProblemShown | None = None


class BatchShown(BaseModel):
    """An answer for each proposal, in their order."""

    results: list[ResultShown]


class OutcomeShown(BaseModel):
    """The outcome is in the case."""

    grant_id: str
    case_version: int = Field(description="Of the case's stream, with the outcome in it.")


class OutcomeResultShown(BaseModel):
    """What became of one outcome of a batch."""

    grant_id: str = Field(description="As sent; empty where that was no grant's.")
    status: int
    case_version: int | None = None
    problem: ProblemShown | None = None


class OutcomeBatchShown(BaseModel):
    """What became of each outcome, in their order."""

    results: list[OutcomeResultShown]


class HeardShown(BaseModel):
    """The report is in the case; whose it is, is not said to a provider."""

    model_config = ConfigDict(json_schema_extra={"examples": [HEARD_EXAMPLE]})

    state: str = Field(description="How far the message has come by now.")
    changed: bool = Field(description="Whether the report changed anything; once more it does not.")


class SpanShown(BaseModel):
    """A span in which the act would be allowed."""

    from_at: str
    until_at: str = Field(description="Not included.")


class ClosedShown(BaseModel):
    """What stands against it."""

    rule: str
    verdict: str
    outcome: str


class ShutShown(SpanShown):
    """A span in which the act would not be allowed."""

    by: list[ClosedShown]


class WayShown(BaseModel):
    """An act by which a person could be reached, and when, if nothing more happens."""

    act: str
    to: str
    channel: str
    point: str
    purpose: str
    debt: str | None = None
    collector: str | None = None
    template: str | None = None
    open: list[SpanShown] = []
    shut: list[ShutShown] = []
    foreseen_at: str | None = Field(
        None, description="From here on no close tells where the debt stands: as if unpaid."
    )
    problem: ProblemShown | None = Field(None, description="Why it cannot be proposed at all.")


class RuleShown(BaseModel):
    """A rule that shuts a way at some time."""

    says: dict[str, str] = Field(description="What it says, by language.")
    source: str = Field(description="Instrument and article, with the mark of verification.")


class WaysShown(BaseModel):
    """By which acts the people of a case could be reached, and when."""

    ways: list[WayShown]
    rules: dict[str, RuleShown] = Field(description="Every rule named in a shut span, by its id.")


def problems(*codes: str) -> dict[int | str, dict[str, Any]]:
    """Describe the errors of a route: those of every route, and its own."""
    by_status: dict[int | str, dict[str, Any]] = {}
    for code in (*ALWAYS, *codes):
        status = KINDS[code].status
        told = by_status.setdefault(
            status,
            {
                "description": KINDS[code].title,
                "content": {
                    MEDIA_TYPE: {
                        "schema": {"$ref": "#/components/schemas/ProblemShown"},
                        "examples": {},
                    }
                },
            },
        )
        told["content"][MEDIA_TYPE]["examples"][code] = {"value": Problem(code).as_json()}
    return by_status


def answer_shown(answer: Answer) -> dict[str, Any]:
    """Write an answer with its instants as text."""
    told = answer.as_json()
    told["decided_at"] = write_instant(told["decided_at"])
    if told["grant"] is not None:
        told["grant"]["expires_at"] = write_instant(told["grant"]["expires_at"])
    return told


def windows_shown(found: Windows) -> dict[str, Any]:
    """Write windows with their instants as text."""

    def span(one: Window | Shut) -> dict[str, Any]:
        return {"from_at": write_instant(one.from_at), "until_at": write_instant(one.until_at)}

    told = {
        "open": [span(one) for one in found.open],
        "shut": [{**span(one), "by": [by._asdict() for by in one.by]} for one in found.shut],
    }
    foreseen = found.foreseen_at
    return told if foreseen is None else {**told, "foreseen_at": write_instant(foreseen)}


def ways_shown(found: list[Way], book: Rulebook) -> dict[str, Any]:
    """Write ways, and once each rule that shuts one of them."""
    shut = (one for way in found if way.windows for one in way.windows.shut)
    names = sorted({by.rule for one in shut for by in one.by})
    newest = {name: book.rule(name)[0] for name in names}
    rules = {
        name: {"says": dict(rule.says), "source": source_of(rule, book)}
        for name, rule in newest.items()
    }
    return {"ways": [_way_shown(one) for one in found], "rules": rules}


def _way_shown(way: Way) -> dict[str, Any]:
    """Write a way: the act, and its windows or why there are none."""
    told = {
        name: value
        for name in WAY_FIELDS
        if (value := getattr(way.proposal, name)) not in (None, "")
    }
    if way.windows is not None:
        return told | windows_shown(way.windows)
    assert way.why_not is not None
    return told | {"problem": problem_of(way.why_not).as_json()}
