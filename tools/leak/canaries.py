"""Canaries: people who do not exist, and every disguise in which they could lie about."""

import hashlib
import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator
from random import Random
from typing import NamedTuple
from urllib.parse import quote

from stdnum import luhn
from stdnum.cn import ric

PATTERN_BYTES_MIN = 8
"""Shorter ones would be found everywhere by chance."""


class Canary(NamedTuple):
    """A made-up person."""

    person: str
    """The pseudonymous id, which may be anywhere."""
    name: str
    phone: str
    identity_number: str
    bank_card: str
    email: str
    address: str

    def values(self) -> dict[str, str]:
        """Give what must not be found, by field."""
        return {name: value for name, value in self._asdict().items() if name != "person"}


def make_canaries(count: int, seed: int) -> list[Canary]:
    """Make people from a seed; no two share a value."""
    chance = Random(seed)
    numbers = chance.sample(range(6_000_000), count)
    return [_canary(chance, place, number) for place, number in enumerate(numbers)]


def _canary(chance: Random, place: int, number: int) -> Canary:
    # Satellite numbers that no borrower has, births two centuries ago, a card of no bank.
    phone = str(17_400_000_000 + number)
    born = f"18{chance.randrange(100):02}{chance.randrange(1, 13):02}{chance.randrange(1, 29):02}"
    identity = f"110101{born}{chance.randrange(1000):03}"
    card = f"999999{chance.randrange(10**12):012}"
    word = f"{chance.randrange(16**10):010x}"
    name = "".join(chr(chance.randrange(0x4E00, 0x9FA5)) for _ in range(4))
    return Canary(
        f"p-{place:06}", name, phone, identity + ric.calc_check_digit(identity + "0"),
        card + luhn.calc_check_digit(card), f"canary.{word}@example.org", f"某市金丝雀路{word}号",
    )  # fmt: skip


def disguises(value: str) -> Iterator[tuple[str, bytes]]:
    """Give a value in every form in which a program might leave it, each with a name."""
    for form, text in (("clear", value), ("reversed", value[::-1])):
        raw = text.encode()
        yield form, raw
        yield f"{form}, UTF-16LE", text.encode("utf-16-le")
        yield f"{form}, UTF-16BE", text.encode("utf-16-be")
        yield f"{form}, hex", raw.hex().encode()
        yield f"{form}, HEX", raw.hex().upper().encode()
        for skip in range(3):
            yield from _base64(f"{form}, base64 at {skip}", raw, skip)
    if not value.isascii():
        yield "GB 18030", value.encode("gb18030")
        yield "JSON escapes", json.dumps(value)[1:-1].encode()
        yield "percent", quote(value).encode()
    elif "@" in value:
        yield "percent", quote(value).encode()
    yield from _hashes(value)


def _base64(form: str, raw: bytes, skip: int) -> Iterator[tuple[str, bytes]]:
    """Give the characters that do not depend on what stands before and after the value."""
    first = -skip % 3
    part = raw[first : first + (len(raw) - first) // 3 * 3]
    yield form, b64encode(part)
    yield f"{form}, URL", urlsafe_b64encode(part)


def _hashes(value: str) -> Iterator[tuple[str, bytes]]:
    raw = value.encode()
    kinds = {name: hashlib.new(name, raw).digest() for name in ("md5", "sha1", "sha256", "sha512")}
    kinds |= {f"blake2b-{size * 8}": hashlib.blake2b(raw, digest_size=size).digest()
              for size in (16, 32, 64)}  # fmt: skip
    if "sm3" in hashlib.algorithms_available:
        kinds["sm3"] = hashlib.new("sm3", raw).digest()
    for name, digest in kinds.items():
        yield name, digest
        yield f"{name}, hex", digest.hex().encode()
        yield f"{name}, HEX", digest.hex().upper().encode()
        yield f"{name}, base64", b64encode(digest)[:20]


def written(field: str, value: str) -> list[str]:
    """Give the ways in which a value is commonly written."""
    if field != "phone":
        return [value]
    return [value, f"+86{value}", f"{value[:3]}-{value[3:7]}-{value[7:]}",
            f"{value[:3]} {value[3:7]} {value[7:]}"]  # fmt: skip


def patterns(people: list[Canary]) -> dict[bytes, str]:
    """List everything to look for: bytes, and whose and what they are."""
    found: dict[bytes, str] = {}
    for one in people:
        for field, value in one.values().items():
            for text in written(field, value):
                for form, raw in disguises(text):
                    if len(raw) >= PATTERN_BYTES_MIN:
                        found.setdefault(raw, f"{one.person} {field}: {form}")
    return found
