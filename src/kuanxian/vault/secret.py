"""Secret: a value that shows itself to nobody who does not ask for it by name.

Printing, formatting, logging, pickling, copying into JSON: each either gives ``***`` or is
refused. The value comes out by ``reveal()`` alone, so that a search for that word finds
every place in the program where a person's data is in the clear.
"""

from hmac import compare_digest
from typing import Any, Generic, NoReturn, TypeVar

from kuanxian.base.personal import MASK

Held = TypeVar("Held", str, bytes)


class _Masked(Generic[Held]):
    """What text and bytes have in common."""

    __slots__ = ("__held",)

    def __init__(self, held: Held) -> None:
        self.__held: Held = held

    def reveal(self) -> Held:
        """Give the value in the clear. Do not store, log or return what comes out."""
        return self.__held

    def __repr__(self) -> str:
        return MASK

    def __format__(self, spec: str) -> str:
        return MASK

    def __eq__(self, other: object) -> bool:
        """Compare without telling by the time taken where two values differ."""
        if type(other) is not type(self):
            return NotImplemented
        return compare_digest(_bytes_of(self.__held), _bytes_of(other.reveal()))

    # A hash without a key is a fingerprint by which the value can be guessed.
    __hash__ = None  # type: ignore[assignment]

    def __copy__(self) -> "_Masked[Held]":
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> "_Masked[Held]":
        return self

    def __getstate__(self) -> NoReturn:
        raise TypeError("a secret is not stored")

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a secret is not stored")


class Secret(_Masked[str]):
    """A person's data as text: a name, a number, an address.

    Example:
        >>> secret = Secret("made up")
        >>> print(secret, f"{secret:>12}", [secret])
        *** *** [***]
        >>> secret.reveal()
        'made up'
    """

    __slots__ = ()


class SecretBytes(_Masked[bytes]):
    """A key, or sealed data opened.

    Example:
        >>> SecretBytes(b"key") == SecretBytes(b"key"), SecretBytes(b"key")
        (True, ***)
    """

    __slots__ = ()


def _bytes_of(held: str | bytes) -> bytes:
    return held.encode() if isinstance(held, str) else held
