"""A contact point that was found not to be the person's, and what shows later that it is."""

from typing import Any

import pytest
from tests.law.cases import BASE, Json, call, event, facts

MAIL = {"id": "pt-4", "person": "p-1", "kind": "email", "origin": "contract"}
HOME = {"id": "pt-5", "person": "p-1", "kind": "address", "origin": "contract"}
POINTS = [*BASE["points"], MAIL, HOME]
WRONG = call("e-1", "11-25 09:00", "wrong_person")
DEAD = call("e-1", "11-25 09:00", "dead_number")
AT_MAIL = event("e-1", "dispute", "11-25 09:00", person="p-1", topic="identity", step="received",
                point="pt-4")  # fmt: skip
MOVED = event("e-1", "visit", "11-25 09:00", to="p-1", point="pt-5", outcome="moved")
SAID = AT_MAIL | {"point": "pt-1"}


def asked(*timeline: Json, **act: Any) -> bool | None:
    named = {key: value for key, value in {**BASE["act"], **act}.items() if value is not None}
    told = facts(*timeline, points=POINTS, act=named)["point_not_theirs"]
    assert told is None or isinstance(told, bool)
    return told


def write(channel: str, point: str | None) -> Json:
    return {"kind": "message", "channel": channel, "point": point}


TEXT, OTHER = write("sms", "pt-1"), {"point": "pt-2"}
LETTER = write("letter", "pt-5")
FOUND: list[tuple[str, list[Json], Json, bool]] = [
    ("nothing happened", [], {}, False),
    ("a stranger answered", [WRONG], {}, True),
    ("the number is dead", [DEAD], {}, True),
    ("it is said there that the debt is not theirs", [SAID], {}, True),
    ("a text to the number of a stranger", [WRONG], TEXT, True),
    ("the person's other number", [WRONG], OTHER, False),
    ("a stranger at the person's other number", [WRONG | {"point": "pt-2"}], {}, False),
    ("a stranger at nobody knows which number",
     [{key: value for key, value in WRONG.items() if key != "point"}], {}, True),
    ("a call that names no number", [WRONG], {"point": None}, True),
    ("a letter is another kind", [WRONG], LETTER, False),
    ("mail to whom it is not", [AT_MAIL], write("email", "pt-4"), True),
    ("a letter to where a visit found them moved", [MOVED], LETTER, True),
    ("a visit to where one found them moved", [MOVED], {"kind": "visit", "point": "pt-5"}, True),
    ("a call, where a visit found them moved", [MOVED], {}, False),
    ("a letter to where they were met since", [MOVED, event("e-2", "visit", "11-25 10:00",
     to="p-1", point="pt-5", outcome="met")], LETTER, False),
    ("a text that came back", [event("e-1", "message", "11-25 09:00", to="p-1", point="pt-1",
     channel="sms", outcome="bounced")], {}, False),
    ("a stranger answered a call for the contact", [WRONG | {"to": "p-2"}], {}, False),
    ("a call, where a mail went astray", [AT_MAIL], {}, False),
    ("a dispute at no point", [{key: value for key, value in SAID.items() if key != "point"}], {},
     False),
    ("a dispute about a sum", [SAID | {"topic": "amount"}], {}, False),
    ("nobody answered", [call("e-1", "11-25 09:00", "no_answer")], {}, False),
    ("confirmed before", [call("e-0", "11-25 08:30"), WRONG], {}, True),
    ("confirmed there since", [WRONG, call("e-2", "11-25 10:00")], {}, False),
    ("confirmed at the very instant", [SAID, call("e-2", "11-25 09:00")], {}, True),
    ("somebody spoke there since", [WRONG, call("e-2", "11-25 10:00", "unidentified")], {}, True),
    ("confirmed at another", [WRONG, call("e-2", "11-25 10:00", point="pt-2")], {}, True),
    ("the other one, confirmed since", [WRONG, call("e-2", "11-25 10:00", point="pt-2")], OTHER,
     False),
    ("the person rang from there", [WRONG, event("e-2", "inbound", "11-25 10:00", person="p-1",
                                                 point="pt-1")], {}, False),
    ("the person rang from nowhere in particular",
     [WRONG, event("e-2", "inbound", "11-25 10:00", person="p-1")], {}, True),
    ("somebody else noted that the person rang",
     [WRONG, event("e-2", "inbound", "11-25 10:00", person="p-1", point="pt-1", by="a-1")], {},
     True),
    ("a stranger again", [WRONG, call("e-2", "11-25 10:00"),
                          call("e-3", "11-25 11:00", "wrong_person")], {}, True),
    ("somebody else's number", [call("e-1", "11-25 09:00", "wrong_person", to="p-2",
                                     point="pt-3")], {}, False),
]  # fmt: skip


@pytest.mark.parametrize(("timeline", "act", "shown"), [row[1:] for row in FOUND],
                         ids=[row[0] for row in FOUND])  # fmt: skip
def test_a_point_that_was_found_to_be_somebody_elses(
    timeline: list[Json], act: Json, shown: bool
) -> None:
    assert asked(*timeline, **act) is shown


@pytest.mark.parametrize("group", ["calls", "disputes"])
def test_what_is_shown_needs_no_whole_file_and_what_is_not_does(group: str) -> None:
    complete = [one for one in ("calls", "disputes") if one != group]
    assert facts(WRONG, complete=complete)["point_not_theirs"] is True
    assert facts(complete=complete)["point_not_theirs"] is None
