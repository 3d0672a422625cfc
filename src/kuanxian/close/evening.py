"""Evening: what the cases of the database ask for, once the books are closed.

A short list of steps over every case: erase the people whose time has come, take in what people
told the vault, take each notice that is due one step further, list what tomorrow asks. Everything
a step goes by is in the journal, so an evening that was killed is run again from its start, and
sends nothing twice.
"""

import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

from kuanxian.action.agenda import Agenda, agenda
from kuanxian.action.caseload import (
    Left,
    left_out,
    list_cases,
    list_loans,
    load_cases,
    positions_of,
)
from kuanxian.action.contact import Gate
from kuanxian.action.contact.answers import take_answers
from kuanxian.base.days import date_of
from kuanxian.close.folder import disk_errors_named, held
from kuanxian.close.ledger import GOOD_DAYS, CloseLedger
from kuanxian.close.order import MANIFEST
from kuanxian.close.retention import run_retention
from kuanxian.close.run import unwatched
from kuanxian.law.ask import day_of_act
from kuanxian.outreach.dispatch import Dispatch
from kuanxian.outreach.notices import Sent, send_cases
from kuanxian.vault.keeper import Keeper

FORMAT: Final = "kuanxian-evening-1"


class Evening(NamedTuple):
    """What an evening works with."""

    gate: Gate
    """Its clock is now, its ledger the close's."""
    day_on: int
    """The day that was closed; the windows are those of the day after."""
    officer: str
    """Who runs it, for the record."""
    keeper: Keeper | None = None
    """The vault; None: nobody can be erased."""
    dispatch: Dispatch | None = None
    """None: nothing is sent."""


def run_evening(
    evening: Evening, out: Path, watch: Callable[[int, int], None] = unwatched
) -> dict[str, Any]:
    """Run the steps, and write what came of them beside the close.

    Args:
        evening: What to work with.
        out: The folder of the close. ``NAME.evening.json`` and ``NAME.evening.jsonl`` (a line
            for each case, of one that cannot be read why) are put beside it, in the place of those
            of an earlier run.
        watch: Told of progress after each case that was listed.

    Returns:
        The content of the first file.

    Raises:
        CloseError: They cannot be written, or somebody else closes into ``out``.
    """
    with disk_errors_named(out), held(out):
        cases = list_cases(evening.gate.app)
        if isinstance(evening.gate.ledger, CloseLedger):
            evening.gate.ledger.remember(list_loans(evening.gate.app))
        erased = _erase(evening)
        unreadable: dict[str, str] = {}
        answers = _take_answers(evening, cases, unreadable)
        sent = _send(evening, cases, unreadable)
        figures = _list(evening, cases, sent, unreadable, out, watch)
        summary = {
            "format": FORMAT,
            "close_sha256": hashlib.sha256((out / MANIFEST).read_bytes()).hexdigest(),
            "as_of": date_of(evening.day_on).isoformat(),
            "ran_at": evening.gate.clock(),
            "ledger_good": 0 <= _today(evening) - evening.day_on <= GOOD_DAYS,
            "retention": erased,
            "answers": answers,
            "sent": _count(sent) if evening.dispatch else None,
            **figures,
            "unreadable": len(unreadable),
        }
        with _replaced(out.with_name(f"{out.name}.evening.json")) as write:
            write(json.dumps(summary, indent=2, sort_keys=True) + "\n")
    return summary


def _erase(evening: Evening) -> dict[str, int] | None:
    """Erase or freeze whose time is over; None where there are no keys to do it with."""
    if evening.keeper is None:
        return None
    swept = run_retention(evening.keeper, evening.gate.app, date_of(_today(evening)))
    return {name: len(people) for name, people in swept._asdict().items()}


def _today(evening: Evening) -> int:
    return day_of_act(evening.gate.book, evening.gate.clock())


def _take_answers(evening: Evening, cases: Sequence[str], unreadable: dict[str, str]) -> int:
    """Take in what the people of each case told the vault; say how many events came in."""
    taken, left = 0, _noting(unreadable)
    for one in cases:
        with left_out(one, left):
            taken += take_answers(evening.gate, one, evening.officer)
    return taken


def _send(
    evening: Evening, cases: Sequence[str], unreadable: dict[str, str]
) -> dict[str, list[Sent]]:
    """Take each due notice one step further, where there is something to send by."""
    if evening.dispatch is None:
        return {}
    left = _noting(unreadable)
    return dict(send_cases(evening.dispatch, cases, evening.officer, left=left))


def _noting(unreadable: dict[str, str]) -> Left:
    """Write down each case that cannot be read, and why: it stops none of the others."""
    return lambda case_id, error: unreadable.update({case_id: f"{error.subject}: {error.reason}"})


def _list(
    evening: Evening,
    cases: Sequence[str],
    sent: dict[str, list[Sent]],
    unreadable: dict[str, str],
    out: Path,
    watch: Callable[[int, int], None],
) -> dict[str, int]:
    """List what tomorrow asks of every case, a line each."""
    found: Counter[str] = Counter(dict.fromkeys(_FIGURES, 0))
    left = _noting(unreadable)
    with _replaced(out.with_name(f"{out.name}.evening.jsonl")) as write:
        for one in load_cases(evening.gate.app, cases, left):
            with left_out(one.case_id, left):
                stands = positions_of(evening.gate, one.known.case)
                listed = agenda(evening.gate, one, stands, on=evening.day_on + 1)
                done = [each.as_json() for each in sent.get(one.case_id, [])]
                write(json.dumps(listed.as_json() | {"sent": done}, sort_keys=True) + "\n")
                found.update(_figures_of(listed, sent.get(one.case_id, [])))
                watch(found["cases"], len(cases))
        for case_id, why in sorted(unreadable.items()):
            write(json.dumps({"case_id": case_id, "unreadable": why}, sort_keys=True) + "\n")
    return dict(found)


_FIGURES: Final = ("cases", "asking", "windows", "notices", "held", "unreported", "counters")


def _figures_of(one: Agenda, sent: Sequence[Sent]) -> dict[str, int]:
    """Count what a case asks for; a notice is held too where the channels at hand are at an end."""
    held_now = {each.due.key for each in sent if each.word == "held"}
    return {
        "cases": 1,
        "asking": int(one.asks),
        "windows": sum(bool(each.spans) for each in one.windows),
        "notices": len(one.notices),
        "held": sum(each.step.do == "held" or each.due.key in held_now for each in one.notices),
        "unreported": len(one.unreported),
        "counters": len(one.counters),
    }


def _count(sent: dict[str, list[Sent]]) -> dict[str, int]:
    return dict(sorted(Counter(one.word for each in sent.values() for one in each).items()))


@contextmanager
def _replaced(path: Path) -> Iterator[Callable[[str], Any]]:
    """Write a file beside its place, and put it there once it is whole."""
    draft = path.with_name(f".{path.name}.part")
    with draft.open("w", encoding="utf-8") as stream:
        yield stream.write
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(path)
