"""What the other roles try by plain SQL, and do not get."""

import json
from hashlib import sha256

import pytest
import sqlalchemy as sa
from tests.vault.conftest import Dialler, Room

from kuanxian.base.errors import GrantError, PersonError, SealError
from kuanxian.store.roles import APP, AUDIT, VAULT
from kuanxian.vault.notice import Notice, add_notice
from kuanxian.vault.opening import open_for
from kuanxian.vault.people import add_person, held
from kuanxian.vault.seal import check_tenant

DENIED = "permission denied|must be|does not exist"
TABLES = ("person", "person_key", "sealed", "blind", "contact", "poison", "opening_grant",
          "opening", "budget", "frozen_actor", "said_no", "index_key")  # fmt: skip


def refused(engine: sa.Engine, statement: str) -> None:
    with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError, match=DENIED):
        connection.execute(sa.text(statement))


@pytest.mark.parametrize("group", [APP, AUDIT, VAULT, "agency"])
def test_no_role_reads_or_writes_a_table_of_the_vault(room: Room, group: str) -> None:
    room.person()
    engine = room.agency("agency-1") if group == "agency" else room.database.engine(group)
    for table in TABLES:
        for statement in (
            f"SELECT * FROM vault.{table}",
            f"DELETE FROM vault.{table}",
            f"TRUNCATE vault.{table}",
            f"COPY vault.{table} TO STDOUT",
            f"LOCK vault.{table}",
            f"DROP TABLE vault.{table}",
            f"CREATE VIEW v AS SELECT * FROM vault.{table}",
        ):
            refused(engine, statement)
    refused(engine, "SELECT pg_read_file('PG_VERSION')")
    refused(engine, "COPY (SELECT 1) TO PROGRAM 'cat'")


@pytest.mark.parametrize("group", [APP, AUDIT, "agency"])
def test_no_role_but_the_vaults_calls_its_functions(room: Room, group: str) -> None:
    engine = room.agency("agency-1") if group == "agency" else room.database.engine(group)
    for call in (
        "held('lender-1', 'p-1')", "fetch_opening('x')", "find('lender-1', 'phone', '\\x00', 'a')",
        "key_for_sealing('lender-1', 'p-1', 'phone')", "mark_opening('a','b','c','d','e','f')",
        "keys_to_rewrap('k', '', '', 'a')", "erase('lender-1', 'p-1', 'x', 'a')",
    ):  # fmt: skip
        refused(engine, f"SELECT * FROM vault.{call}")


def test_the_vaults_role_does_not_set_its_own_limits_or_decide(room: Room) -> None:
    person = room.person()
    decision = room.decide(person)
    for call in (
        "vault.set_budget('officer', '*', 9999, 'a')",
        "vault.thaw_actor('a', 'b')",
        f"casework.issue_grant('{decision.decision_id}', 'phone', 'x')",
        "vault.mark('lender-1', 'p', 'k', 'a', '{}')",
        "vault.poison('lender-1', 'p', 'a')",
        "vault.note('k', 'a', '{}')",
    ):
        refused(room.keeper.engine, f"SELECT {call}")
    refused(room.keeper.engine, "INSERT INTO casework.decision DEFAULT VALUES")


def test_the_app_makes_no_decision_younger_and_changes_none(room: Room) -> None:
    decision = room.decide(room.person())
    refused(room.app, "UPDATE casework.decision SET allowed = true")
    refused(room.app, "DELETE FROM casework.decision")
    refused(room.app, "INSERT INTO casework.decision (decision_id, decided_at) VALUES ('d', now())")
    for statement in ("UPDATE casework.decision SET allowed = true",
                      "TRUNCATE casework.decision CASCADE"):  # fmt: skip
        with room.owner.connect() as connection, pytest.raises(sa.exc.DBAPIError):
            connection.execute(sa.text(statement))
    assert decision.allowed


ASSIGN = sa.text(
    "INSERT INTO casework.assignment VALUES (:id, :case, :agency, now() + :starts * interval "
    "'1 hour', now() + :ends * interval '1 hour', CASE WHEN :ended THEN now() END)"
)


def assign(room: Room, **given: object) -> None:
    words = {"id": f"a-{given['case']}-{given['agency']}", "starts": -1, "ends": 1, "ended": False}
    with room.app.begin() as connection:
        case = sa.text("INSERT INTO casework.cases (case_id, tenant, debtor_id, loan_id) VALUES "
                       "(:case, 'lender-1', :debtor, 'l-1') ON CONFLICT DO NOTHING")  # fmt: skip
        connection.execute(case, {"case": given["case"], "debtor": given.pop("debtor", "p-1")})
        connection.execute(ASSIGN, {**words, **given})


