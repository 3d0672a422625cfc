"""The commands on people: typed in, never shown, handed to nobody but whom it is about."""

import io
import itertools
import json
import os
import stat
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from tests.databases import Running
from tests.door.made_up import vcard

from kuanxian.cli import main as command_line

NUMBERS = itertools.count(1)
PHONE = "17405000001"
Said = tuple[int, str, str]
Run = Callable[..., Said]


class Typed(io.TextIOWrapper):
    """Standard input with something typed in."""

    def __init__(self, text: str) -> None:
        super().__init__(io.BytesIO(text.encode()), encoding="utf-8")


@pytest.fixture
def run(
    embedded: Running,
    key_file: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Run a command on the embedded database, with something typed in."""
    for name in ("KUANXIAN_KEYS", "KUANXIAN_DATABASE_URL", "KUANXIAN_TENANT", "KUANXIAN_ACTOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KUANXIAN_DATA", str(embedded.server.data))
    monkeypatch.setenv("KUANXIAN_KEY_FILE", str(key_file))
    monkeypatch.setenv("KUANXIAN_LENDER_NAME", "某某消费金融有限公司")
    monkeypatch.setenv("KUANXIAN_LENDER_REACH", "400-000-0000")

    def run_one(*words: str, typed: str = "") -> Said:
        monkeypatch.setattr("sys.stdin", Typed(typed))
        with pytest.raises(SystemExit) as stop:
            command_line.main(words)
        said = capsys.readouterr()
        code = stop.value.code
        assert isinstance(code, int)
        return code, said.out, said.err

    return run_one


@pytest.fixture
def person(run: Run) -> str:
    name = f"cli-{os.getpid()}-{next(NUMBERS)}"
    assert run("person", "add", name) == (0, f"{name}: added as debtor\n", "")
    assert run("person", "put", name, "phone", typed=PHONE)[0] == 0
    return name


def test_a_value_goes_in_and_is_not_shown(run: Run, person: str) -> None:
    code, said, _ = run("person", "put", person, "name", typed="王小五\n")
    assert (code, said) == (0, f"{person}: name sealed, version 1\n")
    code, said, _ = run("person", "show", person)
    assert "holds: name, phone" in said
    assert PHONE not in said
    facts = json.loads(run("person", "show", person, "--json")[1])
    assert facts["fields"] == ["name", "phone"]
    code, said, _ = run("person", "find", "phone", typed=f"+86 {PHONE}")
    assert person in said.split()


WRONG = [
    (("put", "{p}", "phone"), "123456789012", "phone: it is no phone number"),
    (("put", "{p}", "phone"), f"{PHONE}\n17405000002", "it is not one line"),
    (("put", "{p}", "phone"), "", "it is not one line"),
    (("put", "{p}", "name"), vcard(), "shaped like an address book"),
    (("put", "{p}", "location"), "here", "there is no such field"),
    (("correct", "{p}", "email"), "a@example.org", "no such value is held"),
    (("add", "{p}"), "", "refuses it"),
    (("show", "nobody-at-all"), "", "no such person"),
    (("stop",), "made-up", "damaged, or not ours"),
    (("erase", "{p}", "--lender-type", "bank", "--date", "17405000001"), "", "name=YYYY-MM-DD"),
    (("erase", "{p}", "--lender-type", "bank", "--date", "colected_on=2026-01-31"), "", "no clock"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "typed", "said"), WRONG)
def test_what_is_wrong_is_words_and_a_code_and_quotes_nothing(
    run: Run, person: str, words: tuple[str, ...], typed: str, said: str
) -> None:
    code, out, error = run("person", *[word.format(p=person) for word in words], typed=typed)
    assert code == 2
    assert said in error
    assert "123456789012" not in out + error
    assert PHONE not in out + error
    assert "Traceback" not in error


def test_a_copy_is_for_its_owner_alone_and_made_once(run: Run, person: str, tmp_path: Path) -> None:
    out = tmp_path / "copy.json"
    words = ("person", "export", person, "--request", f"r-{person}", "--out", str(out))
    code, said, _ = run(*words)
    assert code == 0
    assert PHONE not in said
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert json.loads(out.read_text("utf-8"))["values"] == {"phone": f"+86{PHONE}"}
    assert run(*words)[0] == 2
    assert out.exists()
    other = tmp_path / "other.json"
    assert run(*words[:-1], str(other))[0] == 2
    assert not other.exists()


def test_contacts_are_named_one_by_one_and_stop_by_a_word(run: Run, person: str) -> None:
    names = [f"{person}-c{number}" for number in (1, 2, 3)]
    purpose = ("--purpose", "pass_message")
    codes = [run("person", "nominate", person, name, *purpose)[0] for name in names]
    assert codes == [0, 0, 2]
    assert run("person", "put", names[0], "phone", typed="17405000002")[0] == 0
    assert run("person", "put", names[0], "address", typed="某市")[0] == 2
    assert f"contact 1: {names[0]}" in run("person", "show", person)[1]
    assert f"{names[0]}: left alone: settled_on" in run("vault", "retention")[1]
    assert run("person", "settle", person)[1].endswith("contacts erased: 2\n")
    assert run("person", "settle", person)[1] == "contacts erased: 0\n"


def test_restrict_release_consents_and_explain(run: Run, person: str) -> None:
    assert run("person", "restrict", person)[:2] == (0, f"{person}: restricted\n")
    assert run("person", "release", person)[:2] == (0, f"{person}: active\n")
    words = ("person", "consents", person, "--purpose", "marketing", "--answer")
    shown = run(*words[:-1])[1]
    assert "某某消费金融有限公司" in shown
    receipt = json.loads(run(*words, "given")[1])
    assert (receipt["event"]["event_type"], receipt["receipt"]["notice"]) == ("given", shown)
    assert "recipient" in run("person", "consents", person, "--purpose", "report_credit")[2]
    assert run(*words, "perhaps")[0] == 2
    assert "您已撤回" in run(*words, "withdrawn")[1]
    assert [line.split()[2] for line in run("person", "consents", person)[1].splitlines()] == [
        "given", "withdrawn",
    ]  # fmt: skip
    told = json.loads(run("person", "explain", person, "--lender-type", "bank")[1])
    assert told["fields"] == ["phone"]


def test_erasing_gives_a_certificate_or_says_which_duty_keeps_it(
    run: Run, person: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = "cn.retention.collection_record_consumer_finance"
    frozen = run("person", "erase", person, "--lender-type", "consumer_finance", "--date",
                 "collected_on=2099-01-31", "--policy", clock)  # fmt: skip
    assert json.loads(frozen[1])["frozen_until"] == "2104-01-31"
    unknown = run("person", "erase", person, "--lender-type", "consumer_finance", "--date",
                  "collected_on=unknown", "--policy", clock)  # fmt: skip
    assert "nobody knows the day" in unknown[2]
    stray = run("person", "erase", person, "--lender-type", "bank", "--policy", "no.such.clock")
    assert "a clock that is not there" in stray[2]
    early = run("vault", "retention", "--on", "2104-02-01")
    assert (early[0], "it lies ahead" in early[2]) == (2, True)
    assert ", frozen, since" in run("person", "show", person)[1]
    monkeypatch.setattr("kuanxian.cli.vault.today", lambda: date(2104, 2, 1))
    gone = run("vault", "retention", "--on", "2104-02-01", "--json")
    assert person in [one["person"] for one in json.loads(gone[1])["erased"]]
    assert run("vault", "retention", "--on", "2104-02-01")[1].startswith("erased: 0, frozen: 0")
    assert run("vault", "retention", "--on", "soon")[0] == 2
    assert ", erased, since" in run("person", "show", person)[1]


def test_a_new_key_and_a_rotation(run: Run, person: str, tmp_path: Path) -> None:
    assert run("vault", "new-key", "k2")[0] == 0
    assert run("vault", "new-key", "k2")[0] == 2
    (tmp_path / "keys").chmod(0o644)
    code, _, error = run("vault", "rotate")
    assert code == 2
    assert "chmod 600" in error
    (tmp_path / "keys").chmod(0o600)
    assert run("person", "put", person, "name", typed="王小五")[0] == 0


def test_the_owner_sets_budgets_lays_traps_and_thaws(run: Run, person: str, tmp_path: Path) -> None:
    assert run("vault", "budget", "officer", person, "0")[0] == 0
    out = ("--request", f"b-{person}", "--out", str(tmp_path / "copy.json"))
    code, _, error = run("person", "--actor", person, "export", person, *out)
    assert code == 2
    assert "too many openings" in error
    assert run("vault", "budget", "planet", "x", "1")[0] == 2
    assert run("vault", "poison", "nobody-at-all")[0] == 2
    assert run("vault", "poison", person)[0] == 0
    assert "not frozen" in run("vault", "thaw", f"officer-{person}")[1]
    for command in (("budget", "officer", PHONE, "1"), ("poison", PHONE), ("thaw", PHONE)):
        code, said, error = run("vault", *command)
        assert code == 2
        assert PHONE not in said + error


def test_a_copy_of_a_trap_freezes_and_another_thaws(run: Run, person: str, tmp_path: Path) -> None:
    officer = f"officer-{person}"
    run("vault", "poison", person)
    out = tmp_path / "copy.json"
    words = ("person", "--actor", officer, "export", person, "--request", person, "--out", str(out))
    code, _, error = run(*words)
    assert (code, out.exists()) == (2, False)
    assert "may not be processed" in error
    assert "own id" in run("vault", "--actor", officer, "thaw", officer)[1]
    assert "may open again" in run("vault", "--actor", "chief", "thaw", officer)[1]


def test_a_contact_who_refuses_is_erased_by_the_same_command(run: Run, person: str) -> None:
    contact = f"{person}-c"
    assert run("person", "nominate", person, contact, "--purpose", "pass_message")[0] == 0
    words = ("person", "consents", contact, "--purpose", "pass_message", "--language", "en")
    assert "passing on a message" in run(*words)[1]
    assert json.loads(run(*words, "--answer", "refused")[1])["event"]["event_type"] == "refused"
    assert ", erased, since" in run("person", "show", contact)[1]


def test_a_contact_is_asked_shown_what_is_held_and_stops_with_the_word_of_the_notice(
    run: Run, person: str
) -> None:
    contact = f"{person}-c"
    phone = f"1740509{next(NUMBERS):04}"
    assert run("person", "nominate", person, contact, "--purpose", "pass_message")[0] == 0
    assert run("person", "put", contact, "phone", typed=phone)[0] == 0
    shown = run("person", "notice", contact, "--language", "en")[1]
    words = ("person", "ask", contact, "--language", "en", "--purpose")
    assert "another purpose" in run(*words, "restore_contact")[2]
    assert run(*words, "pass_message")[:2] == (0, shown)
    assert "has not answered" in run(*words, "pass_message")[2]
    told = json.loads(run("person", "view", contact)[1])
    assert (told["state"], told["fields"]) == ("noticed", ["phone"])
    assert [one["event_type"] for one in told["said"]] == ["requested"]
    word = shown.splitlines()[-1].removeprefix("Your stop word: ")
    assert json.loads(run("person", "stop", typed=word)[1])["reason"] == "stop"
    for command in ("notice", "view"):
        assert "no such contact" in run("person", command, person)[2]
