"""Hostile files give refusals or one clear error: never a trace, never a wrong number."""

import io
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.intake.conftest import EVENTS, LAYOUT, LOANS, Read, reasons_of

from kuanxian.base.errors import KuanxianError, LayoutError, SourceError
from kuanxian.intake.layout_file import load_layout, parse_layout
from kuanxian.intake.read import read
from kuanxian.intake.sources import find_sources


def parquet_bytes() -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table({"id": ["A"], "amount": ["1"], "day": ["2024-01-01"]}), sink)
    return sink.getvalue()


FILES = {
    "an empty file": ("loans_csv", b""),
    "blank lines only": ("loans_csv", b"\n\r\n\n"),
    "a byte order mark only": ("loans_csv", b"\xef\xbb\xbf"),
    "a header that lacks a column": ("loans_csv", b"id,amount,day,months\nA,1,2024-01-01,1\n"),
    "a header that names a column twice": (
        "loans_csv",
        b"id,amount,amount,day,months,rate\nA,1,2,2024-01-01,1,1\n",
    ),
    "no header at all": ("loans_csv", b"A,1000,2024-01-31,12,18\n"),
    "a picture": ("loans_csv", bytes(range(256)) * 40),
    "NUL bytes": ("loans_csv", b"\0" * 5000),
    "a Parquet file cut off": ("loans_parquet", parquet_bytes()[:-20]),
    "a Parquet file with its middle gone": ("loans_parquet", b"PAR1" + b"\0" * 50 + b"PAR1"),
    "a Parquet file that lacks columns": ("loans_parquet", parquet_bytes()),
    "CSV that calls itself Parquet": ("loans_parquet", LOANS.encode()),
    "CSV that calls itself a workbook": ("loans_xlsx", LOANS.encode()),
    "CSV that calls itself JSON lines": ("loans_jsonl", LOANS.encode()),
    "JSON lines in UTF-16": ("loans_jsonl", ('{"id": 1}\n' * 3).encode("utf-16")),
    "a JSON array in one line": ("loans_json", b'[{"id": 1}]\n'),
    "a JSON file nested without end": ("loans_json", b'{"a":' * 100_000),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_not_what_it_claims_is_one_clear_error(read_files: Read, name: str) -> None:
    file, content = FILES[name]
    with pytest.raises(SourceError) as error:
        read_files(**{file: content})
    assert error.value.subject.startswith("loans.")
    assert error.value.reason


def test_a_damaged_page_of_a_parquet_file_is_a_clear_error(read_files: Read) -> None:
    layout = "kuanxian"
    table = pa.table(
        {"loan_id": [f"L{n}" for n in range(5000)], "principal_fen": list(range(1, 5001)),
         "disbursed_on": ["2024-01-01"] * 5000, "instalments": [1] * 5000}
    )  # fmt: skip
    sink = io.BytesIO()
    pq.write_table(table, sink, compression="zstd")
    broken = bytearray(sink.getvalue())
    broken[200:1200] = b"\xff" * 1000
    with pytest.raises(SourceError, match="cut off, damaged"):
        read_files(layout, loans_parquet=bytes(broken))


def test_a_missing_file_and_an_empty_folder_are_clear_errors(tmp_path: Path) -> None:
    for word in (str(tmp_path / "nowhere.csv"), str(tmp_path)):
        with pytest.raises(SourceError, match="no such file"):
            find_sources([word])


def test_a_part_the_layout_does_not_have_is_a_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(LOANS)
    with pytest.raises(LayoutError, match="no such part"):
        read(find_sources([f"cards={path}"]), parse_layout(LAYOUT, "x"))


def test_a_utf16_file_with_a_byte_lost_never_makes_a_number_of_what_follows(
    read_files: Read,
) -> None:
    rows = "".join(f"L{n},1000,2024-01-31,12,18\n" for n in range(50))
    data = (LOANS + rows).encode("utf-16")
    tables = read_files(loans_csv=data[:301] + data[302:])
    assert set(tables.loans["principal_fen"].to_pylist()) <= {100_000, 2_000_000}
    assert tables.report["refused"] > 0


def test_a_csv_cut_off_at_any_byte_never_gives_a_wrong_number(read_files: Read) -> None:
    for size in range(len(LOANS.partition("\n")[0]) + 1, len(LOANS)):
        tables = read_files(loans_csv=LOANS[:size])
        assert tables.loans["principal_fen"].to_pylist() in ([], [100_000])


def test_two_files_of_one_name_are_told_apart(tmp_path: Path) -> None:
    for month, names in (("2026-08", "AB"), ("2026-09", "CD")):
        rows = "".join(
            f"{name},{1000 if name in 'AC' else 'x'},2024-01-31,12,18\n" for name in names
        )
        (tmp_path / month).mkdir()
        (tmp_path / month / "loans.csv").write_text(LOANS.partition("\n")[0] + "\n" + rows)
    paths = [str(tmp_path / month) for month in ("2026-08", "2026-09")]
    tables = read(find_sources(paths), parse_layout(LAYOUT, "x"))
    assert tables.loans["loan_id"].to_pylist() == ["A", "C"]
    assert [row[0] for row in reasons_of(tables)] == ["2026-08/loans.csv", "2026-09/loans.csv"]
    with pytest.raises(SourceError, match="given twice"):
        read(find_sources([paths[0], f"{paths[0]}/../2026-08"]), parse_layout(LAYOUT, "x"))


def test_a_line_of_300_000_delimiters_costs_one_row(read_files: Read) -> None:
    tables = read_files(loans_csv=LOANS + "," * 300_000 + "\n" + "C,1,2024-01-31,1,1\n")
    assert reasons_of(tables) == [("loans.csv", 3, "", "line_too_long")]


def test_a_cell_that_looks_like_a_formula_of_a_spreadsheet_is_text(read_files: Read) -> None:
    tables = read_files(loans_csv=LOANS + "=1+1,1,2024-01-31,1,1\n")
    assert tables.loans["loan_id"].to_pylist()[2] == "=1+1"


@pytest.mark.slow
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_damage_to_a_file_makes_a_trace_or_loses_a_row(
    read_files: Read, data: st.DataObject
) -> None:
    damaged = bytearray((LOANS + EVENTS.replace("id", "ID")).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(damaged) - 1))
        damaged[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    try:
        tables = read_files(loans_csv=bytes(damaged))
    except KuanxianError:
        return
    assert tables.report["rows"] == tables.report["taken"] + tables.report["refused"]
    assert tables.loans.num_rows + tables.refusals.num_rows == tables.report["rows"]


def with_fee(formula: str) -> str:
    return LAYOUT.replace("[files.loans.loan]", f"[files.loans.loan]\nfee_fen = '{formula}'")


BAD_LAYOUTS = [
    ("= = =", "not TOML", "no TOML"),
    (LAYOUT.replace("layout/1", "layout/9"), "must be", "another format"),
    (LAYOUT.replace("unit =", "unti ="), "no such key", "a mistyped key"),
    (LAYOUT.replace('unit = "yuan"', "", 1), "has no unit", "an amount without a unit"),
    (LAYOUT.replace('"yuan"', '"dollar"'), "no unit 'dollar'", "an unknown unit"),
    (LAYOUT.replace('"level"', '"balloon"'), "not one of its names", "an unknown method"),
    (LAYOUT.replace('principal_fen = "amount"\n', ""), "what principal_fen is", "no principal"),
    (with_fee("x"), "no column", "an unknown column"),
    (with_fee("1/2"), "may not contain", "a division"),
    (with_fee("__import__(1)"), "no function", "a way out"),
    (with_fee("sum(rate_ppb)"), "many_rows", "a sum of one row"),
    (LAYOUT.replace("[files.loans.loan]", ""), "must make loans", "a part that makes nothing"),
    ('format = "kuanxian-layout/1"', "names no file", "no file"),
]


@pytest.mark.parametrize(("text", "reason"), [pytest.param(*c[:2], id=c[2]) for c in BAD_LAYOUTS])
def test_a_layout_that_cannot_be_followed_says_where(text: str, reason: str) -> None:
    with pytest.raises(LayoutError, match=reason):
        parse_layout(text, "x.toml")


def test_a_layout_that_does_not_exist_names_those_that_do() -> None:
    with pytest.raises(LayoutError, match="kuanxian, pay-in-n, ppdai-2019, ppdai-lp"):
        load_layout("nothing")


OWN = "loan_id,principal_fen,disbursed_on,instalments,{}\nA,120000,2024-01-31,12,180000000\n"


@pytest.mark.parametrize("name", ["rate_pbb", "penalty_rate", "lender_id,lender_id"])
def test_a_column_nobody_reads_is_never_taken_for_none_in_our_own_form(
    read_files: Read, name: str
) -> None:
    with pytest.raises(SourceError, match=f"no column '{name.partition(',')[0]}'"):
        read_files("kuanxian", loans_csv=OWN.format(name))
    with pytest.raises(SourceError, match="Did you mean rate_ppb"):
        read_files("kuanxian", loans_csv=OWN.format("rate_pbb"))


def test_the_report_names_the_columns_that_were_not_read_or_not_there(read_files: Read) -> None:
    report = read_files(
        loans_csv=LOANS.replace("rate\n", "rate,rates\n").replace("18\n", "18,1\n"),
        events_csv="id,undone,what,on,paid\n",
    ).report
    named = [(file["columns_unread"], file["columns_absent"]) for file in report["files"]]
    assert named == [(["rates"], []), (["undone"], ["payment", "undoes"])]


def test_what_a_correction_puts_right_is_in_no_sum_of_money(read_files: Read) -> None:
    report = read_files(
        "kuanxian",
        loans_csv="loan_id,principal_fen,disbursed_on,instalments\nA,1200000,2025-01-10,12\n",
        events_csv="loan_id,kind,value_on,amount_fen,field,value\n"
        "A,payment,2025-02-10,110016,,\nA,correction,2025-03-21,,rate,12 %\n"
        "A,correction,2025-03-21,,instalments,24\nnobody,correction,2025-03-21,,rate,12 %\n",
    ).report
    made = report["files"][1]["made"]["events.1"]
    assert (made["given"], made["taken"], made["refused_later"]) == (4, 3, 1)
    assert (made["given_fen"], made["taken_fen"], made["refused_later_fen"]) == (
        110_016,
        110_016,
        0,
    )
