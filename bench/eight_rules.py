"""Eight rules in five languages: ours, Python by hand, Cedar, Rego and CEL.

The policy is a small one of collections, the same in each, each written as its own
community would write it, with dates of validity in every rule. Each engine is a function
of a row of facts that gives the ids of the rules that forbid the act.
"""

import contextlib
import json
import random
from collections.abc import Callable, Mapping
from typing import Any

from kuanxian.law.check import check_condition
from kuanxian.law.emit_python import compile_many
from kuanxian.law.facts import FactSpec
from kuanxian.law.parse import parse_condition
from kuanxian.law.tree import Where

Row = Mapping[str, Any]
Engine = Callable[[Row], list[str]]

FROM_ON, UNTIL_ON = 19_723, 22_280
"""2024-01-01 and 2031-01-01."""

FACTS = {
    spec.name: spec
    for spec in (
        FactSpec("act", "enum", values=("contact", "report", "other")),
        FactSpec("day", "int", min=0, max=84_005),
        FactSpec("local_minute", "int", min=0, max=1439),
        FactSpec("calls_today", "int", min=0, max=1000),
        FactSpec("contacts_in_week", "int", min=0, max=1000),
        FactSpec("target", "enum", values=("debtor", "third_party")),
        FactSpec("consented", "bool"),
        FactSpec("nominated", "bool"),
        FactSpec("unreachable_days", "int", min=0, max=36_500),
        FactSpec("stop_requested", "bool"),
        FactSpec("notice_days", "int", min=0, max=36_500),
        FactSpec("days_past_due", "int", min=0, max=84_005),
        FactSpec("overdue_fen", "int", min=0, max=4_000_000_000),
        FactSpec("disputed", "bool"),
        FactSpec("channel", "enum", values=("voice", "text", "letter")),
    )
}

OURS = {
    "quiet_hours": "act = 'contact' AND (local_minute < 480 OR local_minute >= 1320)",
    "calls_a_day": "act = 'contact' AND channel = 'voice' AND calls_today >= 3",
    "third_party": "act = 'contact' AND target = 'third_party'"
    " AND NOT (consented AND nominated AND unreachable_days >= 7)",
    "stop": "act = 'contact' AND stop_requested",
    "notice": "act = 'report' AND notice_days < 5",
    "floor": "act = 'report' AND (days_past_due < 30 OR overdue_fen < 100000)",
    "dispute": "act = 'report' AND disputed",
    "contacts_a_week": "act = 'contact' AND contacts_in_week >= 7",
}
NAMES = list(OURS)


def conditions() -> list[Any]:
    """Parse and check our conditions, validity included."""
    found = []
    for name, text in OURS.items():
        node = parse_condition(f"day >= {FROM_ON} AND day < {UNTIL_ON} AND {text}", Where(name))
        check_condition(node, FACTS, Where(name))
        found.append(node)
    return found


def ours() -> Engine:
    """Compile ours; an unknown blocks."""
    decide = compile_many(conditions())

    def violated(row: Row) -> list[str]:
        true, unknown = decide(row)
        return [NAMES[place] for place in true + unknown]

    return violated


def by_hand() -> Engine:
    """Write it in Python, as it would be written."""

    def violated(row: Row) -> list[str]:
        found: list[str] = []
        if not FROM_ON <= row["day"] < UNTIL_ON:
            return found
        if row["act"] == "contact":
            if row["local_minute"] < 480 or row["local_minute"] >= 1320:
                found.append("quiet_hours")
            if row["channel"] == "voice" and row["calls_today"] >= 3:
                found.append("calls_a_day")
            if row["target"] == "third_party" and not (
                row["consented"] and row["nominated"] and row["unreachable_days"] >= 7
            ):
                found.append("third_party")
            if row["stop_requested"]:
                found.append("stop")
            if row["contacts_in_week"] >= 7:
                found.append("contacts_a_week")
        if row["act"] == "report":
            if row["notice_days"] < 5:
                found.append("notice")
            if row["days_past_due"] < 30 or row["overdue_fen"] < 100_000:
                found.append("floor")
            if row["disputed"]:
                found.append("dispute")
        return found

    return violated


