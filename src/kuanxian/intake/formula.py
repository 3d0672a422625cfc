"""Formula: the integer arithmetic a layout may ask for.

Column names, whole numbers, ``+ - *``, and a few named functions. There is no division
but the one inside ``ppb_of``, no float, and nothing of Python can be reached: the text
is parsed, every node that is not on the list is refused, and the rest is computed over
int64 columns. A result that needs more than 63 bits is not a result: it is absent and
marked as out of bounds.

Functions of a row::

    first(a, b, ...)        the first that has a value
    least(a, b) most(a, b)  the smaller, the larger
    ppb_of(part, whole)     part as parts per billion of whole, to the nearest
    days_after(day, n)      n days later
    months_after(day, n)    n months later, on the same day of the month
    months_before(day, n)   n months earlier

Functions over all rows of a loan, where a layout makes one loan of many rows::

    count()   sum(a)   earliest(a)   latest(a)   same(a)
"""

import ast
from collections.abc import Callable, Mapping
from operator import add, mul, sub
from typing import Final, NamedTuple, NoReturn

import numpy as np
import numpy.typing as npt

from kuanxian.base.bounds import INT64_MAX
from kuanxian.base.days import NO_DAY, civil_of, day_of, days_in_month
from kuanxian.base.errors import LayoutError

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class Values(NamedTuple):
    """A computed column."""

    values: Ints
    present: Flags
    """False where there is no value."""
    broken: Flags
    """True where the value does not fit."""


AGGREGATES: Final = ("count", "sum", "earliest", "latest", "same")
_ROW_FUNCTIONS: Final = {
    "first": (1, 8),
    "least": (2, 8),
    "most": (2, 8),
    "ppb_of": (2, 2),
    "days_after": (2, 2),
    "months_after": (2, 2),
    "months_before": (2, 2),
}
_OPERATORS: Final = (ast.Add, ast.Sub, ast.Mult)


class Formula(NamedTuple):
    """A parsed formula."""

    text: str
    tree: ast.expr
    names: tuple[str, ...]
    """The columns it reads."""
    aggregates: tuple[tuple[str, str], ...]
    """The functions over rows it uses: name and column ('' for ``count``)."""

    @property
    def column(self) -> str:
        """The one column it is, or the formula itself: what a refusal points at."""
        return self.names[0] if len(self.names) == 1 else self.text


def parse_formula(text: str, place: str) -> Formula:
    """Parse a formula and refuse whatever is not on the list.

    Raises:
        LayoutError: It is not a formula, or asks for something there is not.

    Example:
        >>> parse_formula("paid + part * count", "x").names
        ('count', 'paid', 'part')
    """
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise LayoutError(place, f"{text[:60]!r} is not a formula", _ADVICE) from error
    if len(text) > 500:
        raise LayoutError(place, "the formula is longer than 500 characters", _ADVICE)
    names: set[str] = set()
    aggregates: set[tuple[str, str]] = set()
    _walk(tree, place, names, aggregates)
    return Formula(text.strip(), tree, tuple(sorted(names)), tuple(sorted(aggregates)))


_ADVICE: Final = (
    "Use column names, whole numbers, + - * and the functions of docs/reference/layout.md."
)


def _walk(node: ast.expr, place: str, names: set[str], found: set[tuple[str, str]]) -> None:
    match node:
        case ast.Name():
            names.add(node.id)
        case ast.Constant(value=int() as value) if not isinstance(value, bool):
            if value > INT64_MAX:
                _refuse(place, "a number of the formula is too large")
        case ast.BinOp() if isinstance(node.op, _OPERATORS):
            _walk(node.left, place, names, found)
            _walk(node.right, place, names, found)
        case ast.UnaryOp(op=ast.USub()):
            _walk(node.operand, place, names, found)
        case ast.Call(func=ast.Name(), keywords=[]):
            _walk_call(node, place, names, found)
        case _:
            _refuse(place, f"the formula may not contain {ast.unparse(node)[:60]!r}")


def _walk_call(node: ast.Call, place: str, names: set[str], found: set[tuple[str, str]]) -> None:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name in AGGREGATES:
        columns = [argument.id for argument in node.args if isinstance(argument, ast.Name)]
        if len(columns) != len(node.args) or len(columns) != (0 if name == "count" else 1):
            _refuse(place, f"{name}() takes {'nothing' if name == 'count' else 'one column'}")
        names.update(columns)
        found.add((name, columns[0] if columns else ""))
        return
    least, most = _ROW_FUNCTIONS.get(name, (0, -1))
    if not least <= len(node.args) <= most:
        _refuse(place, f"there is no function {name[:30]}() with {len(node.args)} arguments")
    for argument in node.args:
        _walk(argument, place, names, found)


def _refuse(place: str, reason: str) -> NoReturn:
    raise LayoutError(place, reason, _ADVICE)


def aggregate_name(function: str, column: str) -> str:
    """Name the column that holds a function over rows.

    Example:
        >>> aggregate_name("sum", "due_fen")
        'sum due_fen'
    """
    return f"{function} {column}".strip()


