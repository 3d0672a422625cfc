"""Layout column: how the cells of one column are read."""

from typing import Any, Final

from kuanxian.base.errors import LayoutError
from kuanxian.intake.cells import EXACT, FLOOR, FULL_WIDTH, HALF_UP, PERCENT_SIGN, YUAN_SIGN
from kuanxian.intake.layout import EVENT_TEXTS, LOAN_TEXTS, Column
from kuanxian.intake.layout_table import check_keys, flag_at, near, text_at, texts_at
from kuanxian.intake.loan_words import OTHER_NAMES, SETTINGS

_KEYS: Final = (
    "column", "is", "unit", "optional", "signed", "rounding", "dates", "codes", "empty",
    "thousands", "full_width", "signs",
)  # fmt: skip

AMOUNT_UNITS: Final = {"fen": 0, "jiao": 1, "yuan": 2, "ten_thousand_yuan": 6}
"""Units of money, as the power of ten that makes them fen; for another currency than the
yuan, fen stands for the hundredth and yuan for the whole unit."""

RATE_UNITS: Final = {
    "ppb": 0,
    "basis_point": 5,
    "per_ten_thousand": 5,
    "per_mille": 6,
    "percent": 7,
    "fraction": 9,
}
"""Units of rates, as the power of ten that makes them parts per billion."""

ROUNDINGS: Final = {"exact": EXACT, "half_up": HALF_UP, "floor": FLOOR}
DATE_FORMS: Final = ("YYYY-MM-DD",)
EMPTIES: Final = ("NULL", "null", "\\N", "N/A")


def read_column(name: str, value: Any, part: dict[str, Any], place: str) -> Column:
    """Read one column of a layout.

    Args:
        name: Our name for it.
        value: A header, a number, or a table with the key ``column``.
        part: The file part around it, for the units and forms it sets for all columns.
        place: What to call it in errors.

    Raises:
        LayoutError: It says something that cannot be followed.
    """
    table = value if isinstance(value, dict) else {"column": value}
    check_keys(table, _KEYS, place)
    source = table.get("column", name)
    if isinstance(source, bool) or not isinstance(source, str | int) or source in ("", 0):
        raise LayoutError(f"{place}.column", "must be a header or a number from 1")
    if not name.isidentifier():
        raise LayoutError(place, "a column's name is letters, digits and underscores")
    what = text_at(table, "is", place, _kind_of(name))
    if what not in {"text", "number", "date"}:
        raise LayoutError(f"{place}.is", "must be text, number or date")
    rounding = text_at(table, "rounding", place, "exact")
    if rounding not in ROUNDINGS:
        raise LayoutError(
            f"{place}.rounding", "there is no such rounding", near(rounding, ROUNDINGS)
        )
    thousands = text_at(table, "thousands", place, text_at(part, "thousands", place, ""))
    if len(thousands.encode()) > 1:
        raise LayoutError(f"{place}.thousands", "must be one ASCII character, or empty")
    return Column(
        name=name,
        source=source,
        what=what,
        optional=flag_at(table, "optional", place, default=False),
        signed=flag_at(table, "signed", place, default=False),
        power=_power(name, table, part, place) if what == "number" else 0,
        rounding=ROUNDINGS[rounding],
        style=_style(name, table, part, place),
        thousands=ord(thousands) if thousands else 0,
        forms=_forms(table, part, place) if what == "date" else (),
        codes=_codes(name, table, place) if what == "number" else None,
        empties=tuple(texts_at({**part, **table}, "empty", place) or EMPTIES),
    )


def _kind_of(name: str) -> str:
    if name in LOAN_TEXTS or name in EVENT_TEXTS or name.endswith("_id"):
        return "text"
    return "date" if name.endswith("_on") else "number"


def _power(name: str, table: dict[str, Any], part: dict[str, Any], place: str) -> int:
    """Find the unit. An amount or a rate must have one: a wrong guess is a wrong debt."""
    if name.endswith("_fen"):
        units, unit = AMOUNT_UNITS, text_at(part, "unit", place, "")
    elif name.endswith("_ppb"):
        units, unit = RATE_UNITS, text_at(part, "rate_unit", place, "")
    else:
        return 0
    unit = text_at(table, "unit", place, unit)
    if unit not in units:
        reason = f"there is no unit {unit!r}" if unit else "has no unit"
        raise LayoutError(f"{place}.unit", reason, f"Write one of: {', '.join(units)}.")
    return units[unit]


def _style(name: str, table: dict[str, Any], part: dict[str, Any], place: str) -> int:
    style = 0
    if flag_at({**part, **table}, "full_width", place, default=False):
        style |= FULL_WIDTH
    if flag_at({**part, **table}, "signs", place, default=False):
        style |= PERCENT_SIGN if name.endswith("_ppb") else YUAN_SIGN
    return style


def _forms(table: dict[str, Any], part: dict[str, Any], place: str) -> tuple[str, ...]:
    forms = texts_at(table, "dates", place) or texts_at(part, "dates", place) or DATE_FORMS
    for form in forms:
        if not ("YYYY" in form and "M" in form and "D" in form):
            raise LayoutError(
                f"{place}.dates", f"{form!r} does not say where year, month and day are"
            )
    return tuple(forms)


def _codes(name: str, table: dict[str, Any], place: str) -> dict[str, int] | None:
    """Read what codes mean: the names and numbers of a setting, or what the layout says."""
    names = SETTINGS.get(name)
    known: dict[str, int] = {}
    if names is not None:
        known = {item.name.lower(): int(item) for item in names}
        known |= {str(int(item)): int(item) for item in names}
        known |= {text: int(code) for text, code in OTHER_NAMES[names].items()}
    given = table.get("codes")
    if given is None:
        return known or None
    if not isinstance(given, dict):
        raise LayoutError(f"{place}.codes", "must be a table of texts and what they mean")
    codes: dict[str, int] = {}
    for text, meaning in given.items():
        code = meaning if isinstance(meaning, int) else known.get(str(meaning).lower())
        if code is None or isinstance(meaning, bool):
            raise LayoutError(
                f"{place}.codes.{text}",
                f"there is no {name} {meaning!r}",
                near(str(meaning), known),
            )
        codes[text] = code
    return codes
