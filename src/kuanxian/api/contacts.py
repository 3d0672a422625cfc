"""Contacts: propose, report the outcome, and the same for a campaign."""

import re
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from kuanxian.action.contact import granted
from kuanxian.action.contact.outcome import Report, keep_signs, report
from kuanxian.api.desk import Caller, as_problem, needs
from kuanxian.api.forms import (
    GRANT_ID,
    KEY,
    BatchForm,
    GrantId,
    JudgedOutcome,
    Malformed,
    NamedOutcomeForm,
    NamedProposalForm,
    OutcomeBatchForm,
    OutcomeForm,
    ProposalForm,
)
from kuanxian.api.problem import Problem
from kuanxian.api.reception import Reception
from kuanxian.api.shown import (
    AnswerShown,
    BatchShown,
    OutcomeBatchShown,
    OutcomeShown,
    answer_shown,
    problems,
)
from kuanxian.base.personal import holds_phone_or_identity
from kuanxian.vault.scrub import looks_personal

router = APIRouter(tags=["contacts"])
_PROPOSE = needs("contacts:propose")
_OUTCOME = needs("contacts:outcome")
KEY_HELP = "The proposer's own name for it, the same on every retry: 1 to 64 letters, digits, `_.-`"


@router.post(
    "/v1/contacts",
    summary="Propose an act",
    dependencies=[_PROPOSE],
    response_model=None,
    responses={200: {"model": AnswerShown}, **problems("case-unknown", "key-reused")},
)
def propose(
    request: Request,
    form: ProposalForm,
    idempotency_key: Annotated[
        str | None, Header(description=KEY_HELP, json_schema_extra={"pattern": KEY})
    ] = None,
) -> JSONResponse:
    """Decide on an act and reserve it where it is allowed. A refusal is an answer, not an error."""
    caller = Caller(request)
    return JSONResponse(propose_one(caller, form, caller.named(idempotency_key)))


@router.post(
    "/v1/contacts:batch",
    summary="Propose the acts of a campaign",
    dependencies=[_PROPOSE],
    response_model=None,
    responses={200: {"model": BatchShown}, **problems()},
)
def propose_batch(request: Request, form: BatchForm) -> JSONResponse:
    """Propose up to 50 acts; each is decided, reserved and answered for itself."""
    caller = Caller(request)
    caller.count(len(form.contacts) - 1)
    return JSONResponse({"results": [_result(caller, *one) for one in enumerate(form.contacts, 1)]})


def _result(caller: Caller, place: int, form: NamedProposalForm | Malformed) -> dict[str, Any]:
    key = _key_told(form)
    try:
        if isinstance(form, Malformed):
            caller.case_id = ""
            raise _placed(form, place)
        answer = propose_one(caller, form, form.key)
    except Problem as problem:
        caller.write(problem)
        return {"key": key, "status": problem.status, "problem": problem.as_json()}
    return {"key": key, "status": 200, "answer": answer}


def _sent(form: BaseModel | Malformed, field: str, pattern: str) -> str:
    """Give the name that an item of a batch was sent under; empty where it is none."""
    if not isinstance(form, Malformed):
        return str(getattr(form, field))
    value = form.sent.get(field) if isinstance(form.sent, dict) else None
    return value if isinstance(value, str) and re.fullmatch(pattern, value) else ""


def _key_told(form: NamedProposalForm | Malformed) -> str:
    """Give the key that an item was sent under, unless it is one or looks like a person's number.

    Of a malformed item nobody has looked yet, so that more is taken for one.
    """
    key = _sent(form, "key", KEY)
    is_number = looks_personal if isinstance(form, Malformed) else holds_phone_or_identity
    return "" if is_number(key) else key


def _placed(form: Malformed, place: int, more: str = "") -> Problem:
    """Say which item it was, if it was one: its name may be what is wrong with it."""
    told = form.problem
    where = f"item {place} of the list: " if place else ""
    return Problem(told.code, f"{where}{told.detail}{more}", told.field)


