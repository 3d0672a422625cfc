"""Double entry: what each fen did to the lender's books, out of the kernel's trace.

Each event, and each day on which time alone did something, becomes one transaction whose
postings add up to nothing, to the fen.

=====================  ==========================================================
it                     from → to
=====================  ==========================================================
is paid out            cash → principal
falls due, is charged  income → receivable (interest, penalty, fee)
is paid                principal, receivable → cash
is freed               cash → income; it was paid ahead and is used again or kept
is kept as credit      the borrower's credit → cash; used and refunded the other way
is waived              principal, receivable → waived
is moved, capitalised  receivable → receivable, principal
is written off         all that is owed → written off
comes in after that    recovered → cash
is assigned            all that is owed → assigned
=====================  ==========================================================

Income is recognised when it falls due or is charged, else when it is paid or moved (interest
of an early settlement, interest after maturity). Postings have the day from which an event
counts; a reversal or a correction changes the days it concerns, as in the kernel itself.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from kuanxian.base.errors import JournalError
from kuanxian.loan import Event, Kind, Part, What

CASH: Final = "Assets:Cash"
PRINCIPAL: Final = "Assets:Principal"
CREDIT: Final = "Liabilities:Credit"
WRITTEN_OFF: Final = "Expenses:WrittenOff"
RECOVERED: Final = "Income:Recovered"
GOODWILL: Final = "Expenses:Goodwill"
ASSIGNED: Final = "Equity:Assigned"
REARRANGED: Final = "Equity:Rearranged"
"""Where what is moved rests between its two rows; always empty again in the same transaction."""

NAMES: Final = {Part.FEE: "Fee", Part.PENALTY: "Penalty", Part.INTEREST: "Interest",
                Part.PRINCIPAL: "Principal"}  # fmt: skip
RECEIVABLE: Final[dict[int, str]] = {
    part: PRINCIPAL if part == Part.PRINCIPAL else f"Assets:Receivable:{name}"
    for part, name in NAMES.items()
}
INCOME: Final[dict[int, str]] = {part: f"Income:{name}" for part, name in NAMES.items()}
WAIVED: Final[dict[int, str]] = {part: f"Expenses:Waived:{name}" for part, name in NAMES.items()}
ACCOUNTS: Final = sorted(
    {CASH, CREDIT, WRITTEN_OFF, RECOVERED, GOODWILL, ASSIGNED, REARRANGED,
     *RECEIVABLE.values(), *WAIVED.values(), *INCOME.values()} - {INCOME[Part.PRINCIPAL]}
)  # fmt: skip

MONEY_IN: Final = frozenset({Kind.PAYMENT, Kind.SETTLEMENT, Kind.RECOVERY, Kind.CREDIT})

WORDS: Final[dict[int, str]] = {kind: kind.name.lower() for kind in Kind}
TIME: Final = "time"
"""What a transaction is called that no event made."""


class Transaction(NamedTuple):
    """One transaction of one loan."""

    day_on: int
    seq: int
    """The event; 0: time alone."""
    what: str
    """The event's kind in lower case, or ``time``."""
    postings: dict[str, int]
    """Account to fen, debit positive; they add up to 0 and none is 0."""


def post(
    trace: Iterable[tuple[int, int, int, int, int, int]], events: Sequence[Event]
) -> list[Transaction]:
    """Turn a loan's trace into transactions.

    Args:
        trace: What ``kuanxian.loan.trace`` gives, or the same columns as plain tuples.
        events: The events it was made from.

    Returns:
        Transactions in the order of the trace.

    Raises:
        JournalError: A transaction would not balance. That is a defect of ours.
    """
    ledger = _Ledger(events)
    for day_on, seq, row, what, part, amount_fen in trace:
        ledger.open(day_on, seq)
        ledger.book(row, what, part, amount_fen)
    ledger.finish()
    return ledger.done


