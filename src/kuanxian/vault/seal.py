"""Seal: one value of one person under that person's key, bound to its place.

AES-256-GCM. The associated data names tenant, person, field and version, so that sealed
bytes moved to another row, another field or an older version do not open.

The form: one byte (the number of the form), 12 bytes of nonce, then the ciphertext with
its 16-byte tag.

Source: NIST SP 800-38D. A nonce of 96 random bits is sound for 2**32 messages under one
key; a key here belongs to one person, who has a few dozen values.
"""

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kuanxian.base.errors import SealError
from kuanxian.base.personal import holds_number
from kuanxian.vault.secret import SecretBytes

RandomBytes = Callable[[int], bytes]
"""Gives that many random bytes. ``keys.system_random`` outside tests."""

FORM: Final = b"\x01"
NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16
KEY_BYTES: Final = 32
VALUE_BYTES_MAX: Final = 4_096
"""Longest value, bytes. The longest field, an address, has 200 characters."""

_OVERHEAD: Final = len(FORM) + NONCE_BYTES + TAG_BYTES
_WORD: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}")


class Place(NamedTuple):
    """Where a sealed value belongs."""

    tenant: str
    """The lender."""
    person: str
    """The pseudonymous number of the person."""
    field: str
    """Which value: a name in ``values.FIELDS``."""
    version: int
    """1 for the first value, one more with each correction."""

    def bound(self) -> bytes:
        """Write the place as associated data.

        Example:
            >>> Place("t", "p-1", "phone", 2).bound()
            b'kuanxian-seal-1|t|p-1|phone|2'
        """
        tenant, person, field, version = self
        return f"kuanxian-seal-1|{tenant}|{person}|{field}|{version}".encode()


def check_word(what: str, word: str) -> str:
    """Pass an identifier: letters, digits and ``_.:-``, at most 64; nobody's number.

    No such word holds the bar that parts associated data, so no two places are bound to
    the same bytes. An id is in the clear everywhere, so a phone, identity or card number is
    refused as one.

    Raises:
        SealError: It is none. It is not quoted: it may be somebody's data.
    """
    if holds_number(word):
        reason = "it looks like a person's number, and ids are not sealed"
        raise SealError(what, reason, "Give people ids that say nothing about them.")
    if _WORD.fullmatch(word) is None:
        reason = "it is not a pseudonymous id: letters, digits and _.:- , at most 64 characters"
        raise SealError(what, reason)
    return word


def check_tenant(tenant: str) -> str:
    """Pass a lender's id: a word without a colon, which parts tenant and person in a stream's name.

    Raises:
        SealError: It is none.
    """
    if ":" in tenant:
        raise SealError("tenant", "it holds a colon", "Letters, digits and _.- alone.")
    return check_word("tenant", tenant)


def check_place(place: Place) -> Place:
    """Pass a place whose parts cannot be mistaken for each other.

    Raises:
        SealError: A part is no identifier, or the version is below 1.
    """
    for what in ("tenant", "person", "field"):
        check_word(what, getattr(place, what))
    if place.version < 1:
        raise SealError("version", "it is below 1")
    return place


def cipher_of(key: SecretBytes) -> AESGCM:
    """Make the cipher of a key, once for all the values of a person."""
    return AESGCM(key.reveal())


def seal(cipher: AESGCM, place: Place, value: bytes, random_bytes: RandomBytes) -> bytes:
    """Seal a value for its place.

    Args:
        cipher: Of the person's key.
        place: Where it belongs; checked by ``check_place`` before.
        value: At most ``VALUE_BYTES_MAX`` bytes.
        random_bytes: Where the nonce comes from.

    Raises:
        SealError: The value is too long.
    """
    if len(value) > VALUE_BYTES_MAX:
        raise SealError(place.field, f"it is longer than {VALUE_BYTES_MAX} bytes")
    nonce = random_bytes(NONCE_BYTES)
    return FORM + nonce + cipher.encrypt(nonce, value, place.bound())


def unseal(cipher: AESGCM, place: Place, sealed: bytes) -> bytes:
    """Open what was sealed for that place under that key.

    Raises:
        SealError: It was sealed for another place or under another key, or was changed.
    """
    if len(sealed) < _OVERHEAD or sealed[:1] != FORM:
        raise SealError(place.field, "these are not sealed bytes of this form")
    try:
        return cipher.decrypt(sealed[1:13], sealed[13:], place.bound())
    except InvalidTag:
        reason = "the seal is broken: another person's, another field's, or changed"
        raise SealError(place.field, reason) from None
