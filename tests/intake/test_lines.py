"""A damaged line costs that line and no other."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuanxian.intake.compiled import machine, plain
from kuanxian.intake.lines import DOUBLED, LINE_BYTES_MAX, split_records
from kuanxian.intake.reasons import Reason

QUOTE = ord('"')


def split(
    data: bytes, width: int = 3, *, multiline: bool = False, final: bool = True
) -> tuple[list[tuple[int, list[bytes]]], int, int]:
    """Split records and give, for each, its verdict and its cells."""
    starts, ends = np.zeros((2, width, 50), np.int32)
    verdicts = np.zeros(50, np.int16)
    form = (ord(","), QUOTE, int(multiline), width)
    count, blank, used = split_records(
        data, final, form, np.arange(width), (starts, ends, verdicts)
    )
    cells = [[data[starts[c, r] : ends[c, r]] for c in range(width)] for r in range(count)]
    return [(int(v), c) for v, c in zip(verdicts, cells, strict=False)], blank, used


GOOD = (0, [b"x", b"y", b"z"])

CASES = [
    (b"x,y,z\n", [GOOD], "a line"),
    (b"x,y,z\r\n", [GOOD], "a line that ends as on Windows"),
    (b'"x","y","z"\n', [GOOD], "quoted cells"),
    (b'"x",y,"z"\r\n', [GOOD], "a quoted cell before a carriage return"),
    (b'"a,b",y,z\n', [(0, [b"a,b", b"y", b"z"])], "a delimiter in quotes"),
    (b'"a""b",y,z\n', [(DOUBLED, [b'a""b', b"y", b"z"])], "a doubled quote"),
    (b'a"b,y,z\n', [(0, [b'a"b', b"y", b"z"])], "a quote inside a bare cell is a letter"),
    (b",,\n", [(0, [b"", b"", b""])], "empty cells"),
    (b"\n\r\nx,y,z\n\n", [GOOD], "blank lines are passed over"),
]


@pytest.mark.parametrize(("data", "records"), [pytest.param(*c[:2], id=c[2]) for c in CASES])
def test_a_record_is_split(data: bytes, records: list[tuple[int, list[bytes]]]) -> None:
    assert split(data)[0] == records


BROKEN = [
    (b"x,y\n", Reason.WRONG_COLUMN_COUNT, "too few cells"),
    (b"x,y,z,w\n", Reason.WRONG_COLUMN_COUNT, "too many cells"),
    (b'"x,y,z\n', Reason.UNBALANCED_QUOTE, "a quote that is never closed"),
    (b'"x"q,y,z\n', Reason.UNBALANCED_QUOTE, "text after a closing quote"),
    (b"x" * LINE_BYTES_MAX + b",y,z\n", Reason.LINE_TOO_LONG, "a line without end"),
]


@pytest.mark.parametrize(("line", "reason"), [pytest.param(*c[:2], id=c[2]) for c in BROKEN])
@pytest.mark.parametrize("multiline", [False, True])
def test_a_broken_line_is_refused_and_the_next_one_read(
    line: bytes, reason: Reason, multiline: bool
) -> None:
    found = split(line + b"x,y,z\n", multiline=multiline)[0]
    if multiline and line.startswith(b'"x,'):
        return  # there the quote reaches to the end of the file; the next test has it
    assert [verdict for verdict, _ in found] == [reason, Reason.NONE]
    assert found[1] == GOOD


def test_a_quote_never_closed_costs_one_line_even_where_cells_may_hold_line_breaks() -> None:
    found = split(b'"x,y,z\nx,y,z\nx,y,z\n', multiline=True)[0]
    assert [verdict for verdict, _ in found] == [Reason.UNBALANCED_QUOTE, 0, 0]


def test_a_quoted_cell_may_hold_a_line_break_where_the_layout_says_so() -> None:
    assert split(b'"a\nb",y,z\n', multiline=True)[0] == [(0, [b"a\nb", b"y", b"z"])]


def test_the_last_line_without_a_line_end_is_refused_since_it_may_be_cut_off() -> None:
    found = split(b"x,y,z\nx,y,9330")[0]
    assert [verdict for verdict, _ in found] == [Reason.NONE, Reason.NO_LINE_END]


def test_a_block_stops_before_a_record_that_goes_on_in_the_next() -> None:
    records, _, used = split(b"x,y,z\nx,y", final=False)
    assert (len(records), used) == (1, 6)


@given(st.binary(max_size=60).map(lambda b: b.replace(b"a", b",").replace(b"b", b'"')))
def test_compiled_and_plain_split_any_bytes_alike_and_use_all_of_them(data: bytes) -> None:
    results = []
    for loops in (plain(), machine()):
        found = np.zeros((2, 80), np.int32), np.zeros((2, 80), np.int32), np.zeros(80, np.int16)
        view = loops.view(np.frombuffer(data, np.uint8))
        counts = loops.split_records(view, True, (44, QUOTE, 0, 2), np.arange(2), found)
        results.append((tuple(map(int, counts)), [array.tolist() for array in found]))
    assert results[0] == results[1]
    assert results[0][0][2] == len(data)
