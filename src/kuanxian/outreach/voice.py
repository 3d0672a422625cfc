"""Voice: a signed webhook to a lender's dialler, and its outcome back.

The dialler is told one number for one call, until when it may dial, and nothing of the
debt. It answers what became of the call, signed with the same key.
"""

import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final, NamedTuple

from kuanxian.base.errors import ChannelError
from kuanxian.outreach.config import Table, safe_url
from kuanxian.outreach.order import Opener, Order
from kuanxian.outreach.receipt import Receipt, State
from kuanxian.outreach.sign import HEADER, check_key, sign, verify
from kuanxian.outreach.wire import Asking, Pause, ask, found_at, id_of
from kuanxian.vault.secret import SecretBytes

OUTCOME_BYTES_MAX: Final = 16_384
NO_INSTANT: Final = -1
"""Before every grant, so that no outcome is of it."""


class Outcome(StrEnum):
    """What became of a call."""

    CONFIRMED = "connected_confirmed"
    """Connected, and the person's identity confirmed."""
    OTHER = "connected_other"
    """Connected, somebody else answered."""
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    DEAD = "dead_number"
    REFUSED = "refused"
    """The call was rejected."""
    STOP = "asked_to_stop"
    LATER = "asked_other_time"
    CHANNEL = "asked_other_channel"
    DISTRESS = "distress"
    DISPUTES = "disputes"
    DECEASED = "says_deceased"


class CallOutcome(NamedTuple):
    """What a dialler reports."""

    order_id: str
    outcome: Outcome
    happened_at: int
    """Microseconds UTC; ``NO_INSTANT`` where it told none."""


class VoiceChannel:
    """Hands calls to a dialler."""

    name = "voice"

    def __init__(self, told: Mapping[str, Any], key: SecretBytes, pause: Pause):
        """Read the channel's table.

        Args:
            told: The table ``[voice]`` of a channel file.
            key: Signs what goes out, and checks what comes back.
            pause: Waits between tries.

        Raises:
            ChannelError: The table cannot be used, or the key is shorter than 32 bytes.
        """
        table = Table("voice", told)
        self._url = safe_url("voice.url", table.text("url"))
        # A dialler of this interface must take an order once, so a request is safe to repeat.
        self._asking = Asking(
            timeout_seconds=table.count("timeout_seconds", 5),
            pauses_seconds=table.pauses("pauses_seconds"),
            idempotent=True,
            pause=pause,
        )
        table.done()
        self._key = check_key(key, "voice")

    def send(self, order: Order, opener: Opener, at: int) -> Receipt:
        """Hand a call over. See `kuanxian.outreach.order.Channel`."""
        if at >= order.expires_at:
            return Receipt(order.order_id, self.name, State.EXPIRED, at, failure="EXPIRED")
        told = {
            "order_id": order.order_id,
            "number": opener(order.to).reveal(),
            "script": order.text,
            "dial_before_us": order.expires_at,
        }
        body = json.dumps(told, ensure_ascii=False, sort_keys=True).encode()
        headers = {
            "content-type": "application/json",
            "idempotency-key": order.order_id,
            HEADER: sign(body, self._key, at // 1_000_000),
        }
        answer = ask(self._url, body, headers, self._asking, order.left_seconds(at))
        call = id_of(found_at(answer.body, "call_id"))
        if 200 <= answer.status < 300 and call:
            return Receipt(
                order.order_id, self.name, State.ACCEPTED, at, call, accepted_at=at,
                attempts=answer.attempts,
            )  # fmt: skip
        refused = not answer.reached or 300 <= answer.status < 500
        return Receipt(
            order.order_id,
            self.name,
            State.FAILED if refused else State.UNCERTAIN,
            at,
            failure=f"HTTP {answer.status}" if answer.status else "NO ANSWER",
            attempts=answer.attempts,
        )

    def read_outcome(self, body: bytes, header: str, at: int) -> CallOutcome:
        """Read what a dialler reports.

        Whether its instant can be one is for the gate to say, which takes in what was said in
        the call all the same.

        Args:
            body: As received.
            header: The signature header.
            at: Now, microseconds UTC.

        Raises:
            ChannelError: The signature does not hold, or something is missing or unknown.
        """
        if len(body) > OUTCOME_BYTES_MAX:
            raise ChannelError("the outcome", "longer than it can be", "send one outcome")
        verify(body, self._key, header, at // 1_000_000)
        try:
            told = json.loads(body)
            order_id, at_us = told["order_id"], told.get("happened_at_us")
            happened_at = at_us if type(at_us) is int else NO_INSTANT
            outcome = CallOutcome(order_id, Outcome(told["outcome"]), happened_at)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ChannelError(
                "the outcome", "something is missing or unknown", "see docs/reference/channels.md"
            ) from error
        # What is not printable is no id, and half a character could not even be looked for.
        if not isinstance(order_id, str) or not order_id or not order_id.isprintable():
            raise ChannelError("the outcome", "its order is none", "the id that it was told with")
        return outcome
