"""The evening erases whose time is over, by dates of the journal, and names whom it leaves."""

import itertools
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, cast

import pytest
import sqlalchemy as sa
from tests.action.contact.scene import at, case_told
from tests.databases import Database
from tests.vault.conftest import Room
from tests.vault.conftest import room as room_of

from kuanxian.action.caseload import load_case
from kuanxian.action.contact import Gate
from kuanxian.action.contact.record import add, open_case
from kuanxian.base.days import day_number
from kuanxian.base.errors import CaseError, PersonError
from kuanxian.close.clock_dates import dates_of
from kuanxian.close.retention import run_retention
from kuanxian.journal.append import append
from kuanxian.journal.loan_life import contract_draft, event_draft
from kuanxian.law.load import load_rulebook
from kuanxian.law.rulebook import Rulebook
from kuanxian.loan import Conventions, Event, Kind, Terms, schedule
from kuanxian.vault import kept, rights
from kuanxian.vault.consent import answer_consent
from kuanxian.vault.contact import nominate
from kuanxian.vault.keeper import Keeper, ask
from kuanxian.vault.notice import Notice
from kuanxian.vault.people import held
from kuanxian.vault.retention import Binding, Duty, read_clocks
from kuanxian.vault.rights import copy_of, delete_or_freeze

room = room_of
NUMBERS = itertools.count(1)
ON = date(2026, 12, 1)
DEBTOR = "cn.retention.settled_debtor"
RECORDS = "cn.retention.collection_record_consumer_finance"
JUNK = sa.text(
    "SELECT journal.append_entries(ARRAY[:stream], ARRAY[:kind], ARRAY[current_date], "
    "ARRAY[now()], ARRAY['x'], ARRAY[CAST(:body AS bytea)], ARRAY['junk'], "
    "CAST(ARRAY[NULL] AS bigint[]))"
)
pytestmark = pytest.mark.parametrize("servers", ["embedded"], indirect=True)


@cache
def rules() -> Rulebook:
    """Load the rulebook once."""
    return load_rulebook()


class Books:
    """Cases, loans and people of one lender."""

    def __init__(self, room: Room) -> None:
        self.room = room
        clock: Callable[[], int] = lambda: at("2026-11-25 12:00")  # noqa: E731
        # Telling a case needs neither words nor a ledger.
        none = cast("Any", None)
        self.gate = Gate(room.app, rules(), none, none, clock, tolerance_ms=None)

    def debtor(self, **more: Any) -> tuple[str, str, str]:
        """Open a case of a debtor with a contact; give the debtor, the contact, the case."""
        number = next(NUMBERS)
        debtor, contact, case = f"p-{number}", f"c-{number}", f"case-{number}"
        self.room.person(debtor)
        nominate(self.room.keeper, debtor, contact, "pass_message")
        self.case(debtor, case, **more)
        return debtor, contact, case

    def case(self, debtor: str, case: str, **more: Any) -> None:
        told = {**case_told(), **more}
        told["people"] = [{"id": debtor, "role": "debtor", "origin": "contract"}]
        told["debts"] = [{"id": f"loan-{case}", "debtor": debtor, "due_on": "2026-11-10"}]
        told |= {"points": [], "timeline": []}
        open_case(self.gate, case, told, tenant="lender-1", actor="system:test")

    def tell(self, case: str, **event: Any) -> None:
        moment = "2026-11-20T10:00:00+08:00"
        told = {"id": f"e-{next(NUMBERS)}", "happened_at": moment, "known_at": moment, **event}
        add(self.gate, case, {"timeline": [told]}, key=str(next(NUMBERS)), actor="system:test")

    def settle(self, case: str) -> None:
        self.tell(case, kind="settlement", id=f"settled-{case}", debt=f"loan-{case}")

    def lend(self, case: str, payments: int) -> None:
        """Put the loan of a case into the journal: three instalments, some of them paid."""
        terms = Terms(300_000, day_number(date(2026, 8, 10)), 3, rate_ppb=180_000_000)
        drafts = [contract_draft(f"loan-{case}", terms, Conventions(), "system:test")]
        for number, row in enumerate(schedule(terms)[:payments], 1):
            paid = Event(number, Kind.PAYMENT, row.due_on, row.principal_fen + row.interest_fen)
            drafts.append(event_draft(f"loan-{case}", paid, "system:test"))
        with self.room.app.begin() as connection:
            append(connection, drafts)

    def evening(self, on: date = ON, *policy: str) -> tuple[list[str], list[str], list[str]]:
        """Run the evening: who was erased, who frozen, who left alone."""
        binding = Binding("consumer_finance", frozenset(policy))
        swept = run_retention(self.room.keeper, self.room.audit, on, binding)
        return ([one.person for one in swept.erased], [one.person for one in swept.frozen],
                [one.person for one in swept.unknown])  # fmt: skip


