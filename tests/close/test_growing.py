"""A file that grows slice by slice and goes on where a kill left it."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kuanxian.close.growing import Entry, GrowingFile, encode_part

ROWS = pa.table({"n": pa.array(range(90), pa.int64())})


def begun(place: Path, entries: Sequence[Entry] = ()) -> tuple[GrowingFile, list[Entry]]:
    file = GrowingFile(place, ROWS.schema, {})
    believed = []
    for entry in entries:
        if not file.bears_out(entry):
            break
        file.accept(entry)
        believed.append(entry)
    file.begin()
    return file, believed


def grow(file: GrowingFile, first: int, end: int) -> list[Entry]:
    return [file.append(encode_part(ROWS.slice(at, 10), {})) for at in range(first, end, 10)]


def whole_bytes(tmp_path: Path) -> bytes:
    file, _ = begun(tmp_path / "unbroken")
    grow(file, 0, 90)
    file.finish()
    return (tmp_path / "unbroken").read_bytes()


@pytest.mark.parametrize("junk", [b"", b"half a slice", b"PAR1" * 100])
def test_a_broken_run_ends_with_the_same_bytes(tmp_path: Path, junk: bytes) -> None:
    place = tmp_path / "broken"
    file, _ = begun(place)
    entries = grow(file, 0, 50)
    file.close()
    with place.open("ab") as stream:
        stream.write(junk)
    file, believed = begun(place, entries)
    assert believed == entries
    grow(file, 50, 90)
    facts = file.finish()
    assert place.read_bytes() == whole_bytes(tmp_path)
    assert facts["bytes"] == place.stat().st_size


@pytest.mark.parametrize("damage", ["cut short", "one byte"])
def test_an_entry_is_not_believed_without_its_bytes(tmp_path: Path, damage: str) -> None:
    place = tmp_path / "broken"
    file, _ = begun(place)
    entries = grow(file, 0, 30)
    file.close()
    text = bytearray(place.read_bytes())
    if damage == "cut short":
        del text[-1:]
    else:
        text[entries[1].size + 3] ^= 1
    place.write_bytes(text)
    file, believed = begun(place, entries)
    assert believed == entries[:2]
    grow(file, 20, 90)
    file.finish()
    assert place.read_bytes() == whole_bytes(tmp_path)


def test_nothing_is_believed_of_an_empty_file(tmp_path: Path) -> None:
    file, _ = begun(tmp_path / "one")
    entries = grow(file, 0, 30)
    file.close()
    file, believed = begun(tmp_path / "two", entries)
    assert believed == []
    file.finish()
    assert pq.read_table(tmp_path / "two").num_rows == 0
