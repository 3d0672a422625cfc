"""Rates of a contract: its cash flows, and each annual rate that can be stated of them."""

from collections.abc import Iterable

from kuanxian.base.errors import NoRateError, TermsError
from kuanxian.intake.loan_file import LoanFile
from kuanxian.intake.loan_words import read_amount
from kuanxian.loan import Method, promised, schedule
from kuanxian.loan.apr import AnnualRate, AprMethod, Flow, annual_rate
from kuanxian.loan.unit_period import UnitPeriod


def contract_rates(
    loan: LoanFile, methods: Iterable[AprMethod], upfront_fee: str = "0.00", *, strict: bool = False
) -> list[tuple[AprMethod, AnnualRate | str]]:
    """Find the annual rate of a contract by each method.

    Args:
        loan: The loan; of its events only corrections and the rows of a given schedule count.
        methods: Which ways to reckon.
        upfront_fee: Yuan kept back on the day of disbursement.
        strict: Raise where there is no rate, instead of saying why in its place.

    Raises:
        NoRateError: There is no rate, and ``strict``.
        TermsError: ``upfront_fee`` is not an amount.
    """
    loan = promised_loan(loan)
    flows = contract_flows(loan, _fee_fen(upfront_fee))
    rates: list[tuple[AprMethod, AnnualRate | str]] = []
    for method in methods:
        try:
            rates.append((method, annual_rate(flows, method, contract_unit(loan))))
        except NoRateError as error:
            if strict:
                raise
            rates.append((method, error.reason))
    return rates


def contract_flows(loan: LoanFile, upfront_fee_fen: int = 0) -> list[Flow]:
    """List what a promised loan moves: principal in, instalments out.

    On the days of the schedule before any is moved off a day off: moving a due day
    moves no interest, so it is not part of the cost.
    """
    terms = loan.terms
    rows = schedule(terms, loan.conventions, loan.events)
    paid = [Flow(row.end_on, -(row.principal_fen + row.interest_fen + row.fee_fen)) for row in rows]
    return [Flow(terms.disbursed_on, terms.principal_fen - upfront_fee_fen), *paid]


def promised_loan(loan: LoanFile) -> LoanFile:
    """Leave out what happened: the contract alone, as corrections say it always was."""
    terms, rows = promised(loan.terms, loan.conventions, loan.events)
    return loan._replace(terms=terms, events=tuple(rows))


def contract_unit(loan: LoanFile) -> UnitPeriod | None:
    """Find the unit-period the contract states; None where its days must tell.

    A single payment has its own term, a given schedule whatever days it has.
    """
    conventions = loan.conventions
    if conventions.method == Method.GIVEN or loan.terms.instalments == 1:
        return None
    return UnitPeriod(conventions.period_unit, conventions.period_count)


def _fee_fen(upfront_fee: str) -> int:
    try:
        return read_amount(upfront_fee)
    except ValueError as problem:
        reason, _, advice = str(problem).partition("\n")
        raise TermsError("--upfront-fee", reason, advice) from None
