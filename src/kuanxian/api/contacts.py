"""Contacts: propose, report the outcome, and the same for a campaign."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Request
from fastapi.responses import JSONResponse

from kuanxian.action.contact import granted
from kuanxian.action.contact.outcome import report
from kuanxian.api.desk import Caller, as_problem, needs
from kuanxian.api.forms import (
    KEY,
    BatchForm,
    GrantId,
    NamedOutcomeForm,
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
    return JSONResponse({"results": [_result(caller, one, one.key) for one in form.contacts]})


def _result(caller: Caller, form: ProposalForm, key: str) -> dict[str, Any]:
    try:
        answer = propose_one(caller, form, key)
    except Problem as problem:
        caller.write(problem)
        return {"key": key, "status": problem.status, "problem": problem.as_json()}
    return {"key": key, "status": 200, "answer": answer}


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
    request: Request, grant_id: Annotated[GrantId, Path()], form: OutcomeForm
) -> JSONResponse:
    """Take an outcome into the case; it holds before the next decision. Once more is harmless."""
    version = tell_one(Caller(request), grant_id, form)
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
    return JSONResponse({"results": [_told(caller, one) for one in form.outcomes]})


def _told(caller: Caller, form: NamedOutcomeForm) -> dict[str, Any]:
    try:
        version = tell_one(caller, form.grant_id, form)
    except Problem as problem:
        caller.write(problem)
        return {"grant_id": form.grant_id, "status": problem.status, "problem": problem.as_json()}
    return {"grant_id": form.grant_id, "status": 200, "case_version": version}


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
