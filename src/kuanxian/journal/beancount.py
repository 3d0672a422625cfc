"""Transactions as a Beancount file, which anybody's accountant can open and check."""

from collections.abc import Iterable
from functools import cache

from kuanxian.base.days import date_of
from kuanxian.journal.postings import ACCOUNTS, Transaction

CURRENCY = "CNY"


def head(title: str, first_on: int) -> str:
    """Write the options and open every account.

    Args:
        title: The title of the ledger, without quotes.
        first_on: The day the accounts are opened: not after the first transaction.
    """
    day = date_of(first_on).isoformat()
    opened = "".join(f"{day} open {account} {CURRENCY}\n" for account in ACCOUNTS)
    return f'option "title" "{title}"\noption "operating_currency" "{CURRENCY}"\n\n{opened}\n'


def body(loan_id: str, transactions: Iterable[Transaction]) -> str:
    """Write the transactions of one loan.

    Example:
        >>> paid = Transaction(20480, 1, "payment", {"Assets:Cash": 105, "Income:Fee": -105})
        >>> print(body("0001", [paid]), end="")
        2026-01-27 * "0001" "payment 1"
          Assets:Cash  1.05 CNY
          Income:Fee  -1.05 CNY
        <BLANKLINE>
    """
    lines = []
    for one in transactions:
        what = f"{one.what} {one.seq}" if one.seq else one.what
        lines.append(f'{_day(one.day_on)} * "{loan_id}" "{what}"')
        lines += [
            f"  {account}  {yuan(fen)} {CURRENCY}" for account, fen in sorted(one.postings.items())
        ]
        lines.append("")
    return "\n".join(lines) + "\n" if lines else ""


@cache
def _day(day_on: int) -> str:
    """Write a day; a ledger of many loans has each of them many times."""
    return date_of(day_on).isoformat()


def yuan(amount_fen: int) -> str:
    """Write fen as yuan, exactly.

    Example:
        >>> yuan(-5), yuan(123456)
        ('-0.05', '1234.56')
    """
    size_fen = abs(amount_fen)
    return f"{'-' if amount_fen < 0 else ''}{size_fen // 100}.{size_fen % 100:02d}"
