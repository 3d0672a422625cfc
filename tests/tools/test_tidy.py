import ast
import subprocess
from pathlib import Path

import pytest

from tools import tidy

SOURCE = "src/kuanxian/loan/due.py"
DOC = '"""What it is."""\n'


def said(where: str, text: str) -> str:
    return "\n".join(tidy.source_breaches(where, text, {}))


def function(lines: int, parameters: str = "") -> str:
    return f"{DOC}def pay({parameters}):\n    '''Pay.'''\n" + "    x = 1\n" * (lines - 1)


def test_a_tidy_file_passes() -> None:
    assert said(SOURCE, function(60, "a, b, c, d, e, f")) == ""


BREACHES = [
    (SOURCE, DOC + "x = 1\n" * 400, "401 lines, more than 400"),
    (SOURCE, "x = 1\n", "no docstring"),
    (SOURCE, function(61), "pay has 61 lines, more than 60"),
    (SOURCE, function(3, "a, b, c, d, e, f, g"), "pay takes 7 parameters, more than 6"),
    (SOURCE, function(3, "a, b, c, *, d, e, f, g"), "pay takes 7 parameters, more than 6"),
    ("src/kuanxian/loan/utils.py", DOC, "a name that says nothing"),
    ("src/kuanxian/helpers/due.py", DOC, "a name that says nothing"),
    ("tests/loan/common.py", "", "a name that says nothing"),
    (SOURCE, DOC + "class Due:\n    late_fee: int\n", "late_fee: int should end in _fen"),
    (SOURCE, function(3, "principal: int"), "principal: int should end in _fen"),
    (SOURCE, function(3, "penalty_rate: int"), "penalty_rate: int should end in _ppb"),
    (SOURCE, function(3, "due_date: int"), "due_date: int should end in _on"),
    (SOURCE, DOC + "from random import Random\nx = Random()\n", "Random() without a seed"),
    (SOURCE, DOC + "x = numpy.random.PCG64()\n", "PCG64() without a seed"),
]


@pytest.mark.parametrize(("where", "text", "what"), BREACHES)
def test_a_breach_is_refused(where: str, text: str, what: str) -> None:
    assert what in said(where, text)


LET_BE = [
    (SOURCE, function(3, "late_fee_fen: int, rate_ppb: int, due_on: int")),
    (SOURCE, DOC + "class C:\n    basis_interest: int = EarlyInterest.ALL\n"),
    (SOURCE, DOC + "x = Random(7)\n"),
    ("src/kuanxian/base/fen.py", function(3, "amount: int")),
    ("tests/loan/test_due.py", function(3, "a, b, c, d, e, f, g")),
]


@pytest.mark.parametrize(("where", "text"), LET_BE)
def test_what_is_not_a_breach_is_let_be(where: str, text: str) -> None:
    assert said(where, text) == ""


def test_a_listed_function_may_not_grow() -> None:
    ratchet = {f"{SOURCE}:pay": {"lines": 70}}
    assert tidy.source_breaches(SOURCE, function(70), ratchet) == []
    assert tidy.source_breaches(SOURCE, function(71), ratchet) != []


# The strings are put together here so that this file holds none of them whole.
HOSTS = [
    ("README.md", "see /" + "work/main", "a path of a machine"),
    ("README.md", "a file in '/" + "root/.cache'", "a path of a machine"),
    ("a.lock", "--index" + "-url somewhere", "a package host"),
    ("a.toml", "https://files.python" + "hosted" + ".org/x", "a package host"),
    ("a.txt", "pypi" + ".org", "a package host"),
]


@pytest.mark.parametrize(("where", "text", "what"), HOSTS)
def test_a_machine_or_a_host_is_refused_in_any_file(where: str, text: str, what: str) -> None:
    assert f"{where}:1: {what}" in tidy.text_breaches(where, text)[0]


def test_a_relative_path_is_let_be() -> None:
    assert tidy.text_breaches("README.md", "src/" + "work/main and ../shared/" + "work/x") == []


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    (tmp_path / "src/kuanxian/loan").mkdir(parents=True)
    (tmp_path / SOURCE).write_text(function(70), "utf-8")
    return tmp_path


def test_a_kernel_file_without_a_test_is_refused(repository: Path) -> None:
    assert f"{SOURCE}: no test names it" in tidy.house_breaches(repository)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("tests/loan/test_due.py", ""),
        ("tests/loan/test_kernel.py", "from kuanxian.loan.due import pay\n"),
        ("tests/loan/test_kernel.py", "from kuanxian.loan import due\n"),
    ],
)
def test_a_kernel_file_is_tested_by_name_or_by_import(
    repository: Path, name: str, text: str
) -> None:
    (repository / name).parent.mkdir(parents=True)
    (repository / name).write_text(text)
    assert tidy.untested(repository) == []


RATCHETS = [
    ({"lines": 70}, 0),
    ({"lines": 71}, 1),
    ({"lines": 60}, 1),
    ({"parameters": 7}, 1),
]


@pytest.mark.parametrize(("listed", "breaches"), RATCHETS)
def test_the_ratchet_lists_what_is_needed_and_no_more(
    repository: Path, listed: dict[str, int], breaches: int
) -> None:
    assert len(tidy.outgrown(repository, {f"{SOURCE}:pay": listed})) == breaches


def test_a_ratchet_entry_that_names_nothing_is_refused(repository: Path) -> None:
    assert len(tidy.outgrown(repository, {"src/gone.py:pay": {"lines": 70}})) == 1


def test_a_docstring_does_not_count_as_code() -> None:
    tree = ast.parse('def pay():\n    """One.\n\n    Two.\n    """\n    return 1\n')
    assert [tidy.code_lines(one) for one in tree.body if isinstance(one, ast.FunctionDef)] == [2]


@pytest.mark.slow
def test_the_house_is_tidy(root: Path) -> None:
    assert tidy.house_breaches(root) == []
