"""SMS: an aggregator's HTTP interface, described by a table instead of code.

What to ask, what an answer means and what a status report means are paths and values in
the channel file; ``docs/reference/channels.md`` has each with an example.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from kuanxian.base.errors import ChannelError
from kuanxian.outreach.config import Table, safe_url
from kuanxian.outreach.order import Opener, Order, words_of
from kuanxian.outreach.receipt import Receipt, Report, State
from kuanxian.outreach.sign import check_key, verify
from kuanxian.outreach.wire import Asking, Pause, ask, code_of, found_at, id_of, said
from kuanxian.vault.secret import SecretBytes

_SLOTS: Final = ("{number}", "{text}", "{order_id}")
_UNTIL: Final = "{valid_until}"
_SLOT: Final = re.compile(r"\{(?:number|text|order_id|valid_until)\}")
_INSTANTS: Final = ("unix_seconds", "unix_milliseconds", "iso8601", "yyyymmddhhmmss")
_AT_MAX: Final = 2**53 - 1


class SmsChannel:
    """Sends text messages through an aggregator."""

    name = "sms"

    def __init__(self, told: Mapping[str, Any], environment: Mapping[str, str], pause: Pause):
        """Read the channel's table.

        Args:
            told: The table ``[sms]`` of a channel file.
            environment: Where headers written ``env:NAME`` are looked up.
            pause: Waits between tries.

        Raises:
            ChannelError: The table cannot be used.
        """
        table = Table("sms", told)
        self._url = safe_url("sms.url", table.text("url"))
        self._asking = Asking(
            timeout_seconds=table.count("timeout_seconds", 5),
            pauses_seconds=table.pauses("pauses_seconds"),
            idempotent=bool(table.take("idempotent", bool, False)),
            pause=pause,
        )
        self._headers = _from_env("sms.headers", table.table("headers").rest(), environment)
        self._request = table.table("request").rest()
        self._until_form = table.text("valid_until_form", "iso8601")
        self.says_until = _UNTIL in json.dumps(self._request)
        """Whether the aggregator is told until when it may deliver."""
        self._response = table.table("response")
        self._id_path = self._response.text("provider_id")
        self._code_path = self._response.text("code")
        self._accepted = set(map(str, self._response.take("accepted", list)))
        self._response.done()
        report = table.table("report")
        self._report = {key: report.text(key) for key in ("provider_id", "state", "at", "form")}
        self._report["order_id"] = report.text("order_id", "")
        self._zone = ZoneInfo(report.text("zone", "Asia/Shanghai"))
        self._report_key = _key(report.text("signed_by", ""), environment)
        self._states = {State.DELIVERED: set(map(str, report.take("delivered", list)))}
        self._states[State.FAILED] = set(map(str, report.take("failed", list)))
        report.done()
        table.done()
        self._check()

    def _check(self) -> None:
        slots = json.dumps(self._request)
        missing = [slot for slot in _SLOTS if slot not in slots]
        if missing:
            raise ChannelError("sms.request", f"{missing[0]} is nowhere in it", "add it")
        for where, form in (("sms.report", self._report["form"]), ("sms", self._until_form)):
            if form not in _INSTANTS:
                raise ChannelError(where, "form is unknown", f"one of {', '.join(_INSTANTS)}")

    def send(self, order: Order, opener: Opener, at: int) -> Receipt:
        """Send a text message. See `kuanxian.outreach.order.Channel`."""
        if at >= order.expires_at:
            return Receipt(order.order_id, self.name, State.EXPIRED, at, failure="EXPIRED")
        number = opener(order.to)
        filled = _fill(
            self._request,
            {
                "{number}": number.reveal(),
                "{text}": words_of(order, opener).reveal(),
                "{order_id}": order.order_id,
                _UNTIL: _written(order.expires_at, self._until_form, self._zone),
            },
        )
        content = json.dumps(filled, ensure_ascii=False).encode()
        headers = {"content-type": "application/json; charset=utf-8", **self._headers}
        answer = ask(self._url, content, headers, self._asking, order.left_seconds(at))
        code = said(found_at(answer.body, self._code_path))
        provider_id = id_of(found_at(answer.body, self._id_path))
        if code in self._accepted and provider_id and answer.status < 300:
            return Receipt(
                order.order_id, self.name, State.ACCEPTED, at, provider_id, accepted_at=at,
                attempts=answer.attempts,
            )  # fmt: skip
        refused = bool(code) or not answer.reached or 300 <= answer.status < 500
        state = State.FAILED if refused and code not in self._accepted else State.UNCERTAIN
        failure = code_of(code) or (f"HTTP {answer.status}" if answer.status else "NO ANSWER")
        return Receipt(
            order.order_id, self.name, state, at, failure=failure, attempts=answer.attempts
        )

    def read_posted(self, content: bytes, header: str, at: int) -> Report:
        """Read a status report as it was posted, where it is signed as the table says.

        Args:
            content: As received.
            header: The signature header; empty where there was none.
            at: Now, microseconds UTC.

        Raises:
            ChannelError: The signature does not hold, or as `read_report`.
        """
        if self._report_key is not None:
            verify(content, self._report_key, header, at // 1_000_000)
        return self.read_content(content)

    def read_content(self, content: bytes) -> Report:
        """Read a status report as it came, whoever brings it.

        Raises:
            ChannelError: It is no JSON, or as `read_report`.
        """
        try:
            body = json.loads(content)
        except (ValueError, RecursionError):
            raise ChannelError("the status report", "not readable as JSON", "as it came") from None
        return self.read_report(body)

    def read_report(self, body: Any) -> Report:
        """Read a status report.

        Args:
            body: The JSON value the aggregator posted.

        Raises:
            ChannelError: It has no id, no known state, or no instant. It is not quoted: it
                may hold the number.
        """
        provider_id = id_of(found_at(body, self._report["provider_id"]))
        told = said(found_at(body, self._report["state"]))
        state = next((state for state, words in self._states.items() if told in words), None)
        if not provider_id or state is None:
            raise ChannelError("the status report", "no id or no known state", "see [sms.report]")
        at = self._instant(found_at(body, self._report["at"]))
        order_id = id_of(found_at(body, self._report["order_id"]))
        return Report(provider_id, state, at, "" if state is State.DELIVERED else told, order_id)

    def _instant(self, told: Any) -> int:
        """Read an instant; one that no clock shows is none."""
        try:
            at = self._read_instant(told)
        except (TypeError, ValueError, OverflowError):
            at = -1
        if not 0 <= at <= _AT_MAX:
            raise ChannelError("the status report", "no instant in it", self._report["form"])
        return at

    def _read_instant(self, told: Any) -> int:
        form = self._report["form"]
        if form == "unix_seconds":
            return int(told) * 1_000_000
        if form == "unix_milliseconds":
            return int(told) * 1_000
        if form == "iso8601":
            read = datetime.fromisoformat(told)
        else:
            read = datetime.strptime(str(told), "%Y%m%d%H%M%S").replace(tzinfo=self._zone)
        if read.tzinfo is None:
            read = read.replace(tzinfo=self._zone)
        since = read - datetime(1970, 1, 1, tzinfo=UTC)
        return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def _written(at: int, form: str, zone: ZoneInfo) -> str:
    """Write an instant, to the second before it, in a form the aggregator reads."""
    if form.startswith("unix"):
        return str(at // (1_000_000 if form == "unix_seconds" else 1_000))
    moment = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=at // 1_000_000)).astimezone(
        zone
    )
    return moment.isoformat() if form == "iso8601" else f"{moment:%Y%m%d%H%M%S}"


def _from_env(
    where: str, told: Mapping[str, Any], environment: Mapping[str, str]
) -> dict[str, str]:
    """Look up values; a secret is written ``env:NAME``, never in the file."""
    found = {}
    for name, value in told.items():
        if not isinstance(value, str):
            raise ChannelError(where, f"{name} is no text", "quote it")
        variable = value.removeprefix("env:")
        if variable != value and variable not in environment:
            raise ChannelError(where, f"{variable} is not set", "set it")
        found[name] = environment[variable] if variable != value else value
    return found


def _key(written: str, environment: Mapping[str, str]) -> SecretBytes | None:
    """Look up the key under which reports are signed; None: they are not."""
    if not written:
        return None
    if not written.startswith("env:"):
        raise ChannelError("sms.report", "signed_by is no env:NAME", "a key is in no file")
    key = _from_env("sms.report", {"signed_by": written}, environment)["signed_by"].encode()
    return check_key(SecretBytes(key), "sms.report")


def _fill(told: Any, values: Mapping[str, str]) -> Any:
    """Put values where their slots stand, in one pass: no value is taken for a slot."""
    if isinstance(told, Mapping):
        return {key: _fill(value, values) for key, value in told.items()}
    if isinstance(told, list):
        return [_fill(value, values) for value in told]
    if isinstance(told, str):
        return _SLOT.sub(lambda slot: values[slot.group()], told)
    return told
