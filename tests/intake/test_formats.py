"""The same loans in every format and encoding make the same book."""

import datetime
import io
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pcsv
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook
from tests.intake.conftest import LAYOUT, Read, reasons_of

from kuanxian.cli.intake import report_lines
from kuanxian.intake.layout_file import parse_layout
from kuanxian.intake.read import Tables, read
from kuanxian.intake.sources import find_sources

LOANS = """编号,金额,放款日,期数,年利率
甲1,1000.10,2024-01-31,12,18
乙2,0.29,2024-02-29,6,7.2
丙3,10000000,2024-02-29,6,0.36
"""
NAMES = {"id": "编号", "amount": "金额", "day": "放款日", "months": "期数", "rate": "年利率"}
CHINESE = LAYOUT
for ours, theirs in NAMES.items():
    CHINESE = CHINESE.replace(f'= "{ours}"', f'= "{theirs}"', 1)

EXPECTED = (
    ["甲1", "乙2", "丙3"],
    [100_010, 29, 1_000_000_000],
    [180_000_000, 72_000_000, 3_600_000],
    [datetime.date(2024, 1, 31), datetime.date(2024, 2, 29), datetime.date(2024, 2, 29)],
)


def figures(tables: Tables) -> tuple[list[Any], ...]:
    assert tables.refusals.num_rows == 0
    names = ("loan_id", "principal_fen", "rate_ppb", "disbursed_on")
    return tuple(tables.loans[name].to_pylist() for name in names)


ENCODINGS = ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le-bom", "utf-16-be-bom"]


def encode(text: str, encoding: str) -> bytes:
    if encoding.endswith("-bom"):
        return ("\ufeff" + text).encode(encoding.removesuffix("-bom"))
    return text.encode(encoding)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_encoding_is_found_out(read_files: Read, encoding: str) -> None:
    tables = read_files(CHINESE, loans_csv=encode(LOANS, encoding))
    assert figures(tables) == EXPECTED


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", "\x01"])
def test_the_delimiter_is_found_out(read_files: Read, delimiter: str) -> None:
    tables = read_files(CHINESE, loans_csv=LOANS.replace(",", delimiter))
    assert figures(tables) == EXPECTED


def test_what_is_good_in_two_encodings_is_read_as_utf8_and_the_report_says_so(
    read_files: Read,
) -> None:
    for text, told in (("张三", True), ("编号三", False), ("A", False)):
        lines = f"id,amount,day,months,rate\n{text},1000,2024-01-31,12,18\n"
        report = read_files(loans_csv=lines).report
        assert report["files"][0]["encoding"] == "utf-8"
        assert ("encoding_may_be" in report["files"][0]) == told
        assert (
            any("the bytes make sense as gb18030 too" in line for line in report_lines(report))
            == told
        )


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
@pytest.mark.parametrize("size", [97, 4_194_304])
def test_line_ends_of_old_macintoshes_change_nothing(
    read_files: Read, monkeypatch: pytest.MonkeyPatch, encoding: str, size: int
) -> None:
    monkeypatch.setattr("kuanxian.intake.delimited.BLOCK_BYTES", size)
    tables = read_files(CHINESE, loans_csv=("\r" + LOANS.replace("\n", "\r")).encode(encoding))
    assert figures(tables) == EXPECTED


def test_line_ends_of_windows_and_quotes_change_nothing(read_files: Read) -> None:
    quoted = "\r\n".join(
        ",".join(f'"{cell}"' for cell in line.split(",")) for line in LOANS.splitlines()
    )
    assert figures(read_files(CHINESE, loans_csv=quoted + "\r\n")) == EXPECTED


def table_of() -> pa.Table:
    text = pcsv.ConvertOptions(column_types={"放款日": pa.date32(), "金额": pa.string()})
    return pcsv.read_csv(io.BytesIO(LOANS.encode()), convert_options=text)


def to_parquet(table: pa.Table) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table, sink)
    return sink.getvalue()


AMOUNT_TYPES = [pa.string(), pa.decimal128(12, 2), pa.float64(), pa.large_string()]


