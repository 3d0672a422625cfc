"""The command ``kuanxian intake``: what it prints, and how it fails."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from kuanxian.cli.intake import yuan
from kuanxian.cli.main import main

LOANS = (
    "loan_id,principal_fen,disbursed_on,instalments\nA,120000,2024-01-31,12\nB,x,2024-01-31,12\n"
)
EVENTS = "loan_id,kind,value_on,amount_fen\nA,payment,2024-02-29,10000\nB,payment,2024-02-29,1\n"


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> "Run":
    """Run the command in a folder with the two files; give code, output and errors."""
    (tmp_path / "loans.csv").write_text(LOANS)
    (tmp_path / "events.csv").write_text(EVENTS)
    monkeypatch.chdir(tmp_path)

    def run_it(*words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as end:
            main(["intake", *words])
        out, err = capsys.readouterr()
        return int(end.value.code or 0), out, err

    return run_it


Run = Callable[..., tuple[int, str, str]]
ABSENT = (
    "lender_id, segment, product_id, rate_ppb, first_due_on, due_day, instalment_fen, "
    "residual_fen, down_payment_fen, fee_fen, promo_rate_ppb, promo_instalments, "
    "interest_free_instalments, grace_principal_instalments, grace_interest_instalments, "
    "penalty_rate_ppb, late_fee_fen, grace_days"
)
FILES = ("loans.csv", "events.csv", "--layout", "kuanxian", "--out", "book")


def test_it_prints_what_came_in_and_what_was_taken(run: Run) -> None:
    code, out, err = run(*FILES)
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "book: 1 loans, 1 events",
        "loans.csv (loans): 2 rows = 1 taken + 1 refused",
        f"  columns absent: {ABSENT}",
        "  principal_fen: 1,200.00 in all rows = 1,200.00 in rows read + 0.00 in rows refused, "
        "1 cells unreadable",
        "  loans: 1 of 1,200.00 = 1 of 1,200.00 in the book + 0 of 0.00 refused",
        "events.csv (events): 2 rows = 1 taken + 1 refused",
        "  columns absent: event_id, reverses_id, part, field, value, count, until_on, rate_ppb, "
        "interest_fen, fee_fen, recorded_on",
        "  amount_fen: 100.01 in all rows = 100.01 in rows read + 0.00 in rows refused",
        "  events.1: 2 of 100.01 = 1 of 100.00 in the book + 1 of 0.01 refused",
        "refused, loan_refused: 1",
        "refused, not_a_number: 1",
    ]


def test_a_program_gets_the_report_as_json(run: Run) -> None:
    report = json.loads(run(*FILES, "--json")[1])
    assert (report["loans"], report["events"], report["refusals"]) == (1, 1, 2)
    assert report["rows"] == report["taken"] + report["refused"] == 4
    assert report["reasons"] == {"loan_refused": 1, "not_a_number": 1}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("nothing.csv", *FILES[2:]), "error: nothing.csv: there is no such file"),
        ((*FILES[:3], "none", *FILES[4:]), "error: none: there is no layout of this name"),
        (("events.csv", "--layout", "pay-in-n", "--out", "book"), "error: events.csv: no part"),
        ((*FILES[:5], "."), "error: "),
    ],
)
def test_an_error_is_two_lines_and_nothing_is_left(
    run: Run, tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    code, _, err = run(*words)
    assert code == 2
    assert err.startswith(message)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["events.csv", "loans.csv"]


def test_amounts_below_one_are_written_in_full() -> None:
    assert [yuan(fen) for fen in (-5, 0, 7, 123_456)] == ["-0.05", "0.00", "0.07", "1,234.56"]
