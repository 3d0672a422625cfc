"""Clients: threads that send requests for some seconds, and how long each took."""

import threading
import time
from collections.abc import Callable
from typing import NamedTuple

Request = Callable[[int], object]
"""Sends a client's request of a turn; raises where it was not answered as it must be."""


class Load(NamedTuple):
    """What the clients of one process send."""

    threads: int
    seconds: int
    rate: float
    """So many a second from each thread; 0: as soon as the last is answered."""


def drive(load: Load, request_of: Callable[[int], Request]) -> list[float]:
    """Send for some seconds; give what each request took, milliseconds.

    At a rate, each counts from the instant at which it was due: one that waits behind a slow
    one has waited.

    Raises:
        RuntimeError: A client failed.
    """
    taken: list[list[float]] = [[] for _ in range(load.threads)]
    failed: list[BaseException] = []
    start = threading.Barrier(load.threads)

    def client(number: int) -> None:
        request = request_of(number)
        start.wait()
        begun = time.monotonic()
        first = begun + (number / load.threads / load.rate if load.rate else 0)
        turn = number
        while (due := _wait(first, len(taken[number]), load.rate)) < begun + load.seconds:
            request(turn)
            taken[number].append((time.monotonic() - due) * 1_000)
            turn += load.threads

    def run(number: int) -> None:
        try:
            client(number)
        except BaseException as error:  # noqa: BLE001 - told by the caller's thread
            failed.append(error)
            start.abort()

    runners = [threading.Thread(target=run, args=(number,)) for number in range(load.threads)]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
    if failed:
        raise RuntimeError(str(failed[0]))
    return [one for part in taken for one in part]


def _wait(first: float, sent: int, rate: float) -> float:
    """Wait until the next request is due; give that instant."""
    if not rate:
        return time.monotonic()
    due = first + sent / rate
    time.sleep(max(0.0, due - time.monotonic()))
    return due


def tell(name: str, taken_ms: list[float], clients: int, seconds: int) -> float:
    """Print how many a second there were and how long they took; give how many."""
    taken_ms = sorted(taken_ms)
    rate = len(taken_ms) / seconds
    p50, p99 = taken_ms[len(taken_ms) // 2], taken_ms[len(taken_ms) * 99 // 100]
    print(f"{name}: {rate:,.0f} a second from {clients} clients, "
          f"median {p50:.1f} ms, p99 {p99:.1f} ms", flush=True)  # fmt: skip
    return rate
