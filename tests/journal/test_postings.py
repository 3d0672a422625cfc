"""Each fen is booked twice: every transaction balances, and the books agree with the kernel."""

import re

import pytest

from kuanxian.base.days import day_of
from kuanxian.journal import beancount
from kuanxian.journal.postings import (
    ACCOUNTS,
    ASSIGNED,
    CASH,
    CREDIT,
    GOODWILL,
    PRINCIPAL,
    RECEIVABLE,
    RECOVERED,
    WAIVED,
    WRITTEN_OFF,
    Transaction,
    post,
)
from kuanxian.loan import Event, Kind, Part, Terms, position, trace
from kuanxian.simulate import Life, life

TERMS = Terms(1_200_000, day_of(2026, 1, 15), 12, rate_ppb=180_000_000)
INTEREST = RECEIVABLE[Part.INTEREST]


def booked(events: list[Event], until: int) -> list[Transaction]:
    return post(trace(TERMS, events=events, as_of_on=until), events)


def balances(transactions: list[Transaction]) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in transactions:
        for account, fen in one.postings.items():
            found[account] = found.get(account, 0) + fen
    return {account: fen for account, fen in found.items() if fen}


def test_a_loan_that_is_paid_is_booked_as_a_bookkeeper_would() -> None:
    """The first row of 12,000 yuan at 18 %: 920.16 principal and 180.00 interest."""
    paid = [Event(1, Kind.PAYMENT, day_of(2026, 2, 15), 110_016)]
    assert booked(paid, day_of(2026, 2, 20)) == [
        Transaction(day_of(2026, 1, 15), 0, "time", {CASH: -1_200_000, PRINCIPAL: 1_200_000}),
        Transaction(day_of(2026, 2, 15), 0, "time", {"Income:Interest": -18_000, INTEREST: 18_000}),
        Transaction(day_of(2026, 2, 15), 1, "payment",
                    {PRINCIPAL: -92_016, INTEREST: -18_000, CASH: 110_016}),
    ]  # fmt: skip


STORIES = [
    ("too much paid is credit", [(Kind.PAYMENT, 2, 15, 110_116)], {CREDIT: -100}),
    ("goodwill is no cash", [(Kind.CREDIT, 2, 15, 18_000)], {GOODWILL: 18_000}),
    ("a waiver is an expense", [(Kind.WAIVER, 2, 16, 18_000)],
     {WAIVED[Part.INTEREST]: 18_000}),
    ("a write-off takes it all off", [(Kind.WRITE_OFF, 2, 15, 0)],
     {WRITTEN_OFF: 1_218_000, PRINCIPAL: 0, INTEREST: 0}),
    ("what comes in after it is recovered",
     [(Kind.WRITE_OFF, 2, 15, 0), (Kind.RECOVERY, 3, 1, 5_000)],
     {WRITTEN_OFF: 1_218_000, RECOVERED: -5_000, CASH: 5_000 - 1_200_000}),
    ("a claim that passes on is gone", [(Kind.ASSIGNMENT, 2, 15, 0)],
     {ASSIGNED: 1_218_000, PRINCIPAL: 0}),
    ("a settlement uses the credit first",
     [(Kind.PAYMENT, 1, 20, 300_000), (Kind.SETTLEMENT, 1, 25, 912_000)],
     {CASH: -1_200_000 + 300_000 + 912_000, PRINCIPAL: 0}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "said", "expected"), STORIES)
def test_a_story(
    name: str, said: list[tuple[Kind, int, int, int]], expected: dict[str, int]
) -> None:
    part = Part.INTEREST if name.startswith("a waiver") else Part.ANY
    events = [
        Event(seq, kind, day_of(2026, month, day), fen, part=part)
        for seq, (kind, month, day, fen) in enumerate(said, start=1)
    ]
    found = balances(booked(events, day_of(2026, 3, 10)))
    assert {account: found.get(account, 0) for account in expected} == expected


def test_interest_paid_ahead_and_not_asked_for_any_more_is_no_income() -> None:
    on = TERMS.disbursed_on
    paid = Event(1, Kind.PAYMENT, on, 18_000, part=Part.INTEREST, count=1)
    found = balances(booked([paid, Event(2, Kind.RATE, on, rate_ppb=0)], on + 20))

    assert found == {CASH: -1_182_000, PRINCIPAL: 1_200_000, CREDIT: -18_000}


def walked(some: Life) -> tuple[dict[str, int], int, set[int]]:
    """Book a life to some time after its last event."""
    until = max([some.terms.disbursed_on, *(event.value_on for event in some.events)]) + 40
    lines = trace(some.terms, some.conventions, some.events, as_of_on=until)
    transactions = post(lines, some.events)
    assert all(sum(one.postings.values()) == 0 for one in transactions)
    assert all(set(one.postings) <= set(ACCOUNTS) for one in transactions)
    return balances(transactions), until, {event.kind for event in some.events}


@pytest.mark.slow
def test_the_books_agree_with_the_kernel_on_any_life() -> None:
    """Lives of any settings and events; each transaction balances or ``post`` raises."""
    compared = 0
    for seed in range(400):
        some = life(seed)
        found, until, kinds = walked(some)
        at = position(some.terms, some.conventions, some.events, as_of_on=until)
        assert -found.get(CREDIT, 0) == at.credit_fen
        if {Kind.WRITE_OFF, Kind.ASSIGNMENT} & kinds:
            continue
        assert found.get(PRINCIPAL, 0) == at.outstanding_principal_fen
        assert found.get(RECEIVABLE[Part.PENALTY], 0) == at.outstanding_penalty_fen
        # Moved into a row to come, it is receivable and not yet due; interest after maturity
        # is income when it is paid.
        if not {Kind.REAGE, Kind.REINSTALMENT} & kinds and not some.conventions.overdue_interest:
            assert found.get(INTEREST, 0) == at.outstanding_interest_fen
            assert found.get(RECEIVABLE[Part.FEE], 0) == at.outstanding_fee_fen
            compared += 1
    assert compared > 30


def test_beancount_text_has_every_transaction_and_opens_every_account() -> None:
    paid = [Event(1, Kind.PAYMENT, day_of(2026, 2, 15), 110_016)]
    transactions = booked(paid, day_of(2026, 2, 20))
    text = beancount.head("宽限", day_of(2026, 1, 1)) + beancount.body("L1", transactions)
    assert len(re.findall(r"^2026-01-01 open ", text, re.MULTILINE)) == len(ACCOUNTS)
    assert text.count(' * "L1" ') == 3
    assert "  Assets:Principal  -920.16 CNY\n" in text
