"""Words of ``kuanxian loan``, Chinese and English, and how figures are written."""

import os
from enum import StrEnum
from typing import Final

from kuanxian.base.days import NO_DAY, date_of


class Language(StrEnum):
    """The languages tables come in."""

    ZH = "zh"
    EN = "en"


WORDS: Final = {
    # Key: Chinese, English.
    "schedule": ("还款计划", "Schedule"),
    "number": ("期次", "No."),
    "start_on": ("起息日", "From"),
    "due_on": ("到期日", "Due"),
    "opening_fen": ("期初本金", "Opening"),
    "principal_fen": ("本金", "Principal"),
    "interest_fen": ("利息", "Interest"),
    "fee_fen": ("费用", "Fees"),
    "penalty_fen": ("罚息", "Penalty"),
    "total": ("合计", "Total"),
    "position": ("日终状态", "Position at the close of"),
    "owed": ("应还项目", "What is owed"),
    "outstanding": ("未还", "Outstanding"),
    "due": ("已到期", "Due"),
    "overdue": ("逾期", "Overdue"),
    "status": ("状态", "Status"),
    "days_past_due": ("逾期天数", "Days past due"),
    "days_past_due_grace": ("逾期天数（计宽限）", "Days past due, after grace"),
    "bucket": ("账龄档", "Ageing bucket"),
    "overdue_instalments": ("连续逾期期数", "Instalments overdue"),
    "oldest_unpaid_due_on": ("最早未还到期日", "Oldest unpaid due day"),
    "default_since_on": ("本次逾期起始日", "Overdue since"),
    "next_due_on": ("下一到期日", "Next due day"),
    "next_due_fen": ("下期应还", "Next instalment asks for"),
    "instalments_left": ("剩余期数", "Instalments left"),
    "accrued_interest_fen": ("当期应计利息", "Interest accrued, not due"),
    "credit_fen": ("溢缴款", "Borrower's credit"),
    "payoff_fen": ("结清金额", "Settles today for"),
    "paid_fen": ("累计还款", "Paid in all"),
    "waived_fen": ("累计减免", "Waived in all"),
    "maturity_on": ("最后到期日", "Last due day"),
    "refused_events": ("未采用事件", "Events not applied"),
    "payoff": ("结清试算", "Pay-off on"),
    "settlement_fee_fen": ("提前结清费用", "Fee for settling early"),
    "credit_off": ("减：溢缴款", "Less the borrower's credit"),
    "total_fen": ("结清金额", "Settles for"),
    "apr": ("合同年化利率", "Annual rate of the contract"),
    "convention": ("口径", "Convention"),
    "rate": ("年化利率", "Annual rate"),
    "period_rate": ("单期利率", "Rate of a period"),
    "period": ("期", "Period"),
    "meaning": ("说明", "How it is reckoned"),
    "apr_note": (
        "仅供披露参考，不构成法律意见。",
        "A disclosure reckoned from the contract; not legal advice.",
    ),
}

STATUS: Final = {
    "pending": ("未放款", "not yet paid out"),
    "current": ("正常", "current"),
    "overdue": ("逾期", "overdue"),
    "settled": ("已结清", "settled"),
    "settled_early": ("提前结清", "settled early"),
    "written_off": ("已核销", "written off"),
    "assigned": ("已转让", "assigned"),
}

CONVENTION: Final = {
    "nominal": ("单期利率×年内期数", "rate of a period times periods of a year"),
    "effective": ("按实际天数/365，年复利", "compounded yearly, actual days over 365"),
    "simple": ("单利，按实际天数/365", "no compounding, actual days over 365"),
    "us_actuarial": ("美国 Reg Z 附录J", "US Regulation Z, Appendix J"),
    "eu": ("欧盟 2008/48/EC 附件一", "EU Directive 2008/48/EC, Annex I"),
    "cn_simple": (
        "央行公告〔2021〕3号，单利",
        "PBoC Announcement 〔2021〕3, simple method (单利)",
    ),
    "cn_compound": (
        "央行公告〔2021〕3号，复利（内部收益率法）",
        "PBoC Announcement 〔2021〕3, compound method (IRR)",
    ),
}


def default_language() -> Language:
    """Find the language of the person's system: Chinese where LANG says so."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return Language.ZH if os.environ[name].lower().startswith("zh") else Language.EN
    return Language.EN


def word(pair: tuple[str, str], language: Language) -> str:
    """Choose the word of a language.

    Example:
        >>> word(("本金", "Principal"), Language.ZH)
        '本金'
    """
    return pair[0] if language == Language.ZH else pair[1]


def yuan(amount_fen: int) -> str:
    """Write fen as yuan.

    Example:
        >>> yuan(123456), yuan(-5)
        ('1,234.56', '-0.05')
    """
    whole, fen = divmod(abs(amount_fen), 100)
    return f"{'-' if amount_fen < 0 else ''}{whole:,}.{fen:02}"


def percent(rate_ppb: int) -> str:
    """Write a rate as a percentage of four decimals, half-even.

    Example:
        >>> percent(135_825_576), percent(-1_250)
        ('13.5826 %', '-0.0001 %')
    """
    quotient, rest = divmod(abs(rate_ppb), 1_000)
    quotient += rest > 500 or (rest == 500 and quotient % 2)
    whole, parts = divmod(quotient, 10_000)
    sign = "-" if rate_ppb < 0 and quotient else ""
    return f"{sign}{whole}.{parts:04} %"


def day(day_on: int) -> str:
    """Write a day, or a dash for none.

    Example:
        >>> day(20781), day(-1)
        ('2026-11-24', '-')
    """
    return "-" if day_on == NO_DAY else date_of(day_on).isoformat()
