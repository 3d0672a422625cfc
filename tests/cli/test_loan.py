"""``kuanxian loan``: what it prints for people and for programs, and how it refuses."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from kuanxian.cli.main import main
from kuanxian.loan import Kind, Part, Refused, Status, What

LOAN = """
[terms]
principal = "1000.00"
disbursed_on = 2026-01-15
instalments = 2
rate = "12 %"
penalty_rate = "18 %"

[conventions]
method = "equal_principal"

[[events]]
id = "p-1"
kind = "payment"
on = 2026-02-15
amount = "100.00"

[[events]]
kind = "refund"
on = 2026-02-16
amount = "1.00"
"""

Run = Callable[..., str]


@pytest.fixture
def loan_file(tmp_path: Path) -> str:
    path = tmp_path / "loan.toml"
    path.write_text(LOAN, encoding="utf-8")
    return str(path)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command line; give what it printed."""

    def run_main(*args: str, code: int = 0) -> str:
        with pytest.raises(SystemExit) as ended:
            main(["loan", *args])
        printed = capsys.readouterr()
        assert ended.value.code == code, printed.err
        return printed.out if code == 0 else printed.err

    return run_main


def answer(printed: str) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(printed)
    return parsed


def test_the_schedule_comes_as_json(run: Run, loan_file: str) -> None:
    found = answer(run("schedule", loan_file, "--json"))
    # 1,000 yuan at one per cent a month: 10 yuan, then 5 on the half that is left.
    assert found == {
        "format": "kuanxian-schedule/1",
        "rows": [
            {"number": 1, "start_on": "2026-01-15", "end_on": "2026-02-15", "due_on": "2026-02-15",
             "opening_fen": 100_000, "principal_fen": 50_000, "interest_fen": 1_000, "fee_fen": 0,
             "total_fen": 51_000},
            {"number": 2, "start_on": "2026-02-15", "end_on": "2026-03-15", "due_on": "2026-03-15",
             "opening_fen": 50_000, "principal_fen": 50_000, "interest_fen": 500, "fee_fen": 0,
             "total_fen": 50_500},
        ],
        "total": {"principal_fen": 100_000, "interest_fen": 1_500, "fee_fen": 0,
                  "total_fen": 101_500},
    }  # fmt: skip


def test_the_schedule_comes_as_a_table(run: Run, loan_file: str) -> None:
    printed = run("schedule", loan_file, "--lang", "en")
    assert "Principal" in printed
    assert "1,015.00" in printed


