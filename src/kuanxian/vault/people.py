"""People: who is in the vault, and their values going in. Nothing comes out here."""

from datetime import date
from typing import Final, NamedTuple

from kuanxian.base.errors import PersonError
from kuanxian.vault.blind import blind
from kuanxian.vault.keeper import Keeper, ask, check_person
from kuanxian.vault.keys import Wrapped, new_key, person_bound, rewrap
from kuanxian.vault.seal import Place, check_word, cipher_of, seal
from kuanxian.vault.values import CONTACT_FIELDS, FIELDS, take_value

DEBTOR: Final = "debtor"
GUARANTOR: Final = "guarantor"
CONTACT: Final = "contact"


class Held(NamedTuple):
    """What the vault has of a person: which fields, never what is in them."""

    role: str
    """``debtor``, ``guarantor`` or ``contact``."""
    state: str
    """``active``, ``restricted``, ``frozen`` or ``erased``."""
    duty: str | None
    """Where frozen: the duty to keep, by its id in ``retention.toml``."""
    frozen_until: date | None
    """Where frozen: the last day of the duty."""
    added_on: date
    fields: tuple[str, ...]
    debtor: str | None
    """Of a contact: who nominated them."""
    purpose: str | None
    """Of a contact: what they may be asked for."""
    contact_state: str | None
    """Of a contact: ``nominated``, ``noticed``, ``consented``, ``stopped`` or ``erased``."""


class OwnDebt(NamedTuple):
    """A debt that a person signed for themselves."""

    debtor: str
    """Whose loan it is; of a debtor, they themselves."""
    contract: str
    """The id of the signed contract: a loan's, or a guarantee's."""
    signed_on: date


def add_person(keeper: Keeper, person: str, role: str = DEBTOR) -> None:
    """Make a place for a person: a random key of their own, wrapped.

    Args:
        keeper: The vault.
        person: A pseudonymous id.
        role: ``debtor`` or ``guarantor``; a contact comes by ``contact.nominate``.

    Raises:
        PersonError: They are there already.
    """
    check_person(person)
    if role not in (DEBTOR, GUARANTOR):
        raise PersonError("role", "it is debtor or guarantor", "A contact is nominated.")
    wrapped = wrapped_key(keeper, person)
    words = {"person": person, "role": role, "key_id": wrapped.key_id, "wrapped": wrapped.body}
    ask(keeper, "add_person(:tenant, :person, :role, :key_id, :wrapped, :actor)", words)


def wrapped_key(keeper: Keeper, person: str) -> Wrapped:
    """Make a person's key; only its wrapped form stays."""
    key = new_key(keeper.random_bytes)
    return keeper.holder.wrap(key, person_bound(keeper.tenant, person))


def put_value(keeper: Keeper, person: str, field: str, typed: str) -> int:
    """Seal one typed value; a value that was there before is gone.

    Args:
        keeper: The vault.
        person: Whose it is.
        field: A name in ``values.FIELDS``; of a contact, name or phone only.
        typed: As typed.

    Returns:
        The version it has now, from 1.

    Raises:
        FieldError: The value is not what the field takes.
        PersonError: There is no such person, they are erased, somebody else put a value in at
            the same moment, they are frozen (then what is held is corrected, nothing added), or
            the number said no as a contact and nothing says that they owe (``put_own_debt``).
    """
    value = take_value(field, typed)
    rows = ask(
        keeper,
        "key_for_sealing(:tenant, :person, :field)",
        {"person": check_person(person), "field": field},
    )
    if not rows or rows[0].wrapped is None:
        raise PersonError("the person", "there is no such person, or they were erased")
    if rows[0].role == CONTACT and field not in CONTACT_FIELDS:
        raise PersonError(field, "of a contact only a name and a phone number are held")
    version = int(rows[0].next_version)
    bound = person_bound(keeper.tenant, person)
    cipher = cipher_of(keeper.holder.unwrap(Wrapped(rows[0].key_id, rows[0].wrapped), bound))
    place = Place(keeper.tenant, person, field, version)
    body = seal(cipher, place, value.reveal().encode(), keeper.random_bytes)
    digest = blind(keeper.index_key, field, value) if FIELDS[field].indexed else None
    words = {"person": person, "field": field, "version": version, "body": body, "digest": digest}
    call = "put_value(:tenant, :person, :field, :version, :body, :digest, :actor)"
    if not ask(keeper, call, words)[0][0]:
        reason = "changed by somebody else at the same moment, or frozen: then nothing is added"
        raise PersonError("the person", reason, "Look at the person and try again.")
    return version


