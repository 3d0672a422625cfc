"""Loan files: what a person may write, and what they are told when it cannot be used."""

import io
import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuanxian.base.days import NO_DAY, day_of
from kuanxian.base.errors import EventError, KuanxianError, SourceError, TermsError
from kuanxian.base.fen import Rounding
from kuanxian.intake.loan_file import (
    LOAN_FILE_BYTES_MAX,
    LoanFile,
    parse_loan,
    read_loan_file,
    read_loan_stream,
)
from kuanxian.intake.loan_words import SETTINGS
from kuanxian.loan.events import Kind
from kuanxian.loan.position import Policy
from kuanxian.loan.terms import (
    Absorb,
    Conventions,
    DayCount,
    Direction,
    Method,
    RateUnit,
    Roll,
    Terms,
)

TERMS = """
[terms]
principal = "1000.00"
disbursed_on = 2026-01-15
instalments = 3
"""


def with_terms(line: str) -> Terms:
    return parse_loan(TERMS + line).terms


def with_convention(line: str) -> Conventions:
    return parse_loan(f"{TERMS}[conventions]\n{line}").conventions


def test_what_is_not_written_has_the_kernels_default() -> None:
    loan = parse_loan(TERMS)
    assert loan == LoanFile(
        Terms(principal_fen=100_000, disbursed_on=day_of(2026, 1, 15), instalments=3),
        Conventions(),
        (),
        Policy(),
        {},
    )


TERM_LINES = [
    ('rate = "18 %"', "rate_ppb", 180_000_000),
    ('rate = "0.05%"', "rate_ppb", 500_000),
    ('rate = "1.5‰"', "rate_ppb", 1_500_000),
    ('rate = "5‱"', "rate_ppb", 500_000),
    ('rate = "万分之 5"', "rate_ppb", 500_000),
    ('rate = "百分之1.25"', "rate_ppb", 12_500_000),
    ('rate = "0.0000001 %"', "rate_ppb", 1),
    ("rate_ppb = 180_000_000", "rate_ppb", 180_000_000),
    ('instalment = "1,088.49"', "instalment_fen", 108_849),
    ('instalment = "¥88"', "instalment_fen", 8_800),
    ('instalment = "88.5 元"', "instalment_fen", 8_850),
    ('instalment = "88.5000"', "instalment_fen", 8_850),
    ("instalment_fen = 8850", "instalment_fen", 8_850),
    ("first_due_on = 2026-02-28", "first_due_on", day_of(2026, 2, 28)),
    ('first_due_on = "2026-02-28"', "first_due_on", day_of(2026, 2, 28)),
    ('first_due_on = ""', "first_due_on", NO_DAY),
    ("grace_days = 3", "grace_days", 3),
]


@pytest.mark.parametrize(("line", "field", "value"), TERM_LINES, ids=[r[0] for r in TERM_LINES])
def test_a_figure_can_be_written_as(line: str, field: str, value: int) -> None:
    assert getattr(with_terms(line), field) == value


CONVENTION_LINES = [
    ('method = "level"', "method", Method.LEVEL),
    ('method = "等额本息"', "method", Method.LEVEL),
    ('method = "Equal-Principal"', "method", Method.EQUAL_PRINCIPAL),
    ('method = "先息后本"', "method", Method.INTEREST_ONLY),
    ('day_count = "30/360"', "day_count", DayCount.D30_360),
    ('day_count = "ACT/365"', "day_count", DayCount.ACT_365),
    ('day_count = "act/act period"', "day_count", DayCount.ACT_ACT_PERIOD),
    ('rate_unit = "日利率"', "rate_unit", RateUnit.DAY),
    ('roll = "顺延"', "roll", Roll.FORWARD),
    ('interest_rounding = "四舍五入"', "interest_rounding", Rounding.HALF_UP),
    ('absorb = "首期"', "absorb", Absorb.FIRST),
    ('direction = "vertical"', "direction", Direction.VERTICAL),
    ("allocation_order = 4321", "allocation_order", 4321),
    ('allocation_order = ["principal", "利息", "penalty", "fee"]', "allocation_order", 4321),
    ('allocation_order = "fee > interest > penalty > principal"', "allocation_order", 1324),
    ('instalment_multiple = "1.00"', "instalment_multiple_fen", 100),
    ("smooth = true", "smooth", 1),
    ("penalty_grace = 1", "penalty_grace", 1),
    ("ageing_grace = false", "ageing_grace", 0),
    ('early_fee = "3 %"', "early_fee_ppb", 30_000_000),
]


