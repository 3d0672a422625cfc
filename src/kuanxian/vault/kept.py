"""Kept: the people whose values are in use, for who looks in the evening whose time is over."""

from collections.abc import Iterator
from typing import NamedTuple

from kuanxian.vault.keeper import Keeper, ask

PEOPLE_AT_ONCE = 1_000


class Kept(NamedTuple):
    """A person who is neither frozen nor erased."""

    person: str
    role: str
    """``debtor``, ``guarantor`` or ``contact``."""
    debtor: str
    """Who named them; of others, they themselves."""
    said_no: bool
    """A contact who said stop, refused or withdrew, and is still here: something was cut off."""


def kept_people(keeper: Keeper, role: str) -> Iterator[list[Kept]]:
    """List a tenant's people of a role, some at a time, in the order of ids."""
    after = ""
    while True:
        words = {"role": role, "after": after, "most": PEOPLE_AT_ONCE}
        rows = ask(keeper, "kept(:tenant, :role, :after, :most)", words)
        if not rows:
            return
        yield [Kept(*row) for row in rows]
        after = rows[-1].person_id
