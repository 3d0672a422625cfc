"""The minute it is for the person concerned, and what that person agreed about it."""

from typing import Any

import pytest
from tests.law.cases import BASE, Json, event, facts, stamp

SHANGHAI_AND_URUMQI = ["Asia/Shanghai", "Asia/Urumqi"]


def people(zones: list[str]) -> list[Json]:
    return [{"id": "p-1", "role": "debtor", "zones": zones}, BASE["people"][1]]


ZONES = [
    ("one zone", {}, (1315, 1315)),
    ("two zones", {"people": people(SHANGHAI_AND_URUMQI)}, (1195, 1315)),
    ("no zone: all of the country", {"people": people([])}, (1315, 1315)),
    ("no zone in a country without rules", {"people": people([]), "country": "xx"}, (None, None)),
    ("a zone in such a country", {"country": "xx"}, (1315, 1315)),
    (
        "the number's own zone counts too",
        {
            "points": [
                {"id": "pt-1", "person": "p-1", "zones": ["Asia/Urumqi"]},
                *BASE["points"][1:],
            ]
        },
        (1195, 1315),
    ),
    (
        "of another person the other's zones",
        {"act": {"kind": "contact", "to": "p-2"}, "people": people(["Asia/Urumqi"])},
        (1315, 1315),
    ),
    (
        "of an act at nobody the debtor's",
        {"act": {"kind": "report"}, "people": people(["Asia/Urumqi"])},
        (1195, 1195),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "minutes"), [row[1:] for row in ZONES],
                         ids=[str(row[0]) for row in ZONES])  # fmt: skip
def test_earliest_and_latest_minute(changes: Json, minutes: tuple[Any, Any]) -> None:
    told = facts(at=stamp("11-25 21:55"), **changes)
    assert (told["earliest_local_minute"], told["latest_local_minute"]) == minutes


@pytest.mark.parametrize(
    ("changes", "at", "told"),
    [
        ({}, "11-25 21:55", (3, False)),
        ({}, "11-28 00:00", (6, True)),
        ({}, "10-01 10:00", (4, True)),
        ({}, "10-10 10:00", (6, False)),  # a make-up workday
        ({"people": people(["Asia/Shanghai", "America/New_York"])}, "11-28 08:00", (None, None)),
        ({"people": people(["America/New_York"])}, "11-28 08:00", (5, False)),
        ({"country": "xx"}, "11-28 10:00", (6, None)),
    ],
)
def test_the_day_of_the_week_and_whether_it_is_off(changes: Json, at: str, told: Any) -> None:
    found = facts(at=stamp(at), **changes)
    assert (found["local_weekday"], found["local_day_off"]) == told


def test_beyond_the_last_published_calendar_nobody_knows_which_days_are_off() -> None:
    found = facts(at=stamp("11-28 10:00").replace("2026", "2030"))
    assert found["local_weekday"] is not None
    assert found["local_day_off"] is None


def window(at: str, step: str = "given", **keys: Any) -> Json:
    name = f"w-{at}-{step}".replace(" ", "_").replace(":", ".")
    return event(name, "consent", at, person="p-1", purpose="contact_window", step=step, **keys)


OWN: Json = {"form": "own_request", "from_minute": 1320, "until_minute": 1410}
AGREEMENTS = [
    ("nothing", [], "22:30", "none"),
    ("own request for now", [window("11-20 10:00", **OWN)], "22:30", "own_request"),
    ("its first minute", [window("11-20 10:00", **OWN)], "22:00", "own_request"),
    ("the minute before it", [window("11-20 10:00", **OWN)], "21:59", "none"),
    ("the minute it ends", [window("11-20 10:00", **OWN)], "23:30", "none"),
    ("its last minute", [window("11-20 10:00", **OWN)], "23:29", "own_request"),
    ("asked for by an agency", [window("11-20 10:00", by="a-1", **OWN)], "22:30", "none"),
    ("a clause", [window("11-20 10:00", form="standard_clause")], "22:30", "standard_clause"),
    ("a form nobody knows is but a clause", [window("11-20 10:00")], "22:30", "standard_clause"),
    ("taken back", [window("11-20 10:00", **OWN), window("11-21 10:00", "withdrawn")], "22:30",
     "revoked"),
    ("taken back at the same instant", [window("11-20 10:00", **OWN),
     window("11-20 10:00", "withdrawn")], "22:30", "revoked"),
    ("taken back and asked again", [window("11-20 10:00", **OWN),
     window("11-21 10:00", "withdrawn"), window("11-22 10:00", **OWN)], "22:30", "own_request"),
    ("run out", [window("11-20 10:00", until_at=stamp("11-25 22:30"), **OWN)], "22:30", "none"),
    ("not yet run out", [window("11-20 10:00", until_at=stamp("11-25 22:31"), **OWN)], "22:30",
     "own_request"),
    ("over midnight", [window("11-20 10:00", form="own_request", from_minute=1380,
                              until_minute=60)], "23:30", "own_request"),
    ("refused since", [window("11-20 10:00", **OWN), window("11-21 10:00", "refused")], "22:30",
     "revoked"),
    ("about another debt", [window("11-20 10:00", debt="d-2", **OWN)], "22:30", "none"),
    ("about this debt", [window("11-20 10:00", debt="d-1", **OWN)], "22:30", "own_request"),
    ("of no hours in particular", [window("11-20 10:00", form="own_request")], "22:30", "none"),
    ("asked but not given", [window("11-20 10:00", "asked", **OWN)], "22:30", "none"),
]  # fmt: skip


@pytest.mark.parametrize(("timeline", "clock", "agreed"), [row[1:] for row in AGREEMENTS],
                         ids=[str(row[0]) for row in AGREEMENTS])  # fmt: skip
def test_what_was_agreed_about_this_minute(timeline: list[Json], clock: str, agreed: str) -> None:
    debts = [*BASE["debts"], BASE["debts"][0] | {"id": "d-2"}]
    act = BASE["act"] | {"debt": "d-1"}
    told = facts(*timeline, at=stamp(f"11-25 {clock}"), debts=debts, act=act)
    assert told["window_agreement"] == agreed


def test_of_a_case_that_may_lack_consents_nothing_found_is_unknown() -> None:
    assert facts(complete=["calls"])["window_agreement"] is None


def test_a_request_that_may_have_been_taken_back_since_is_unknown() -> None:
    made = window("11-20 10:00", **OWN)
    assert facts(made, at=stamp("11-25 22:30"), complete=["calls"])["window_agreement"] is None


def test_a_window_must_hold_in_every_zone_the_person_may_be_in() -> None:
    told = facts(
        window("11-20 10:00", **OWN),
        at=stamp("11-25 22:30"),
        people=people(SHANGHAI_AND_URUMQI),
    )
    assert told["window_agreement"] == "none"


def test_the_request_of_the_debtor_is_not_the_contact_persons() -> None:
    told = facts(
        window("11-20 10:00", **OWN),
        at=stamp("11-25 22:30"),
        act={"kind": "contact", "to": "p-2"},
    )
    assert told["window_agreement"] == "none"
