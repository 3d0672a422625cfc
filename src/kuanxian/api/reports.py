"""Reports: what a provider says later of a message it took, by its own id."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import JSONResponse

from kuanxian.api.desk import Caller, as_problem, needs
from kuanxian.api.problem import Problem
from kuanxian.api.shown import HeardShown, problems
from kuanxian.outreach.notices import hear
from kuanxian.outreach.sign import HEADER

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
    summary="Take in a provider's report on a message",
    dependencies=[needs("reports:tell")],
    response_model=None,
    responses={
        200: {"model": HeardShown},
        **problems("signature-refused", "report-unknown", "report-refused", "outcome-refused"),
    },
    openapi_extra={"requestBody": _BODY, "parameters": [_SIGNED]},
)
def tell_report(
    request: Request,
    channel: Annotated[str, Path(pattern="^[a-z_]{1,20}$", description="Such as `sms`.")],
    content: Annotated[bytes, Depends(posted)],
) -> JSONResponse:
    """Take a report into the case of its message, found by the provider's own id.

    Twice, late and in any order is the same. 404 where the id is not known, or not yet: send it
    again later.
    """
    caller = Caller(request)
    gate = caller.reception.gate
    read = caller.reception.reports.get(channel)
    if read is None:
        raise Problem("route-unknown", "no reports of this channel are taken in here")
    with as_problem():
        told = read(content, request.headers.get(HEADER, ""), gate.clock())
        found = hear(gate, channel, told, f"api:{caller.key.key_id}", caller.key.party)
    if found is None:
        raise Problem("report-unknown", "send it again later")
    return JSONResponse({"state": found.state, "changed": found.changed})
