"""Layout file: TOML to ``Layout``, with every mistake named by its place."""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from kuanxian.base.errors import LayoutError
from kuanxian.intake.formula import Formula, parse_formula
from kuanxian.intake.layout import (
    EVENT_FIELDS,
    EVENT_TEXTS,
    LOAN_FIELDS,
    LOAN_TEXTS,
    EventRule,
    FilePart,
    Layout,
    LoanRule,
)
from kuanxian.intake.layout_column import read_column
from kuanxian.intake.layout_table import (
    check_keys,
    flag_at,
    near,
    need,
    table_at,
    text_at,
    texts_at,
)
from kuanxian.intake.loan_table import keys_of, read_table
from kuanxian.intake.loan_words import SETTINGS, read_name
from kuanxian.loan.events import Kind
from kuanxian.loan.terms import Conventions

FORMAT: Final = "kuanxian-layout/1"
_SHIPPED: Final = files("kuanxian.intake") / "layouts"

_TOP_KEYS: Final = ("format", "name", "says", "currency", "conventions", "products", "files")
_PART_KEYS: Final = (
    "patterns", "encoding", "delimiter", "quote", "header", "line_breaks", "open_end", "sheet",
    "others", "unit", "rate_unit", "dates", "empty", "thousands", "full_width", "signs",
    "columns", "loan", "events", "products",
)  # fmt: skip


def shipped_layouts() -> list[str]:
    """Name the layouts that come with the product.

    Example:
        >>> "kuanxian" in shipped_layouts()
        True
    """
    return sorted(f.name.removesuffix(".toml") for f in _SHIPPED.iterdir())


def load_layout(name: str) -> Layout:
    """Load a shipped layout by name, or a layout file by path.

    Args:
        name: A name without a dot, or a path that ends in ``.toml``.

    Raises:
        LayoutError: There is no such layout, or it cannot be used.

    Example:
        >>> load_layout("pay-in-n").currency
        'XXX'
    """
    if name in shipped_layouts():
        return parse_layout((_SHIPPED / f"{name}.toml").read_text(encoding="utf-8"), name)
    path = Path(name)
    if path.suffix != ".toml":
        names = ", ".join(shipped_layouts())
        raise LayoutError(
            name, "there is no layout of this name", f"Shipped: {names}. Or give a .toml file."
        )
    try:
        return parse_layout(path.read_text(encoding="utf-8-sig"), path.name)
    except (OSError, UnicodeDecodeError) as error:
        raise LayoutError(path.name, "the layout file cannot be read as UTF-8 text") from error


def parse_layout(text: str, place: str) -> Layout:
    """Parse the text of a layout file.

    Args:
        text: TOML.
        place: What to call it in errors.

    Raises:
        LayoutError: It is not TOML, or says something that cannot be followed.
    """
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise LayoutError(place, f"this is not TOML: {error}") from error
    check_keys(table, _TOP_KEYS, place)
    if table.get("format") != FORMAT:
        raise LayoutError(f"{place}: format", f"must be {FORMAT!r}")
    parts = table_at(table, "files", place)
    if not parts:
        raise LayoutError(f"{place}: files", "the layout names no file", "Add a [files.NAME] part.")
    products = {
        name: _read_conventions(value, f"{place}: products.{name}")
        for name, value in table_at(table, "products", place).items()
    }
    if "conventions" in table or not products:
        products[""] = _read_conventions(
            table_at(table, "conventions", place), f"{place}: conventions"
        )
    return Layout(
        name=text_at(table, "name", place, place),
        says=text_at(table, "says", place, ""),
        currency=text_at(table, "currency", place, "CNY"),
        parts=tuple(
            _read_part(name, part, f"{place}: files.{name}") for name, part in parts.items()
        ),
        products=products,
    )


def _read_conventions(table: Any, place: str) -> Conventions:
    return Conventions(**read_table(table, keys_of(Conventions._fields), place, LayoutError))


def _read_part(name: str, table: Any, place: str) -> FilePart:
    if not isinstance(table, dict):
        raise LayoutError(place, "must be a table")
    check_keys(table, _PART_KEYS, place)
    columns = table_at(table, "columns", place)
    read = tuple(
        read_column(column, value, table, f"{place}.columns.{column}")
        for column, value in columns.items()
    )
    if not read:
        raise LayoutError(f"{place}.columns", "no column is named")
    names = {column.name: column.what for column in read}
    loan = _read_loan(table["loan"], names, f"{place}.loan") if "loan" in table else None
    given = table.get("events", [])
    if not isinstance(given, list):
        raise LayoutError(f"{place}.events", "must be a list: write [[files.NAME.events]]")
    tied = len(given) + (loan is not None) > 1
    events = tuple(
        _read_event(value, names, tied=tied, place=f"{place}.events[{number}]")
        for number, value in enumerate(given, start=1)
    )
    always = _always_read(loan, events)
    events = tuple(replace(one, own_amount=not _amount_columns(one) <= always) for one in events)
    part = FilePart(
        name=name,
        columns=read,
        loan=loan,
        events=events,
        is_products=flag_at(table, "products", place, default=False),
        patterns=tuple(texts_at(table, "patterns", place)),
        encoding=text_at(table, "encoding", place, "auto"),
        delimiter=text_at(table, "delimiter", place, "auto"),
        quote=text_at(table, "quote", place, '"'),
        header=flag_at(table, "header", place, default=True),
        line_breaks=flag_at(table, "line_breaks", place, default=False),
        open_end=flag_at(table, "open_end", place, default=False),
        sheet=text_at(table, "sheet", place, ""),
        others=text_at(table, "others", place, "pass"),
    )
    _check_part(part, place)
    return part


