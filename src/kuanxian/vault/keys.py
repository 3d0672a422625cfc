"""Keys: a random key a person, wrapped by a key-encryption key that is held elsewhere.

A person's key is random and is nowhere but in its wrapped form: whoever destroys that
form has erased everything sealed under it. A key derived from a master key could be
derived again, so it could never be destroyed.

Who holds the key-encryption key is a ``KeyHolder``: a file (``key_file``), the environment
(``key_file``), OpenBao or Vault (``transit``). Rotation wraps the small keys anew; the
sealed data is not touched.
"""

from os import urandom
from typing import Final, NamedTuple, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kuanxian.base.errors import KeyHolderError
from kuanxian.vault.seal import KEY_BYTES, NONCE_BYTES, TAG_BYTES, RandomBytes
from kuanxian.vault.secret import SecretBytes

WRAP_FORM: Final = b"\x01"
WRAPPED_BYTES: Final = len(WRAP_FORM) + NONCE_BYTES + KEY_BYTES + TAG_BYTES


class Wrapped(NamedTuple):
    """A key in its wrapped form."""

    key_id: str
    """Which key-encryption key wrapped it."""
    body: bytes
    """What the holder gave back."""


class KeyHolder(Protocol):
    """Who holds the key-encryption keys."""

    def current(self) -> str:
        """Name the key that wraps from now on."""
        ...

    def wrap(self, key: SecretBytes, bound: bytes) -> Wrapped:
        """Wrap a key, bound to what it is for, under the current key.

        Raises:
            KeyHolderError: The holder cannot be asked.
        """
        ...

    def unwrap(self, wrapped: Wrapped, bound: bytes) -> SecretBytes:
        """Give a key back.

        Raises:
            KeyHolderError: The holder cannot be asked, has no such key, or finds that the
                wrapped form was changed or is for something else.
        """
        ...


def system_random(count: int) -> bytes:
    """Draw random bytes from the operating system."""
    return urandom(count)


def new_key(random_bytes: RandomBytes = system_random) -> SecretBytes:
    """Draw a key of 256 bits."""
    return SecretBytes(random_bytes(KEY_BYTES))


def person_bound(tenant: str, person: str) -> bytes:
    """Say whose key it is, so that it cannot be put in another person's place.

    Example:
        >>> person_bound("t", "p-1")
        b'kuanxian-key-1|t|p-1'
    """
    return f"kuanxian-key-1|{tenant}|{person}".encode()


def rewrap(holder: KeyHolder, wrapped: Wrapped, bound: bytes) -> Wrapped:
    """Wrap a key anew under the current key-encryption key; the key stays the same.

    Raises:
        KeyHolderError: As ``KeyHolder``.
    """
    if wrapped.key_id == holder.current():
        return wrapped
    return holder.wrap(holder.unwrap(wrapped, bound), bound)


class HeldKeys:
    """Key-encryption keys in the memory of this process.

    Args:
        keys: By name. Each has 256 bits.
        current: The name of the one that wraps from now on.
        random_bytes: Where nonces come from.

    Raises:
        KeyHolderError: There is no key of that name, or a key is too short.
    """

    def __init__(
        self,
        keys: dict[str, SecretBytes],
        current: str,
        random_bytes: RandomBytes = system_random,
    ) -> None:
        if current not in keys:
            raise KeyHolderError("current", "there is no key of that name")
        for name, key in keys.items():
            if len(key.reveal()) != KEY_BYTES:
                raise KeyHolderError(name, f"the key does not have {KEY_BYTES} bytes")
        self._ciphers = {name: AESGCM(key.reveal()) for name, key in keys.items()}
        self._current = current
        self._random_bytes = random_bytes

    def current(self) -> str:
        """Name the key that wraps from now on."""
        return self._current

    def wrap(self, key: SecretBytes, bound: bytes) -> Wrapped:
        """Wrap a key under the current key-encryption key."""
        nonce = self._random_bytes(NONCE_BYTES)
        cipher = self._ciphers[self._current]
        body = WRAP_FORM + nonce + cipher.encrypt(nonce, key.reveal(), bound)
        return Wrapped(self._current, body)

    def unwrap(self, wrapped: Wrapped, bound: bytes) -> SecretBytes:
        """Give a key back.

        Raises:
            KeyHolderError: There is no such key, or the wrapped form was changed.
        """
        cipher = self._ciphers.get(wrapped.key_id)
        if cipher is None:
            advice = "Put the old key back beside the current one until all are rewrapped."
            raise KeyHolderError(wrapped.key_id, "there is no such key here", advice)
        if len(wrapped.body) != WRAPPED_BYTES or wrapped.body[:1] != WRAP_FORM:
            raise KeyHolderError(wrapped.key_id, "this is not a wrapped key of this form")
        try:
            return SecretBytes(cipher.decrypt(wrapped.body[1:13], wrapped.body[13:], bound))
        except InvalidTag:
            reason = "the wrapped key was changed or is somebody else's"
            raise KeyHolderError(wrapped.key_id, reason) from None
