"""A value has one spelling, the same in Python and in the database."""

import json
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.databases import Database

from kuanxian.base.errors import EntryError
from kuanxian.journal.canonical import NUMBER_MAX, decode, encode

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-NUMBER_MAX, NUMBER_MAX) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_what_is_written_reads_back(value: Any) -> None:
    assert decode(encode(value)) == value


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=VALUES)
def test_the_database_spells_it_the_same(database: Database, value: Any) -> None:
    call = sa.text("SELECT journal.canonical(CAST(:value AS jsonb))")
    with database.engine("kx_app").connect() as connection:
        spelt = connection.scalar(call, {"value": json.dumps(value)})
    assert spelt.encode() == encode(value)


def test_keys_are_in_the_order_of_their_code_points() -> None:
    assert encode({"é": 1, "z": 2, "Z": 3, "zz": 4}) == '{"Z":3,"z":2,"zz":4,"é":1}'.encode()


REFUSED = [1.0, {"a": 0.1}, NUMBER_MAX + 1, -NUMBER_MAX - 1, {1: 2}, b"", "\ud800", "\x00", {"a"},
           float("nan")]  # fmt: skip


@pytest.mark.parametrize("value", REFUSED, ids=repr)
def test_what_has_no_single_spelling_is_refused(value: Any) -> None:
    with pytest.raises(EntryError, match="body"):
        encode(value)


def test_what_is_nested_too_deep_or_too_long_is_refused() -> None:
    deep: Any = 1
    for _ in range(30):
        deep = [deep]
    with pytest.raises(EntryError, match="nested"):
        encode(deep)
    with pytest.raises(EntryError, match="bytes long"):
        encode("x" * 2_000_000)


@pytest.mark.parametrize("body", [b'{"a": 1}', b'{"b":1,"a":1}', b"1.0", b"{", b'{"a":1,"a":1}'])
def test_another_spelling_is_not_read(body: bytes) -> None:
    with pytest.raises(EntryError):
        decode(body)