def put_own_debt(keeper: Keeper, person: str, debt: OwnDebt) -> None:
    """Write down by which signed contract a debtor or guarantor owes; their stream shows it.

    A guarantor is opened in the cases of whom they signed for, and in no other. A number that
    said no as a contact is taken for a debtor or guarantor who signed, and for no other.

    Args:
        keeper: The vault.
        person: Who signed: a guarantor, or the debtor.
        debt: What they signed. Written twice it stands once.

    Raises:
        PersonError: There is no such debtor or guarantor, or the day lies ahead.
        SealError: An id is none, or looks like a person's number.
    """
    words = {
        "person": check_person(person), "debtor": check_person(debt.debtor),
        "contract": check_word("contract", debt.contract), "signed_on": debt.signed_on,
    }  # fmt: skip
    call = "put_own_debt(:tenant, :person, :debtor, :contract, :signed_on, :actor)"
    if not ask(keeper, call, words)[0][0]:
        reason = "no such guarantor or debtor, or the day lies ahead"
        raise PersonError("the person", reason, "A contact owes nothing: they are nominated.")


def own_debts(keeper: Keeper, person: str) -> list[OwnDebt]:
    """List what a person signed, oldest first."""
    rows = ask(keeper, "own_debts(:tenant, :person)", {"person": check_person(person)})
    return [OwnDebt(*row) for row in rows]


def find_people(keeper: Keeper, field: str, typed: str) -> tuple[str, ...]:
    """Find people by a phone or an identity number; each hit leaves a mark with them.

    Who is restricted, frozen or erased is not found, nor a contact of theirs: their own requests
    come by their id.

    Returns:
        Pseudonymous ids, at most 20.

    Raises:
        FieldError: The field has no index, or the value is not what it takes.
    """
    value = take_value(field, typed)
    if not FIELDS[field].indexed:
        raise PersonError(field, "people are not found by it", "By phone or identity_number.")
    digest = blind(keeper.index_key, field, value)
    rows = ask(keeper, "find(:tenant, :field, :digest, :actor)", {"field": field, "digest": digest})
    return tuple(row[0] for row in rows)


def held(keeper: Keeper, person: str) -> Held:
    """Say what is held of a person.

    Raises:
        PersonError: There is no such person.
    """
    rows = ask(keeper, "held(:tenant, :person)", {"person": check_person(person)})
    if not rows:
        raise PersonError("the person", "there is no such person")
    row = rows[0]
    return Held(
        row.role, row.state, row.duty, row.frozen_until, row.added_at.date(), tuple(row.fields),
        row.debtor_id, row.purpose, row.contact_state,
    )  # fmt: skip


def rewrap_all(keeper: Keeper) -> int:
    """Wrap the keys of all tenants' people under the current key; sealed data is not touched.

    Returns:
        How many keys were wrapped anew.

    Raises:
        KeyHolderError: The holder has not the old key any more, or cannot be asked.
    """
    current = keeper.holder.current()
    olds = [row[0] for row in ask(keeper, "key_ids()", {}) if row[0] != current]
    return sum(_rewrap_from(keeper, old) for old in olds)


def _rewrap_from(keeper: Keeper, old: str) -> int:
    """Wrap anew what one old key wrapped; give how many."""
    after, done = ("", ""), 0
    while True:
        words = {"old": old, "t": after[0], "p": after[1]}
        rows = ask(keeper, "keys_to_rewrap(:old, :t, :p, :actor)", words)
        if not rows:
            return done
        for row in rows:
            bound = person_bound(row.tenant, row.person_id)
            fresh = rewrap(keeper.holder, Wrapped(row.key_id, row.wrapped), bound)
            put = {"t": row.tenant, "p": row.person_id, "old": old, **fresh._asdict()}
            call = "put_rewrapped(:t, :p, :old, :key_id, :body, :actor)"
            done += bool(ask(keeper, call, put)[0][0])
        after = (rows[-1].tenant, rows[-1].person_id)
