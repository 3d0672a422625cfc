"""Source: the text a rule or a figure stands on, as its file gives it."""

from collections.abc import Mapping
from typing import Final

from kuanxian.law.article import read_article
from kuanxian.law.collected import Rows, read_key
from kuanxian.law.frame import Instrument
from kuanxian.law.rule import MARKS, Source
from kuanxian.law.table import Table

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
    if table.data.get("verified") == "V1" and not table.text("phrase", "").strip():
        raise table.error(
            None, "a text that was read (V1) is quoted by no phrase",
            'Write phrase = "…", short and exact, or a weaker mark.',
        )  # fmt: skip
    instrument = table.one_of("instrument", instruments)
    article = read_article(table)
    verified = table.one_of("verified", MARKS)
    firm = instruments[instrument].authority == "firm-policy"
    return Source(
        instrument=instrument,
        article=article,
        phrase=table.text("phrase", ""),
        key=read_key(table, rows, firm=firm),
        verified=verified,
    )
