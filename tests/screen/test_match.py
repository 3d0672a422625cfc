"""Find every pattern in a message, and where."""

import pytest
import re2
from hypothesis import given
from hypothesis import strategies as st

from kuanxian.base.errors import PatternError
from kuanxian.screen import Category, Pattern, Screen
from kuanxian.screen.forms import forms
from kuanxian.screen.match import Matcher
from kuanxian.screen.pattern import Level


def matcher(*phrases: str, level: Level = Level.SYLLABLE, deniable: bool = False) -> Matcher:
    pattern = Pattern("c", "p", level, phrases, deniable, ("x",), ("y",))
    return Matcher([Category("c", "c_hits", "", "", (), (pattern,))])


FOUND = {
    "as it is": ("他说爆通讯录了", "爆通讯录"),
    "spaced": ("他说爆 通 讯 录了", "爆 通 讯 录"),
    "letters and digits between": ("爆1通a讯2录", "爆1通a讯2录"),
    "sounds alike": ("报通迅录", "报通迅录"),
    "one character as letters": ("爆tong讯录！", "爆tong讯录"),
    "spaced letters": ("爆 t o n g 讯录", "爆 t o n g 讯录"),
    "full-width letters": ("爆ｔｏｎｇ讯录", "爆ｔｏｎｇ讯录"),
    "all as letters": ("要bao tongxunlu了", "bao tongxunlu"),
    "letters with tones": ("要bàotōng讯lù了", "bàotōng讯lù"),
    "letters that spell nothing said": ("爆an通li讯录", "爆an通li讯录"),
    "tags": ("要<b>爆</b>通讯录", "爆</b>通讯录"),
}


@pytest.mark.parametrize(("message", "said"), FOUND.values(), ids=FOUND.keys())
def test_a_hit_spans_what_was_written(message: str, said: str) -> None:
    (hit,) = matcher("爆通讯录").find(message)
    assert message[hit.begin : hit.end] == said


def test_of_overlapping_hits_of_a_pattern_the_longest_stays() -> None:
    (hit,) = matcher("爆通讯录", "打爆通讯录").find("要打爆通讯录")
    assert (hit.begin, hit.end) == (1, 6)


@pytest.mark.parametrize(
    "said",
    [
        "我们不会爆通讯录",
        "严禁爆通讯录",
        "请勿以任何方式爆通讯录",
        "决不爆通讯录",
        "绝不会爆通讯录",
        "工作人员不会要求您爆通讯录",
    ],
)
def test_a_denial_right_before_a_hit_takes_it_back(said: str) -> None:
    assert matcher("爆通讯录", deniable=True).find(said) == []
    assert matcher("爆通讯录").find(said)


@pytest.mark.parametrize(
    "said",
    [
        "还不还？爆通讯录",
        "再不还爆通讯录",
        "要不爆通讯录",
        "不还钱就爆通讯录",
        "不信你试试爆通讯录",
    ],
)
def test_a_stray_not_takes_nothing_back(said: str) -> None:
    assert matcher("爆通讯录", deniable=True).find(said)


@pytest.mark.parametrize(
    "said",
    [
        "遇到爆通讯录请保留证据",
        "会爆通讯录吗？一般不会",
        "您投诉的爆通讯录一事已核实",
    ],
)
def test_a_sentence_that_warns_or_answers_takes_a_hit_back(said: str) -> None:
    assert matcher("爆通讯录", deniable=True).find(said) == []
    assert matcher("爆通讯录").find(said)


def test_letters_between_the_words_behind_a_hit_make_no_answer() -> None:
    one = matcher("利滚利", level=Level.CHARACTER, deniable=True)
    assert one.find("利b滚7利2你z懂x吗9，2还7不6还9")
    assert not one.find("会利滚利吗？一般不会")


@pytest.mark.parametrize(
    "said",
    [
        "谨防诈骗。今天就爆通讯录",
        "爆通讯录！有事请打12378",
        "怕爆通讯录吗？要不要试试",
        "爆通讯录懂吗？怕不怕",
    ],
)
def test_a_warning_elsewhere_or_a_question_alone_takes_nothing_back(said: str) -> None:
    assert matcher("爆通讯录", deniable=True).find(said)


