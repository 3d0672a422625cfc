"""Tenant keys: one for the blind index, one for stop words, in a file outside the database.

Each is random and wrapped like a person's key, so the file alone is worth nothing. Without
it the index finds nobody and old stop words are dead; the sealed values still open.
"""

import fcntl
import json
import os
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from kuanxian.base.errors import KeyHolderError
from kuanxian.vault.keys import KeyHolder, Wrapped, new_key, rewrap, system_random
from kuanxian.vault.seal import RandomBytes, check_tenant
from kuanxian.vault.secret import SecretBytes

INDEX: Final = "index"
STOP: Final = "stop"
USES: Final = (INDEX, STOP)


def tenant_file(key_file: Path) -> Path:
    """Name the file of tenant keys: beside the key file."""
    return key_file.with_name(key_file.name + ".tenants")


def make_tenant_file(path: Path) -> None:
    """Make a file of tenant keys with none in it, for its owner alone; leave one that is there."""
    if not path.exists():
        _write(path, {})


def tenant_key(
    path: Path,
    holder: KeyHolder,
    tenant: str,
    use: str,
    random_bytes: RandomBytes = system_random,
    *,
    may_make: bool = True,
) -> SecretBytes:
    """Give a tenant's key for one use; make it where the file has none and it may.

    Args:
        path: The file of tenant keys. It is not made here: another index key would find nobody, and
            would forget every *no*.
        holder: Who wraps.
        tenant: The lender.
        use: One of ``USES``.
        random_bytes: Where a new key comes from.
        may_make: Nobody is found by another one yet (``index_check``).

    Raises:
        KeyHolderError: The file is not there, is damaged, has no such key and none may be made, or
            the holder refuses.
    """
    check_tenant(tenant)
    assert use in USES
    with alone(path):
        held = _read(path)
        name = f"{tenant}|{use}"
        if name in held:
            return holder.unwrap(held[name], _bound(name))
        if not may_make:
            reason = f"it has no {use} key of {tenant}, whose people were put in under one"
            advice = "It is an older or another file: put the right one back."
            raise KeyHolderError(path.name, reason, advice)
        key = new_key(random_bytes)
        held[name] = holder.wrap(key, _bound(name))
        _write(path, held)
        return key


def rewrap_tenant_keys(path: Path, holder: KeyHolder) -> int:
    """Wrap every tenant key under the current key-encryption key; say how many were not.

    Raises:
        KeyHolderError: The file is not there or is damaged, or the holder refuses.
    """
    with alone(path):
        held = _read(path)
        fresh = {name: rewrap(holder, wrapped, _bound(name)) for name, wrapped in held.items()}
        if fresh != held:
            _write(path, fresh)
        return sum(fresh[name] != held[name] for name in held)


def _bound(name: str) -> bytes:
    return f"kuanxian-tenant-key-1|{name}".encode()


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Let one program at a time have a file of keys; its folder holds the turn."""
    turn = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield
        os.fsync(turn)  # what was put in another's place is there after a power cut
    finally:
        os.close(turn)


def _read(path: Path) -> dict[str, Wrapped]:
    if not path.exists():
        advice = (
            "It stands beside the key file and goes with it under its name: put it back, or name "
            "the right key file. Is it lost for good: SECURITY.md, lost key."
        )
        raise KeyHolderError(path.name, "the file of tenant keys is not there", advice)
    try:
        held = json.loads(path.read_text("utf-8"))
        return {key: Wrapped(word[0], b64decode(word[1])) for key, word in held.items()}
    except (OSError, ValueError, TypeError, IndexError, AttributeError):
        reason = "the file of tenant keys is damaged"
        raise KeyHolderError(path.name, reason, "Put back its backup.") from None


def _write(path: Path, held: dict[str, Wrapped]) -> None:
    words = {key: [one.key_id, b64encode(one.body).decode()] for key, one in sorted(held.items())}
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(words, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
