from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.law.any_condition import FACTS as ANY_FACTS
from tests.law.any_condition import any_condition

from kuanxian.law.facts import FactSpec
from kuanxian.law.parse import parse_condition
from kuanxian.law.tree import NOWHERE, Kind
from kuanxian.law.word_forms import say_value
from kuanxian.law.word_phrases import name_fact
from kuanxian.law.words import say


def truth(name: str, *phrases: str) -> FactSpec:
    yes, no, true, false = phrases
    said = {"true": {"zh": yes, "en": true}, "false": {"zh": no, "en": false}}
    return FactSpec(name, "bool", say=said)


def number(name: str, unit: str, zh: str, en: str, most: int = 10**9) -> FactSpec:
    return FactSpec(name, "int", unit=unit, max=most, say={"": {"zh": zh, "en": en}})


ZH_ROLES = {"debtor": "债务人本人", "spouse": "配偶", "other": "亲属、同事或其他人"}
EN_ROLES = {"debtor": "the debtor", "spouse": "the spouse", "other": "somebody else"}
FACTS = {
    spec.name: spec
    for spec in (
        truth("nominated", "已经债务人指定", "尚未经债务人指定", "nominated", "not nominated"),
        truth("stopped", "已要求停止", "未要求停止", "asked to stop", "has not asked to stop"),
        truth("noticed", "已告知", "尚未告知", "has been told", "has not been told"),
        FactSpec("bare", "bool", means={"zh": "有书面同意。", "en": "there is a consent."}),
        number("days", "days", "失联 {value} 日", "out of contact for {value} days"),
        number("calls", "count", "今日已有效通话 {value} 次", "{value} effective calls today"),
        number("minute", "minutes", "当地时间为 {value}", "the local time is {value}", 1439),
        number("due_fen", "fen", "账面应还 {value} 分", "the ledger says {value} fen"),
        number("asked_fen", "fen", "所称金额 {value} 分", "says {value} fen are owed"),
        number("rate_ppb", "ppb", "年利率 {value} ppb", "a rate of {value} ppb"),
        number("kept", "years", "保存已满 {value} 年", "kept for {value} years"),
        FactSpec("months", "int", unit="months", max=99, means={"zh": "期数：方案的月数"}),
        FactSpec(
            "made_on", "date", say={"": {"zh": "合同成立于 {value}", "en": "made on {value}"}}
        ),
        FactSpec("seen_on", "date", means={"zh": "看到之日"}),
        FactSpec("sent_at", "instant", means={"zh": "送达的时刻"}),
        FactSpec(
            "role", "enum", values=tuple(ZH_ROLES), words={"zh": ZH_ROLES, "en": EN_ROLES},
            say={"": {"zh": "对方为{value}", "en": "the person is {value}"}},
        ),
        FactSpec("note", "text", means={"zh": "备注"}),
        FactSpec("other_note", "text", means={"zh": "附注"}),
    )
}  # fmt: skip

