"""Porch: what every request passes before anything of it is read: key, limit, size, shape.

A request that is too large is answered at its first 64 KiB, or at the length it announces,
and the connection is closed; the rest is never read.
"""

from typing import Any, Final

import anyio
from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kuanxian.api.body import BODY_BYTES_MAX, check_body
from kuanxian.api.desk import as_problem
from kuanxian.api.keyring import Key
from kuanxian.api.problem import MEDIA_TYPE, Problem
from kuanxian.api.reception import NOBODY, NOBODY_PER_MINUTE, Reception

BODY_SECONDS: Final = 10
GUARDED: Final = "/v1/"


def answer_of(problem: Problem, headers: dict[str, str] | None = None) -> JSONResponse:
    """Write a problem as an answer."""
    more = dict(headers or {})
    if problem.status == 401:
        more["www-authenticate"] = "Bearer"
    if problem.retry_after_seconds:
        more["retry-after"] = str(problem.retry_after_seconds)
    return JSONResponse(
        problem.as_json(), problem.status, headers={"cache-control": "no-store", **more},
        media_type=MEDIA_TYPE,
    )  # fmt: skip


class Porch:
    """ASGI middleware around the application."""

    def __init__(self, app: ASGIApp, reception: Reception) -> None:
        self.app = app
        self.reception = reception

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http" or not scope["path"].startswith(GUARDED):
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        scope.setdefault("state", {})["key_id"] = ""
        try:
            scope["state"]["key"] = await self._key_of(request)
            if request.method == "POST":
                receive = await _read(request, receive)
        except Problem as problem:
            await self._refuse(request, problem)(scope, receive, send)
            return
        except _Full as full:
            await self._turn_away(request, full)(scope, receive, send)
            return
        await self._pass_on(request, receive, send)

    async def _pass_on(self, request: Request, receive: Receive, send: Send) -> None:
        """Let the application answer; a defect of ours is a problem too, and shows no trace."""
        begun = False

        async def watch(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(request.scope, receive, watch)
        except Exception as error:  # noqa: BLE001 - its text may quote what was sent
            problem = Problem("defect", why=type(error).__name__)
            await self._write(request, problem)
            if not begun:
                await answer_of(problem)(request.scope, receive, send)

    async def _key_of(self, request: Request) -> Key:
        """Find whose request it is, and count it.

        Raises:
            Problem: ``key-missing``, ``key-refused``, or the database is away.
            _Full: It was one too many.
        """
        sent = request.headers.get("authorization", "")
        kind, _, value = sent.partition(" ")
        keyring = self.reception.keyring
        if keyring.is_stale():
            with as_problem():
                await run_sync(keyring.refresh)
        key, key_id = keyring.find(value.strip())
        request.scope["state"]["key_id"] = key_id
        name, per_minute = (key.key_id, key.per_minute) if key else (NOBODY, NOBODY_PER_MINUTE)
        taken = self.reception.limiter.take(name, per_minute, self.reception.clock())
        if not taken.allowed:
            raise _Full(taken.retry_after_seconds, taken.first)
        if kind.lower() != "bearer" or not value:
            raise Problem("key-missing", "send it as Authorization: Bearer kx_…")
        if key is None:
            raise Problem("key-refused")
        return key

    async def _write(self, request: Request, problem: Problem) -> None:
        key_id = request.scope["state"]["key_id"]
        await run_sync(self.reception.write_refusal, key_id, request.method, problem)

    def _refuse(self, request: Request, problem: Problem) -> ASGIApp:
        async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
            await self._write(request, problem)
            # The rest of the body is not read, so the connection cannot be used again.
            await answer_of(problem, {"connection": "close"})(scope, receive, send)

        return refuse

    def _turn_away(self, request: Request, full: "_Full") -> ASGIApp:
        """Answer one too many; the first of a span is written down, the rest cost nothing."""

        async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
            problem = Problem("too-many", "wait, then send it again")
            if full.first:
                await self._write(request, problem)
            headers = {"retry-after": str(full.seconds), "connection": "close"}
            await answer_of(problem, headers)(scope, receive, send)

        return refuse


class _Full(Exception):  # noqa: N818 - it is a count, not a fault
    def __init__(self, seconds: int, first: bool) -> None:
        self.seconds = seconds
        self.first = first
        super().__init__()


async def _read(request: Request, receive: Receive) -> Receive:
    """Read and check the body; give a channel that holds it.

    Raises:
        Problem: It is too large, too slow, or not what it must be.
    """
    announced = request.headers.get("content-length", "0")
    if not announced.isdecimal() or int(announced[:20]) > BODY_BYTES_MAX:
        raise Problem("body-too-large")
    data = bytearray()
    with anyio.move_on_after(BODY_SECONDS) as clock:
        more = True
        while more:
            message = await receive()
            if message["type"] != "http.request":
                raise Problem("body-slow", why="the caller hung up")
            data += message.get("body", b"")
            more = message.get("more_body", False)
            if len(data) > BODY_BYTES_MAX:
                raise Problem("body-too-large")
    if clock.cancelled_caught:
        raise Problem("body-slow")
    check_body(bytes(data), request.headers.get("content-type", ""))
    return _held(bytes(data), receive)


def _held(data: bytes, after: Receive) -> Receive:
    told: list[Any] = [{"type": "http.request", "body": data, "more_body": False}]

    async def receive() -> Message:
        return told.pop() if told else await after()

    return receive
