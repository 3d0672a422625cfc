"""Refuse floats on the money path.

A float holds neither 0.1 nor a large sum of fen, and `/` makes one out of two integers.
So on the money path there is no float literal, no true division, no `float()`, no
`round()`, no floating `math` and no averaging call. A path may be joined with `/` where
one side is text in quotes or the left side is named like a folder.

Where a float is right (reading a spreadsheet's cell, placing a bar of a chart), the line
says so and why: `# lint-skip: float, the cell is a double`.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MONEY_PATH = ("base", "loan", "intake", "state", "close")
EXEMPT = {
    # A disclosed yearly rate is the root of a polynomial; it is never a balance.
    "src/kuanxian/loan/apr.py",
    "src/kuanxian/loan/rate_search.py",
}
FOLDER_NAMES = {"book", "close", "folder", "out", "parent", "path", "root", "stage"}
SKIP = re.compile(r"#\s*lint-skip: float,\s*\S.{7,}")
INTEGER_MATH = {"gcd", "lcm", "isqrt", "comb", "perm", "factorial"}
FLOAT_CALLS = {"divide", "true_divide", "mean", "average", "float32", "float64", "double"}


def main() -> int:
    """Check the money path; print each breach; return 1 if there is one."""
    found = [breach for path in money_files(ROOT) for breach in breaches_of(path, ROOT)]
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


def money_files(root: Path) -> Iterator[Path]:
    """List the source files money goes through, in a steady order."""
    for room in MONEY_PATH:
        for path in sorted((root / "src/kuanxian" / room).rglob("*.py")):
            if path.relative_to(root).as_posix() not in EXEMPT:
                yield path


def breaches_of(path: Path, root: Path) -> list[str]:
    """List the breaches in one file as `file:line: what`."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    where = path.relative_to(root).as_posix()
    return [
        f"{where}:{line}: {what} on the money path"
        for line, what in sorted(set(floats_in(ast.parse(text))))
        if not SKIP.search(lines[line - 1])
    ]


def floats_in(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Find each place in a syntax tree that makes or may make a float."""
    for node in ast.walk(tree):
        what = None
        if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
            what = f"float literal {node.value!r}"
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            what = None if _joins_a_path(node) else "true division"
        elif isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Div):
            what = "true division"
        elif isinstance(node, ast.Call):
            what = _called(node.func)
        if what:
            yield getattr(node, "lineno", 1), what


def _joins_a_path(node: ast.BinOp) -> bool:
    if isinstance(node.left, ast.BinOp) and isinstance(node.left.op, ast.Div):
        return _joins_a_path(node.left)
    if any(
        isinstance(side, ast.JoinedStr)
        or (isinstance(side, ast.Constant) and isinstance(side.value, str))
        for side in (node.left, node.right)
    ):
        return True
    left = node.left
    name = left.attr if isinstance(left, ast.Attribute) else getattr(left, "id", "")
    return name.lower().rsplit("_", 1)[-1] in FOLDER_NAMES


def _called(function: ast.expr) -> str | None:
    """Name a call that makes a float, or None."""
    if isinstance(function, ast.Name) and function.id in {"float", "round"}:
        return f"{function.id}()"
    if isinstance(function, ast.Attribute):
        owner = function.value.id if isinstance(function.value, ast.Name) else ""
        if owner == "math" and function.attr not in INTEGER_MATH:
            return f"math.{function.attr}()"
        if function.attr in FLOAT_CALLS:
            return f".{function.attr}()"
    return None


if __name__ == "__main__":
    sys.exit(main())
