"""Reconcile: the totals of the day against the book, and what happens if one is off."""

from typing import Any, Final

from kuanxian.base.errors import CloseError
from kuanxian.close.tally import Tally
from kuanxian.intake.book import Book

IDENTITIES: Final = {
    "loans": "loans",
    "disbursed": "fen",
    "received": "fen",
    "refunded": "fen",
    "principal": "fen",
    "money": "fen",
    "ageing": "fen",
    "parts": "fen",
}
"""Identities checked loan by loan, and their unit; see ``identities``."""

PROMISES: Final = {
    "loans": "loans",
    "events": "events",
    "principal_fen": "fen",
    "payment_fen": "fen",
}
"""Figures that ``book.json`` states and the close takes anew, and their unit."""

_NOTHING: Final = {"left": 0, "right": 0, "broken": 0, "first_loan_nos": []}


def reconcile(tally: Tally, book: Book) -> list[dict[str, Any]]:
    """Set the two sides of every identity beside each other.

    Returns:
        One row an identity: ``name``, ``unit``, ``left``, ``right``, ``broken`` (loans
        that break it), ``first_loan_nos``, ``holds``.

    Raises:
        CloseError: One does not hold. Nothing is published; the first loans are named.
    """
    rows = [
        {
            "name": f"book_{name.removesuffix('_fen')}",
            "unit": unit,
            "left": int(book.facts[name]),
            "right": int(tally[name]),
            "broken": int(book.facts[name] != tally[name]),
            "first_loan_nos": [],
        }
        for name, unit in PROMISES.items()
    ]
    checked = tally.get("identities", {})
    for name, unit in IDENTITIES.items():
        rows.append({"name": name, "unit": unit, **checked.get(name, _NOTHING)})
    for row in rows:
        row["holds"] = row["broken"] == 0
        if not row["holds"]:
            raise _broken(row)
    return rows


def _broken(row: dict[str, Any]) -> CloseError:
    if not row["first_loan_nos"]:
        return CloseError(
            row["name"].removeprefix("book_"),
            f"book.json says {row['left']}, the files hold {row['right']}",
            "nothing was published; make the book again from its sources",
        )
    loans = ", ".join(str(loan_no) for loan_no in row["first_loan_nos"])
    return CloseError(
        f"identity {row['name']}",
        f"{row['broken']} loans do not add up ({row['left']} against {row['right']} in all)",
        f"nothing was published; look at loan_no {loans}",
    )
