"""Reports: what a provider says later of a message or a call it took."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import JSONResponse

from kuanxian.action.contact import Gate
from kuanxian.api.desk import Caller, as_problem, needs
from kuanxian.api.keyring import Key
from kuanxian.api.problem import Problem
from kuanxian.api.shown import HeardShown, problems
from kuanxian.outreach.calls import take_call
from kuanxian.outreach.notices import Heard, hear
from kuanxian.outreach.receipt import Report
from kuanxian.outreach.sign import HEADER
from kuanxian.outreach.voice import CallOutcome

router = APIRouter(tags=["reports"])
EXAMPLE: Final = {"msgid": "m-1", "status": "DELIVRD", "time": 1_795_600_001_000}
_BODY: Final[dict[str, Any]] = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "description": "As the provider writes it; the channel file says how it is read.",
                "examples": [EXAMPLE],
            }
        }
    },
}
_SIGNED: Final[dict[str, Any]] = {
    "name": HEADER, "in": "header", "required": False, "schema": {"type": "string"},
    "description": "Where the channel file has a key for it: `t=<seconds>,v1=<hex>`.",
}  # fmt: skip


async def posted(request: Request) -> bytes:
    """Give the body as it came; the porch has read and checked it."""
    return await request.body()


@router.post(
    "/v1/reports/{channel}",
    summary="Take in a provider's report on a message or a call",
    dependencies=[needs("reports:tell")],
    response_model=None,
    responses={
        200: {"model": HeardShown},
        **problems(
            "signature-refused",
            "report-unknown",
            "report-refused",
            "outcome-differs",
            "outcome-refused",
        ),
    },
    openapi_extra={"requestBody": _BODY, "parameters": [_SIGNED]},
)
def tell_report(
    request: Request,
    channel: Annotated[str, Path(pattern="^[a-z_]{1,20}$", description="`sms` or `voice`.")],
    content: Annotated[bytes, Depends(posted)],
) -> JSONResponse:
    """Take a report into the case of its message or call, found by an id the provider knows.

    Twice, late and in any order is the same; a call has one outcome. 404 where the id is not
    known, or not yet: send it again later.
    """
    caller = Caller(request)
    gate = caller.reception.gate
    read = caller.reception.reports.get(channel)
    if read is None:
        raise Problem("route-unknown", "no reports of this channel are taken in here")
    with as_problem():
        told = read(content, request.headers.get(HEADER, ""), gate.clock())
        found = _taken(gate, channel, told, caller.key)
    if found is None:
        raise Problem("report-unknown", "send it again later")
    return JSONResponse({"state": found.state, "changed": found.changed})


def _taken(gate: Gate, channel: str, told: Report | CallOutcome, key: Key) -> Heard | None:
    officer = f"api:{key.key_id}"
    if isinstance(told, CallOutcome):
        return take_call(gate, told, officer, key.party)
    return hear(gate, channel, told, officer, key.party)
