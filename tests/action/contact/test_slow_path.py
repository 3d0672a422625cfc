"""Every decision of a random life, recomputed from the journal alone by the slow path.

Beside it the plainest rules are counted by hand from the raw entries, without the fact layer
and without the rulebook.
"""

import ast
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.action.contact import slow_path
from tests.action.contact.scene import NOON, Scene, case_told
from tests.action.contact.slow_path import Told, recomputed, weigh

from kuanxian.action.contact import Proposal
from kuanxian.action.contact.outcome import OUTCOMES, SIGNS, Report, report
from kuanxian.base.errors import ProposalError
from kuanxian.journal.canonical import decode
from kuanxian.journal.read import read_stream, read_streams

SHANGHAI = timedelta(hours=8)
EFFECTIVE = {"identified", "unidentified", "unknown"}
MACHINE = {"ai_disclosed": True, "human_reachable": True}
VISIT = {
    "identity_stated": True, "claimed_identity": "agency", "visit_enters": False,
    "visit_recorded": True, "visit_identity_shown": True, "reaches_others": False,
}  # fmt: skip
HOME = {"id": "pt-3", "person": "p-1", "kind": "address", "origin": "contract", "place": "home"}
ACTS: dict[str, dict[str, Any]] = {
    "the first agency calls": {},
    "the second agency calls": {"by": "a-2", "collector": "c-2"},
    "the lender's machine calls": {
        "by": "l-1", "channel": "voice_ai", "collector": None,
        "template": "first_overdue", "states": MACHINE,
    },
    "somebody does not say who calls": {"states": {"claimed_identity": "agency"}},
    "the nominated contact is called": {"to": "p-2", "point": "pt-2", "purpose": "pass_message"},
    "the lender writes": {
        "act": "message", "channel": "sms", "purpose": "notice", "by": "l-1", "collector": None,
        "template": "first_overdue", "states": {},
    },
    "the first agency visits": {
        "act": "visit", "channel": "visit", "point": "pt-3", "place": "home", "staff_count": 2,
        "states": VISIT,
    },
}  # fmt: skip
NEWS: tuple[dict[str, Any], ...] = (
    {"kind": "order", "person": "p-1", "step": "issued"},
    {"kind": "order", "person": "p-1", "step": "lifted", "found_by": "police"},
    {"kind": "preference", "person": "p-1", "step": "asked", "avoid": ["voice_human"]},
    {"kind": "preference", "person": "p-1", "step": "asked", "least_days": 2},
    {"kind": "preference", "person": "p-1", "step": "lifted"},
    {"kind": "stop", "person": "p-2", "step": "asked"},
    {"kind": "signal", "person": "p-1", "topic": "hardship", "step": "seen"},
    {"kind": "placement", "debt": "d-1", "party": "a-1", "step": "ended"},
    {"kind": "agency", "party": "a-2", "step": "contract_ended"},
    {"kind": "plan", "debt": "d-1", "step": "agreed"},
    {"kind": "payment", "debt": "d-1"},
)

acts = st.tuples(
    st.just("act"),
    st.integers(1, 7 * 3600),
    st.sampled_from(sorted(ACTS)),
    st.one_of(st.none(), st.integers(0, 5)),
    st.sampled_from([(), (), (), *((sign,) for sign in sorted(SIGNS))]),
)
news = st.tuples(st.just("news"), st.integers(1, 3600), st.sampled_from(NEWS))
lives = st.lists(st.one_of(acts, acts, acts, news), min_size=3, max_size=16)


def propose(scene: Scene, case: str, act: str) -> Proposal:
    return scene.call(case, **ACTS[act])


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(life=lives)
def test_every_decision_is_the_same_by_the_slow_path(scene: Scene, life: list[Any]) -> None:
    scene.clock.now = NOON
    case = scene.case(points=[*case_told()["points"], HOME], complete=["calls"])
    scene.tell(case, complete=case_told()["complete"])
    for kind, later, what, *more in life:
        scene.clock.move(later)
        if kind == "news":
            scene.tell(case, dict(what))
            continue
        proposal = propose(scene, case, what)
        try:
            grant = scene.gate.propose(proposal).grant
        except ProposalError:
            # Words with a sum on the day of a payment: there is none, and nothing is decided.
            continue
        place, signs = more
        if grant is not None and place is not None:
            scene.clock.move(30)
            outcomes = OUTCOMES["call" if proposal.act == "contact" else proposal.act]
            outcome = outcomes[place % len(outcomes)]
            told = Report(grant.grant_id, outcome, scene.clock.now, proposal.by, "o-1", signs)
            report(scene.gate, case, told)
    check(scene, case)