@pytest.fixture
def books(database: Database, room: Room) -> Books:
    return Books(room)


def test_a_contact_goes_on_the_evening_of_the_settlement_and_the_debtor_stays(books: Books) -> None:
    debtor, contact, case = books.debtor()
    assert books.evening() == ([], [], [])
    books.settle(case)
    assert books.evening(date(2026, 11, 19)) == ([], [], [])
    assert books.evening(date(2026, 11, 20)) == ([contact], [], [])
    assert books.evening() == ([], [], [])
    assert held(books.room.keeper, debtor).state == "active"
    kind, body = books.room.marks(contact)[-1]
    assert (kind, body["reason"]) == ("person.erased", "settlement")


def test_the_loans_own_payments_settle_it(books: Books) -> None:
    paid, open_one = books.debtor(), books.debtor()
    books.lend(paid[2], 3)
    books.lend(open_one[2], 2)
    assert books.evening(date(2026, 11, 1)) == ([], [], [])
    assert books.evening() == ([paid[1]], [], [])


def test_one_open_debt_beside_it_keeps_the_contact(books: Books) -> None:
    debtor, contact, case = books.debtor()
    other = {"id": "loan-other", "debtor": debtor, "due_on": "2026-11-10"}
    add(books.gate, case, {"debts": [other]}, key="other", actor="system:test")
    books.settle(case)
    assert books.evening() == ([], [], [])
    books.tell(case, kind="settlement", debt="loan-other")
    assert books.evening() == ([contact], [], [])


def test_a_settlement_that_was_taken_back_settles_nothing(books: Books) -> None:
    _, _, case = books.debtor()
    books.settle(case)
    books.tell(case, kind="retraction", replaces=f"settled-{case}")
    assert books.evening() == ([], [], [])


def test_whose_debts_nobody_knows_is_named_and_not_erased(books: Books) -> None:
    books.room.person("p-nowhere")
    nominate(books.room.keeper, "p-nowhere", "c-nowhere", "pass_message")
    _, some, case = books.debtor(complete=["settlements"])
    books.settle(case)
    assert books.evening() == ([], [], [some, "c-nowhere"])
    assert held(books.room.keeper, "c-nowhere").state == "active"


@pytest.mark.parametrize("answer", ["refused", "given"])
def test_a_contact_who_refused_goes_even_where_erasing_was_cut_off(
    books: Books, answer: str
) -> None:
    _, contact, _ = books.debtor()
    notice = Notice("n", 1, "en", "pass_message", "…")
    said_at = datetime(2024, 11, 20, tzinfo=UTC)
    answer_consent(books.room.keeper, contact, notice, answer, said_at)
    assert books.evening() == ([contact] if answer == "refused" else [], [], [])


def test_a_debtor_goes_by_the_firms_clock_and_is_frozen_while_a_duty_runs(books: Books) -> None:
    (plain, _, first), (called, _, second) = books.debtor(), books.debtor()
    for case in (first, second):
        books.settle(case)
    books.tell(second, kind="call", to=called, by="l-1", outcome="no_answer",
               happened_at="2027-03-01T10:00:00+08:00",
               known_at="2027-03-01T10:00:00+08:00")  # fmt: skip
    books.evening()
    assert books.evening(date(2031, 11, 19), DEBTOR, RECORDS) == ([], [], [])
    assert books.evening(date(2031, 11, 20), DEBTOR, RECORDS) == ([plain], [called], [])
    assert books.evening(date(2032, 3, 1), DEBTOR, RECORDS) == ([], [], [])
    assert books.evening(date(2032, 3, 2), DEBTOR, RECORDS) == ([called], [], [])


def test_what_may_be_missing_of_a_case_is_not_known(books: Books) -> None:
    debtor, _, case = books.debtor(complete=["debts"])
    books.settle(case)
    with books.room.audit.connect() as connection:
        dates = dates_of(connection, "lender-1", [debtor], ON)[debtor]
    assert dates == {"settled_on": date(2026, 11, 20), "due_on": date(2026, 11, 10),
                     "collected_on": None}  # fmt: skip
    books.evening()
    assert books.evening(date(2031, 11, 20), DEBTOR, RECORDS) == ([], [], [debtor])


