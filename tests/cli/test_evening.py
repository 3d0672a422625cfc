"""``kuanxian close`` with a database, as it is typed: close, then the evening over its cases."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.action.contact.conftest import REGISTERED
from tests.action.contact.scene import typed
from tests.close.small_books import TERMS, write
from tests.close.town import channel_file, told_of
from tests.databases import Running
from tests.outreach.conftest import listener
from tests.outreach.parties import Listener

from kuanxian.base.days import day_number
from kuanxian.cli.keeping import today as today_there
from kuanxian.cli.main import main
from kuanxian.outreach.simulator.aggregator import Aggregator

__all__ = ["listener"]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    tmp_path: Path,
    key_file: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Run:
    """Run a command in this process."""
    monkeypatch.setenv("KUANXIAN_KEY_FILE", str(key_file))
    monkeypatch.setenv("KUANXIAN_TENANT", "lender-evening")
    for name in ("KUANXIAN_KEYS", "KUANXIAN_DATABASE_URL", "KUANXIAN_DATA", "KUANXIAN_VAULT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)

    def do(*words: str | Path) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stop:
            main(list(map(str, words)))
        said = capsys.readouterr()
        return int(stop.value.code or 0), said.out, said.err

    return do


@pytest.mark.slow
def test_a_close_with_a_database_runs_the_evening_and_twice_sends_nothing(
    run: Run, embedded: Running, tmp_path: Path, listener: Listener
) -> None:
    today = today_there()
    lent = TERMS._replace(disbursed_on=day_number(today) - 45)
    book = write(tmp_path / "book", [[]], [lent], names=["loan-0000"])
    data = ("--data", embedded.server.data)
    (tmp_path / "case.json").write_text(json.dumps(typed(told_of(0, "mobile", "app"))))
    run("contact", *data, "open-case", "case.json", "--id", "case-evening")
    aggregator = Aggregator(listener.url, lambda: 0)
    (tmp_path / "channels.toml").write_text(
        channel_file(aggregator.url, 25, tmp_path / "queue"), "utf-8"
    )
    registered = "".join(f'{name} = "{value}"\n' for name, value in REGISTERED.items())
    (tmp_path / "registered.toml").write_text(registered, "utf-8")
    close = ("close", book.path, "--as-of", today.isoformat(), "--out", "day", "--no-law")
    with_database = (*close, *data, "--registered", "registered.toml", "--send", "channels.toml")
    code, said, error = run(*with_database)
    assert (code, error) == (0, "")
    told = json.loads((tmp_path / "day.evening.json").read_text())
    assert f"evening: {told['cases']} cases" in said
    assert told["retention"] == {"erased": 0, "frozen": 0, "unknown": 0}
    assert told["ledger_good"]
    lines = (tmp_path / "day.evening.jsonl").read_text().splitlines()
    mine = next(one for one in map(json.loads, lines) if one["case_id"] == "case-evening")
    # By the hour of the day something left or was refused; either way the second run adds nothing.
    assert len(mine["sent"]) == 2
    # Held: of a case that was typed no yes to a report is known, so none is given notice of.
    assert {one["what"] for one in mine["sent"]} <= {"accepted", "refused", "failed", "held"}
    taken = aggregator.taken
    again = run(*with_database)
    assert again[0] == 0
    assert "already closed, verified" in again[1]
    assert aggregator.taken == taken
    aggregator.close()


@pytest.mark.slow
def test_without_a_database_nothing_but_the_close_is_there(run: Run, tmp_path: Path) -> None:
    book = write(tmp_path / "book", [[]], names=["loan-0000"])
    given = ("--as-of", "2026-04-15", "--out", "day", "--no-law")
    assert run("close", book.path, *given)[0] == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "book",
        "day",
        "keys",
        "keys.tenants",
    ]
