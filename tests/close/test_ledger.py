"""A debt's position from the last close, for as long as it can be believed."""

import datetime
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.action.contact.scene import position

from kuanxian.base.days import NO_DAY, date_of
from kuanxian.base.errors import CloseError
from kuanxian.close.ledger import CloseLedger
from kuanxian.close.order import FORMAT
from kuanxian.loan import Position
from kuanxian.state.columns import POSITION_SCHEMA

AS_OF_ON = 20_782


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Write a close of two loans."""
    rows = [_row("d-1", 500, None), _row("d-2", 700, datetime.date(2026, 12, 1))]
    table = pa.Table.from_pylist(rows, schema=POSITION_SCHEMA)
    pq.write_table(table, tmp_path / "positions.parquet")
    manifest = {"inputs": {"format": FORMAT, "as_of": date_of(AS_OF_ON).isoformat()}}
    (tmp_path / "close.json").write_text(json.dumps(manifest))
    return tmp_path


def _row(loan: str, payoff_fen: int, next_due_on: datetime.date | None) -> dict[str, object]:
    days = {name: None for name in Position._fields if name.endswith("_on")}
    told = {**position(payoff_fen=payoff_fen)._asdict(), **days, "next_due_on": next_due_on}
    return {"loan_no": 0, "loan_id": loan, "lender_id": "", "segment": "", "product_no": 0, **told}


def test_a_position_is_that_of_the_close(folder: Path) -> None:
    ledger = CloseLedger(folder)
    one, other = ledger("d-1", AS_OF_ON), ledger("d-2", AS_OF_ON + 1)
    assert one is not None
    assert other is not None
    assert (one.payoff_fen, one.next_due_on) == (500, NO_DAY)
    assert (other.payoff_fen, other.next_due_on) == (700, 20_788)
    assert ledger("d-3", AS_OF_ON) is None
    assert ledger.as_of_on == AS_OF_ON


@pytest.mark.parametrize("later", [-1, 2, 30])
def test_an_old_close_tells_nothing(folder: Path, later: int) -> None:
    assert CloseLedger(folder)("d-1", AS_OF_ON + later) is None


def test_what_is_no_close_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CloseError):
        CloseLedger(tmp_path)
