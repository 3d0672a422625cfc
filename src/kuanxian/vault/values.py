"""Values: what a typed field takes, and one way of writing it.

A value that is not right is refused with the field named and the reason; the value itself
is in no message. What passes is written in one way, so that a number typed with dashes
and one typed without are found by the same index entry.

Source: 个人信息保护法 art. 6: 限于实现处理目的的最小范围. What is not in ``FIELDS`` has no
place to be stored.
"""

import re
from collections.abc import Callable
from typing import Final, NamedTuple
from unicodedata import category, normalize

import phonenumbers
from stdnum import luhn
from stdnum.cn import ric
from stdnum.exceptions import InvalidComponent, ValidationError

from kuanxian.base.errors import FieldError
from kuanxian.base.personal import holds_number
from kuanxian.vault.secret import Secret

RAW_CHARACTERS_MAX: Final = 400

_RESIDENCE_PERMITS: Final = ("810000", "820000", "830000")
"""Place codes of 港澳台居民居住证, which are no county."""
_EMAIL: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_SEVERAL_NAMES: Final = re.compile(
    r"[、；;|/\\=<>]|,.*,|[\u3400-\u9fff]\s*,|(?:[\u3400-\u9fff]+ ){2}"
    r"|[\u3400-\u9fff]{3,} [\u3400-\u9fff]{3}"
)
"""Marks that part names; Han names side by side. One name may have a comma or points."""
_CARD_DIGITS: Final = range(12, 20)


class Field(NamedTuple):
    """What the vault can hold of a person."""

    take: Callable[[str], str]
    """From what was typed to the one way of writing it; raises ``FieldError``."""
    indexed: bool
    """Whether a person can be found by it, through a keyed index."""
    sensitive: bool
    """Whether it is sensitive personal information (敏感个人信息)."""
    zh: str
    en: str


def take_value(field: str, typed: str) -> Secret:
    """Check a typed value and write it in the one way.

    Args:
        field: A name in ``FIELDS``.
        typed: As typed; full-width digits and letters are read as their plain twins.

    Raises:
        FieldError: There is no such field, or the value is not what it takes.

    Example:
        >>> take_value("phone", "174 0500-0001").reveal()
        '+8617405000001'
    """
    if field not in FIELDS:
        raise FieldError("field", "there is no such field", f"There are: {', '.join(FIELDS)}.")
    if len(typed) > RAW_CHARACTERS_MAX:
        raise FieldError(field, f"it is longer than {RAW_CHARACTERS_MAX} characters")
    # Marks without width (Cf) come along when a number is copied from a page.
    text = "".join(mark for mark in normalize("NFKC", typed) if category(mark) != "Cf").strip()
    if not text:
        raise FieldError(field, "it is empty")
    if any(category(mark) in {"Cc", "Cs", "Co", "Cn"} for mark in text):
        raise FieldError(field, "it holds characters that are no text")
    return Secret(FIELDS[field].take(text))


def _name(text: str) -> str:
    text = " ".join(text.split())
    if len(text) > 60:
        raise FieldError("name", "it is longer than 60 characters")
    if any(mark.isdigit() for mark in text):
        raise FieldError("name", "it holds a digit", "One person's name alone.")
    if _SEVERAL_NAMES.search(text) or holds_number(text):
        raise FieldError("name", "it holds several names, or a number", "One person's name alone.")
    return text


def _phone(text: str) -> str:
    try:
        number = phonenumbers.parse(text, "CN")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        advice = "A mainland number as dialled, any other with + and the country's code."
        raise FieldError("phone", "it is no phone number", advice)
    if number.extension:
        raise FieldError("phone", "it has an extension", "A number that is dialled directly.")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _identity_number(text: str) -> str:
    text = re.sub(r"[\s-]", "", text)
    try:
        return str(ric.validate(text))
    except InvalidComponent:
        number = ric.compact(text)
        if number[:6] in _RESIDENCE_PERMITS and _has_birth_day(number):
            return number
        reason = "its place or its day of birth is none"
    except (ValidationError, ValueError):
        reason = "it is no identity number: 18 characters with a check digit"
    raise FieldError("identity_number", reason) from None


def _has_birth_day(number: str) -> bool:
    try:
        ric.get_birth_date(number)
    except ValidationError:
        return False
    return True


def _bank_card(text: str) -> str:
    digits = re.sub(r"[\s-]", "", text)
    if not (digits.isascii() and digits.isdigit() and len(digits) in _CARD_DIGITS):
        raise FieldError("bank_card", "it is not 12 to 19 digits")
    if not luhn.is_valid(digits) or not digits.strip("0"):
        raise FieldError("bank_card", "its check digit is wrong")
    return digits


def _email(text: str) -> str:
    if len(text) > 254 or _EMAIL.fullmatch(text) is None:
        raise FieldError("email", "it is no e-mail address")
    local, _, domain = text.rpartition("@")
    return f"{local}@{domain.lower()}"


def _address(text: str) -> str:
    text = " ".join(text.split())
    if len(text) > 200:
        raise FieldError("address", "it is longer than 200 characters")
    if holds_number(text):
        reason = "it holds a telephone, identity or card number"
        raise FieldError("address", reason, "An address alone; a number goes into its own field.")
    return text


FIELDS: Final[dict[str, Field]] = {
    "name": Field(_name, indexed=False, sensitive=False, zh="姓名", en="name"),
    "phone": Field(_phone, indexed=True, sensitive=False, zh="手机号码", en="phone number"),
    "identity_number": Field(
        _identity_number, indexed=True, sensitive=True, zh="身份证件号码", en="identity number"
    ),
    "bank_card": Field(
        _bank_card, indexed=False, sensitive=True, zh="银行卡号", en="bank card number"
    ),
    "email": Field(_email, indexed=False, sensitive=False, zh="电子邮箱", en="e-mail address"),
    "address": Field(_address, indexed=False, sensitive=False, zh="通信地址", en="postal address"),
}
"""Every field there is. There is none for an address book, a location or a photograph."""

CONTACT_FIELDS: Final = ("name", "phone")
"""What is held of a nominated contact, and nothing else."""
