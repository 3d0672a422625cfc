"""Measure the fact layer: ``python bench/facts.py [--json FILE]``.

Every computed fact of a made-up case with 0, 20 and 200 events, and reading its file. Times
are of the processor, the least of some batches, so that other work on the machine counts little.
"""

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from kuanxian.law.case_events import GROUPS
from kuanxian.law.case_file import read_case
from kuanxian.law.timeline import facts_of

BATCHES = 7
RUNS = 200


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="also write the figures here")
    options = parser.parse_args()
    rows = [measure(count) for count in (0, 20, 200)]
    print("events  facts  facts_of µs  read µs  file kB")
    for row in rows:
        print("{events:6} {facts:6} {facts_us:12.0f} {read_us:8.0f} {kilobytes:8.1f}".format(**row))
    if options.json:
        options.json.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


def measure(count: int) -> dict[str, float]:
    """Measure one case."""
    content = json.dumps(a_file(count, Random(count))).encode()
    case = read_case(content, "case.json")
    facts = facts_of(case)
    return {
        "events": count,
        "facts": len(facts),
        "facts_us": least_us(lambda: facts_of(case), RUNS),
        "read_us": least_us(lambda: read_case(content, "case.json"), RUNS // 10),
        "kilobytes": len(content) / 1000,
    }


def least_us(act: Callable[[], object], runs: int) -> float:
    """Time an act: microseconds of processor time, the least mean of the batches."""
    means = []
    for _ in range(BATCHES):
        begun = time.process_time_ns()
        for _ in range(runs):
            act()
        means.append((time.process_time_ns() - begun) / runs / 1000)
    return min(means)


def a_file(count: int, dice: Random) -> dict[str, Any]:
    """Make up a case: mostly calls, some texts, payments, consents and notices."""
    return {
        "format": "kuanxian-case-1",
        "country": "cn",
        "at": "2026-11-25T15:00:00+08:00",
        "people": [
            {"id": "p-1", "role": "debtor", "zones": ["Asia/Shanghai"], "born_on": "1990-06-01"}
        ],
        "points": [{"id": "pt-1", "person": "p-1", "kind": "mobile"}],
        "debts": [{"id": "d-1", "debtor": "p-1", "due_on": "2026-11-01"}],
        "timeline": [an_event(no, dice) for no in range(count)],
        "complete": list(GROUPS),
        "act": {"kind": "contact", "channel": "voice_human", "to": "p-1", "point": "pt-1"},
    }


def an_event(no: int, dice: Random) -> dict[str, Any]:
    """Make up an event of the months before."""
    at = (
        f"2026-{dice.randint(1, 11):02}-{dice.randint(1, 24):02}"
        f"T{dice.randint(8, 21):02}:{dice.randint(0, 59):02}:00+08:00"
    )
    shapes: list[dict[str, Any]] = [
        {"kind": "call", "to": "p-1", "point": "pt-1",
         "outcome": dice.choice(["busy", "no_answer", "identified", "unknown"])},
        {"kind": "message", "to": "p-1", "outcome": "delivered"},
        {"kind": "payment", "debt": "d-1"},
        {"kind": "consent", "person": "p-1", "purpose": "report", "step": "given",
         "form": "written"},
        {"kind": "notice", "to": "p-1", "notice": "adverse_report", "outcome": "delivered"},
    ]  # fmt: skip
    shape = dice.choices(shapes, weights=[60, 20, 10, 5, 5])[0]
    return {"id": f"e-{no}", "happened_at": at, "known_at": at} | shape


if __name__ == "__main__":
    main()
