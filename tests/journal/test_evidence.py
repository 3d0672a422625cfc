"""A bundle is checked by its own verifier, without our package, and no change gets past it."""

import base64
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.databases import Database
from tests.journal.drafts import draft, drafts, put
from tests.journal.test_checkpoint import SIGNER
from tests.journal.test_verify import sign_now

from kuanxian.base.errors import JournalError
from kuanxian.journal import bundle_verifier
from kuanxian.journal.evidence import write_bundle
from kuanxian.journal.log import Log

KEY = str(SIGNER.verifier)


def bundle_of(database: Database, stream: str, out: Path) -> int:
    with database.engine("kx_audit").connect() as connection:
        return write_bundle(connection, stream, out, SIGNER.verifier)


@pytest.fixture
def bundle(embedded_database: Database, tmp_path: Path) -> Path:
    put(embedded_database, *drafts(30, streams=4))
    sign_now(embedded_database)
    assert bundle_of(embedded_database, "loan:1", tmp_path / "bundle") == 8
    return tmp_path / "bundle"


def verified(folder: Path, *words: str, python: str = sys.executable) -> tuple[int, str]:
    """Run the bundle's verifier with nothing but the standard library."""
    done = subprocess.run([python, "-I", "-S", folder / "verify.py", *words],
                          capture_output=True, text=True, cwd=folder)  # fmt: skip
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_a_bundle_holds_with_the_standard_library_alone(bundle: Path) -> None:
    code, said = verified(bundle, "--key", KEY)
    assert code == 0, said
    assert "entries 1 to 8" in said
    assert said.endswith("成立 HOLDS\n")
    code, said = verified(bundle)
    assert code == 0
    assert "the key is the bundle's own" in said


@pytest.mark.parametrize("version", ["3.8", "3.9", "3.13"])
def test_it_runs_on_other_pythons_where_they_are(bundle: Path, version: str) -> None:
    found = shutil.which(f"python{version}")
    if not found or subprocess.run([found, "-c", ""], capture_output=True).returncode:
        pytest.skip(f"no Python {version} on this machine")
    assert verified(bundle, python=found)[0] == 0


def test_the_verifier_knows_nothing_of_our_package() -> None:
    text = Path(bundle_verifier.__file__).read_text("utf-8")
    imports = set(re.findall(r"^\s*(?:from|import) ([\w.]+)", text, re.MULTILINE))
    allowed = {"argparse", "base64", "json", "os", "sys", "hashlib", "typing", "datetime",
               "__future__"}  # fmt: skip
    assert {name for name in imports if not name.startswith("cryptography")} <= allowed


def change(where: str) -> Callable[[Path], None]:
    """Change one field of one entry."""

    def do(folder: Path) -> None:
        held = json.loads((folder / "entries.json").read_text("utf-8"))
        entry = held["entries"][3]
        value = entry[where]
        if isinstance(value, int):
            entry[where] = value + 1
        elif isinstance(value, list):
            entry[where] = value[1:]
        else:
            entry[where] = ("1" if value[0] != "1" else "2") + value[1:]
        (folder / "entries.json").write_text(json.dumps(held), "utf-8")

    return do


def drop(place: int) -> Callable[[Path], None]:
    """Take one entry out."""

    def do(folder: Path) -> None:
        held = json.loads((folder / "entries.json").read_text("utf-8"))
        del held["entries"][place]
        (folder / "entries.json").write_text(json.dumps(held), "utf-8")

    return do


FIELDS = ("stream", "stream_version", "kind", "business_on", "happened_at", "happened_at_micros",
          "recorded_at", "recorded_at_micros", "actor", "login", "idempotency_key", "body",
          "previous_hash", "entry_hash", "leaf_no", "proof")  # fmt: skip


@pytest.mark.parametrize("field", FIELDS)
def test_a_changed_field_does_not_hold(bundle: Path, field: str) -> None:
    change(field)(bundle)
    code, said = verified(bundle, "--key", KEY)
    assert code != 0
    assert "HOLDS" not in said


@pytest.mark.parametrize("place", [0, 3])
def test_a_missing_entry_does_not_hold(bundle: Path, place: int) -> None:
    drop(place)(bundle)
    code, said = verified(bundle, "--key", KEY)
    assert code == 1
    assert "DOES NOT HOLD" in said


def test_another_key_a_changed_note_and_a_broken_file_do_not_hold(bundle: Path) -> None:
    note = (bundle / "checkpoint.txt").read_text("utf-8")
    assert verified(bundle, "--key", KEY.replace("A", "B", 1))[0] == 1
    (bundle / "checkpoint.txt").write_text(note.replace("\n30\n", "\n31\n"), "utf-8")
    assert verified(bundle)[0] == 1
    (bundle / "checkpoint.txt").write_text(note, "utf-8")
    (bundle / "entries.json").write_text("{", "utf-8")
    code, said = verified(bundle)
    assert (code, said.split(":")[0]) == (2, "无法读取 cannot be read")


