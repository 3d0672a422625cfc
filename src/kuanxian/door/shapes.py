"""Shapes: what a name, a phone number and a column's title look like.

Loose on purpose where a name and a number stand together, and deaf where they do not: a
phone number alone makes no address book, and neither does a name.
"""

import re
from typing import Final
from unicodedata import normalize

_PHONE: Final = re.compile(
    r"(?:tel:)?(?:"
    r"(?:\+|00)?\(?86\)?1[3-9]\d{9}|1[3-9]\d{9}"  # a mainland mobile number
    r"|0\d{2,3}\d{7,8}(?:(?:x|转|ext\.?)\d{1,6})?"  # a mainland landline with its area code
    r"|(?:\+|00)[1-9]\d{7,14}"  # any other country's
    r"|\d{10}|[2-9]\d{6,7}"  # ten digits as in North America; a local landline
    r")"
)
_PHONE_PARTS: Final = re.compile(r"[\s\-‐-―.·()（）/]+")
_HAN_NAME: Final = re.compile(r"[\u3400-\u9fff]{1,4}(?:·[\u3400-\u9fff]{1,8})*")
_HAN_TITLED: Final = re.compile(
    r"(?:老|小|阿|大)?[\u3400-\u9fff]{1,4}(?:先生|女士|小姐|经理|老师|同学|师傅|医生|哥|姐|叔|姨|爸|妈)"
)
_LATIN_NAME: Final = re.compile(r"[^\W\d_]+(?:[ .,'’-]+[^\W\d_]+){0,4}\.?")

_NAME_TITLES: Final = (
    "姓名", "名字", "名称", "称呼", "昵称", "显示名", "姓", "名", "聯絡人", "联系人", "备注名",
    "name", "fullname", "displayname", "firstname", "lastname", "givenname", "familyname",
    "middlename", "nickname", "contact", "contactname", "fileas", "formattedname", "fn",
)  # fmt: skip
_PHONE_TITLE: Final = re.compile(
    r"电话|手机|電話|手機|号码$|移动电话|座机|phone|mobile|^tel|telephone|cellular|^cell$|pager|msisdn"
)
_CARD_TITLE: Final = re.compile(
    r"^(?:phone\d(?:type|value|label)|email\d(?:type|value|label)|e?mail(?:address|\d.*)?"
    r"|(?:home|work|business|mobile|other|primary|company|assistants?|car|radio|isdn)"
    r"(?:phone|fax|number)\d?|pager(?:number)?|givenname|familyname|additionalname|yomi.*"
    r"|phonetic.*|nickname|groupmembership|labels|fileas|displayname|primaryemail|secondaryemail"
    r"|screenname|aimscreenname|organization.*|birthday|anniversary|spouse|children|relation\d.*"
    r"|家庭电话|住宅电话|工作电话|单位电话|移动电话\d?|电子邮件.*|分组|群组|昵称|生日|公司|职务|备注)$"
)
_THIRD_PARTY_TITLE: Final = re.compile(
    r"紧急联系|联系人\d|联系人(?:姓名|电话|手机|号码|关系)|亲属|亲友|家属|与.{0,6}关系|^关系$|通讯录"
    r"|emergency|relationship|^relation$|nextofkin|referee|reference\d?(?:name|phone)|phonebook"
)
_STAFF_TITLE: Final = re.compile(
    r"坐席|客服|催收员|操作|经办|专员|agent|operator|collector|officer|employee|staff|user"
)
_BUSINESS_TITLE: Final = re.compile(
    r"借款|贷款|合同|金额|本金|利息|罚息|费用|期数|期次|还款|应还|实还|放款|余额|逾期|账龄|订单|流水|交易"
    r"|付款|收款|入账|产品|利率|loan|principal|amount|interest|balance|due|instal|repay|payment|paid"
    r"|disburs|contractid|overdue|fee|fen$|currency|transaction|order|tenor|rate|payer|payee"
)


def plain_title(title: str) -> str:
    """Write a title without case, width, spaces and marks.

    Example:
        >>> plain_title("Phone 1 - Value"), plain_title(" 手机（移动）")
        ('phone1value', '手机移动')
    """
    return re.sub(r"[\W_]+", "", normalize("NFKC", title).casefold())


def is_phone(text: str) -> bool:
    """Tell whether a cell is a phone number and nothing else.

    Example:
        >>> [is_phone(cell) for cell in ("+86 174-0500-0001", "2026-01-31", "1,200.00", "")]
        [True, False, False, False]
    """
    text = normalize("NFKC", text).strip().strip("'\"").casefold()
    if not 7 <= len(text) <= 32 or re.fullmatch(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}", text):
        return False
    return _PHONE.fullmatch(_PHONE_PARTS.sub("", text)) is not None


def is_sure_phone(text: str) -> bool:
    """Tell whether a cell can be nothing else than a phone number.

    Seven, eight or ten bare digits are as well an amount, a day or the number of a loan.

    Example:
        >>> [is_sure_phone(cell) for cell in ("17405000001", "(212) 555-0123", "20260131")]
        [True, True, False]
    """
    bare = text.strip().strip("'\"")
    return is_phone(bare) and not (bare.isdigit() and len(bare) in (7, 8, 10))


def is_name(text: str) -> bool:
    """Tell whether a cell could be what somebody is called.

    Example:
        >>> [is_name(cell) for cell in ("王五", "Ann O'Neil", "老李师傅", "L-0001", "12.5")]
        [True, True, True, False, False]
    """
    text = normalize("NFKC", text).strip().strip("'\"")
    if not 1 <= len(text) <= 40:
        return False
    return any(form.fullmatch(text) for form in (_HAN_NAME, _HAN_TITLED, _LATIN_NAME))


def names_person(title: str) -> bool:
    """Tell whether a title is of a column of names, staff's own left out."""
    plain = plain_title(title)
    if names_staff(title):
        return False
    return plain in _NAME_TITLES or plain.endswith(("姓名", "fullname", "contactname"))


def names_phone(title: str) -> bool:
    """Tell whether a title is of a column of phone numbers, staff's own left out."""
    return _PHONE_TITLE.search(plain_title(title)) is not None and not names_staff(title)


def names_staff(title: str) -> bool:
    """Tell whether a title speaks of the lender's own people."""
    return _STAFF_TITLE.search(plain_title(title)) is not None


def names_third_party(title: str) -> bool:
    """Tell whether a title speaks of somebody other than the borrower."""
    return _THIRD_PARTY_TITLE.search(plain_title(title)) is not None


def names_card(title: str) -> bool:
    """Tell whether a title is one of those that address books export."""
    return _CARD_TITLE.match(plain_title(title)) is not None


def names_business(title: str) -> bool:
    """Tell whether a title belongs to loans, payments or amounts."""
    return _BUSINESS_TITLE.search(plain_title(title)) is not None
