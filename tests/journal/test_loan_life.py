"""Loan events live in the journal: what is folded back is what the kernel was given."""

import pytest
from tests.databases import Database
from tests.journal.drafts import put

from kuanxian.base.errors import JournalError
from kuanxian.journal.entry import check
from kuanxian.journal.loan_life import contract_draft, event_draft, life_of, stream_of
from kuanxian.journal.read import read_stream
from kuanxian.loan import Event, Kind, position
from kuanxian.simulate import Life, life


def as_booked(some: Life, loan_id: str) -> list:  # type: ignore[type-arg]
    return [
        contract_draft(loan_id, some.terms, some.conventions, "system:intake"),
        *(event_draft(loan_id, event, "system:intake") for event in some.events),
    ]


def test_rebuild_is_state_on_any_life(embedded_database: Database) -> None:
    """Any contract, any events, in the order they were booked; late ones and corrections too."""
    for seed in range(25):
        some = life(seed)
        put(embedded_database, *map(check, as_booked(some, f"L{seed}")))
        with embedded_database.engine("kx_audit").connect() as connection:
            back = life_of(read_stream(connection, stream_of(f"L{seed}")))
        assert back == (some.terms, some.conventions, list(some.events))
        for later in (0, 40, 400):
            on = some.terms.disbursed_on + later
            assert position(*back, as_of_on=on) == position(*some, as_of_on=on)


def test_taking_the_same_loan_twice_changes_nothing(embedded_database: Database) -> None:
    some = life(3)
    first = put(embedded_database, *as_booked(some, "L"))
    again = put(embedded_database, *as_booked(some, "L"))
    assert [one.entry_no for one in again] == [one.entry_no for one in first]
    assert {one.outcome for one in again} == {"repeated"}


def test_a_correction_is_a_new_entry_and_changes_the_fold(embedded_database: Database) -> None:
    some = life(3)._replace(events=[])
    paid = Event(1, Kind.PAYMENT, some.terms.disbursed_on + 1, 100)
    struck = Event(2, Kind.REVERSAL, some.terms.disbursed_on + 2, ref_seq=1)
    put(embedded_database, *as_booked(some._replace(events=[paid]), "L"))
    put(embedded_database, event_draft("L", struck, "officer:1"))
    with embedded_database.engine("kx_audit").connect() as connection:
        entries = read_stream(connection, "loan:L")
    assert [entry.kind for entry in entries] == ["loan.contract", "loan.event", "loan.event"]
    on = some.terms.disbursed_on + 3
    back = life_of(entries)
    assert position(*back, as_of_on=on).paid_fen == 0
    assert position(*life_of(entries[:2]), as_of_on=on).paid_fen == 100


def test_a_stream_that_is_no_loans_life_is_refused(embedded_database: Database) -> None:
    some = life(3)
    contract = contract_draft("L", some.terms, some.conventions, "a")
    put(embedded_database, contract, contract._replace(idempotency_key="again"))
    with embedded_database.engine("kx_audit").connect() as connection:
        entries = read_stream(connection, "loan:L")
    for wrong, said in (([], "has no contract"), (entries, "has no place at 2")):
        with pytest.raises(JournalError, match=said):
            life_of(wrong)
