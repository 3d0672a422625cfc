"""A guarantor, a co-borrower, an heir: their duties, their clocks and their copy are their own."""

import json
import random
from datetime import date

import pytest
import sqlalchemy as sa
from tests.close import test_retention
from tests.close.test_retention import DEBTOR, RECORDS, Books

from kuanxian.action.contact.record import add, state
from kuanxian.close.clock_dates import dates_of
from kuanxian.store import migrate
from kuanxian.store.place import ADMIN
from kuanxian.vault.contact import own_view
from kuanxian.vault.people import add_person
from kuanxian.vault.rights import copy_of

books = test_retention.books
room = test_retention.room
BORN = {"origin": "contract", "born_on": "1990-06-01"}
PAST_THE_PROGRAM = {
    "no-json": b"x", "deep": b"[" * 20_000,
    "long": b'{"people":[{"id":"%s"}]}' % random.Random(1).randbytes(6_000).hex().encode(),
}  # fmt: skip
OPENED_BY_SQL = sa.text(
    "WITH made AS (INSERT INTO casework.cases (case_id, tenant, debtor_id, loan_id) "
    "VALUES (:case, 'lender-1', 'p-x', :case)) "
    "SELECT journal.append_entries(ARRAY[:stream], ARRAY['case.opened'], ARRAY[current_date], "
    "ARRAY[now()], ARRAY['x'], ARRAY[CAST(:body AS bytea)], ARRAY[:case], "
    "CAST(ARRAY[NULL] AS bigint[]))"
)
pytestmark = pytest.mark.parametrize("servers", ["embedded"], indirect=True)


def with_guarantor(books: Books, role: str = "guarantor") -> tuple[str, str, str]:
    """Open a case with somebody beside the debtor; give the debtor, the other, the case."""
    debtor, _, case = books.debtor()
    other = debtor.replace("p-", "g-")
    add_person(books.room.keeper, other, "guarantor")
    told = {"people": [{"id": other, "role": role, "of": debtor, **BORN}]}
    add(books.gate, case, told, key="g", actor="system:test")
    return debtor, other, case


def dates(books: Books, person: str) -> dict[str, date | None]:
    with books.room.audit.connect() as connection:
        return dict(dates_of(connection, "lender-1", [person], date(2027, 6, 1))[person])


@pytest.mark.parametrize("role", ["guarantor", "co_borrower", "heir"])
def test_what_was_said_to_them_begins_their_duty_and_what_was_said_to_others_does_not(
    books: Books, role: str
) -> None:
    debtor, other, case = with_guarantor(books, role)
    books.tell(case, kind="call", to=debtor, by="l-1", outcome="no_answer")
    assert dates(books, other) == {"due_on": date(2026, 11, 10)}
    books.tell(case, kind="call", to=other, by="l-1", outcome="no_answer",
               happened_at="2026-11-22T10:00:00+08:00",
               known_at="2026-11-22T10:00:00+08:00")  # fmt: skip
    assert dates(books, other)["collected_on"] == date(2026, 11, 22)
    books.settle(case)
    assert dates(books, other)["settled_on"] == date(2026, 11, 20)


def test_their_clock_ends_like_the_debtors_and_a_duty_freezes_them(books: Books) -> None:
    debtor, other, case = with_guarantor(books)
    called_debtor, called, second = with_guarantor(books)
    books.tell(second, kind="call", to=called, by="l-1", outcome="no_answer",
               happened_at="2027-03-01T10:00:00+08:00",
               known_at="2027-03-01T10:00:00+08:00")  # fmt: skip
    for one in (case, second):
        books.settle(one)
    books.evening()
    erased, frozen, left = books.evening(date(2031, 11, 20), DEBTOR, RECORDS)
    assert (sorted(erased), sorted(frozen), left) == (
        sorted([debtor, other]), sorted([called_debtor, called]), [])  # fmt: skip


def test_their_copy_tells_of_their_cases_and_of_what_was_done_with_them(books: Books) -> None:
    debtor, other, case = with_guarantor(books)
    books.tell(case, kind="call", to=debtor, by="l-1", outcome="no_answer")
    books.tell(case, kind="call", to=other, by="l-1", outcome="identified")
    books.tell(case, kind="signal", person=other, topic="serious_illness", step="seen")
    state(books.gate, case, f"person:{other}", {"guarantee_limit_fen": 500}, key="s", actor="a-1")
    page = json.loads(copy_of(books.room.keeper, books.room.app, other, "r-1").reveal())
    assert [one["case"] for one in page["cases"]] == [case]
    assert [(one["what"], one.get("outcome")) for one in page["acts"]] == [
        ("case.added", None), ("case.event", "identified"), ("case.event", None),
        ("case.stated", None)]  # fmt: skip
    recorded = [one["recorded"] for one in page["acts"] if "recorded" in one]
    assert recorded == [{"born_on": "1990-06-01"}, {"signal": "serious_illness seen"},
                        {"guarantee_limit_fen": 500}]  # fmt: skip


def test_a_contacts_view_says_that_the_journal_keeps_their_date_of_birth(books: Books) -> None:
    debtor, contact, case = books.debtor()
    told = {"id": contact, "role": "nominated_contact", "of": debtor, **BORN}
    add(books.gate, case, {"people": [told]}, key="c", actor="system:test")
    view = own_view(books.room.keeper, books.room.app, contact)
    assert (view["recorded"], "1990" in json.dumps(view)) == (["born_on"], False)


def test_cases_opened_before_people_were_listed_are_found_by_their_entries(books: Books) -> None:
    _, other, case = with_guarantor(books)
    with books.room.database.engine(ADMIN).connect() as connection:
        assert migrate.downgrade(connection, "0019") == "0019"
        for name, body in PAST_THE_PROGRAM.items():  # which must not hold an upgrade up
            with books.room.app.begin() as app:
                app.execute(OPENED_BY_SQL, {"case": name, "stream": f"case:{name}", "body": body})
        assert migrate.upgrade(connection) == migrate.head()
    with books.room.audit.connect() as connection:
        listed = sa.text("SELECT case_id FROM casework.case_person WHERE person_id = :p")
        assert connection.scalars(listed, {"p": other}).all() == [case]
