"""Case values: one value of a case file into the value the fact layer works with.

Each reader takes what JSON gave and raises ``ValueError`` with what is wrong and, after a
line break, what to write instead; the caller adds the place. No message repeats a value:
somebody may have typed a name or a number where an id belongs.
"""

import datetime
import re
from difflib import get_close_matches
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kuanxian.base.bounds import DAY_MAX
from kuanxian.base.days import day_number
from kuanxian.base.personal import holds_number

SECOND_US: Final = 1_000_000
DAY_US: Final = 86_400 * SECOND_US
INSTANT_US_MAX: Final = (DAY_MAX + 1) * DAY_US
"""First instant no longer known: the end of 2199-12-31, in microseconds UTC."""

TEXT_MAX: Final = 200
ID_PATTERN: Final = r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}"
INSTANT_PATTERN: Final = (
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}:[0-9]{2}:[0-9]{2})"
    r"(?:\.([0-9]{1,6}))?(?:Z|([+-])([0-9]{2}):([0-9]{2}))"
)
DAY_PATTERN: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
ZONE_PATTERN: Final = r"UTC|(?!Etc/|posix/|right/|SystemV/)[A-Za-z_]+(?:/[A-Za-z0-9_+-]+){1,2}"
"""An area and a city, or UTC: ``localtime`` and its like are another zone on every machine."""

_ID: Final = re.compile(ID_PATTERN)
_INSTANT: Final = re.compile(INSTANT_PATTERN)
_DAY: Final = re.compile(DAY_PATTERN)
_ZONE: Final = re.compile(ZONE_PATTERN)


class Field(NamedTuple):
    """One key of a table of the case file: how it is written and what it means."""

    form: str
    """``id``, ``ref``, ``refs``, ``word``, ``words``, ``count``, ``flag``, ``instant``, ``day``,
    ``text`` or ``zones``."""
    zh: str
    en: str
    values: tuple[str, ...] = ()
    """The words of a ``word``; the tables a ``ref`` may point into."""
    need: bool = False
    """Whether it must be there."""
    least: int = 0
    most: int = INSTANT_US_MAX
    """The bounds of a ``count``, both allowed; the most items of a list."""


def read_value(field: Field, value: object) -> object:
    """Read a value by its field.

    Raises:
        ValueError: It is not what the field takes.

    Example:
        >>> read_value(Field("day", "", ""), "2026-11-25")
        20782
    """
    return _READERS[field.form](field, value)


def read_id(field: Field, value: object) -> str:
    """Take a pseudonymous id; what looks like a phone or identity number is refused.

    So is one that is written in groups. What ends in a UUID is no such number.

    Example:
        >>> read_id(Field("id", "", ""), "p-1"), read_id(Field("id", "", ""), "5bdb02e08d44513c")
        ('p-1', '5bdb02e08d44513c')
    """
    del field
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise ValueError(
            "it is not an id\nBegin with a letter or a digit; then letters, digits, '.', '_', ':' "
            "or '-', 64 characters at most."
        )
    if holds_number(value):
        raise ValueError(
            "it looks like a phone or identity number\nA case file holds pseudonymous ids only."
        )
    return value


def read_word(field: Field, value: object) -> str:
    """Take one of the words of a field, the nearest named where it is misspelt."""
    if isinstance(value, str) and value in field.values:
        return value
    raise ValueError(f"it is not one of its words\n{advise(value, field.values)}")