@pytest.mark.parametrize("kind", AMOUNT_TYPES, ids=str)
def test_parquet_columns_may_have_any_type(read_files: Read, kind: pa.DataType) -> None:
    table = table_of()
    amounts = table["金额"].cast(pa.decimal128(12, 2) if kind != pa.string() else kind).cast(kind)
    table = table.set_column(1, "金额", amounts)
    assert figures(read_files(CHINESE, loans_parquet=to_parquet(table))) == EXPECTED


def test_json_numbers_are_taken_digit_by_digit(read_files: Read) -> None:
    lines = ""
    for row in table_of().to_pylist():
        amount = row.pop("金额")
        line = json.dumps(row | {"金额": 0}, default=str, ensure_ascii=False)
        lines += line.replace('"金额": 0', f'"金额": {amount}') + "\n"
    assert figures(read_files(CHINESE, loans_jsonl=lines)) == EXPECTED


def test_a_workbook_holds_numbers_and_dates(read_files: Read) -> None:
    book = Workbook()
    sheet = book.create_sheet(index=0)
    sheet.append(LOANS.splitlines()[0].split(","))
    for row in table_of().to_pylist():
        sheet.append([row["编号"], float(row["金额"]), row["放款日"], row["期数"], row["年利率"]])
    sink = io.BytesIO()
    book.save(sink)
    assert figures(read_files(CHINESE, loans_xlsx=sink.getvalue())) == EXPECTED


def test_a_number_that_names_a_loan_in_a_workbook_keeps_its_digits(read_files: Read) -> None:
    tables = read_files(CHINESE, loans_xlsx=workbook_bytes([7, 100_000_000_000_000]))
    assert tables.loans["loan_id"].to_pylist() == ["7", "100000000000000"]
    assert tables.loans["principal_fen"].to_pylist() == [100_050, 100_050]


def workbook_bytes(ids: list[Any]) -> bytes:
    book = Workbook()
    sheet = book.create_sheet(index=0)
    sheet.append(LOANS.splitlines()[0].split(","))
    for number in ids:
        sheet.append([number, 1000.5, datetime.date(2024, 1, 31), 12, 18])
    sink = io.BytesIO()
    book.save(sink)
    return sink.getvalue()


def test_an_id_that_a_workbook_cannot_hold_exactly_is_refused(read_files: Read) -> None:
    ids = [1_234_567_890_123_456_781, 10**15, True, "1234567890123456781", 7.5]
    tables = read_files(CHINESE, loans_xlsx=workbook_bytes(ids))
    assert [row[2:] for row in reasons_of(tables)] == [
        ("编号", "number_as_text"), ("编号", "number_as_text"), ("编号", "not_text"),
    ]  # fmt: skip
    assert tables.loans["loan_id"].to_pylist() == ["1234567890123456781", "7.5"]


