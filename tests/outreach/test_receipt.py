"""Reports may come twice, late and in any order."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuanxian.outreach.receipt import Receipt, Report, State, update

SENT = Receipt("o-1", "sms", State.ACCEPTED, 10, "m-1", accepted_at=10, attempts=1)
THERE = Report("m-1", State.DELIVERED, 20)
LOST = Report("m-1", State.FAILED, 30, "UNDELIV")


def told(*reports: Report) -> Receipt:
    receipt = SENT
    for report in reports:
        receipt = update(receipt, report)
    return receipt


def test_a_delivery_has_its_instant() -> None:
    assert told(THERE).delivered_at == 20
    assert not told(THERE).opened_again


def test_what_is_accepted_and_later_fails_opens_the_notice_again() -> None:
    assert told(THERE, LOST).opened_again
    assert told(THERE, LOST).delivered_at is None


@pytest.mark.parametrize("reports", list(permutations([THERE, LOST, THERE, LOST])))
def test_order_and_repetition_change_nothing(reports: tuple[Report, ...]) -> None:
    assert told(*reports) == told(THERE, LOST)


def test_of_two_reports_of_one_instant_failure_stands() -> None:
    lost = LOST._replace(at=20)
    assert told(THERE, lost).state is State.FAILED
    assert told(lost, THERE).state is State.FAILED


def test_a_report_of_something_else_changes_nothing() -> None:
    assert told(THERE._replace(provider_id="m-2")) == SENT


def test_what_expired_stays_expired() -> None:
    expired = SENT._replace(state=State.EXPIRED)
    assert update(expired, THERE) == expired


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 50)), max_size=6), st.randoms())
def test_any_reports_give_one_receipt_in_any_order(
    given_reports: list[tuple[bool, int]], chance: object
) -> None:
    reports = [
        Report("m-1", State.DELIVERED if there else State.FAILED, at) for there, at in given_reports
    ]
    mixed = sorted(reports, key=lambda report: (report.at, report.state))
    assert told(*reports)[:4] == told(*mixed)[:4]


def test_the_hash_is_of_the_whole_receipt() -> None:
    assert told(THERE).hash != SENT.hash
    assert SENT.hash == Receipt(*SENT).hash