def read_count(field: Field, value: object) -> int:
    """Take a whole number within the field's bounds, both allowed."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("it is not a whole number\nWrite digits only, as in 12.")
    if not field.least <= value <= field.most:
        raise ValueError(
            f"it is not between {field.least} and {field.most}\nCheck the figure and its unit."
        )
    return value


def read_flag(field: Field, value: object) -> bool:
    """Take true or false; leave the key out where it is not known."""
    del field
    if isinstance(value, bool):
        return value
    raise ValueError("it is neither true nor false\nLeave it out where it is not known.")


def read_day(field: Field, value: object) -> int:
    """Turn ``2026-11-25`` into days since 1970-01-01."""
    del field
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("it is not a day\nWrite it as 2026-11-25.")
    try:
        day_on = day_number(datetime.date.fromisoformat(value))
    except ValueError:
        raise ValueError("it is not a day of the calendar\nCheck the date.") from None
    # A birthday may lie before 1970; the kernel's days do not.
    if not -25_567 <= day_on <= DAY_MAX:
        raise ValueError("it is not between 1900-01-01 and 2199-12-31\nCheck the year.")
    return day_on


def read_instant(field: Field, value: object) -> int:
    """Turn ``2026-11-25T21:55:00+08:00`` into microseconds UTC since 1970.

    Example:
        >>> read_instant(Field("instant", "", ""), "1970-01-01T08:00:00.000001+08:00")
        1
    """
    del field
    match = _INSTANT.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError("it is not an instant\nWrite it with its offset: " + _AN_INSTANT)
    day, clock, part, sign, hours, minutes = match.groups()
    try:
        local = datetime.datetime.fromisoformat(f"{day}T{clock}+00:00")
    except ValueError:
        raise ValueError("it is not a day and time\nCheck it against " + _AN_INSTANT) from None
    if int(hours or 0) > 15 or int(minutes or 0) > 59:
        raise ValueError("its offset is not one\nWrite an offset such as +08:00 or Z.")
    offset_s = (int(hours or 0) * 3600 + int(minutes or 0) * 60) * (-1 if sign == "-" else 1)
    at = (local - _EPOCH) // _MICROSECOND - offset_s * SECOND_US + int((part or "").ljust(6, "0"))
    if not 0 <= at < INSTANT_US_MAX:
        raise ValueError("it is not between 1970 and 2199\nCheck the year.")
    return at


def read_text(field: Field, value: object) -> str:
    """Take a short text on one line."""
    del field
    if not isinstance(value, str) or len(value) > TEXT_MAX or not value.isprintable():
        raise ValueError(f"it is not a text\nWrite one line of at most {TEXT_MAX} characters.")
    return value


def read_zone(value: object) -> str:
    """Take the IANA name of a time zone that exists."""
    if isinstance(value, str) and len(value) <= 64 and _ZONE.fullmatch(value):
        try:
            return ZoneInfo(value).key
        except (ZoneInfoNotFoundError, ValueError, OSError):
            pass
    raise ValueError(
        "it is not a time zone\nWrite its IANA name with an area and a city, as in Asia/Shanghai, "
        "or UTC."
    )


def read_list(field: Field, value: object) -> tuple[str, ...]:
    """Read a list of ids, words or zones, each once."""
    if not isinstance(value, list):
        raise ValueError("it is not a list\nWrite it in square brackets.")
    if len(value) > field.most:
        raise ValueError(f"it has more than {field.most} items\nLeave out what does not matter.")
    if field.form == "zones":
        items = tuple(map(read_zone, value))
    elif field.form == "words":
        items = tuple(read_word(field, item) for item in value)
    else:
        items = tuple(read_id(field, item) for item in value)
    if len(set(items)) < len(items):
        raise ValueError("it has an item twice\nWrite each once.")
    return items


def advise(value: object, known: tuple[str, ...]) -> str:
    """Name the nearest known word, or a few of them.

    Example:
        >>> advise("debter", ("debtor", "spouse"))
        "Did you mean 'debtor'? It takes: debtor, spouse."
    """
    near = get_close_matches(value, known, 1) if isinstance(value, str) else []
    begin = f"Did you mean {near[0]!r}? " if near else ""
    return f"{begin}It takes: {', '.join(known)}."


_AN_INSTANT: Final = "2026-11-25T21:55:00+08:00."
_EPOCH: Final = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_MICROSECOND: Final = datetime.timedelta(microseconds=1)
_READERS: Final = {
    "id": read_id,
    "ref": read_id,
    "word": read_word,
    "count": read_count,
    "flag": read_flag,
    "day": read_day,
    "instant": read_instant,
    "text": read_text,
    "refs": read_list,
    "words": read_list,
    "zones": read_list,
}
