"""The slow path: a decision recomputed from the journal alone, without the gate.

Nothing of ``kuanxian.action`` is used here. The raw entries before a decision are written out
as a case file in the file's own words; that file is read as ``kuanxian law decide`` reads it;
and every rule in force is walked node by node, one after the other, by the plain evaluator.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from json import dumps
from typing import Any, NamedTuple

from tests.law.plain import answer

from kuanxian.law.case_events import COMMON, KINDS
from kuanxian.law.case_file import read_case
from kuanxian.law.rulebook import Rulebook
from kuanxian.law.timeline import COMPUTED, facts_of

Json = dict[str, Any]
Told = tuple[str, Json]
"""Kind and body of an entry."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NOUNS = ("people", "points", "parties", "debts")
STRENGTH = ("forbid", "require", "refer", "warn", "inform", "permit")
VERDICTS = {"forbid": "forbidden", "require": "required", "refer": "referred"}


class Weighed(NamedTuple):
    """What the rules say, each for itself."""

    verdict: str
    spoke: frozenset[tuple[str, str]]
    """Rule and outcome."""
    stops: frozenset[str]
    """The rules that stand against it."""


def write_case(before: Sequence[Told], of_parties: Iterable[Told], decided: Json) -> bytes:
    """Write what the journal held before a decision as a case file."""
    rows: dict[str, dict[str, Json]] = {name: {} for name in NOUNS}
    events = [body for kind, body in of_parties if kind == "case.event"]
    for kind, body in before:
        for name in NOUNS:
            rows[name] |= {row["id"]: row for row in body.get(name, ())}
        if kind == "case.event":
            events.append(body)
        elif kind == "contact.decided" and body["attempt"]:
            events.append(body["attempt"])
        elif kind == "contact.reported":
            events += body["events"]
    opened, asked = before[0][1], decided["proposal"]
    act = {key: asked[key] for key in ("channel", "to", "point", "purpose", "by", "collector",
                                       "debt", "place", "staff_count") if key in asked}  # fmt: skip
    if "reaches_others" in asked["states"]:
        act["reaches_others"] = asked["states"]["reaches_others"]
    timeline = [_event(one) for one in events]
    told = {
        "format": "kuanxian-case-1",
        "country": opened["country"],
        "at": _written("decided_at", decided["decided_at"]),
        "lender": opened["lender"],
        **{name: [_row(row) for row in rows[name].values()] for name in NOUNS},
        "consents": [one for one in timeline if "kind" not in one],
        "timeline": [one for one in timeline if "kind" in one],
        "complete": sorted({one for _, body in before for one in body.get("complete", ())}),
        "act": {"kind": asked["act"], "account": "company", **act},
        "facts": {},
    }
    return dumps(told).encode()


def _event(body: Json) -> Json:
    told = _row(body)
    if "person" in told and "to" in COMMON | KINDS[body["kind"]].keys:
        told["to"] = told.pop("person")
    if body["kind"] == "consent":
        del told["kind"]
        told["event"] = told.pop("step")
    return told


def _row(body: Json) -> Json:
    return {key: _written(key, value) for key, value in body.items()}


def _written(key: str, value: Any) -> Any:
    if key.endswith("_at"):
        return (EPOCH + timedelta(microseconds=value)).isoformat().replace("+00:00", "Z")
    if key == "on" or key.endswith("_on"):
        return str(date(1970, 1, 1) + timedelta(days=value))
    return value


def recomputed(before: Sequence[Told], of_parties: Sequence[Told], decided: Json) -> Json:
    """Compute the facts of a decision; what no timeline tells is taken as it was stated."""
    case = read_case(write_case(before, of_parties, decided), "exported")
    stated = {name: value for name, value in decided["facts"].items() if name not in COMPUTED}
    return {**facts_of(case), **stated}


def weigh(book: Rulebook, decided: Json, facts: Mapping[str, Any]) -> Weighed:
    """Ask every rule in force, one after the other."""
    edition = book.edition(decided["day_on"])
    assert edition is not None
    spoke: list[tuple[str, str]] = []
    open_permits: list[tuple[str, str]] = []
    stops: dict[str, str] = {}
    permitted = False
    for rule in edition.rules:
        if not rule.governs(decided["proposal"]["act"], decided["lender_type"]):
            continue
        met, says, outcome = answer(edition.node(rule), facts), rule.verdict, "fires"
        if says == "permit":
            permitted |= met is True
            (spoke if met else open_permits).append((rule.id, "permits" if met else "unproven"))
            if met is False:
                open_permits.pop()
            continue
        if met is False or (met is None and rule.unknown == "silent"):
            continue
        if met is None:
            outcome = "unknown"
            # Not known: a person is asked, or more; only where the rule says so, a warning.
            wanted = max if rule.unknown == "warn" else min
            says = wanted(says, "warn" if rule.unknown == "warn" else "refer", key=STRENGTH.index)
        rebuttal = edition.rebuttal(rule)
        if rebuttal is not None and answer(rebuttal, facts) is True:
            outcome = "rebutted" if met else outcome
            says = max(says, "refer", key=STRENGTH.index)
        spoke.append((rule.id, outcome))
        if says in VERDICTS:
            stops[rule.id] = says
    if stops:
        verdict = VERDICTS[min(stops.values(), key=STRENGTH.index)]
    else:
        verdict = "allowed" if permitted else "not_permitted"
        spoke += [] if permitted else open_permits
    return Weighed(verdict, frozenset(spoke), frozenset(stops))
