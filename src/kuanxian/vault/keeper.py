"""Keeper: what a program that works with the vault has in its hands, and how it asks."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from kuanxian.base.errors import PersonError
from kuanxian.vault.keys import KeyHolder, system_random
from kuanxian.vault.seal import RandomBytes, check_word
from kuanxian.vault.secret import SecretBytes

SAID_NO: Final = "contact_said_no"
"""The constraint that a contact's no is."""
NEVER: Final = "They are not asked again, whoever names them."
NUMBER_SAID_NO: Final = "number_said_no"
"""The constraint that it is for whoever has the same number."""
SIGNED: Final = "Do they owe it themselves? Say by which signed contract: kuanxian person owes."


class Keeper(NamedTuple):
    """The vault of one tenant."""

    tenant: str
    """The lender."""
    engine: sa.Engine
    """Logged in as a member of ``kx_vault``."""
    holder: KeyHolder
    index_key: SecretBytes
    """Of the blind index."""
    stop_key: SecretBytes
    """Of stop words."""
    actor: str
    """Who does what is done through it: a pseudonymous id, or the name of a job."""
    random_bytes: RandomBytes = system_random
    backup_days: int = 35
    """How many days the longest-kept backup of the database lives."""


def ask(keeper: Keeper, call: str, words: Mapping[str, Any]) -> list[Any]:
    """Call a function of the vault in a transaction of its own.

    Args:
        keeper: The vault.
        call: The function's name and its arguments by name: ``held(:tenant, :person)``.
        words: The arguments; ``tenant`` and ``actor`` are the keeper's own.

    Returns:
        The rows of the answer.

    Raises:
        PersonError: The database refuses it: a double, or somebody who is not there.
    """
    known = {"tenant": keeper.tenant, "actor": keeper.actor}
    try:
        with keeper.engine.begin() as connection:
            statement = sa.text(f"SELECT * FROM vault.{call}")
            return list(connection.execute(statement, {**words, **known}))
    except sa.exc.IntegrityError as error:
        name = getattr(getattr(error.orig, "diag", None), "constraint_name", "") or "a constraint"
        if name == SAID_NO:
            raise PersonError("the contact", "somebody of that number said no", NEVER) from None
        if name == NUMBER_SAID_NO:
            reason = "that number said no as a contact"
            raise PersonError("the person", reason, SIGNED) from None
        # The server's own message quotes the row.
        reason = f"the database refuses it ({name})"
        raise PersonError("the person", reason, "Is it there already, or not at all?") from None


def check_person(person: str) -> str:
    """Pass a pseudonymous id of a person.

    Raises:
        SealError: It is none.
    """
    return check_word("person", person)
