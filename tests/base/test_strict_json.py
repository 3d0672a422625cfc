"""A file that decides about somebody is read strictly, and each mistake is one sentence."""

import pytest

from kuanxian.base.errors import CaseFileError, SourceError
from kuanxian.base.strict_json import DEPTH_MAX, DIGITS_MAX, decode_text, parse_object

ANY = [
    ('{"a": ', "it is not JSON: "),
    ('{"a": 1, "a": 2}', "the key 'a' is given twice in one object"),
    ('{"b": [{"å": 1, "å": 1}]}', r"the key '\xe5' is given twice"),
    ('{"a": NaN}', "NaN is not a number"),
    ('{"a": -Infinity}', "-Infinity is not a number"),
    ("[" * 100_000, "it is nested too deeply"),
    ('{"a": ' + "[" * DEPTH_MAX + "]" * DEPTH_MAX + "}", "nested deeper than 12 levels"),
    ("[1]", "it is not one object"),
    ("3", "it is not one object"),
]
WHOLE = [
    ('{"a": 1.5}', "1.5 is not a whole number"),
    ('{"a": 1e400}', "1e400 is not a whole number"),
    ('{"a": 9223372036854775808}', "a number has more than 64 bits"),
    ('{"a": -9223372036854775809}', "a number has more than 64 bits"),
    ('{"a": ' + "9" * 5000 + "}", "a number has more than 64 bits"),
    ('{"a": 17400000001.0}', "*** is not a whole number"),
]


@pytest.mark.parametrize(("text", "reason"), ANY)
@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("error", [SourceError, CaseFileError])
def test_what_is_not_strict_is_refused_by_its_reader_s_own_error(
    text: str, reason: str, whole: bool, error: type[SourceError] | type[CaseFileError]
) -> None:
    with pytest.raises(error) as caught:
        parse_object(text, "f.json", error, whole=whole)
    assert reason in caught.value.reason
    assert caught.value.subject == "f.json"
    assert caught.value.advice


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 99999919491231002e1}',
        '{"a": 9999991949123100200}',
        '{"99999919491231002X": 1, "99999919491231002X": 2}',
    ],
)
def test_no_number_of_a_person_is_said_again(text: str) -> None:
    with pytest.raises(SourceError) as caught:
        parse_object(text, "f.json", SourceError, whole=True)
    assert "1949" not in str(caught.value)
    assert "9999" not in str(caught.value)


@pytest.mark.parametrize(("text", "reason"), WHOLE)
def test_a_file_of_whole_numbers_holds_no_other(text: str, reason: str) -> None:
    with pytest.raises(SourceError) as caught:
        parse_object(text, "f.json", SourceError, whole=True)
    assert reason in caught.value.reason


def test_numbers_at_the_ends_of_64_bits_are_read() -> None:
    ends = [9223372036854775807, -9223372036854775807, 0]
    assert parse_object(f'{{"a": {ends}}}', "f", SourceError, whole=True) == {"a": ends}


def test_a_fraction_is_left_to_a_reader_that_can_name_its_key() -> None:
    assert parse_object('{"a": 1.5}', "f", SourceError, whole=False) == {"a": 1.5}


def test_a_number_too_long_to_be_read_is_refused_before_it_is() -> None:
    text = '{"a": ' + "9" * (DIGITS_MAX + 1) + "}"
    with pytest.raises(SourceError, match="has more than 4000 digits"):
        parse_object(text, "f.json", SourceError, whole=False)


def test_nesting_up_to_the_limit_is_read() -> None:
    inner = DEPTH_MAX - 1
    text = '{"a": ' + "[" * (inner - 1) + "]" * (inner - 1) + "}"
    assert "a" in parse_object(text, "f", SourceError, whole=True)


def test_text_is_utf_8_with_or_without_its_mark() -> None:
    assert decode_text("宽".encode("utf-8-sig"), "f", SourceError) == "宽"
    assert decode_text("宽".encode(), "f", SourceError) == "宽"
    with pytest.raises(SourceError, match="byte 2 is not UTF-8"):
        decode_text(b"a\xff", "f", SourceError)
