"""Notice texts: the words shipped for each purpose, filled in with who asks and who receives.

A text is a frame and the pieces of one purpose. Its digest stands beside it in ``notices.toml``:
words that were changed without a new version are not shown.

Source: 个人信息保护法 art. 17 (名称和联系方式、处理目的、处理方式、种类、保存期限、行使权利的方式),
23 (接收方), 30 (敏感个人信息的必要性).
"""

import re
import tomllib
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple

from kuanxian.base.errors import ConsentError
from kuanxian.base.personal import holds_phone_or_identity
from kuanxian.vault.notice import Notice
from kuanxian.vault.purposes import purpose_of

FILE: Final = Path(__file__).with_name("notices.toml")
LANGUAGES: Final = {"zh-Hans": "zh", "en": "en"}
LINE_MAX: Final = 200
_DIGITS: Final = re.compile(r"[0-9][0-9 -]{4,}[0-9]")


class Named(NamedTuple):
    """Whom a notice names: none of it is personal data."""

    lender: str
    """The lender's full name, as registered."""
    reach: str
    """How a person reaches the lender: a telephone number, an address, a page."""
    recipient: str = ""
    """Who else gets the data and how to reach them, where the purpose is to supply it."""


def template(purpose: str, language: str) -> tuple[int, str]:
    """Give a purpose's version and text, with names still to be filled in.

    Args:
        purpose: A code of ``purposes.toml``.
        language: ``zh-Hans`` or ``en``.

    Raises:
        ConsentError: There is none, or its words were changed without a new version.
    """
    short = LANGUAGES.get(language)
    if short is None:
        raise ConsentError("language", "no notice is shipped in it", "zh-Hans or en.")
    told = _file()["notice"][purpose_of(purpose).code]
    text = assemble(purpose, short)
    if sha256(text.encode()).hexdigest() != told["sha256"][short]:
        reason = f"the words of {purpose} ({short}) are not those of version {told['version']}"
        raise ConsentError("notice", reason, "A changed text is a new version, with its digest.")
    return told["version"], text


def assemble(purpose: str, short: str) -> str:
    """Put the pieces of a purpose into the frame of a language."""
    told = _file()["notice"][purpose]
    text: str = _file()["frame"][short].strip() + "\n"
    pieces = {**told[short], "version": str(told["version"])}
    for name, piece in pieces.items():
        text = text.replace(f"{{{name}}}", piece)
    return text


def shipped_notice(purpose: str, language: str, named: Named) -> Notice:
    """Make the notice of a purpose.

    Args:
        purpose: A code of ``purposes.toml``.
        language: ``zh-Hans`` or ``en``.
        named: Whom it names.

    Returns:
        The notice; its id holds the beginning of its digest, so that other words have another.

    Raises:
        ConsentError: Nothing is shipped, or a name that the notice must say is missing.
    """
    version, text = template(purpose, language)
    for name, word in named._asdict().items():
        slot = f"{{{name}}}"
        said = 0 < len(word.strip()) <= LINE_MAX
        if (slot in text and not said) or not word.isprintable():
            reason = f"the {name} it must name is missing, or is not one line"
            raise ConsentError("notice", reason, "A notice says who processes and who receives.")
        if holds_phone_or_identity(word) or len(_DIGITS.findall(word)) > 1:
            reason = f"the {name} holds a mobile, an identity number, or several numbers"
            raise ConsentError("notice", reason, "A notice names a lender and one way to it.")
        text = text.replace(slot, word.strip())
    digest = sha256(text.encode()).hexdigest()
    return Notice(f"{purpose}-{digest[:12]}", version, language, purpose, text)


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text("utf-8"))
