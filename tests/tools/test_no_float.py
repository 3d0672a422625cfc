import ast
from pathlib import Path

import pytest

from tools import no_float

REFUSED = [
    ("rate = 0.36", "float literal 0.36"),
    ("share = part_fen / whole_fen", "true division"),
    ("share_fen /= 2", "true division"),
    ("fen = float(text)", "float()"),
    ("fen = round(amount)", "round()"),
    ("fen = math.floor(amount)", "math.floor()"),
    ("fen = pc.divide(left, right)", ".divide()"),
    ("fen = column.mean()", ".mean()"),
    ("kind = pa.float64()", ".float64()"),
]
LET_BE = [
    "share = part_fen // whole_fen",
    "file = folder / 'loans.parquet'",
    "file = self._stage / name",
    "file = base / 'cn' / name",
    "file = name / f'{number}.json'",
    "steps = math.gcd(left, right)",
    "is_double = isinstance(cell, float)",
]


@pytest.mark.parametrize(("line", "what"), REFUSED)
def test_a_float_is_refused(line: str, what: str) -> None:
    assert list(no_float.floats_in(ast.parse(line))) == [(1, what)]


@pytest.mark.parametrize("line", LET_BE)
def test_whole_numbers_and_paths_are_let_be(line: str) -> None:
    assert list(no_float.floats_in(ast.parse(line))) == []


def planted(tmp_path: Path, line: str) -> list[str]:
    folder = tmp_path / "src/kuanxian/loan"
    folder.mkdir(parents=True)
    (folder / "due.py").write_text(f"{line}\n")
    files = list(no_float.money_files(tmp_path))
    return [breach for path in files for breach in no_float.breaches_of(path, tmp_path)]


def test_a_breach_names_file_and_line(tmp_path: Path) -> None:
    said = planted(tmp_path, "\nshare = 1 / 2")
    assert said == ["src/kuanxian/loan/due.py:2: true division on the money path"]


def test_an_escape_with_a_reason_is_let_be(tmp_path: Path) -> None:
    assert planted(tmp_path, "x = 0.5  # lint-skip: float, the cell is a double") == []


def test_an_escape_without_a_reason_is_refused(tmp_path: Path) -> None:
    assert planted(tmp_path, "x = 0.5  # lint-skip: float") != []


def test_each_exempt_file_exists(root: Path) -> None:
    assert [name for name in no_float.EXEMPT if not (root / name).is_file()] == []


def test_the_house_has_no_float_on_the_money_path(root: Path) -> None:
    files = list(no_float.money_files(root))
    assert len(files) > 20
    assert [breach for path in files for breach in no_float.breaches_of(path, root)] == []
