"""Each way a row can be refused: one small file that brings it about, and only it."""

import re
from pathlib import Path

import pytest
from tests.intake.conftest import EVENTS, LAYOUT, LOANS, Read, reasons_of

from kuanxian.base.bounds import EVENTS_MAX
from kuanxian.intake.reasons import NAMES
from kuanxian.intake.shown import show_cell

ROW = "C,1000,2024-01-31,12,18\n"
PAID = "A,2,,payment,2024-04-01,50\n"

# what is added to the loans | to the events | where it is refused, and why
CASES = [
    ("C,1000,2024-01-31,12\n", "", "loans", 3, "", "wrong_column_count"),
    ('"C,1000,2024-01-31,12,18\n', "", "loans", 3, "", "unbalanced_quote"),
    ("C" * 300_000 + "\n", "", "loans", 3, "", "line_too_long"),
    ("C,1000,2024-01-31,12,18", "", "loans", 3, "", "no_line_end"),
    (",1000,2024-01-31,12,18\n", "", "loans", 3, "id", "empty_cell"),
    ("C,,2024-01-31,12,18\n", "", "loans", 3, "amount", "empty_cell"),
    ("C\x00D,1000,2024-01-31,12,18\n", "", "loans", 3, "id", "control_character"),
    ("C" * 200 + ",1000,2024-01-31,12,18\n", "", "loans", 3, "id", "text_too_long"),
    ("1.23457E+18,1000,2024-01-31,12,18\n", "", "loans", 3, "id", "number_as_text"),
    ("C,lots,2024-01-31,12,18\n", "", "loans", 3, "amount", "not_a_number"),
    ('C,"1,000",2024-01-31,12,18\n', "", "loans", 3, "amount", "not_a_number"),
    ("C,１０００,2024-01-31,12,18\n", "", "loans", 3, "amount", "not_a_number"),
    ("C,1000.005,2024-01-31,12,18\n", "", "loans", 3, "amount", "not_whole"),
    ("C,1000,2024-01-31,12.5,18\n", "", "loans", 3, "months", "not_whole"),
    ("C,NaN,2024-01-31,12,18\n", "", "loans", 3, "amount", "not_finite"),
    ("C,1000,2024-01-31,12,inf\n", "", "loans", 3, "rate", "not_finite"),
    ("C,-1000,2024-01-31,12,18\n", "", "loans", 3, "amount", "negative"),
    ("C,1234567890,2024-01-31,12,18\n", "", "loans", 3, "amount", "out_of_bounds"),
    ("C,0,2024-01-31,12,18\n", "", "loans", 3, "amount", "out_of_bounds"),
    ("C,1000,2024-01-31,481,18\n", "", "loans", 3, "months", "out_of_bounds"),
    ("C,1000,2024-01-31,12,401\n", "", "loans", 3, "rate", "out_of_bounds"),
    ("C,1000,0000-00-00,12,18\n", "", "loans", 3, "day", "bad_date"),
    ("C,1000,2024-02-31,12,18\n", "", "loans", 3, "day", "bad_date"),
    ("C,1000,1969-12-31,12,18\n", "", "loans", 3, "day", "date_out_of_bounds"),
    ("C,1000,2199-12-01,12,18\n", "", "loans", 3, "months", "bad_terms"),
    ("A,1000.00,2024-01-31,12,18\n", "", "loans", 3, "id", "duplicate_loan"),
    ("", "A,2,,payed,2024-04-01,50\n", "events", 2, "what", "unknown_code"),
    ("", "A,2,,payment,2024-04-01,0\n", "events", 2, "paid", "bad_event"),
    ("", "A,2,,reversal,2024-04-01,0\n", "events", 2, "undoes", "bad_event"),
    ("", "A,2,9,reversal,2024-04-01,0\n", "events", 2, "undoes", "nothing_to_reverse"),
    ("", "Z,2,,payment,2024-04-01,50\n", "events", 2, "id", "unknown_loan"),
    ("", "A,2,,payment,2024-01-30,50\n", "events", 2, "on", "before_disbursement"),
    ("", "A,1e+22,,payment,2024-04-01,50\n", "events", 2, "payment", "number_as_text"),
    ("", EVENTS.splitlines()[1] + "\n", "events", 2, "payment", "duplicate_event"),
]