def test_an_agency_sees_its_own_cases_and_only_while_they_are_assigned(room: Room) -> None:
    one, other = room.agency("agency-1"), room.agency("agency-2")
    assign(room, case="now", agency="agency-1")
    assign(room, case="theirs", agency="agency-2")
    assign(room, case="past", agency="agency-1", starts=-3, ends=-2)
    assign(room, case="soon", agency="agency-1", starts=1, ends=2)
    assign(room, case="ended", agency="agency-1", ended=True)
    for engine, seen in ((one, ["now"]), (other, ["theirs"])):
        with engine.connect() as connection:
            rows = connection.scalars(sa.text("SELECT case_id FROM casework.assigned_cases()"))
            assert sorted(rows) == seen


def test_an_agency_reads_other_cases_by_no_count_of_hidden_rows(room: Room) -> None:
    one = room.agency("agency-1")
    room.agency("agency-2")
    assign(room, case="theirs", agency="agency-2")
    told = []
    for case in ("theirs", "nobodys"):
        refused(one, f"EXPLAIN (ANALYZE) SELECT FROM casework.cases WHERE case_id = '{case}'")
        refused(one, f"EXPLAIN (ANALYZE) SELECT FROM casework.assignment WHERE case_id = '{case}'")
        explain = (
            "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF, BUFFERS OFF) "
            f"SELECT FROM casework.assigned_cases() WHERE case_id = '{case}'"
        )
        with one.connect() as connection:
            told.append([row.replace(case, "x") for row in connection.scalars(sa.text(explain))])
    assert told[0] == told[1]


def test_an_agency_cannot_call_itself_another_or_write(room: Room) -> None:
    one = room.agency("agency-1")
    room.agency("agency-2")
    assign(room, case="theirs", agency="agency-2")
    with one.connect() as connection:
        connection.execute(sa.text("SET application_name = 'agency-2'"))
        count = sa.text("SELECT count(*) FROM casework.assigned_cases()")
        assert connection.scalar(count) == 0
    for statement in (
        "SET SESSION AUTHORIZATION agency_2", "UPDATE casework.assignment SET ends_at = now()",
        "INSERT INTO casework.agency VALUES ('x', 'y')", "SELECT * FROM casework.agency",
        "SELECT * FROM casework.decision", "SELECT * FROM consent.event",
        "SELECT * FROM journal.entry", "DELETE FROM casework.cases",
        "ALTER TABLE casework.cases DISABLE ROW LEVEL SECURITY", "TABLE casework.case_person",
        "SELECT * FROM casework.cases", "SELECT * FROM casework.assignment",
        "SELECT journal.append_entry('person:t:p', 'value.opened', '2026-01-31', now(), 'x', "
        "'{}', 'consent:t/p/marketing/1')",
        "SELECT journal.append_entries('{loan:1}', '{loan.event}', '{2026-01-31}', "
        "ARRAY[now()], ARRAY['x'], ARRAY['{}'::bytea], '{1/event/1}', '{null}')",
    ):  # fmt: skip
        refused(one, statement)
    # And were the owner to let it read the table, the policy stands behind.
    room.as_owner("GRANT SELECT ON casework.cases TO kx_agency")
    with one.connect() as connection:
        assert connection.scalars(sa.text("SELECT case_id FROM casework.cases")).all() == []
        connection.execute(sa.text("SET row_security = off"))
        with pytest.raises(sa.exc.DBAPIError, match="row-level security"):
            connection.execute(sa.text("SELECT * FROM casework.cases"))


def test_an_agency_opens_nothing_after_its_assignment_ended(room: Room) -> None:
    person = room.person()
    room.agency("agency-1")
    assign(room, case="now", agency="agency-1", debtor=person)
    acts = {"case_id": "now", "agency_id": "agency-1"}
    first, second = room.handle(person, **acts), room.handle(person, **acts)
    open_for(room.keeper, first, Dialler())
    with room.app.begin() as connection:
        connection.execute(sa.text("UPDATE casework.assignment SET ended_at = now()"))
    with pytest.raises(GrantError, match="does not have the case"):
        open_for(room.keeper, second, Dialler())


@pytest.mark.parametrize("servers", ["embedded"], indirect=True)
def test_an_agency_holds_up_no_append_by_a_lock(room: Room) -> None:
    agency = room.agency("agency-1")
    for call in ("pg_advisory_lock(471520, 7)", "pg_advisory_lock(1)",
                 "pg_try_advisory_lock_shared(471520, 7)", "pg_advisory_xact_lock(471520, 7)",
                 "pg_try_advisory_xact_lock(7)"):  # fmt: skip
        refused(agency, f"SELECT {call}")
    room.person()


