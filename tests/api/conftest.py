"""The gate's scene behind a real HTTP server on loopback."""

import itertools
import threading
from collections.abc import Iterator
from typing import Any, NamedTuple

import httpx
import pytest
import uvicorn
from tests.action.contact.conftest import book, lexicon, scene, stage
from tests.action.contact.scene import Scene
from tests.outreach.parties import KEY
from tests.outreach.test_sms import signed, table

from kuanxian.api.app import make_app
from kuanxian.api.keyring import SCOPES, Key, Keyring, add_key
from kuanxian.api.reception import ReadReport, Reception
from kuanxian.api.wire import Wire
from kuanxian.journal.canonical import decode
from kuanxian.journal.read import read_stream
from kuanxian.outreach.sms import SmsChannel
from kuanxian.outreach.voice import VoiceChannel

__all__ = ["book", "lexicon", "scene", "stage"]

MOVES = itertools.count(1)
PEPPER = b"pepper of the tests" * 2
read_sms = SmsChannel(table("http://127.0.0.1:9"), {}, lambda _: None).read_posted
READERS: dict[str, ReadReport] = {
    "sms": read_sms,
    "signed": signed(lambda _: None).read_posted,
    "voice": VoiceChannel({"url": "http://127.0.0.1:9"}, KEY, lambda _: None).read_outcome,
}
KEYS = {"a-1": "a1" * 6, "a-2": "a2" * 6, "l-1": "b1" * 6}


class Line(NamedTuple):
    """A line to the server."""

    url: str
    scene: Scene
    keys: dict[str, str]

    def ask(self, method: str, path: str, *, by: str = "a-1", **more: Any) -> httpx.Response:
        """Send a request with a party's key."""
        headers = {"authorization": f"Bearer {self.keys[by]}"} | more.pop("headers", {})
        return httpx.request(method, self.url + path, headers=headers, timeout=30, **more)

    def propose(self, form: dict[str, Any], key: str, **more: Any) -> httpx.Response:
        """Propose."""
        headers = {"idempotency-key": key} | more.pop("headers", {})
        return self.ask("POST", "/v1/contacts", json=form, headers=headers, **more)

    def written(self, stream: str) -> list[dict[str, Any]]:
        """Read the bodies of a stream."""
        with self.scene.gate.app.connect() as connection:
            return [decode(entry.body) for entry in read_stream(connection, stream)]


def make_key(scene: Scene, key_id: str, party: str, **more: Any) -> str:
    key = Key(key_id, party, frozenset(SCOPES), "", 60_000, scene.clock.now)._replace(**more)
    secret = key_id.encode().ljust(32, b"s")
    sent = add_key(scene.gate.app, PEPPER, key, secret, actor="system:test")
    # Tests set the clock back; the server must find itself at an instant it has not read at.
    scene.clock.move(2 * next(MOVES))
    return sent


@pytest.fixture(scope="session")
def line(stage: Any) -> Iterator[Line]:
    """Serve the scene on a free port."""
    made: Scene = stage.scene
    keys = {party: make_key(made, key_id, party) for party, key_id in KEYS.items()}
    keyring = Keyring(made.gate.app, PEPPER, made.gate.clock)
    app = make_app(Reception(made.gate, keyring, "tests", READERS))
    config = uvicorn.Config(
        app, port=0, log_level="critical", access_log=False, lifespan="off", http=Wire
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Line(f"http://127.0.0.1:{port}", made, keys)
    server.should_exit = True
    thread.join()


def call_form(case: str, **more: Any) -> dict[str, Any]:
    """Write the proposal of a call as a body."""
    form = {
        "case_id": case, "act": "contact", "to": "p-1", "channel": "voice_human",
        "purpose": "collect", "by": "a-1", "officer": "officer-1", "point": "pt-1",
        "debt": "d-1", "collector": "c-1",
        "states": {"claimed_identity": "agency", "identity_stated": True},
    }  # fmt: skip
    return {key: value for key, value in {**form, **more}.items() if value is not None}
