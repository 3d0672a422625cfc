"""Shown: how answers are written, and what they hold for the OpenAPI document."""

from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from kuanxian.action.contact import Answer
from kuanxian.action.contact.file_form import write_instant
from kuanxian.action.contact.windows import Windows
from kuanxian.api.problem import KINDS, MEDIA_TYPE, Problem

ALWAYS: Final = (
    "json-refused", "key-refused", "scope-missing", "body-too-large", "type-refused",
    "form-refused", "too-many", "store-away",
)  # fmt: skip


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
                    "verdict": "allow", "allowed": True,
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

    key: str
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


class SpanShown(BaseModel):
    """A span in which the act would be allowed."""

    from_at: str
    until_at: str = Field(description="Not included.")


class ClosedShown(BaseModel):
    """What stands against it now."""

    rule: str
    verdict: str
    outcome: str


class WindowsShown(BaseModel):
    """When an act would be allowed, if nothing more happens."""

    asked_at: str
    until_at: str
    open: list[SpanShown]
    closed_by: list[ClosedShown]


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
    return {
        "asked_at": write_instant(found.asked_at),
        "until_at": write_instant(found.until_at),
        "open": [
            {"from_at": write_instant(one.from_at), "until_at": write_instant(one.until_at)}
            for one in found.open
        ],
        "closed_by": [one._asdict() for one in found.closed_by],
    }
