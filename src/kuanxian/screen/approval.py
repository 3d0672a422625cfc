"""Approval: whether a template's words are the approved ones, and may be said to third persons.

What was approved stands beside the templates, in ``approved.toml``: for each version of each
the SHA-256 of its words. Words that changed under the same version are not approved.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from kuanxian.base.errors import TemplateError
from kuanxian.screen.load import load_screen

APPROVED_FILE: Final = "approved.toml"
SILENCE_FOLDER: Final = "silence"
"""Beside the folder of templates: what tells third persons of a debt."""
FOR_OTHERS: Final = "pass_message"
"""The one purpose for which words may go to who does not owe."""
SLOTS_FOR_OTHERS: Final = ("callback_number",)
"""A name would tell a lender, a figure a debt."""

_SIGN: Final = re.compile(
    r"[0-9]{3,}|[a-z]{4,}|[欠债贷¥$]|[0-9一二两三四五六七八九十百千万几][百千万]?(?:元|块|圆|万)"
)
"""Figures, long words of letters, and single characters: no list of phrases can hold those."""


def check_approved(folder: Path, template_id: str, version: int, hashed: str) -> None:
    """Refuse words that are not those that were approved under their version.

    Raises:
        TemplateError: They are not, or the list of approvals cannot be read.
    """
    listed = _read(folder / APPROVED_FILE).get(template_id)
    if not isinstance(listed, dict) or listed.get(str(version)) != hashed:
        advice = f"approve a new version: {APPROVED_FILE} takes its hash, {hashed}"
        reason = f"its words are not approved as version {version}"
        raise TemplateError(f"{template_id}.toml", reason, advice)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise TemplateError(path.name, "missing, or not readable as TOML", "mend it") from None


def check_silent(folder: Path, name: str, slots: Iterable[str], text: str) -> None:
    """Refuse words for third persons that tell of a debt.

    Args:
        folder: The templates'; beside it is what such words are.
        name: The template's file, for the message.
        slots: Its slots.
        text: Its words without them.

    Raises:
        TemplateError: They hold such words, or a slot that could.
        PatternError: There is no list of such words, or it fails its own examples.
    """
    stray = sorted(set(slots) - set(SLOTS_FOR_OTHERS))
    if stray:
        known = ", ".join(SLOTS_FOR_OTHERS)
        raise TemplateError(name, f"{stray[0]} is no slot for third persons", f"of {known}")
    words = unicodedata.normalize("NFKC", text).casefold()
    hits = [hit.pattern_id for hit in load_screen(folder.parent / SILENCE_FOLDER).find(words)]
    if hits or _SIGN.search(words):
        said = hits[0] if hits else "a figure or sign"
        raise TemplateError(name, f"tells third persons: {said}", "reword it")
