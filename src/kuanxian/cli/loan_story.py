"""The trace of a loan as sentences: how each fen came to be, for a person to read."""

from collections.abc import Iterable, Iterator
from typing import Final

from kuanxian.cli.loan_words import Language, day, word, yuan
from kuanxian.intake.loan_file import LoanFile
from kuanxian.loan import Entry, Event, Kind, Part, Refused, What

_SENTENCES: Final = {
    # {amount}, {part} and {where}: yuan, the part of the debt, the instalment.
    What.DRAWN: ("放款 {amount} 元", "{amount} yuan paid out to the borrower"),
    What.DUE: ("{where}{part} {amount} 元到期", "{amount} yuan of {part} of {where} fell due"),
    What.CHARGED: (
        "{where}计收{part} {amount} 元",
        "{amount} yuan of {part} charged on {where}",
    ),
    What.PAID: ("{amount} 元冲抵{where}{part}", "{amount} yuan cleared {part} of {where}"),
    What.WAIVED: ("减免{where}{part} {amount} 元", "{amount} yuan of {part} of {where} waived"),
    What.HELD: ("{amount} 元留作溢缴款", "{amount} yuan kept as the borrower's credit"),
    What.USED: ("动用溢缴款 {amount} 元", "{amount} yuan of the borrower's credit used"),
    What.REFUNDED: ("退还借款人 {amount} 元", "{amount} yuan sent back to the borrower"),
    What.MOVED: (
        "{where}{part} {amount} 元转出",
        "{amount} yuan of {part} moved out of {where}",
    ),
    What.BROUGHT: ("{where}转入{part} {amount} 元", "{amount} yuan of {part} moved into {where}"),
    What.CAPITALISED: ("{amount} 元转为本金", "{amount} yuan became principal"),
    What.REFUSED: ("未采用：{reason}", "not applied: {reason}"),
    What.CAPPED: (
        "{where}{part} {amount} 元因上限未计收",
        "{amount} yuan of {part} of {where} not charged: a cap was reached",
    ),
    What.FREED: (
        "{where}已预付的{part} {amount} 元不再应付，转为可用款",
        "{amount} yuan paid ahead for {part} of {where} not asked for any more, free to be used",
    ),
}

_PARTS: Final = {
    Part.ANY: ("款项", "money"),
    Part.FEE: ("费用", "fees"),
    Part.PENALTY: ("罚息", "penalty"),
    Part.INTEREST: ("利息", "interest"),
    Part.PRINCIPAL: ("本金", "principal"),
}

_KINDS: Final = {
    Kind.PAYMENT: ("还款", "payment"),
    Kind.REFUND: ("退款", "refund"),
    Kind.REVERSAL: ("冲正", "reversal"),
    Kind.WAIVER: ("减免", "waiver"),
    Kind.FEE: ("费用", "fee"),
    Kind.CREDIT: ("补偿", "goodwill credit"),
    Kind.GRACE: ("宽限", "grace"),
    Kind.DEFERRAL: ("延期", "deferral"),
    Kind.PAUSE: ("停计账龄", "pause of ageing"),
    Kind.EXTENSION: ("展期", "extension"),
    Kind.REINSTALMENT: ("重新分期", "re-instalment"),
    Kind.REAGE: ("账龄重置", "re-age"),
    Kind.REAMORTISE: ("重算还款计划", "re-amortisation"),
    Kind.DUE_DAY: ("变更还款日", "change of due day"),
    Kind.RATE: ("变更利率", "change of rate"),
    Kind.PENALTY_STOP: ("停计罚息", "stop of penalty"),
    Kind.SETTLEMENT: ("提前结清", "settlement"),
    Kind.WRITE_OFF: ("核销", "write-off"),
    Kind.ASSIGNMENT: ("债权转让", "assignment"),
    Kind.CORRECTION: ("更正", "correction"),
    Kind.DRAWDOWN: ("提款", "drawdown"),
    Kind.INSTALMENT: ("约定分期", "given instalment"),
    Kind.RECOVERY: ("核销后回收", "recovery"),
}

_REASONS: Final = {
    Refused.NONE: ("", ""),
    Refused.BEFORE_DISBURSEMENT: ("早于放款日", "it is dated before the loan was paid out"),
    Refused.UNKNOWN_KIND: ("未知类型", "its kind is unknown"),
    Refused.NO_SUCH_EVENT: ("所指事件不存在", "the event it refers to is not there"),
    Refused.REFUND_EXCEEDS_CREDIT: (
        "退款超过溢缴款",
        "more was sent back than the borrower's credit",
    ),
    Refused.NOTHING_LEFT: ("没有可作用的应还项", "there is nothing left for it to act on"),
    Refused.OUT_OF_BOUNDS: ("超出系统上限", "it would take a figure beyond the bounds"),
    Refused.AFTER_END: ("贷款已核销或转让", "the loan was written off or assigned before it"),
    Refused.BAD_FIELD: ("字段不符合该类型", "one of its fields is outside what the kind allows"),
}

_WHOLE: Final = ("", "the loan")
_WHERE: Final = ("第{row}期", "instalment {row}")


def tell(entries: Iterable[Entry], loan: LoanFile, language: Language) -> Iterator[str]:
    """Turn a trace into sentences, one a line.

    Args:
        entries: The trace.
        loan: The loan; its events are named by number, kind and ``id``.
        language: Chinese or English.
    """
    events = {event.seq: event for event in loan.events}
    for entry in entries:
        cause = _cause(events.get(entry.seq), loan.labels.get(entry.seq, ""), language)
        sentence = word(_SENTENCES[What(entry.what)], language).format(
            amount=yuan(entry.amount_fen),
            part=word(_PARTS[Part(entry.part)], language),
            where=word(_WHERE if entry.row else _WHOLE, language).format(row=entry.row),
            reason=_reason(entry, language),
        )
        yield f"{day(entry.day_on)} {cause}{sentence}{_stop(language)}"


def _cause(event: Event | None, label: str, language: Language) -> str:
    """Name the event behind an entry; time alone has no name."""
    if event is None:
        return ""
    kind = word(_KINDS[Kind(event.kind)], language)
    name = f"{kind} #{event.seq}" + (f" ({label})" if label else "")
    return name + word(("：", ": "), language)


def _reason(entry: Entry, language: Language) -> str:
    if entry.what != What.REFUSED:
        return ""
    return word(_REASONS[Refused(entry.amount_fen)], language)


def _stop(language: Language) -> str:
    return word(("。", "."), language)
