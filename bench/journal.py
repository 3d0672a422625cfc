"""Measure the journal beside the bare primitives it stands on, in one run.

    python bench/journal.py [--entries 100000] [--payments 1000000] [--json FILE]

Memory figures are of processor time. Durable figures are of the clock: a commit waits for the
disk, and a busy machine shows in them. The server is one of its own in a temporary folder.
"""

import argparse
import itertools
import json
import os
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import psutil
import sqlalchemy as sa

from kuanxian.base.days import day_of
from kuanxian.close.accounting import Totals, write_ledger
from kuanxian.close.journalled import Told, tables_of
from kuanxian.journal.append import Receipt
from kuanxian.journal.canonical import encode
from kuanxian.journal.entry import Draft
from kuanxian.journal.loan_life import Life
from kuanxian.journal.log import integrate
from kuanxian.journal.merkle import Tree, inclusion
from kuanxian.journal.verify import verify
from kuanxian.journal.writer import Writer
from kuanxian.loan import Conventions, Event, Kind, Terms, schedule
from kuanxian.store import server
from kuanxian.store.place import engine
from kuanxian.store.up import bring_up

LEAVES = 100_000
DAY = date(2026, 1, 31)
NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


def rate(count: int, work: Callable[[], object], clock: Callable[[], float]) -> float:
    """Do something, and say how many of it there were a second."""
    begun = clock()
    work()
    return count / (clock() - begun)


