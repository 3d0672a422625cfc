"""Cases: when and how a person may be reached in the next days."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import JSONResponse

from kuanxian.action.contact import Gate, Proposal
from kuanxian.action.contact.ledger import SLOTS
from kuanxian.action.contact.windows import DAYS_MAX, windows
from kuanxian.api.desk import Caller, as_problem, needs, route_of
from kuanxian.api.forms import Channel, Id, Purpose
from kuanxian.api.shown import WindowsShown, problems, windows_shown

router = APIRouter(tags=["cases"])
DAYS: Final = 7
_STAND_INS: Final = {"tail": "0000", "amount": 0, "day": 0, "count": 0}
"""A template's own slots, where only the hour is asked for: no rule reads them."""
OptionalId = Annotated[Id | None, Query()]


def asked_act(
    to: Annotated[Id, Query(description="Whom: a person of the case.")],
    act: Annotated[str, Query(pattern="^(contact|message|visit)$")] = "contact",
    channel: Annotated[Channel, Query()] = "voice_human",
    purpose: Annotated[Purpose, Query()] = "collect",
    template: Annotated[str, Query(pattern="^[a-z0-9_]{0,64}$")] = "",
) -> dict[str, Any]:
    """Read which act is asked about."""
    told = {"to": to, "act": act, "channel": channel, "purpose": purpose, "template": template}
    return dict(told)


def asked_ids(
    point: OptionalId = None, debt: OptionalId = None, collector: OptionalId = None
) -> dict[str, Any]:
    """Read by which point, about which debt, by which collector."""
    return {"point": point, "debt": debt, "collector": collector}


@router.get(
    "/v1/cases/{case_id}/windows",
    summary="When and how a person may be reached in the next days",
    dependencies=[needs("windows:read")],
    response_model=None,
    responses={200: {"model": WindowsShown}, **problems("case-unknown", "proposal-refused")},
)
def case_windows(
    request: Request,
    case_id: Annotated[Id, Path()],
    act: Annotated[dict[str, Any], Depends(asked_act)],
    ids: Annotated[dict[str, Any], Depends(asked_ids)],
    days: Annotated[int, Query(ge=1, le=DAYS_MAX)] = DAYS,
) -> JSONResponse:
    """Say in which spans an act would be allowed; nothing is decided, reserved or promised.

    It is taken for granted that the caller says who is calling and, where a machine calls,
    that it is one and that a human can be reached.
    """
    caller = Caller(request)
    caller.case_id = case_id
    gate = caller.reception.gate
    with as_problem():
        asked = Proposal(key="-", case_id=case_id, by=caller.key.party, officer="-", **act, **ids)
        found = windows(gate, fill_in(gate, asked), days)
    caller.reception.write(
        caller.key.key_id, "api.asked", {"route": route_of(request), "case": case_id}
    )
    return JSONResponse(windows_shown(found))


def fill_in(gate: Gate, asked: Proposal) -> Proposal:
    """Put in what a lawful proposer would state, and stand-ins for a template's own slots.

    Raises:
        CaseError: There is no such case.
    """
    template = gate.lexicon.templates.get(asked.template)
    if template is not None:
        values = {
            slot: _STAND_INS[kind]
            for slot, kind in template.slots.items()
            if kind in _STAND_INS and slot not in SLOTS
        }
        return asked._replace(values=values)
    if asked.act == "message":
        return asked
    party = gate.read(asked.case_id, None).case.parties.get(asked.by)
    states: dict[str, Any] = {
        "identity_stated": True,
        "claimed_identity": "lender" if party is None or party.kind == "lender" else "agency",
    }
    if asked.collector is None:
        states |= {"ai_disclosed": True, "human_reachable": True}
    return asked._replace(states=states)
