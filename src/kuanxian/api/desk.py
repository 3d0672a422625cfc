"""Desk: who asks, what they may, and how an error of the gate becomes an answer."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import Depends, Request, Security
from fastapi.security import HTTPBearer

from kuanxian.api.forms import KEY
from kuanxian.api.keyring import Key
from kuanxian.api.problem import Problem, problem_of
from kuanxian.api.reception import Reception
from kuanxian.base.errors import KuanxianError

# It documents the header; the porch has looked at it before.
_BEARER = HTTPBearer(
    scheme_name="ApiKey", description="An API key, `kx_…`, as a bearer token.", auto_error=False
)


class Caller:
    """Whose request it is."""

    def __init__(self, request: Request) -> None:
        """Read it off a request that passed the porch."""
        self.reception: Reception = request.app.state.reception
        self.key: Key = request.state.key
        self._request = request

    @property
    def case_id(self) -> str:
        """Which case it is about; for the journal."""
        return str(getattr(self._request.state, "case_id", ""))

    @case_id.setter
    def case_id(self, case_id: str) -> None:
        self._request.state.case_id = case_id

    def acts_as(self, party: str) -> None:
        """Refuse to act as another party than the key's.

        Raises:
            Problem: ``party-foreign``.
        """
        if party != self.key.party:
            raise Problem("party-foreign", field="by")

    def named(self, idempotency_key: str | None) -> str:
        """Pass an idempotency key.

        Raises:
            Problem: It is missing or malformed, or there are two: nobody knows which a retry has.
        """
        if len(self._request.headers.getlist("idempotency-key")) > 1:
            raise Problem("form-refused", "it was sent twice", "Idempotency-Key")
        if not idempotency_key or not re.fullmatch(KEY, idempotency_key):
            raise Problem("idempotency-missing", "1 to 64 letters, digits and _.-")
        return idempotency_key

    def count(self, more: int) -> None:
        """Count the further proposals of a batch against the key's limit, before any is decided.

        Raises:
            Problem: ``too-many``; nothing of the batch is done, and nothing more was counted.
        """
        if more == 0:
            return
        key, at = self.key, self.reception.clock()
        taken = self.reception.limiter.take(key.key_id, key.per_minute, at, more)
        if not taken.allowed:
            raise Problem(
                "too-many",
                "send fewer at once, or later",
                retry_after_seconds=max(1, taken.retry_after_seconds),
            )

    def write(self, problem: Problem) -> None:
        """Write a refusal down."""
        self.reception.write_refusal(self.key.key_id, route_of(self._request), problem,
                                     self.case_id)  # fmt: skip


def route_of(request: Request) -> str:
    """Name a route by its pattern, never by what stood in its place."""
    route = request.scope.get("route")
    return f"{request.method} {getattr(route, 'path', '')}".strip()


def needs(scope: str, *asked: str) -> Any:
    """Ask for a scope of the key, and for no word in the address's query but those asked."""

    # Async, though it waits for nothing: any other function is handed to another thread.
    async def check(request: Request, _: Annotated[Any, Security(_BEARER)]) -> None:
        if scope not in request.state.key.scopes:
            raise Problem("scope-missing", f"it needs {scope}")
        words = [name for name, _ in request.query_params.multi_items()]
        if not set(words) <= set(asked):
            raise Problem("form-refused", "a word of the query is unknown")
        if len(set(words)) < len(words):
            raise Problem("form-refused", "a word of the query stands twice")

    return Depends(check)


@contextmanager
def as_problem() -> Iterator[None]:
    """Turn what the gate raises into a problem."""
    try:
        yield
    except KuanxianError as error:
        raise problem_of(error) from None
    except (sa.exc.OperationalError, sa.exc.TimeoutError):
        raise Problem("store-away", "try again") from None
