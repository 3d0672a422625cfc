from random import Random

from tests.law.any_condition import any_condition, any_facts
from tests.law.plain import answer

from kuanxian.law.emit_python import compile_many, python_source
from kuanxian.law.nest import NESTING_MAX, Block, nest
from kuanxian.law.parse import parse_condition
from kuanxian.law.reads import Reads
from kuanxian.law.tree import NOWHERE, And, Compare, Fact, Kind, Literal, Node, fact_names


def parsed(*conditions: str) -> list[Node]:
    return [parse_condition(condition, NOWHERE) for condition in conditions]


def drawn(block: Block) -> str:
    """Draw a block: what is tested by the names in it, the places, what is inside."""
    test = "" if block.test is None else "+".join(fact_names(block.test))
    inside = [drawn(inner) for inner in block.inner]
    return f"{test}{block.places or ''}" + (f"({' '.join(inside)})" if inside else "")


def test_what_conditions_share_is_asked_once() -> None:
    nodes = parsed("a AND b", "c AND a AND d", "e", "a", "d AND (f AND c)", "a AND b")
    assert drawn(nest(nodes)) == "(a[3](b[0, 5] c(d[1])) e[2] d(f(c[4])))"


def test_a_fact_is_read_where_it_is_first_needed() -> None:
    lines = python_source(parsed("a AND n = 1 AND m = 1", "a AND m = 2"), Reads(None, {}, {}))[
        0
    ].splitlines()
    reads = [line for line in lines if "get(" in line]
    assert reads == [
        "    f0 = get('a')",
        "        f2 = get('m')",
        "        f1 = get('n')",
    ]


def test_a_long_condition_nests_no_deeper_than_the_limit() -> None:
    parts = tuple(Compare(">", Fact("n"), Literal(Kind.INT, place)) for place in range(90))
    source, _ = python_source([And(parts), Fact("a")], Reads(None, {}, {}))
    deepest = max(len(line) - len(line.lstrip()) for line in source.splitlines())
    assert deepest <= 4 * (NESTING_MAX + 3)
    decide = compile_many([And(parts), Fact("a")])
    assert decide({"n": 90, "a": True}) == ([0, 1], [])
    assert decide({"n": 89, "a": True}) == ([1], [])
    assert decide({"n": None}) == ([], [0, 1])


def test_nesting_changes_no_answer_and_no_order() -> None:
    dice = Random(17)
    shared = [any_condition(dice, 1) for _ in range(6)]
    nodes = [
        And((dice.choice(shared), dice.choice(shared), any_condition(dice, 1))) for _ in range(80)
    ]
    decide = compile_many(nodes)
    for _ in range(300):
        row = any_facts(dice)
        answers = [answer(node, row) for node in nodes]
        assert decide(row) == (
            [place for place, found in enumerate(answers) if found is True],
            [place for place, found in enumerate(answers) if found is None],
        )
