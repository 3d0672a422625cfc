"""A decision recomputed from the journal alone, by another way than the gate's.

The slow path reads the entries before a decision, writes the case back as a case file, and
decides that file as ``kuanxian law decide`` does. Beside it, the plainest rules are counted
by hand, without the
fact layer and without the rulebook.
"""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.action.contact.scene import NOON, Scene

from kuanxian.action.contact.casebook import DECIDED, fold, fold_party, party_stream, stream_of
from kuanxian.action.contact.file_form import file_form
from kuanxian.action.contact.outcome import SIGNS, Report, report
from kuanxian.journal.canonical import decode
from kuanxian.journal.entry import Entry
from kuanxian.journal.read import read_stream, read_streams
from kuanxian.law.ask import day_of_act
from kuanxian.law.case import Act
from kuanxian.law.case_events import CALL_OUTCOMES
from kuanxian.law.case_file import read_case
from kuanxian.law.decide import decide
from kuanxian.law.timeline import COMPUTED, facts_of

SHANGHAI = timedelta(hours=8)
EFFECTIVE = {"identified", "unidentified", "unknown"}

steps = st.lists(
    st.tuples(
        st.integers(1, 9 * 3600),
        st.sampled_from(["a-1", "a-2"]),
        st.sampled_from([*CALL_OUTCOMES, None]),
        st.lists(st.sampled_from(sorted(SIGNS)), max_size=1),
        st.booleans(),
    ),
    min_size=1,
    max_size=14,
)


@settings(max_examples=10, suppress_health_check=list(HealthCheck))
@given(steps=steps)
def test_every_decision_is_the_same_by_the_slow_path(scene: Scene, steps: list[Any]) -> None:
    scene.clock.now = NOON
    case = scene.case()
    for later, agency, outcome, signs, speaks in steps:
        scene.clock.move(later)
        call = scene.call(case, by=agency, collector=f"c-{agency[-1]}")
        grant = scene.gate.propose(call).grant
        if grant is not None and outcome is not None:
            scene.clock.move(30)
            said = tuple(signs) if speaks else ()
            told = Report(grant.grant_id, outcome, scene.clock.now, agency, "o-1", said)
            report(scene.gate, case, told)
    check(scene, case)


def check(scene: Scene, case: str) -> None:
    """Decide every decision of a case again, from what the journal held before it."""
    with scene.gate.app.connect() as connection:
        entries = read_stream(connection, stream_of(case))
        parties = ["l-1", "a-1", "a-2", "c-1", "c-2"]
        of_parties = read_streams(connection, dict.fromkeys(map(party_stream, parties), 0))
    for place, entry in enumerate(entries):
        if entry.kind == DECIDED:
            body = decode(entry.body)
            assert again(scene, entries[:place], of_parties, body) == body["verdict"]
            if body["verdict"] == "allowed":
                by_hand(entries[:place], body)


def again(
    scene: Scene, before: list[Entry], of_parties: dict[str, list[Entry]], body: dict[str, Any]
) -> str:
    """Decide a file written from the entries before, as the command would."""
    file = fold(before)
    assert file is not None
    events = [
        event
        for stream in of_parties.values()
        for event in fold_party(stream, fold_party([], _nothing())).events
    ]
    asked = body["proposal"]
    act = Act(
        kind=asked["act"], channel=asked["channel"], to=asked["to"], point=asked["point"],
        purpose=asked["purpose"], by=asked["by"], collector=asked["collector"],
        debt=asked["debt"], account="company",
    )  # fmt: skip
    stated = {name: value for name, value in body["facts"].items() if name not in COMPUTED}
    case = file.case._replace(events=(*file.case.events, *events))
    told = json.dumps(file_form(case, body["decided_at"], act)).encode()
    read = read_case(told, "exported")
    facts = {**facts_of(read), **stated}
    day_on = day_of_act(scene.gate.book, read.at)
    return decide(scene.gate.book, act.kind, facts, day_on, read.lender.type).verdict


def _nothing() -> Any:
    from kuanxian.action.contact.casebook import PartyFacts

    return PartyFacts()


def by_hand(before: list[Entry], body: dict[str, Any]) -> None:
    """Count what an allowed call may not break, from the raw entries."""
    at = _local(body["decided_at"])
    assert 8 <= at.hour < 22
    attempts: dict[str, tuple[datetime, str]] = {}
    said: set[str] = set()
    for entry in before:
        told = decode(entry.body)
        if entry.kind == DECIDED and told["attempt"]:
            attempts[told["decision_id"]] = (_local(told["decided_at"]), "unknown")
        if entry.kind == "contact.reported":
            began, _ = attempts[told["grant_id"]]
            attempts[told["grant_id"]] = (began, told["told"]["outcome"])
            said |= set(told["told"]["signs"])
    today = Counter(
        outcome in EFFECTIVE for began, outcome in attempts.values() if began.date() == at.date()
    )
    assert today[True] < 3
    assert today.total() < 6
    forbidden = {"police_order", "says_deceased", "says_minor", "no_capacity"}
    assert not said & forbidden


def _local(moment: int) -> datetime:
    return datetime.fromtimestamp(moment / 1_000_000, UTC) + SHANGHAI
