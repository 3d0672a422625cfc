"""An opening needs a fresh decision, works once, and never leaves less than a mark."""

import threading
from typing import Any

import pytest
import sqlalchemy as sa
from tests.vault.conftest import PHONE, Dialler, Room

from kuanxian.base.errors import GrantError
from kuanxian.vault.opening import Handle, issue_handle, open_for, opener
from kuanxian.vault.secret import Secret

NUMBER = "+8617405000001"


def test_a_channel_gets_the_value_and_the_officer_a_receipt(room: Room) -> None:
    person, dialler = room.person(), Dialler()
    handle = room.handle(person)
    assert PHONE not in repr(handle)
    assert open_for(room.keeper, handle, dialler) == "call-1"
    assert dialler.dialled == [NUMBER]
    kind, body = room.marks(person)[-1]
    assert kind == "value.opened"
    assert body["decision_id"] == handle.decision_id
    assert (body["field"], body["purpose"], body["channel"]) == ("phone", "collect", "dialler")


def test_a_grant_works_once(room: Room) -> None:
    person, dialler = room.person(), Dialler()
    handle = room.handle(person)
    open_for(room.keeper, handle, dialler)
    with pytest.raises(GrantError, match="was used"):
        open_for(room.keeper, handle, dialler)
    assert len(dialler.dialled) == 1
    assert room.kinds(person)[-2:] == ["value.opened", "opening.refused"]


def test_sixteen_threads_with_one_grant_get_one_value(room: Room) -> None:
    person, dialler = room.person(), Dialler()
    handle = room.handle(person)
    refused: list[str] = []

    def attempt() -> None:
        try:
            open_for(room.keeper, handle, dialler)
        except GrantError as error:
            refused.append(error.reason)

    threads = [threading.Thread(target=attempt) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(dialler.dialled), len(refused)) == (1, 15)
    assert room.kinds(person).count("value.opened") == 1


CHANGED = [
    ("person_id", "p-other"), ("field", "name"), ("purpose", "marketing"), ("channel", "printer"),
    ("decision_id", "d-other"), ("grant_id", "made-up"),
]  # fmt: skip


@pytest.mark.parametrize(("part", "value"), CHANGED)
def test_a_handle_changed_in_one_part_opens_nothing(room: Room, part: str, value: str) -> None:
    person, dialler = room.person(), Dialler()
    room.person("p-other", "17405000002")
    dialler.name = value if part == "channel" else dialler.name
    with pytest.raises(GrantError):
        open_for(room.keeper, room.handle(person)._replace(**{part: value}), dialler)
    assert dialler.dialled == []


def test_no_grant_without_a_fresh_decision_that_allows(room: Room) -> None:
    person = room.person()
    with pytest.raises(GrantError, match="does not allow"):
        room.handle(person, allowed=False)
    decision = room.decide(person, fresh_seconds=1)
    with room.app.connect() as connection:
        connection.execute(sa.text("SELECT pg_sleep(1.1)"))
    with pytest.raises(GrantError, match="no longer fresh"):
        issue_handle(room.app, decision, "phone", "dialler")
    with pytest.raises(GrantError, match="no such decision"):
        issue_handle(room.app, decision._replace(decision_id="d-none"), "phone", "dialler")
    used = room.decide(person)
    issue_handle(room.app, used, "phone", "dialler")
    with pytest.raises(GrantError, match="used for this field before"):
        issue_handle(room.app, used, "phone", "dialler")


def test_a_grant_goes_stale_with_its_decision(room: Room) -> None:
    person, dialler = room.person(), Dialler()
    handle = room.handle(person, fresh_seconds=1)
    with room.app.connect() as connection:
        connection.execute(sa.text("SELECT pg_sleep(1.1)"))
    with pytest.raises(GrantError, match="no longer fresh"):
        open_for(room.keeper, handle, dialler)


class Leaky(Dialler):
    def deliver(self, value: Secret) -> str:
        return f"sent to {value.reveal()}"


class Broken(Dialler):
    def deliver(self, value: Secret) -> str:
        raise RuntimeError(f"no line to {value.reveal()}")


def test_an_orders_handle_is_opened_by_the_opener_of_its_decision(room: Room) -> None:
    person = room.person()
    handle = room.handle(person)
    assert opener(room.keeper, handle.decision_id, "dialler")(handle).reveal() == NUMBER
    with pytest.raises(GrantError):
        opener(room.keeper, "d-other", "dialler")(room.handle(person))
    with pytest.raises(GrantError):
        opener(room.keeper, handle.decision_id, "printer")(handle)


@pytest.mark.parametrize("channel", [Leaky(), Broken()])
def test_a_channel_that_hands_the_value_back_hands_back_nothing(
    room: Room, channel: Dialler
) -> None:
    handle = room.handle(room.person())
    with pytest.raises(GrantError) as error:
        open_for(room.keeper, handle, channel)
    assert PHONE not in str(error.value)
    assert error.value.__suppress_context__ or error.value.__context__ is None


