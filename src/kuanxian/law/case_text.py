"""Case text: bytes of a case file into plain JSON values, strictly.

A case file decides what may happen to a person, so nothing in it is guessed: a key given
twice, a float, ``NaN``, a number past 64 bits, text that is not UTF-8 or nesting without end
is refused, each with one sentence.
"""

from typing import Any, Final

from kuanxian.base.errors import CaseFileError
from kuanxian.base.strict_json import decode_text, parse_object

CASE_BYTES_MAX: Final = 10_000_000
"""Largest case file, in bytes. A case is one lender's dealings with one debtor."""


def parse_case_text(content: bytes, name: str) -> dict[str, Any]:
    """Parse the bytes of a case file.

    Args:
        content: The whole file.
        name: What to call it in an error.

    Returns:
        The top object: text, whole numbers, true, false, lists and objects, no ``null``.

    Raises:
        CaseFileError: It is larger than 10 MB, not UTF-8, or not strict JSON.

    Example:
        >>> parse_case_text(b'{"format": "kuanxian-case-1"}', "case.json")
        {'format': 'kuanxian-case-1'}
    """
    if len(content) > CASE_BYTES_MAX:
        advice = "A case file holds one debtor; give one file a debtor."
        raise CaseFileError(name, "the file is larger than 10 MB", advice)
    return parse_object(decode_text(content, name, CaseFileError), name, CaseFileError, whole=True)
