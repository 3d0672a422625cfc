"""What the tests of intake share: a small lender, and its files in one call."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kuanxian.intake.layout_file import load_layout, parse_layout
from kuanxian.intake.read import Tables, read
from kuanxian.intake.sources import find_sources

LAYOUT = """
format = "kuanxian-layout/1"
name = "test"

[conventions]
method = "level"

[files.loans]
unit = "yuan"
rate_unit = "percent"

[files.loans.columns]
loan_id = "id"
principal_fen = "amount"
disbursed_on = "day"
instalments = "months"
rate_ppb = "rate"

[files.loans.loan]

[files.events]
unit = "yuan"

[files.events.columns]
loan_id = "id"
event_id = { column = "payment", optional = true }
reverses_id = { column = "undoes", optional = true }
kind = "what"
value_on = "on"
amount_fen = "paid"

[[files.events.events]]
"""

LOANS = "id,amount,day,months,rate\nA,1000.00,2024-01-31,12,18\nB,20000,2024-02-29,6,7.2\n"
EVENTS = "id,payment,undoes,what,on,paid\nA,1,,payment,2024-03-01,100.00\n"

Read = Callable[..., Tables]


@pytest.fixture
def read_files(tmp_path: Path) -> Read:
    """Read files given as text or bytes, by name, through a layout."""

    def read_them(layout: str = LAYOUT, **files: str | bytes) -> Tables:
        for name, content in files.items():
            path = tmp_path / name.replace("_", ".")
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        paths = [str(tmp_path / name.replace("_", ".")) for name in files]
        known = parse_layout(layout, "test.toml") if "\n" in layout else load_layout(layout)
        return read(find_sources(paths), known)

    return read_them


def reasons_of(tables: Tables) -> list[tuple[str, int, str, str]]:
    """List the refusals without their details."""
    rows = tables.refusals.to_pylist()
    return [(row["file"], row["row"], row["column"], row["reason"]) for row in rows]
