"""Key file: key-encryption keys in a file that nobody else may read, or in the environment.

For one machine and for trying out; a lender with a key service uses ``transit``. One key a
line, ``name=base64``; the last line is the current one, so that rotation is a line more.
"""

import os
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from kuanxian.base.errors import KeyHolderError, SealError
from kuanxian.vault.keys import HeldKeys, new_key, system_random
from kuanxian.vault.seal import RandomBytes, check_word
from kuanxian.vault.secret import SecretBytes
from kuanxian.vault.tenant_keys import alone, make_tenant_file, tenant_file

VARIABLE: Final = "KUANXIAN_KEYS"
"""The environment's keys: as the lines of a key file, parted by spaces."""

_OTHERS: Final = 0o077


def read_key_file(path: Path) -> HeldKeys:
    """Read the keys of a file.

    Raises:
        KeyHolderError: It is not there, others may read or write it, or a line is no key.
    """
    try:
        with path.open("rb") as file:
            # Of the opened file, not of the name: a name can be pointed elsewhere meanwhile.
            mode = os.fstat(file.fileno()).st_mode
            text = file.read()
    except OSError as error:
        raise KeyHolderError(path.name, error.strerror or "it cannot be read") from None
    if mode & _OTHERS:
        advice = f"Run: chmod 600 {path}"
        raise KeyHolderError(path.name, "others than its owner may read the keys", advice)
    return parse_keys(text.decode("utf-8", "replace").split(), path.name)


def read_environment(environment: Mapping[str, str]) -> HeldKeys:
    """Read the keys of the environment variable ``KUANXIAN_KEYS``.

    Raises:
        KeyHolderError: It is not set, or a word of it is no key.
    """
    if not environment.get(VARIABLE):
        raise KeyHolderError(VARIABLE, "it is not set", "Set it, or name a key file.")
    return parse_keys(environment[VARIABLE].split(), VARIABLE)


def parse_keys(words: list[str], where: str) -> HeldKeys:
    """Read keys, the last of which is the current one.

    Raises:
        KeyHolderError: There is none, one is there twice, or one is no key. A key is not
            quoted.
    """
    keys: dict[str, SecretBytes] = {}
    for number, word in enumerate(words, start=1):
        name, _, body = word.partition("=")
        try:
            check_word("name", name)
            key = SecretBytes(b64decode(body, validate=True))
        except (ValueError, Base64Error, SealError):
            raise KeyHolderError(f"{where}, key {number}", "it is not name=base64") from None
        if name in keys:
            raise KeyHolderError(f"{where}, key {number}", "its name is there twice")
        keys[name] = key
    if not keys:
        raise KeyHolderError(where, "there is no key in it", "Make one: kuanxian vault new-key.")
    return HeldKeys(keys, next(reversed(keys)))


def add_key(path: Path, name: str, random_bytes: RandomBytes = system_random) -> None:
    """Add a new current key to a file; make the file, and that of tenant keys, if it is not there.

    What was wrapped before still opens. ``rotate`` then wraps everything anew.

    Args:
        path: The key file.
        name: The new key's name.
        random_bytes: Where the key comes from.

    Raises:
        KeyHolderError: The file cannot be used, or has a key of that name.
    """
    check_word("name", name)
    with alone(path):
        held = path.read_text("utf-8") if path.exists() else ""
        if held:
            read_key_file(path)
        else:
            make_tenant_file(tenant_file(path))
        word = f"{name}={b64encode(new_key(random_bytes).reveal()).decode()}"
        words = [*held.split(), word]
        parse_keys(words, path.name)
        fresh = path.with_name(path.name + ".new")
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.writelines(f"{word}\n" for word in words)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
