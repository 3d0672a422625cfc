"""A checkpoint: the size and the root of the log, signed, as text anybody can hold.

The form is that of C2SP ``tlog-checkpoint`` in a ``signed-note``::

    lender.example/journal
    3
    FOFMcS6W4WxvxeRCV6DsxkcotGYzLqUKO4+1lTWm8SM=

    — lender.example/journal Az3grl…

Whoever holds one (a court, a regulator's mailbox, a witness) can later ask for a proof that
the log still begins with it.

Source: C2SP tlog-checkpoint and signed-note; RFC 8032 for Ed25519.
"""

import base64
import binascii
from hashlib import sha256
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kuanxian.base.errors import JournalError

ED25519 = b"\x01"
DASH = "— "


class Checkpoint(NamedTuple):
    """What a checkpoint says."""

    origin: str
    """The log's own name, one line, such as ``lender.example/journal``."""
    tree_size: int
    """How many leaves, 0 and up."""
    root: bytes
    """The root of their tree, 32 bytes."""


class Verifier(NamedTuple):
    """A public key and its name."""

    name: str
    key: bytes
    """32 bytes."""

    @property
    def key_id(self) -> bytes:
        """Four bytes that tell keys of one name apart."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.key).digest()[:4]

    def __str__(self) -> str:
        """Write it as other logs' tools read it: ``name+id+key``."""
        key = base64.b64encode(ED25519 + self.key).decode()
        return f"{self.name}+{self.key_id.hex()}+{key}"


class Signer(NamedTuple):
    """A private key and its name. The key is not part of its text."""

    name: str
    private: Ed25519PrivateKey

    @property
    def verifier(self) -> Verifier:
        """The public half."""
        return Verifier(self.name, self.private.public_key().public_bytes_raw())


def read_verifier(text: str) -> Verifier:
    """Read ``name+id+key``.

    Raises:
        JournalError: It is none, its id is not that of its key, or the key is no Ed25519 key.
    """
    name, _, rest = text.strip().partition("+")
    key_id, _, coded = rest.partition("+")
    key = _decoded(coded)
    verifier = Verifier(name, key[1:])
    if (
        not _is_name(name)
        or key[:1] != ED25519
        or len(key) != 33
        or verifier.key_id.hex() != key_id
    ):
        raise JournalError("the public key", "is not name+id+key of an Ed25519 key")
    return verifier


def sign(checkpoint: Checkpoint, signer: Signer) -> str:
    """Write a checkpoint and sign it.

    Raises:
        JournalError: The origin or the signer's name is not one line without ``+`` and spaces.
    """
    for name in (checkpoint.origin, signer.name):
        if not _is_name(name):
            raise JournalError("the log's name", "must be one word without + or spaces")
    text = write(checkpoint)
    signature = signer.verifier.key_id + signer.private.sign(text.encode())
    return f"{text}\n{DASH}{signer.name} {base64.b64encode(signature).decode()}\n"


def write(checkpoint: Checkpoint) -> str:
    """Write the text that is signed."""
    coded = base64.b64encode(checkpoint.root).decode()
    return f"{checkpoint.origin}\n{checkpoint.tree_size}\n{coded}\n"


def open_note(note: str, verifier: Verifier) -> Checkpoint:
    """Read a signed checkpoint, if the key signed it.

    Raises:
        JournalError: It is no checkpoint, or this key has not signed it.
    """
    text, found, signatures = note.rpartition("\n\n")
    text += "\n"
    if not found or not any(_signed(text, line, verifier) for line in signatures.splitlines()):
        raise JournalError("the checkpoint", f"is not signed by {verifier.name}")
    return read(text)


def read(text: str) -> Checkpoint:
    """Read the text of a checkpoint, its signatures left aside.

    Raises:
        JournalError: It is no checkpoint.
    """
    lines = text.split("\n")
    root = _decoded(lines[2]) if len(lines) > 3 else b""
    size = lines[1] if len(lines) > 3 else ""
    plain = size.isascii() and size.isdigit() and (size == "0" or size[0] != "0")
    if not lines[0] or not plain or len(root) != 32:
        raise JournalError("the checkpoint", "is not the text of one")
    return Checkpoint(lines[0], int(size), root)


def _signed(text: str, line: str, verifier: Verifier) -> bool:
    """Say whether a signature line is this key's over the text."""
    name, _, coded = line.removeprefix(DASH).partition(" ")
    signature = _decoded(coded)
    if not line.startswith(DASH) or name != verifier.name or signature[:4] != verifier.key_id:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(verifier.key).verify(signature[4:], text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def _decoded(coded: str) -> bytes:
    try:
        return base64.b64decode(coded, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(c.isspace() for c in name)
