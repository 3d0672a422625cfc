"""Planted numbers do not reach a log, whichever way they are logged."""

import io
import logging

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from tests.vault.test_values import card, identity

from kuanxian.vault.scrub import ScrubFilter, scrub, scrub_event, scrub_text
from kuanxian.vault.secret import Secret

PHONE = "17405000001"
PLANTED = [
    PHONE, f"+86{PHONE}", f"+86 {PHONE}", f"0086{PHONE}", "174 0500 0001", "174-0500-0001",
    "174/0500/0001", "174 05000001", "１７４０５０００００１", "(010)12345678", "010-12345678",
    "0755 1234567", "+1 212 555 0123", "+852-5100-0000", identity(), identity(order="010").lower(),
    f"{identity()[:6]} {identity()[6:14]} {identity()[14:]}", card(), "9999 9912 3456 7890",
    "1740.500.0001", "(010) 8888-6666", " ".join(PHONE), "174\u200b0500\u200b0001",
    "174%2D0500%2D0001", "一七四零五零零零零零一", "一七四〇-五〇〇〇-〇〇一", "174\\u002d05000001",
    "made.up@example.org", "Made.Up+x@mail.example.com.cn",
]  # fmt: skip
AROUND = [
    "{}",
    "call {}",
    "电话{}，请回复",
    "to={};",
    '{{"to":"{}"}}',
    "loan/{}/x",
    "a{}b",
    "[{}]\n",
]


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_number_is_scrubbed(planted: str, around: str) -> None:
    left = scrub_text(around.format(planted))
    assert planted not in left
    digits = "".join(mark for mark in left if mark.isdigit())
    assert len(digits) < 5, left


KEPT = [
    "2026-01-31", "2026-01-31T21:55:00+08:00", "L-000123", "1,234,567.89 yuan", "rows 1200000",
    "99.5 %", "127.0.0.1:5432", "p-7f3a", "12345 fen", "version 50.0.2",
]  # fmt: skip


@pytest.mark.parametrize("text", KEPT)
def test_what_is_no_number_of_a_person_is_kept(text: str) -> None:
    assert scrub_text(text) == text


LEAVES = st.sampled_from([PHONE, 3, None, True, b"x " + PHONE.encode(), int(PHONE)])


@given(st.recursive(LEAVES, lambda at: st.lists(at) | st.dictionaries(st.just(PHONE), at)))
def test_a_number_is_scrubbed_however_deep_it_lies(value: object) -> None:
    assert PHONE not in repr(scrub(value))


class Odd:
    def __str__(self) -> str:
        return f"odd {PHONE}"


def fail() -> None:
    raise ValueError(f"no such number {PHONE}")


def test_the_standard_library_logs_no_planted_number() -> None:
    sink = io.StringIO()
    handler = logging.StreamHandler(sink)
    handler.addFilter(ScrubFilter())
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s %(to)s", defaults={"to": ""}))
    logger = logging.getLogger("made-up")
    logger.setLevel(logging.DEBUG)
    logger.addHandler(handler)
    logger.info("to %s", PHONE)
    logger.info("to %(to)s", {"to": PHONE})
    logger.info(PHONE, extra={"to": PHONE})
    logger.warning("odd: %s and %d", Odd(), int(PHONE))
    logger.info("a wrong format %d", PHONE)
    logger.info("with a stack", stack_info=True)
    try:
        fail()
    except ValueError:
        logger.exception("failed for %s", Secret(PHONE))
    said = sink.getvalue()
    assert PHONE not in said
    assert said.count("***") >= 8
    assert "ValueError" in said


def test_structlog_logs_no_planted_number() -> None:
    sink = io.StringIO()
    logger = structlog.wrap_logger(
        structlog.PrintLogger(sink),
        processors=[
            structlog.processors.format_exc_info,
            scrub_event,
            structlog.processors.JSONRenderer(),
        ],
    )
    logger.info(f"to {PHONE}", to=PHONE, all=[{"id": identity()}], odd=Odd(), secret=Secret(PHONE))
    try:
        fail()
    except ValueError:
        logger.exception("failed")
    said = sink.getvalue()
    assert PHONE not in said
    assert identity() not in said
    assert "ValueError" in said
