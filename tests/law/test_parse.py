import pytest

from kuanxian.base.errors import RuleFileError
from kuanxian.law.parse import parse_condition
from kuanxian.law.scan import DEPTH_MAX, TEXT_MAX, WORDS_MAX
from kuanxian.law.tree import (
    FALSE,
    TRUE,
    And,
    Arithmetic,
    Coalesce,
    Compare,
    Fact,
    In,
    IsNull,
    Kind,
    Literal,
    Node,
    Not,
    Or,
    Where,
    children,
    fact_names,
    rebuild,
    substitute,
)

A, B, C = Fact("a"), Fact("b"), Fact("c")


def number(value: int) -> Literal:
    return Literal(Kind.INT, value)


def text(value: str) -> Literal:
    return Literal(Kind.TEXT, value)


KEPT: dict[str, Node] = {
    "a": A,
    "TRUE": TRUE,
    "false": FALSE,
    "NOT a": Not(A),
    "not not a": Not(Not(A)),
    "a AND b and c": And((A, B, C)),
    "a AND (b AND c)": And((A, B, C)),
    "a OR b AND c": Or((A, And((B, C)))),
    "(a OR b) AND c": And((Or((A, B)), C)),
    "NOT a = b": Not(Compare("=", A, B)),
    "a <> 'x'": Compare("<>", A, text("x")),
    "a = 'it''s'": Compare("=", A, text("it's")),
    "a = '债务人'": Compare("=", A, text("债务人")),
    "a < 480": Compare("<", A, number(480)),
    "a <= -7": Compare("<=", A, number(-7)),
    "a > - - 7": Compare(">", A, number(7)),
    "-a >= 1": Compare(">=", Arithmetic("-", number(0), A), number(1)),
    "a - b - c = 0": Compare("=", Arithmetic("-", Arithmetic("-", A, B), C), number(0)),
    "a + b * 2 = 0": Compare("=", Arithmetic("+", A, Arithmetic("*", B, number(2))), number(0)),
    "a = 9223372036854775807": Compare("=", A, number(2**63 - 1)),
    "a BETWEEN 1 AND 3": And((Compare(">=", A, number(1)), Compare("<=", A, number(3)))),
    "a NOT BETWEEN 1 AND 3 OR b": Or(
        (Not(And((Compare(">=", A, number(1)), Compare("<=", A, number(3))))), B)
    ),
    "a IN ('x', 'y', 'x')": In(A, (text("x"), text("y"))),
    "a NOT IN (1, -2)": Not(In(A, (number(1), number(-2)))),
    "a IS NULL": IsNull(A),
    "(a) IS NOT NULL": Not(IsNull(A)),
    "COALESCE(a, b, FALSE)": Coalesce((A, B, FALSE)),
    "a IS NOT DISTINCT FROM b": Coalesce((Compare("=", A, B), And((IsNull(A), IsNull(B))))),
    "a IS DISTINCT FROM 'x'": Not(Coalesce((Compare("=", A, text("x")), FALSE))),
    "a IS NOT DISTINCT FROM NULL": IsNull(A),
    "a >= DATE '1970-01-03'": Compare(">=", A, Literal(Kind.DATE, 2)),
    "date < date '1969-12-31'": Compare("<", Fact("date"), Literal(Kind.DATE, -1)),
    "a < TIMESTAMP '1970-01-01 08:00:01+08:00'": Compare("<", A, Literal(Kind.INSTANT, 1_000_000)),
    "a < TIMESTAMP '1970-01-01 00:00:00.000007Z'": Compare("<", A, Literal(Kind.INSTANT, 7)),
    "policy.min_days > value . cap": Compare(">", Fact("policy.min_days"), Fact("value.cap")),
    "order = 'x' AND end = 1": And(
        (Compare("=", Fact("order"), text("x")), Compare("=", Fact("end"), number(1)))
    ),
}


@pytest.mark.parametrize("condition", KEPT)
def test_what_is_kept_becomes_ten_kinds_of_node(condition: str) -> None:
    assert parse_condition(condition, Where("x.toml")) == KEPT[condition]


