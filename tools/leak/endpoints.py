"""Endpoints: every route of the server is sent a person's values wherever something can be sent.

The routes are those that the server itself describes, so a new one is driven from its first day.
"""

import json
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

from tools.leak.canaries import Canary

from kuanxian.api.app import describe, make_app

START_SECONDS: Final = 300
LIKELY: Final[dict[str, Any]] = {
    "case_id": "case-1", "act": "message", "channel": "sms", "purpose": "notice", "by": "l-1",
    "officer": "officer-1", "point": "pt-1", "debt": "d-1", "key": "k-1", "grant_id": "g-1",
    "outcome": "sent", "happened_at": "2024-03-01T04:00:00Z", "states": {}, "staff_count": None,
    "delivered_at": None, "place": None, "collector": None,
}  # fmt: skip
"""What stands where a form has a known word: the rest of it holds a value, and gets further in."""


def routes() -> dict[str, dict[str, Any]]:
    """Give every path with its methods, as the server describes them."""
    paths: dict[str, dict[str, Any]] = describe(make_app(None))["paths"]
    return paths


def requests_with(one: Canary, key: str) -> Iterator[tuple[str, str, dict[str, str], bytes]]:
    """Make requests that hold a person's values: method, path, headers, body."""
    described = describe(make_app(None))
    for value in one.values().values():
        for path, methods in described["paths"].items():
            for method, told in methods.items():
                places = told.get("parameters", [])
                where = _filled(path.replace("{case_id}", "case-1"), places, value)
                yield method.upper(), where, {"authorization": f"Bearer {key}"}, b""
                where = _filled(path.replace("{channel}", "sms"), places, value)
                for body in _bodies(described, told, one, value):
                    for token in (key, value):
                        sent = {"authorization": f"Bearer {quote(token)}",
                                "idempotency-key": quote(value),
                                "content-type": "application/json"}  # fmt: skip
                        yield method.upper(), where, sent, body


def _filled(path: str, parameters: list[dict[str, Any]], value: str) -> str:
    """Put a value into every part of an address."""
    asked = []
    for one in parameters:
        if one["in"] == "path":
            path = path.replace(f"{{{one['name']}}}", quote(value, safe=""))
        elif one["in"] == "query":
            asked.append(f"{one['name']}={quote(value, safe='')}")
    return path + ("?" + "&".join(asked) if asked else "")


def _bodies(
    described: dict[str, Any], told: dict[str, Any], one: Canary, value: str
) -> Iterator[bytes]:
    """Make bodies: of the form asked for, of no form, no JSON at all, an address book."""
    if "requestBody" not in told:
        yield b""
        return
    form = told["requestBody"]["content"]["application/json"]["schema"]
    filled = _form(described, form, value)
    yield json.dumps(filled).encode()
    yield json.dumps(_likely(filled, one.person)).encode()
    yield json.dumps({value: value, "name": one.name, "phone": one.phone}).encode()
    yield json.dumps({"msgid": value, "mobile": value, "status": "DELIVRD", "time": 1}).encode()
    yield f"{{{value}".encode()
    yield json.dumps([{"name": one.name, "phone": one.phone}] * 5, ensure_ascii=False).encode()


def _form(described: dict[str, Any], form: dict[str, Any], value: str) -> Any:
    """Fill a form: a value wherever a text may stand."""
    if "$ref" in form:
        name = form["$ref"].rsplit("/", 1)[-1]
        return _form(described, described["components"]["schemas"][name], value)
    if "anyOf" in form:
        return _form(described, form["anyOf"][0], value)
    if "properties" in form:
        return {name: _form(described, one, value) for name, one in form["properties"].items()}
    if form.get("type") == "array":
        return [_form(described, form.get("items", {}), value)]
    if form.get("type") in ("integer", "number"):
        return 1
    return {value: value} if form.get("type") == "object" else value


def _likely(filled: Any, person: str) -> Any:
    """Put known words where they belong, and leave the value in what is free."""
    if isinstance(filled, list):
        return [_likely(one, person) for one in filled]
    if not isinstance(filled, dict):
        return filled
    words = {**LIKELY, "to": person}
    return {name: words[name] if name in words else _likely(one, person)
            for name, one in filled.items()}  # fmt: skip


def ask(url: str, method: str, headers: dict[str, str], body: bytes) -> bytes:
    """Send a request; give what came back, whatever its status."""
    asked = Request(url, data=body or None, method=method, headers=headers)  # noqa: S310 - loopback
    try:
        with urlopen(asked, timeout=30) as answer:  # noqa: S310 - as above
            return _whole(answer)
    except HTTPError as error:
        return _whole(error)


def _whole(answer: Any) -> bytes:
    head = f"{answer.status} {answer.headers}".encode()
    return head + bytes(answer.read()) + b"\n"


@contextmanager
def served(command: list[str], environment: dict[str, str]) -> Iterator[tuple[str, list[bytes]]]:
    """Run the server of a command on a free port; give its address, and what it said at the end."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    started = subprocess.Popen(
        [*command, "--port", str(port)], env=environment,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    said: list[bytes] = []
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(url, started)
        yield url, said
    finally:
        started.terminate()
        said.append(started.communicate()[0])


def _wait(url: str, started: subprocess.Popen[bytes]) -> None:
    for _ in range(START_SECONDS * 2):
        try:
            ask(url + "/openapi.json", "GET", {}, b"")
        except URLError:
            try:
                started.wait(0.5)
            except subprocess.TimeoutExpired:
                continue
            raise RuntimeError("the server ended before it began") from None
        return
    raise RuntimeError("the server did not begin")
