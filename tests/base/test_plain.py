"""A text in plain characters, each of which knows where it stood."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuanxian.base.plain import plain_text, plain_with_places

READ = [
    ("１7４", "174"), ("1\u200b7\ufe0f4", "174"), ("\u0661\u0667", "17"), ("%31%37", "17"),
    ("%EF%BC%91", "1"), ("\\u0031", "1"), ("&#49;&#x31;", "11"), ("99.5 %", "99.5 %"),
    ("一七四零五零零", "1740500"), ("第一期三百元", "第一期三百元"),
]  # fmt: skip


@pytest.mark.parametrize(("given_text", "plain"), READ)
def test_a_digit_is_read_however_it_is_written(given_text: str, plain: str) -> None:
    assert plain_text(given_text) == plain


@given(st.text(st.sampled_from("1１%3\\u00&#49;\u200b一零 a王ﷺ")) | st.text())
def test_each_plain_character_has_its_place(text: str) -> None:
    plain, begins, ends = plain_with_places(text)
    assert len(plain) == len(begins) == len(ends)
    assert all(begin < end <= len(text) for begin, end in zip(begins, ends, strict=True))
    assert begins == sorted(begins)
