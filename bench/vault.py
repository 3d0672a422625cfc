"""How fast sealing and opening are, beside the bare primitives, in one run.

    python bench/vault.py [--records 200000] [--json]

A record is 200 bytes of one person, under that person's own key. *Seal* makes the person's
key, wraps it, and seals the record; *open* unwraps the key and opens the record: what one
look at one person costs when nothing is kept between two. The bare figures are the same
calls of the library with nothing of ours around them. Time is of the processor, one core.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kuanxian.vault.blind import blind
from kuanxian.vault.keys import HeldKeys, new_key, person_bound, system_random
from kuanxian.vault.seal import Place, cipher_of, seal, unseal
from kuanxian.vault.secret import Secret

AIMS = {"seal, key at hand": 200_000, "open, key at hand": 350_000}
RECORD = bytes(200)
ROUNDS = 3


def measure(work: Callable[[int], object], count: int) -> float:
    """Count calls a second of processor time: the best of a few rounds."""
    best = 0.0
    for _ in range(ROUNDS):
        started = time.process_time()
        for number in range(count):
            work(number)
        best = max(best, count / (time.process_time() - started))
    return best


def figures(count: int) -> dict[str, float]:
    """Measure ours and the bare primitives."""
    key = new_key()
    cipher = cipher_of(key)
    holder = HeldKeys({"k1": new_key()}, "k1")
    places = [Place("lender-1", f"p-{number}", "address", 1) for number in range(count)]
    sealed = [seal(cipher, place, RECORD, system_random) for place in places]
    bound = [person_bound("lender-1", f"p-{number}") for number in range(count)]
    wrapped = [holder.wrap(key, one) for one in bound]
    bare, outer = AESGCM(os.urandom(32)), AESGCM(os.urandom(32))
    aad = places[0].bound()
    nonce = os.urandom(12)
    boxed = bare.encrypt(nonce, RECORD, aad)

    def bare_envelope(_: int) -> None:
        inner = os.urandom(32)
        AESGCM(inner).encrypt(os.urandom(12), RECORD, aad)
        outer.encrypt(os.urandom(12), inner, aad)

    small = outer.encrypt(nonce, os.urandom(32), aad)
    found = AESGCM(outer.decrypt(nonce, small, aad)).encrypt(nonce, RECORD, aad)

    def bare_open(_: int) -> None:
        AESGCM(outer.decrypt(nonce, small, aad)).decrypt(nonce, found, aad)

    def our_envelope(number: int) -> None:
        fresh = new_key()
        holder.wrap(fresh, bound[number])
        seal(cipher_of(fresh), places[number], RECORD, system_random)

    def our_open(number: int) -> None:
        own = cipher_of(holder.unwrap(wrapped[number], bound[number]))
        unseal(own, places[number], sealed[number])

    phone = Secret("+8617405000001")
    works: dict[str, Callable[[int], object]] = {
        "bare AES-256-GCM, encrypt": lambda _: bare.encrypt(os.urandom(12), RECORD, aad),
        "seal, key at hand": lambda n: seal(cipher, places[n], RECORD, system_random),
        "bare AES-256-GCM, decrypt": lambda _: bare.decrypt(nonce, boxed, aad),
        "open, key at hand": lambda n: unseal(cipher, places[n], sealed[n]),
        "bare envelope: new key, wrapped": bare_envelope,
        "seal with a new key, wrapped": our_envelope,
        "bare envelope, opened": bare_open,
        "open with the key unwrapped": our_open,
        "blind index": lambda _: blind(key, "phone", phone),
    }
    return {name: measure(work, count) for name, work in works.items()}


def main() -> int:
    """Print the figures; return 1 where an aim is missed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--records", type=int, default=200_000)
    options.add_argument("--json", action="store_true")
    asked = options.parse_args()
    found = figures(asked.records)
    if asked.json:
        print(json.dumps({name: round(rate) for name, rate in found.items()}, indent=2))
    else:
        for name, rate in found.items():
            aim = f"   aim {AIMS[name]:>9,}" if name in AIMS else ""
            print(f"{name:34} {rate:>11,.0f} a second{aim}")
    return int(any(found[name] < aim for name, aim in AIMS.items()))


if __name__ == "__main__":
    sys.exit(main())
