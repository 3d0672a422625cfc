"""A question of the person's own that waits for an answer."""

import pytest
from tests.law.cases import Json, call, event, facts

ASKED = event("e-1", "inbound", "11-25 09:00", person="p-1")


def answer(outcome: str | None, at: str = "11-25 10:00", **more: str) -> Json:
    return call("e-2", at, outcome, **{"purpose": "answer", **more})


ROWS: list[tuple[str, list[Json], bool]] = [
    ("nobody asked", [], False),
    ("asked", [ASKED], True),
    ("somebody else asked", [ASKED | {"person": "p-2"}], False),
    ("somebody noted that it was asked", [ASKED | {"by": "a-1"}], False),
    ("answered", [ASKED, answer("identified")], False),
    ("perhaps answered", [ASKED, answer("unknown")], False),
    ("no outcome told", [ASKED, answer(None)], False),
    ("tried in vain", [ASKED, answer("no_answer")], True),
    ("collected from meanwhile", [ASKED, answer("identified", purpose="collect")], True),
    ("nobody knows what for", [ASKED, call("e-2", "11-25 10:00")], False),
    ("answered before", [answer("identified", "11-25 08:30"), ASKED], True),
    ("answered, and asked again",
     [ASKED, answer("identified"), ASKED | {"id": "e-3", "happened_at": "2026-11-25T11:00:00+08:00",
                                            "known_at": "2026-11-25T11:00:00+08:00"}], True),
]  # fmt: skip


@pytest.mark.parametrize(("timeline", "waits"), [row[1:] for row in ROWS],
                         ids=[row[0] for row in ROWS])  # fmt: skip
def test_a_question_waits_until_it_is_answered(timeline: list[Json], waits: bool) -> None:
    assert facts(*timeline)["question_open"] is waits


@pytest.mark.parametrize("group", ["calls", "messages", "visits"])
def test_that_it_waits_is_certain_only_where_no_answer_can_be_missing(group: str) -> None:
    whole = {"inbound", "calls", "messages", "visits"} - {group}
    assert facts(ASKED, complete=sorted(whole))["question_open"] is None
