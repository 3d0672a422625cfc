"""Near: many different phone numbers, each with a name beside it, in whatever syntax.

YAML, XML, SQL, a page, a map from name to number, one long line: an address book is known by
what it holds. Marks and the words that only label are passed over; what stands next to each
number is a name, or the text is no address book.
"""

import html
import re
from typing import Final

from kuanxian.door.shapes import is_name, names_business, names_card, names_phone, names_staff

PEOPLE_MIN: Final = 3
"""So many different names with different numbers: one more than a borrower may nominate."""
NAMED_TENTHS: Final = 6
"""In so many tenths of its numbers a list has a name beside them."""
_PART_CHARACTERS: Final = 120
_CHARACTERS_OF_ONE_MAX: Final = 400
"""A text with so many characters to each named number is about something else."""
_NUMBERS_MAX: Final = 400

_NUMBER: Final = re.compile(
    r"(?<![\d.])(?:(?:\+|00)?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)"  # a mainland mobile
    r"|(?<![\d.])0\d{2,3}-\d{7,8}(?!\d)"  # a landline with its area code
    r"|\+[1-9]\d{0,2}[- ]?\(?\d{1,4}\)?(?:[- ]?\d{2,4}){2,4}(?!\d)"  # any other country's
    r"|(?<!\d)\(?\d{3}\)?[- ]\d{3}-\d{4}(?!\d)"
)
_ESCAPE: Final = re.compile(r"\\u([0-9a-fA-F]{4})")
_TAG: Final = re.compile(r"<[^<>]{0,200}>")
_MARK: Final = re.compile(r"[\s,;:|=\"'`()\[\]{}<>/\\、，：；。！？“”（）【】《》·#*_&.-]+")
_LABELS: Final = frozenset(
    {
        "name", "names", "phone", "phones", "tel", "mobile", "cell", "number", "home", "work",
        "email", "mail", "contact", "contacts", "value", "values", "insert", "into", "person",
        "people", "row", "姓名", "名字", "名称", "称呼", "电话", "手机", "号码", "手机号",
        "手机号码", "电话号码", "联系人", "联系方式", "通讯录", "关系", "备注", "移动电话",
        "家庭电话", "单位", "電話", "手機", "聯絡人", "客服", "热线", "客服热线", "投诉",
        "投诉电话", "咨询", "咨询电话", "和", "与", "或",
    }
)  # fmt: skip
"""Words that say what stands beside them."""


def is_list_of_people(text: str) -> bool:
    r"""Tell whether a text is mostly names with phone numbers.

    Example:
        >>> is_list_of_people("甲一: 17405000001\n乙二: 17405000002\n丙三: 17405000003")
        True
        >>> is_list_of_people("客服 17405000001，投诉 17405000002，热线 17405000003")
        False
    """
    text = _plain(text)
    hits = list(_NUMBER.finditer(text))[:_NUMBERS_MAX]
    if len(hits) < PEOPLE_MIN or _speaks_of_loans(text):
        return False
    people: dict[str, str] = {}
    begin = 0
    for hit, after in zip(hits, [*(one.start() for one in hits[1:]), len(text)], strict=True):
        before = text[max(begin, hit.start() - _PART_CHARACTERS) : hit.start()]
        name = _name(before, -1) or _name(text[hit.end() : min(after, hit.end() + 40)], 0)
        if name:
            people.setdefault(re.sub(r"\D", "", hit.group())[-10:], name)
        begin = hit.end()
    numbers = {re.sub(r"\D", "", hit.group())[-10:] for hit in hits}
    looked = hits[-1].end() - max(0, hits[0].start() - _PART_CHARACTERS)
    return (
        min(len(people), len(set(people.values()))) >= PEOPLE_MIN
        and len(people) * 10 >= len(numbers) * NAMED_TENTHS
        and len(set(people.values())) * 2 > len(people)
        and looked <= len(people) * _CHARACTERS_OF_ONE_MAX
    )


def _plain(text: str) -> str:
    """Write escapes of JSON and of pages as what they stand for, and take the tags out."""
    if "\\u" in text:
        text = _ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), text)
    if "&#" in text:
        text = html.unescape(text)
    return _TAG.sub(" ", text) if "<" in text else text


def _speaks_of_loans(text: str) -> bool:
    """Tell whether a text has a word of loans, payments or staff: those have names and numbers."""
    words = set(_MARK.split(text[:100_000]))
    return any(names_business(word) or names_staff(word) for word in words if len(word) <= 30)


def _name(part: str, place: int) -> str:
    """Find the name next to a number; empty where another word is there."""
    words = [word for word in _MARK.split(part) if word and word.casefold() not in _LABELS]
    words = [word for word in words if not (names_phone(word) or names_card(word))]
    if not words:
        return ""
    word = words[place]
    return word if is_name(word) and (not word.isascii() or word.istitle()) else ""