BUDGETS = [("officer", "officer-1"), ("case", "case-1"), ("agency", "agency-1")]


@pytest.mark.parametrize(("scope", "subject"), BUDGETS)
def test_a_budget_ends_openings_and_another_ones_budget_does_not(
    room: Room, scope: str, subject: str
) -> None:
    person, other, dialler = room.person(), room.person(), Dialler()
    room.agency("agency-1")
    with room.app.begin() as connection:
        for case, debtor in (("case-1", person), ("case-2", other)):
            connection.execute(sa.text(
                "INSERT INTO casework.cases (case_id, tenant, debtor_id, loan_id) "
                "VALUES (:c, 'lender-1', :p, 'l-1')"), {"c": case, "p": debtor})  # fmt: skip
            connection.execute(sa.text(
                "INSERT INTO casework.assignment VALUES (:c, :c, 'agency-1', "
                "now() - interval '1 day', now() + interval '1 day')"), {"c": case})  # fmt: skip
    room.as_owner("SELECT vault.set_budget(:s, :n, 2, 'owner')", s=scope, n=subject)
    acts: dict[str, Any] = {"case_id": "case-1", "agency_id": "agency-1"}
    for _ in range(2):
        open_for(room.keeper, room.handle(person, **acts), dialler)
    with pytest.raises(GrantError, match="too many openings"):
        open_for(room.keeper, room.handle(person, **acts), dialler)
    others: dict[str, Any] = {"officer": {"officer": "officer-2"}, "case": {"case_id": "case-2"},
              "agency": {"agency_id": None}}  # fmt: skip
    whom = other if scope == "case" else person
    open_for(room.keeper, room.handle(whom, **{**acts, **others[scope]}), dialler)
    room.as_owner("UPDATE vault.opening SET marked_at = marked_at - interval '25 hours'")
    open_for(room.keeper, room.handle(person, **acts), dialler)


def test_twelve_threads_do_not_overdraw_a_budget(room: Room) -> None:
    person, dialler = room.person(), Dialler()
    room.as_owner("SELECT vault.set_budget('officer', 'officer-1', 5, 'owner')")
    handles = [room.handle(person) for _ in range(12)]
    refused: list[str] = []

    def attempt(handle: Handle) -> None:
        try:
            open_for(room.keeper, handle, dialler)
        except GrantError as error:
            refused.append(error.reason)

    threads = [threading.Thread(target=attempt, args=(handle,)) for handle in handles]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(dialler.dialled) == 5
    assert refused == ["too many openings in 24 hours"] * 7


def test_a_poison_contact_alarms_and_freezes_whoever_opens_it(room: Room) -> None:
    poison, person, dialler = room.person(phone="17405000009"), room.person(), Dialler()
    before = room.handle(person, officer="officer-2")
    room.as_owner("SELECT vault.poison('lender-1', :p, 'chief')", p=poison)
    with pytest.raises(GrantError) as error:
        open_for(room.keeper, room.handle(poison, officer="officer-2"), dialler)
    assert "alarm" not in str(error.value)
    assert room.kinds(poison)[-1] == "vault.alarm"
    with pytest.raises(GrantError, match="until somebody else lifts it"):
        open_for(room.keeper, before, dialler)
    with pytest.raises(GrantError, match="until somebody else lifts it"):
        room.handle(person, officer="officer-2")
    assert dialler.dialled == []
    with room.owner.begin() as connection:
        thaw = sa.text("SELECT vault.thaw_actor('officer-2', :by)")
        assert [connection.scalar(thaw, {"by": by}) for by in ("officer-2", "chief")] == [
            False, True,
        ]  # fmt: skip
    open_for(room.keeper, room.handle(person, officer="officer-2"), dialler)


@pytest.mark.parametrize("state", ["restricted", "frozen"])
def test_a_restricted_or_frozen_person_is_opened_for_themselves_alone(
    room: Room, state: str
) -> None:
    person, dialler = room.person(), Dialler()
    handle = room.handle(person)
    room.as_owner(
        "UPDATE vault.person SET state = :s, duty = CASE :s WHEN 'frozen' THEN 'd' END, "
        "frozen_until = CASE :s WHEN 'frozen' THEN DATE '2099-01-01' END", s=state)  # fmt: skip
    with pytest.raises(GrantError, match="may not be processed"):
        open_for(room.keeper, handle, dialler)
    decision = room.decide(person, purpose="subject_access")
    with pytest.raises(GrantError, match="the copy alone"):
        open_for(room.keeper, issue_handle(room.app, decision, "phone", "dialler"), dialler)
    decision, dialler.name = room.decide(person, purpose="subject_access"), "copy"
    open_for(room.keeper, issue_handle(room.app, decision, "phone", "copy"), dialler)
    assert dialler.dialled == [NUMBER]


def test_a_changed_seal_is_noticed(room: Room) -> None:
    person = room.person()
    handle = room.handle(person)
    room.as_owner("UPDATE vault.sealed SET version = 7")
    with pytest.raises(Exception, match="the seal is broken"):
        open_for(room.keeper, handle, Dialler())
