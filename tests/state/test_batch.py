"""Room for positions: where the columns lie in memory."""

from collections import Counter
from typing import Any

import pytest

from kuanxian.loan.position import Position
from kuanxian.state.batch import blank_positions
from kuanxian.state.columns import column_type


@pytest.mark.parametrize("count", [1, 7, 512, 131_072])
def test_no_two_columns_begin_in_one_set_of_the_cache(count: int) -> None:
    columns: Any = blank_positions(count)
    sets = Counter(column.ctypes.data // 64 % 64 for column in columns)
    assert max(sets.values()) == 1


@pytest.mark.parametrize("count", [1, 7, 512])
def test_no_column_lies_over_another(count: int) -> None:
    columns: Any = blank_positions(count)
    for place, column in enumerate(columns):
        column[:] = place
    for place, name in enumerate(Position._fields):
        assert columns[place].tolist() == [place] * count
        dated = name.endswith("_on")
        assert columns[place].itemsize == (4 if dated else column_type(name).bit_width // 8)