DIFFER: dict[str, str] = {
    # The expressions that were measured to differ between engines.
    "EXTRACT(DOW FROM day) = 4": "number weekdays differently",
    "a = 7 / 2": "no division",
    "a = 7 / 0": "no division",
    "a = 7 % 0": "no remainder",
    "a = -7 DIV 2": "no division",
    "a = MOD(-7, 2)": "no remainder",
    "a = 9223372036854775807 + 9223372036854775808": "63 bits",
    "a = ROUND(2.5)": "no function ROUND",
    "ROUND(a) = 2": "no function ROUND",
    "a = CAST(3.5 AS INT)": "no casts",
    "a = 3::INT": "no casts",
    "a = TRY_CAST('x' AS INT)": "no casts",
    "0.1 + 0.2 = 0.3": "not a whole number",
    "a = 1e3": "not a whole number",
    "a = .5": "not a whole number",
    "nan = nan": "no floats",
    "a > CAST('NaN' AS DOUBLE)": "no casts",
    "a = Infinity": "no floats",
    "a LIKE 'A%'": "LIKE does not mean the same",
    "a ILIKE 'A%'": "no patterns",
    "a SIMILAR TO 'A'": "no patterns",
    "a ~ 'A'": "no patterns",
    "a - INTERVAL '1' DAY < b": "no intervals",
    "TRUE = 1": "compared with TRUE or FALSE",
    "1 < 7 < 3": "chain of comparisons",
    "a = b = c": "chain of comparisons",
}
OTHER: dict[str, str] = {
    "": "empty",
    "  \n": "empty",
    "a = NULL": "IS NULL",
    "NULL <> a": "IS NULL",
    "NULL": "NULL stands alone",
    "a AND NULL": "NULL stands alone",
    "COALESCE(a, NULL)": "NULL stands alone",
    "a = FALSE": "Write a for a = TRUE",
    "a IS TRUE": "IS is followed by NULL",
    "a IS NOT FALSE": "IS is followed by NULL",
    "(a AND b) IS NULL": "asks about a fact",
    "a + 1 IS NULL": "asks about a fact",
    "a + 1 IS DISTINCT FROM 2": "compares facts and literals",
    "a IS DISTINCT FROM b + 1": "compares facts and literals",
    "a IN (b, 1)": "list of literals",
    "a IN ()": "list of literals",
    "a IN b": "list of literals",
    "a IN (1 + 1)": "list of literals",
    "(a, b) = (1, 2)": "list may follow IN only",
    "a IN (SELECT 1)": "no subqueries",
    "EXISTS (SELECT 1)": "no subqueries",
    "a = ANY (1)": "no lists",
    "CASE WHEN a THEN b END": "no CASE",
    "IF(a, b, c)": "no IF",
    "IFNULL(a, 1) = 1": "written COALESCE",
    "NVL(a, 1) = 1": "written COALESCE",
    "a ISNULL": "written IS NULL",
    "COALESCE(a)": "two parts",
    "COALESCE()": "not a condition",
    "LENGTH(a) = 3": "no function LENGTH",
    "my_count(a) = 3": "no function my_count",
    "a.f(1) = 3": "not kept",
    "COUNT(*) > 1": "no function COUNT",
    "SUM(a) OVER () > 1": "no function SUM",
    "a OVER (b)": "no windows",
    "DATE(a) = b": "no function DATE",
    "CURRENT_DATE = a": "no clock",
    "NOW() = a": "no clock",
    "a = 'x' || 'y'": "not put together",
    "a = 'x' 'y'": "side by side",
    'a = "x"': "quotes a name",
    "`a` = 1": "quotes a name",
    "[a] = 1": "quotes a name",
    "a = 1 -- why": "no comments",
    "a /* why */ = 1": "no comments",
    "a = 1 # why": "no comments",
    "a; b": "one expression",
    "a != 1": "written <>",
    "a == 1": "written =",
    "a <=> b": "IS NOT DISTINCT FROM",
    "a && b": "written AND",
    "!a": "written NOT",
    "a XOR b": "no XOR",
    "a ^ 2 = 4": "no powers",
    "a & 1 = 1": "on bits",
    "a | 1 = 1": "on bits",
    "a -> 'x' = 1": "reach into",
    "a = ?": "no parameters",
    "a = :x": "no parameters",
    "a = @x": "no variables",
    "a = $1": "no parameters",
    "a = 0x1F": "not a whole number",
    "a = 1_000": "not a whole number",
    "a = 99999999999999999999": "63 bits",
    "a = -9223372036854775809": "63 bits",
    "a = N'x'": "not a plain text",
    "a = E'x'": "not a plain text",
    "a = 'x": "not closed",
    "a = 'x\\n'": "backslash",
    "a = 'x\ny'": "line break",
    "a ＝ 1": "U+FF1D",
    "a = ‘x’": "U+2018",
    "（a）": "U+FF08",
    "\u0430 = 1": "U+0430",
    "天数 > 3": "U+5929",
    "Days > 3": "not the name of a fact",
    "a.b.c = 3": "not the name of a fact",
    "_a = 3": "not the name of a fact",
    "a b": "not kept",
    "a AS b": "renamed",
    "a,": "not a condition",
    "(a": "not a condition",
    "a)": "not a condition",
    "a AND": "not a condition",
    "a BETWEEN 3": "not a condition",
    "a BETWEEN SYMMETRIC 3 AND 1": "lower bound first",
    "a COLLATE x = 'y'": "no order",
    "*": "not kept",
    "a = DATE '2026-02-30'": "no date",
    "a = DATE '20260228'": "no date",
    "a = DATE 'tomorrow'": "no date",
    "a = TIMESTAMP '2026-01-01 08:00:00'": "no instant",
    "a = TIMESTAMP '2026-01-01'": "no instant",
    "a = TIMESTAMP '2026-01-01T08:00:00Z'": "no instant",
    "a = TIMESTAMP 'now'": "no instant",
    "a = TIMESTAMPTZ '2026-01-01 08:00:00Z'": "written TIMESTAMP",
    "a < TIME '08:00'": "08:00 is 480",
    "a IS UNKNOWN": "written NULL",
}


