"""A town: a book that was closed, its cases on a real database, and channels that are real.

Four debtors of ten days past due: one can be texted, one mailed, one written to, one has the app.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.action.contact.conftest import make_scene
from tests.action.contact.scene import Scene, case_told
from tests.close.small_books import order, pay, plain_kernel, write
from tests.databases import Database
from tests.outreach.test_mail import Postmaster
from tests.outreach.test_sms import table

from kuanxian.action.contact import Gate
from kuanxian.action.contact.record import open_case
from kuanxian.action.contact.words import Lexicon
from kuanxian.base.days import day_of
from kuanxian.close.evening import Evening, run_evening
from kuanxian.close.ledger import CloseLedger
from kuanxian.close.run import close_day
from kuanxian.law.rulebook import Rulebook
from kuanxian.outreach.channels import open_channels
from kuanxian.outreach.dispatch import Dispatch
from kuanxian.outreach.order import Channel
from kuanxian.outreach.simulator.aggregator import Aggregator
from kuanxian.store.roles import APP, VAULT
from kuanxian.vault.keeper import Keeper
from kuanxian.vault.keys import HeldKeys, new_key
from kuanxian.vault.people import add_person, put_value
from kuanxian.vault.secret import SecretBytes

CLOSED_ON: Final = day_of(2026, 11, 25)
SIGNED: Final = "2026-01-10T12:00:00+08:00"
VALUES: Final = {
    "mobile": ("phone", "17405000000"),
    "email": ("email", "someone@example.invalid"),
    "address": ("address", "某某市某某路1号"),
    "app": ("", ""),
}


def close_of(folder: Path, loans: int) -> Path:
    """Close a book in which every loan missed the instalment of ten days ago."""
    months = range(2, 11)
    paid = [pay(seq, day_of(2026, month, 15)) for seq, month in enumerate(months, 1)]
    names = [f"loan-{number:04}" for number in range(loans)]
    book = write(folder / "book", [paid] * loans, names=names)
    out = folder / "2026-11-25"
    close_day(order(book.path, out, CLOSED_ON), kernel=plain_kernel)
    return out


def told_of(number: int, *kinds: str) -> dict[str, Any]:
    """Tell the case of a debtor with contact points of these kinds."""
    points = [
        {"id": f"pt-{kind}", "person": "p-1", "kind": kind, "origin": "contract",
         "place": "home" if kind == "address" else "mobile"}
        for kind in kinds
    ]  # fmt: skip
    consent = {"id": "co-1", "person": "p-1", "purpose": "report", "event": "given",
               "form": "written", "separate": True, "debt": "d-1",
               "happened_at": SIGNED, "known_at": SIGNED}  # fmt: skip
    told = json.dumps({**case_told(), "points": points, "consents": [consent]})
    told = told.replace('"p-1"', f'"p-{number}x"').replace('"d-1"', f'"loan-{number:04}"')
    return dict(json.loads(told))


@dataclass
class Town:
    """What a test acts on."""

    scene: Scene
    gate: Gate
    keeper: Keeper
    out: Path
    channels: dict[str, Channel]
    aggregator: Aggregator
    postmaster: Postmaster

    def open(self, number: int, *kinds: str) -> str:
        """Open the case of a loan whose debtor has points of these kinds."""
        person = f"p-{number}x"
        add_person(self.keeper, person)
        for field, value in (VALUES[kind] for kind in kinds):
            if field:
                put_value(self.keeper, person, field, value)
        told = told_of(number, *kinds)
        open_case(self.gate, f"case-{number}", told, tenant="lender", actor="system:test")
        return f"case-{number}"

    @property
    def dispatch(self) -> Dispatch:
        return Dispatch(self.gate, self.keeper, self.channels)

    def run(self, **more: Any) -> dict[str, Any]:
        """Run the evening and send."""
        told = {"dispatch": self.dispatch, **more}
        return run_evening(Evening(self.gate, CLOSED_ON, "system:evening", **told), self.out)

    def lines(self) -> dict[str, Any]:
        """Read what the evening wrote of each case."""
        text = self.out.with_name(f"{self.out.name}.evening.jsonl").read_text("utf-8")
        return {one["case_id"]: one for one in map(json.loads, text.splitlines())}

    def carried(self) -> tuple[int, int, int]:
        """Count the texts, the mails and the letters that left."""
        letters = self.channels["letter"].waiting()  # type: ignore[attr-defined]
        return self.aggregator.taken, len(self.postmaster.taken), len(letters)


@contextmanager
def town_on(
    database: Database, lexicon: Lexicon, book: Rulebook, folder: Path, port: int,
    postmaster: Postmaster,
) -> Iterator[Town]:  # fmt: skip
    """Found the town, its channels as a channel file has them."""
    scene = make_scene(database.engine(APP), lexicon, book)
    out = close_of(folder, 4)
    gate = Gate(
        scene.gate.app, book, lambda: lexicon, CloseLedger(out), scene.clock, tolerance_ms=None
    )
    keeper = Keeper(
        "lender", database.engine(VAULT), HeldKeys({"k1": new_key()}, "k1"),
        SecretBytes(bytes(32)), SecretBytes(bytes(range(32))), "system:channel",
    )  # fmt: skip
    aggregator = Aggregator("http://127.0.0.1:9/", scene.clock)
    file = folder / "channels.toml"
    file.write_text(channel_file(aggregator.url, port, folder / "queue"), "utf-8")
    channels = open_channels(file, os.environ, lambda _: None)
    yield Town(scene, gate, keeper, out, channels, aggregator, postmaster)
    aggregator.close()
    keeper.engine.dispose()
    gate.app.dispose()


def channel_file(aggregator: str, port: int, queue: Path) -> str:
    """Write a channel file with every channel."""
    sms = table(aggregator)
    lines = ["[sms]", *(f"{key} = {_toml(value)}" for key, value in sms.items())]
    lines += ["[email]", 'host = "127.0.0.1"', f"port = {port}", 'sender = "s@lender.invalid"',
              "starttls = false", "[letter]", f'queue = "{queue}"', "[in_app]"]  # fmt: skip
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {_toml(one)}" for key, one in value.items()) + "}"
    return json.dumps(value)