def test_the_promised_schedule_leaves_out_what_happened(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "loan.toml"
    text = LOAN + '[[events]]\nkind = "extension"\nperiods = 1\non = 2026-02-20\n'
    path.write_text(text, encoding="utf-8")
    changed = answer(run("schedule", str(path), "--json"))
    promised = answer(run("schedule", str(path), "--json", "--promised"))
    assert (len(changed["rows"]), len(promised["rows"])) == (3, 2)


def test_what_was_promised_is_what_a_correction_says_it_always_was(
    run: Run, loan_file: str, tmp_path: Path
) -> None:
    path = tmp_path / "corrected.toml"
    text = '[[events]]\nkind = "correction"\nfield = "rate"\nvalue = "24 %"\non = 2026-02-20\n'
    path.write_text(LOAN + text, encoding="utf-8")
    rows, before = (
        answer(run("schedule", name, "--json", "--promised"))["rows"]
        for name in (str(path), loan_file)
    )
    told, other = (
        answer(run("apr", name, "--json", "-c", "cn-simple"))["rates"][0]["rate_ppb"]
        for name in (str(path), loan_file)
    )
    assert rows[0]["interest_fen"] > before[0]["interest_fen"]
    assert told > other


def test_the_position_comes_as_json_with_names_and_dates(run: Run, loan_file: str) -> None:
    at = answer(run("position", loan_file, "--as-of", "2026-02-25", "--json"))
    assert at["format"] == "kuanxian-position/1"
    assert at["as_of_on"] == "2026-02-25"
    assert at["status"] == "overdue"
    assert at["days_past_due"] == 10
    # 100 yuan came on the due day: 10 of interest, 90 of principal; 410 are left.
    assert at["overdue_principal_fen"] == 41_000
    # 410.00 * 18 % * 10 / 360 = 2.05
    assert at["overdue_penalty_fen"] == 205
    assert at["written_off_on"] is None
    assert at["refused_reason"] == "refund_exceeds_credit"
    assert "trace" not in at


def test_the_trace_comes_as_json(run: Run, loan_file: str) -> None:
    at = answer(run("position", loan_file, "--as-of", "2026-02-16", "--json", "--trace"))
    paid = [entry for entry in at["trace"] if entry["what"] == "paid"]
    assert paid[0] == {
        "day_on": "2026-02-15",
        "seq": 1,
        "id": "p-1",
        "instalment": 1,
        "what": "paid",
        "part": "interest",
        "amount_fen": 1_000,
    }
    assert at["trace"][-1]["refused"] == "refund_exceeds_credit"


def test_the_trace_reads_as_sentences(run: Run, loan_file: str) -> None:
    printed = run("position", loan_file, "--as-of", "2026-02-16", "--trace", "--lang", "en")
    assert "2026-02-15 payment #1 (p-1): 10.00 yuan cleared interest of instalment 1." in printed
    assert "2026-01-15 1,000.00 yuan paid out to the borrower." in printed
    refused = "refund #2: not applied: more was sent back than the borrower's credit."
    assert refused in printed


def test_the_trace_reads_as_sentences_in_chinese(run: Run, loan_file: str) -> None:
    printed = run("position", loan_file, "--as-of", "2026-02-16", "--trace", "--lang", "zh")
    assert "2026-02-15 还款 #1 (p-1)：10.00 元冲抵第1期利息。" in printed


def test_a_position_can_leave_out_what_was_not_yet_known(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "loan.toml"
    late = 'amount = "100.00"\nrecorded_on = 2026-02-20\n'
    path.write_text(LOAN.replace('amount = "100.00"\n', late), encoding="utf-8")
    asked = ("position", str(path), "--as-of", "2026-02-25", "--json", "--trace")
    known = answer(run(*asked))
    unknown = answer(run(*asked, "--known-on", "2026-02-19"))
    assert (known["paid_fen"], unknown["paid_fen"]) == (10_000, 0)
    assert not [entry for entry in unknown["trace"] if entry["what"] == "paid"]


def test_the_position_comes_as_a_table(run: Run, loan_file: str) -> None:
    printed = run("position", loan_file, "--as-of", "2026-02-25", "--lang", "en")
    assert "Days past due" in printed
    assert "410.00" in printed
    assert "cleared" not in printed


def test_the_payoff_comes_as_json(run: Run, loan_file: str) -> None:
    quote = answer(run("payoff", loan_file, "--on", "2026-02-25", "--json"))
    # 410 overdue and 500 not due; 500.00 * 12 % * 10 / 360 = 1.67; penalty as above.
    assert quote == {
        "format": "kuanxian-payoff/1",
        "on": "2026-02-25",
        "principal_fen": 91_000,
        "interest_fen": 167,
        "penalty_fen": 205,
        "fee_fen": 0,
        "settlement_fee_fen": 0,
        "credit_fen": 0,
        "total_fen": 91_372,
    }


def test_the_payoff_comes_as_a_table(run: Run, loan_file: str) -> None:
    assert "913.72" in run("payoff", loan_file, "--on", "2026-02-25", "--lang", "zh")


def test_the_rates_come_as_json(run: Run, loan_file: str) -> None:
    rates = answer(run("apr", loan_file, "--json"))["rates"]
    found = {rate["convention"]: rate["rate_ppb"] for rate in rates}
    # One per cent a month is 12 % a year, and 1.01 ** 12 - 1 = 12.682503 %.
    assert found["cn-simple"] == found["nominal"] == found["us-actuarial"] == 120_000_000
    assert found["cn-compound"] == found["eu"] == 126_825_030
    assert len(found) == 7


def test_one_rate_can_be_asked_for(run: Run, loan_file: str) -> None:
    rates = answer(run("apr", loan_file, "--json", "-c", "cn-simple"))["rates"]
    residual_fen = rates[0].pop("residual_fen")
    assert abs(residual_fen) < 1e-6
    assert rates == [
        {
            "convention": "cn-simple",
            "rate_ppb": 120_000_000,
            "unit": "month",
            "units": 1,
            "period_rate_ppb": 10_000_000,
        }
    ]


def test_an_upfront_fee_makes_the_rate_higher(run: Run, loan_file: str) -> None:
    printed = run("apr", loan_file, "--json", "-c", "cn-simple", "--upfront-fee", "15.00")
    assert answer(printed)["rates"][0]["rate_ppb"] > 240_000_000


def test_the_rates_come_as_a_table(run: Run, loan_file: str) -> None:
    printed = run("apr", loan_file, "--lang", "en")
    assert "12.6825 %" in printed
    assert "not legal advice" in printed


def test_a_contract_without_a_rate_says_why(run: Run, loan_file: str) -> None:
    printed = run("apr", loan_file, "--json", "--upfront-fee", "1000.00")
    assert {rate["refused"] for rate in answer(printed)["rates"]} == {
        "money goes one way only, so no rate balances it"
    }
    assert "one way only" in run("apr", loan_file, "--upfront-fee", "1000.00", "--lang", "zh")
    refused = run("apr", loan_file, "-c", "eu", "--upfront-fee", "1000.00", code=2)
    assert refused.startswith("error: cash flows: money goes one way only")


def test_a_single_payment_has_its_term_as_its_period(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "loan.toml"
    path.write_text(
        '[terms]\nprincipal = "1000"\ndisbursed_on = 2026-01-01\ninstalments = 1\n'
        'rate = "0.03 %"\n[conventions]\nmethod = "single"\nrate_unit = "day"\n'
        'day_count = "act/365"\nperiod_unit = "day"\nperiod_count = 100\n',
        encoding="utf-8",
    )
    rate = answer(run("apr", str(path), "--json", "-c", "cn-simple"))["rates"][0]
    # 0.03 % a day for 100 days is 3 %, and 365 / 100 such terms are a year.
    assert (rate["rate_ppb"], rate["unit"], rate["units"]) == (109_500_000, "day", 100)


def test_a_file_comes_from_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(LOAN.encode())))
    assert answer(run("payoff", "-", "--on", "2026-01-15", "--json"))["total_fen"] == 100_000


REFUSED = [
    (["schedule", "nowhere.toml"], "error: nowhere.toml: No such file"),
    (["position", "FILE", "--as-of", "24.11.2026"], "is not a day between 1970 and 2199"),
    (["payoff", "FILE", "--on", "2300-01-01"], "is not a day between 1970 and 2199"),
    (["position", "FILE"], "Missing option '--as-of'"),
    (["apr", "FILE", "--convention", "uk"], "Invalid value for '--convention'"),
    (["apr", "FILE", "--upfront-fee", "1.005"], "error: --upfront-fee"),
    (["schedule", "FILE", "--lang", "fr"], "Invalid value for '--lang'"),
]


@pytest.mark.parametrize(("args", "says"), REFUSED, ids=[" ".join(row[0]) for row in REFUSED])
def test_a_mistake_is_explained(args: list[str], says: str, run: Run, loan_file: str) -> None:
    words = [loan_file if word == "FILE" else word for word in args]
    assert says in " ".join(run(*words, code=2).split())


def test_a_figure_out_of_bounds_is_explained(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "loan.toml"
    path.write_text(LOAN.replace("instalments = 2", "instalments = 2000"), encoding="utf-8")
    assert "instalments: must be 1 to 480" in run("schedule", str(path), code=2)


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "还款计划"),
        ({"LANG": "en_US.UTF-8"}, "Schedule"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "Schedule"),
        ({}, "Schedule"),
    ],
)
def test_the_language_is_that_of_the_system(
    variables: dict[str, str],
    language: str,
    run: Run,
    loan_file: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert language in run("schedule", loan_file)


def test_every_code_of_the_kernel_has_words() -> None:
    from kuanxian.cli import loan_story, loan_words

    assert set(loan_story._SENTENCES) == set(What)
    assert set(loan_story._PARTS) == set(Part)
    assert set(loan_story._KINDS) == set(Kind)
    assert set(loan_story._REASONS) == set(Refused)
    assert set(loan_words.STATUS) == {status.name.lower() for status in Status}


def test_every_command_shows_examples(run: Run) -> None:
    for command in ("schedule", "position", "payoff", "apr"):
        assert f"kuanxian loan {command} loan.toml" in run(command, "--help")


def test_a_schedule_loads_nothing_heavy(loan_file: str) -> None:
    code = (
        "import sys\nfrom kuanxian.cli.main import main\ntry:\n"
        f"    main(['loan', 'schedule', {loan_file!r}, '--json'])\n"
        "finally:\n    heavy = {'numpy', 'numba', 'pyarrow', 'duckdb', 'rich', 'polars'}\n"
        "    print(sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
        env=environment,
    )
    assert done.stderr.strip() == "[]"


def test_a_schedule_takes_less_than_half_a_second(
    cost_of: Callable[[Sequence[str | Path]], float], loan_file: str
) -> None:
    # By the starts of a bare Python in the same minute: that is how fast the machine is just now.
    # A schedule takes about thirty of them; half a second is about sixty.
    program = Path(sys.executable).with_name("kuanxian")
    start_s = cost_of([sys.executable, "-c", "pass"])
    assert cost_of([program, "loan", "schedule", loan_file]) < 60 * start_s