def compute(formula: Formula, columns: Mapping[str, Values], rows: int) -> Values:
    """Compute a formula for every row.

    Args:
        formula: What to compute.
        columns: The columns it reads, and its functions over rows under the name that
            ``aggregate_name`` gives.
        rows: How many rows.
    """
    return _compute(formula.tree, columns, rows)


def _compute(node: ast.expr, columns: Mapping[str, Values], rows: int) -> Values:
    match node:
        case ast.Name():
            return columns[node.id]
        case ast.Constant(value=int() as value):
            return constant(value, rows)
        case ast.UnaryOp():
            zero = constant(0, rows)
            return _arithmetic(ast.Sub(), zero, _compute(node.operand, columns, rows))
        case ast.BinOp():
            left = _compute(node.left, columns, rows)
            return _arithmetic(node.op, left, _compute(node.right, columns, rows))
        case ast.Call(func=ast.Name(id=name)):
            if name in AGGREGATES:
                inner = node.args[0].id if node.args and isinstance(node.args[0], ast.Name) else ""
                return columns[aggregate_name(name, inner)]
            arguments = [_compute(argument, columns, rows) for argument in node.args]
            return _FUNCTIONS[name](arguments)
    raise AssertionError(ast.dump(node))  # _walk let nothing else pass


def constant(value: int, rows: int) -> Values:
    """Make a column of one value."""
    return Values(np.full(rows, value, np.int64), np.ones(rows, np.bool_), np.zeros(rows, np.bool_))


def _arithmetic(operator: ast.operator, left: Values, right: Values) -> Values:
    present = left.present & right.present
    broken = left.broken | right.broken
    most = _size(left.values), _size(right.values)
    fits = most[0] * most[1] if isinstance(operator, ast.Mult) else most[0] + most[1]
    if fits > INT64_MAX:
        return _arithmetic_slowly(operator, left, right)
    if isinstance(operator, ast.Add):
        values = left.values + right.values
    elif isinstance(operator, ast.Sub):
        values = left.values - right.values
    else:
        values = left.values * right.values
    return Values(values, present, broken)


def _arithmetic_slowly(operator: ast.operator, left: Values, right: Values) -> Values:
    """Compute with Python integers where some row may not fit in 63 bits."""
    exact = {ast.Add: add, ast.Sub: sub, ast.Mult: mul}[type(operator)]
    pairs = zip(left.values.tolist(), right.values.tolist(), strict=True)
    results: list[int] = [exact(a, b) for a, b in pairs]
    fits = np.array([abs(result) <= INT64_MAX for result in results], np.bool_)
    values = np.array([r if abs(r) <= INT64_MAX else 0 for r in results], np.int64)
    return Values(values, left.present & right.present, left.broken | right.broken | ~fits)


def _size(values: Ints) -> int:
    return max(abs(int(values.max(initial=0))), abs(int(values.min(initial=0))))


def _first(arguments: list[Values]) -> Values:
    values, present, broken = arguments[0]
    for other in arguments[1:]:
        values = np.where(present, values, other.values)
        broken = np.where(present, broken, other.broken)
        present = present | other.present
    return Values(values, present, broken)


def _choose(pick: Callable[[Ints, Ints], Ints]) -> Callable[[list[Values]], Values]:
    def choose(arguments: list[Values]) -> Values:
        values, present, broken = arguments[0]
        for other in arguments[1:]:
            values = pick(values, other.values)
            present = present & other.present
            broken = broken | other.broken
        return Values(values, present, broken)

    return choose


def _rowwise(function: Callable[[int, int], int | None]) -> Callable[[list[Values]], Values]:
    def apply(arguments: list[Values]) -> Values:
        left, right = arguments
        present = left.present & right.present
        broken = left.broken | right.broken
        values = np.zeros(len(present), np.int64)
        pairs: dict[tuple[int, int], int | None] = {}
        for row in np.flatnonzero(present & ~broken):
            pair = int(left.values[row]), int(right.values[row])
            if pair not in pairs:
                pairs[pair] = function(*pair)
            result = pairs[pair]
            broken[row] = result is None
            values[row] = result or 0
        return Values(values, present, broken)

    return apply


def _ppb_of(part: int, whole: int) -> int | None:
    if whole <= 0 or part < 0:
        return 0 if part == 0 else None
    result = (2 * part * 1_000_000_000 + whole) // (2 * whole)
    return result if result <= INT64_MAX else None


def _days_after(day_on: int, days: int) -> int | None:
    result = day_on + days
    return result if NO_DAY < result <= INT64_MAX else None


def _months_after(day_on: int, months: int) -> int | None:
    year, month, day = civil_of(day_on)
    total = year * 12 + month - 1 + months
    if not 1970 * 12 <= total < 2200 * 12:
        return None
    year, month = total // 12, total % 12 + 1
    return day_of(year, month, min(day, days_in_month(year, month)))


_FUNCTIONS: Final[dict[str, Callable[[list[Values]], Values]]] = {
    "first": _first,
    "least": _choose(np.minimum),
    "most": _choose(np.maximum),
    "ppb_of": _rowwise(_ppb_of),
    "days_after": _rowwise(_days_after),
    "months_after": _rowwise(_months_after),
    "months_before": _rowwise(lambda day_on, months: _months_after(day_on, -months)),
}
