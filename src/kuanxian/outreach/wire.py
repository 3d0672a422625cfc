"""Wire: ask a provider over HTTP, again where that is safe, and never twice for one order.

What it says is not trusted: an answer is read up to a size, and what goes on into a receipt, and
with it into the journal for good, is an id or a code that holds nobody's number.
"""

import json
import re
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any, Final, NamedTuple

import httpx

from kuanxian.base.personal import holds_phone_or_identity
from kuanxian.vault.scrub import looks_personal

ANSWER_BYTES_MAX: Final = 65_536
ANSWER_PIECES_MAX: Final = 64
"""Each may take as long as the timeout."""
ID_MAX: Final = 1_000
_CODE: Final = re.compile(r"[!-~]{1,64}")
TIMEOUTS_A_TRY: Final = 4
"""One try waits at most so often for its timeout: to connect, write, read, be given a place."""

Pause = Callable[[int], None]
"""Waits so many seconds; `time.sleep` outside tests."""


class Answer(NamedTuple):
    """What came back, or why nothing did."""

    status: int
    """HTTP status; 0: no answer."""
    body: Any
    """The JSON value, or None."""
    attempts: int
    reached: bool
    """The provider may have taken the request; false: it surely did not."""


class Asking(NamedTuple):
    """How to ask."""

    timeout_seconds: int
    pauses_seconds: tuple[int, ...]
    idempotent: bool
    """The provider takes one order once, however often it hears of it."""
    pause: Pause


def ask(
    url: str, content: bytes, headers: Mapping[str, str], asking: Asking, left_seconds: int
) -> Answer:
    """Post a request; try again where the provider surely did not take it.

    A refused connection or 503 is tried again; so is a timeout or another 5xx, but only where
    the provider is idempotent. Redirects are not followed: a number goes to nobody but the
    provider.

    Args:
        url: Where.
        content: The body.
        headers: Its headers.
        asking: How to ask.
        left_seconds: Until what is asked for may no more be done. There is no clock here, so
            every try counts as long as it can last; none begins once that much has passed.

    Returns:
        The last answer.
    """
    attempts = used_seconds = 0
    reached = False
    status, body = 0, None
    with httpx.Client(timeout=asking.timeout_seconds, trust_env=False) as client:
        for pause_seconds in (*asking.pauses_seconds, None):
            attempts += 1
            try:
                with client.stream("POST", url, content=content, headers=dict(headers)) as answer:
                    status, body = answer.status_code, _json_of(answer)
                reached = reached or status != httpx.codes.SERVICE_UNAVAILABLE
            except (httpx.ConnectError, httpx.ConnectTimeout):
                status, body = 0, None
            except httpx.HTTPError:
                status, body, reached = 0, None, True
            settled = 0 < status < 500
            if settled or pause_seconds is None or (reached and not asking.idempotent):
                break
            used_seconds += TIMEOUTS_A_TRY * asking.timeout_seconds + pause_seconds
            if used_seconds >= left_seconds:
                break
            asking.pause(pause_seconds)
    return Answer(status, body, attempts, reached)


def _json_of(answer: httpx.Response) -> Any:
    """Read an answer's JSON value; None where it is none, or too long or slow to be one."""
    read = b""
    for number, piece in enumerate(answer.iter_bytes(), 1):
        read += piece
        if len(read) > ANSWER_BYTES_MAX or number > ANSWER_PIECES_MAX:
            return None
    try:
        return json.loads(read)
    except (ValueError, RecursionError):
        return None


def id_of(told: Any) -> str:
    r"""Give what a provider calls an order; empty where that is no id.

    Of one that holds a person's number its hash stands for it, wherever it is said.

    Example:
        >>> id_of(7), id_of("half \ud800"), id_of(["m-1"])
        ('7', '', '')
        >>> id_of("m-17405000001")[:12]
        'sha256-0c49e'
    """
    name = said(told)
    if len(name) > ID_MAX or not name.isprintable():
        return ""
    return f"sha256-{sha256(name.encode()).hexdigest()}" if holds_phone_or_identity(name) else name


def code_of(told: Any) -> str:
    """Give a provider's code of failure; empty where it is words, or somebody's number.

    Example:
        >>> code_of("isv.LIMIT"), code_of("17405000001 is no number"), code_of("17405000001")
        ('isv.LIMIT', '', '')
    """
    code = said(told)
    return code if _CODE.fullmatch(code) and not looks_personal(code) else ""


def said(told: Any) -> str:
    """Write a JSON value as text; empty where it is none, or holds others."""
    return "" if told is None or isinstance(told, (dict, list)) else str(told)


def found_at(body: Any, path: str) -> Any:
    """Find a value by a dotted path; None where there is none.

    Example:
        >>> found_at({"data": [{"id": "m-1"}]}, "data.0.id")
        'm-1'
    """
    for step in path.split("."):
        if isinstance(body, Mapping):
            body = body.get(step)
        elif isinstance(body, list) and step.isdecimal() and int(step) < len(body):
            body = body[int(step)]
        else:
            return None
    return body
