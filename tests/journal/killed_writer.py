"""A program that starts writers, kills them at random instants, and says what was acknowledged.

Run as ``python killed_writer.py ADDRESS SEED ROUNDS FOLDER``. Each round is a process of its
own: it sends what the round before did not get an answer for once more, then new entries from
eight threads, and notes each key before it is sent and after its receipt. Prints a line when a
round is over and waits for a line before the next, so that whoever started it can look.
"""

import os
import random
import signal
import sys
import threading
from pathlib import Path

from tests.journal.drafts import DAY, NOON

from kuanxian.journal.canonical import encode
from kuanxian.journal.entry import Draft
from kuanxian.journal.writer import Writer
from kuanxian.store.place import engine, lender_place

THREADS = 8


def draft_of(key: str) -> Draft:
    """Make the one draft a key stands for."""
    stream, body = f"loan:{hash_of(key) % 5}", encode({"key": key, "note": "x" * 100})
    return Draft(stream, "loan.event", DAY, NOON, "system:test", body, key)


def hash_of(key: str) -> int:
    """Spread keys over streams, the same in every process."""
    return sum(key.encode())


def write(address: str, tag: str, notes: Path, again: list[str]) -> None:
    """Be the writer, until killed."""
    sent = os.open(notes / "sent", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    acknowledged = os.open(notes / "acknowledged", os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def put(writer: Writer, key: str) -> None:
        os.write(sent, f"{key}\n".encode())
        writer.append(draft_of(key))
        os.write(acknowledged, f"{key}\n".encode())

    def keep_on(writer: Writer, thread: int) -> None:
        for key in again[thread::THREADS]:
            put(writer, key)
        for turn in range(1_000_000):
            put(writer, f"{tag}-{thread}-{turn}")

    with Writer(engine(lender_place(address), "kx_app")) as writer:
        threads = [threading.Thread(target=keep_on, args=(writer, n)) for n in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def keys_in(path: Path) -> list[str]:
    """Read whole lines; the last may be half a line."""
    text = path.read_text() if path.exists() else ""
    return text[: text.rfind("\n") + 1].split()


def main() -> None:
    """Start and kill a writer for each round."""
    address, seed, rounds, folder = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    draw = random.Random(seed)
    notes, pause = Path(folder), threading.Event()
    for turn in range(rounds):
        done = set(keys_in(notes / "acknowledged"))
        again = [key for key in dict.fromkeys(keys_in(notes / "sent")) if key not in done]
        before = len(done)
        writer = os.fork()
        if writer == 0:
            write(address, f"{seed}.{turn}", notes, again)
            os._exit(0)
        while len(keys_in(notes / "acknowledged")) == before:
            pause.wait(0.005)
        pause.wait(draw.uniform(0, 0.15))
        os.kill(writer, signal.SIGKILL)
        os.waitpid(writer, 0)
        print(turn, flush=True)
        sys.stdin.readline()


if __name__ == "__main__":
    main()
