"""What a provider says goes no further than it may: no number, no half character, no flood."""

import json
from collections.abc import Iterator

import httpx
import pytest
import sqlalchemy as sa
from tests.action.contact.conftest import book, lexicon, scene, stage
from tests.outreach.mail_reports import bounce
from tests.outreach.test_dispatch import Street, sms, street

from kuanxian.outreach import State, wire
from kuanxian.outreach.mail_report import read_mail_report
from kuanxian.outreach.notices import hear
from kuanxian.outreach.receipt import Report
from kuanxian.outreach.sms import SmsChannel
from kuanxian.outreach.wire import ANSWER_BYTES_MAX, ANSWER_PIECES_MAX, Answer, _json_of

__all__ = ["book", "lexicon", "scene", "stage", "street"]

NUMBER = "17405000007"


def says(monkeypatch: pytest.MonkeyPatch, code: str, name: object) -> None:
    answer = Answer(200, {"code": code, "data": {"msgid": name}}, 1, reached=True)
    monkeypatch.setattr("kuanxian.outreach.sms.ask", lambda *_: answer)


def written(street: Street, case_id: str) -> str:
    with street.scene.gate.app.connect() as connection:
        query = sa.text("SELECT body FROM journal.entry WHERE stream = :stream")
        found = connection.execute(query, {"stream": f"case:{case_id}"})
        return "".join(bytes(body).decode() for (body,) in found)


@pytest.mark.parametrize(
    ("code", "name", "word", "failure"),
    [
        ("0", "\ud800", "uncertain", "0"),
        ("0", "a\0b", "uncertain", "0"),
        ("0", "x" * 1_001, "uncertain", "0"),
        (f"号码{NUMBER}无效", "", "failed", "HTTP 200"),
        (f"E1:{NUMBER}", "", "failed", "HTTP 200"),
        ("\ud800", "", "failed", "HTTP 200"),
        ("9" * 65, "", "failed", "HTTP 200"),
        ("isv.LIMIT", "", "failed", "isv.LIMIT"),
    ],
)
@pytest.mark.parametrize("is_notice", [True, False])
def test_what_an_aggregator_answers_is_written_down_as_an_id_and_a_code_or_not_at_all(
    street: Street, monkeypatch: pytest.MonkeyPatch, code: str, name: str, word: str, failure: str,
    is_notice: bool,
) -> None:  # fmt: skip
    case_id, person = street.case("7")
    says(monkeypatch, code, name)
    sent = street.run(case_id) if is_notice else None
    receipt = sent.receipt if sent else street.dispatch.send(sms(street, case_id, person))[1]
    assert receipt is not None
    assert (receipt.state, receipt.provider_id, receipt.failure) == (word, "", failure)
    assert sent is None or sent.error == ""
    assert NUMBER not in written(street, case_id)


@pytest.mark.parametrize("is_notice", [True, False])
def test_an_id_made_of_a_number_is_known_by_its_hash_in_the_answer_and_in_the_report(
    street: Street, monkeypatch: pytest.MonkeyPatch, is_notice: bool
) -> None:
    case_id, person = street.case("7")
    names: list[str] = []

    def take(*_: object) -> Answer:
        names.append(f"{NUMBER}-{is_notice}-{len(names)}")
        return Answer(200, {"code": "0", "data": {"msgid": names[-1]}}, 1, reached=True)

    monkeypatch.setattr("kuanxian.outreach.sms.ask", take)
    receipt = street.run(case_id).receipt if is_notice else None
    if not is_notice:
        receipt = street.dispatch.send(sms(street, case_id, person))[1]
    assert receipt is not None
    assert receipt.state is State.ACCEPTED
    channel = street.dispatch.channels["sms"]
    assert isinstance(channel, SmsChannel)
    street.scene.clock.move(60)
    at = street.scene.clock.now // 1_000
    name = next(one for one in names if wire.id_of(one) == receipt.provider_id)
    told = channel.read_report({"msgid": name, "status": "DELIVRD", "time": at})
    heard = hear(street.scene.gate, "sms", told, "system:reports")
    assert heard is not None
    assert (heard.case_id, heard.state) == (case_id, "delivered")
    assert NUMBER not in written(street, case_id)


def test_an_answer_is_read_up_to_a_size_and_a_number_of_pieces() -> None:
    read = 0

    def flood(piece: bytes) -> Iterator[bytes]:
        nonlocal read
        while True:
            read += len(piece)
            yield piece

    assert _json_of(httpx.Response(200, content=flood(b" " * 1_000))) is None
    assert read <= ANSWER_BYTES_MAX + 1_000
    read = 0
    assert _json_of(httpx.Response(200, content=flood(b" "))) is None
    assert read == ANSWER_PIECES_MAX + 1
    assert _json_of(httpx.Response(200, content=b"[" * 60_000)) is None
    told = json.dumps({"code": "0"}).encode()
    assert _json_of(httpx.Response(200, content=iter([told[:4], told[4:]]))) == {"code": "0"}
    assert wire.said(None) == ""


def test_of_a_mail_report_no_words_of_its_status_are_kept() -> None:
    at = 1_795_600_000_000_000
    raw = bounce("<d-1@l.invalid>", "failed", at)
    assert b"Status: 5.1.1" in raw
    told = read_mail_report(raw.replace(b"Status: 5.1.1", b"Status: 5.1.1 (a@b.invalid)"))
    assert told == Report("<d-1@l.invalid>", State.FAILED, at, "SMTP 5.1.1", "d-1")
    told = read_mail_report(raw.replace(b"Status: 5.1.1", f"Status: {NUMBER}".encode()))
    assert told is not None
    assert told.failure == "SMTP"
    told = read_mail_report(bounce(f"<d-1@{NUMBER}.invalid>", "delivered", at))
    assert told is not None
    assert (NUMBER in str(told), told.order_id) == (False, "d-1")