_C_LIKE = {
    "quiet_hours": '{act} == "contact" && ({local_minute} < 480 || {local_minute} >= 1320)',
    "calls_a_day": '{act} == "contact" && {channel} == "voice" && {calls_today} >= 3',
    "third_party": '{act} == "contact" && {target} == "third_party"'
    " && !({consented} && {nominated} && {unreachable_days} >= 7)",
    "stop": '{act} == "contact" && {stop_requested}',
    "notice": '{act} == "report" && {notice_days} < 5',
    "floor": '{act} == "report" && ({days_past_due} < 30 || {overdue_fen} < 100000)',
    "dispute": '{act} == "report" && {disputed}',
    "contacts_a_week": '{act} == "contact" && {contacts_in_week} >= 7',
}


def _c_like(name: str, prefix: str) -> str:
    names = {fact: prefix + fact for fact in FACTS}
    rule = _C_LIKE[name].format(**names)
    return f"{names['day']} >= {FROM_ON} && {names['day']} < {UNTIL_ON} && {rule}"


def cedar() -> Engine:
    """Write a forbid for each rule and one permit; policies and entities parsed before."""
    import cedarpy

    text = "permit(principal, action, resource);\n" + "\n".join(
        f'@id("{name}") forbid(principal, action, resource) when {{ {_c_like(name, "context.")} }};'
        for name in NAMES
    )
    policies, entities = cedarpy.PolicySet.from_str(text), cedarpy.Entities.from_json_str("[]")
    # Cedar numbers policies in the order they are written: the permit is the first.
    of_id = {f"policy{place}": name for place, name in enumerate(["permit", *NAMES])}
    asked = {"principal": 'U::"a"', "action": 'Action::"do"', "resource": 'R::"x"'}

    def violated(row: Row) -> list[str]:
        answer = cedarpy.is_authorized({**asked, "context": dict(row)}, policies, entities)
        if answer.allowed:
            return []
        return [of_id[reason] for reason in answer.diagnostics.reasons] or ["denied"]

    return violated


_REGO_BODIES = {
    "quiet_hours": ['input.act == "contact"; input.local_minute < 480',
                    'input.act == "contact"; input.local_minute >= 1320'],
    "calls_a_day": ['input.act == "contact"; input.channel == "voice"; input.calls_today >= 3'],
    "third_party": ['input.act == "contact"; input.target == "third_party"; not input.consented',
                    'input.act == "contact"; input.target == "third_party"; not input.nominated',
                    'input.act == "contact"; input.target == "third_party";'
                    " input.unreachable_days < 7"],
    "stop": ['input.act == "contact"; input.stop_requested'],
    "notice": ['input.act == "report"; input.notice_days < 5'],
    "floor": ['input.act == "report"; input.days_past_due < 30',
              'input.act == "report"; input.overdue_fen < 100000'],
    "dispute": ['input.act == "report"; input.disputed'],
    "contacts_a_week": ['input.act == "contact"; input.contacts_in_week >= 7'],
}  # fmt: skip


def rego() -> Engine:
    """Write deny rules; built to a bundle before."""
    import regopy

    dated = f"input.day >= {FROM_ON}; input.day < {UNTIL_ON}"
    rules = [
        f'deny contains "{name}" if {{ {dated}; {body} }}'
        for name, bodies in _REGO_BODIES.items()
        for body in bodies
    ]
    builder = regopy.Interpreter()
    builder.add_module("policy.rego", "\n".join(["package policy", *rules]))
    bundle = builder.build("data.policy.deny", ["policy/deny"])
    runner = regopy.Interpreter()

    def violated(row: Row) -> list[str]:
        runner.set_input(dict(row))
        found = json.loads(str(runner.query_bundle_entrypoint(bundle, "policy/deny")))
        return [name for name in found["expressions"][0] if found["expressions"]]

    return violated


