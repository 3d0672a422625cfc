"""An evidence bundle: one stream, proven, for somebody who has no database and no Kuanxian.

A folder of plain files: the entries with their proofs, the signed checkpoint, the public key,
a verifier of one file (``bundle_verifier.py``), and a page in Chinese and English that says
how to use it. The key in the bundle proves nothing by itself: whoever checks must have it from
somewhere else too.
"""

import base64
import json
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from kuanxian.base.errors import JournalError
from kuanxian.journal.checkpoint import Verifier, open_note
from kuanxian.journal.entry import Entry, micros
from kuanxian.journal.log import Log
from kuanxian.journal.read import read_stream

FORM = "kuanxian evidence v1"
VERIFIER = Path(__file__).with_name("bundle_verifier.py")
README = Path(__file__).with_name("bundle_readme.txt")


def write_bundle(connection: sa.Connection, stream: str, out: Path, verifier: Verifier) -> int:
    """Write the bundle of one stream, proven against the newest checkpoint.

    Args:
        connection: As ``kx_audit`` or ``kx_app``.
        stream: Its name.
        out: A folder that does not exist yet.
        verifier: The key whose checkpoints count.

    Returns:
        How many entries it holds.

    Raises:
        JournalError: There is no such stream, no checkpoint, an entry is newer than it, or the
            checkpoint is not signed by this key.
    """
    note = newest_note(connection)
    point = open_note(note, verifier)
    entries = read_stream(connection, stream)
    if not entries:
        raise JournalError("the stream", "there is no such stream")
    log = Log(connection)
    held = [_with_proof(entry, log, point.tree_size) for entry in entries]
    try:
        out.mkdir(parents=True)
    except FileExistsError:
        raise JournalError(str(out), "is there already", "Name a new folder.") from None
    bundle = {"form": FORM, "stream": stream, "entries": held}
    text = json.dumps(bundle, indent=1, ensure_ascii=False, sort_keys=True)
    (out / "entries.json").write_text(text + "\n", encoding="utf-8")
    (out / "checkpoint.txt").write_text(note, encoding="utf-8")
    (out / "key.txt").write_text(f"{verifier}\n", encoding="utf-8")
    (out / "verify.py").write_bytes(VERIFIER.read_bytes())
    (out / "README.txt").write_bytes(README.read_bytes())
    return len(held)


def newest_note(connection: sa.Connection) -> str:
    """Give the newest signed checkpoint.

    Raises:
        JournalError: None was signed yet.
    """
    query = sa.text("SELECT note FROM journal.checkpoint ORDER BY tree_size DESC LIMIT 1")
    note = connection.scalar(query)
    if note is None:
        advice = "Run kuanxian journal checkpoint."
        raise JournalError("the journal", "no checkpoint was signed yet", advice)
    return str(note)


def _with_proof(entry: Entry, log: Log, size: int) -> dict[str, Any]:
    """Write an entry with its place in the log and its proof."""
    leaf_no = log.leaf_of(entry.entry_no)
    if leaf_no >= size:
        reason = "is newer than the newest checkpoint"
        raise JournalError(f"entry {entry.entry_no}", reason, "Run kuanxian journal checkpoint.")
    proof = log.inclusion(leaf_no, size)
    return entry_words(entry) | {
        "leaf_no": leaf_no,
        "proof": [base64.b64encode(step).decode() for step in proof],
    }


def entry_words(entry: Entry) -> dict[str, Any]:
    """Write an entry as JSON values: what its header is made of, and the body as text."""
    return {
        "stream": entry.stream,
        "stream_version": entry.stream_version,
        "kind": entry.kind,
        "business_on": entry.business_on.isoformat(),
        "happened_at": entry.happened_at.isoformat(),
        "happened_at_micros": micros(entry.happened_at),
        "recorded_at": entry.recorded_at.isoformat(),
        "recorded_at_micros": micros(entry.recorded_at),
        "actor": entry.actor,
        "login": entry.login,
        "idempotency_key": entry.idempotency_key,
        "previous_hash": entry.previous_hash.hex(),
        "entry_hash": entry.entry_hash.hex(),
        "body": entry.body.decode(),
    }