@pytest.mark.parametrize(
    ("loan", "event", "file", "row", "column", "reason"),
    [pytest.param(*case, id=f"{n:02d}-{case[5]}-{case[4]}") for n, case in enumerate(CASES)],
)
def test_one_bad_row_is_refused_and_no_other(
    read_files: Read, loan: str, event: str, file: str, row: int, column: str, reason: str
) -> None:
    tables = read_files(loans_csv=LOANS + loan, events_csv=EVENTS + event)
    assert reasons_of(tables) == [(f"{file}.csv", row, column, reason)]
    assert (tables.loans.num_rows, tables.events.num_rows) == (2, 1)
    assert tables.report["rows"] == tables.report["taken"] + tables.report["refused"] == 4


def test_a_loan_given_twice_with_other_figures_is_not_taken_and_neither_are_its_events(
    read_files: Read,
) -> None:
    tables = read_files(loans_csv=LOANS + "A,2000,2024-01-31,12,18\n", events_csv=EVENTS)
    assert reasons_of(tables) == [
        ("loans.csv", 1, "id", "conflicting_loan"),
        ("loans.csv", 3, "id", "conflicting_loan"),
        ("events.csv", 1, "id", "loan_refused"),
    ]
    assert tables.loans["loan_id"].to_pylist() == ["B"]


def test_an_event_given_twice_with_other_figures_is_not_taken(read_files: Read) -> None:
    tables = read_files(loans_csv=LOANS, events_csv=EVENTS + "A,1,,payment,2024-03-01,100.01\n")
    assert [r[3] for r in reasons_of(tables)] == ["conflicting_event", "conflicting_event"]
    assert tables.events.num_rows == 0


def test_the_same_event_id_in_another_loan_is_another_event(read_files: Read) -> None:
    tables = read_files(loans_csv=LOANS, events_csv=EVENTS + "B,1,,payment,2024-03-01,100.00\n")
    assert tables.refusals.num_rows == 0


def test_events_of_a_refused_loan_are_refused_with_it(read_files: Read) -> None:
    tables = read_files(loans_csv=LOANS.replace("1000.00", "x"), events_csv=EVENTS)
    assert reasons_of(tables) == [
        ("loans.csv", 1, "amount", "not_a_number"),
        ("events.csv", 1, "id", "loan_refused"),
    ]


def test_text_in_another_encoding_than_the_files_is_refused(read_files: Read) -> None:
    mixed = LOANS.encode() + "借款,1000,2024-01-31,12,18\n".encode("gb18030")
    layout = LAYOUT.replace("[files.loans]", '[files.loans]\nencoding = "utf-8"')
    tables = read_files(layout, loans_csv=mixed)
    assert reasons_of(tables) == [("loans.csv", 3, "id", "unreadable_text")]


def test_a_gb18030_line_in_a_utf8_file_costs_only_itself(read_files: Read) -> None:
    rows = [("借款一", "utf-8"), ("借款二", "utf-8"), ("借款三", "gb18030"), ("借款四", "utf-8")]
    lines = b"".join(f"{name},1000,2024-01-31,12,18\n".encode(code) for name, code in rows)
    tables = read_files(loans_csv=LOANS.partition("\n")[0].encode() + b"\n" + lines)
    assert reasons_of(tables) == [("loans.csv", 3, "id", "unreadable_text")]
    assert tables.loans["loan_id"].to_pylist() == ["借款一", "借款二", "借款四"]


