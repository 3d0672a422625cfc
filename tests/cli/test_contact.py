"""``kuanxian contact`` and ``kuanxian api``: a case, an act, an outcome, a key, a server."""

import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.action.contact.conftest import book, lexicon, scene, stage
from tests.action.contact.scene import Scene, case_told, typed
from tests.api.conftest import call_form
from tests.close.test_retention import JUNK
from tests.close.town import channel_file
from tests.databases import Database
from tests.outreach.mail_reports import bounce

from kuanxian.cli.contact_send import exit_of, state_of
from kuanxian.cli.gate_place import read_clock
from kuanxian.cli.main import main
from kuanxian.outreach.receipt import Receipt, State
from kuanxian.outreach.sign import sign
from kuanxian.store.roles import APP
from kuanxian.vault.key_file import add_key
from kuanxian.vault.secret import SecretBytes

__all__ = ["book", "lexicon", "scene", "stage"]

PEPPER = ("--pepper", "keys/pepper")
PROGRAM = Path(sys.executable).with_name("kuanxian")
HOUSE = 'country = "cn"\nname = "house"\n[parameters]\nunreachable_min_days = 5\n'
Said = tuple[int, str, str]
Run = Callable[..., Said]


@pytest.fixture
def run(
    embedded_database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Run:  # fmt: skip
    """Run a command on a database of the test, in this process."""
    monkeypatch.setenv("KUANXIAN_DATABASE_URL", embedded_database.url("kx_app"))
    monkeypatch.chdir(tmp_path)

    def do(*words: str) -> Said:
        with pytest.raises(SystemExit) as stop:
            main(words)
        said = capsys.readouterr()
        return int(stop.value.code or 0), said.out, said.err

    return do


def write(name: str, told: object) -> str:
    Path(name).write_text(json.dumps(told), "utf-8")
    return name


def told_here() -> dict[str, Any]:
    """Tell a case of one agency, of which the debtor was not told yet."""
    told = case_told()
    placed = [one for one in told["timeline"] if one["id"] == "pl-a-1"]
    told = typed(told)
    told["timeline"] += placed
    return told


def test_a_case_is_opened_an_act_refused_with_reasons_and_the_windows_told(run: Run) -> None:
    case = write("case.json", told_here())
    assert run("contact", "open-case", case, "--id", "case-17")[:2] == (0, "case-17: open\n")
    assert run("contact", "open-case", case, "--id", "13800138000")[0] == 2
    named = run("contact", "--actor", "17405000007", "open-case", case, "--id", "case-18")
    assert (named[0], "--actor" in named[2], "17405000007" in named[2]) == (2, True, False)
    call = write("call.json", call_form("case-17"))
    # Nobody has stated that the agency's contract is complete: unknown is never a yes.
    code, said, _ = run("contact", "propose", call, "--key", "k-1", "--json")
    answer = json.loads(said)
    assert (code, answer["allowed"], answer["grant"]) == (1, False, None)
    assert "agency_contract_complete" in answer["missing"]
    sound = write("a.json", {"agency_contract_complete": True, "agency_violent_record": False})
    stating = ("contact", "state", sound, "--id", "case-17", "--of", "a-1", "--key", "s-1")
    assert run(*stating)[:2] == (0, "case-17: on record\n")
    answer = json.loads(run("contact", "propose", call, "--key", "k-2", "--json")[1])
    assert "agency_contract_complete" not in answer["missing"]
    assert run("contact", "propose", call, "--key", "k-1")[0] == 1
    code, said, _ = run("contact", "windows", call, "--days", "2", "--json")
    assert (code, [way["open"] for way in json.loads(said)["ways"]]) == (0, [[]])
    code, said, _ = run("contact", "windows", write("a.json", {"case_id": "case-17", "by": "a-1"}))
    assert code == 0
    assert "p-1 by voice_human at pt-1:\n  shut " in said
    assert "\ncn.contact.quiet_hours: " in said
    stop = {"id": "e-1", "kind": "order", "person": "p-1", "step": "issued",
            "happened_at": "2026-10-02T00:00:00Z", "known_at": "2026-10-02T00:00:00Z"}  # fmt: skip
    news = write("news.json", {"timeline": [stop]})
    assert run("contact", "add", news, "--id", "case-17", "--key", "n-1")[0] == 0


def test_the_day_lists_the_ways_and_what_each_case_asks_for(run: Run) -> None:
    run("contact", "open-case", write("untold.json", told_here()), "--id", "case-untold")
    quiet = write("quiet.json", typed(case_told()))
    run("contact", "open-case", quiet, "--id", "case-quiet", "--tenant", "lender-2")
    code, said, _ = run("contact", "day", "--json")
    cases = {one["case_id"]: one for one in json.loads(said)["cases"]}
    assert (code, cases["case-quiet"]["notices"]) == (0, [])
    notices = [
        (one["kind"], one["next"], one["channel"]) for one in cases["case-untold"]["notices"]
    ]
    assert notices == [("agency_assigned", "propose", "sms")]
    ways = [(one["channel"], one["point"]) for one in cases["case-quiet"]["windows"]]
    assert ways == [("voice_human", "pt-1"), ("sms", "pt-1")]
    code, said, _ = run("contact", "day")
    assert "  agency_assigned: propose sms\n" in said
    # Nobody has stated the agency's contract to be complete: it may not call.
    assert "  voice_human pt-1: closed: cn.agency.mandate" in said


def test_a_case_that_cannot_be_read_is_named_after_the_others_were_listed(
    run: Run, embedded_database: Database
) -> None:
    run("contact", "open-case", write("untold.json", told_here()), "--id", "case-untold")
    quiet = write("quiet.json", typed(case_told()))
    run("contact", "open-case", quiet, "--id", "case-quiet", "--tenant", "lender-2")
    with embedded_database.engine(APP).begin() as connection:  # by SQL, past the program
        words = {"stream": "case:case-quiet", "kind": "case.added", "body": b"x"}
        connection.execute(JUNK, words)
    for listing in ("day", "notices"):
        code, said, wrong = run("contact", listing)
        assert (code, "agency_assigned: propose sms\n" in said) == (1, True)
        assert "error: case-quiet: case:case-quiet: entry 3 of it is none" in wrong
        told = json.loads(run("contact", listing, "--json")[1])
        assert [one["case_id"] for one in told.popitem()[1]] == ["case-untold"]


def test_the_notices_due_are_listed_and_nothing_is_proposed(run: Run) -> None:
    run("contact", "open-case", write("untold.json", told_here()), "--id", "case-untold")
    code, said, _ = run("contact", "notices")
    assert (code, said) == (
        0, "case-untold agency_assigned: propose sms\n1 cases, 1 notices due\n"
    )  # fmt: skip
    assert json.loads(run("contact", "notices", "--json")[1])["notices"][0]["what"] == "propose"


def test_a_report_on_what_nobody_sent_is_nobodys(run: Run, tmp_path: Path) -> None:
    (tmp_path / "channels.toml").write_text(channel_file("http://127.0.0.1:9", 25, tmp_path))
    report = write("report.json", {"msgid": "m-1", "status": "DELIVRD", "time": 1795600000000})
    code, said, error = run("contact", "heard", report, "--channels", "channels.toml")
    assert (code, said, error) == (1, "", "nothing is known under that id\n")
    (tmp_path / "late.eml").write_bytes(bounce("<d-1@l.invalid>", "delayed", 0))
    assert run("contact", "heard", "late.eml", "--channel", "email")[0] == 0
    for wrong in (["--channel", "fax"], ["--channel", "sms"], ["--channel", "email"]):
        assert run("contact", "heard", report, *wrong)[0] == 2


def test_a_call_that_is_not_allowed_is_not_handed_to_the_dialler(
    run: Run, embedded_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_key(tmp_path / "keys", "k1")
    monkeypatch.setenv("KUANXIAN_KEY_FILE", str(tmp_path / "keys"))
    monkeypatch.setenv("KUANXIAN_VAULT_URL", embedded_database.url("kx_vault"))
    (tmp_path / "channels.toml").write_text('[voice]\nurl = "http://127.0.0.1:9/calls"\n')
    run("contact", "open-case", write("case.json", told_here()), "--id", "case-call")
    sending = ("contact", "send", write("call.json", call_form("case-call")), "--key", "k-1")
    code, _, error = run(*sending, "--channels", "channels.toml")
    assert (code, "KUANXIAN_VOICE_KEY is not set" in error) == (2, True)
    monkeypatch.setenv("KUANXIAN_VOICE_KEY", "k" * 32)
    code, said, _ = run(*sending, "--channels", "channels.toml")
    assert (code, ", not sent\n" in said, "cn.agency.mandate" in said) == (1, True, True)
    told = json.loads(run(*sending, "--channels", "channels.toml", "--json")[1])
    assert (told["state"], told["answer"]["allowed"]) == ("not sent", False)


@pytest.mark.parametrize(
    ("state", "code"),
    [(None, 1), (State.FAILED, 1), (State.EXPIRED, 1), (State.ACCEPTED, 0), (State.UNCERTAIN, 0)],
)
def test_a_shell_sees_whether_anything_went_out(state: State | None, code: int) -> None:
    receipt = Receipt("d-1", "sms", state, 0) if state else None
    assert exit_of(receipt) == code
    # An earlier try under the key may have been killed after it went out.
    said = [state.value] * 2 if state else ["not sent", "not sent now (over)"]
    assert [state_of(receipt, became) for became in ("", "over")] == said


def test_a_dialler_s_report_is_believed_under_its_signature_alone(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUANXIAN_VOICE_KEY", "k" * 32)
    (tmp_path / "channels.toml").write_text('[voice]\nurl = "http://127.0.0.1:9/calls"\n')
    now = read_clock()
    body = {"order_id": "d-1", "call_id": "c-1", "outcome": "busy", "happened_at_us": now}
    heard = ("contact", "heard", write("call.json", body), "--channel", "voice")
    assert run(*heard)[0] == 2
    signed_by = (*heard, "--channels", "channels.toml", "--signature")
    code, _, error = run(*signed_by, "t=1,v1=" + "0" * 64)
    assert (code, "does not fit the body and the key" in error) == (2, True)
    signed = sign(Path("call.json").read_bytes(), SecretBytes(b"k" * 32), now // 1_000_000)
    assert run(*signed_by, signed) == (1, "", "nothing is known under that id\n")


def test_evidence_without_its_paper_or_its_zone_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "scan.pdf").write_bytes(b"%PDF")
    given = ("contact", "--actor", "officer-7", "arrived", "d-" + "0" * 32, "--what", "signed_for")
    code, _, error = run(*given, "--at", "2026-12-01T10:00:00+08:00", "--receipt", "scan.pdf")
    assert (code, "no notice was sent under it" in error) == (2, True)
    assert "no instant" in run(*given, "--at", "2026-12-01T10:00:00")[2]


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"to": "13800138000"}, "to: missing, unknown"),
        ({"13800138000": 1}, "a field: missing, unknown"),
        ({"case_id": "case-nowhere"}, "there is no such case"),
    ],
)
def test_an_act_that_cannot_be_proposed_is_words_without_the_value(
    run: Run, told: dict[str, object], words: str
) -> None:
    call = write("call.json", {**call_form("case-17"), **told})
    code, said, error = run("contact", "propose", call, "--key", "k-1")
    assert (code, said) == (2, "")
    assert words in error
    assert "13800138000" not in error