def test_what_is_not_signed_is_not_taken_along(bundle: Path) -> None:
    path = bundle / "entries.json"
    whole = path.read_text("utf-8")
    twice = whole.replace('"body": ', '"body": "{}", "body": ', 1)
    told = json.loads(whole)
    told["entries"][0]["note"] = "the borrower admitted it"
    more = json.dumps({**json.loads(whole), "summary": "all of it is owed"})
    for text, words in ((twice, "given twice"), (json.dumps(told), "more or less than what is"),
                        (more, "not of a form")):  # fmt: skip
        path.write_text(text, "utf-8")
        code, said = verified(bundle, "--key", KEY)
        assert (code, words in said) == (1, True)
    path.write_text("[" * 200_000, "utf-8")
    code, said = verified(bundle)
    assert (code, "cannot be read" in said) == (2, True)


def test_the_same_said_in_other_bytes_does_not_hold(bundle: Path) -> None:
    path = bundle / "entries.json"
    whole = path.read_text("utf-8")
    entry = json.loads(whole)["entries"][3]
    step = next(one for one in entry["proof"] if one.endswith("="))
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    at = entry["happened_at"]
    for old, new in ((at, at.replace("T", " ")),
                     (step, step[:-2] + letters[letters.index(step[-2]) + 1] + "=")):  # fmt: skip
        path.write_text(whole.replace(old, new, 1), "utf-8")
        assert verified(bundle, "--key", KEY)[0] == 1


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "gb18030"])
def test_the_verdict_does_not_hang_on_what_a_terminal_can_show(bundle: Path, encoding: str) -> None:
    done = subprocess.run([sys.executable, bundle / "verify.py"], capture_output=True,
                          env={"PYTHONIOENCODING": encoding})  # fmt: skip
    assert (done.returncode, b"HOLDS" in done.stdout, done.stderr) == (0, True, b"")


def test_what_is_not_signed_yet_is_not_handed_out(database: Database, tmp_path: Path) -> None:
    put(database, draft())
    with pytest.raises(JournalError, match="no checkpoint was signed yet"):
        bundle_of(database, "loan:1", tmp_path / "a")
    sign_now(database)
    with pytest.raises(JournalError, match="there is no such stream"):
        bundle_of(database, "loan:9", tmp_path / "a")
    put(database, draft(key="later"))
    with pytest.raises(JournalError, match="is not in the log"):
        bundle_of(database, "loan:1", tmp_path / "a")
    assert not (tmp_path / "a").exists()


def test_growth_between_two_checkpoints_is_checked_without_us(
    embedded_database: Database, tmp_path: Path
) -> None:
    notes = []
    for tag in "ab":
        put(embedded_database, *drafts(20, tag=tag))
        notes.append(sign_now(embedded_database))
    with embedded_database.engine("kx_audit").connect() as connection:
        proof = Log(connection).consistency(20, 40)
    shutil.copy(bundle_verifier.__file__, tmp_path / "verify.py")
    (tmp_path / "old.txt").write_text(notes[0], "utf-8")
    (tmp_path / "new.txt").write_text(notes[1], "utf-8")
    words = ("--old", "old.txt", "--new", "new.txt", "--proof", "proof.json", "--key", KEY)
    coded = [base64.b64encode(step).decode() for step in proof]
    (tmp_path / "proof.json").write_text(json.dumps({"proof": coded}), "utf-8")
    assert verified(tmp_path, *words) == (0, "20 → 40\n成立 HOLDS\n")
    (tmp_path / "key.txt").write_text(KEY, "utf-8")
    assert "the key is the bundle's own" in verified(tmp_path, *words[:-2])[1]
    (tmp_path / "proof.json").write_text(json.dumps({"proof": coded[1:]}), "utf-8")
    assert verified(tmp_path, *words)[0] == 1


@settings(max_examples=12)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=60), st.integers(0, 511))
def test_the_plain_ed25519_says_what_the_library_says(
    seed: bytes, message: bytes, bit: int
) -> None:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    assert bundle_verifier.plain_signed_by(public, signature, message)
    changed = bytearray(signature)
    changed[bit // 8] ^= 1 << bit % 8
    for plain in (bundle_verifier.plain_signed_by, bundle_verifier.signed_by):
        assert not plain(public, bytes(changed), message)
        assert not plain(public, signature, message + b"x")


def test_the_plain_ed25519_knows_the_vector_of_rfc_8032() -> None:
    public = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    signature = bytes.fromhex(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    assert bundle_verifier.plain_signed_by(public, signature, b"\x72")
    assert not bundle_verifier.plain_signed_by(public, signature[:63], b"\x72")
    assert not bundle_verifier.plain_signed_by(b"\xff" * 32, signature, b"\x72")
