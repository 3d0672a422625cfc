"""What a text sounds like."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuanxian.screen.normalise import normalise
from kuanxian.screen.syllables import (
    places_of_sound,
    readings_of,
    sound,
    spell_letters,
    with_spellings,
)

SOUNDS_ALIKE = {
    "homophones": ("报通迅录", "爆通讯录"),
    "letters": ("bao通讯lu", "爆通讯录"),
    "all letters": ("baotongxunlu", "爆通讯录"),
    "ü as v": ("nv儿", "女儿"),
}


@pytest.mark.parametrize(("one", "other"), SOUNDS_ALIKE.values(), ids=SOUNDS_ALIKE.keys())
def test_what_sounds_alike_is_the_same(one: str, other: str) -> None:
    assert sound(one) == sound(other)


def test_what_sounds_different_is_different() -> None:
    assert sound("还款提醒") != sound("还款提示")


def test_a_phrase_takes_every_reading_its_characters_have() -> None:
    assert sound("环款") in readings_of("还款")
    assert sound("孩款") in readings_of("还款")


def test_letters_that_spell_nothing_stay() -> None:
    assert sound("txt") == "txt"


SPLIT = {
    "no syllable begins with a vowel where it need not": ("zhuangei", "转给"),
    "as few letters as can be are lost": ("change", "产个"),
    "the longest": ("xian", "线"),
}


@pytest.mark.parametrize(("letters", "meant"), SPLIT.values(), ids=SPLIT.keys())
def test_letters_are_split_as_pinyin_is_written(letters: str, meant: str) -> None:
    assert sound(letters) == sound(meant)


def test_a_phrase_is_read_as_its_letters_run_together() -> None:
    assert sound("yilianchuli") in readings_of("已立案处理")


EXPRESSIONS = {
    "a character": ("告诉", "gaosu", True),
    "one of a class": ("告[诉知]", "gao知", True),
    "none of a class": ("[^不]会", "buhui", False),
    "an escape": ("p图\\d", "p图1", True),
}


@pytest.mark.parametrize(("expression", "text", "found"), EXPRESSIONS.values(), ids=EXPRESSIONS)
def test_an_expression_can_be_tried_on_what_letters_spell(
    expression: str, text: str, found: bool
) -> None:
    assert bool(re.search(with_spellings(expression), spell_letters(text))) == found


@given(st.text(alphabet="爆通讯录abcinguxz123"))
def test_every_code_has_its_place(text: str) -> None:
    plain = normalise(text)
    back = places_of_sound(plain)
    assert len(back) == len(sound(plain))
    assert back == sorted(back)
    assert all(0 <= place < len(plain) for place in back)
