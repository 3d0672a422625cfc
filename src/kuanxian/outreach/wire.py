"""Wire: ask a provider over HTTP, again where that is safe, and never twice for one order."""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

import httpx

ANSWER_BYTES_MAX: Final = 65_536
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
                answer = client.post(url, content=content, headers=dict(headers))
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
    if len(answer.content) > ANSWER_BYTES_MAX:
        return None
    try:
        return answer.json()
    except ValueError:
        return None


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
