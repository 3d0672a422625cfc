"""One form for the many ways to write the same characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuanxian.screen.forms import forms
from kuanxian.screen.normalise import (
    normalise,
    places,
    places_without_latin,
    without_latin,
    without_markup,
)
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
    "letters drawn as nothing": "爆\u115f通\u1160讯\u3164录\uffa0",
    "variation selectors": "爆\ufe0f通讯录",
}


@pytest.mark.parametrize("written", SAME.values(), ids=SAME.keys())
def test_what_is_written_differently_is_the_same(written: str) -> None:
    assert normalise(written) == "爆通讯录"


def test_a_character_of_taiwan_is_the_one_of_the_mainland() -> None:
    assert normalise("等著坐牢") == normalise("等着坐牢")


def test_letters_lose_their_disguise() -> None:
    assert normalise("ＶＸ ⓥⓧ 𝐕𝐗 ѵх") == "vxvxvxvx"


def test_letters_lose_their_tone() -> None:
    assert normalise("Tōngzhī nǐ jiārén, lǜshī, ɡɑo") == "tongzhinijiarenlvshigao"


MARKUP = {
    "tags": ("爆<b>通</b>讯<br/>录", "爆通讯录"),
    "a tag with an attribute": ('爆<span style="color:red">通讯录</SPAN >', "爆通讯录"),
    "references": ("爆&#8203;通&nbsp;讯&#x5f55;", "爆通讯录"),
    "no tag": ("爆<通讯>录 a<b 且 c>d", "爆通讯录ab且cd"),
    "no reference": ("AT&T;爆&通讯录", "att爆通讯录"),
    "words in a tag": ("<b 爆通讯录>", "b爆通讯录"),
    "digits on keys": ("爆1\ufe0f\u20e3通2\u20e3讯录3", "爆通讯录3"),
}


@pytest.mark.parametrize(("written", "shown"), MARKUP.values(), ids=MARKUP.keys())
def test_markup_is_read_as_it_is_shown(written: str, shown: str) -> None:
    blanked = without_markup(written)
    assert normalise(blanked) == shown
    assert len(blanked) == len(written)


@given(st.text(alphabet="<b>/ &#1234;通nbsp"))
def test_no_character_changes_its_place_when_markup_goes(text: str) -> None:
    assert len(without_markup(text)) == len(text)


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
        assert heard == sound(bare)
        assert lettered == has_letters(plain)


@pytest.mark.parametrize("odd", ["\ud800", "\U0010ffff", "\0", "㎏", "ﬃ", "", "𠮷"])
def test_odd_characters_have_both_forms(odd: str) -> None:
    text = f"爆{odd}通app讯"
    plain = normalise(text)
    bare = without_latin(plain)
    for _ in range(2):
        assert forms(text)[:3] == (plain, bare, sound(bare))


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(alphabet="爆通讯录a1b2 "))
def test_letters_and_digits_can_be_left_out(text: str) -> None:
    plain = normalise(text)
    bare = without_latin(plain)
    assert [plain[place] for place in places_without_latin(plain)] == list(bare)
    assert not any(one.isascii() for one in bare)
