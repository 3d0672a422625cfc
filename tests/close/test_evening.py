"""The evening over a book that was closed, on a real database, by real channels."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.action.contact.conftest import book, lexicon
from tests.action.contact.scene import at
from tests.close.test_retention import JUNK
from tests.close.town import Town, town_on
from tests.databases import Database
from tests.outreach.test_mail import Postmaster, port, postmaster

from kuanxian.action.contact.words import Lexicon
from kuanxian.close.folder import find_published
from kuanxian.close.order import read_manifest
from kuanxian.law.rulebook import Rulebook
from kuanxian.outreach.dispatch import Dispatch
from kuanxian.vault.retention import Duty, read_clocks
from kuanxian.vault.rights import delete_or_freeze

__all__ = ["book", "lexicon", "port", "postmaster"]


@pytest.fixture
def town(
    embedded_database: Database, lexicon: Lexicon, book: Rulebook, tmp_path: Path, port: int,
    postmaster: Postmaster,
) -> Iterator[Town]:  # fmt: skip
    with town_on(embedded_database, lexicon, book, tmp_path, port, postmaster) as made:
        made.scene.clock.set("2026-11-25 20:00")
        yield made


def words(line: dict[str, Any]) -> dict[str, tuple[str, str]]:
    return {one["kind"]: (one["what"], one["channel"]) for one in line["sent"]}


def test_an_evening_sends_what_is_due_by_each_channel_and_twice_sends_nothing(town: Town) -> None:
    for number, kind in enumerate(("mobile", "email", "address", "app")):
        town.open(number, kind)
    told = town.run()
    lines = town.lines()
    assert [words(lines[f"case-{number}"]) for number in range(4)] == [
        {"first_overdue": ("accepted", channel), "report_notice": ("accepted", channel)}
        if channel != "letter"
        # The first is no letter: it only informs, and a person looks at it.
        else {"first_overdue": ("held", ""), "report_notice": ("accepted", channel)}
        for channel in ("sms", "email", "letter", "in_app")
    ]
    assert town.carried() == (2, 2, 1)
    assert (told["cases"], told["sent"]) == (4, {"accepted": 7, "held": 1})
    assert told["ledger_good"]
    again = town.run()
    assert town.carried() == (2, 2, 1)
    assert again["sent"] == {"held": 1, "waits": 7}


def begun(**more: Any) -> str:
    attempt = {"begun_at": 1, "channel": "sms", "expires_at": 2, "grant_id": "g", "number": 1}
    body = {"attempt": attempt | more, "key": "k", "kind": "first_overdue", "told": {}}
    return json.dumps(body, sort_keys=True, separators=(",", ":"))


@pytest.mark.parametrize("told", [
    ("case:case-1", "case.event", '{"happened_at":"x","id":"e","kind":"call","known_at":1}'),
    ("case:case-1", "contact.decided", '{"attempt":{},"decision_id":"d","grant":{}}'),
    ("case:case-1", "notice.begun", '{"key":"k"}'),
    ("case:case-1", "notice.begun", begun(begun_at="x")),
    ("case:case-1", "notice.begun", begun(channel="fax")),
    ("party:l-1/a-1", "case.event", "[]"),
])  # fmt: skip
def test_a_case_that_cannot_be_read_is_named_and_stops_no_other(
    town: Town, told: tuple[str, str, str]
) -> None:
    stream, kind, body = told
    for number, point in enumerate(("mobile", "mobile", "email")):
        town.open(number, point)
    with town.gate.app.begin() as connection:  # by SQL, past the program
        connection.execute(JUNK, {"stream": stream, "kind": kind, "body": body.encode()})
    summary, lines = town.run(), town.lines()
    # All three know the party.
    unread = ["case-1"] if stream == "case:case-1" else ["case-0", "case-1", "case-2"]
    assert (summary["cases"], summary["unreadable"]) == (3 - len(unread), len(unread))
    assert [case for case, line in lines.items() if "unreadable" in line] == unread
    assert all(f"{stream}: entry " in lines[case]["unreadable"] for case in unread)
    assert town.carried()[:2] == ((2, 2) if len(unread) == 1 else (0, 0))


CALL = {"happened_at": 1, "id": "e", "kind": "call", "known_at": 1}
RIGHT_IN_FORM: dict[str, tuple[str, dict[str, Any]]] = {
    "a zone that is none": ("case.added", {"people": [
        {"id": "p-1x", "origin": "contract", "role": "debtor", "zones": ["No/Where"]}]}),
    "a debtor who is nobody": ("case.added", {"debts": [{"debtor": "p-9", "id": "loan-0001"}]}),
    "a grant to nobody": ("contact.decided", {
        "attempt": CALL, "decision_id": "d", "grant": {"expires_at": 5}}),
}  # fmt: skip


@pytest.mark.parametrize("told", RIGHT_IN_FORM.values(), ids=list(RIGHT_IN_FORM))
def test_a_case_whose_entries_are_right_in_form_alone_is_named_and_stops_no_other(
    town: Town, told: tuple[str, dict[str, Any]]
) -> None:
    kind, body = told
    for number, point in enumerate(("mobile", "mobile", "email")):
        town.open(number, point)
    text = json.dumps(body, sort_keys=True, separators=(",", ":"))
    with town.gate.app.begin() as connection:  # by SQL, past the program
        connection.execute(JUNK, {"stream": "case:case-1", "kind": kind, "body": text.encode()})
    summary, lines = town.run(), town.lines()
    assert (summary["cases"], summary["unreadable"]) == (2, 1)
    assert lines["case-1"]["unreadable"].startswith("case:case-1: nothing can be done with what")
    assert town.carried()[:2] == ((4, 2) if kind == "contact.decided" else (2, 2))


def test_a_case_whose_event_replaces_itself_is_named(town: Town) -> None:
    for number in range(2):
        town.open(number, "mobile")
    told = CALL | {"id": "e-9", "kind": "payment", "replaces": "e-9"}
    text = json.dumps(told, sort_keys=True, separators=(",", ":"))
    words = {"stream": "case:case-1", "kind": "case.event", "body": text.encode()}
    with town.gate.app.begin() as connection:  # by SQL, past the program
        connection.execute(JUNK, words)
    summary = town.run()
    assert (summary["cases"], summary["unreadable"]) == (1, 1)
    assert "replace each other in a circle" in town.lines()["case-1"]["unreadable"]


def test_what_the_channels_at_hand_cannot_bring_is_held(town: Town) -> None:
    town.open(0, "email")
    told = town.run(dispatch=Dispatch(town.gate, town.keeper, {}))
    assert told["held"] == told["sent"]["held"] == 2


def test_the_windows_are_those_of_the_day_after_the_close(town: Town) -> None:
    case = town.open(0, "mobile", "email")
    open_all_day = {"from_at": at("2026-11-26 08:00"), "until_at": at("2026-11-26 22:00")}
    for moment in ("2026-11-25 20:00", "2026-11-25 23:59", "2026-11-26 01:30"):
        town.scene.clock.set(moment)
        town.run(dispatch=None)
        ways = {one["channel"]: one for one in town.lines()[case]["windows"]}
        assert {name: one["spans"] for name, one in ways.items()} == {
            name: [open_all_day] for name in ("voice_human", "sms", "email")
        }
    town.scene.clock.set("2026-11-26 09:30")
    town.run(dispatch=None)
    ways = {one["channel"]: one for one in town.lines()[case]["windows"]}
    assert ways["sms"]["spans"] == [{**open_all_day, "from_at": at("2026-11-26 09:30")}]


def test_a_way_that_stays_closed_names_the_rule(town: Town) -> None:
    case = town.open(0, "mobile")
    town.scene.gate = town.gate
    town.scene.tell(case, {"kind": "order", "person": "p-0x", "step": "issued"})
    town.run(dispatch=None)
    line = town.lines()[case]
    assert [one["spans"] for one in line["windows"]] == [[], []]
    assert all(one["closed_by"] for one in line["windows"])


def test_at_night_nothing_leaves_and_the_morning_sends_it(town: Town) -> None:
    case = town.open(0, "mobile")
    town.scene.clock.set("2026-11-25 22:30")
    assert town.run()["sent"] == {"refused": 2}
    # What permits it is none of the rules that refused it.
    assert town.lines()[case]["sent"][0]["rules"] == ["cn.contact.quiet_hours"]
    assert town.carried()[0] == 0
    town.scene.clock.set("2026-11-26 08:00")
    assert town.run()["sent"] == {"accepted": 2}
    assert town.carried()[0] == 2


def test_an_evening_killed_at_any_message_sends_nothing_twice(town: Town) -> None:
    for number in range(3):
        town.open(number, "mobile")
    sms = town.channels["sms"]

    class Killed:
        name = "sms"
        left = 0

        def send(self, *given: Any) -> Any:
            receipt = sms.send(*given)
            self.left -= 1
            if self.left < 0:
                raise KeyboardInterrupt
            return receipt

    killed = Killed()
    town.channels["sms"] = killed
    for left in range(3):
        killed.left = left
        with pytest.raises(KeyboardInterrupt):
            town.run()
        assert not town.out.with_name("2026-11-25.evening.json").exists()
        town.scene.clock.move(60)
    town.channels["sms"] = sms
    town.run()
    assert town.carried()[0] == 6


def test_the_published_close_stays_as_it_was(town: Town) -> None:
    town.open(0, "mobile")
    manifest = read_manifest(town.out)
    before = sorted(path.name for path in town.out.iterdir())
    town.run()
    assert find_published(town.out, manifest["inputs"]) == manifest
    assert sorted(path.name for path in town.out.iterdir()) == before
    told = json.loads(town.out.with_name("2026-11-25.evening.json").read_text())
    assert told["as_of"] == "2026-11-25"


def test_an_old_close_tells_nothing_of_a_debt_and_says_so(town: Town) -> None:
    case = town.open(0, "mobile")
    town.scene.clock.set("2026-11-28 12:00")
    told = town.run()
    assert (told["ledger_good"], told["sent"]) == (False, {})
    assert town.lines()[case]["notices"] == []


def test_people_whose_time_has_come_are_erased_first(town: Town) -> None:
    case = town.open(0, "mobile")
    ended = Duty(read_clocks()[0], date(2026, 11, 24))
    delete_or_freeze(town.keeper, "p-0x", [ended], date(2026, 11, 1))
    told = town.run(keeper=town.keeper)
    assert told["retention"] == {"erased": 1, "frozen": 0, "unknown": 0}
    # The gate asks the vault, and no channel is left.
    sent = town.lines()[case]["sent"]
    assert {(one["what"], one["failure"]) for one in sent} == {("held", "")}
    assert town.carried()[0] == 0
    assert town.run()["retention"] is None
