"""The hunt finds nothing, sees what is there to see, and drives every command."""

import gzip
import re
import tempfile
from base64 import b64encode, urlsafe_b64encode
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tools.leak.canaries import disguises, make_canaries, patterns, written
from tools.leak.drives import DRIVES, NO_PERSONAL_DATA
from tools.leak.endpoints import requests_with, routes
from tools.leak.hunt import hunt
from tools.leak.search import CHUNK_BYTES, Needle, search_tree

from kuanxian import api
from kuanxian.cli.main import COMMANDS

PEOPLE = make_canaries(3, seed=5)
NEEDLE = Needle(patterns(PEOPLE))


def test_every_command_is_driven_or_holds_no_personal_data() -> None:
    driven = {word for _, words in DRIVES.values() for word in words}
    assert set(COMMANDS) - driven - set(NO_PERSONAL_DATA) == set()
    assert driven & set(NO_PERSONAL_DATA) == set()


def test_every_route_of_the_server_is_driven_in_every_part() -> None:
    modules = [import_module(f"kuanxian.api.{one.name}") for one in iter_modules(api.__path__)]
    there = {
        (method, route.path)
        for module in modules
        for route in getattr(getattr(module, "router", None), "routes", ())
        for method in route.methods
    }
    assert {(method.upper(), path) for path, told in routes().items() for method in told} == there
    sent = list(requests_with(PEOPLE[0], "key"))
    places = {path.partition("?")[0] for _, path, _, _ in sent}
    assert len(sent) > 100
    for _, path in there:
        filled = re.sub(r"{\w+}", quote(PEOPLE[0].phone), path)
        assert filled in places
    for part in range(1, 4):
        assert any(shows_a_canary(str(request[part]).encode()) for request in sent)


def shows_a_canary(data: bytes) -> bool:
    return any(True for _ in NEEDLE.find(data))


FIELDS = ("name", "phone", "identity_number", "bank_card", "email", "address")


@pytest.mark.parametrize("field", FIELDS)
def test_every_disguise_is_found_wherever_it_lies(field: str) -> None:
    value = getattr(PEOPLE[1], field)
    for text in written(field, value):
        for form, raw in disguises(text):
            if len(raw) < 8:
                continue
            for before in range(9):
                data = b"\xf0" * before + raw + b"\x01\x02\x03"
                assert before in [start for start, _ in NEEDLE.find(data)], form


@pytest.mark.parametrize("skip", range(3))
def test_base64_is_found_at_each_alignment_in_a_longer_text(skip: int) -> None:
    for value in PEOPLE[2].values().values():
        for encode in (b64encode, urlsafe_b64encode):
            data = encode(b"x" * skip + value.encode() + b" and more")
            assert list(NEEDLE.find(data))


def test_nothing_is_found_where_nothing_is() -> None:
    other = make_canaries(50, seed=6)
    text = "\n".join(str(one) for one in other).encode()
    assert list(NEEDLE.find(text)) == []


def test_a_canary_is_found_over_an_edge_in_an_archive_and_in_a_parquet_file(
    tmp_path: Path,
) -> None:
    phone = PEOPLE[0].phone.encode()
    (tmp_path / "edge").write_bytes(b"." * (CHUNK_BYTES - 5) + phone + b"." * 100)
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"." * 99 + phone))
    table = pa.table({"n": [PEOPLE[0].name] * 3})
    pq.write_table(table, tmp_path / "a.parquet", compression="zstd")
    (tmp_path / PEOPLE[0].phone).touch()
    found = {hit.where for hit in search_tree(tmp_path, NEEDLE)}
    assert {"edge", "a.gz unpacked", "a.parquet as text", f"name of {PEOPLE[0].phone}"} <= found


@pytest.mark.slow
def test_a_thousand_canaries_leave_no_trace() -> None:
    with tempfile.TemporaryDirectory(prefix="kxleak") as folder:
        Path(folder).chmod(0o711)
        found = hunt(1000, 1, Path(folder))
    assert found.seen_when_planted
    assert found.hits == []
    assert found.left_out == []
    assert found.bytes > 20_000_000
