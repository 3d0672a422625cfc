"""Personal: what in a short text looks like somebody's own number.

Ids stand in the clear in logs, streams, tables and addresses, for as long as those are kept, so
none of them may be a telephone, identity or card number, however it is written. This looks at
ids and other short texts of machines; it rather lets a run of digits pass than refuse every
loan of a lender who counts in long numbers. What a person types freely is the scrubber's.
"""

import re
from typing import Final

from stdnum import luhn
from stdnum.cn import ric

from kuanxian.base.plain import plain_text

_GAP: Final = r"[\s._:()·/‐‑–—−-]{0,3}"
_BEFORE: Final = r"(?:00)?86|0|0?(?:17951|12593|17911|17909|10193)"
"""What is dialled before a number: the country, the trunk, a carrier's cheap route."""
MOBILE: Final = (
    rf"(?:(?:{_BEFORE}){_GAP})?(?:1[3-9][0-9]{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}"
    rf"|1[3-9][0-9]{{2}}{_GAP}[0-9]{{3}}{_GAP}[0-9]{{4}}|1[\s._-][3-9](?:[\s._-][0-9]){{9}})"
)
"""Of the mainland, in one run, in groups or digit by digit."""
IDENTITY: Final = (
    rf"[1-9][0-9]{{5}}{_GAP}(?:18|19|20)[0-9]{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
    rf"{_GAP}[0-9]{{3}}[0-9Xx]"
)
"""A resident identity number (GB 11643), its check digit not yet looked at."""

_LANDLINE: Final = rf"0(?:10|2[0-9]|[3-9][0-9]{{2}}){_GAP}[2-8][0-9]{{2,3}}{_GAP}[0-9]{{4}}"
_CARD: Final = r"[3-69][0-9]{15,18}"
"""No card begins with 1, as the microseconds of this century do."""


def _alone(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![0-9])(?:{pattern})(?![0-9])")


_PHONES: Final = _alone(rf"{MOBILE}|{_LANDLINE}")
_DIALLED: Final = re.compile(
    rf"(?<![0-9])(?:{MOBILE}|{_LANDLINE}|"
    r"\+[1-9][0-9]{0,2}[ -]?\(?[0-9]{1,4}\)?(?:[ -]?[0-9]{2,4}){2,4}"
    r"|\(?(?!400|800)[2-9][0-9]{2}\)?[ .-][0-9]{3}[.-][0-9]{4})(?![0-9])"
)
"""The same, and numbers of other countries as they are written there."""
_MOBILES: Final = _alone(MOBILE)
_IDENTITIES: Final = _alone(IDENTITY)
_CARDS: Final = _alone(_CARD)
_RANDOM: Final = re.compile(
    r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
    r"|(?<![0-9A-Za-z])[0-9a-f]{32,64}(?![0-9A-Za-z])"
)
"""A UUID, a digest: chance puts any digits into them."""
MASK: Final = "***"
_NO_DIGIT: Final = re.compile(r"[^0-9Xx]")


def holds_number(text: str) -> bool:
    r"""Say whether a text holds a telephone, identity or card number.

    Example:
        >>> holds_number("L-174.0500.0001"), holds_number("loan-20260131-000017")
        (True, False)
        >>> holds_number("tel:010-8888-6666"), holds_number("1740\u200b5000001")
        (True, True)
    """
    plain = _plain(text)
    return (
        _PHONES.search(plain) is not None
        or _has_identity(plain)
        or any(luhn.is_valid(found) for found in _CARDS.findall(plain))
    )


def holds_phone_or_identity(text: str) -> bool:
    """Say whether a text holds a mobile or an identity number.

    Of ids of which there are millions: one run of sixteen digits in ten could be a card's.

    Example:
        >>> holds_phone_or_identity("17405000001"), holds_phone_or_identity("9999990000000003")
        (True, False)
    """
    plain = _plain(text)
    return _MOBILES.search(plain) is not None or _has_identity(plain)


def without_numbers(text: str) -> str:
    """Put ``***`` in the place of each mobile or identity number of a line for people.

    Example:
        >>> without_numbers("unexpected argument (17405000001), loan 20260131000017")
        'unexpected argument (***), loan 20260131000017'
        >>> without_numbers("grant d-ab13812345678cd0123456789abcdef0")  # chance put it there
        'grant d-ab13812345678cd0123456789abcdef0'
    """
    parts = re.split(f"({_RANDOM.pattern})", text)
    parts[::2] = map(_masked, parts[::2])
    return "".join(parts)


def _masked(text: str) -> str:
    left = _MOBILES.sub(MASK, text)
    left = _IDENTITIES.sub(lambda found: MASK if _has_identity(found[0]) else found[0], left)
    return MASK if holds_phone_or_identity(left) else left


def phone_numbers(text: str) -> set[str]:
    r"""Give the telephone numbers in a text, each as its digits; a service number is none.

    Example:
        >>> sorted(phone_numbers("+86 174 0500 0001, 1740\u200b5000001, +1 212 555 0123"))
        ['12125550123', '17405000001']
        >>> phone_numbers("call 400-820-8820")
        set()
    """
    return phone_numbers_in_plain(plain_text(text))


def phone_numbers_in_plain(plain: str) -> set[str]:
    """Give the telephone numbers in a text that `plain_text` wrote."""
    dialled = _DIALLED.findall(_RANDOM.sub("~", plain))
    found = (re.sub(r"[^0-9]", "", one) for one in dialled)
    return {re.sub(rf"^(?:{_BEFORE})(?=1[3-9][0-9]{{9}}$)", "", digits) for digits in found}


def _plain(text: str) -> str:
    """Write a text in plain characters, without what chance made."""
    return _RANDOM.sub("~", plain_text(text))


def _has_identity(text: str) -> bool:
    return any(_is_identity(_NO_DIGIT.sub("", one)) for one in _IDENTITIES.findall(text))


def _is_identity(digits: str) -> bool:
    check: str = ric.calc_check_digit(digits)
    return check == digits[-1].upper()