def in_memory() -> dict[str, float]:
    """Measure hashing alone, a hash chain, the log, and its proofs."""
    headers = [b"%0300d" % n for n in range(LEAVES)]
    tree = Tree()

    def hash_alone() -> None:
        for header in headers:
            sha256(b"\x00" + header).digest()

    def append() -> None:
        for header in headers:
            tree.append(sha256(b"\x00" + header).digest())

    def prove() -> None:
        for leaf in range(0, LEAVES, 20):
            inclusion(tree.subtree, leaf, LEAVES)

    cpu = time.process_time
    return {
        "bare: one SHA-256 of a 300-byte header, /s": rate(LEAVES, hash_alone, cpu),
        "log append in memory, header to root, /s": rate(LEAVES, append, cpu),
        "inclusion proof at 100,000 leaves, ms": 1000 / rate(LEAVES // 20, prove, cpu),
    }


def drafts(count: int, tag: str) -> list[Draft]:
    """Make drafts of a payment, about 200 bytes of body, a stream each."""
    body = encode({"kind": "payment", "seq": 1, "amount_fen": 110016, "note": "x" * 140})
    return [
        Draft(f"loan:{tag}{n}", "loan.event", DAY, NOON, "system:bench", body, f"{tag}{n}")
        for n in range(count)
    ]


def durable(entries: int) -> dict[str, float]:
    """Measure commits: bare, copied rows without hashes, the writer, the log, and verify."""
    with tempfile.TemporaryDirectory(prefix="kx") as folder:
        Path(folder).chmod(0o711)
        place = bring_up(None, Path(folder) / "db").place
        admin, app = engine(place, "kuanxian_admin"), engine(place, "kx_app", pool_max=2)
        found = {
            "bare: one row a commit, /s": single_commits(admin),
            "bare: COPY of the same rows, 2,000 a commit, no hash, /s": copied(admin, entries),
        }
        found |= appended(app, entries, Path(folder) / "db/postgres")
        with app.begin() as connection:
            found["put into the log, /s"] = rate(
                entries, lambda: integrate(connection), time.perf_counter
            )
        with engine(place, "kx_audit").connect() as connection:
            found["verified whole, /s"] = rate(
                entries, lambda: verify(connection), time.perf_counter
            )
        app.dispose()
        server.stop(server.server_in(Path(folder) / "db"))
    return found


def single_commits(made: sa.Engine) -> float:
    """Insert one row a commit."""
    with made.connect() as connection:
        connection.execute(sa.text("CREATE TABLE bare (key text PRIMARY KEY, body bytea)"))
        connection.commit()

        def insert() -> None:
            for n in range(300):
                connection.execute(
                    sa.text("INSERT INTO bare VALUES (:k, :b)"), {"k": f"s{n}", "b": b"x" * 200}
                )
                connection.commit()

        return rate(300, insert, time.perf_counter)


def copied(made: sa.Engine, entries: int) -> float:
    """Copy rows of the same width and indexes into a plain table."""
    with made.connect() as connection:
        connection.execute(sa.text("CREATE TABLE plain (LIKE journal.entry INCLUDING INDEXES)"))
        connection.commit()
        raw: Any = connection.connection.driver_connection
        rows = [
            (n, d.stream, 1, d.kind, DAY, NOON, NOON, d.actor, "kuanxian_app", d.idempotency_key,
             d.body, bytes(32), bytes(32))
            for n, d in enumerate(drafts(entries, "c"))
        ]  # fmt: skip

        def copy() -> None:
            for begin in range(0, entries, 2000):
                with raw.cursor().copy("COPY plain FROM STDIN") as stream:
                    for row in rows[begin : begin + 2000]:
                        stream.write_row(row)
                connection.commit()

        return rate(entries, copy, time.perf_counter)


def appended(made: sa.Engine, entries: int, cluster: Path) -> dict[str, float]:
    """Append through the writer, by the clock and by the processor time of both sides."""
    home = str(cluster.resolve())

    def server_seconds() -> float:
        # A process that ends while it is looked at has neither.
        found = psutil.process_iter(["name", "cwd"])
        own = [p for p in found if (p.info["name"], p.info["cwd"]) == ("postgres", home)]
        return sum(sum(process.cpu_times()[:2]) for process in own)

    shares = [drafts(entries // 8, f"t{n}-") for n in range(8)]
    futures: list[Future[list[Receipt]]] = []

    def share(writer: Writer, mine: list[Draft]) -> None:
        parts = (mine[begin : begin + 500] for begin in range(0, len(mine), 500))
        futures.extend(writer.submit(part) for part in parts)

    def work() -> None:
        threads = [threading.Thread(target=share, args=(writer, mine)) for mine in shares]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert all(receipt.is_kept for future in futures for receipt in future.result())

    with Writer(made) as writer:
        writer.submit(drafts(1, "first")).result()
        server_begun, client_begun = server_seconds(), time.process_time()
        by_clock = rate(entries, work, time.perf_counter)
        server_spent, client_spent = server_seconds() - server_begun, time.process_time()
    return {
        "durable appends, 8 threads, group commit, /s": by_clock,
        "  processor time an entry, this side, µs": (client_spent - client_begun) / entries * 1e6,
        "  processor time an entry, PostgreSQL, µs": server_spent / entries * 1e6,
    }


def postings(payments: int) -> dict[str, float]:
    """Book and write out loans of twelve payments, some late; the kernel compiled."""
    terms = Terms(1_200_000, day_of(2025, 1, 15), 12, rate_ppb=180_000_000)
    rows = schedule(terms)
    events = [
        Event(n, Kind.PAYMENT, row.due_on + 3 * (n % 4 == 0), row.principal_fen + row.interest_fen)
        for n, row in enumerate(rows, start=1)
    ]
    until, cpu = day_of(2026, 3, 1), time.process_time
    lives = [(f"L{n}", Life(terms, Conventions(), events)) for n in range(2_000)]
    ordered = [events] * len(lives)
    some = Told([name for name, _ in lives], ordered, tables_of(lives, ordered))
    with tempfile.TemporaryFile("w", encoding="utf-8") as out:

        def write(times: int) -> Totals:
            told = itertools.repeat(some, times)
            return write_ledger(told, out, as_of_on=until, title="bench")

        write(1)  # compiles
        times = max(1, payments // (len(lives) * len(events)))
        clock_begun, begun = time.perf_counter(), cpu()
        totals = write(times)
        by_clock, spent = time.perf_counter() - clock_begun, cpu() - begun
        size = out.tell()
    done = times * len(lives) * len(events)
    return {
        "payments booked": done,
        "transactions written": totals.transactions,
        "  MB written": size / 1e6,
        "  processor time, s": spent,
        "  by the clock, s": by_clock,
        "postings of 1 M payments, processor time, s": spent * 1e6 / done,
    }


def main() -> None:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--payments", type=int, default=1_000_000)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    load = os.getloadavg()[0]
    found = in_memory() | durable(asked.entries) | postings(asked.payments)
    for name, figure in found.items():
        print(f"{name:62} {figure:>12,.3f}" if figure < 100 else f"{name:62} {figure:>12,.0f}")
    print(f"load of the machine when it began: {load:.1f}, {os.cpu_count()} processors")
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
