"""Cases: when and how the people of a case may be reached in the next days."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import JSONResponse

from kuanxian.action.contact.ways import Asked, ways
from kuanxian.action.contact.windows import DAYS_MAX
from kuanxian.api.desk import Caller, as_problem, needs, route_of
from kuanxian.api.forms import Channel, Id, Purpose
from kuanxian.api.shown import WaysShown, problems, ways_shown

router = APIRouter(tags=["cases"])
DAYS: Final = 7
ASKED: Final = (
    "act", "channel", "purpose", "template", "to", "point", "debt", "collector", "days",
)  # fmt: skip
"""Every word of the query."""
OptionalId = Annotated[Id | None, Query()]
Template = Annotated[str | None, Query(pattern="^[a-z0-9_]{1,64}$")]


async def asked_act(
    act: Annotated[str | None, Query(pattern="^(contact|message|visit)$")] = None,
    channel: Annotated[Channel | None, Query()] = None,
    purpose: Annotated[Purpose | None, Query()] = None,
    template: Template = None,
) -> dict[str, Any]:
    """Read which acts are asked about."""
    return {"act": act, "channel": channel, "purpose": purpose, "template": template}


async def asked_ids(
    to: Annotated[Id | None, Query(description="Whom: a person of the case.")] = None,
    point: OptionalId = None,
    debt: OptionalId = None,
    collector: OptionalId = None,
) -> dict[str, Any]:
    """Read whom, by which point, about which debt, by which collector."""
    return {"to": to, "point": point, "debt": debt, "collector": collector}


@router.get(
    "/v1/cases/{case_id}/windows",
    summary="When and how the people of a case may be reached in the next days",
    dependencies=[needs("windows:read", *ASKED)],
    response_model=None,
    responses={200: {"model": WaysShown}, **problems("case-unknown", "proposal-refused")},
)
def case_windows(
    request: Request,
    case_id: Annotated[Id, Path()],
    act: Annotated[dict[str, Any], Depends(asked_act)],
    ids: Annotated[dict[str, Any], Depends(asked_ids)],
    days: Annotated[int, Query(ge=1, le=DAYS_MAX)] = DAYS,
) -> JSONResponse:
    """Say by which acts the case's people could be reached, when, and what shuts the rest.

    What is not named is gone through: every person, contact point and channel. Nothing is
    decided, reserved or promised. It is taken for granted that the caller says who is calling
    and, where a machine calls, that it is one and that a human can be reached.
    """
    caller = Caller(request)
    caller.case_id = case_id
    gate = caller.reception.gate
    with as_problem():
        found = ways(gate, Asked(case_id, caller.key.party, **act, **ids), days)
    caller.reception.write(
        caller.key.key_id, "api.asked", {"route": route_of(request), "case": case_id}
    )
    return JSONResponse(ways_shown(found, gate.book))
