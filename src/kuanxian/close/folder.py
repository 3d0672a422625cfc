"""Folder: where a close is written, and how it gets its name.

::

    DIR                  the published close; appears whole, by one rename
    .DIR.closing/        the work folder beside it; what a kill leaves behind
      inputs.json        what is being closed; other inputs begin afresh
      finished.jsonl     one line a finished slice
      out/               the files as they grow; this folder becomes DIR
    .DIR.lock            held while a close runs; the system releases it with the process

Nothing here ever removes or overwrites a published close.
"""

import errno
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from kuanxian.base.errors import CloseError
from kuanxian.close.order import MANIFEST, read_manifest
from kuanxian.intake.book import sync_path

OUTPUTS: Final = ("positions.parquet", "refusals.parquet", "summary.json", "report.html")
_NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_NO_RIGHT: Final = (errno.EACCES, errno.EPERM, errno.EROFS)


@contextmanager
def held(out: Path) -> Iterator[None]:
    """Keep every other close away from ``out`` for as long as this one runs.

    The lock is the system's, so a killed process leaves none behind; the number in the
    file is there to be read by people.

    Raises:
        CloseError: Another process is closing into ``out``; the message names it.
    """
    place = out.parent / f".{out.name}.lock"
    while True:
        handle = os.open(place, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            owner = os.read(handle, 32).decode("ascii", "replace").strip() or "unknown"
            os.close(handle)
            raise CloseError(
                out.name,
                f"another close is writing it (process {owner})",
                "wait for it to end, or choose another --out",
            ) from error
        if _is_same_file(place, handle):
            break
        os.close(handle)  # its owner removed the file between our two calls
    try:
        os.truncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode("ascii"), 0)
        yield
    finally:
        place.unlink(missing_ok=True)
        os.close(handle)


def find_published(out: Path, inputs: dict[str, Any]) -> dict[str, Any] | None:
    """Look whether ``out`` already holds this very close, and verify it byte for byte.

    Returns:
        Its manifest; None where ``out`` is free.

    Raises:
        CloseError: ``out`` holds something else, or a damaged close.
    """
    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return None
    if not out.is_dir() or not (out / MANIFEST).is_file():
        raise CloseError(
            out.name,
            "there is something here that is not a close",
            "choose another --out, or remove this first",
        )
    manifest = read_manifest(out)
    if manifest["inputs"] != inputs:
        raise CloseError(
            out.name,
            f"it holds another close: {_first_difference(manifest['inputs'], inputs)}",
            "choose another --out for each day and book; a published close is never replaced",
        )
    for name in dict.fromkeys((*OUTPUTS, *manifest["outputs"])):
        if not (out / name).is_file() or measure(out / name) != manifest["outputs"][name]:
            raise CloseError(
                out.name,
                f"{name} is not what was published",
                "move this folder away and close again; the result will be the same",
            )
    return manifest


def open_work(out: Path, inputs: dict[str, Any]) -> Path:
    """Open the work folder beside ``out``: the one a kill left behind, or a new one."""
    work = out.parent / f".{out.name}.closing"
    text = json.dumps(inputs, sort_keys=True)
    try:
        same = (work / "inputs.json").read_text(encoding="utf-8") == text
    except (OSError, ValueError):
        same = False
    if not same:
        remove_work(out)
        (work / "out").mkdir(parents=True)
        (work / "inputs.json").write_text(text, encoding="utf-8")
    return work


def remove_work(out: Path) -> None:
    """Remove the work folder beside ``out``, if there is one."""
    shutil.rmtree(out.parent / f".{out.name}.closing", ignore_errors=True)


def publish(work: Path, out: Path, manifest: dict[str, Any]) -> None:
    """Give the finished folder its name: first all bytes to disk, then one rename."""
    text = json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=False)
    (work / "out" / MANIFEST).write_text(text + "\n", encoding="utf-8")
    for name in (*manifest["outputs"], MANIFEST):
        sync_path(work / "out" / name)
    sync_path(work / "out")
    (work / "out").rename(out)  # takes the place of an empty folder, of nothing else
    sync_path(out.parent)
    remove_work(out)


def measure(path: Path) -> dict[str, int | str]:
    """Take the size and SHA-256 of a file."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return {"bytes": path.stat().st_size, "sha256": digest}


@contextmanager
def disk_errors_named(out: Path) -> Iterator[None]:
    """Turn a full or forbidden disk into an error that says what to do."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise CloseError(
                out.name,
                "there is no room left on the disk",
                "make room and run the same command again; it goes on where it stopped",
            ) from error
        if error.errno in _NO_RIGHT:
            raise CloseError(
                out.name,
                "this place cannot be written to",
                "choose an --out in a folder you may write to",
            ) from error
        raise


def _is_same_file(place: Path, handle: int) -> bool:
    try:
        return os.path.samestat(place.stat(), os.fstat(handle))
    except FileNotFoundError:
        return False


def _first_difference(there: dict[str, Any], here: dict[str, Any]) -> str:
    for name in ("as_of", "book", "version", "previous", *sorted(here)):
        if there.get(name) != here.get(name):
            return f"its {name} is {there.get(name) or 'none'}, not {here.get(name) or 'none'}"
    return "it was written by another version"