def _check_part(part: FilePart, place: str) -> None:
    if sum((part.is_products, part.loan is not None or bool(part.events))) != 1:
        raise LayoutError(place, "must make loans, events or products", "Add loan or events.")
    every_row = part.loan is not None or any(not rule.when for rule in part.events)
    if not part.is_products and not every_row:
        raise LayoutError(place, "no rule takes every row", "Let one rule have no `when`.")
    if part.others not in {"pass", "refuse"}:
        raise LayoutError(f"{place}.others", "must be 'pass' or 'refuse'")
    if part.delimiter != "auto" and len(part.delimiter.encode()) != 1:
        raise LayoutError(f"{place}.delimiter", "must be one ASCII character, or 'auto'")
    if len(part.quote.encode()) > 1:
        raise LayoutError(f"{place}.quote", "must be one ASCII character, or empty for none")


def _read_loan(table: Any, names: dict[str, str], place: str) -> LoanRule:
    if not isinstance(table, dict):
        raise LayoutError(place, "must be a table")
    check_keys(table, (*LOAN_FIELDS, "many_rows", "expect_rows"), place)
    texts, figures = _read_fields(table, names, LOAN_FIELDS, LOAN_TEXTS, place)
    need(("principal_fen", "disbursed_on", "instalments"), figures, place)
    need(("loan_id",), texts, place)
    many = flag_at(table, "many_rows", place, default=False)
    expect = table.get("expect_rows")
    formula = None if expect is None else _read_formula(expect, names, f"{place}.expect_rows")
    uses = [value for value in figures.values() if isinstance(value, Formula)]
    if not many and (formula or any(value.aggregates for value in uses)):
        raise LayoutError(place, "functions over rows need many_rows = true")
    return LoanRule(texts, figures, many_rows=many, expect_rows=formula)


def _always_read(loan: LoanRule | None, events: Sequence[EventRule]) -> set[str]:
    """Name the columns of which every row makes something, whether it was paid or not."""
    rules: list[LoanRule | EventRule] = [one for one in events if not one.when]
    if loan is not None:
        rules.append(loan)
    uses = [value for one in rules for value in one.figures.values() if isinstance(value, Formula)]
    told = {name for use in uses for name in use.names}
    return told | {column for use in uses for _, column in use.aggregates}


def _amount_columns(rule: EventRule) -> set[str]:
    amount = rule.figures.get("amount_fen")
    return set(amount.names) if isinstance(amount, Formula) else set()


def _read_event(table: Any, names: dict[str, str], *, tied: bool, place: str) -> EventRule:
    if not isinstance(table, dict):
        raise LayoutError(place, "must be a table")
    check_keys(table, (*EVENT_FIELDS, "when", "negative"), place)
    texts, figures = _read_fields(table, names, EVENT_FIELDS, EVENT_TEXTS, place)
    need(("kind",), figures, place)
    if figures["kind"] != Kind.INSTALMENT:  # a planned row counts from the disbursement
        need(("value_on",), figures, place)
    need(("loan_id",), texts, place)
    when = text_at(table, "when", place, "")
    if when and when not in names:
        raise LayoutError(f"{place}.when", f"there is no column {when!r}", near(when, names))
    negative = text_at(table, "negative", place, "refuse")
    if negative not in {"refuse", "undo"}:
        raise LayoutError(f"{place}.negative", "must be 'refuse' or 'undo'")
    tied = tied or figures["kind"] == Kind.INSTALMENT
    return EventRule(texts, figures, when=when, negative=negative, tied=tied)


def _read_fields(
    table: dict[str, Any],
    names: dict[str, str],
    fields: Iterable[str],
    text_fields: Iterable[str],
    place: str,
) -> tuple[dict[str, str], dict[str, Formula | int]]:
    """Read what each field is; one that is not mentioned is the column of its own name."""
    texts: dict[str, str] = {}
    figures: dict[str, Formula | int] = {}
    for name in fields:
        value = table.get(name, name if name in names else None)
        spot = f"{place}.{name}"
        if value is None:
            continue
        if name in text_fields:
            if not isinstance(value, str) or names.get(value) != "text":
                raise LayoutError(spot, "must name a text column", near(str(value), names))
            texts[name] = value
        elif isinstance(value, int) and not isinstance(value, bool):
            figures[name] = value
        elif name in {"kind", "part"} and isinstance(value, str) and value not in names:
            figures[name] = _read_code(name, value, spot)
        else:
            figures[name] = _read_formula(value, names, spot)
    return texts, figures


def _read_code(name: str, value: str, place: str) -> int:
    try:
        return read_name(SETTINGS[name], value)
    except ValueError as error:
        raise LayoutError(place, str(error).partition("\n")[0]) from error


def _read_formula(value: Any, names: dict[str, str], place: str) -> Formula:
    if not isinstance(value, str):
        raise LayoutError(place, "must be a column, a formula or a whole number")
    formula = parse_formula(value, place)
    for name in formula.names:
        if name not in names:
            raise LayoutError(place, f"there is no column {name!r}", near(name, names))
        if names[name] == "text":
            raise LayoutError(place, f"{name!r} is text and cannot be computed with")
    return formula