@pytest.mark.parametrize("size", [60, 4_194_304])
def test_a_utf8_line_in_a_gb18030_file_is_refused_and_never_names_another_loan(
    read_files: Read, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr("kuanxian.intake.delimited.BLOCK_BYTES", size)
    rows = [("借款一", "gb18030"), ("张三", "utf-8"), ("王小明甲", "utf-8"), ("李四", "gb18030")]
    lines = b"".join(f"{name},1000,2024-01-31,12,18\n".encode(code) for name, code in rows)
    assert "张三".encode().decode("gb18030") == "寮犱笁"
    tables = read_files(loans_csv=LOANS.partition("\n")[0].encode() + b"\n" + lines)
    assert reasons_of(tables) == [("loans.csv", n, "id", "mixed_encoding") for n in (2, 3)]
    assert tables.loans["loan_id"].to_pylist() == ["借款一", "李四"]


def test_lone_surrogates_of_json_are_no_text_and_never_one_loan(read_files: Read) -> None:
    line = '{"id": "%s", "amount": 1000, "day": "2024-01-31", "months": 12, "rate": 18}\n'
    text = "".join(line % name for name in (r"J\ud800", r"J\ud801", "J?", r"\ud83d\ude00"))
    tables = read_files(loans_jsonl=text)
    assert reasons_of(tables) == [("loans.jsonl", n, "id", "unreadable_text") for n in (1, 2)]
    assert tables.loans["loan_id"].to_pylist() == ["J?", "\U0001f600"]


def test_a_key_nobody_reads_costs_its_line_in_our_own_form(read_files: Read) -> None:
    line = (
        '{"loan_id": "%s", "principal_fen": 1, "disbursed_on": "2024-01-31", "instalments": 1%s}\n'
    )
    tables = read_files("kuanxian", loans_jsonl=line % ("A", "") + line % ("B", ', "rate_pbb": 1'))
    assert tables.loans["loan_id"].to_pylist() == ["A"]
    assert reasons_of(tables) == [("loans.jsonl", 2, "", "unknown_column")]


def test_a_json_line_that_is_no_object_is_refused(read_files: Read) -> None:
    line = '{"id": "A", "amount": 1000.00, "day": "2024-01-31", "months": 12, "rate": 18}\n'
    tables = read_files(loans_jsonl=line + "[1]\nnot json\n" + line.replace("A", "B"))
    assert [r[3] for r in reasons_of(tables)] == ["not_a_record", "not_a_record"]
    assert tables.loans["principal_fen"].to_pylist() == [100_000, 100_000]


LINE = '{"id": %s, "amount": 1000, "day": "2024-01-31", "months": 12, "rate": 18}\n'
FIRST_LINES = [
    ("oops\n", "not_a_record"),
    ("[" * 100_000 + "\n", "not_a_record"),
    (LINE % f'"{"x" * 600_000}"', "line_too_long"),
    ('{"id": "A"}\n', "empty_cell"),
]


@pytest.mark.parametrize(("line", "reason"), FIRST_LINES, ids=["words", "deep", "long", "short"])
def test_a_bad_first_json_line_costs_only_itself(read_files: Read, line: str, reason: str) -> None:
    tables = read_files(loans_jsonl=line + LINE % '"B"' + LINE % '"C"')
    assert [(row, why) for _, row, _, why in reasons_of(tables)] == [(1, reason)]
    assert tables.loans["loan_id"].to_pylist() == ["B", "C"]


def test_a_value_that_is_no_text_names_no_loan(read_files: Read) -> None:
    values = ["true", "[1, 2]", '{"x": 1}', "NaN", "1.2345678901234568e+18"]
    tables = read_files(loans_jsonl="".join(LINE % value for value in [*values, "1234567890123"]))
    assert [why for *_, why in reasons_of(tables)] == [
        "not_text", "not_text", "not_text", "not_finite", "number_as_text",
    ]  # fmt: skip
    assert tables.loans["loan_id"].to_pylist() == ["1234567890123"]


def test_a_bare_number_names_a_loan_only_by_its_digits(read_files: Read) -> None:
    """``1E5``, ``1e5`` and ``100000`` are one number: whoever writes it anew may spell it so."""
    values = ["1E5", "1e3", "1e400", "1.0", "-0.0", "100000", '"2E5"', '"2.0"']
    tables = read_files(loans_jsonl="".join(LINE % value for value in values))
    assert [(row, why) for _, row, _, why in reasons_of(tables)] == [
        (row, "number_as_text") for row in (1, 2, 3, 4, 5)
    ]
    assert sorted(tables.loans["loan_id"].to_pylist()) == ["100000", "2.0", "2E5"]


CIRCLES = {
    "each names the other": ["2,3", "3,2"],
    "what is taken back comes later": ["2,3", "3,1"],
    "what is taken back was refused": ["2,9", "3,2", "4,3"],
    "it names itself": ["2,2"],
}


@pytest.mark.parametrize("rows", CIRCLES.values(), ids=CIRCLES)
def test_a_reversal_of_what_does_not_stand_before_it_is_refused(
    read_files: Read, rows: list[str]
) -> None:
    lines = "".join(f"A,{names},reversal,2024-04-01,0\n" for names in rows)
    tables = read_files(loans_csv=LOANS, events_csv=EVENTS + lines)
    good = [row for row in rows if row == "3,1"]
    assert [r[3] for r in reasons_of(tables)] == ["nothing_to_reverse"] * (len(rows) - len(good))
    assert tables.events.num_rows == 1 + len(good)


PLAN = "listing_id,auditing_date,due_date,due_amt,repay_date,repay_amt\n"


def test_a_plan_with_a_bad_row_is_refused_whole(read_files: Read) -> None:
    rows = (
        "1,2024-01-01,2024-02-01,50,,\n1,2024-01-01,2024-02-30,50,,\n2,2024-01-01,2024-02-01,9,,\n"
    )
    tables = read_files("ppdai-2019", plan_csv=PLAN + rows)
    assert reasons_of(tables) == [
        ("plan.csv", 1, "listing_id", "incomplete_plan"),
        ("plan.csv", 2, "due_date", "bad_date"),
    ]
    assert tables.loans["loan_id"].to_pylist() == ["2"]


def test_a_plan_whose_rows_disagree_on_the_loan_is_refused_whole(read_files: Read) -> None:
    rows = "1,2024-01-01,2024-02-01,50,,\n1,2024-01-02,2024-03-01,50,,\n"
    tables = read_files("ppdai-2019", plan_csv=PLAN + rows)
    assert [r[3] for r in reasons_of(tables)] == ["conflicting_loan", "conflicting_loan"]


def test_a_payment_before_the_loan_takes_a_plan_with_it_and_says_which_row(
    read_files: Read,
) -> None:
    rows = "1,2024-01-01,2024-02-01,50,2023-12-31,50\n1,2024-01-01,2024-03-01,50,,\n"
    tables = read_files("ppdai-2019", plan_csv=PLAN + rows)
    assert [r[3] for r in reasons_of(tables)] == ["before_disbursement", "incomplete_plan"]
    assert tables.report["refused"] == 2


OWN_LOAN = "loan_id,product_id,principal_fen,disbursed_on,instalments\n"


def test_a_loan_that_names_no_known_product_is_refused(read_files: Read) -> None:
    tables = read_files("kuanxian", loans_csv=OWN_LOAN + "A,gold,100,2024-01-01,1\n")
    assert reasons_of(tables) == [("loans.csv", 1, "product_id", "unknown_product")]


def test_a_loan_whose_id_or_segment_is_somebodys_number_is_refused(read_files: Read) -> None:
    rows = ["17405000001,,", "ZhangWei-174-0500-0001,,", "１７４０５０００００１,,"]
    rows += ["E,,王小明17405000001", "F,,白领", "20260115000017,,", "第12号,,"]
    lines = "".join(f"{row},100,2024-01-01,1\n" for row in rows)
    header = "loan_id,lender_id,segment,principal_fen,disbursed_on,instalments\n"
    tables = read_files("kuanxian", loans_csv=header + lines)
    assert reasons_of(tables) == [
        ("loans.csv", 1, "loan_id", "personal_number"),
        ("loans.csv", 2, "loan_id", "personal_number"),
        ("loans.csv", 3, "loan_id", "personal_number"),
        ("loans.csv", 4, "segment", "personal_number"),
    ]
    assert tables.loans["loan_id"].to_pylist() == ["F", "20260115000017", "第12号"]


GUESSES = [
    ("waiver", "", "part"),
    ("rate", "", "rate_ppb"),
    ("reinstalment", "", "rate_ppb"),
    ("correction", "3", "part"),
    ("correction", "", "field"),
    ("correction,rates,0", "", "field"),
    ("correction,rate,6", "", "value"),
    ("correction,instalments,", "", "value"),
    ("correction,instalments,0", "", "value"),
    ("correction,due_day,32", "", "value"),
]


@pytest.mark.parametrize(
    ("kind", "part", "column"), GUESSES, ids=[f"{k} {p}" for k, p, _ in GUESSES]
)
def test_nothing_is_guessed_that_a_loan_file_must_say(
    read_files: Read, kind: str, part: str, column: str
) -> None:
    kind, field, value = (*kind.split(","), "", "")[:3]
    tables = read_files(
        "kuanxian",
        loans_csv="loan_id,principal_fen,disbursed_on,instalments\nA,100,2024-01-01,1\n",
        events_csv="loan_id,value_on,kind,field,value,part,rate_ppb,count\n"
        f"A,2024-01-02,{kind},{field},{value},{part},,1\n",
    )
    assert reasons_of(tables) == [("events.csv", 1, column, "bad_event")]


def test_a_product_with_an_impossible_setting_is_refused(read_files: Read) -> None:
    tables = read_files(
        "kuanxian",
        products_csv="product_id,period_count,method\ngood,1,level\nbad,0,level\n",
        loans_csv=OWN_LOAN + "A,good,100,2024-01-01,1\n",
    )
    assert reasons_of(tables) == [("products.csv", 2, "period_count", "bad_product")]


def test_a_given_plan_that_does_not_add_up_to_the_principal_is_refused(read_files: Read) -> None:
    tables = read_files(
        "kuanxian",
        products_csv="product_id,method\ngiven,given\n",
        loans_csv=OWN_LOAN + "A,given,100,2024-01-01,1\nB,given,100,2024-01-01,1\n",
        events_csv="loan_id,kind,value_on,until_on,amount_fen\n"
        "A,instalment,2024-01-01,2024-02-01,99\nB,instalment,2024-01-01,2024-02-01,100\n",
    )
    assert [r[3] for r in reasons_of(tables)] == ["incomplete_plan", "loan_refused"]
    assert tables.loans["loan_id"].to_pylist() == ["B"]


def test_a_given_plan_without_any_row_is_refused(read_files: Read) -> None:
    tables = read_files(
        "kuanxian",
        products_csv="product_id,method\ngiven,given\n",
        loans_csv=OWN_LOAN + "A,given,100,2024-01-01,1\n",
        events_csv="loan_id,kind,value_on\n",
    )
    assert [r[3] for r in reasons_of(tables)] == ["incomplete_plan"]


@pytest.mark.slow
def test_a_loan_with_more_events_than_the_kernel_takes_is_refused_whole(read_files: Read) -> None:
    many = "".join(f"A,e{n},,payment,2024-03-01,1\n" for n in range(EVENTS_MAX))
    tables = read_files(loans_csv=LOANS, events_csv=EVENTS + many + "B,1,,payment,2024-03-01,1\n")
    assert set(tables.report["reasons"].items()) == {("too_many_events", EVENTS_MAX + 2)}
    assert tables.loans["loan_id"].to_pylist() == ["B"]
    assert tables.events["loan_no"].to_pylist() == [0]


def test_a_refusal_never_carries_what_may_be_a_persons(read_files: Read) -> None:
    tables = read_files(
        loans_csv=LOANS + "C,王小明,2024-01-31,12,18\nD,13800138000x,2024-01-31,12,18\n"
    )
    assert tables.refusals["detail"].to_pylist() == ["text of 3 characters", "a run of 11 digits"]


@pytest.mark.parametrize(
    "typed", ["174-0500-0001", "174 0500 0001", "+86 174 0500 0001", "010-8888 6666"]
)
def test_a_number_in_groups_is_not_shown(typed: str) -> None:
    assert show_cell(typed) == f"digits in groups, {len(typed)} characters"


def test_every_reason_is_brought_about_by_a_test() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in NAMES[1:] if f'"{name}"' not in source] == []


def test_every_reason_is_described_in_the_reference(root: Path) -> None:
    page = (root / "docs" / "reference" / "refusals.md").read_text(encoding="utf-8")
    described = re.findall(r"^\| `(\w+)` \|", page.partition("## The row")[2], re.MULTILINE)
    assert sorted(described) == sorted(NAMES[1:])
