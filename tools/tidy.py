"""Refuse what makes a house hard to live in.

Sizes (a file, a function, a list of parameters), names that say nothing, source files
without a docstring or without a test, amounts and dates whose name hides the unit,
randomness without a seed, and, in any tracked file, a path of somebody's machine or the
address of a package host.

A function already too long, or taking too much, is listed in `ratchet.toml` with its
figures: it may shrink, never grow, and leaves the list when it fits.
"""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 60
PARAMETERS_MAX = 6
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "manager", "managers", "common", "misc"}
TESTED_ROOMS = ("base", "loan")

UNITLESS = {
    # The arithmetic itself: its operands are amounts in whatever unit they come.
    "src/kuanxian/base/fen.py",
}
MONEY_WORDS = {
    "amount", "amounts", "balance", "cash", "credit", "debt", "fee", "fees", "interest", "owed",
    "paid", "payoff", "penalty", "principal", "total",
}  # fmt: skip
CODES = {"early_interest", "overdue_interest"}
"""Settings that choose how interest is treated; no amounts."""
RATE_WORDS = {"rate", "rates"}
DATE_WORDS = {"date", "dates"}

MACHINE_PATH = re.compile(r"(?<![\w.}~-])/(?:work|root|tmp|home|opt|Users)/[\w.]")
PACKAGE_HOST = re.compile(
    r"(?:pypi|python[h]osted|npm[j]s|crates|rubygems|anaconda)[.](?:org|com|io)|"
    r"(?:deb|security|ftp)[.]debian[.]org|proxy[.]golang[.]org|"
    r"^\s*--(?:extra-)?index-url|^\s*--find-links",
    re.MULTILINE,
)


Function = ast.FunctionDef | ast.AsyncFunctionDef
Ratchet = dict[str, dict[str, Any]]


def main() -> int:
    """Check the house; print each breach; return 1 if there is one."""
    found = house_breaches(ROOT)
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


def house_breaches(root: Path) -> list[str]:
    """List every breach under a folder."""
    found: list[str] = []
    listed = root / "tools/ratchet.toml"
    ratchet = tomllib.loads(listed.read_text(encoding="utf-8")) if listed.is_file() else {}
    for path in tracked_files(root):
        where = path.relative_to(root).as_posix()
        text = _text_of(path)
        if text is None:
            continue
        found += text_breaches(where, text)
        if path.suffix == ".py":
            found += source_breaches(where, text, ratchet)
    return found + untested(root) + outgrown(root, ratchet)


def tracked_files(root: Path) -> Iterator[Path]:
    """List the files git knows or would add, in a steady order."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        check=True,
        capture_output=True,
    ).stdout.decode()
    for name in sorted(set(filter(None, listed.split("\0")))):
        if (root / name).is_file():
            yield root / name


def _text_of(path: Path) -> str | None:
    """Read a file, or None where it is not text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def text_breaches(where: str, text: str) -> list[str]:
    """Find machine paths and package hosts in any text file."""
    found = []
    for pattern, what in ((MACHINE_PATH, "a path of a machine"), (PACKAGE_HOST, "a package host")):
        for hit in pattern.finditer(text):
            line = text.count("\n", 0, hit.start()) + 1
            found.append(f"{where}:{line}: {what}: {hit.group().strip()}")
    return found


def source_breaches(where: str, text: str, ratchet: Ratchet) -> list[str]:
    """Find what is wrong with one Python file."""
    found = []
    lines = text.count("\n")
    if lines > FILE_LINES_MAX:
        found.append(f"{where}: {lines} lines, more than {FILE_LINES_MAX}")
    if set(Path(where).with_suffix("").parts) & EMPTY_NAMES:
        found.append(f"{where}: a name that says nothing")
    tree = ast.parse(text)
    in_source = where.startswith("src/")
    if in_source and not ast.get_docstring(tree):
        found.append(f"{where}: no docstring")
    for function in _functions(tree):
        found += function_breaches(where, function, ratchet)
    if in_source:
        checks: list[Callable[[str, ast.AST], list[str]]] = [unseeded]
        checks += [] if where in UNITLESS else [unit_breaches]
        for check in checks:
            found += check(where, tree)
    return found


def _functions(tree: ast.AST) -> Iterator[Function]:
    for node in ast.walk(tree):
        if isinstance(node, Function):
            yield node


