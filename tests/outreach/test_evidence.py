"""What shows that an e-mail, a letter or an in-app message arrived, and what does not."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.action.contact.conftest import book, lexicon
from tests.close.town import Town, town_on
from tests.databases import Database
from tests.outreach.mail_reports import bounce
from tests.outreach.test_mail import Postmaster, port, postmaster

from kuanxian.action.caseload import load_case
from kuanxian.action.contact.words import Lexicon
from kuanxian.action.notice.life import Attempt
from kuanxian.base.errors import ChannelError, OutcomeError
from kuanxian.law.case import Act
from kuanxian.law.rulebook import Rulebook
from kuanxian.law.timeline import facts_of
from kuanxian.outreach.evidence import Evidence, take_evidence
from kuanxian.outreach.mail_report import BYTES_MAX, read_mail_report
from kuanxian.outreach.notices import hear
from kuanxian.outreach.receipt import Report, State

__all__ = ["book", "lexicon", "port", "postmaster"]

PAPER = "ab" * 32
KINDS = {"email": "email", "letter": "address", "in_app": "app", "sms": "mobile"}


@pytest.fixture
def town(
    embedded_database: Database, lexicon: Lexicon, book: Rulebook, tmp_path: Path, port: int,
    postmaster: Postmaster,
) -> Iterator[Town]:  # fmt: skip
    with town_on(embedded_database, lexicon, book, tmp_path, port, postmaster) as made:
        made.scene.clock.set("2026-11-25 20:00")
        yield made


def sent_by(town: Town, channel: str) -> Attempt:
    """Send the notice before reporting by a channel."""
    case = town.open(0, KINDS[channel])
    town.run()
    (attempt,) = _report_notice(town, case)
    assert (attempt.channel, attempt.state) == (channel, "accepted")
    town.scene.clock.move(3_600)
    return attempt


def _report_notice(town: Town, case: str = "case-0") -> tuple[Attempt, ...]:
    found = load_case(town.gate.app, case).notices.values()
    return next(one.attempts for one in found if one.kind == "report_notice")


def noticed(town: Town) -> Any:
    """Say whether the rule on reports takes the notice as given."""
    case = load_case(town.gate.app, "case-0").known.case
    stated = case._replace(facts={"default_since_on": 20_772})
    act = Act(kind="report", debt="loan-0000", record="overdue")
    return facts_of(stated, act, town.scene.clock.now)["episode_notice_delivered"]


def shown(town: Town, attempt: Attempt, what: str, **more: Any) -> Evidence:
    at = town.scene.clock.now - 60_000_000
    made = Evidence(attempt.grant_id, what, at, "officer-7", "EA123456789CN", PAPER)
    return made._replace(**more)


ARRIVED = {"letter": "signed_for", "email": "answered", "in_app": "opened"}


@pytest.mark.parametrize(("channel", "what"), ARRIVED.items(), ids=ARRIVED.keys())
def test_what_shows_an_arrival_settles_the_notice(town: Town, channel: str, what: str) -> None:
    attempt = sent_by(town, channel)
    assert noticed(town) is False
    officer = "p-0x" if what == "opened" else "officer-7"
    told = shown(town, attempt, what, officer=officer)
    found = take_evidence(town.gate, told)
    assert (found.case_id, found.state, found.changed) == ("case-0", "delivered", True)
    (now,) = _report_notice(town)
    assert (now.evidence, now.receipt_hash) == (f"{what} EA123456789CN", PAPER)
    assert now.delivered_at == told.at
    assert noticed(town) is True
    assert not take_evidence(town.gate, told).changed


def test_a_letter_that_came_back_opens_the_notice_again(town: Town) -> None:
    attempt = sent_by(town, "letter")
    take_evidence(town.gate, shown(town, attempt, "signed_for"))
    town.scene.clock.move(60)
    assert take_evidence(town.gate, shown(town, attempt, "returned")).state == "failed"
    assert noticed(town) is False


SHOWS_NOTHING: dict[str, list[tuple[dict[str, Any], str]]] = {
    "letter": [
        ({"number": ""}, "number"),
        ({"receipt_hash": ""}, "receipt"),
        ({"receipt_hash": "AB" * 32}, "receipt"),
        ({"number": "17405000007"}, "number"),
        ({"officer": "system:post"}, "officer"),
        ({"at": 0}, "at"),
        ({"at": 2**60}, "at"),
        ({"what": "signed_by_other"}, "what"),
        ({"what": "opened"}, "what"),
        ({"grant_id": "d-" + "0" * 32}, "grant"),
    ],
    "email": [
        ({"what": "answered", "receipt_hash": ""}, "receipt"),
        ({"what": "answered", "number": "17405000007"}, "number"),
        ({"what": "answered", "number": "王师傅"}, "number"),
        ({"what": "sent"}, "what"),
    ],
    "in_app": [({"what": "opened"}, "officer")],
    "sms": [({"what": "answered"}, "what")],
}


@pytest.mark.parametrize(("channel", "changes"), SHOWS_NOTHING.items(), ids=SHOWS_NOTHING.keys())
def test_what_shows_nothing_changes_nothing(
    town: Town, channel: str, changes: list[tuple[dict[str, Any], str]]
) -> None:
    attempt = sent_by(town, channel)
    for change, subject in changes:
        with pytest.raises(OutcomeError) as refused:
            take_evidence(town.gate, shown(town, attempt, "signed_for")._replace(**change))
        assert refused.value.subject == subject
    assert _report_notice(town) == (attempt,)
    assert noticed(town) is False


def test_a_report_of_the_mailbox_server_settles_an_email_by_its_own_id(town: Town) -> None:
    attempt = sent_by(town, "email")
    for action, state in (("delayed", None), ("delivered", "delivered"), ("failed", "failed")):
        told = read_mail_report(bounce(attempt.provider_id, action, town.scene.clock.now))
        found = hear(town.gate, "email", told, "system:mail") if told else None
        assert (found.state if found else None) == state
        assert noticed(town) is (state == "delivered")
        town.scene.clock.move(60)


def test_an_id_that_nobody_knows_is_nobodys_and_one_given_twice_is_refused(town: Town) -> None:
    assert hear(town.gate, "sms", Report("m-none", State.DELIVERED, 1), "system:sms") is None
    letter = town.channels["letter"]

    class Careless:
        name = "letter"

        def send(self, *given: Any) -> Any:
            return letter.send(*given)._replace(provider_id="same")

    town.channels["letter"] = Careless()
    cases = [town.open(number, "address") for number in range(3)]
    town.run()
    with pytest.raises(OutcomeError, match="two orders"):
        hear(town.gate, "letter", Report("same", State.DELIVERED, 1), "system:post")
    assert {_report_notice(town, case)[0].state for case in cases} == {"accepted"}
    assert hear(town.gate, "sms", Report("same", State.DELIVERED, 1), "system:sms") is None


def test_what_was_begun_and_never_heard_of_is_settled_by_paper(town: Town) -> None:
    letter = town.channels["letter"]

    class Killed:
        name = "letter"

        def send(self, *given: Any) -> Any:
            letter.send(*given)
            raise KeyboardInterrupt

    town.channels["letter"] = Killed()
    case = town.open(0, "address")
    with pytest.raises(KeyboardInterrupt):
        town.run()
    (attempt,) = _report_notice(town, case)
    assert attempt.state == "begun"
    town.scene.clock.move(600)
    assert take_evidence(town.gate, shown(town, attempt, "signed_for")).changed
    assert noticed(town) is True


NOT_REPORTS = {
    "an ordinary mail": b"From: a@b.invalid\r\nSubject: hello\r\n\r\nhello\r\n",
    "nothing": b"",
    "bytes": bytes(range(256)),
    "longer than it can be": b"x" * (BYTES_MAX + 1),
    "two recipients": bounce("<d-1@l.invalid>", "delivered", 0, recipients=2),
    "no id": bounce("", "delivered", 0),
    "an action nobody knows": bounce("<d-1@l.invalid>", "eaten", 0),
    "no day": bounce("<d-1@l.invalid>", "delivered", 0).replace(b"Date: ", b"X-Date: "),
}


@pytest.mark.parametrize("raw", NOT_REPORTS.values(), ids=NOT_REPORTS.keys())
def test_a_mail_that_is_no_report_is_refused_and_not_quoted(raw: bytes) -> None:
    with pytest.raises(ChannelError) as refused:
        read_mail_report(raw)
    assert "@" not in str(refused.value)


@pytest.mark.parametrize("action", ["delayed", "relayed", "expanded"])
def test_a_report_that_does_not_know_says_nothing(action: str) -> None:
    assert read_mail_report(bounce("<d-1@l.invalid>", action, 0)) is None


def test_a_failure_has_its_code_and_nothing_else() -> None:
    told = read_mail_report(bounce("<d-1@l.invalid>", "failed", 1_795_600_000_000_000))
    assert told == Report(
        "<d-1@l.invalid>", State.FAILED, 1_795_600_000_000_000, "SMTP 5.1.1", "d-1"
    )
