"""Records: converted rows to loans and events, each figure within its limits."""

from types import SimpleNamespace
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kuanxian.base.days import NO_DAY
from kuanxian.base.personal import IDENTITY, MOBILE, holds_phone_or_identity
from kuanxian.intake.convert import Block
from kuanxian.intake.corrections import read_corrections
from kuanxian.intake.formula import Flags, Formula, Ints, Values, compute, constant
from kuanxian.intake.layout import EventRule, LoanRule
from kuanxian.intake.limits import EVENT_LIMITS, EVENT_NEEDS, LOAN_LIMITS
from kuanxian.intake.loan_events import MUST
from kuanxian.intake.reasons import Reason
from kuanxian.loan.checks import WORDS, Problem, settings_problem
from kuanxian.loan.events import Event, Kind
from kuanxian.loan.terms import Conventions, Terms


class Products(NamedTuple):
    """The products of a book: conventions, and the number of each by name."""

    conventions: list[Conventions]
    numbers: dict[str, int]


_SUSPECT: Final = rf"(?:^|[^0-9])(?:{MOBILE}|{IDENTITY})(?:$|[^0-9])|[^\x00-\x7F]"
"""Which ids are worth a closer look; what is not ASCII may be digits of another width."""

_TERMS_DEFAULTS: Final = Terms._field_defaults
_EVENT_DEFAULTS: Final = {**Event._field_defaults, "value_on": NO_DAY}


def make_loans(
    block: Block, rule: LoanRule, products: Products, loops: SimpleNamespace
) -> dict[str, pa.Array]:
    """Compute the columns of loans; rows that cannot be a loan are refused in the block.

    Args:
        block: Converted rows; ``reasons`` is written.
        rule: What the fields are.
        products: The products there are.
        loops: The byte loops, plain or compiled.

    Returns:
        Columns as long as the block, under the names of ``Terms`` and the texts of a
        loan; days are int32, -1 for none. Refused rows are still there.
    """
    columns = _texts(block, rule.texts, ("loan_id", "lender_id", "segment"))
    for name, texts in columns.items():
        _refuse_numbers(block, rule.texts.get(name, name), texts)
    columns["product_no"] = _product_numbers(block, rule, products)
    for name in Terms._fields:
        figure = _figure(block, name, rule.figures.get(name), _TERMS_DEFAULTS.get(name))
        _limit(block, name, rule.figures.get(name), figure, LOAN_LIMITS[name])
        columns[name] = pa.array(figure)
    _check(block, rule, columns, products, loops)
    return columns


def _check(
    block: Block,
    rule: LoanRule,
    columns: dict[str, pa.Array],
    products: Products,
    loops: SimpleNamespace,
) -> None:
    """Let the kernel judge each contract whose figures are within their limits."""
    figures = np.stack([np.asarray(columns[name]) for name in Terms._fields])
    numbers = np.asarray(columns["product_no"])
    problems = np.zeros(block.rows, np.int64)
    for number, conventions in enumerate(products.conventions):
        rows = np.flatnonzero((numbers == number) & (block.reasons == 0))
        if len(rows):
            settings = Conventions(*(int(value) for value in conventions))
            loops.check_contracts(figures, settings, rows, problems)
    for found in np.unique(problems[problems != 0]):
        field, words = WORDS[Problem(int(found))]
        place = _place(field, rule.figures.get(field))
        block.refuse(problems == found, Reason.BAD_TERMS, place, f"{field} {words}")


def _product_numbers(block: Block, rule: LoanRule, products: Products) -> pa.Array:
    names = block.texts[rule.texts["product"]] if "product" in rule.texts else None
    if names is None:
        names = pa.array([""] * block.rows, pa.string())
    known = pa.array(list(products.numbers), pa.string())
    index = pc.index_in(names, value_set=known)
    if index.null_count:
        place = rule.texts.get("product", "product")
        block.refuse(~np.asarray(index.is_valid()), Reason.UNKNOWN_PRODUCT, place)
    numbers = pa.array(list(products.numbers.values()), pa.int32())
    return pc.fill_null(numbers.take(index), 0)


def make_events(block: Block, rule: EventRule) -> tuple[dict[str, pa.Array], Flags]:
    """Compute the columns of events; rows that cannot be one are refused in the block.

    Args:
        block: Converted rows; ``reasons`` is written.
        rule: What the fields are.

    Returns:
        Columns as long as the block, and which rows the rule takes. ``undo`` is true
        where a negative amount takes back a payment.
    """
    taken = np.ones(block.rows, np.bool_)
    if rule.when:
        taken = _has_value(block, rule.when)
    columns = _texts(block, rule.texts, ("loan_id", "event_id", "reverses_id"))
    figures: dict[str, Ints] = {}
    undo = np.zeros(block.rows, np.bool_)
    for name, limits in EVENT_LIMITS.items():
        source = rule.figures.get(name)
        figure = _figure(block, name, source, _EVENT_DEFAULTS.get(name), taken)
        if name == "amount_fen" and rule.negative == "undo":
            undo = taken & (figure < 0)
            figure = np.abs(figure)
        _limit(block, name, source, figure, limits, taken)
        figures[name] = figure
    _need_day(block, rule, figures["amount_fen"] != 0, taken)
    _need_stated(block, rule, figures["kind"], taken)
    for name, need, lacks in EVENT_NEEDS:
        place = _place(name, rule.figures.get(name))
        block.refuse(taken & lacks(figures), Reason.BAD_EVENT, place, f"needs {need}")
    _need_reference(block, rule, columns, figures["kind"], taken)
    read_corrections(block, rule, figures, taken & (block.reasons == 0))
    columns |= {name: pa.array(figure) for name, figure in figures.items()}
    columns["undo"] = pa.array(undo)
    return columns, taken


