"""A stated figure of the ledger is believed until the timeline has gone past it."""

from typing import Any

import pytest
from tests.law.cases import Json, a_case, call, event, facts, instant

from kuanxian.law.load import load_rulebook
from kuanxian.law.timeline import facts_of
from kuanxian.law.timeline.ledger import LEDGER

BEGAN = event("o-1", "overdue", "11-02 00:00", debt="d-1", step="began")
LATE: dict[str, Any] = {
    "days_past_due": 23, "days_past_due_grace": 20, "overdue_principal_fen": 100_000,
    "payoff_fen": 303_000, "outstanding_principal_fen": 300_000,
}  # fmt: skip
PAID = dict.fromkeys(LATE, 0)
GONE = {"days_past_due", "days_past_due_grace", "overdue_principal_fen"}
ALL = set(LATE)


def since(kind: str, at: str, **keys: Any) -> Json:
    return event(f"s-{kind}", kind, at, debt="d-1", **keys)


def back(at: str = "11-25 10:00", name: str = "s-payment", own: str = "r-1", **keys: Any) -> Json:
    return event(own, "retraction", at, replaces=name, **keys)


AFTER = [
    ("overdue still", [BEGAN], LATE, set()),
    ("paid this morning", [BEGAN, since("payment", "11-25 10:00")], LATE, ALL),
    ("paid yesterday, known today", [BEGAN, since("payment", "11-24 10:00", known="11-25 10:00")],
     LATE, ALL),
    ("paid yesterday, before the close", [BEGAN, since("payment", "11-24 10:00")], LATE, set()),
    ("paid, not known yet", [BEGAN, since("payment", "11-25 10:00", known="11-25 15:01")], LATE,
     set()),
    ("paid yesterday, taken back today", [BEGAN, since("payment", "11-24 10:00"), back()], LATE,
     ALL),
    ("paid yesterday, taken back before the close", [BEGAN, since("payment", "11-24 10:00"),
     back("11-24 12:00")], LATE, set()),
    ("paid yesterday, taken back, not known yet", [BEGAN, since("payment", "11-24 10:00"),
     back(known="11-25 15:01")], LATE, set()),
    ("a payment taken back before, which counts again today", [BEGAN,
     since("payment", "11-20 10:00"), back("11-21 10:00"), back(name="r-1", own="r-2")], LATE, ALL),
    ("a payment moved to another debt today", [BEGAN, since("payment", "11-24 10:00"),
     event("s-2", "payment", "11-24 10:00", known="11-25 10:00", debt="d-2", replaces="s-payment")],
     LATE, ALL),
    ("a settlement taken back today", [BEGAN, since("settlement", "11-24 10:00"),
     back(name="s-settlement")], LATE, ALL),
    ("a cure taken back today", [BEGAN, since("overdue", "11-24 10:00", step="cured"),
     back(name="s-overdue")], LATE, ALL),
    ("its beginning moved today", [BEGAN, event("o-2", "overdue", "11-03 00:00",
     known="11-25 10:00", debt="d-1", step="began", replaces="o-1")], LATE, ALL),
    ("another debt's payment taken back today", [BEGAN, since("payment", "11-24 10:00")
     | {"debt": "d-2"}, back()], LATE, set()),
    ("a call taken back today", [BEGAN, call("e-1", "11-24 10:00"), back(name="e-1")], LATE, set()),
    ("another debt paid", [BEGAN, since("payment", "11-25 10:00") | {"debt": "d-2"}], LATE, set()),
    ("settled long ago", [BEGAN, since("settlement", "11-10 10:00")], LATE, ALL),
    ("settled long ago, and the ledger says so", [BEGAN, since("settlement", "11-10 10:00")], PAID,
     set()),
    ("cured long ago", [BEGAN, since("overdue", "11-10 10:00", step="cured")], LATE, GONE),
    ("cured and begun anew", [since("overdue", "10-10 10:00", step="cured"), BEGAN], LATE, set()),
    ("never begun", [], LATE, GONE),
    ("grace counted counts more days", [BEGAN], LATE | {"days_past_due": 0}, ALL),
    ("nothing to pay and overdue", [BEGAN], LATE | {"payoff_fen": 0}, ALL),
    ("a text that says more than settles it", [BEGAN], LATE | {"ledger_amount_fen": 303_001},
     {*ALL, "ledger_amount_fen"}),
    ("a text that says what settles it", [BEGAN], LATE | {"ledger_amount_fen": 303_000}, set()),
    ("a text on the day of a payment", [BEGAN, since("payment", "11-25 10:00")],
     {"ledger_amount_fen": 123_000}, {"ledger_amount_fen"}),
    ("a text on a settled debt", [BEGAN, since("settlement", "11-10 10:00")],
     {"ledger_amount_fen": 123_000}, {"ledger_amount_fen"}),
]  # fmt: skip
DEBTS = {
    "debts": [{"id": "d-1", "debtor": "p-1"}, {"id": "d-2", "debtor": "p-1"}],
    "act": {"kind": "contact", "to": "p-1", "debt": "d-1"},
}


@pytest.mark.parametrize(("timeline", "stated", "gone"), [row[1:] for row in AFTER],
                         ids=[str(row[0]) for row in AFTER])  # fmt: skip
def test_a_figure_that_can_hold_no_more_is_unknown(
    timeline: list[Json], stated: dict[str, int], gone: set[str]
) -> None:
    told = facts(*timeline, facts=stated, **DEBTS)
    assert {name for name in stated if told[name] is None} == gone
    assert all(told[name] == stated[name] for name in set(stated) - gone)


def test_todays_figures_are_not_known_on_an_earlier_day() -> None:
    case = a_case(BEGAN, facts=LATE, **DEBTS)
    for at, known in (("11-24 23:59", False), ("11-25 00:00", True), ("11-27 12:00", True)):
        told = facts_of(case, at=instant(at))
        assert [told[name] is not None for name in LATE] == [known] * len(LATE)


def test_the_figures_are_the_facts_whose_source_is_the_ledger() -> None:
    catalogue = load_rulebook().catalogue
    assert {name for name, spec in catalogue.items() if spec.source == "ledger"} == set(LEDGER)
