"""The key that signs checkpoints: one line in a file nobody else may read.

The line is the form other logs' tools use: ``PRIVATE+KEY+name+id+seed``. Whoever has it can
sign another history, so it lives apart from the database and its backups.
"""

import base64
import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kuanxian.base.errors import JournalError
from kuanxian.journal.checkpoint import ED25519, Signer

HEAD = "PRIVATE+KEY+"


def make_key(path: Path, name: str, seed: bytes) -> Signer:
    """Make a key file, mode 0600; an existing one is never overwritten.

    Args:
        path: Where to; its folder must exist.
        name: The log's name, one word: ``lender.example/journal``.
        seed: 32 random bytes, from a source of secrets.

    Raises:
        JournalError: The name is no word, or there is such a file already.
    """
    signer = Signer(name, Ed25519PrivateKey.from_private_bytes(seed))
    if not name or "+" in name or any(c.isspace() for c in name):
        raise JournalError("the log's name", "must be one word without + or spaces")
    coded = base64.b64encode(ED25519 + seed).decode()
    line = f"{HEAD}{name}+{signer.verifier.key_id.hex()}+{coded}\n"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise JournalError(str(path), "is there already", "A key is made once.") from None
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(line)
    return signer


def read_key(path: Path) -> Signer:
    """Read a key file.

    Raises:
        JournalError: There is none, others may read it, or it holds no key. It is not quoted.
    """
    if not path.is_file():
        advice = "kuanxian journal checkpoint --name NAME makes one."
        raise JournalError(str(path), "there is no key to sign with", advice)
    if path.stat().st_mode & 0o077:
        raise JournalError(str(path), "others may read this key", f"chmod 600 {path}")
    name, _, rest = path.read_text(encoding="ascii").strip().removeprefix(HEAD).partition("+")
    key_id, _, coded = rest.partition("+")
    try:
        key = base64.b64decode(coded, validate=True)
        signer = Signer(name, Ed25519PrivateKey.from_private_bytes(key[1:]))
    except ValueError:
        raise JournalError(str(path), "holds no key") from None
    if key[:1] != ED25519 or signer.verifier.key_id.hex() != key_id:
        raise JournalError(str(path), "holds no key")
    return signer
