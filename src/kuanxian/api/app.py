"""App: the routes, the porch around them, and one way to answer an error."""

from typing import Any, Final

from anyio.to_thread import run_sync
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from kuanxian import __version__
from kuanxian.api import cases, contacts, reports
from kuanxian.api.desk import route_of
from kuanxian.api.forms import refusal_of
from kuanxian.api.porch import Porch, answer_of
from kuanxian.api.problem import Problem
from kuanxian.api.reception import Reception
from kuanxian.api.shown import ProblemShown

_BY_STATUS: Final = {404: "route-unknown", 405: "method-refused"}
ABOUT: Final = """The contact gate for a lender's own dialler or CRM.

Nobody is called, texted or visited without a grant from here. A refusal by the rules is an
answer (200, `allowed: false`) with its reasons; an error is `application/problem+json` with a
documented code. Instants are RFC 3339, ids are pseudonymous, money is whole fen."""


def make_app(reception: Reception | None) -> FastAPI:
    """Make the application.

    Args:
        reception: The gate, keys and limits; None gives one that only describes itself.
    """
    app = FastAPI(
        title="Kuanxian contact gate", version=__version__, description=ABOUT,
        docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False,
    )  # fmt: skip
    app.include_router(contacts.router)
    app.include_router(cases.router)
    app.include_router(reports.router)
    app.add_exception_handler(Problem, _answer_problem)
    app.add_exception_handler(RequestValidationError, _answer_form)
    app.add_exception_handler(HTTPException, _answer_http)
    told = describe(app)

    @app.get("/openapi.json", include_in_schema=False)
    def openapi() -> JSONResponse:
        return JSONResponse(told)

    if reception is not None:
        app.state.reception = reception
        app.add_middleware(Porch, reception=reception)
    return app


def describe(app: FastAPI) -> dict[str, Any]:
    """Write the OpenAPI document."""
    told = dict(app.openapi())
    schemas = told["components"]["schemas"]
    schemas["ProblemShown"] = ProblemShown.model_json_schema()
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for path in told["paths"].values():
        for route in path.values():
            # What FastAPI would say of its own errors; ours are problems.
            route["responses"]["422"]["content"].pop("application/json", None)
    return told


async def _refuse(request: Request, problem: Problem) -> JSONResponse:
    reception = getattr(request.app.state, "reception", None)
    if reception is not None and hasattr(request.state, "key_id"):
        case_id = str(getattr(request.state, "case_id", ""))
        await run_sync(
            reception.write_refusal, request.state.key_id, route_of(request), problem, case_id
        )
    return answer_of(problem)


async def _answer_problem(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Problem)
    return await _refuse(request, error)


async def _answer_form(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    return await _refuse(request, refusal_of(error.errors()))


async def _answer_http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    return await _refuse(request, Problem(_BY_STATUS.get(error.status_code, "json-refused")))
