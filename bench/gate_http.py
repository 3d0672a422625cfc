"""The gate over HTTP, beside an endpoint that only inserts: the part of ``gate.py`` with a server.

One server process answers both; clients are threads in other processes, each with a
connection that is kept open.
"""

import argparse
import http.client
import json
import multiprocessing
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import uvicorn
from fastapi import FastAPI

sys.path[:0] = [str(Path(__file__).resolve().parents[1])]
from bench.gate_clients import Load, Request, drive, tell
from tests.action.contact.scene import Scene
from tests.api.conftest import PEPPER, call_form

from kuanxian.api.app import make_app
from kuanxian.api.keyring import SCOPES, Key, Keyring, add_key
from kuanxian.api.reception import Reception

CLIENT_PROCESSES = 2
Make = Callable[[str], Scene]


def measure_http(make: Make, url: str, cases: list[str], given: argparse.Namespace) -> None:
    """Measure both endpoints twice in one run, and print their ratio."""
    scene = make(url)
    asked = Key("be" * 6, "a-1", frozenset(SCOPES), "", 600_000, scene.clock.now)
    sent = add_key(scene.gate.app, PEPPER, asked, bytes(32), actor="system:bench")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    spawn = multiprocessing.get_context("spawn")
    server = spawn.Process(target=serve, args=(make, url, port), daemon=True)
    server.start()
    try:
        _wait_for(port)
        rates: dict[str, list[float]] = {"/bare": [], "/v1/contacts": []}
        each = Load(given.clients // CLIENT_PROCESSES, given.seconds, given.rate / given.clients)
        _run(spawn, "/v1/contacts", cases, (port, sent, each._replace(seconds=2, rate=0)))
        for path in ("/bare", "/v1/contacts") * 2:
            taken_ms = _run(spawn, path, cases, (port, sent, each))
            rates[path].append(tell(f"POST {path}", taken_ms, given.clients, given.seconds))
        ratio = sum(rates["/bare"]) / sum(rates["/v1/contacts"])
        print(f"a decision over HTTP costs {ratio:.2f} inserts over HTTP")
    finally:
        server.terminate()
        server.join()


def serve(make: Make, url: str, port: int) -> None:
    """Serve the gate, and ``/bare`` beside it."""
    scene = make(url)
    gate = scene.gate
    app = make_app(Reception(gate, Keyring(gate.app, PEPPER, gate.clock), str(port)))
    add_bare(app, gate.app)
    uvicorn.run(app, port=port, log_level="error", access_log=False, lifespan="off")


def add_bare(app: FastAPI, engine: sa.Engine) -> None:
    """Add the endpoint that only inserts what was sent."""
    insert = sa.text("INSERT INTO bare (body) VALUES (:body)")

    def put(body: dict[str, Any]) -> dict[str, bool]:
        with engine.begin() as connection:
            connection.execute(insert, {"body": json.dumps(body).encode() * 4})
        return {"kept": True}

    app.post("/bare")(put)


def _wait_for(port: int) -> None:
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the server did not come up")


def _run(spawn: Any, path: str, cases: list[str], how: tuple[int, str, Load]) -> list[float]:
    port, sent, each = how
    work = [(port, path, sent, cases[n::CLIENT_PROCESSES], each) for n in range(CLIENT_PROCESSES)]
    with spawn.Pool(CLIENT_PROCESSES) as workers:
        return [one for part in workers.starmap(drive_http, work) for one in part]


def drive_http(port: int, path: str, sent: str, cases: list[str], load: Load) -> list[float]:
    """Send requests for some seconds; give what each took, milliseconds."""
    headers = {"content-type": "application/json", "authorization": f"Bearer {sent}"}

    def request_of(number: int) -> Request:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

        def request(turn: int) -> None:
            key = {"idempotency-key": f"k-{number}-{turn}-{time.time_ns()}"}
            line.request("POST", path, json.dumps(call_form(cases[turn % len(cases)])),
                         headers | key)  # fmt: skip
            answer = line.getresponse()
            said = answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{path}: {answer.status} {said!r}")

        return request

    return drive(load, request_of)
