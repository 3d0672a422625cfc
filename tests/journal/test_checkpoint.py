"""Checkpoints: the C2SP text, signed; what was changed or signed by another is refused."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kuanxian.base.errors import JournalError
from kuanxian.journal.checkpoint import (
    Checkpoint,
    Signer,
    Verifier,
    open_note,
    read,
    read_verifier,
    sign,
)

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
SIGNER = Signer("lender.example/journal", KEY)
POINT = Checkpoint("lender.example/journal", 3, bytes(range(32)))


def test_a_note_has_the_lines_of_c2sp_and_opens_with_its_key() -> None:
    note = sign(POINT, SIGNER)
    origin, size, root, empty, signature, end = note.split("\n")
    assert (origin, size, empty, end) == ("lender.example/journal", "3", "", "")
    assert base64.b64decode(root) == bytes(range(32))
    assert signature.startswith("— lender.example/journal ")
    assert len(base64.b64decode(signature.split()[-1])) == 4 + 64
    assert open_note(note, SIGNER.verifier) == POINT


def test_a_key_of_the_go_checksum_database_is_read_as_it_is_published() -> None:
    """The best known key of this form; its id is computed from name and key."""
    text = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
    verifier = read_verifier(text)
    assert verifier.name == "sum.golang.org"
    assert str(verifier) == text


def test_every_changed_byte_of_a_note_is_noticed() -> None:
    note = sign(POINT, SIGNER).encode()
    for place in range(len(note) - 1):
        changed = bytearray(note)
        changed[place] ^= 1
        try:
            text = changed.decode()
        except UnicodeDecodeError:
            continue
        with pytest.raises(JournalError):
            open_note(text, SIGNER.verifier)


def test_another_key_and_another_name_are_refused() -> None:
    note = sign(POINT, SIGNER)
    other = Ed25519PrivateKey.from_private_bytes(bytes(32))
    for verifier in (Signer(SIGNER.name, other).verifier, Verifier("other", SIGNER.verifier.key)):
        with pytest.raises(JournalError, match="is not signed by"):
            open_note(note, verifier)


def test_a_note_may_carry_other_signatures_too() -> None:
    note = sign(POINT, SIGNER) + "— witness.example AAAAAAAA\n"
    assert open_note(note, SIGNER.verifier) == POINT


@pytest.mark.parametrize(
    "text",
    ["", "a\n1\n", "a\n01\nAAAA\n", "a\n-1\n" + "A" * 43 + "=\n", "\n1\n" + "A" * 43 + "=\n",
     "a\nx\n" + "A" * 43 + "=\n", "a\n1\n" + "A" * 43 + "\n"],
)  # fmt: skip
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(JournalError):
        read(text)


@pytest.mark.parametrize("text", ["", "a+b", "a+00000000+AQ==", "a b+00000000+AAAA", "+x+x"])
def test_what_is_no_public_key_is_refused(text: str) -> None:
    with pytest.raises(JournalError, match="the public key"):
        read_verifier(text)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb"])
def test_a_name_that_would_not_read_back_is_refused(name: str) -> None:
    with pytest.raises(JournalError, match="one word"):
        sign(POINT._replace(origin=name), SIGNER)


def test_a_signer_does_not_show_its_key() -> None:
    assert KEY.private_bytes_raw().hex() not in repr(SIGNER)
