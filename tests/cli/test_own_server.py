"""The rights on a lender's own server, where a login is one group: each step by whose it is."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.databases import Database

from kuanxian.cli import main as command_line
from kuanxian.cli.up import LOGIN_VARIABLES
from kuanxian.store.roles import APP, AUDIT, OWNER, VAULT
from kuanxian.vault.key_file import add_key, read_key_file
from kuanxian.vault.tenant_keys import USES, tenant_file, tenant_key

Run = Callable[..., tuple[int, str, str]]
LENDER = ("--lender", "某某消费金融有限公司", "--reach", "400-000-0000")


@pytest.fixture
def run(
    database: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Run a command; the environment names one login a group, unless told otherwise."""
    for name in ("KUANXIAN_KEYS", "KUANXIAN_TENANT", "KUANXIAN_ACTOR"):
        monkeypatch.delenv(name, raising=False)
    add_key(tmp_path / "keys", "k1")
    monkeypatch.setenv("KUANXIAN_KEY_FILE", str(tmp_path / "keys"))
    monkeypatch.setenv("KUANXIAN_DATABASE_URL", database.url(APP))
    for group, name in LOGIN_VARIABLES.items():
        monkeypatch.setenv(name, database.url(group))

    def run_one(*words: str, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(typed.encode())))
        with pytest.raises(SystemExit) as stop:
            command_line.main(words)
        said = capsys.readouterr()
        assert isinstance(stop.value.code, int)
        return stop.value.code, said.out, said.err

    return run_one


def rights(tmp_path: Path) -> list[tuple[tuple[str, ...], str]]:
    """List what a person may ask for, in an order that works, and the group that each needs too."""
    copy = str(tmp_path / "copy.json")
    marketing = ("person", "consents", "p-1", "--purpose", "marketing")
    return [
        (("person", "ask", "c-1", "--purpose", "pass_message", *LENDER), ""),
        ((*marketing, "--answer", "volunteered", *LENDER), ""),
        ((*marketing, "--answer", "withdrawn"), ""),
        (("person", "view", "c-1"), APP),
        (("person", "export", "p-1", "--request", "r-1", "--out", copy), APP),
        (("vault", "poison", "p-1"), OWNER),
        (("vault", "retention"), AUDIT),
        (("person", "erase", "p-1", "--lender-type", "bank"), AUDIT),
    ]


def nominated(run: Run) -> None:
    assert run("person", "add", "p-1")[0] == 0
    assert run("person", "put", "p-1", "phone", typed="17405000001\n")[0] == 0
    assert run("person", "nominate", "p-1", "c-1", "--purpose", "pass_message")[0] == 0


def test_every_right_works_where_each_group_has_its_own_login(run: Run, tmp_path: Path) -> None:
    nominated(run)
    for words, _ in rights(tmp_path):
        assert run(*words)[::2] == (0, ""), words
    assert json.loads((tmp_path / "copy.json").read_text())["values"] == {"phone": "+8617405000001"}
    assert run("journal", "verify")[0] == 0
    assert run("up")[::2] == (0, "")
    assert run("contact", "day")[::2] == (0, "")


