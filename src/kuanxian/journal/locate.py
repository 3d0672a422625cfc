"""Which byte was changed: found by trying every one.

An entry whose header no longer gives its hash has been changed somewhere. Where it is one
byte, there are only some ten thousand other entries one byte away, and one of them has the
hash. What is tried is a byte as PostgreSQL stores it: an instant is eight bytes, counted from
the year 2000.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from kuanxian.journal.entry import EPOCH, Entry, header, micros

TEXTS = ("stream", "kind", "actor", "login", "idempotency_key")
INSTANTS = ("happened_at", "recorded_at")
LINES = ("", "stream", "stream_version", "kind", "business_on", "happened_at", "recorded_at",
         "actor", "login", "idempotency_key", "previous_hash", "body")  # fmt: skip
"""The fields in the order of the header's lines."""

Y2K_MICROS = 946_684_800_000_000
Y2K = date(2000, 1, 1)
BODY_BYTES_MAX = 8_192
"""A longer body is not searched: 255 hashes a byte."""


class Place(NamedTuple):
    """Where a change is, and the entry as it was."""

    field: str
    byte: int
    """The byte of the field, from 0; of a number, from its lowest byte."""
    entry: Entry


def locate(entry: Entry, wanted: set[bytes]) -> Place | None:
    """Find the one byte that makes an entry have one of the hashes it should have.

    Args:
        entry: As it is now; its header does not give its hash.
        wanted: Hashes it should have: those kept with it and in the log.

    Returns:
        The place, or None where more than one byte was changed.
    """
    lines = header(entry).split(b"\n")
    for line, field in enumerate(LINES):
        if not field:
            continue
        before = b"\x00" + b"\n".join(lines[:line]) + b"\n"
        after = b"\n" + b"\n".join(lines[line + 1 :])
        for byte, value in _near(field, getattr(entry, field)):
            text = _line(field, value)
            if sha256(before + text + after).digest() in wanted:
                return Place(field, byte, entry._replace(**{field: value}))
    return None


def _line(field: str, value: Any) -> bytes:
    """Write a field as its line of the header."""
    if field == "body":
        return sha256(value).hexdigest().encode()
    if field == "previous_hash":
        return bytes(value.hex().encode())
    if field in INSTANTS:
        return str(micros(value)).encode()
    return str(value).encode()


def _near(field: str, value: Any) -> Iterator[tuple[int, Any]]:
    """List every value one stored byte away, with the byte's number."""
    if field in TEXTS:
        for byte, near in _near_bytes(value.encode()):
            yield byte, near.decode("latin-1")
    elif field in ("body", "previous_hash"):
        yield from _near_bytes(value[:BODY_BYTES_MAX], value[BODY_BYTES_MAX:])
    elif field == "stream_version":
        yield from _near_numbers(value, 8)
    elif field == "business_on":
        for byte, days in _near_numbers((value - Y2K).days, 4):
            if -700_000 < days < 2_900_000:
                yield byte, Y2K + timedelta(days=days)
    else:
        for byte, instant in _near_numbers(micros(value) - Y2K_MICROS, 8):
            # Within the years Python can hold.
            if -63_000_000_000_000_000 < instant < 250_000_000_000_000_000:
                yield byte, EPOCH + timedelta(microseconds=instant + Y2K_MICROS)


def _near_bytes(value: bytes, rest: bytes = b"") -> Iterator[tuple[int, bytes]]:
    for place in range(len(value)):
        begin, end = value[:place], value[place + 1 :] + rest
        for changed in range(256):
            if changed != value[place]:
                yield place, begin + bytes((changed,)) + end


def _near_numbers(value: int, width: int) -> Iterator[tuple[int, int]]:
    for place in range(width):
        for change in range(1, 256):
            near = (value ^ (change << 8 * place)) & ((1 << 8 * width) - 1)
            yield place, near - (1 << 8 * width) if near >> (8 * width - 1) else near
