"""The ledger of all loans: postings out of the compiled kernel's traces, as a Beancount file."""

from collections.abc import Iterable
from typing import NamedTuple, TextIO

from kuanxian.close.journalled import Told
from kuanxian.journal import beancount
from kuanxian.journal.postings import ACCOUNTS, post
from kuanxian.state.traced import traces

FIRST_ON = 0
"""Accounts are opened on 1970-01-01, before any loan."""


class Totals(NamedTuple):
    """What a ledger adds up to."""

    loans: int
    transactions: int
    balances_fen: dict[str, int]
    """Every account, debit positive; they add up to 0."""


def write_ledger(told: Iterable[Told], out: TextIO, *, as_of_on: int, title: str) -> Totals:
    """Write the transactions of every loan up to a day.

    Args:
        told: Loans with their tables, some at a time.
        out: Where to write.
        as_of_on: The day.
        title: The title of the ledger.

    Raises:
        JournalError: A transaction would not balance.
        BookError: A contract cannot be computed.
    """
    balances_fen = dict.fromkeys(ACCOUNTS, 0)
    loans = transactions = 0
    out.write(beancount.head(title, FIRST_ON))
    for some in told:
        traced = traces(*some.tables, as_of_on=as_of_on)
        for place, loan_id in enumerate(some.loan_ids):
            posted = post(traced.of(place), some.events[place])
            out.write(beancount.body(loan_id, posted))
            transactions += len(posted)
            for one in posted:
                for account, fen in one.postings.items():
                    balances_fen[account] += fen
        loans += len(some.loan_ids)
    assert sum(balances_fen.values()) == 0
    return Totals(loans, transactions, balances_fen)