@pytest.mark.parametrize("condition", DIFFER | OTHER)
def test_what_is_not_kept_is_refused_with_what_to_write(condition: str) -> None:
    with pytest.raises(RuleFileError) as refused:
        parse_condition(condition, Where("cn/topic/rule.toml", 12))
    assert (DIFFER | OTHER)[condition] in str(refused.value)
    assert refused.value.file == "cn/topic/rule.toml"
    assert refused.value.line in (12, 13)
    assert refused.value.advice.endswith((".", "md.")), "the advice is a sentence"


def test_the_measured_differences_are_at_least_the_24() -> None:
    assert len(DIFFER) >= 24


TOO_LONG = [
    ("a = '" + "x" * TEXT_MAX + "'", "longer than"),
    (" OR ".join(["a"] * WORDS_MAX), "more than"),
    ("(" * (DEPTH_MAX + 1) + "a" + ")" * (DEPTH_MAX + 1), "nested"),
    ("NOT " * 100 + "a", "nested too deep"),
    ("NOT " * 500 + "a", "condition"),
    (" + ".join(["a"] * 100) + " = 1", "nested too deep"),
]


@pytest.mark.parametrize(("condition", "reason"), TOO_LONG)
def test_a_condition_has_a_limit(condition: str, reason: str) -> None:
    with pytest.raises(RuleFileError, match=reason):
        parse_condition(condition, Where("x.toml"))


def test_a_long_list_of_alternatives_is_no_nesting() -> None:
    parsed = parse_condition(" OR ".join(f"a = {n}" for n in range(100)), Where("x.toml"))
    assert isinstance(parsed, Or)
    assert len(parsed.parts) == 100


@pytest.mark.parametrize(
    ("condition", "line"),
    [
        ("a\nAND b <\n\n1.5", 13),
        ("a AND\nb LIKE 'x'", 11),
        ("a AND\n(b OR\n c = NULL)", 12),
        ("a AND\nb BETWEEN 3", 11),
        ("a = 'x\ny'\nAND b", 10),
        ("a\nAND lower(b)", 11),
    ],
)
def test_a_refusal_names_its_own_line(condition: str, line: int) -> None:
    with pytest.raises(RuleFileError) as refused:
        parse_condition(condition, Where("x.toml", 10))
    assert refused.value.line == line


def test_facts_are_named_once_in_the_order_they_are_written() -> None:
    parsed = parse_condition("b = 1 AND (a OR b IN (2)) AND COALESCE(c, a)", Where("x.toml"))
    assert fact_names(parsed) == ("b", "a", "c")


def test_literals_take_the_place_of_parameters() -> None:
    parsed = parse_condition("d >= policy.min_days AND policy.min_days IS NOT NULL", Where("x"))
    assert substitute(parsed, {"policy.min_days": number(30)}) == And(
        (Compare(">=", Fact("d"), number(30)), Not(IsNull(number(30))))
    )


@pytest.mark.parametrize("condition", KEPT)
def test_a_node_is_rebuilt_over_its_children(condition: str) -> None:
    node = KEPT[condition]
    assert rebuild(node, lambda part: part) == node
    assert all(child in tuple(children(node)) for child in children(rebuild(node, lambda p: p)))