@pytest.mark.parametrize(
    ("line", "field", "value"), CONVENTION_LINES, ids=[row[0] for row in CONVENTION_LINES]
)
def test_a_setting_can_be_written_as(line: str, field: str, value: int) -> None:
    assert getattr(with_convention(line), field) == value


@pytest.mark.parametrize("field", sorted(set(SETTINGS) - {"part", "kind"}))
def test_every_setting_takes_each_of_its_names_in_lower_case(field: str) -> None:
    for item in SETTINGS[field]:
        text = f'{TERMS}[conventions]\n{field} = "{item.name.lower()}"'
        if item is Method.GIVEN:
            text += f"\n{ROW.replace('500.00', '1000.00')}"
        loan = parse_loan(text.replace("instalments = 3", "instalments = 1"))
        assert getattr(loan.conventions, field) == item


def test_the_policy_of_ageing_can_be_set() -> None:
    assert parse_loan(f"{TERMS}[policy]\nageing_1_days = 15").policy.ageing_1_days == 15


def test_json_says_the_same_as_toml() -> None:
    tables = {
        "about": "a loan",
        "terms": {"principal": "1000.00", "disbursed_on": "2026-01-15", "instalments": 3},
        "conventions": {"method": "flat", "smooth": True},
        "events": [{"kind": "payment", "on": "2026-03-01", "amount": "300"}],
    }
    toml = f'about = "a loan"\n{TERMS}[conventions]\nmethod = "flat"\nsmooth = true\n[[events]]\n'
    toml += 'kind = "payment"\non = 2026-03-01\namount = "300"\n'
    assert parse_loan(json.dumps(tables)) == parse_loan(toml)


GIVEN = """[terms]
principal = "1200.00"
disbursed_on = 2026-01-15
instalments = 2
[conventions]
method = "given"
"""
ROW = """[[events]]
kind = "instalment"
due_on = 2026-02-10
principal = "500.00"
"""

