"""One form for the many ways to write the same characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuanxian.screen.forms import forms
from kuanxian.screen.normalise import normalise, places, places_without_latin, without_latin
from kuanxian.screen.syllables import has_letters, sound

SAME = {
    "spaces": "爆 通 讯 录",
    "zero-width": "爆\u200b通\u200d讯\ufeff录",
    "dots and middle dots": "爆.通·讯。录",
    "emoji": "爆🔥通📱讯录",
    "traditional": "爆通訊錄",
    "radicals and compatibility forms": "爆通\u8baf录",
    "combining marks": "爆\u0336通\u0336讯\u0336录",
    "line breaks": "爆\n通\r\n讯\t录",
    "variation selectors": "爆\ufe0f通讯录",
}


@pytest.mark.parametrize("written", SAME.values(), ids=SAME.keys())
def test_what_is_written_differently_is_the_same(written: str) -> None:
    assert normalise(written) == "爆通讯录"


def test_letters_lose_their_disguise() -> None:
    assert normalise("ＶＸ ⓥⓧ 𝐕𝐗 ѵх") == "vxvxvxvx"


@given(st.text())
def test_every_character_of_the_normal_form_has_its_place(text: str) -> None:
    plain = normalise(text)
    back = places(text)
    assert len(back) == len(plain)
    assert back == sorted(back)
    assert all(0 <= place < len(text) for place in back)


@given(st.text())
def test_both_forms_in_one_pass_are_what_each_is_alone(text: str) -> None:
    for _ in range(2):  # once while the characters are learnt, once when they are known
        plain, bare, heard, lettered = forms(text)
        assert plain == normalise(text)
        assert bare == without_latin(plain)
        assert heard == without_latin(sound(plain))
        assert lettered == has_letters(plain)


@pytest.mark.parametrize("odd", ["\ud800", "\U0010ffff", "\0", "㎏", "ﬃ", "", "𠮷"])
def test_odd_characters_have_both_forms(odd: str) -> None:
    text = f"爆{odd}通app讯"
    plain = normalise(text)
    for _ in range(2):
        assert forms(text)[:3] == (plain, without_latin(plain), without_latin(sound(plain)))


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(alphabet="爆通讯录a1b2 "))
def test_letters_and_digits_can_be_left_out(text: str) -> None:
    plain = normalise(text)
    bare = without_latin(plain)
    assert [plain[place] for place in places_without_latin(plain)] == list(bare)
    assert not any(one.isascii() for one in bare)
