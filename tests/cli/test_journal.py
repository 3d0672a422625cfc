"""``kuanxian journal``: sign, verify, prove, hand out; what was tampered with is code 1."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.databases import Database
from tests.journal.drafts import drafts, put
from tests.journal.test_verify import tamper

from kuanxian.cli.journal_place import key_path
from kuanxian.cli.keeping import config_folder
from kuanxian.cli.up import chosen_data
from kuanxian.store.place import ADMIN

PROGRAM = Path(sys.executable).with_name("kuanxian")


@pytest.fixture
def run(embedded_database: Database, tmp_path: Path):  # type: ignore[no-untyped-def]
    """Run a command of the journal on a filled database, its key in a folder of the test."""
    put(embedded_database, *drafts(30, streams=4))

    def do(*words: str | Path, group: str = ADMIN) -> subprocess.CompletedProcess[str]:
        place = ("--database-url", embedded_database.url(group), "--data", tmp_path)
        command = [PROGRAM, "journal", *words, *place]
        environment = {**os.environ, "KUANXIAN_JOURNAL_KEY": str(tmp_path / "keys" / "journal.key")}
        return subprocess.run(
            command, capture_output=True, text=True, cwd=tmp_path, env=environment
        )

    return do


def test_the_life_of_a_journal(run, embedded_database: Database, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    said = run("verify", group="kx_audit")
    assert said.returncode == 0
    assert "30 entries in 4 streams\n0 in the log, 30 not yet" in said.stdout
    assert "signatures were not checked" in said.stdout
    assert "the newest 30 entries are under no checkpoint" in said.stdout

    missing = run("checkpoint")
    assert missing.returncode == 2
    assert "--name NAME makes one" in missing.stderr
    first = run(
        "checkpoint", "--name", "lender.example/journal", "--out", "old.txt", group="kx_app"
    )
    assert first.returncode == 0, first.stderr
    put(embedded_database, *drafts(12, streams=4, tag="later"))
    note = run("checkpoint", group="kx_app").stdout
    assert note.startswith("lender.example/journal\n42\n")

    assert "under no checkpoint" not in run("verify", group="kx_audit").stdout
    facts = json.loads(run("verify", "--json", group="kx_audit").stdout)
    assert (facts["signed_size"], facts["findings"]) == (42, [])
    assert facts["signatures_checked"]
    assert facts["unsigned"] == 0
    proof = json.loads(run("prove", "--entry", "7", group="kx_audit").stdout)
    assert (proof["leaf_no"], proof["checkpoint"]) == (6, note)
    grown = json.loads(run("prove", "--since", "old.txt", group="kx_audit").stdout)
    assert grown["old_size"] == 30
    assert run("prove").returncode == 2

    assert run("evidence", "loan:1", "--out", "bundle", group="kx_audit").returncode == 0
    command = [sys.executable, "-I", "-S", str(tmp_path / "bundle/verify.py")]
    assert subprocess.run(command, capture_output=True).returncode == 0
    assert len(run("export", group="kx_audit").stdout.splitlines()) == 42

    tamper(embedded_database, "UPDATE journal.entry SET actor = 'system:tess' WHERE entry_no = 9")
    found = run("verify", group="kx_audit")
    assert found.returncode == 1
    assert "entry 9: actor: byte 10 was changed" in found.stdout


def test_the_signing_key_is_not_looked_for_where_the_data_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("KUANXIAN_JOURNAL_KEY", raising=False)
    assert key_path(Path("given")) == Path("given")
    assert key_path(None).parent == config_folder()
    assert not config_folder().is_relative_to(chosen_data(None))
