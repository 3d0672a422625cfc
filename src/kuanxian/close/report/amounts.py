"""Amounts: counts, money and shares as people read them. Whole numbers in, text out."""

from kuanxian.base.fen import Rounding, round_div

_STEPS = {
    "zh": ((10_000_000_000, "亿"), (1_000_000, "万")),
    "en": ((100_000_000_000, " bn"), (100_000_000, " M")),
}
"""From which amount (fen) on, and the unit it is shown in; a unit is 100 times the hundredth."""


def show_yuan(amount_fen: int, lang: str, currency: str = "CNY") -> str:
    """Write an amount short: yuan to the fen, or two places of 万, 亿, M, bn.

    Args:
        amount_fen: Fen, or the hundredth of another currency; may be negative.
        lang: ``zh`` or ``en``.
        currency: ISO 4217; of XXX, which is none, only the figure is shown.

    Example:
        >>> show_yuan(123_456, "zh"), show_yuan(123_456_789, "zh")
        ('¥1,234.56', '¥123.46万')
        >>> show_yuan(-12_345_678_901, "en")
        '−¥123.46 M'
    """
    sign = _sign(amount_fen, currency)
    amount_fen = abs(amount_fen)
    for unit_fen, name in _STEPS[lang]:
        if amount_fen >= unit_fen:
            hundredths = round_div(amount_fen, unit_fen // 100, Rounding.HALF_UP)
            return f"{sign}{_two_places(hundredths)}{name}"
    return f"{sign}{_two_places(amount_fen)}"


def show_exact(amount_fen: int, currency: str = "CNY") -> str:
    """Write an amount in full.

    Example:
        >>> show_exact(123_456_789), show_exact(-50, "USD"), show_exact(50, "XXX")
        ('¥1,234,567.89', '−USD 0.50', '0.50')
    """
    return f"{_sign(amount_fen, currency)}{_two_places(abs(amount_fen))}"


def _sign(amount_fen: int, currency: str) -> str:
    unit = {"CNY": "¥", "XXX": ""}.get(currency, f"{currency} ")
    return f"{'−' if amount_fen < 0 else ''}{unit}"


def show_count(number: int) -> str:
    """Write a number with thousands separators.

    Example:
        >>> show_count(1234567)
        '1,234,567'
    """
    return f"{number:,}"


def share_of(part: int, whole: int) -> int:
    """Express a part in thousandths of the whole, rounded down; 0 of nothing.

    Example:
        >>> share_of(1, 3), share_of(0, 0)
        (333, 0)
    """
    return part * 1000 // whole if whole else 0


def show_share(thousandths: int) -> str:
    """Write thousandths as percent.

    Example:
        >>> show_share(333), show_share(1000)
        ('33.3%', '100.0%')
    """
    return f"{thousandths // 10}.{thousandths % 10}%"


def _two_places(hundredths: int) -> str:
    return f"{hundredths // 100:,}.{hundredths % 100:02d}"
