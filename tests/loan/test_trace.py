"""How each fen came to be, line by line."""

from tests.loan.story import on, read_story

from kuanxian.loan import Part, What, trace
from kuanxian.loan.memory import Loan
from kuanxian.loan.trace import log


def told(text: str, until: str) -> list[str]:
    """Trace a story as lines: day, event, row, what, part, yuan."""
    story = read_story(["# traced", *text.strip().splitlines(), "= 01-15"])
    entries = trace(story.terms, story.conventions, story.events, as_of_on=on(until))
    return [
        f"{e.seq} {e.row} {What(e.what).name} {Part(e.part).name} {e.amount_fen}" for e in entries
    ]


def test_a_late_payment_is_told_part_by_part() -> None:
    assert told("payment 02-16 412.20", "02-16") == [
        "0 0 DRAWN PRINCIPAL 120000",
        "0 1 DUE INTEREST 1200",
        "0 1 DUE PRINCIPAL 40000",
        "0 1 CHARGED PENALTY 20",
        "1 1 PAID INTEREST 1200",
        "1 1 PAID PENALTY 20",
        "1 1 PAID PRINCIPAL 40000",
    ]


def test_money_held_and_used_is_told() -> None:
    assert told("payment 02-10 412.00\nrefund 02-11 12.00", "02-15")[1:] == [
        "1 0 HELD ANY 41200",
        "2 0 REFUNDED ANY 1200",
        "0 1 DUE INTEREST 1200",
        "0 1 DUE PRINCIPAL 40000",
        "0 1 PAID INTEREST 1200",
        "0 1 PAID PRINCIPAL 38800",
        "0 0 USED ANY 40000",
    ]


def test_a_re_ageing_is_told_as_what_moved_and_where_it_went() -> None:
    assert told("reage 02-16", "02-16")[3:] == [
        "0 1 CHARGED PENALTY 20",
        "1 1 MOVED PRINCIPAL 40000",
        "1 1 MOVED PENALTY 20",
        "1 1 MOVED INTEREST 1200",
        "1 2 BROUGHT PRINCIPAL 40000",
        "1 2 BROUGHT PENALTY 20",
        "1 2 BROUGHT INTEREST 1200",
    ]


def test_what_a_cap_cuts_is_told() -> None:
    assert told("with total_cost_cap=0.5% fee=1.00", "02-15")[1:] == [
        "0 1 CAPPED INTEREST 600",
        "0 1 CAPPED FEE 100",
        "0 1 DUE INTEREST 600",
        "0 1 DUE PRINCIPAL 40000",
    ]


def test_a_refusal_is_told_with_its_reason() -> None:
    assert told("refund 02-10 1.00", "02-10")[1:] == ["1 0 REFUSED ANY 4"]


def test_nothing_is_written_for_nothing_and_no_more_than_there_is_room_for() -> None:
    loan = Loan(trace_max=2)
    for amount_fen in (0, 5, 0, 6, 7):
        log(loan, 0, What.PAID, Part.FEE, amount_fen)

    assert [loan.trace[5, at] for at in range(loan.traced)] == [5, 6]