REFUSED = [
    ('[terms]\nprincipal = "1"', TermsError, "terms.disbursed_on: it is missing"),
    ("[conventions]", TermsError, "terms: it is missing"),
    ("[term]", SourceError, "Did you mean terms?"),
    ("terms = 3", TermsError, "it is not a table"),
    (TERMS + "princpal_fen = 3", TermsError, "Did you mean principal_fen?"),
    (TERMS + "zzz = 3", TermsError, "The keys here are: principal_fen"),
    (TERMS + "principal_fen = 3", TermsError, "principal_fen is given twice"),
    (TERMS + "fee = 1.5", TermsError, 'in quotes, as in "1000.00"'),
    (TERMS + "fee = 15", TermsError, "or use the _fen key"),
    (TERMS + 'fee = "1.005"', TermsError, "finer than a fen"),
    (TERMS + 'fee = "-1"', TermsError, "not an amount in yuan of 0 or more"),
    (TERMS + 'fee = "1,00"', TermsError, "not an amount"),
    (TERMS + 'fee = "NaN"', TermsError, "not an amount"),
    (TERMS + 'fee = "１"', TermsError, "not an amount"),
    (TERMS + f'fee = "{"9" * 40}"', TermsError, "too long"),
    (TERMS + f'fee = "x{"9" * 400}"', TermsError, "..."),
    (TERMS + "fee_fen = 1.5", TermsError, "1.5 is not a whole number"),
    (TERMS + "fee_fen = true", TermsError, "True is not a whole number"),
    (TERMS + "fee_fen = 99999999999999999999", TermsError, "more than 64 bits"),
    (TERMS + "rate = 0.18", TermsError, 'as in "18 %"'),
    (TERMS + 'rate = "0.18"', TermsError, "not a rate of 0 or more"),
    (TERMS + 'rate = "-1 %"', TermsError, "not a rate of 0 or more"),
    (TERMS + 'rate = "0.00000001 %"', TermsError, "finer than a billionth"),
    (TERMS + "first_due_on = 20260228", TermsError, "Write it as 2026-03-01"),
    (TERMS + 'first_due_on = "2026-02-30"', TermsError, "not a day of the calendar"),
    (TERMS + 'first_due_on = "0000-00-00"', TermsError, "not a day of the calendar"),
    (TERMS + "first_due_on = 2026-02-28T00:00:00", TermsError, "is not a day"),
    (TERMS + 'first_due_on = "1969-12-31"', TermsError, "Check the year"),
    (TERMS + "first_due_on = 2200-01-01", TermsError, "Check the year"),
    (TERMS + '[conventions]\nmethod = "levle"', TermsError, "Write one of: level, equal_principal"),
    (TERMS + '[conventions]\nday_count = "x"', TermsError, "Write one of: 30/360, act/360, "),
    (TERMS + "[conventions]\nmethod = 0", TermsError, "Write one of: level"),
    (TERMS + "[conventions]\nsmooth = 2", TermsError, "Write true or false"),
    (TERMS + "[conventions]\nallocation_order = 1224", TermsError, "does not name each part once"),
    (TERMS + "[conventions]\nallocation_order = -1324", TermsError, "Write each of"),
    (TERMS + '[conventions]\nallocation_order = ["any"]', TermsError, "Write each of"),
    (TERMS + "due_day = 40", TermsError, "loan.toml: terms.due_day: must be 1 to 31"),
    (TERMS + 'fee = "10000000.01"', TermsError, "loan.toml: terms.fee_fen"),
    (TERMS + "[conventions]\nperiod_count = 0", TermsError, "loan.toml: conventions.period_count"),
    (TERMS + "[policy]\nageing_2_days = 20", TermsError, "policy.ageing_2_days: is less than"),
    (TERMS + "[policy]\nmention_days = -1", TermsError, "policy.mention_days: is less than 0"),
    (TERMS + "[policy]\nloss_days = 9", TermsError, "policy.loss_days: is less than doubtful_days"),
    (TERMS + "[policy]\nageing_days = 3", TermsError, "Did you mean ageing_"),
    (TERMS + 'promo_rate = "1 %"', TermsError, "terms.promo_rate: no instalment has this rate"),
    (GIVEN, EventError, "the schedule is given, and no instalment is"),
    (GIVEN + ROW, EventError, "the principal given is 50000 fen in sum, and the"),
    (GIVEN + ROW + ROW, EventError, "the principal given is 100000 fen in sum, and the"),
    ("not toml", SourceError, "it is not TOML"),
    ('{"terms": ', SourceError, "it is not JSON"),
    ('{"terms": {"a": 1, "a": 2}}', SourceError, "the key 'a' is given twice"),
    ('{"terms": {"fee": NaN}}', SourceError, "NaN is not a number"),
    ('{"terms": ' + "[" * 100_000, SourceError, "nested too deeply"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "error", "says"),
    REFUSED,
    ids=[f"{number} {row[2]}" for number, row in enumerate(REFUSED)],
)
def test_a_file_that_cannot_be_used_is_told_why(
    text: str, error: type[KuanxianError], says: str
) -> None:
    with pytest.raises(error) as refused:
        parse_loan(text, "loan.toml" if not text.startswith("{") else "loan")
    assert says in str(refused.value)
    assert refused.value.subject.startswith("loan")