ID_COLUMNS = [
    (pa.array([2.0**53, -(2.0**53), float("nan"), None]),
     ["number_as_text", "number_as_text", "not_finite", "empty_cell"]),
    (pa.array([2.0**53 - 1, 1234567890123.0]), ["9007199254740991", "1234567890123"]),
    (pa.array([2.0**24], pa.float32()), ["number_as_text"]),
    (pa.array([2.0**24 - 1, 12.0], pa.float32()), ["16777215", "12"]),
    (pa.array([2.0**11], pa.float16()), ["number_as_text"]),
    (pa.array([b"\xff\xfe"]), ["unreadable_text"]),
    (pa.array([b"\xff\xfe"], pa.large_binary()), ["unreadable_text"]),
    (pa.array([b"ab"], pa.binary(2)), ["ab"]),
    (pa.array([["a"], ["b"]]), ["not_text", "not_text"]),
    (pa.array([{"x": 1}]), ["not_text"]),
    (pa.array([True, None]), ["not_text", "empty_cell"]),
    (pa.array([0], pa.timestamp("us", "No/Where")), ["unreadable_text"]),
    (pa.array(["a"]).dictionary_encode(), ["a"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("ids", "found"), ID_COLUMNS, ids=[f"{i.type}-{f[0]}" for i, f in ID_COLUMNS]
)
def test_a_parquet_column_of_any_type_names_loans_exactly_or_not_at_all(
    read_files: Read, ids: pa.Array, found: list[str]
) -> None:
    table = pa.concat_tables([table_of().slice(0, 1)] * len(ids)).set_column(0, "编号", ids)
    tables = read_files(CHINESE, loans_parquet=to_parquet(table))
    reasons = [row[3] for row in reasons_of(tables)]
    assert reasons + tables.loans["loan_id"].to_pylist() == found


def test_a_day_with_a_zone_is_the_day_of_that_zone(read_files: Read) -> None:
    at = datetime.datetime(2024, 1, 30, 16, 0, 0, 1, tzinfo=datetime.UTC)
    zoned = pa.array([at], pa.timestamp("ns", "Asia/Shanghai"))
    table = table_of().slice(0, 1).set_column(2, "放款日", zoned)
    layout = CHINESE.replace("[files.loans]", '[files.loans]\ndates = ["YYYY-MM-DD*"]', 1)
    tables = read_files(layout, loans_parquet=to_parquet(table))
    assert tables.loans["disbursed_on"].to_pylist() == [datetime.date(2024, 1, 31)]


def test_a_json_line_that_says_a_thing_twice_is_refused(read_files: Read) -> None:
    line = json.dumps(table_of().to_pylist()[0], default=str, ensure_ascii=False)
    twice = line.replace("{", '{"金额": "5.00", ', 1)
    for lines, row in ((f"{line}\n{twice}\n", 2), (f"{twice}\n{line}\n", 1)):
        tables = read_files(CHINESE, loans_jsonl=lines)
        assert tables.loans.num_rows == 1
        assert reasons_of(tables) == [("loans.jsonl", row, "", "not_a_record")]


def test_a_small_daily_rate_in_a_binary_column_is_exact(read_files: Read) -> None:
    layout = CHINESE.replace('rate_unit = "percent"', 'rate_unit = "fraction"')
    table = table_of().slice(0, 1)
    table = table.set_column(4, "年利率", pa.array([0.0000365]))
    tables = read_files(layout, loans_parquet=to_parquet(table))
    assert tables.loans["rate_ppb"].to_pylist() == [36_500]


def test_declared_marks_are_taken(read_files: Read) -> None:
    layout = CHINESE.replace(
        "[files.loans]\n", '[files.loans]\nthousands = ","\nfull_width = true\nsigns = true\n', 1
    )
    text = LOANS.replace("1000.10", '"￥１,０００.10"').replace("18\n", "18%\n")
    assert figures(read_files(layout, loans_csv=text)) == EXPECTED


def test_a_file_without_header_is_read_by_column_numbers(tmp_path: Path) -> None:
    layout = CHINESE.replace("[files.loans]\n", "[files.loans]\nheader = false\n", 1)
    for place, theirs in enumerate(NAMES.values(), start=1):
        layout = layout.replace(f'= "{theirs}"', f"= {place}", 1)
    path = tmp_path / "x.csv"
    path.write_text(LOANS.partition("\n")[2], encoding="utf-8")
    tables = read(find_sources([f"loans={path}"]), parse_layout(layout, "x.toml"))
    assert figures(tables) == EXPECTED


def test_rows_over_many_blocks_keep_their_numbers(
    read_files: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kuanxian.intake.delimited.BLOCK_BYTES", 64)
    rows = "".join(f"丁{n},{n}.01,2024-01-31,12,18\n" for n in range(1, 200))
    rows = rows.replace("丁77,77.01", "丁77,x")
    tables = read_files(CHINESE, loans_csv=LOANS + rows)
    assert tables.refusals.to_pylist()[0]["row"] == 80
    assert tables.loans.num_rows == 201
    assert sum(tables.loans["principal_fen"].to_pylist()[3:]) == sum(
        n * 100 + 1 for n in range(1, 200) if n != 77
    )
