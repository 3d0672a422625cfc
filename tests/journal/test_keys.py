"""The signing key is a file nobody else may read, made once."""

from pathlib import Path

import pytest

from kuanxian.base.errors import JournalError
from kuanxian.journal.keys import make_key, read_key


def test_a_key_reads_back_and_its_file_is_private(tmp_path: Path) -> None:
    path = tmp_path / "journal.key"
    made = make_key(path, "lender.example/journal", bytes(range(32)))
    assert path.stat().st_mode & 0o777 == 0o600
    read = read_key(path)
    assert read.verifier == made.verifier
    with pytest.raises(JournalError, match="is there already"):
        make_key(path, "other", bytes(32))


def test_a_key_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "journal.key"
    make_key(path, "a", bytes(32))
    path.chmod(0o640)
    with pytest.raises(JournalError, match="others may read this key"):
        read_key(path)


@pytest.mark.parametrize("text", ["", "PRIVATE+KEY+a+00000000+AAAA", "PRIVATE+KEY+a+b+ä"[:-1]])
def test_what_is_no_key_is_refused_and_not_quoted(tmp_path: Path, text: str) -> None:
    path = tmp_path / "journal.key"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(JournalError, match="holds no key") as caught:
        read_key(path)
    assert "AAAA" not in str(caught.value)


def test_a_missing_key_and_a_bad_name_are_said(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="there is no key"):
        read_key(tmp_path / "none")
    with pytest.raises(JournalError, match="one word"):
        make_key(tmp_path / "k", "two words", bytes(32))
