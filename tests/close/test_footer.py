"""The table of contents of a Parquet file, read and written by our own hand."""

from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kuanxian.close.footer import decode, encode, moved_row_groups, take_apart, write_footer
from kuanxian.close.growing import GrowingFile, encode_part

LAYOUTS: list[dict[str, Any]] = [
    {"compression": "snappy"},
    {"compression": "zstd", "use_dictionary": False},
    {"compression": "none", "data_page_version": "2.0", "write_page_index": True},
    {
        "compression": "snappy",
        "column_encoding": {"n": "DELTA_BINARY_PACKED"},
        "use_dictionary": ["s"],
    },
]


def table(first: int, rows: int) -> pa.Table:
    numbers = list(range(first, first + rows))
    return pa.table(
        {
            "n": pa.array(numbers, pa.int64()),
            "s": pa.array([f"row {n % 7}" for n in numbers], pa.string()),
            "d": pa.array([None if n % 3 else n for n in numbers], pa.date32()),
        }
    )


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_footer_that_is_read_and_written_is_the_same_bytes(layout: dict[str, Any]) -> None:
    sink = pa.BufferOutputStream()
    pq.write_table(table(0, 100), sink, **layout)
    file = bytes(sink.getvalue())
    footer = file[-8 - int.from_bytes(file[-8:-4], "little") : -8]
    assert encode(decode(footer)) == footer


@pytest.mark.parametrize("layout", LAYOUTS)
def test_parts_laid_behind_each_other_are_one_file_for_every_reader(
    tmp_path: Path, layout: dict[str, Any]
) -> None:
    place = tmp_path / "whole.parquet"
    whole = GrowingFile(place, table(0, 0).schema, layout)
    whole.begin()
    for first in (0, 500, 1_000):
        whole.append(encode_part(table(first, 500), layout))
    facts = whole.finish()
    wanted = table(0, 1_500)
    assert pq.read_table(place).equals(wanted)
    assert pl.read_parquet(place).to_arrow().cast(wanted.schema).equals(wanted)
    with duckdb.connect() as db:
        sums = db.execute("SELECT sum(n), count(d) FROM read_parquet(?)", [str(place)]).fetchall()
    assert sums == [(sum(range(1_500)), 500)]
    assert facts["bytes"] == place.stat().st_size


def test_row_groups_are_numbered_through(tmp_path: Path) -> None:
    place = tmp_path / "whole.parquet"
    whole = GrowingFile(place, table(0, 0).schema, {})
    whole.begin()
    for first in range(0, 60, 20):
        whole.append(encode_part(table(first, 20), {}))
    whole.finish()
    with duckdb.connect() as db:
        query = f"SELECT DISTINCT row_group_id, row_group_num_rows FROM parquet_metadata('{place}')"
        assert sorted(db.execute(query).fetchall()) == [(0, 20), (1, 20), (2, 20)]


def test_a_part_that_stays_where_it_was_keeps_its_places() -> None:
    part = encode_part(table(0, 10), {})
    before = encode(part.footer[4][1][1][0])
    (group,) = moved_row_groups(part, 4, 0)
    assert group == before


def test_a_file_without_rows_is_readable() -> None:
    part = encode_part(table(0, 0), {})
    file = b"PAR1" + write_footer(part, [], 0)
    assert pq.read_table(pa.BufferReader(file)).equals(table(0, 0))
    assert take_apart(memoryview(file)).body.nbytes == 0


@pytest.mark.parametrize("number", [0, 1, -1, 63, 64, -64, -65, 2**31, -(2**31), 2**62, -(2**62)])
def test_numbers_of_every_length_survive(number: int) -> None:
    assert decode(encode({1: (6, number)})) == {1: (6, number)}


def test_lists_of_truths_and_far_fields_survive() -> None:
    struct = {
        1: (1, True),
        2: (1, False),
        400: (9, (1, [True, False])),
        401: (9, (5, list(range(20)))),
    }
    again = decode(encode(struct))
    assert {field: value for field, (_, value) in again.items()} == {
        field: value for field, (_, value) in struct.items()
    }


def test_a_part_of_other_columns_is_not_appended(tmp_path: Path) -> None:
    whole = GrowingFile(tmp_path / "whole.parquet", table(0, 0).schema, {})
    whole.begin()
    with pytest.raises(ValueError, match="other columns"):
        whole.append(encode_part(pa.table({"n": [1]}), {}))
    whole.close()