def cel() -> Engine:
    """Compile a program for each rule; an error blocks that rule."""
    from cel_expr_python import cel as lib

    kinds = {"bool": lib.Type.BOOL, "int": lib.Type.INT, "enum": lib.Type.STRING}
    env = lib.NewEnv(variables={name: kinds[spec.type] for name, spec in FACTS.items()})
    programs = [(name, env.compile(_c_like(name, ""))) for name in NAMES]

    def violated(row: Row) -> list[str]:
        given = env.Activation({name: value for name, value in row.items() if value is not None})
        found = []
        for name, program in programs:
            answer: Any = "an error"
            with contextlib.suppress(Exception):
                answer = program.eval(given).plain_value()
            if answer is not False:
                found.append(name)
        return found

    return violated


ENGINES: dict[str, Callable[[], Engine]] = {
    "Python by hand": by_hand,
    "ours, compiled": ours,
    "CEL (cel-expr-python)": cel,
    "Cedar (cedarpy)": cedar,
    "Rego (regopy)": rego,
}


def any_row(dice: random.Random) -> dict[str, Any]:
    """Draw a row whose facts are all known; most acts break no rule or one."""
    row: dict[str, Any] = {
        "act": dice.choice(["contact", "contact", "report"]),
        "day": dice.randint(20_000, 21_000),
        "local_minute": dice.randint(420, 1380),
        "calls_today": dice.choice([0, 0, 1, 2, 3]),
        "contacts_in_week": dice.choice([0, 1, 2, 6, 7]),
        "target": dice.choice(["debtor", "debtor", "debtor", "third_party"]),
        "unreachable_days": dice.choice([0, 3, 6, 7, 30]),
        "notice_days": dice.choice([0, 4, 5, 30]),
        "days_past_due": dice.choice([0, 29, 30, 200]),
        "overdue_fen": dice.choice([0, 99_999, 100_000, 5_000_000]),
        "channel": dice.choice(["voice", "text"]),
    }
    for name in ("consented", "nominated", "stop_requested", "disputed"):
        row[name] = dice.random() < (0.7 if name in {"consented", "nominated"} else 0.1)
    return row


GOOD = {
    "act": "contact", "day": 20_500, "local_minute": 600, "calls_today": 0, "channel": "text",
    "contacts_in_week": 0, "target": "debtor", "consented": True, "nominated": True,
    "unreachable_days": 30, "stop_requested": False, "notice_days": 30, "days_past_due": 90,
    "overdue_fen": 500_000, "disputed": False,
}  # fmt: skip
"""A row no rule forbids, whatever the act."""

QUESTIONS: list[tuple[str, dict[str, Any], str]] = [
    ("third party", {"target": "third_party"}, "unreachable_days"),
    ("third party", {"target": "third_party"}, "consented"),
    ("text", {}, "local_minute"),
    ("text", {}, "stop_requested"),
    ("report", {"act": "report"}, "notice_days"),
]
"""An act, what it changes in ``GOOD``, and the fact that is then missing."""


def missing_rows() -> list[tuple[str, dict[str, Any]]]:
    """Make the ten questions: each missing fact once as null, once not there."""
    rows = []
    for act, changes, missing in QUESTIONS:
        row = {**GOOD, **changes}
        rows.append((f"{act}, {missing} null", {**row, missing: None}))
        gone = {name: value for name, value in row.items() if name != missing}
        rows.append((f"{act}, no {missing}", gone))
    return rows


def says(engine: Engine, row: Row) -> str:
    """Ask an engine: allowed, forbidden, or what it raises."""
    try:
        return "forbidden" if engine(row) else "ALLOWED"
    except Exception as error:  # noqa: BLE001 - whatever a peer raises is the answer
        return f"raises {type(error).__name__}"
