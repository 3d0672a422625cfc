"""Scan: the words of a condition, and what may not stand among them.

The first of two gates. What is refused here is refused by its spelling (a decimal point,
a quoted name, a comment, a letter that only looks like a Latin one), so the message can
point at it exactly and say what to write instead. ``parse.py`` is the second gate.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple, NoReturn

from kuanxian.base.errors import RuleFileError
from kuanxian.law.tree import Where

TEXT_MAX: Final = 4_000
"""Longest condition, in characters."""
WORDS_MAX: Final = 600
"""Most words of a condition."""
DEPTH_MAX: Final = 24
"""Deepest nesting of brackets."""

KEYWORDS: Final = frozenset({
    "AND", "OR", "NOT", "IN", "IS", "NULL", "BETWEEN", "TRUE", "FALSE", "COALESCE", "DISTINCT",
    "FROM",
})  # fmt: skip
DAY_WORDS: Final = frozenset({"DATE", "TIMESTAMP"})


class Word(NamedTuple):
    """One word of a condition."""

    kind: str
    """``keyword``, ``name``, ``number``, ``text`` or ``sign``."""
    text: str
    """Keywords in capitals, texts without their quotes, the rest as written."""
    line: int
    """The line of the file it stands on, from 1."""


_PATTERN: Final = re.compile(
    r"""(?P<space>[ \t\r\n]+)
      | (?P<comment>--|/\*|\#)
      | (?P<float>\d+\.\d*|\.\d+|\d+[eE][+-]?\d+)
      | (?P<number>\d+(?![\w.]))
      | (?P<oddnumber>\d\w*)
      | (?P<prefixed>[A-Za-z]+'(?:[^']|'')*')
      | (?P<text>'(?:[^']|'')*')
      | (?P<quoted>["`\[])
      | (?P<call>[A-Za-z_]\w*(?=\s*\())
      | (?P<name>[A-Za-z_]\w*(?:\s*\.\s*[A-Za-z_]\w*)*)
      | (?P<sign><=>|<>|<=|>=|!=|==|\|\||&&|::|->|[()<>=,+*\-])
      | (?P<other>.)""",
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?")

_FACT: Final = "Put it in a fact of its own: the fact layer computes it, with tests."
_SIGNS: Final = {
    "!=": ("!= is written <>", "Write a <> b."),
    "==": ("== is written =", "Write a = b."),
    "<=>": ("<=> is not the same in every engine", "Write a IS NOT DISTINCT FROM b."),
    "||": ("texts are not put together in a condition", _FACT),
    "&&": ("&& is written AND", "Write a AND b."),
    "::": ("there are no casts", "Declare the fact with the type you need."),
    "->": ("there is nothing inside a fact to reach into", _FACT),
    "/": (
        "there is no division: engines round it differently",
        "Multiply the other side instead: a * 100 >= b * 30 for a/b >= 30 %.",
    ),
    "%": ("there is no remainder: engines differ below zero", _FACT),
    ";": ("a condition is one expression, without ;", "Take the ; away."),
    "!": ("! is written NOT", "Write NOT a."),
    "^": ("there are no powers", _FACT),
    "&": ("there is no arithmetic on bits", _FACT),
    "|": ("there is no arithmetic on bits", _FACT),
    "~": ("there are no patterns", "Declare an enum fact, or a true-or-false fact, for it."),
    "?": ("there are no parameters", "Write policy.name for a firm's own figure."),
    ":": ("there are no parameters", "Write policy.name for a firm's own figure."),
    "@": ("there are no variables", "Write policy.name for a firm's own figure."),
    "$": ("there are no parameters", "Write policy.name for a firm's own figure."),
    "'": ("a text is not closed", "Close it with a straight single quote."),
}
_DAY_FACT: Final = "Compare with a fact: days since, minute of the day and weekday are facts."
REFUSED: Final = {
    "LIKE": ("LIKE does not mean the same in every engine", "Declare a true-or-false fact."),
    "ILIKE": ("there are no patterns", "Declare a true-or-false fact."),
    "SIMILAR": ("there are no patterns", "Declare a true-or-false fact."),
    "REGEXP": ("there are no patterns", "Declare a true-or-false fact."),
    "RLIKE": ("there are no patterns", "Declare a true-or-false fact."),
    "GLOB": ("there are no patterns", "Declare a true-or-false fact."),
    "CAST": (
        "there are no casts: engines round differently",
        "Declare the fact with the type you need.",
    ),
    "TRY_CAST": ("there are no casts", "Declare the fact with the type you need."),
    "CONVERT": ("there are no casts", "Declare the fact with the type you need."),
    "CASE": ("there is no CASE", "Write (a AND x) OR (NOT a AND y), or two rules."),
    "WHEN": ("there is no CASE", "Write (a AND x) OR (NOT a AND y), or two rules."),
    "IF": ("there is no IF", "Write (a AND x) OR (NOT a AND y), or two rules."),
    "IFNULL": ("IFNULL is written COALESCE", "Write COALESCE(a, b)."),
    "NVL": ("NVL is written COALESCE", "Write COALESCE(a, b)."),
    "ISNULL": ("ISNULL is written IS NULL", "Write a IS NULL."),
    "NOTNULL": ("NOTNULL is written IS NOT NULL", "Write a IS NOT NULL."),
    "NULLIF": ("there is no NULLIF", "Write the case out: a <> b AND …"),
    "SELECT": ("there are no subqueries: a rule sees the facts of one case", _FACT),
    "EXISTS": ("there are no subqueries: a rule sees the facts of one case", _FACT),
    "ANY": ("there are no lists but those of IN", "Write a IN ('x', 'y')."),
    "ALL": ("there are no lists but those of IN", "Write a IN ('x', 'y')."),
    "XOR": ("there is no XOR", "Write (a AND NOT b) OR (NOT a AND b)."),
    "DIV": ("there is no division: engines round it differently", "Multiply the other side."),
    "MOD": ("there is no remainder: engines differ below zero", _FACT),
    "EXTRACT": ("there are no date functions: engines number weekdays differently", _DAY_FACT),
    "INTERVAL": ("there are no intervals", _DAY_FACT),
    "NOW": ("a condition has no clock", _DAY_FACT),
    "CURRENT_DATE": ("a condition has no clock", _DAY_FACT),
    "CURRENT_TIME": ("a condition has no clock", _DAY_FACT),
    "CURRENT_TIMESTAMP": ("a condition has no clock", _DAY_FACT),
    "TIMESTAMPTZ": ("it is written TIMESTAMP", "Write TIMESTAMP '2026-01-31 08:00:00+08:00'."),
    "TIME": ("there are no times of day", "Use a minute-of-the-day fact: 08:00 is 480."),
    "UNKNOWN": ("UNKNOWN is written NULL", "Write a IS NULL."),
    "NAN": ("there are no floats", "Use a whole number in a smaller unit: fen, ppb, minutes."),
    "INFINITY": ("there are no floats", "Leave the comparison out."),
    "COLLATE": ("texts have no order", "Compare with = or <>."),
    "SYMMETRIC": ("BETWEEN has its lower bound first", "Write a BETWEEN low AND high."),
    "AS": ("nothing is renamed in a condition", "Take AS away."),
    "ESCAPE": ("there are no patterns", "Declare a true-or-false fact."),
    "OVER": ("there are no windows", _FACT),
}  # fmt: skip
"""Words of SQL that are refused whatever their case, each with what to write instead."""


def scan_condition(text: str, where: Where) -> list[Word]:
    """Cut a condition into words.

    Args:
        text: The condition, at most ``TEXT_MAX`` characters.
        where: Where it starts.

    Raises:
        RuleFileError: It is empty or too long, or holds something no condition may.

    Example:
        >>> [word.text for word in scan_condition("days < 7 and open", Where("x"))]
        ['days', '<', '7', 'AND', 'open']
    """
    if not text.strip():
        refuse(where, "the condition is empty", "Write TRUE for a rule that always speaks.")
    if len(text) > TEXT_MAX:
        refuse(
            where,
            f"the condition is longer than {TEXT_MAX} characters",
            "Write several rules, or declare a fact for a part of it.",
        )
    words: list[Word] = []
    line = where.line
    for hit in _PATTERN.finditer(text):
        word = _word_of(hit.lastgroup or "", hit.group(), Where(where.file, line))
        words += [word] if word else []
        line += hit.group().count("\n")
    _check_size(words, where)
    return list(_with_days(words))


def refuse(where: Where, reason: str, advice: str) -> NoReturn:
    """Raise the refusal of a condition."""
    raise RuleFileError(where.file, where.line, reason, advice)


def _word_of(kind: str, text: str, where: Where) -> Word | None:
    if kind == "space":
        return None
    if kind == "call":
        return _call_of(text, where)
    if kind == "name":
        return _name_of(re.sub(r"\s", "", text), where)
    if kind == "text":
        return Word("text", _text_of(text, where), where.line)
    if kind == "number" or (kind == "sign" and text not in _SIGNS):
        return Word(kind, text, where.line)
    return _refuse_word(kind, text, where)


def _name_of(text: str, where: Where) -> Word:
    capitals = text.upper()
    if capitals in KEYWORDS:
        return Word("keyword", capitals, where.line)
    if capitals in DAY_WORDS:
        return Word("name", text.lower(), where.line)
    if capitals in REFUSED:
        refuse(where, *REFUSED[capitals])
    if not _NAME.fullmatch(text):
        refuse(
            where,
            f"{text[:40]} is not the name of a fact",
            "Names are small Latin letters, digits and _, as in days_past_due or policy.min_days.",
        )
    return Word("name", text, where.line)


def _call_of(text: str, where: Where) -> Word:
    """Take a word before a bracket: COALESCE, IN and their like, or no word we know."""
    capitals = text.upper()
    if capitals in KEYWORDS:
        return Word("keyword", capitals, where.line)
    if capitals in REFUSED:
        refuse(where, *REFUSED[capitals])
    refuse(
        where,
        f"there is no function {text[:30]}",
        "The only one is COALESCE. Declare a fact for what it computes.",
    )


def _with_days(words: list[Word]) -> Iterator[Word]:
    """Tell DATE before a text from a fact named date."""
    for word, after in zip(words, [*words[1:], None], strict=True):
        begins = word.kind == "name" and word.text.upper() in DAY_WORDS
        if begins and after is not None and after.kind == "text":
            yield Word("keyword", word.text.upper(), word.line)
        else:
            yield word


def _text_of(quoted: str, where: Where) -> str:
    text = quoted[1:-1].replace("''", "'")
    if any(ord(letter) < 32 or letter in "\\\x7f" for letter in text):
        refuse(
            where,
            "a text holds a backslash, a line break or a control character",
            "Engines read those differently. Use plain letters.",
        )
    return text


def _refuse_word(kind: str, text: str, where: Where) -> NoReturn:
    if kind == "comment":
        refuse(where, "a condition holds no comments", "Put it in the file, on a line with #.")
    if kind == "float":
        refuse(
            where,
            f"{text[:30]} is not a whole number",
            "Use a smaller unit: fen, ppb (one billionth), minutes.",
        )
    if kind == "oddnumber":
        refuse(where, f"{text[:30]} is not a whole number", "Write it in digits: 31, 1000.")
    if kind == "prefixed":
        refuse(
            where,
            f"{text[:30]} is not a plain text",
            "Write 'text', DATE '2026-01-31' or TIMESTAMP '2026-01-31 08:00:00+08:00'.",
        )
    if kind == "quoted":
        refuse(
            where,
            f"{text} quotes a name",
            "Write texts in single quotes, names of facts without any.",
        )
    if text in _SIGNS:
        refuse(where, *_SIGNS[text])
    refuse(
        where,
        f"the character {text} (U+{ord(text):04X}) may not stand outside a text",
        "Look for a full-width bracket, a curly quote or a letter of another alphabet.",
    )


def _check_size(words: list[Word], where: Where) -> None:
    if len(words) > WORDS_MAX:
        refuse(
            where,
            f"the condition has more than {WORDS_MAX} words",
            "Write several rules, or declare a fact for a part of it.",
        )
    depth = 0
    for word in words:
        depth += {"(": 1, ")": -1}.get(word.text, 0) if word.kind == "sign" else 0
        if depth > DEPTH_MAX:
            refuse(
                Where(where.file, word.line),
                f"brackets are nested more than {DEPTH_MAX} deep",
                "Write several rules, or declare a fact for a part of it.",
            )
