"""The two 拍拍贷 export forms."""

from pathlib import Path

import pytest

from kuanxian.intake.layout_file import load_layout
from kuanxian.intake.read import read
from kuanxian.intake.sources import find_sources
from kuanxian.loan import Kind

pytestmark = pytest.mark.real


def test_the_three_rows_of_2019_are_taken_and_rounded_openly(shared: Path) -> None:
    path = shared / "data" / "cn_formats" / "ppdai2019_repay_sample.csv"
    tables = read(find_sources([str(path)]), load_layout("ppdai-2019"))
    assert tables.refusals.num_rows == 0
    assert tables.loans["principal_fen"].to_pylist() == [7_212, 25_870, 30_793]
    kinds = tables.events["kind"].to_pylist()
    assert (kinds.count(Kind.INSTALMENT), kinds.count(Kind.PAYMENT)) == (3, 2)
    column = tables.report["files"][0]["columns"]["due_fen"]
    # 72.1167 + 258.7045 + 307.9270 in millionths of a fen
    assert column["sum_fen"] * 10**6 + column["rounded_off_ufen"] == 63_874_820_000
    assert column["rounded_cells"] == 3


def test_the_layout_of_lp_names_the_columns_of_its_header(shared: Path, tmp_path: Path) -> None:
    text = (shared / "data" / "cn_formats" / "ppdai_LP_schema.txt").read_text(encoding="utf-8")
    header = text.splitlines()[0].partition(": ")[2]
    rows = [
        # 期数 1 paid in time, 2 paid in part and late, 3 not paid
        "9,1,1,100.10,5.00,0,0,2016/6/4,2016/6/4,2016/9/30",
        "9,2,4,100.20,4.00,60.20,0,2016/7/4,2016/7/9,2016/9/30",
        "9,3,0,100.30,3.00,100.30,3.00,2016/8/4,\\N,2016/9/30",
        # a plan with a hole
        "8,1,0,50,1,50,1,2016/6/4,\\N,2016/9/30",
        "8,3,0,50,1,50,1,2016/8/4,\\N,2016/9/30",
    ]
    path = tmp_path / "LP.csv"
    path.write_text("\n".join([header, *rows, ""]), encoding="gb18030")
    tables = read(find_sources([str(path)]), load_layout("ppdai-lp"))
    assert tables.loans.select(["loan_id", "principal_fen", "instalments"]).to_pylist() == [
        {"loan_id": "9", "principal_fen": 30_060, "instalments": 3}
    ]
    payments = [e for e in tables.events.to_pylist() if e["kind"] == Kind.PAYMENT]
    assert [(str(e["value_on"]), e["amount_fen"]) for e in payments] == [
        ("2016-06-04", 10_510),
        ("2016-07-09", 4_400),
    ]
    assert [r["reason"] for r in tables.refusals.to_pylist()] == ["incomplete_plan"] * 2
