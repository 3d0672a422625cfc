"""Ready: what a server does at its start, so that the first decisions need not wait for it."""

import gc
from typing import Final

from kuanxian.action.contact.gate import Gate
from kuanxian.action.contact.proposal import ACTS
from kuanxian.base.calendar import mainland, mainland_known_until
from kuanxian.law.ask import day_of_act
from kuanxian.law.scope import scope_of

COLLECTED_EVERY: Final = (700, 10, 1_000)
"""How much is made before the garbage collector looks at what is new, at what is less new, and
at everything: the last a hundred times as much as it waits for by itself."""


def make_ready(gate: Gate) -> None:
    """Compile the rules, read words and calendar, spare the garbage collector what was loaded.

    A round of the collector over half a million rules and patterns stops every thread for a
    quarter of a second, and every few hundred cases that are kept bring one. They are never
    garbage, so they are taken out of its rounds for good. For a process that goes on deciding:
    how the collector works is changed for all of it.
    """
    day_on = day_of_act(gate.book, gate.clock())
    for act in ACTS:
        for lender_type in gate.book.country.lender_types:
            scope_of(gate.book, act, day_on, lender_type)
    gate.lexicon.screen.facts("")
    mainland()
    mainland_known_until()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTED_EVERY)