def test_a_contact_comes_by_a_nomination_and_in_two_places(room: Room) -> None:
    room.person("p-1")
    call = "SELECT vault.add_person('lender-1', 'c-{}', '{}', 'k1', '\\x00', 'a')"
    with room.keeper.engine.connect() as connection:
        with pytest.raises(sa.exc.IntegrityError, match="nominated"):
            connection.execute(sa.text(call.format(1, "contact")))
        connection.rollback()
        name = (
            "SELECT vault.nominate('lender-1', 'p-1', 'c-{}', 'pass_message', 'k1', '\\x00', 'a')"
        )
        assert [connection.scalar(sa.text(name.format(n))) for n in (1, 2, 3)] == [1, 2, 0]
        connection.execute(sa.text(
            "SELECT vault.set_contact_state('lender-1', 'c-1', 'stopped', 'a')"))  # fmt: skip
        assert connection.scalar(sa.text(name.format(3))) == 0
        connection.execute(sa.text("SELECT vault.erase('lender-1', 'c-1', 'stop', 'a')"))
        assert connection.scalar(sa.text(name.format(3))) == 1
    refused(room.keeper.engine, "SELECT vault.place_person('t', 'c', 'contact', 'k', '', 'a')")


def test_a_tenant_whose_streams_would_be_anothers_is_refused(room: Room) -> None:
    keeper = room.keeper._replace(tenant="lender:1")
    with pytest.raises(PersonError, match="tenant_without_colon"):
        add_person(keeper, "p-1")
    with pytest.raises(SealError):
        check_tenant("lender:1")
    with pytest.raises(GrantError):
        room.decide("p-1", tenant="lender:1")


def test_a_freeze_is_not_made_shorter(room: Room) -> None:
    person = room.person()
    call = sa.text("SELECT vault.set_state('lender-1', :p, 'frozen', :duty, :until, 'a')")
    tried = [("d", "2031-03-01", True), ("e", "2031-02-28", False), ("e", None, False),
             ("e", "2032-01-01", True)]  # fmt: skip
    for duty, until, taken in tried:
        with room.keeper.engine.begin() as connection:
            words = {"p": person, "duty": duty, "until": until}
            assert connection.scalar(call, words) is taken
    assert str(held(room.keeper, person).frozen_until) == "2032-01-01"


SAID: dict[str, object] = {
    "record_id": "lender-1/p-1/marketing/1", "pii_principal_id": "p-1",
    "pii_processing": {"purpose": "marketing", "privacy_notice": {
        "id": "n-1", "version": 1, "language": "en", "sha256": sha256(b"words").hexdigest()}},
    "event": {"event_type": "given", "event_time": "2024-03-01T00:00:00Z"},
    "schema_version": "x",
}  # fmt: skip
WRONG: list[tuple[dict[str, object] | None, str]] = [
    ({}, "event_record"), (None, "event_record"),
    ({**SAID, "record_id": "lender-1/p-1/marketing/2"}, "event_record"),
    ({**SAID, "pii_principal_id": "p-2"}, "event_record"),
    ({**SAID, "pii_processing": {"purpose": "report_credit"}}, "event_record"),
    ({**SAID, "event": {"event_type": "refused", "event_time": "2024-03-01T00:00:00Z"}},
     "event_record"),
    (SAID, ""),
]  # fmt: skip
RECORD = sa.text("SELECT consent.record_event('lender-1/p-1/marketing/1', 'lender-1', 'p-1', "
                 "'marketing', 'given', CAST(:at AS timestamptz), 'a', "
                 "CAST(:record AS jsonb))")  # fmt: skip


@pytest.mark.parametrize(("record", "constraint"), WRONG)
def test_a_consent_says_what_its_record_says(
    room: Room, record: dict[str, object] | None, constraint: str
) -> None:
    words = {"record": None if record is None else json.dumps(record), "at": "2024-03-01 00:00Z"}
    with room.keeper.engine.connect() as connection:
        if not constraint:
            add_notice(room.app, Notice("n-1", 1, "en", "marketing", "words"))
            assert connection.scalar(RECORD, words)
            return
        with pytest.raises(sa.exc.IntegrityError) as error:
            connection.execute(RECORD, words)
        assert getattr(error.value.orig, "diag").constraint_name == constraint  # noqa: B009


@pytest.mark.parametrize("at", ["tomorrow", "1999-12-31", None])
def test_nobody_said_anything_tomorrow(room: Room, at: str | None) -> None:
    record = json.dumps({**SAID, "event": {"event_type": "given", "event_time": at}})
    with room.keeper.engine.connect() as connection, pytest.raises(sa.exc.IntegrityError):
        connection.execute(RECORD, {"record": record, "at": at})
