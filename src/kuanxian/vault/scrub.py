"""Scrub: take what looks like a person's number out of a log line before it is written.

A second wall. The first is that secrets print as ``***``; this one is for a number that
somebody typed into a place where no number belongs. It rather takes too much: a run of
digits as long as a phone, identity or card number goes, even if it was an order number.
"""

import logging
import re
from collections.abc import Mapping, MutableMapping
from typing import Any, Final

from kuanxian.base.personal import MASK
from kuanxian.base.plain import plain_text, plain_with_places

_GAP: Final = r"[\s‐-―−._·()/-]{0,2}"
_EMAIL: Final = r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]+(?:\.[\w-]+)+"
_IDENTITY: Final = rf"(?<![0-9])[0-9]{{6}}{_GAP}[0-9]{{8}}{_GAP}[0-9]{{3}}{_GAP}[0-9Xx]"
_CARD: Final = r"(?<![0-9])(?:[0-9][ \-‐-―−.·]?){11,18}[0-9](?![0-9])"
_MOBILE: Final = (
    rf"(?<![0-9])(?:(?:\+|00)?{_GAP}86{_GAP})?1{_GAP}[3-9](?:{_GAP}[0-9]){{9}}(?![0-9])"
)
_LANDLINE: Final = (
    rf"(?<![0-9])[(]?0(?:10|2[0-9]|[3-9][0-9]{{2}}){_GAP}[0-9]{{3,4}}{_GAP}[0-9]{{4}}(?![0-9])"
)
_ABROAD: Final = r"\+(?:[0-9][ \-.()]?){8,15}"
_LONG: Final = r"[0-9]{11,}"

PERSONAL: Final = re.compile(
    "|".join((_EMAIL, _IDENTITY, _MOBILE, _CARD, _LANDLINE, _ABROAD, _LONG))
)
"""What is taken out of a text in plain characters."""


def looks_personal(text: str) -> bool:
    """Tell whether something would be taken out of a text."""
    return PERSONAL.search(plain_text(text)) is not None


def scrub_text(text: str) -> str:
    """Put ``***`` where a number or an address of a person seems to be.

    Example:
        >>> scrub_text("called 174-0500-0001, then a.b@example.org, loan L-20260131-7")
        'called ***, then ***, loan L-20260131-7'
    """
    if not looks_personal(text):
        return text
    plain, begins, ends = plain_with_places(text)
    left, at = [], 0
    for found in PERSONAL.finditer(plain):
        left += [text[at : begins[found.start()]], MASK]
        at = ends[found.end() - 1]
    return "".join([*left, text[at:]])


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
        return MASK if looks_personal(str(value)) else value
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
