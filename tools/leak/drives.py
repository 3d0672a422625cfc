"""Drives: each uses a part of the product with canaries. A new command needs a new one.

``COVERS`` says which words of the command line a drive uses; ``tests/leak`` fails where a
command is in no drive and not in ``NO_PERSONAL_DATA`` with its reason.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from importlib.resources import files
from itertools import product
from pathlib import Path
from random import Random
from typing import Any, Final, NamedTuple

import sqlalchemy as sa
from tools.leak.canaries import Canary
from tools.leak.endpoints import ask, requests_with, served
from tools.leak.leaves import leaf_of, leaves

from kuanxian.api.keyring import SCOPES
from kuanxian.base.errors import KuanxianError
from kuanxian.store.place import engine
from kuanxian.store.roles import APP
from kuanxian.store.up import Standing
from kuanxian.vault import consent, contact, opening, people, rights
from kuanxian.vault.keeper import Keeper
from kuanxian.vault.notice import Notice
from kuanxian.vault.secret import Secret

AT: Final = datetime(2024, 3, 1, 4, tzinfo=UTC)
PROGRAM: Final = str(Path(sys.executable).with_name("kuanxian"))
LEAVES: Final = leaves()
NO_PERSONAL_DATA: Final = {
    "demo": "makes up its own book",
    "simulate": "makes up its own book",
    "close": "reads a book, which has no personal field; the intake drive looks at the book. Its "
    "evening lists what contact day lists, and sends as contact notices does",
    "law": "reads rules and pseudonymous cases; a key that the case file does not have is refused",
    "screen": "shows the words of a message to who typed them; keeps nothing",
    "provider": "a stand-in for trying out channels",
    "up": "starts the server that every drive stands on",
    "down": "stops it",
}


class Field(NamedTuple):
    """Where a drive works."""

    folder: Path
    """Everything below is looked through, but for ``permitted``."""
    permitted: Path
    """What a person asked for goes here: it may show them."""
    standing: Standing
    keeper: Keeper
    people: list[Canary]
    environment: dict[str, str]
    driven: set[tuple[str, ...]]
    """The commands that were run, by the words that lead to them."""

    @property
    def app(self) -> sa.Engine:
        """Log in as who decides."""
        return engine(self.standing.place, APP)

    def command(self, *words: str, typed: str = "") -> subprocess.CompletedProcess[bytes]:
        """Run a command; keep what it says where it is looked through."""
        done = subprocess.run(
            [PROGRAM, *words], check=False,
            input=typed.encode(), capture_output=True, env=self.environment, cwd=self.folder,
        )  # fmt: skip
        self.driven.add(leaf_of(words, LEAVES))
        with (self.folder / "said.log").open("ab") as log:
            # The first words only: a drive may give a value as an argument, by mistake.
            log.write(" ".join(words[:2]).encode() + b"\n" + done.stdout + done.stderr)
        return done

    def note(self, error: BaseException) -> None:
        """Keep an error message, whole with its causes, where it is looked through."""
        with (self.folder / "errors.log").open("a", encoding="utf-8") as log:
            seen: BaseException | None = error
            while seen is not None:
                log.write(f"{type(seen).__name__}: {seen!r} {seen}\n")
                seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)


class _Sink:
    """A channel that keeps nothing."""

    name = "sink"

    def __init__(self, broken: bool = False) -> None:
        self.broken = broken

    def deliver(self, value: Secret) -> str:
        if self.broken:
            raise RuntimeError(f"no line to {value.reveal()}")
        return "sent"


def drive_vault(field: Field) -> None:
    """Put everybody in; open, find, correct, consent, nominate, stop, freeze, erase."""
    chance = Random(7)
    for place, one in enumerate(field.people):
        if place % 3 == 2:
            _nominate(field, field.people[place - place % 3], one)
            continue
        people.add_person(field.keeper, one.person)
        for name, value in one.values().items():
            people.put_value(field.keeper, one.person, name, value)
    debtors = [one for place, one in enumerate(field.people) if place % 3 != 2]
    for one in chance.sample(debtors, max(2, len(debtors) // 5)):
        _live(field, one, chance)


def _nominate(field: Field, debtor: Canary, one: Canary) -> None:
    contact.nominate(field.keeper, debtor.person, one.person, "pass_message")
    people.put_value(field.keeper, one.person, "name", one.name)
    people.put_value(field.keeper, one.person, "phone", one.phone)


def _live(field: Field, one: Canary, chance: Random) -> None:
    keeper = field.keeper
    decision = opening.Decision(
        f"d-{one.person}", keeper.tenant, None, one.person, "contact", "collect", True,
        f"officer-{chance.randrange(9)}", None, "made-up", 600,
    )  # fmt: skip
    opening.record_decision(field.app, decision)
    for name in ("phone", "name"):
        handle = opening.issue_handle(field.app, decision, name, "sink")
        for _ in range(2):
            try:
                opening.open_for(keeper, handle, _Sink(broken=chance.random() < 0.3))
            except KuanxianError as error:
                field.note(error)
    people.find_people(keeper, "phone", one.phone)
    people.put_value(keeper, one.person, "address", one.address)
    notice = Notice("n", 1, "en", "marketing", "…")
    consent.answer_consent(keeper, one.person, notice, chance.choice(["given", "refused"]), AT)
    kind = chance.randrange(3)
    if kind == 0:
        rights.delete_or_freeze(keeper, one.person, [], date(2026, 3, 1))
    elif kind == 1:
        rights.restrict(keeper, one.person)
    for named in contact.contacts_of(keeper, one.person):
        if named.state != "erased":
            contact.stop(keeper, contact.stop_token(keeper, named.contact), AT)


def drive_wrong_values(field: Field) -> None:
    """Put values into places where they do not belong: every error must keep quiet."""
    for one in field.people[:40]:
        values = list(one.values().values())
        for wrong, name in zip(values, [*values[1:], values[0]], strict=True):
            for attempt in _mistakes(field, one, wrong, name):
                try:
                    attempt()
                except (KuanxianError, sa.exc.SQLAlchemyError) as error:
                    field.note(error)


def _mistakes(field: Field, one: Canary, wrong: str, name: str) -> Iterator[Callable[[], object]]:
    keeper = field.keeper
    yield lambda: people.add_person(keeper, wrong)
    yield lambda: people.put_value(keeper, one.person, "identity_number", f"{wrong} {name}")
    yield lambda: people.put_value(keeper, one.person, "phone", name * 2)
    yield lambda: people.put_value(keeper, wrong, "phone", one.phone)
    yield lambda: people.find_people(keeper, "bank_card", wrong)
    yield lambda: contact.nominate(keeper, wrong, one.person, wrong)
    yield lambda: contact.read_stop_token(keeper, wrong)
    yield lambda: rights.copy_of(keeper, field.app, wrong, "r")


def drive_commands(field: Field) -> None:
    """The commands on people, as a person types them; values wrong and right."""
    one, other, third = field.people[-1], field.people[-4], field.people[-7]
    run = field.command
    person = f"{one.person}-cli"
    run("person", "add", person)
    run("person", "add", one.phone + "|" + one.name)
    run("person", "add", f"{person}-g", "--role", "guarantor")
    run(
        "person",
        "owes",
        f"{person}-g",
        "--debtor",
        person,
        "--contract",
        "g-1",
        "--signed-on",
        "2026-01-31",
    )
    run("person", "owes", one.phone, "--contract", other.phone, "--signed-on", one.name)
    for name, value in one.values().items():
        run("person", "put", person, name, typed=value)
        run("person", "put", person, name, typed=f"{value}\n{other.name}")
        run("person", "correct", person, name, typed=value + "?")
    run("person", "correct", person, "phone", typed=third.phone)
    run("person", "find", "phone", typed=third.phone)
    run("person", "show", person, "--json")
    run("person", "nominate", person, f"{person}-c", "--purpose", "pass_message")
    run("person", "put", f"{person}-c", "phone", typed=other.phone)
    wording = ("--lender", "Example Loans", "--reach", "400-000-0000")
    run("person", "notice", f"{person}-c", *wording)
    run("person", "ask", f"{person}-c", "--purpose", "pass_message", *wording)
    run("person", "view", f"{person}-c")
    run("person", "stop", typed=contact.stop_token(field.keeper, f"{person}-c"))
    run("person", "stop", typed=other.identity_number)
    run("person", "settle", person)
    run("person", "consents", person, "--purpose", "marketing", *wording)
    run("person", "consents", person, "--purpose", "marketing", "--answer", "refused", *wording)
    run("person", "consents", person, "--purpose", other.phone, "--answer", one.name, *wording)
    run("person", "consents", person)
    run("person", "explain", person, "--lender-type", "bank")
    run("person", "export", person, "--request", "r-1", "--out", str(field.permitted / "copy.json"))
    run("person", "restrict", person)
    run("person", "release", person)
    run("person", "erase", person, "--lender-type", "bank")
    for value in (one.phone, "officer-3"):
        run("vault", "budget", "officer", value, "3")
        run("vault", "poison", value)
        run("vault", "thaw", value)
    run("vault", "poison", person)
    run("vault", "new-key", "k2")
    run("vault", "rotate")
    run("vault", "retention", "--json")


def drive_journal(field: Field) -> None:
    """Everything the journal gives out: lines, a signed state, proofs, a bundle of evidence."""
    run, out = field.command, field.folder
    run("journal", "checkpoint", "--name", "lender.example/journal", "--out", str(out / "note.txt"))
    run("journal", "verify", "--json")
    run("journal", "prove", "--entry", "3")
    run("journal", "export", "--out", str(out / "journal.jsonl"))
    stream = f"person:lender-1:{field.people[0].person}"
    run("journal", "evidence", stream, "--out", str(out / "bundle"))
    run("journal", "evidence", field.people[0].phone, "--out", str(out / "no-bundle"))
    run("journal", "take", str(out / "book-loans.csv"))
    run("journal", "take", str(field.permitted / "loans.csv"), "--actor", field.people[0].phone)


def drive_files(field: Field) -> None:
    """Files of a lender: borrowers in columns nobody asked for, address books, loan files."""
    # What is handed in is the lender's own file; what the product makes of it is looked at.
    given = field.permitted
    rows = ["loan_id,姓名,手机,principal_fen,disbursed_on,instalments,rate_ppb"]
    for place, one in enumerate(field.people[:200]):
        wrong = one.phone if place % 7 == 0 else "100000"
        day = one.name if place % 11 == 0 else "2026-01-31"
        rows.append(f"L-{place},{one.name},{one.phone},{wrong},{day},12,180000000")
    (given / "loans.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    book = [f"{one.name},{one.phone}" for one in field.people[:50]]
    (given / "book.csv").write_text("姓名,电话\n" + "\n".join(book), encoding="utf-8")
    card = "".join(
        f"BEGIN:VCARD\nFN:{o.name}\nTEL:{o.phone}\nEND:VCARD\n" for o in field.people[:9]
    )
    (given / "book.vcf").write_text(card, encoding="utf-8")
    loan = f'[terms]\nprincipal = "{field.people[0].phone}"\nname = "{field.people[0].name}"\n'
    (given / "loan.toml").write_text(loan, encoding="utf-8")
    own = files("kuanxian.intake").joinpath("layouts/kuanxian.toml").read_text(encoding="utf-8")
    wide = given / "wide.toml"  # our own form, which passes over the columns it does not name
    wide.write_text(own.replace('others = "refuse"', 'others = "pass"'), encoding="utf-8")
    for name, layout in product(("loans.csv", "book.csv", "book.vcf"), ("kuanxian", str(wide))):
        out = str(field.folder / f"book-{name}-{layout == 'kuanxian'}")
        field.command("intake", str(given / name), "--layout", layout, "--out", out)
    for name in ("loan.toml", "book.vcf", "book.csv"):
        field.command("loan", "schedule", str(given / name))
    for word in ("position", "payoff", "apr"):
        field.command("loan", word, str(given / "loan.toml"))


def drive_crashes(field: Field) -> None:
    """Kill commands at random instants, then the server, and start it again."""
    chance = Random(11)
    for place in range(12):
        one = field.people[place]
        started = subprocess.Popen(
            [PROGRAM, "person", "put", one.person, "address"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env=field.environment, cwd=field.folder,
        )  # fmt: skip
        try:
            said, _ = started.communicate(one.address.encode(), timeout=chance.uniform(0.2, 2.5))
        except subprocess.TimeoutExpired:
            started.send_signal(chance.choice([signal.SIGKILL, signal.SIGINT, signal.SIGTERM]))
            said, _ = started.communicate()
        with (field.folder / "said.log").open("ab") as log:
            log.write(said)
    cluster = Path(field.environment["KUANXIAN_DATA"]) / "postgres" / "postmaster.pid"
    os.kill(int(cluster.read_text().split("\n", 1)[0]), signal.SIGKILL)
    field.command("up")
    field.command("person", "show", field.people[0].person)


def drive_gate(field: Field) -> None:
    """Proposals, cases and keys with a person's values where ids belong."""
    run, one = field.command, field.people[0]
    run("contact", "open-case", "-", "--id", "case-1", typed=json.dumps(_case(one)))
    for value in (one.phone, one.name):
        told = {"case_id": value, "to": value, value: value, "text": value}
        asked = {"case_id": "case-1", "by": "l-1", "to": value, "point": value}
        run("contact", "propose", "-", "--key", "k", typed=json.dumps(told))
        run("contact", "send", "-", "--key", "k", "--channels", "c.toml", typed=json.dumps(told))
        run("contact", "outcome", "-", typed=json.dumps({"grant_id": value, value: 1}))
        run("contact", "open-case", "-", "--id", "c", typed=json.dumps({"people": [told]}))
        run(
            "contact",
            "open-case",
            "-",
            "--id",
            value,
            typed=json.dumps({**_case(one), "people": []}),
        )
        run("contact", "windows", "-", typed=json.dumps(asked))
        run("contact", "add", "-", "--id", "case-1", "--key", value, typed=json.dumps(told))
        run("contact", "add", "-", "--id", value, "--key", "k", typed="{}")
        for of, facts in (value, told), ("l-1", told), ("l-1", {"account_approved": value}):
            typed = json.dumps(facts)
            run("contact", "state", "-", "--id", "case-1", "--of", of, "--key", value, typed=typed)
        run("contact", "answers", value)
        run("api", "key", "add", value, "--scope", "windows:read")
        run("api", "key", "revoke", value)
        run("contact", "heard", "-", "--channel", "email", typed=f"To: {value}\n\n{value}")
        run("contact", "heard", "-", "--channel", "voice", "--signature", value, typed=value)
        run("contact", "arrived", value, "--what", value, "--at", value, "--number", value)
    run("contact", "day", "--json")
    run("contact", "notices", "--json")


