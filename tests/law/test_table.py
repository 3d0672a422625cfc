"""A law file's mistakes are named by their line."""

import pytest

from kuanxian.base.errors import RuleFileError
from kuanxian.law.table import key_lines, parse_toml

TEXT = '''id = "x"
says.zh = "一"
says.en = "one"
condition = """
a = 1
[b]
"""

[in_force]
from = 2026-01-30

[[example]]
name = "a"

[[example]]
name = "b"
facts = { x = 1 }
[fact.deep.say]
zh = "…"
'''


@pytest.mark.parametrize(
    ("spot", "line"),
    [
        (("id",), 1),
        (("says", "en"), 3),
        (("condition",), 4),
        (("in_force", "from"), 10),
        (("example", 0, "name"), 13),
        (("example", 1), 15),
        (("example", 1, "facts"), 17),
        (("fact", "deep", "say", "zh"), 19),
    ],
)
def test_each_key_is_found_at_its_line(spot: tuple[str | int, ...], line: int) -> None:
    assert key_lines(TEXT)[spot] == line


def test_what_stands_in_a_long_text_is_no_key() -> None:
    assert ("a",) not in key_lines(TEXT)
    assert ("b",) not in key_lines(TEXT)


@pytest.mark.parametrize(
    ("text", "ask", "line", "words"),
    [
        ("a = 1\nb = 2", lambda t: t.check_keys(("a", "bb")), 2, "Did you mean bb?"),
        ("a = 1", lambda t: t.text("a"), 1, "must be a text in quotes"),
        ("a = ''", lambda t: t.text("a"), 1, "must not be empty"),
        ("a = 1", lambda t: t.text("b"), 1, "is missing"),
        ("\na = 'x'", lambda t: t.one_of("a", ("xx", "y")), 2, "Did you mean xx?"),
        ("a = []", lambda t: t.texts("a"), 1, "must not be empty"),
        ("a = [1]", lambda t: t.texts("a"), 1, "list of texts"),
        ("a = 1.5", lambda t: t.integer("a"), 1, "whole number"),
        ("a = true", lambda t: t.integer("a"), 1, "whole number"),
        ("a = 1", lambda t: t.flag("a"), 1, "true or false"),
        ("a = '2026-01-01'", lambda t: t.day("a"), 1, "must be a date"),
        ("a = 2026-01-01T00:00:00Z", lambda t: t.day("a"), 1, "must be a date"),
        ("a = 1", lambda t: t.table("a"), 1, "must be a table"),
        ("a = 1", lambda t: list(t.tables("a")), 1, "list of tables"),
        ("a = []", lambda t: list(t.tables("a")), 1, "must not be empty"),
        ("[a]\nzh = '一'", lambda t: t.words("a"), 1, "a.en: is missing"),
    ],
)
def test_a_mistake_is_told_with_its_line(text: str, ask: object, line: int, words: str) -> None:
    with pytest.raises(RuleFileError) as caught:
        ask(parse_toml(text, "f.toml"))  # type: ignore[operator]
    assert caught.value.line == line
    assert words in str(caught.value)


def test_what_is_not_toml_is_told_with_its_line() -> None:
    with pytest.raises(RuleFileError) as caught:
        parse_toml("a = 1\nb = \n", "f.toml")
    assert (caught.value.file, caught.value.line) == ("f.toml", 2)