def _need_day(block: Block, rule: EventRule, has_amount: Flags, taken: Flags) -> None:
    """Refuse rows with an amount but no day, where having a day is what makes an event.

    An amount that each row has, such as what falls due, tells of no money that came.
    """
    day = rule.figures.get("value_on")
    if rule.own_amount and isinstance(day, Formula) and rule.when in day.names:
        detail = "an amount without its day"
        block.refuse(has_amount & ~taken, Reason.EMPTY_CELL, rule.when, detail)


def _need_stated(block: Block, rule: EventRule, kinds: Ints, taken: Flags) -> None:
    """Refuse rows that leave out what a loan file must say: none would mean 0, or all."""
    for kind in np.unique(kinds[taken]).tolist():
        for name in MUST.get(kind, ()):
            source = rule.figures.get(name)
            stated = np.full(block.rows, source is not None)
            if isinstance(source, Formula):
                stated = compute(source, block.values, block.rows).present
            lacking = taken & (kinds == kind) & ~stated
            block.refuse(lacking, Reason.BAD_EVENT, _place(name, source), f"needs {name}")


def _need_reference(
    block: Block, rule: EventRule, columns: dict[str, pa.Array], kind: Ints, taken: Flags
) -> None:
    lacks = np.asarray(pc.equal(columns["reverses_id"], "")) & (kind == Kind.REVERSAL) & taken
    place = rule.texts.get("reverses_id", "reverses_id")
    block.refuse(lacks, Reason.BAD_EVENT, place, "needs the event it takes back")


def _texts(block: Block, sources: dict[str, str], names: tuple[str, ...]) -> dict[str, pa.Array]:
    nothing = pa.array([""] * block.rows, pa.string())
    return {n: block.texts[sources[n]] if n in sources else nothing for n in names}


def _refuse_numbers(block: Block, place: str, texts: pa.Array) -> None:
    """Refuse rows whose id is somebody's number: ids stand in the clear wherever the loan goes."""
    suspect = np.flatnonzero(pc.match_substring_regex(texts, pattern=_SUSPECT))
    found = np.zeros(block.rows, np.bool_)
    for row in suspect.tolist():
        found[row] = holds_phone_or_identity(texts[row].as_py())
    block.refuse(found, Reason.PERSONAL_NUMBER, place)


def _has_value(block: Block, column: str) -> Flags:
    if column in block.values:
        return block.values[column].present
    return np.asarray(pc.not_equal(block.texts[column], ""))


def _figure(
    block: Block,
    name: str,
    source: Formula | int | None,
    default: int | None,
    taken: Flags | None = None,
) -> Ints:
    """Compute one field; a row without a value gets the default or is refused."""
    if source is None:
        return np.full(block.rows, default or 0, np.int64)
    asked = np.ones(block.rows, np.bool_) if taken is None else taken
    if isinstance(source, int):
        result: Values = constant(source, block.rows)
    else:
        result = compute(source, block.values, block.rows)
    block.refuse(asked & result.broken, Reason.OUT_OF_BOUNDS, _place(name, source))
    if default is None:
        block.refuse(asked & ~result.present, Reason.EMPTY_CELL, _place(name, source))
    return np.where(result.present & ~result.broken, result.values, default or 0)


def _limit(
    block: Block,
    name: str,
    source: Formula | int | None,
    figure: Ints,
    limits: tuple[int, int],
    taken: Flags | None = None,
) -> None:
    low, high = limits
    beyond = (figure < low) | (figure > high)
    if taken is not None:
        beyond &= taken
    if beyond.any():
        detail = f"{name} must be {low} to {high}"
        block.refuse(beyond, Reason.OUT_OF_BOUNDS, _place(name, source), detail)


def _place(name: str, source: Formula | int | None) -> str:
    return source.column if isinstance(source, Formula) else name


def make_products(block: Block, known: dict[str, Conventions]) -> dict[str, Conventions]:
    """Read products; rows whose settings cannot be are refused in the block.

    Args:
        block: Converted rows; ``reasons`` is written.
        known: Products read before.
    """
    names = block.texts["product"].to_pylist()
    products: dict[str, Conventions] = {}
    mask = np.zeros(block.rows, np.bool_)
    for row in np.flatnonzero(block.reasons == 0).tolist():
        settings = {
            field: int(block.values[field].values[row])
            for field in Conventions._fields
            if field in block.values and block.values[field].present[row]
        }
        product = Conventions(**settings)
        found = settings_problem(product)
        other = {**known, **products}.get(names[row], product)
        if found == Problem.NONE and other == product:
            products[names[row]] = product
            continue
        field, words = ("product", "is given before, with other settings")
        if found != Problem.NONE:
            field, words = WORDS[Problem(found)]
        mask[:] = False
        mask[row] = True
        block.refuse(mask, Reason.BAD_PRODUCT, field, f"{field} {words}")
    return products
