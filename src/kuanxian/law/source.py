"""Source: the text a rule or a figure stands on, as its file gives it."""

from collections.abc import Mapping
from typing import Final

from kuanxian.law.article import read_article
from kuanxian.law.collected import Rows, read_key
from kuanxian.law.frame import Instrument
from kuanxian.law.rule import MARKS, Source
from kuanxian.law.table import Table

UNREAD: Final = "原文未见"
"""The copy that was read tells what the text says, and not in which words."""
KEYS: Final = ("instrument", "article", "phrase", "key", "verified")


def read_source(table: Table, instruments: Mapping[str, Instrument], rows: Rows) -> Source:
    """Read a source.

    Args:
        table: The keys of it, and maybe others.
        instruments: The texts of the country.
        rows: The rows of the collected regulations.

    Raises:
        RuleFileError: Something is missing, or says more than was read.
    """
    phrase = _read_phrase(table)
    instrument = table.one_of("instrument", instruments)
    article = read_article(table)
    verified = table.one_of("verified", MARKS)
    firm = instruments[instrument].authority == "firm-policy"
    return Source(
        instrument=instrument,
        article=article,
        phrase=phrase,
        key=read_key(table, rows, firm=firm),
        verified=verified,
    )


def _read_phrase(table: Table) -> str:
    """Read what is quoted: of a V1 or V2 text something, or of a V2 text that it was not seen."""
    phrase, mark = table.text("phrase", ""), table.data.get("verified")
    if mark == "V1" and phrase.strip() in {"", UNREAD}:
        raise table.error(
            None, "a text that was read (V1) is quoted by no phrase",
            'Write phrase = "…", short and exact, or a weaker mark.',
        )  # fmt: skip
    if mark == "V2" and not phrase.strip():
        raise table.error(
            None, "a text read second hand (V2) is quoted by no phrase",
            f'Write phrase = "…", short and exact; "{UNREAD}" where its words were not seen.',
        )  # fmt: skip
    return phrase


def say_phrase(phrase: str, language: str) -> str:
    """Write what is quoted in quotes; nothing where nothing is.

    Example:
        >>> say_phrase("至少保存三年", "zh"), say_phrase(UNREAD, "en"), say_phrase("", "zh")
        ('“至少保存三年”', '(its words were not seen)', '')
    """
    if phrase == UNREAD:
        return f"（{UNREAD}）" if language == "zh" else "(its words were not seen)"
    return f"“{phrase}”" if phrase else ""
