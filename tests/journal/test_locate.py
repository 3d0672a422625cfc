"""One changed byte is found, whichever it is."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.journal.drafts import DAY, NOON

from kuanxian.journal.entry import NOTHING, Entry, hash_of
from kuanxian.journal.locate import INSTANTS, TEXTS, locate

FIRST = Entry(1, "loan:1", 7, "loan.event", DAY, NOON, NOON, "system:x", "kuanxian_app", "k-1",
              b'{"amount_fen":100}', bytes(range(32)), NOTHING)  # fmt: skip
ENTRY = FIRST._replace(entry_hash=hash_of(FIRST))


def with_field(field: str, value: Any) -> Entry:
    return ENTRY._replace(**{field: value})


@settings(max_examples=25)
@given(st.sampled_from([*TEXTS, "body", "previous_hash"]), st.data())
def test_a_changed_byte_of_text_is_found(field: str, data: st.DataObject) -> None:
    value = getattr(ENTRY, field)
    raw = bytearray(value.encode() if isinstance(value, str) else value)
    place = data.draw(st.integers(0, len(raw) - 1))
    low, high = (0x21, 0x7E) if field in TEXTS else (0, 255)
    raw[place] = data.draw(st.integers(low, high).filter(lambda byte: byte != raw[place]))
    changed = raw.decode() if isinstance(value, str) else bytes(raw)
    found = locate(with_field(field, changed), {ENTRY.entry_hash})
    assert found is not None
    assert (found.field, found.byte, found.entry) == (field, place, ENTRY)


@pytest.mark.parametrize("byte", range(7))
@pytest.mark.parametrize("field", INSTANTS)
def test_a_changed_byte_of_an_instant_is_found(field: str, byte: int) -> None:
    # Stored as microseconds since 2000, in which adding 2**k changes one byte unless it carries.
    stored = (NOON - NOON.replace(2000, 1, 1, 0, 0, 0, 0)) // timedelta(microseconds=1)
    changed = stored ^ (1 << 8 * byte)
    at = NOON + timedelta(microseconds=changed - stored)
    found = locate(with_field(field, at), {ENTRY.entry_hash})
    assert found is not None
    assert (found.field, found.byte, found.entry) == (field, byte, ENTRY)


def test_a_changed_byte_of_a_number_or_a_day_is_found() -> None:
    for byte in range(7):
        changed = ENTRY._replace(stream_version=7 ^ (3 << 8 * byte))
        found = locate(changed, {ENTRY.entry_hash})
        assert found is not None
        assert (found.field, found.byte) == ("stream_version", byte)
    found = locate(ENTRY._replace(business_on=DAY + timedelta(1)), {ENTRY.entry_hash})
    assert found is None or found.field == "business_on"


def test_two_changed_bytes_are_not_guessed_at() -> None:
    assert locate(ENTRY._replace(kind="loan.evenx", actor="system:y"), {ENTRY.entry_hash}) is None