SAID: list[tuple[str, str, str]] = [
    (
        "NOT nominated OR days < 3",
        "尚未经债务人指定，或失联不足 3 日",
        "not nominated, or out of contact for less than 3 days",
    ),
    (
        "NOT (nominated AND days >= 3) AND stopped",
        "（尚未经债务人指定或失联不足 3 日），且已要求停止",
        "(not nominated or out of contact for less than 3 days), and asked to stop",
    ),
    (
        "nominated AND stopped OR noticed AND (nominated OR days > 3)",
        "已经债务人指定且已要求停止，或（已告知，且（已经债务人指定或失联超过 3 日））",
        "nominated and asked to stop, or (has been told, and "
        "(nominated or out of contact for more than 3 days))",
    ),
    (
        "NOT (stopped OR NOT (nominated AND noticed))",
        "未要求停止，且已经债务人指定，且已告知",
        "has not asked to stop, and nominated, and has been told",
    ),
    ("bare", "有书面同意", "there is a consent"),
    ("NOT bare", "并非“有书面同意”", "it is not so that there is a consent"),
    ("calls >= 3", "今日已有效通话至少 3 次", "at least 3 effective calls today"),
    ("calls < 3", "今日已有效通话不足 3 次", "fewer than 3 effective calls today"),
    ("calls = 0", "今日已有效通话 0 次", "0 effective calls today"),
    ("calls > 0", "今日已有效通话至少 1 次", "at least 1 effective calls today"),
    ("calls <> 3", "今日已有效通话不是 3 次", "other than 3 effective calls today"),
    ("calls IN (1, 2)", "今日已有效通话 1或2 次", "1 or 2 effective calls today"),
    (
        "days BETWEEN 3 AND 5 AND stopped",
        "失联 3 至 5 日，且已要求停止",
        "out of contact for 3 to 5 days, and asked to stop",
    ),
    (
        "days > 7 AND days < 3",
        "失联超过 7 日，且失联不足 3 日",
        "out of contact for more than 7 days, and out of contact for less than 3 days",
    ),
    (
        "minute < 480 OR minute >= 1320",
        "当地时间早于 08:00，或当地时间为 22:00 或更晚",
        "the local time is before 08:00, or the local time is 22:00 or later",
    ),
    ("minute = 480", "当地时间为 08:00", "the local time is 08:00"),
    ("due_fen <= 100000", "账面应还不超过 1,000 元", "the ledger says at most 1,000 yuan"),
    (
        "asked_fen <> due_fen",
        "所称金额与账面应还不一致",
        "asked differs from due",
    ),
    (
        "asked_fen + due_fen + 5 > 100 AND 10 * asked_fen > 13 * due_fen",
        "所称金额、账面应还与5之和超过 1 元，且所称金额的 10 倍大于账面应还的 13 倍",
        "asked plus due plus 5 is more than 1 yuan, and 10 times asked is more than 13 times due",
    ),
    (
        "asked_fen - due_fen IN (1, 2) AND -due_fen < 0",
        "所称金额减去账面应还为 0.01 元或0.02 元，且-账面应还不足 0 元",
        "asked less due is 0.01 yuan or 0.02 yuan, and -due is less than 0 yuan",
    ),
    ("rate_ppb > 240000000", "年利率超过 24%", "a rate of more than 24%"),
    ("rate_ppb > 36500000", "年利率超过 3.65%", "a rate of more than 3.65%"),
    ("kept < 3", "保存不足 3 年", "kept for less than 3 years"),
    ("months > 60", "期数超过 60 个月", "the months is more than 60 months"),
    ("made_on = DATE '2026-01-30'", "合同成立于2026年1月30日", "made on 2026-01-30"),
    (
        "made_on >= DATE '2026-01-30'",
        "合同成立于2026年1月30日或之后",
        "made on or after 2026-01-30",
    ),
    ("made_on < seen_on", "合同成立早于看到之日", "made is before seen"),
    ("seen_on < DATE '2026-01-30'", "看到之日在2026年1月30日之前", "the seen is before 2026-01-30"),
    (
        "sent_at < TIMESTAMP '2026-01-30 08:00:00+08:00'",
        "送达的时刻在2026-01-30 00:00:00 UTC之前",
        "the sent is before 2026-01-30 00:00:00 UTC",
    ),
    ("role = 'spouse'", "对方为配偶", "the person is the spouse"),
    ("role <> 'spouse'", "对方不是配偶", "the person is not the spouse"),
    (
        "role IN ('debtor', 'spouse')",
        "对方为债务人本人或配偶",
        "the person is the debtor or the spouse",
    ),
    (
        "role NOT IN ('debtor', 'other')",
        "对方不是“债务人本人”或“亲属、同事或其他人”",
        "the person is not the debtor or somebody else",
    ),
    ("note = 'x'", "备注为“x”", "the note is “x”"),
    ("note <> other_note", "备注与附注不一致", "note differs from other note"),
    (
        "role IS NULL",
        "尚不知“role”",
        "it is not known what the role is",
    ),
    ("stopped IS NULL", "尚不知“已要求停止”是否属实", "it is not known whether asked to stop"),
    ("days IS NOT NULL", "已知“days”", "it is known what the days is"),
    ("COALESCE(stopped, TRUE)", "已要求停止（不明时视为是）", "asked to stop (or that is unknown)"),
    ("COALESCE(stopped, FALSE)", "已要求停止（不明时视为否）", "asked to stop (and that is known)"),
    (
        "NOT COALESCE(stopped, noticed)",
        "并非“（已要求停止，不明时看：已告知）”",
        "it is not so that (asked to stop; where unknown, has been told)",
    ),
    (
        "COALESCE(asked_fen, due_fen) > 100",
        "所称金额（不明时为账面应还）超过 1 元",
        "asked (where unknown, due) is more than 1 yuan",
    ),
    ("TRUE", "任何情况下", "always"),
    ("FALSE", "任何情况下都不", "never"),
    (
        "policy.cap > 3",
        "policy.cap超过 3",
        "the cap is more than 3",
    ),
    ("'x' = 'y' AND 1 IN (1)", "“x”为 “y”，且1为 1", "“x” is “y”, and 1 is 1"),
    (
        "COALESCE(stopped, noticed AND nominated, bare)",
        "（已要求停止，不明时看：已告知且已经债务人指定，不明时看：有书面同意）",
        "(asked to stop; where unknown, has been told and nominated; "
        "where unknown, there is a consent)",
    ),
]


@pytest.mark.parametrize(("condition", "zh", "en"), SAID)
def test_a_condition_is_a_sentence(condition: str, zh: str, en: str) -> None:
    parsed = parse_condition(condition, NOWHERE)
    assert (say(parsed, FACTS, "zh"), say(parsed, FACTS, "en")) == (zh, en)


@pytest.mark.parametrize(
    ("spec", "value", "zh", "en"),
    [
        (FACTS["due_fen"], 0, "0 元", "0 yuan"),
        (FACTS["due_fen"], 5, "0.05 元", "0.05 yuan"),
        (FACTS["due_fen"], -123_450, "-1,234.50 元", "-1,234.50 yuan"),
        (FACTS["rate_ppb"], 1, "0.0000001%", "0.0000001%"),
        (FACTS["minute"], 1439, "23:59", "23:59"),
        (FACTS["calls"], 12_345, "12,345", "12,345"),
        (FACTS["role"], "debtor", "债务人本人", "the debtor"),
        (FACTS["role"], "stranger", "stranger", "stranger"),
    ],
)
def test_a_value_is_said_in_the_units_of_people(
    spec: FactSpec, value: int | str, zh: str, en: str
) -> None:
    assert (say_value(spec, value, "zh"), say_value(spec, value, "en")) == (zh, en)


def test_a_fact_has_a_name_of_its_own() -> None:
    assert [name_fact(FACTS[name], "zh") for name in ("due_fen", "made_on", "months")] == [
        "账面应还", "合同成立", "期数",
    ]  # fmt: skip
    assert name_fact(FactSpec("policy.grace_days", "int"), "en") == "grace days"


@given(st.integers(0, 2**32), st.sampled_from(["zh", "en"]))
def test_every_condition_can_be_said(seed: int, language: str) -> None:
    said = say(any_condition(Random(seed)), ANY_FACTS, language)
    assert said
    assert "{" not in said
    assert said.count("（") == said.count("）")


def test_kinds_are_all_said() -> None:
    assert {spec.type for spec in FACTS.values()} == set(Kind)