def check(scene: Scene, case: str, lender: str = "l-1") -> None:
    """Decide every decision of a case again, from what the journal held before it."""
    parties = [f"party:{lender}/{name}" for name in (lender, "a-1", "a-2", "c-1", "c-2")]
    with scene.gate.app.connect() as connection:
        entries = [(one.kind, decode(one.body)) for one in read_stream(connection, f"case:{case}")]
        streams = read_streams(connection, dict.fromkeys(parties, 0)).values()
        of_parties = [(one.kind, decode(one.body)) for stream in streams for one in stream]
    for place, (kind, body) in enumerate(entries):
        if kind != "contact.decided":
            continue
        before = entries[:place]
        facts = recomputed(before, of_parties, body)
        assert {name: facts[name] for name in body["facts"]} == body["facts"]
        weighed = weigh(scene.gate.book, body, facts)
        assert weighed.verdict == body["verdict"]
        assert weighed.spoke == {(rule, outcome) for rule, outcome in body["rules"]}
        # What the entry itself holds explains it as well, with no other knowledge.
        assert weigh(scene.gate.book, body, body["facts"]) == weighed
        if body["verdict"] == "allowed":
            by_hand(before, body)
        else:
            assert weighed.stops or body["verdict"] == "not_permitted"


def by_hand(before: list[Told], body: dict[str, Any]) -> None:
    """Count what an allowed act may not break, from the raw entries."""
    at, asked = _local(body["decided_at"]), body["proposal"]
    assert 8 <= at.hour < 22
    attempts: dict[str, tuple[datetime, str]] = {}
    said: set[str] = set()
    steps: dict[tuple[str, Any], str] = {}
    for kind, told in before:
        if kind == "contact.decided" and told["attempt"] and told["proposal"]["act"] == "contact":
            attempts[told["decision_id"]] = (_local(told["decided_at"]), "unknown")
        if kind == "contact.reported":
            if told["grant_id"] in attempts:
                began, _ = attempts[told["grant_id"]]
                attempts[told["grant_id"]] = (began, told["told"]["outcome"])
            said |= set(told["told"]["signs"])
        if kind == "case.event" and "step" in told:
            who = told.get("person") or told.get("party") or told.get("debt")
            steps[told["kind"], who] = told["step"]
    today = Counter(
        outcome in EFFECTIVE for began, outcome in attempts.values() if began.date() == at.date()
    )
    if asked["act"] == "contact":
        assert today[True] < 3
        assert today.total() < 6
    assert not said & {"police_order", "says_deceased", "says_minor", "no_capacity"}
    assert asked["to"] == "p-1"
    assert steps.get(("order", "p-1")) != "issued"
    assert (asked["by"], steps.get(("placement", "a-1"))) != ("a-1", "ended")
    assert (asked["by"], steps.get(("agency", "a-2"))) != ("a-2", "contract_ended")


def _local(moment: int) -> datetime:
    return datetime.fromtimestamp(moment / 1_000_000, UTC) + SHANGHAI


def test_each_act_of_these_lives_is_allowed_at_some_time(scene: Scene) -> None:
    verdicts = {}
    for act in ACTS:
        case = scene.case(points=[*case_told()["points"], HOME])
        verdicts[act] = scene.gate.propose(propose(scene, case, act)).allowed
    refused = {act for act, allowed in verdicts.items() if not allowed}
    assert refused == {"somebody does not say who calls", "the nominated contact is called"}


def test_the_slow_path_uses_nothing_of_the_gate() -> None:
    tree = ast.parse(Path(slow_path.__file__).read_text("utf-8"))
    modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not [name for name in modules if name and "action" in name]