def test_an_outcome_of_no_grant_is_refused(run: Run) -> None:
    run("contact", "open-case", write("case.json", typed(case_told())), "--id", "case-17")
    told = {"case_id": "case-17", "grant_id": "d-" + "0" * 32, "by": "a-1", "officer": "o-1",
            "outcome": "no_answer", "happened_at": "2026-11-25T12:00:00+08:00"}  # fmt: skip
    code, _, error = run("contact", "outcome", write("outcome.json", told))
    assert code == 2
    assert "no such grant" in error


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"happened_at": "noon"}, "happened_at"), ({"case_id": "case-none"}, "case_id"),
     ({"by": "a-2"}, "by"), ({"signs": "distress"}, "signs")],
)  # fmt: skip
def test_a_stop_in_an_outcome_that_is_refused_is_taken_in(
    run: Run, scene: Scene, monkeypatch: pytest.MonkeyPatch, wrong: dict[str, str], field: str
) -> None:
    monkeypatch.setattr("kuanxian.cli.contact.opened_gate", lambda _: nullcontext(scene.gate))
    case = scene.case()
    grant = scene.gate.propose(scene.call(case)).decision_id
    told = {"case_id": case, "grant_id": grant, "by": "a-1", "officer": "o-1", "outcome": "busy",
            "happened_at": "2026-11-25T12:00:00+08:00", "signs": ["distress"], **wrong}  # fmt: skip
    code, _, error = run("contact", "outcome", write("outcome.json", told))
    assert (code, f"error: {field}: " in error) == (2, True)
    assert "Taken in all the same: distress." in error
    assert not scene.gate.propose(scene.call(case)).allowed
    assert grant not in scene.gate.read(case).file.reported
    for stray in ("d-none", 7, "\ud800"):
        lost = run("contact", "outcome", write("outcome.json", told | {"grant_id": stray}))
        assert (lost[0], "distress" in lost[2]) == (2, False)


