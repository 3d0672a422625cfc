"""What a text sounds like."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuanxian.screen.normalise import normalise
from kuanxian.screen.syllables import places_of_sound, readings_of, sound

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


@given(st.text(alphabet="爆通讯录abcinguxz123"))
def test_every_code_has_its_place(text: str) -> None:
    plain = normalise(text)
    back = places_of_sound(plain)
    assert len(back) == len(sound(plain))
    assert back == sorted(back)
    assert all(0 <= place < len(plain) for place in back)