def test_a_login_that_is_missing_is_named_and_no_defect(
    run: Run, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nominated(run)
    for group, name in LOGIN_VARIABLES.items():
        if group != VAULT:
            monkeypatch.delenv(name)
    monkeypatch.setenv("KUANXIAN_DATABASE_URL", database.url(VAULT))
    for words, group in rights(tmp_path):
        code, _, error = run(*words)
        assert (code, group in error) == (2 if group else 0, True), (words, error)
        assert not group or LOGIN_VARIABLES[group] in error
    assert run("person", "show", "p-1")[1].startswith("p-1: debtor, active")


def test_the_addresses_of_the_logins_name_one_database(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUANXIAN_AUDIT_URL", "postgresql://auditor:hunter2@db.internal/other")
    code, _, error = run("person", "add", "p-1")
    assert (code, "kx_audit" in error, "another database" in error) == (2, True, True)
    assert "hunter2" not in error


ASKED = (("find", "phone"), ("put", "c-1", "phone"), ("add", "p-2"))


def test_people_are_found_by_the_index_key_they_were_put_in_with_and_no_other_is_taken(
    run: Run, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nominated(run)

    def asked(*, why: str) -> None:
        for words in ASKED:
            code, _, error = run("person", *words, typed="17405000001\n")
            assert (code, why in error) == (2, True), (words, error)

    file = tmp_path / "keys.tenants"
    kept = file.read_bytes()
    file.write_text("{}")  # its copy of the day when the key was made
    asked(why="no index key of lender-1")
    other = tmp_path / "other"
    add_key(other, "k1")
    monkeypatch.setenv("KUANXIAN_KEY_FILE", str(other))  # that of another machine
    asked(why="no index key of lender-1")
    for use in USES:
        tenant_key(tenant_file(other), read_key_file(other), "lender-1", use)
    asked(why="another index key")
    monkeypatch.setenv("KUANXIAN_KEY_FILE", str(tmp_path / "keys"))
    file.write_bytes(kept)
    find = ("person", "find", "phone")
    assert run(*find, typed="17405000001\n")[1] == "p-1\n"

    def as_owner(statement: str) -> None:
        with database.engine(OWNER).begin() as connection:
            connection.execute(sa.text(statement))

    as_owner("UPDATE vault.index_key SET digest = NULL")  # as an upgrade leaves it
    file.write_text("{}")
    asked(why="no index key of lender-1")
    file.write_bytes(kept)
    assert run(*find, typed="17405000001\n")[1] == "p-1\n"
    as_owner("DELETE FROM vault.index_key")  # lost for good
    file.write_text("{}")
    assert run(*find, typed="17405000001\n")[1] == "nobody\n"


def test_a_vault_with_nobody_in_it_takes_the_keys_that_come(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("person", "find", "phone", typed="17405000001\n")[1] == "nobody\n"
    monkeypatch.setenv("KUANXIAN_KEYS", (tmp_path / "keys").read_text().strip())
    monkeypatch.setenv("KUANXIAN_KEY_FILE", str(tmp_path / "new" / "keys"))
    nominated(run)
    assert [one.name for one in (tmp_path / "new").iterdir() if one.suffix == ".tenants"] != []


def test_what_an_option_names_is_done_nowhere_else(
    run: Run, database: Database, tmp_path: Path
) -> None:
    nominated(run)
    name = sa.make_url(database.url(VAULT)).database
    elsewhere = ("--database-url", f"postgresql://opener@staging.example/{name}")
    for words in (("person", *elsewhere, "erase", "p-1", "--lender-type", "bank"),
                  ("vault", *elsewhere, "budget", "officer", "o-1", "3"),
                  ("contact", *elsewhere, "day")):  # fmt: skip
        code, _, error = run(*words)
        assert (code, "another server than --database-url" in error) == (2, True), (words, error)
    folder = tmp_path / "try"
    for words in (("person", "--data", str(folder), "erase", "p-1", "--lender-type", "bank"),
                  ("journal", "verify", "--data", str(folder))):  # fmt: skip
        code, _, error = run(*words)
        assert (code, "--data: the environment names" in error) == (2, True), (words, error)
    assert run("up", "--data", str(folder))[0] == 2
    assert not folder.exists()
    here = ("--database-url", database.url(VAULT))
    assert run("person", *here, "show", "p-1")[1].startswith("p-1: debtor, active")


def test_logins_that_are_named_alone_are_a_database_too(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nominated(run)
    monkeypatch.setenv("KUANXIAN_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("KUANXIAN_DATABASE_URL")
    assert run("person", "show", "p-1")[1].startswith("p-1: debtor, active")
    assert run("up")[0] == 0
    assert not (tmp_path / "data").exists()


def test_a_contact_whose_use_was_stopped_is_erased_at_once_by_their_withdrawal(run: Run) -> None:
    nominated(run)
    answer = ("person", "consents", "c-1", "--purpose", "pass_message", *LENDER, "--answer")
    assert run(*answer, "given")[0] == 0
    assert run("person", "restrict", "c-1")[0] == 0
    assert run(*answer, "withdrawn")[0] == 0
    assert "c-1: contact, erased" in run("person", "show", "c-1")[1]
    assert run(*answer, "withdrawn")[0] == 0  # once more is a receipt