def test_a_key_is_shown_once_listed_without_its_secret_and_revoked(
    run: Run, tmp_path: Path
) -> None:
    code, sent, _ = run("api", "key", "add", "a-1", "--scope", "contacts:propose", *PEPPER)
    assert code == 0
    found = re.fullmatch(r"kx_([0-9a-f]{12})_([0-9a-f]{64})\n", sent)
    assert found
    assert (tmp_path / "keys/pepper").stat().st_mode & 0o077 == 0
    listed = run("api", "key", "list", "--json")[1]
    assert json.loads(listed)[0]["party"] == "a-1"
    assert found[2] not in listed
    assert run("api", "key", "revoke", found[1])[:2] == (0, "revoked\n")
    assert "revoked 20" in run("api", "key", "list")[1]
    assert run("api", "key", "revoke", "0" * 12)[0] == 2
    assert run("api", "key", "add", "13800138000", "--scope", "windows:read", *PEPPER)[0] == 2
    assert run("api", "key", "add", "a-1", "--scope", "all", *PEPPER)[0] == 2


def test_without_a_pepper_nothing_is_served(run: Run) -> None:
    code, _, error = run("api", "serve", *PEPPER)
    assert code == 2
    assert "kuanxian api key add makes it" in error


@pytest.mark.slow
def test_the_server_answers_on_loopback(run: Run) -> None:
    scopes = ("--scope", "contacts:propose", "--scope", "reports:tell")
    sent = run("api", "key", "add", "a-1", *scopes, *PEPPER)[1].strip()
    channels = channel_file("http://127.0.0.1:9", 25, Path("queue"))
    Path("channels.toml").write_text(channels, encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    policy = Path("house.toml")
    policy.write_text(HOUSE, "utf-8")
    words = [str(PROGRAM), "api", "--law-policy", "house.toml", "serve", "--port", str(port),
             *PEPPER, "--channels", "channels.toml"]  # fmt: skip
    server = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        assert server.stdout.readline() == f"listening on http://127.0.0.1:{port}\n"
        headers = {"authorization": f"Bearer {sent}", "idempotency-key": "k-1"}
        transport = httpx.HTTPTransport(retries=20)
        with httpx.Client(transport=transport, timeout=30) as client:
            answer = client.post(f"http://127.0.0.1:{port}/v1/contacts", headers=headers,
                                 json=call_form("case-nowhere"))  # fmt: skip
            told = {"msgid": "m-nobodys", "status": "DELIVRD", "time": 1}
            heard = client.post(f"http://127.0.0.1:{port}/v1/reports/sms", headers=headers,
                                json=told)  # fmt: skip
        assert answer.json()["code"] == "case-unknown"
        assert heard.json()["code"] == "report-unknown"
        # A narrower policy comes into force; a wider one does not, and the server goes on.
        assert server.stderr is not None
        for figure, begins in ((6, "rulebook in force: "), (1, "error: the policy: house.toml:4")):
            policy.write_text(HOUSE.replace("5", str(figure)), "utf-8")
            server.send_signal(signal.SIGHUP)
            assert server.stderr.readline().startswith(begins)
        assert server.poll() is None
    finally:
        server.terminate()
        said = server.communicate(timeout=30)
    assert "Traceback" not in said[1]
