"""Card: vCard in all its versions and dresses, LDIF, and the databases phones keep."""

import re
from typing import Final

_BEGIN: Final = re.compile(
    r"(?:^|[\"'=]|\\[nr])[\s>#]*(?:[\w-]+\.)?BEGIN\s*:\s*VCARD\b(?![\"'])",
    re.IGNORECASE | re.MULTILINE,
)
"""At the beginning of a line, or of a value in quotes, where a line's end may be an escape."""
_FOLD: Final = re.compile(r"=?\r?\n[ \t]|=\r?\n")
_XCARD: Final = re.compile(r"urn:ietf:params:xml:ns:vcard|<vcards?[\s>]", re.IGNORECASE)
_HCARD: Final = re.compile(r"class\s*=\s*[\"'][^\"']*\b(?:vcard|h-card)\b", re.IGNORECASE)
_JCARD: Final = re.compile(r"\[\s*\"vcard\"\s*,\s*\[", re.IGNORECASE)
_LDIF_ENTRY: Final = re.compile(r"^dn::?\s", re.IGNORECASE | re.MULTILINE)
_LDIF_PERSON: Final = re.compile(
    r"^(?:cn|sn|givenName|displayName)::?\s|^objectclass:\s*(?:\w*person|mozillaAbPersonAlpha)\b",
    re.IGNORECASE | re.MULTILINE,
)
_LDIF_REACH: Final = re.compile(
    r"^(?:telephoneNumber|mobile|homePhone|facsimileTelephoneNumber|pager|cellphone|mail)::?\s",
    re.IGNORECASE | re.MULTILINE,
)
_SQLITE: Final = b"SQLite format 3\x00"
_PHONE_DATABASES: Final = (b"raw_contacts", b"ABPerson", b"ZABCDRECORD", b"ABMultiValue")


def is_vcard(text: str) -> bool:
    r"""Tell whether a text holds a vCard: plain, folded, quoted-printable, XML, JSON or HTML.

    Example:
        >>> is_vcard("begin:vcard\nVERSION:4.0"), is_vcard("see BEGIN:VCARD in the manual")
        (True, False)
    """
    if _BEGIN.search(text) or _BEGIN.search(_FOLD.sub("", text)):
        return True
    return any(form.search(text) for form in (_XCARD, _HCARD, _JCARD))


def is_ldif(text: str) -> bool:
    r"""Tell whether a text is a directory's list of people.

    Example:
        >>> is_ldif("dn: cn=made up\ncn: made up\nmobile: 17405000001")
        True
    """
    flat = _FOLD.sub("", text)
    return all(form.search(flat) for form in (_LDIF_ENTRY, _LDIF_PERSON, _LDIF_REACH))


def is_phone_database(data: bytes) -> bool:
    """Tell whether bytes are the database in which a phone keeps its address book."""
    return data.startswith(_SQLITE) and any(name in data for name in _PHONE_DATABASES)
