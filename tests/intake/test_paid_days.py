"""Money that was paid on no day is refused; what only falls due is no such money."""

from tests.intake.conftest import Read, reasons_of
from tests.intake.test_refusals import PLAN


def test_money_without_its_day_is_refused_and_not_passed_over(read_files: Read) -> None:
    rows = "1,2024-01-01,2024-02-01,50,,5\n2,2024-01-01,2024-02-01,50,,0\n"
    tables = read_files("ppdai-2019", plan_csv=PLAN + rows)
    assert reasons_of(tables) == [("plan.csv", 1, "repay_date", "empty_cell")]
    assert tables.loans["loan_id"].to_pylist() == ["2"]


DATE_PAID = """
format = "kuanxian-layout/1"
name = "own"
[conventions]
method = "given"
[files.plan]
unit = "yuan"
[files.plan.columns]
loan_id = "id"
lent_on = "lent"
due_on = "due"
due_fen = "amount"
paid_on = { column = "paid", optional = true }
[files.plan.loan]
many_rows = true
disbursed_on = "same(lent_on)"
principal_fen = "sum(due_fen)"
instalments = "count()"
first_due_on = "earliest(due_on)"
[[files.plan.events]]
kind = "instalment"
until_on = "due_on"
amount_fen = "due_fen"
[[files.plan.events]]
when = "paid_on"
kind = "payment"
value_on = "paid_on"
amount_fen = "due_fen"
"""
"""A form that tells of a payment by its day alone: what fell due was paid."""


def test_what_falls_due_is_no_money_that_was_paid_on_no_day(read_files: Read) -> None:
    rows = "1,2024-01-01,2024-02-01,50,2024-02-01\n1,2024-01-01,2024-03-01,50,\n"
    tables = read_files(DATE_PAID, plan_csv="id,lent,due,amount,paid\n" + rows)
    assert reasons_of(tables) == []
    assert len(tables.events) == 3


def test_more_left_than_was_due_without_a_day_is_refused(read_files: Read) -> None:
    head = (
        "ListingId,期数,还款状态,应还本金,应还利息,剩余本金,剩余利息,到期日期,还款日期,recorddate\n"
    )
    row = "1,1,4,100,5,110,0,2016-02-01,\\N,2016-03-01\n"
    tables = read_files("ppdai-lp", lp_csv=head + row)
    assert reasons_of(tables) == [("lp.csv", 1, "还款日期", "empty_cell")]


def test_an_instalment_paid_in_part_on_no_day_is_refused(read_files: Read) -> None:
    head = (
        "ListingId,期数,还款状态,应还本金,应还利息,剩余本金,剩余利息,到期日期,还款日期,recorddate\n"
    )
    rows = (
        "1,1,4,100,5,60,0,2016-02-01,\\N,2016-03-01\n2,1,0,100,5,100,5,2016-02-01,\\N,2016-03-01\n"
    )
    tables = read_files("ppdai-lp", lp_csv=head + rows)
    assert reasons_of(tables) == [("lp.csv", 1, "还款日期", "empty_cell")]
    assert tables.loans["loan_id"].to_pylist() == ["2"]
