"""The form of what goes to a transit engine: a stand-in checks it; no service runs here."""

import json
import threading
from base64 import b64decode, b64encode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import hvac
import pytest

from kuanxian.base.errors import KeyHolderError
from kuanxian.vault.keys import HeldKeys, Wrapped, new_key, person_bound, rewrap
from kuanxian.vault.secret import SecretBytes
from kuanxian.vault.transit import TransitKeys

BOUND = person_bound("lender-1", "p-1")
TOKEN = "made-up-token"


class StandIn(BaseHTTPRequestHandler):
    """Answers the three calls of a transit engine as its documentation says."""

    version = 1
    keys = HeldKeys({f"v{n}": SecretBytes(bytes([n]) * 32) for n in (1, 2)}, "v1")
    seen: list[str] = []  # noqa: RUF012 - a list of this test's own

    def do_GET(self) -> None:
        self.answer(self.path, {})

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.answer(self.path, json.loads(self.rfile.read(length)))

    def answer(self, path: str, body: dict[str, str]) -> None:
        self.seen.append(f"{self.command} {path}")
        if self.headers["X-Vault-Token"] != TOKEN:
            return self.write(403, {"errors": ["permission denied"]})
        if path == "/v1/transit/keys/kek":
            return self.write(200, {"data": {"latest_version": self.version}})
        bound = b64decode(body["associated_data"])
        if path == "/v1/transit/encrypt/kek":
            key = SecretBytes(b64decode(body["plaintext"]))
            holder = HeldKeys(
                {f"v{n}": SecretBytes(bytes([n]) * 32) for n in (1, 2)}, f"v{self.version}"
            )
            wrapped = holder.wrap(key, bound)
            text = f"vault:{wrapped.key_id}:{b64encode(wrapped.body).decode()}"
            return self.write(200, {"data": {"ciphertext": text}})
        _, key_id, text = body["ciphertext"].split(":")
        try:
            key = self.keys.unwrap(Wrapped(key_id, b64decode(text)), bound)
        except KeyHolderError:
            return self.write(400, {"errors": [f"cannot open {body}"]})
        return self.write(200, {"data": {"plaintext": b64encode(key.reveal()).decode()}})

    def write(self, code: int, answer: dict[str, object]) -> None:
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    StandIn.version = 1
    StandIn.seen.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), StandIn)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def client(address: str) -> Iterator[hvac.Client]:
    client = hvac.Client(address, token=TOKEN)
    yield client
    client.adapter.close()


def test_a_key_goes_out_in_the_engines_form_and_comes_back(client: hvac.Client) -> None:
    holder = TransitKeys(client, "kek")
    key = new_key()
    wrapped = holder.wrap(key, BOUND)
    assert wrapped.key_id == "transit:kek:v1"
    assert wrapped.body.startswith(b"vault:v1:")
    assert holder.unwrap(wrapped, BOUND) == key
    assert StandIn.seen == ["POST /v1/transit/encrypt/kek", "POST /v1/transit/decrypt/kek"]


def test_a_new_version_of_the_key_is_followed_by_rewrapping(client: hvac.Client) -> None:
    key = new_key()
    old = TransitKeys(client, "kek").wrap(key, BOUND)
    StandIn.version = 2
    holder = TransitKeys(client, "kek")
    new = rewrap(holder, old, BOUND)
    assert new.key_id == "transit:kek:v2"
    assert holder.unwrap(new, BOUND) == key


def test_a_key_bound_to_somebody_else_is_refused_without_quoting_the_service(
    client: hvac.Client,
) -> None:
    holder = TransitKeys(client, "kek")
    wrapped = holder.wrap(new_key(), BOUND)
    with pytest.raises(KeyHolderError) as error:
        holder.unwrap(wrapped, person_bound("lender-1", "p-2"))
    assert wrapped.body.decode() not in str(error.value)
    assert error.value.__suppress_context__


def test_a_wrong_token_is_a_clear_error(address: str) -> None:
    client = hvac.Client(address, token="wrong")
    with pytest.raises(KeyHolderError, match="Forbidden"):
        TransitKeys(client, "kek").wrap(new_key(), BOUND)
    client.adapter.close()


def test_a_service_that_is_not_there_is_a_clear_error() -> None:
    client = hvac.Client("http://127.0.0.1:9", token=TOKEN)
    with pytest.raises(KeyHolderError, match="did not answer"):
        TransitKeys(client, "kek").current()
    client.adapter.close()