def test_a_pattern_waits_for_what_must_stand_beside_it() -> None:
    pattern = Pattern("c", "p", Level.GAP, ("转.{0,2}给我",), False, ("x",), ("y",), "还款|减免")
    one = Matcher([Category("c", "c_hits", "", "", (), (pattern,))])
    assert one.find("饭钱转给我") == []
    assert one.find("减免后转给我")
    assert one.find("减1免2后3转4给5我"), "beside it is read like the rest"
    assert one.find("jianmian后转给我"), "beside it is read like the rest"


def test_what_is_meant_may_hold_what_must_stand_beside_it() -> None:
    pattern = Pattern("c", "p", Level.SYLLABLE, ("冻结微信",), False, ("x",), ("y",), "微信")
    one = Matcher([Category("c", "c_hits", "", "", (), (pattern,))])
    assert one.find("冻结维信")


SPELLED = {
    "three characters": ("不要脸", "buyao脸", True),
    "two characters": ("畜生", "chusheng", False),
    "as written otherwise": ("不要脸", "不要练", False),
}


@pytest.mark.parametrize(("phrase", "said", "found"), SPELLED.values(), ids=SPELLED.keys())
def test_letters_spell_a_phrase_of_three_characters_that_is_not_heard(
    phrase: str, said: str, found: bool
) -> None:
    assert bool(matcher(phrase, level=Level.CHARACTER).find(said)) == found


def test_a_name_that_ends_like_a_syllable_is_no_expression() -> None:
    assert matcher("泼您|泼你家门", level=Level.GAP).find("oppo您好") == []


def test_the_sieve_lets_through_what_each_expression_finds_alone(screen: Screen) -> None:
    expressions = [
        (pattern, re2.compile(phrase))
        for category in screen.categories.values()
        for pattern in category.patterns
        if pattern.level is Level.GAP
        for phrase in pattern.phrases
    ]
    for pattern, _ in expressions:
        for text in (*pattern.must_hit, *pattern.must_miss):
            plain, bare, heard, _letters = forms(text)
            passed = screen.matcher._sieve.pass_through(bare, heard)
            let_through = {one.pattern.id for one in passed.members}
            assert {one.id for one, found in expressions if found.search(plain)} <= let_through


HEARD = {
    "as it is": ("就打你那个通讯录", True),
    "one sounds alike": ("就打你那个通迅录", True),
    "letters": ("就打你那个tong讯录", True),
    "two as letters": ("就打你那个通xunlu", True),
    "all as letters": ("jiuda你那个tongxunlu", True),
    "letters, and one sounds alike": ("就da你那个tong讯路", True),
    "two sound alike": ("就打你那个通迅路", True),
    "all sound alike": ("就打你那个同训路", False),
    "too short to be sure": ("大同讯", False),
}


@pytest.mark.parametrize(("message", "found"), HEARD.values(), ids=HEARD.keys())
def test_an_expression_is_heard_beside_a_character_that_is_written(
    message: str, found: bool
) -> None:
    hits = matcher("打.{0,4}通讯录", level=Level.GAP).find(message)
    assert bool(hits) == found
    assert all(hit.by is Level.SYLLABLE for hit in hits if message != "就打你那个通讯录")


def test_a_usual_character_stands_for_itself() -> None:
    assert matcher("违约金.{0,4}没算", level=Level.GAP).find("违约金怎么算") == []


def test_an_expression_without_a_run_of_characters_is_refused() -> None:
    for expression in ("[打拨]你?", "txl", "打.{0,4}你", ".*"):
        with pytest.raises(PatternError, match="nearly every message"):
            matcher(expression, level=Level.GAP)


def test_a_phrase_that_sounds_like_too_much_is_refused() -> None:
    with pytest.raises(PatternError, match="shorter than 4"):
        matcher("还钱吧")


def test_an_expression_that_is_none_is_refused() -> None:
    with pytest.raises(PatternError, match="RE2 syntax"):
        matcher("爆(", level=Level.GAP)


def test_an_expression_finds_words_with_others_between() -> None:
    message = "就打 你 那个 通讯录"
    (hit,) = matcher("打.{0,4}通讯录", level=Level.GAP).find(message)
    assert message[hit.begin : hit.end] == "打 你 那个 通讯录"


@given(st.text(max_size=200))
def test_any_text_can_be_looked_through(screen: Screen, text: str) -> None:
    for hit in screen.find(text):
        assert 0 <= hit.begin < hit.end <= len(text)


def test_no_country_pattern_matches_nothing_at_all(screen: Screen) -> None:
    assert screen.find("") == []
    assert set(screen.facts("").values()) == {0}
