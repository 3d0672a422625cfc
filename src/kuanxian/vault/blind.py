"""Blind index: find a person by a number without keeping the number.

BLAKE2b with 128 bits, keyed with a key of the tenant that is kept outside the database. A
hash without a key is no protection: a machine tries all mainland mobile numbers within
the hour. With a key, whoever has only the database can tell that two rows are alike and
nothing more.
"""

from hashlib import blake2b
from typing import Final

from kuanxian.vault.secret import Secret, SecretBytes

DIGEST_BYTES: Final = 16
_FIELD_BYTES: Final = 16


def blind(key: SecretBytes, field: str, value: Secret) -> bytes:
    """Compute the index entry of a value.

    Args:
        key: The tenant's index key, 32 bytes.
        field: Which field it is: the same digits as a phone number and as a card number
            give different entries. At most 16 bytes.
        value: Normalised by ``values.take_value``, so that two ways of writing a number
            meet.

    Returns:
        16 bytes.

    Example:
        >>> key = SecretBytes(bytes(32))
        >>> blind(key, "phone", Secret("+8617405000001")).hex()
        'd64221c1262820855e02afae74cbeeba'
    """
    return blake2b(
        value.reveal().encode(),
        key=key.reveal(),
        digest_size=DIGEST_BYTES,
        person=field.encode().ljust(_FIELD_BYTES, b"\0"),
    ).digest()
