"""What the tests of the gate share."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest
import sqlalchemy as sa
from tests.action.contact.scene import NOON, Clock, Ledger, Scene, make_gate, position
from tests.databases import Database, Running, copied

from kuanxian.action.contact.record import state_of_party
from kuanxian.action.contact.words import Lexicon
from kuanxian.law.load import load_rulebook
from kuanxian.law.rulebook import Rulebook
from kuanxian.screen import load_screen
from kuanxian.screen.folder import message_folder, screen_folder
from kuanxian.screen.template import load_templates
from kuanxian.store.place import engine
from kuanxian.store.roles import APP, LOGINS

REGISTERED = {
    "lender_name": "某某消费金融有限公司",
    "agency_name": "某某服务有限公司",
    "service_channel": "官方App",
    "complaint_channel": "400-000-0000",
    "credit_database": "金融信用信息基础数据库",
    "callback_number": "400-000-0001",
}


OVERDUE = position(
    days_past_due=12, days_past_due_grace=12, overdue_principal_fen=120_000,
    overdue_interest_fen=3_456, payoff_fen=900_000,
)  # fmt: skip


class Stage(NamedTuple):
    """A scene and its database."""

    database: Database
    scene: Scene


@pytest.fixture(scope="session")
def book() -> Rulebook:
    return load_rulebook()


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    screen = load_screen(screen_folder("cn"))
    return Lexicon(screen, load_templates(message_folder("cn"), screen), REGISTERED)


@pytest.fixture(scope="session")
def stage(embedded: Running, lexicon: Lexicon, book: Rulebook) -> Iterator[Stage]:
    """Make one database for all tests of the gate: each opens cases of its own."""
    for database in copied(embedded):
        place = database.place._replace(url=database.place.url.set(username=LOGINS[APP]))
        app = engine(place._replace(embedded=False), APP, pool_max=70)
        made = make_scene(app, lexicon, book)
        yield Stage(database, made)
        app.dispose()


@pytest.fixture
def scene(stage: Stage) -> Scene:
    """Set the clock and the ledger back."""
    stage.scene.clock.now = NOON
    stage.scene.ledger.positions = {"d-1": OVERDUE}
    stage.scene.gate.tolerance_ms = None
    return stage.scene


@pytest.fixture
def on_each_server(database: Database, lexicon: Lexicon, book: Rulebook) -> Scene:
    """Make a scene on each server in turn."""
    return make_scene(database.engine(APP), lexicon, book)


def make_scene(app: sa.Engine, lexicon: Lexicon, book: Rulebook) -> Scene:
    clock, ledger = Clock(), Ledger({"d-1": OVERDUE})
    made = Scene(make_gate(app, lexicon, book, clock, ledger), clock, ledger)
    for agency in ("a-1", "a-2"):
        facts = {"agency_contract_complete": True, "agency_violent_record": False}
        state_of_party(made.gate, agency, facts, lender="l-1", key="record", actor="system:test")
    return made