def code_lines(function: Function) -> int:
    """Count the lines of a function, its docstring left out."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    if ast.get_docstring(function) is None:
        return lines
    text = function.body[0]
    return lines - ((text.end_lineno or text.lineno) - text.lineno + 1)


def parameters(function: Function) -> int:
    """Count what a function takes, `self` left out."""
    taken = function.args.posonlyargs + function.args.args + function.args.kwonlyargs
    return sum(argument.arg not in {"self", "cls"} for argument in taken)


def function_breaches(where: str, function: Function, ratchet: Ratchet) -> list[str]:
    """Find a function that is too long or takes too much."""
    listed = ratchet.get(f"{where}:{function.name}", {})
    lines_max = max(FUNCTION_LINES_MAX, listed.get("lines", 0))
    parameters_max = max(PARAMETERS_MAX, listed.get("parameters", 0))
    what = f"{where}:{function.lineno}: {function.name}"
    found = []
    if code_lines(function) > lines_max:
        found.append(f"{what} has {code_lines(function)} lines, more than {lines_max}")
    # A test takes a column of its table each; a command takes an option each.
    free = where.startswith(("tests/", "src/kuanxian/cli/"))
    if parameters(function) > parameters_max and not free:
        found.append(f"{what} takes {parameters(function)} parameters, more than {parameters_max}")
    return found


def unit_breaches(where: str, tree: ast.AST) -> list[str]:
    """Find whole numbers whose name hides the unit: `fee: int` instead of `fee_fen: int`.

    A code is no amount: a field whose default is a member of an enumeration is let be.
    """
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            name, kind, default = node.arg, node.annotation, None
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            name, kind, default = node.target.id, node.annotation, node.value
        else:
            continue
        if not (isinstance(kind, ast.Name) and kind.id == "int"):
            continue
        if isinstance(default, ast.Attribute) or name in CODES:
            continue
        wanted = _unit_missing(name)
        if wanted:
            found.append(f"{where}:{node.lineno}: {name}: int should end in {wanted}")
    return found


def _unit_missing(name: str) -> str:
    last = name.lower().rsplit("_", 1)[-1]
    if last in MONEY_WORDS:
        return "_fen"
    if last in RATE_WORDS:
        return "_ppb"
    return "_on" if last in DATE_WORDS else ""


def unseeded(where: str, tree: ast.AST) -> list[str]:
    """Find generators of random numbers made without a seed."""
    makers = {"Random", "PCG64", "PCG64DXSM", "Philox", "SFC64", "MT19937", "default_rng"}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and not node.args and not node.keywords:
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if name in makers:
                found.append(f"{where}:{node.lineno}: {name}() without a seed")
    return found


def untested(root: Path) -> list[str]:
    """Find source files of the kernel that no test names or imports."""
    found = []
    for room in TESTED_ROOMS:
        tests = sorted((root / "tests").rglob("test_*.py"))
        named = {path.stem.removeprefix("test_") for path in tests if path.parent.name == room}
        imported = {name for path in tests for name in _imports(path)}
        for path in sorted((root / "src/kuanxian" / room).glob("[!_]*.py")):
            known = path.stem in named or f"kuanxian.{room}.{path.stem}" in imported
            found += [] if known else [f"src/kuanxian/{room}/{path.name}: no test names it"]
    return found


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def outgrown(root: Path, ratchet: Ratchet) -> list[str]:
    """Find entries of the ratchet that name nothing or could be tighter."""
    found = []
    for entry, listed in ratchet.items():
        where, name = entry.rsplit(":", 1)
        path = root / where
        tree = ast.parse(path.read_text(encoding="utf-8") if path.is_file() else "")
        named = [function for function in _functions(tree) if function.name == name]
        now = {
            "lines": max(map(code_lines, named), default=0),
            "parameters": max(map(parameters, named), default=0),
        }
        limits = {"lines": FUNCTION_LINES_MAX, "parameters": PARAMETERS_MAX}
        for figure, limit in limits.items():
            if figure in listed and not limit < listed[figure] <= now[figure]:
                found.append(
                    f"{entry}: {figure} = {listed[figure]} in ratchet.toml, now {now[figure]}"
                )
    return found


if __name__ == "__main__":
    sys.exit(main())
