"""Scrub: take what looks like a person's number out of a log line before it is written.

A second wall. The first is that secrets print as ``***``; this one is for a number that
somebody typed into a place where no number belongs. It rather takes too much: a run of
digits as long as a phone, identity or card number goes, even if it was an order number.
"""

import logging
import re
from collections.abc import Mapping, MutableMapping
from typing import Any, Final

from kuanxian.vault.secret import MASK

_DIGIT: Final = r"[0-9０-９]"
_GAP: Final = r"[ \-‐-―−.·]?"
_ALONE: Final = (rf"(?<!{_DIGIT})", rf"(?!{_DIGIT})")
_EMAIL: Final = r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}[@＠][\w-]+(?:\.[\w-]+)+"
_IDENTITY: Final = (
    rf"{_ALONE[0]}{_DIGIT}{{6}}{_GAP}{_DIGIT}{{8}}{_GAP}{_DIGIT}{{3}}{_GAP}[0-9０-９XxＸｘ]"
)
_CARD: Final = rf"{_ALONE[0]}(?:{_DIGIT}{_GAP}){{11,18}}{_DIGIT}{_ALONE[1]}"
_MOBILE: Final = (
    rf"{_ALONE[0]}(?:(?:[+＋]|00)?{_GAP}86{_GAP})?[1１][3-9３-９]{_DIGIT}{_GAP}"
    rf"(?:{_DIGIT}{{4}}{_GAP}{_DIGIT}{{4}}|{_DIGIT}{{8}}){_ALONE[1]}"
)
_LANDLINE: Final = rf"{_ALONE[0]}[(（]?[0０]{_DIGIT}{{2,3}}[)）]?{_GAP}{_DIGIT}{{7,8}}{_ALONE[1]}"
_ABROAD: Final = rf"[+＋](?:{_DIGIT}[ \-.()]?){{8,15}}"
_LONG: Final = rf"{_DIGIT}{{11,}}"

PERSONAL: Final = re.compile(
    "|".join((_EMAIL, _IDENTITY, _MOBILE, _CARD, _LANDLINE, _ABROAD, _LONG))
)
"""What is taken out."""


def scrub_text(text: str) -> str:
    """Put ``***`` where a number or an address of a person seems to be.

    Example:
        >>> scrub_text("called 174-0500-0001, then a.b@example.org, loan L-20260131-7")
        'called ***, then ***, loan L-20260131-7'
    """
    return PERSONAL.sub(MASK, text)


def scrub(value: Any) -> Any:
    """Scrub a value of a log line: text, or whatever holds text; numbers too.

    Example:
        >>> scrub({"to": ["17405000001"], "tries": 3, "number": 17405000001})
        {'to': ['***'], 'tries': 3, 'number': '***'}
    """
    if isinstance(value, str):
        return scrub_text(value)
    if isinstance(value, bytes):
        return scrub_text(value.decode("utf-8", "replace"))
    if isinstance(value, Mapping):
        return {scrub(name): scrub(item) for name, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [scrub(item) for item in value]
    if value is None or isinstance(value, (bool, float)):
        return value
    if isinstance(value, int):
        return value if PERSONAL.search(str(value)) is None else MASK
    return scrub_text(str(value))


def scrub_event(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Scrub a structlog event: put it last but one, before the renderer."""
    return {name: scrub(value) for name, value in event.items()}


class ScrubFilter(logging.Filter):
    """Scrubs a record of the standard library's logging: message, arguments, exception.

    Add it to handlers: a filter of a logger does not see what its children log.
    """

    _extra_of_every_record: Final = frozenset(vars(logging.makeLogRecord({})))

    def filter(self, record: logging.LogRecord) -> bool:
        """Scrub; never hold a record back."""
        record.msg = scrub_text(_message_of(record))
        record.args = None
        if record.exc_info:
            # A trace quotes the message of the exception and lines of the source.
            record.exc_text = scrub_text(logging.Formatter().formatException(record.exc_info))
            record.exc_info = None
        if record.stack_info:
            record.stack_info = scrub_text(record.stack_info)
        for name in set(vars(record)) - self._extra_of_every_record:
            setattr(record, name, scrub(getattr(record, name)))
        return True


def _message_of(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception:  # noqa: BLE001 - a wrong format string must not stop the program
        return "a log line that could not be put together"