def test_a_policy_that_names_no_clock_erases_nobody(books: Books) -> None:
    books.settle(books.debtor()[2])
    with pytest.raises(PersonError, match="not there"):
        books.evening(ON, "cn.retention.setled_debtor")
    assert len(books.evening()[0]) == 1


UNREAD = {
    "x": ("case.added", "x"),
    "shape": ("case.added", {"people": 5}),
    "deep": ("case.added", "[" * 20_000),
    "an instant that is none": ("case.event", {"happened_at": "x"}),
    "a name that is none": ("case.event", {"replaces": {}}),
    "a name in a list that is none": ("case.event", {"avoid": [1]}),
    "a day that is none": ("case.event", {"on": 2**50}),
    "a field that is none": ("case.event", {"whim": 1}),
    "a debt that is none": ("case.added", {"debts": [{"id": 5, "debtor": "p-1"}]}),
    "a birth that is none": ("case.added", {"people": [{"id": "WHO", "born_on": 2**50}]}),
    "a state that is none": ("case.event", {"kind": "state", "person": "WHO", "topic": 5}),
}
"""The kind and the body of an entry; of an event what is wrong in it."""


@pytest.mark.parametrize("told", UNREAD.values(), ids=list(UNREAD))
def test_an_entry_that_nobody_can_read_leaves_its_debtor_alone_and_stops_nobody_else(
    books: Books, told: tuple[str, Any]
) -> None:
    debtor, contact, case = books.debtor()
    _, another, second = books.debtor()
    books.settle(case)
    books.settle(second)
    with books.room.app.begin() as connection:  # by SQL, past the program
        kind, body = told
        if kind == "case.event":
            body = {"id": "e", "kind": "call", "happened_at": 1, "known_at": 1, **body}
        text = (
            body
            if isinstance(body, str)
            else json.dumps(body, sort_keys=True, separators=(",", ":"))
        )
        text = text.replace("WHO", debtor)
        words = {"stream": f"case:{case}", "kind": kind, "body": text.encode()}
        connection.execute(JUNK, words)
    erased, _, left = books.evening()
    assert (erased, left) == ([another], [contact])
    page = json.loads(copy_of(books.room.keeper, books.room.app, debtor, "r-1").reveal())
    assert [one["case"] for one in page["cases"]] == [case]
    with pytest.raises(CaseError, match=case):
        load_case(books.room.app, case)


NO_LOAN = [
    "x", "5", '{"terms":5}', '{"conventions":{},"terms":{"principal_fen":"x"}}',
    '{"conventions":{},"terms":{"whim":3}}',
]  # fmt: skip


@pytest.mark.parametrize("body", NO_LOAN)
def test_a_loan_that_nobody_can_read_leaves_its_debtor_alone_and_stops_nobody_else(
    books: Books, body: str
) -> None:
    unread, read = books.debtor(), books.debtor()
    books.lend(read[2], 3)
    with books.room.app.begin() as connection:  # by SQL, past the program
        words = {"kind": "loan.contract", "body": body.encode()}
        connection.execute(JUNK, words | {"stream": f"loan:loan-{unread[2]}"})
    assert books.evening() == ([read[1]], [], [unread[1]])


@pytest.mark.parametrize("when", ["freezes_ended", "kept"])
def test_two_evenings_at_once_stop_neither_and_erase_everybody_once(
    books: Books, when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    frozen = [books.room.person(f"p-frozen-{number}") for number in range(2)]
    duty = Duty(read_clocks()[0], date(2026, 11, 1))
    for one in frozen:
        delete_or_freeze(books.room.keeper, one, [duty], date(2026, 10, 1))
    contacts = []
    for _ in range(2):
        _, contact, case = books.debtor()
        books.settle(case)
        contacts.append(contact)
    first: list[str] = []

    def meanwhile(keeper: Keeper, call: str, words: dict[str, Any]) -> list[Any]:
        rows = ask(keeper, call, words)
        if call.startswith(when) and rows and not first:
            first.append("begun")
            first.extend(books.evening()[0])
        return rows

    for room_of_it in (rights, kept):
        monkeypatch.setattr(room_of_it, "ask", meanwhile)
    erased, _, left = books.evening()
    assert sorted(first[1:] + erased) == sorted(frozen + contacts)
    assert left == []
