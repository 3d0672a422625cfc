"""Address books are refused in every dress; loan books and logs are let through."""

import bz2
import gzip
import io
import json
import lzma
import os
import resource
import traceback
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.door.made_up import (
    BOOKS,
    JSON_BOOK,
    LETS_THROUGH,
    PEOPLE,
    REQUESTS_PASSED,
    REQUESTS_REFUSED,
    many_zipped,
    vcard,
)

from kuanxian.base.errors import AddressBookError, KuanxianError
from kuanxian.door.refuse import (
    refuse_address_book,
    refuse_address_book_file,
    shape_of,
    shape_of_request,
)
from kuanxian.intake.layout_file import load_layout
from kuanxian.intake.loan_file import read_loan_file
from kuanxian.intake.read import read_book
from kuanxian.intake.sources import find_sources


def as_bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


@pytest.mark.parametrize("dress", BOOKS)
def test_an_address_book_is_refused_in_every_dress(dress: str) -> None:
    with pytest.raises(AddressBookError) as error:
        refuse_address_book(as_bytes(BOOKS[dress]), "upload")
    assert "个人信息保护法" in error.value.reason
    assert "at most two" in error.value.advice


@pytest.mark.parametrize("dress", BOOKS)
def test_the_refusal_holds_nothing_of_what_was_refused(dress: str) -> None:
    try:
        refuse_address_book(as_bytes(BOOKS[dress]), "upload")
    except AddressBookError as error:
        told = "".join(traceback.format_exception(error))
    for name, phone in PEOPLE:
        assert name not in told
        assert phone.lstrip("+") not in told


@pytest.mark.parametrize("what", LETS_THROUGH)
def test_what_is_no_address_book_passes(what: str) -> None:
    assert shape_of(as_bytes(LETS_THROUGH[what])) == ""


@pytest.mark.parametrize("dress", REQUESTS_REFUSED)
def test_a_request_holds_few_numbers_however_they_are_written(dress: str) -> None:
    assert shape_of_request(as_bytes(REQUESTS_REFUSED[dress]))


@pytest.mark.parametrize("what", REQUESTS_PASSED)
def test_a_request_with_ids_days_and_a_number_or_two_passes(what: str) -> None:
    assert shape_of_request(as_bytes(REQUESTS_PASSED[what])) == ""


@given(st.binary(max_size=3000) | st.text(max_size=2000).map(str.encode))
def test_any_bytes_get_an_answer(data: bytes) -> None:
    assert isinstance(shape_of(data), str)


@given(st.integers(0, len(vcard()) - 20), st.sampled_from(["utf-8", "utf-16", "gb18030"]))
def test_a_vcard_is_found_behind_any_text(length: int, encoding: str) -> None:
    assert shape_of(("x" * length + "\n" + vcard()).encode(encoding)) == "vCard"


@pytest.mark.parametrize("text", ["[" * 1_000_000, '{"a":[' * 170_000, "a,b\n" * 260_000])
def test_looking_takes_no_longer_than_a_few_seconds(text: str) -> None:
    before = sum(os.times()[:2])
    shape_of(text.encode())
    assert sum(os.times()[:2]) - before < 5


BOMBS = {
    "a gzip in a gzip": gzip.compress(gzip.compress(bytes(2**26))),
    "a bzip2 of nothing but one byte": bz2.compress(bytes(2**26)),
    "an xz of nothing but one byte": lzma.compress(bytes(2**26)),
    "a zip of three hundred large files": many_zipped(300, bytes(2**20)),
    "a zip of sixty zips of large files": many_zipped(60, many_zipped(20, bytes(2**20))),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_costs_little_time_and_memory(bomb: str) -> None:
    before = sum(os.times()[:2])
    peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert shape_of(BOMBS[bomb]) == ""
    assert sum(os.times()[:2]) - before < 15
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak_kib < 200 * 1024


def test_an_address_book_is_found_behind_others_in_a_large_archive() -> None:
    assert shape_of(many_zipped(20, bytes(2**10), last=vcard().encode())) == "vCard"


def parquet(titles: list[str]) -> bytes:
    sink = io.BytesIO()
    columns = dict(zip(titles, zip(*PEOPLE, strict=True), strict=True))
    pq.write_table(pa.table({name: list(cells) for name, cells in columns.items()}), sink)
    return sink.getvalue()


UPLOADS = {
    "contacts.csv": BOOKS["CSV 姓名,电话"],
    "contacts.vcf": vcard(),
    "contacts.jsonl": BOOKS["JSON lines"],
    "contacts.xlsx": BOOKS["a workbook"],
    "contacts.parquet": parquet(["name", "mobile"]),
    "untold.parquet": parquet(["a", "b"]),
}


@pytest.mark.parametrize("name", UPLOADS)
def test_intake_refuses_an_address_book_and_leaves_nothing_behind(
    name: str, tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / name
    path.write_bytes(as_bytes(UPLOADS[name]))
    with pytest.raises(AddressBookError):
        read_book(find_sources([str(path)]), load_layout("kuanxian"), tmp_path / "book")
    left = b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file() and p != path)
    for person, phone in PEOPLE:
        assert person.encode() not in left
        assert phone.encode() not in left


@pytest.mark.parametrize("content", [vcard(), JSON_BOOK])
def test_a_loan_file_that_is_an_address_book_is_refused(content: str, tmp_path: Path) -> None:
    path = tmp_path / "loan.json"
    path.write_text(content)
    with pytest.raises(AddressBookError):
        read_loan_file(path)


@pytest.mark.real
def test_eighteen_real_exports_of_phones_and_mail_programs_are_refused(shared: Path) -> None:
    exports = sorted((shared / "data/vcards").glob("*.vcf"))
    assert len(exports) == 18
    for export in exports:
        with pytest.raises(AddressBookError, match="vCard"):
            refuse_address_book_file(export)
        told = json.dumps({"notes": export.read_text("utf-8", "replace")})
        assert shape_of_request(told.encode()) == "vCard"


@pytest.mark.real
def test_real_loan_books_contracts_and_laws_pass(shared: Path) -> None:
    files = [p for p in (shared / "data").rglob("*") if p.is_file() and "vcards" not in p.parts]
    assert len(files) > 30
    for file in files:
        try:
            refuse_address_book_file(file)
        except KuanxianError as error:
            pytest.fail(f"{file.name}: {error}")


def test_our_own_pages_examples_and_layouts_pass(root: Path) -> None:
    folders = [root / "examples", root / "docs", root / "src/kuanxian/intake/layouts"]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    assert len(files) > 20
    for file in files:
        refuse_address_book_file(file)
    for file in (root / "examples").rglob("*.json"):
        refuse_address_book(file.read_bytes())


def test_a_number_of_too_many_digits_is_no_stack_trace() -> None:
    data = b'{"a": ' + b"9" * 5_000 + b', "contacts": [{"name": "A", "phone": "17405000001"}]}'
    assert shape_of(data) in ("", "JSON of names and numbers")
    assert shape_of(b"[1" + b"0" * 9_000 + b"]") == ""