def propose_one(caller: Caller, form: ProposalForm, key: str) -> dict[str, Any]:
    """Propose one act.

    Raises:
        Problem: The gate did not decide on it.
    """
    caller.case_id = form.case_id
    caller.acts_as(form.by)
    proposal = form.as_proposal(key)._replace(asked_by=caller.key.key_id)
    with as_problem():
        return answer_shown(caller.reception.gate.propose(proposal))


@router.post(
    "/v1/contacts/{grant_id}/outcome",
    summary="Report what became of a granted act",
    dependencies=[_OUTCOME],
    response_model=None,
    responses={200: {"model": OutcomeShown}, **problems("grant-unknown", "outcome-differs")},
)
def tell_outcome(
    request: Request, grant_id: Annotated[GrantId, Path()], form: JudgedOutcome
) -> JSONResponse:
    """Take an outcome into the case; it holds before the next decision. Once more is harmless."""
    version = _taken_in(Caller(request), grant_id, form)
    return JSONResponse({"grant_id": grant_id, "case_version": version})


@router.post(
    "/v1/contacts:outcomes",
    summary="Report what became of the acts of a campaign",
    dependencies=[_OUTCOME],
    response_model=None,
    responses={200: {"model": OutcomeBatchShown}, **problems()},
)
def tell_outcomes(request: Request, form: OutcomeBatchForm) -> JSONResponse:
    """Take up to 50 outcomes; each is taken in, or not, for itself. Once more is harmless."""
    caller = Caller(request)
    caller.count(len(form.outcomes) - 1)
    return JSONResponse({"results": [_told(caller, *one) for one in enumerate(form.outcomes, 1)]})


def _told(caller: Caller, place: int, form: NamedOutcomeForm | Malformed) -> dict[str, Any]:
    grant_id = _sent(form, "grant_id", GRANT_ID)
    try:
        version = _taken_in(caller, grant_id, form, place)
    except Problem as problem:
        caller.write(problem)
        return {"grant_id": grant_id, "status": problem.status, "problem": problem.as_json()}
    return {"grant_id": grant_id, "status": 200, "case_version": version}


def _taken_in(caller: Caller, grant_id: str, form: OutcomeForm | Malformed, place: int = 0) -> int:
    """Take an outcome in, or of one whose form is refused what was said; give the case's version.

    Raises:
        Problem: The outcome was not taken in.
    """
    if isinstance(form, Malformed):
        raise _placed(form, place, _signs_kept(caller, grant_id, form.sent))
    return tell_one(caller, grant_id, form)


def _signs_kept(caller: Caller, grant_id: str, sent: Any) -> str:
    """Take in what was said on an act whose outcome is malformed.

    Returns:
        Which signs, for the problem; empty where the grant cannot be found.

    Raises:
        Problem: The database is away, or too many write on the case.
    """
    gate, key = caller.reception.gate, caller.key
    told = Report(grant_id, "", gate.clock(), key.party, f"api:{key.key_id}", asked_by=key.key_id)
    with as_problem():
        case_id = granted.case_of_grant(gate, grant_id) if grant_id else None
        caller.case_id = case_id or ""
        kept = keep_signs(gate, case_id, sent, told)
    return f"; taken in all the same: {', '.join(kept)}" if kept else ""


def tell_one(caller: Caller, grant_id: str, form: OutcomeForm) -> int:
    """Take one outcome in; give the version of the case with it.

    Raises:
        Problem: It was not taken in.
    """
    caller.case_id = ""  # of the outcome before this one, in a batch
    caller.case_id = case_of_grant(caller.reception, grant_id)
    told = form.as_report(grant_id, caller.key.party)._replace(asked_by=caller.key.key_id)
    with as_problem():
        return report(caller.reception.gate, caller.case_id, told)


def case_of_grant(reception: Reception, grant_id: str) -> str:
    """Find the case a grant is of.

    Raises:
        Problem: There is no such grant.
    """
    with as_problem():
        found = granted.case_of_grant(reception.gate, grant_id)
    if found is None:
        raise Problem("grant-unknown", why="no such grant")
    return found
