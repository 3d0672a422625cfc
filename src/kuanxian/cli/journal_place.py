"""Which database and which key a command of the journal is about."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kuanxian.cli.keeping import config_folder
from kuanxian.cli.up import chosen_place

if TYPE_CHECKING:
    import sqlalchemy as sa

    from kuanxian.journal.checkpoint import Verifier


def missing_key() -> "Verifier":
    """Say that a key is needed.

    Raises:
        JournalError: Always.
    """
    from kuanxian.base.errors import JournalError

    raise JournalError("the public key", "is not there", "Give --public-key or --key.")


@contextmanager
def connected(data: Path | None, url: str | None, group: str) -> "Iterator[sa.Connection]":
    """Connect to the database that was chosen, as one group."""
    from kuanxian.store.place import engine, open_connection

    with open_connection(engine(chosen_place(url, data), group)) as connection:
        yield connection


def key_path(key: Path | None) -> Path:
    """Choose the key file: never inside the data folder, so that one theft is not two."""
    said = os.environ.get("KUANXIAN_JOURNAL_KEY")
    return key or (Path(said) if said else config_folder() / "journal.key")


def chosen_verifier(key: Path | None, public: str | None) -> "Verifier | None":
    """Find whose signatures count: the public key given, else the public half of the key file."""
    from kuanxian.journal.checkpoint import read_verifier
    from kuanxian.journal.keys import read_key

    if public:
        path = Path(public)
        return read_verifier(path.read_text(encoding="utf-8") if path.is_file() else public)
    path = key_path(key)
    return read_key(path).verifier if key or path.is_file() else None
