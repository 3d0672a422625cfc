"""See, copy, correct, restrict, delete or freeze, explain."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.vault.conftest import PHONE, Dialler, Room

from kuanxian.base.errors import GrantError, PersonError, SealError
from kuanxian.journal import canonical
from kuanxian.journal.append import append
from kuanxian.journal.entry import Draft
from kuanxian.vault.consent import GIVEN, answer_consent
from kuanxian.vault.contact import contacts_of, nominate
from kuanxian.vault.erase import Certificate, erase_person
from kuanxian.vault.keys import Wrapped, new_key, person_bound
from kuanxian.vault.notice import Notice
from kuanxian.vault.opening import open_for
from kuanxian.vault.people import find_people, held, put_value
from kuanxian.vault.retention import Duty, add_years, binds, duties_of, read_clocks
from kuanxian.vault.rights import (
    Frozen,
    copy_of,
    delete_or_freeze,
    erase_ended_freezes,
    explain,
    release,
    restrict,
)
from kuanxian.vault.seal import Place, cipher_of, unseal

embedded = pytest.mark.parametrize("servers", ["embedded"], indirect=True)
ON = date(2026, 3, 1)
CLOCKS = read_clocks()
KEEPS = frozenset({"cn.retention.collection_record_consumer_finance"})


@embedded
def test_a_copy_holds_everything_once_and_leaves_marks(room: Room) -> None:
    person = room.person()
    put_value(room.keeper, person, "name", "王小五")
    nominate(room.keeper, person, "c-1", "pass_message")
    put_value(room.keeper, "c-1", "phone", "17405000077")
    notice = Notice("n", 1, "en", "marketing", "…")
    answer_consent(room.keeper, person, notice, GIVEN, datetime(2024, 3, 1, tzinfo=UTC))
    copy = copy_of(room.keeper, room.app, person, "r-1")
    assert PHONE not in repr(copy)
    page = json.loads(copy.reveal())
    assert page["values"] == {"name": "王小五", "phone": f"+86{PHONE}"}
    assert [one["contact"] for one in page["contacts"]] == ["c-1"]
    assert page["consents"][0]["pii_processing"]["purpose"] == "marketing"
    assert [one["what"] for one in page["marks"]].count("value.opened") == 2
    assert "17405000077" not in copy.reveal()
    for whose in (person, room.person()):
        with pytest.raises(GrantError, match="answered before, to this person or another"):
            copy_of(room.keeper, room.app, whose, "r-1")


@embedded
def test_a_copy_lists_the_persons_cases_decisions_calls_and_notices(room: Room) -> None:
    person = room.person()
    nominate(room.keeper, person, "c-1", "pass_message")
    with room.app.begin() as connection:
        connection.execute(sa.text(
            "INSERT INTO casework.cases (case_id, tenant, debtor_id, loan_id) VALUES "
            "('case-1', 'lender-1', :p, 'l-1'), ('case-2', 'lender-1', 'p-else', 'l-2')"),
            {"p": person})  # fmt: skip
    room.decide(person, case_id="case-1")
    happened = datetime(2026, 3, 1, 4, tzinfo=UTC)
    bodies: list[tuple[str, str, dict[str, object]]] = [
        ("case-1", "case.event", {"kind": "call", "person": person, "outcome": "declined"}),
        ("case-1", "contact.decided", {"proposal": {"to": "c-1", "act": "message"},
                                       "verdict": "allowed", "about": person}),
        ("case-1", "contact.reported", {"told": {"outcome": "delivered"}, "events": [
            {"kind": "notice", "person": person, "notice": "overdue"}]}),
        ("case-2", "case.event", {"kind": "call", "person": "p-else", "outcome": "answered"}),
    ]  # fmt: skip
    drafts = [
        Draft(f"case:{case}", kind, ON, happened, "a", canonical.encode(body), f"k-{number}")
        for number, (case, kind, body) in enumerate(bodies)
    ]
    with room.app.begin() as connection:
        append(connection, drafts)
    page = json.loads(copy_of(room.keeper, room.app, person, "r-1").reveal())
    assert [(one["case"], one["loan"]) for one in page["cases"]] == [("case-1", "l-1")]
    assert [one["purpose"] for one in page["decisions"]] == ["collect", "subject_access"]
    at = "2026-03-01T04:00:00+00:00"
    assert page["acts"] == [
        {"what": "case.event", "at": at, "kind": "call", "outcome": "declined"},
        {"what": "contact.reported", "at": at, "kind": "notice", "notice": "overdue",
         "outcome": "delivered"},
    ]  # fmt: skip
    other = json.loads(copy_of(room.keeper, room.app, "c-1", "r-2").reveal())
    assert other["cases"] == []
    assert [(one["act"], one["verdict"]) for one in other["acts"]] == [("message", "allowed")]
    assert person not in json.dumps(other)


@embedded
def test_restriction_stops_use_until_it_is_lifted(room: Room) -> None:
    person, dialler = room.person(), Dialler()
    restrict(room.keeper, person)
    with pytest.raises(GrantError, match="may not be processed"):
        open_for(room.keeper, room.handle(person), dialler)
    copy_of(room.keeper, room.app, person, "r-1")
    put_value(room.keeper, person, "phone", "17405000002")
    release(room.keeper, person)
    open_for(room.keeper, room.handle(person), dialler)
    assert dialler.dialled == ["+8617405000002"]


@embedded
def test_deletion_without_a_duty_erases_for_good(room: Room) -> None:
    person = room.person()
    nominate(room.keeper, person, "c-1", "pass_message")
    with room.owner.connect() as connection:
        sealed = connection.execute(sa.text("SELECT body FROM vault.sealed")).scalar_one()
        key = connection.execute(sa.text("SELECT key_id, wrapped FROM vault.person_key "
                                         "WHERE person_id = :p"), {"p": person}).one()  # fmt: skip
    done = delete_or_freeze(room.keeper, person, [], ON)
    assert isinstance(done, Certificate)
    assert done.backups_expire_on == date(2026, 4, 5)
    for language, limit in (("zh", "预写日志"), ("en", "write-ahead log")):
        born = {"zh": "出生日期", "en": "date of birth"}[language]
        for told in ("2026-04-05", "k1", limit, born):
            assert told in done.words(language)
    assert done.as_json()["fields"] == ["phone"]
    assert [one.state for one in contacts_of(room.keeper, person)] == ["erased"]
    assert held(room.keeper, person).fields == ()
    assert find_people(room.keeper, "phone", PHONE) == ()
    with room.owner.connect() as connection:
        for table in ("sealed", "blind", "person_key"):
            assert connection.scalar(sa.text(f"SELECT count(*) FROM vault.{table}")) == 0
    # A stolen copy of the sealed bytes stays shut without the wrapped key; with it, it would open.
    with pytest.raises(SealError):
        unseal(cipher_of(new_key()), Place("lender-1", person, "phone", 1), bytes(sealed))
    kept = room.keeper.holder.unwrap(Wrapped(key[0], bytes(key[1])),
                                     person_bound("lender-1", person))  # fmt: skip
    place = Place("lender-1", person, "phone", 1)
    assert unseal(cipher_of(kept), place, bytes(sealed)).decode() == f"+86{PHONE}"
    for again in (lambda: erase_person(room.keeper, person, "request", ON),
                  lambda: put_value(room.keeper, person, "phone", PHONE)):  # fmt: skip
        with pytest.raises(PersonError):
            again()


@embedded
def test_deletion_under_a_duty_freezes_says_which_and_ends_by_itself(room: Room) -> None:
    person, other = room.person(), room.person()
    duties = duties_of(CLOCKS, {"collected_on": ON}, ON, "consumer_finance", KEEPS)
    frozen = delete_or_freeze(room.keeper, person, duties, ON)
    assert isinstance(frozen, Frozen)
    assert "2031-03-01" in frozen.words("zh")
    assert "V3" in frozen.words("en")
    found = held(room.keeper, person)
    assert (found.state, found.duty) == (
        "frozen",
        "cn.retention.collection_record_consumer_finance",
    )
    for attempt in (lambda: release(room.keeper, person), lambda: restrict(room.keeper, person),
                    lambda: put_value(room.keeper, person, "email", "a@example.org")):  # fmt: skip
        with pytest.raises(PersonError):
            attempt()
    with pytest.raises(GrantError):
        open_for(room.keeper, room.handle(person), Dialler())
    with pytest.raises(PersonError, match="frozen until 2031-03-01"):
        delete_or_freeze(room.keeper, person, [], ON)
    assert erase_ended_freezes(room.keeper, date(2031, 3, 1)) == []
    assert [one.person for one in erase_ended_freezes(room.keeper, date(2031, 3, 2))] == [person]
    assert held(room.keeper, other).state == "active"


@embedded
def test_processing_is_explained_with_texts_and_marks(room: Room) -> None:
    person = room.person()
    told = explain(room.keeper, person, CLOCKS, "consumer_finance", frozenset())
    assert told["fields"] == ["phone"]
    marketing = next(one for one in told["purposes"] if one["purpose"] == "marketing")
    assert marketing["fields"] == ["phone"]
    by_id = {one["id"]: one for one in told["clocks"]}
    assert by_id["cn.retention.impact_assessment"]["binds"]
    assert not by_id["cn.retention.collection_record_consumer_finance"]["binds"]


DUTIES: list[tuple[dict[str, date | None], date, str, frozenset[str], list[str]]] = [
    ({}, ON, "consumer_finance", KEEPS, []),
    ({"collected_on": ON}, ON, "consumer_finance", frozenset(), []),
    ({"collected_on": ON}, ON, "bank", KEEPS, []),
    ({"collected_on": ON}, ON, "consumer_finance", KEEPS, ["2031-03-01"]),
    ({"collected_on": ON}, date(2031, 3, 1), "consumer_finance", KEEPS, ["2031-03-01"]),
    ({"collected_on": ON}, date(2031, 3, 2), "consumer_finance", KEEPS, []),
    ({"assessed_on": ON}, ON, "bank", frozenset(), []),
    ({"due_on": ON, "collected_on": ON}, ON, "consumer_finance",
     KEEPS | {"cn.retention.limitation"}, ["2031-03-01", "2029-03-01"]),
]  # fmt: skip


@pytest.mark.parametrize(("dates", "on", "lender", "policy", "until"), DUTIES)
def test_a_duty_runs_from_its_event_to_its_last_day(
    dates: dict[str, date | None],
    on: date,
    lender: str,
    policy: frozenset[str],
    until: list[str],
) -> None:
    found = duties_of(CLOCKS, dates, on, lender, policy)
    assert [duty.until_on.isoformat() for duty in found] == until


def test_a_duty_that_began_nobody_knows_when_is_asked_about() -> None:
    with pytest.raises(PersonError, match="nobody knows"):
        duties_of(CLOCKS, {"collected_on": None}, ON, "consumer_finance", KEEPS)


def test_every_clock_has_a_text_a_mark_and_words(tmp_path: Path) -> None:
    assert len({clock.id for clock in CLOCKS}) == len(CLOCKS) >= 7
    for clock in CLOCKS:
        assert clock.instrument
        assert clock.key
        assert clock.zh
        assert clock.en
        assert clock.verified in {"V1", "V2", "V3", "U"}
        assert clock.kind in {"keep_at_least", "delete_after"}
        assert binds(clock, "x", frozenset()) <= (clock.verified in {"V1", "V2"})
        assert clock.article
        for language in ("zh", "en"):
            said = Frozen("p", Duty(clock, ON)).words(language)
            assert (clock.article in said) == (clock.article != "条号待核" or language == "zh")
            assert "第（" not in said
    wrong = tmp_path / "retention.toml"
    wrong.write_text(
        'format = "kuanxian-retention-1"\n[[clock]]\nid = "c"\narticle = ""\n', "utf-8"
    )
    with pytest.raises(PersonError, match="c has no article"):
        read_clocks(wrong)
    wrong.write_text('format = "other"\n')
    with pytest.raises(PersonError):
        read_clocks(wrong)
    assert add_years(date(2024, 2, 29), 1) == date(2025, 2, 28)
