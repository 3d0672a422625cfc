"""Contracts: the kernel's own check over many loans.

``kuanxian.loan.checks.problem`` judges each contract; the loop here only hands the
figures over. It runs unchanged as plain Python and compiled.
"""

from typing import Any

from kuanxian.loan.checks import problem
from kuanxian.loan.terms import Conventions, Terms


def check_contracts(figures: Any, conventions: Conventions, rows: Any, problems: Any) -> None:
    """Judge the contracts of one product.

    Args:
        figures: (fields of ``Terms``, n) int64.
        conventions: The product.
        rows: Which of the n to judge.
        problems: (n,) written: a ``Problem`` code.
    """
    for row in rows:
        terms = Terms(
            principal_fen=figures[0, row],
            disbursed_on=figures[1, row],
            instalments=figures[2, row],
            rate_ppb=figures[3, row],
            first_due_on=figures[4, row],
            due_day=figures[5, row],
            instalment_fen=figures[6, row],
            residual_fen=figures[7, row],
            down_payment_fen=figures[8, row],
            fee_fen=figures[9, row],
            promo_rate_ppb=figures[10, row],
            promo_instalments=figures[11, row],
            interest_free_instalments=figures[12, row],
            grace_principal_instalments=figures[13, row],
            grace_interest_instalments=figures[14, row],
            penalty_rate_ppb=figures[15, row],
            late_fee_fen=figures[16, row],
            grace_days=figures[17, row],
        )
        problems[row] = problem(terms, conventions)