class _Ledger:
    """One loan's books while its trace is walked."""

    def __init__(self, events: Sequence[Event]) -> None:
        self.kinds = {event.seq: event.kind for event in events}
        self.amounts = {event.seq: event.amount_fen for event in events if event.kind in MONEY_IN}
        ordered = sorted(events, key=lambda event: (event.value_on, event.seq))
        self.order = {event.seq: place for place, event in enumerate(ordered)}
        self.ends = [e for e in ordered if e.kind in (Kind.WRITE_OFF, Kind.ASSIGNMENT)]
        self.refused: set[int] = set()
        self.done: list[Transaction] = []
        self.now = (0, -1)
        self.postings: dict[str, int] = {}
        self.balances: dict[str, int] = {}
        self.recognised: dict[tuple[int, int], int] = {}
        self.settled: dict[tuple[int, int], int] = {}
        self.capped: set[tuple[int, int]] = set()
        self.ended = False

    def open(self, day_on: int, seq: int) -> None:
        """Begin another transaction where the day or the event is another."""
        if (day_on, seq) == self.now:
            return
        self.close()
        while self.ends and self.is_past(self.ends[0], day_on, seq):
            self.end(self.ends.pop(0))
        self.now = (day_on, seq)

    def is_past(self, end: Event, day_on: int, seq: int) -> bool:
        """Say whether the trace has come beyond the event that ends the loan."""
        later = seq != 0 and self.order.get(seq, -1) > self.order[end.seq]
        return day_on > end.value_on or (day_on == end.value_on and later)

    def finish(self) -> None:
        """End the last transaction, and the loan where its end came last."""
        self.close()
        while self.ends:
            self.end(self.ends.pop(0))

    def end(self, event: Event) -> None:
        """Take all that is owed off the books: written off, or assigned."""
        if event.seq in self.refused or self.ended:
            return
        account = WRITTEN_OFF if event.kind == Kind.WRITE_OFF else ASSIGNED
        self.now = (event.value_on, event.seq)
        for owed in RECEIVABLE.values():
            self.move(owed, account, self.balances.get(owed, 0))
        self.ended = True
        self.close()

    def close(self) -> None:
        """Finish the transaction: it must balance."""
        for row, part in self.capped:
            # Nothing fell due after the cap, so nothing beyond what was met is asked for.
            self.recognise_all(row, part, self.settled.get((row, part), 0))
        self.capped.clear()
        self.use_credit()
        postings = {account: fen for account, fen in self.postings.items() if fen}
        self.postings = {}
        if not postings:
            return
        if sum(postings.values()) or REARRANGED in postings:
            raise JournalError(f"event {self.now[1]}", "its postings do not balance")
        kind = self.kinds.get(self.now[1])
        what = TIME if kind is None else WORDS[kind]
        self.done.append(Transaction(*self.now, what, postings))

    def use_credit(self) -> None:
        """Where an event met more than it brought in, the rest came out of the credit."""
        amount_fen = self.amounts.get(self.now[1])
        if amount_fen is not None and self.postings and self.now[1] not in self.refused:
            used_fen = self.postings.get(self.cash(), 0) - amount_fen
            self.move(self.cash(), CREDIT, used_fen)

    def move(self, source: str, target: str, amount_fen: int) -> None:
        """Credit one account and debit another."""
        for sums in (self.postings, self.balances):
            sums[source] = sums.get(source, 0) - amount_fen
            sums[target] = sums.get(target, 0) + amount_fen

    def book(self, row: int, what: int, part: int, amount_fen: int) -> None:
        """Book one line of the trace."""
        if what == What.DUE:
            self.capped.discard((row, part))
            self.recognise_all(row, part, amount_fen)
        elif what == What.PAID:
            self.settle(row, part, self.cash(), amount_fen)
        elif what == What.FREED:
            self.free(row, part, amount_fen)
        elif what == What.CHARGED:
            self.recognise(row, part, amount_fen)
        elif what == What.DRAWN:
            self.move(CASH, PRINCIPAL, amount_fen)
        elif what == What.HELD:
            self.move(CREDIT, self.cash(), amount_fen)
        elif what in (What.USED, What.REFUNDED):
            self.move(self.cash(), CREDIT, amount_fen)
        elif what == What.WAIVED:
            self.settle(row, part, WAIVED[part], amount_fen)
        elif what == What.CAPPED:
            # A row's own interest or fee was cut; penalty beyond its cap was never charged.
            if part != Part.PENALTY:
                self.capped.add((row, part))
        elif what == What.REFUSED:
            self.refused.add(self.now[1])
        elif part != Part.PRINCIPAL or what == What.CAPITALISED:
            self.rearrange(row, what, part, amount_fen)

    def cash(self) -> str:
        """Name what money comes from: the lender's own pocket where it is goodwill."""
        return GOODWILL if self.kinds.get(self.now[1]) == Kind.CREDIT else CASH

    def recognise_all(self, row: int, part: int, amount_fen: int) -> None:
        """Say what a row asks for in all: more is income, less (a cap) takes income back."""
        self.recognise(row, part, amount_fen - self.recognised.get((row, part), 0))

    def recognise(self, row: int, part: int, amount_fen: int) -> None:
        """Take into income what has become due of a row besides what was taken before."""
        if part == Part.PRINCIPAL or amount_fen == 0 or self.ended:
            return
        self.move(INCOME[part], RECEIVABLE[part], amount_fen)
        self.recognised[row, part] = self.recognised.get((row, part), 0) + amount_fen

    def settle(self, row: int, part: int, account: str, amount_fen: int) -> None:
        """Take off what is owed: it was paid or waived."""
        if self.ended:
            if account == CASH:
                self.move(RECOVERED, CASH, amount_fen)
            elif account == GOODWILL:
                self.move(RECOVERED, GOODWILL, amount_fen)
            return
        self.settled[row, part] = self.settled.get((row, part), 0) + amount_fen
        short_fen = self.settled[row, part] - self.recognised.get((row, part), 0)
        self.recognise(row, part, max(short_fen, 0))
        self.move(RECEIVABLE[part], account, amount_fen)

    def free(self, row: int, part: int, amount_fen: int) -> None:
        """Take back what was paid ahead and is not asked for any more: it was no income."""
        self.settled[row, part] = self.settled.get((row, part), 0) - amount_fen
        self.recognise(row, part, -amount_fen)
        self.move(self.cash(), RECEIVABLE[part], amount_fen)

    def rearrange(self, row: int, what: int, part: int, amount_fen: int) -> None:
        """Move what is owed out of a row, into a row, or into principal."""
        account = RECEIVABLE[part]
        if what == What.MOVED:
            left_fen = self.recognised.get((row, part), 0) - self.settled.get((row, part), 0)
            self.recognise(row, part, max(amount_fen - left_fen, 0))
            self.recognised[row, part] = self.recognised.get((row, part), 0) - amount_fen
            self.move(account, REARRANGED, amount_fen)
        elif what == What.BROUGHT:
            self.recognised[row, part] = self.recognised.get((row, part), 0) + amount_fen
            self.move(REARRANGED, account, amount_fen)
        elif what == What.CAPITALISED:
            self.move(REARRANGED, PRINCIPAL, amount_fen)