def test_a_given_schedule_of_which_a_row_is_struck_is_left_to_the_kernel() -> None:
    third = ROW.replace("500.00", "700.00")
    struck = '[[events]]\nkind = "reversal"\non = 2026-01-15\nreverses = 1\n'
    assert len(parse_loan(GIVEN + ROW + ROW + third + struck).events) == 4
    corrected = '[[events]]\nkind = "correction"\non = 2026-01-15\nfield = "principal"\n'
    corrected += 'value = "500.00"\n'
    assert len(parse_loan(GIVEN + ROW + corrected).events) == 2


def test_a_json_file_that_is_no_object_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "loan.json"
    path.write_text("[1]", encoding="utf-8")
    with pytest.raises(SourceError, match="not one object"):
        read_loan_file(path)


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "loan.toml"
    path.write_text(TERMS, encoding="utf-8-sig")
    assert read_loan_file(path) == parse_loan(TERMS)


def test_a_file_in_another_encoding_is_refused() -> None:
    stream = io.BytesIO(TERMS.replace("[terms]", "# 借款\n[terms]").encode("gb18030"))
    with pytest.raises(SourceError, match="byte 4 is not UTF-8"):
        read_loan_stream(stream, "loan.toml")


def test_a_file_that_is_too_large_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(SourceError, match="larger than 10 MB"):
        read_loan_stream(io.BytesIO(b"#" * (LOAN_FILE_BYTES_MAX + 1)), "loan.toml")


@given(st.integers(0, 10**9))
def test_fen_written_as_yuan_come_back_as_the_same_fen(amount_fen: int) -> None:
    yuan, fen = divmod(amount_fen, 100)
    assert with_terms(f'fee = "{yuan:,}.{fen:02}"').fee_fen == amount_fen


@given(st.integers(0, 4 * 10**9))
def test_a_rate_written_in_per_cent_comes_back_as_the_same_billionths(rate_ppb: int) -> None:
    percent, rest = divmod(rate_ppb, 10**7)
    assert with_terms(f'rate = "{percent}.{rest:07} %"').rate_ppb == rate_ppb


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
VALUES = st.recursive(SCALARS, lambda part: st.lists(part, max_size=3), max_leaves=4)
KEYS = ["kind", "on", "id", "seq", "amount", "part", "reverses", "field", "value", "until", "zz"]
TABLES = st.dictionaries(st.sampled_from([*Terms._fields, *Conventions._fields, "rate"]), VALUES)
KINDS = st.sampled_from([kind.name.lower() for kind in Kind])


@given(
    st.fixed_dictionaries(
        {"terms": TABLES},
        optional={
            "conventions": TABLES | VALUES,
            "policy": VALUES,
            "events": st.lists(
                st.fixed_dictionaries(
                    {"kind": KINDS | VALUES, "on": st.just("2026-03-01")},
                    optional=dict.fromkeys(KEYS[2:], VALUES),
                ),
                max_size=3,
            ),
        },
    )
)
def test_no_values_end_in_anything_but_our_own_errors(tables: dict[str, object]) -> None:
    whole = {"principal_fen": 100_000, "disbursed_on": "2026-01-15", "instalments": 3}
    terms = tables["terms"]
    assert isinstance(terms, dict)
    for text in (json.dumps(tables), json.dumps({**tables, "terms": whole | terms})):
        with suppress(KuanxianError):
            parse_loan(text)


@given(st.text(max_size=200))
def test_no_text_ends_in_anything_but_our_own_errors(text: str) -> None:
    # 200 characters cannot be a whole loan file.
    with pytest.raises(KuanxianError):
        parse_loan(text)


@pytest.mark.parametrize("text", ["terms = {n}", '{{"terms": {n}}}'])
def test_a_number_of_thousands_of_digits_is_told_in_our_own_words(text: str) -> None:
    with pytest.raises(SourceError, match="digits") as error:
        parse_loan(text.format(n="1" * 5_000))
    assert "sys." not in str(error.value)
