"""What the tests of the vault share: a vault on a real database, and an officer's way in."""

import itertools
import json
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa
from tests.databases import Database, admin

from kuanxian.store.place import engine
from kuanxian.store.roles import AGENCY, APP, AUDIT, OWNER, VAULT, create_login
from kuanxian.vault.keeper import Keeper
from kuanxian.vault.keys import HeldKeys, new_key
from kuanxian.vault.opening import Decision, Handle, issue_handle, record_decision
from kuanxian.vault.people import add_person, put_value
from kuanxian.vault.secret import Secret, SecretBytes

PHONE = "17405000001"
NUMBERS = itertools.count(1)


class Dialler:
    """A channel that dials nothing: it says that it did, and a test may look what it had."""

    name = "dialler"

    def __init__(self) -> None:
        self.dialled: list[str] = []

    def deliver(self, value: Secret) -> str:
        self.dialled.append(value.reveal())
        return f"call-{len(self.dialled)}"


class Room(NamedTuple):
    """A vault on a database of its own."""

    database: Database
    keeper: Keeper
    app: sa.Engine
    audit: sa.Engine
    owner: sa.Engine

    def person(self, name: str = "", phone: str = PHONE) -> str:
        """Add a debtor with a phone number."""
        person = name or f"p-{next(NUMBERS)}"
        add_person(self.keeper, person)
        put_value(self.keeper, person, "phone", phone)
        return person

    def decide(self, person: str, **changed: Any) -> Decision:
        """Record a decision that allows a call, unless it is changed."""
        decision = Decision(
            decision_id=f"d-{next(NUMBERS)}", tenant=self.keeper.tenant, case_id=None,
            person_id=person, act="contact", purpose="collect", allowed=True, officer="officer-1",
            agency_id=None, rulebook_hash="made-up", fresh_seconds=60,
        )._replace(**changed)  # fmt: skip
        record_decision(self.app, decision)
        return decision

    def handle(self, person: str, field: str = "phone", **changed: Any) -> Handle:
        """Get the right to one opening."""
        return issue_handle(self.app, self.decide(person, **changed), field, "dialler")

    def marks(self, person: str) -> list[tuple[str, dict[str, object]]]:
        """Read the marks on a person's stream."""
        statement = sa.text(
            "SELECT kind, body FROM journal.entry WHERE stream = :s ORDER BY stream_version"
        )
        with self.audit.connect() as connection:
            stream = f"person:{self.keeper.tenant}:{person}"
            rows = connection.execute(statement, {"s": stream})
            return [(row.kind, json.loads(bytes(row.body))) for row in rows]

    def kinds(self, person: str) -> list[str]:
        return [kind for kind, _ in self.marks(person)]

    def as_owner(self, statement: str, **words: object) -> None:
        with self.owner.begin() as connection:
            connection.execute(sa.text(statement), words)

    def agency(self, agency_id: str) -> sa.Engine:
        """Make an agency with a login of its own."""
        login = f"{agency_id.replace('-', '_')}_{next(NUMBERS)}"
        place = self.database.place
        with admin(place, place.url.database or "") as connection:
            create_login(connection, login, AGENCY)
        with self.app.begin() as connection:
            connection.execute(
                sa.text("INSERT INTO casework.agency VALUES (:agency, :login)"),
                {"agency": agency_id, "login": login},
            )
        return engine(place._replace(url=place.url.set(username=login), embedded=False), AGENCY)


@pytest.fixture
def room(database: Database) -> Room:
    """Give a vault on a fresh database."""
    keeper = Keeper(
        "lender-1", database.engine(VAULT), HeldKeys({"k1": new_key()}, "k1"),
        SecretBytes(bytes(32)), SecretBytes(bytes(range(32))), "officer-9",
    )  # fmt: skip
    return Room(
        database, keeper, database.engine(APP), database.engine(AUDIT), database.engine(OWNER)
    )
