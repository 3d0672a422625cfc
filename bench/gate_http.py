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
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import uvicorn
from fastapi import FastAPI

sys.path[:0] = [str(Path(__file__).resolve().parents[1])]
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
        _run(spawn, "/v1/contacts", cases, (port, sent, given.clients, 2))
        for path in ("/bare", "/v1/contacts") * 2:
            taken_ms = sorted(_run(spawn, path, cases, (port, sent, given.clients, given.seconds)))
            rates[path].append(len(taken_ms) / given.seconds)
            p50, p99 = taken_ms[len(taken_ms) // 2], taken_ms[len(taken_ms) * 99 // 100]
            print(f"POST {path}: {rates[path][-1]:,.0f} a second from {given.clients} clients, "
                  f"median {p50:.1f} ms, p99 {p99:.1f} ms", flush=True)  # fmt: skip
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


def _run(spawn: Any, path: str, cases: list[str], how: tuple[int, str, int, int]) -> list[float]:
    port, sent, clients, seconds = how
    each = (clients // CLIENT_PROCESSES, seconds)
    work = [(port, path, sent, cases[n::CLIENT_PROCESSES], each) for n in range(CLIENT_PROCESSES)]
    with spawn.Pool(CLIENT_PROCESSES) as workers:
        return [one for part in workers.starmap(drive_http, work) for one in part]


def drive_http(
    port: int, path: str, sent: str, cases: list[str], how: tuple[int, int]
) -> list[float]:
    """Send requests for some seconds; give what each took, milliseconds."""
    threads, seconds = how
    taken: list[list[float]] = [[] for _ in range(threads)]
    failed: list[str] = []
    start = threading.Barrier(threads)

    def client(number: int) -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        start.wait()
        end = time.monotonic() + seconds
        turn = number
        while (begun := time.monotonic()) < end:
            body = json.dumps(call_form(cases[turn % len(cases)]))
            line.request("POST", path, body, {
                "content-type": "application/json", "authorization": f"Bearer {sent}",
                "idempotency-key": f"k-{number}-{turn}-{time.time_ns()}",
            })  # fmt: skip
            answer = line.getresponse()
            said = answer.read()
            if answer.status != 200:
                failed.append(f"{path}: {answer.status} {said!r}")
                return
            taken[number].append((time.monotonic() - begun) * 1_000)
            turn += threads

    runners = [threading.Thread(target=client, args=(number,)) for number in range(threads)]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
    if failed:
        raise RuntimeError(failed[0])
    return [one for part in taken for one in part]