def _case(one: Canary) -> dict[str, Any]:
    """Tell of a case with pseudonymous ids alone, as it should be."""
    return {
        "country": "cn", "lender": {"id": "l-1", "type": "consumer_finance"},
        "people": [{"id": one.person, "role": "debtor", "origin": "contract",
                    "zones": ["Asia/Shanghai"], "born_on": "1990-06-01"}],
        "points": [{"id": "pt-1", "person": one.person, "kind": "mobile", "origin": "contract",
                    "place": "mobile"}],
        "parties": [{"id": "l-1", "kind": "lender"}],
        "debts": [{"id": "d-1", "debtor": one.person}], "complete": [], "timeline": [],
    }  # fmt: skip


CHANNELS: Final = """[sms]
url = "http://127.0.0.1:9"
request = { number = "{number}", text = "{text}", order = "{order_id}" }
response = { code = "code", provider_id = "msgid", accepted = ["0"] }
report = { provider_id = "msgid", state = "status", at = "time", form = "unix_milliseconds", \
delivered = ["DELIVRD"], failed = ["UNDELIV"] }
"""
"""A channel whose provider may post reports."""


def drive_endpoints(field: Field) -> None:
    """Every route of the server, with a person's values in address, headers and body."""
    pepper = Path(field.environment["KUANXIAN_KEY_FILE"]).with_name("api.pepper")
    scopes = [part for scope in SCOPES for part in ("--scope", scope)]
    key = field.command("api", "key", "add", "l-1", *scopes, "--pepper", str(pepper))
    field.command("api", "key", "list", "--json")
    channels = field.folder / "channels.toml"
    channels.write_text(CHANNELS, encoding="utf-8")
    command = [PROGRAM, "api", "serve", "--pepper", str(pepper), "--channels", str(channels)]
    with served(command, field.environment) as (url, said):
        field.driven.add(("api", "serve"))
        with (field.folder / "answers.log").open("ab") as log:
            for one in field.people[:2]:
                for method, path, headers, body in requests_with(one, key.stdout.decode().strip()):
                    log.write(ask(url + path, method, headers, body))
    with (field.folder / "said.log").open("ab") as log:
        log.writelines(said)


DRIVES: Final[dict[str, tuple[Callable[[Field], None], tuple[str, ...]]]] = {
    "vault": (drive_vault, ()),
    "wrong values": (drive_wrong_values, ()),
    "commands": (drive_commands, ("person", "vault")),
    "files": (drive_files, ("intake", "loan")),
    "journal": (drive_journal, ("journal",)),
    "gate": (drive_gate, ("contact",)),
    "endpoints": (drive_endpoints, ("api",)),
    "crashes": (drive_crashes, ()),
}
"""Each drive, and which commands it covers."""
