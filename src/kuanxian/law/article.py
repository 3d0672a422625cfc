"""Article: where in its text a rule or a figure stands, or plainly that no number is known.

A lawyer must be able to look the sentence up. What was read gives the number; where it does
not, the file says so in one of two words, so that a number nobody wrote down is a mistake
and never silence.
"""

import re
from typing import Final

from kuanxian.law.rule import Words
from kuanxian.law.table import Table

UNSEEN: Final = "条号待核"
"""The copy that was read shows no number, or an unsure one: a lawyer must look it up."""
UNNUMBERED: Final = "无条号"
"""The text has no articles: a firm's own policy, a list of telephone lines."""
_WORDS: Final[dict[str, Words]] = {
    UNSEEN: {"zh": "（条号待核）", "en": "(article number to be checked)"},
    UNNUMBERED: {"zh": "", "en": ""},
}
_NUMBER: Final = r"(?:[零〇一二三四五六七八九十百千]+|[0-9]+)"
_PART: Final = (
    rf"第{_NUMBER}[条章节](?:之{_NUMBER})?(?:第{_NUMBER}款)?(?:第{_NUMBER}项)?"
    rf"|{_NUMBER}(?:\.[0-9]+)*[a-z]?(?:\([0-9]+\))?|\({_NUMBER}\)"
)
_FORM: Final = re.compile(rf"(?:{_PART})(?:(?:、|至|-| ?/ ?)(?:{_PART}))*")


def read_article(table: Table) -> str:
    """Read the article of a source.

    Returns:
        As written: a number, ``UNSEEN`` or ``UNNUMBERED``.

    Raises:
        RuleFileError: There is none, or it is written in no known form.
    """
    if not str(table.data.get("article", "")).strip():
        raise table.error(
            "article" if "article" in table.data else None, "the article is missing",
            f'Write article = "…" as read; "{UNSEEN}" where the copy that was read shows no '
            f'number; "{UNNUMBERED}" where the text has no articles.',
        )  # fmt: skip
    article = table.text("article")
    if article not in _WORDS and not _FORM.fullmatch(article):
        raise table.error(
            "article", "the article is written in no known form",
            f'Write it as in 第二十五条, 第十三条第一款, 第三章, 5.3, 二.2 or (五); else '
            f'"{UNSEEN}" or "{UNNUMBERED}".',
        )  # fmt: skip
    return article


def say_article(article: str, language: str) -> str:
    """Write an article behind the title of its text; nothing where there are no articles.

    Example:
        >>> say_article("第十五条", "en"), say_article(UNSEEN, "zh"), say_article(UNNUMBERED, "en")
        ('第十五条', '（条号待核）', '')
    """
    return _WORDS[article][language] if article in _WORDS else article
