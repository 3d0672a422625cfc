"""Contacts: at most two people a debtor names, typed one by one, each a person of their own.

A contact has a purpose, a notice, a consent, a receipt, a word that says *stop*, and a view
of what is held of them. *Stop* needs no account and no reason, counts at once, and erases
them. So does a refusal, and so does the debtor's settlement.

Source: 个人信息保护法 art. 13: the debtor's contract is no ground to process a contact's data.
GB/T 45251-2025 5.3: 联系人明确拒绝…不得再与其联系 (V2).
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import date, datetime
from hashlib import blake2b
from hmac import compare_digest
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from kuanxian.base.errors import ConsentError, GoneError, PersonError
from kuanxian.vault.acts import acts_of
from kuanxian.vault.consent import (
    GIVEN,
    Event,
    answer_consent,
    events_of,
    withdraw_consent,
)
from kuanxian.vault.erase import Certificate, erase_person
from kuanxian.vault.keeper import Keeper, ask, check_person
from kuanxian.vault.notice import Notice
from kuanxian.vault.people import held, wrapped_key
from kuanxian.vault.purposes import purpose_of

CONTACTS_MAX: Final = 2
ZONE: Final = ZoneInfo("Asia/Shanghai")
"""Mainland China has one time zone; the lender's day is its."""
_MAC_BYTES: Final = 16


class Contact(NamedTuple):
    """A person a debtor named."""

    contact: str
    slot: int
    purpose: str
    state: str
    """``nominated``, ``noticed``, ``consented``, ``stopped`` or ``erased``."""


def nominate(keeper: Keeper, debtor: str, contact: str, purpose: str) -> int:
    """Make a place for one contact; name and number are then typed by ``put_value``.

    Args:
        keeper: The vault.
        debtor: Who names them.
        contact: A pseudonymous id for them.
        purpose: The one thing they may be asked for.

    Returns:
        The slot, 1 or 2.

    Raises:
        PersonError: The debtor has named two already, is not there, or may not be processed.
        ConsentError: There is no such purpose for a contact.
    """
    purpose_of(purpose, "contact")
    wrapped = wrapped_key(keeper, check_person(contact))
    words = {"debtor": check_person(debtor), "contact": contact, "purpose": purpose,
             "key_id": wrapped.key_id, "wrapped": wrapped.body}  # fmt: skip
    call = "nominate(:tenant, :debtor, :contact, :purpose, :key_id, :wrapped, :actor)"
    slot = int(ask(keeper, call, words)[0][0])
    if not slot:
        reason = f"they have named {CONTACTS_MAX} already, or are not there"
        raise PersonError("the debtor", reason, "There is no third place.")
    return slot


def contacts_of(keeper: Keeper, debtor: str) -> list[Contact]:
    """List whom a debtor named; what they are called stays sealed."""
    rows = ask(keeper, "contacts_of(:tenant, :debtor)", {"debtor": check_person(debtor)})
    return [Contact(*row) for row in rows]


def mark_noticed(keeper: Keeper, contact: str) -> None:
    """Write down that the contact's own notice has reached them.

    Raises:
        PersonError: There is no such contact, or they said stop.
    """
    _set_state(keeper, contact, "noticed")


def answer_notice(
    keeper: Keeper, contact: str, notice: Notice, answer: str, at: datetime
) -> tuple[Event, Certificate | None]:
    """Write down a contact's own answer. A refusal erases them at once.

    Returns:
        What was said, and the certificate where they were erased.

    Raises:
        ConsentError: The notice is for another purpose than they were named for.
        PersonError: There is no such contact.
    """
    check_purpose(keeper, contact, notice)
    event = answer_consent(keeper, contact, notice, answer, at)
    if event.event_type == GIVEN:
        _set_state(keeper, contact, "consented")
        return event, None
    # With a no the database has stopped them and their number already.
    return event, _erase(keeper, contact, "refusal", _day_of(at))


def _erase(keeper: Keeper, contact: str, reason: str, on: date) -> Certificate | None:
    """Erase a contact; None where somebody else did since they were looked at: an evening, say."""
    try:
        return erase_person(keeper, contact, reason, on)
    except GoneError:
        return None


def check_purpose(keeper: Keeper, contact: str, notice: Notice) -> None:
    """See that a notice is for what a contact was named for.

    Raises:
        ConsentError: It is for another purpose.
        PersonError: There is no such contact.
    """
    if held(keeper, contact).purpose != notice.purpose:
        raise ConsentError("notice", "it is for another purpose than they were named for")


def withdraw(keeper: Keeper, contact: str, at: datetime) -> tuple[Event, Certificate | None]:
    """Take back a contact's yes, which erases them at once.

    Returns:
        What was said, and the certificate where they were erased here.

    Raises:
        ConsentError: The time lies ahead.
        PersonError: There is no such contact, or they were erased before.
    """
    event = withdraw_consent(keeper, contact, held(keeper, contact).purpose or "", at)
    return event, _erase(keeper, contact, "withdrawal", _day_of(at))


def stop_token(keeper: Keeper, contact: str) -> str:
    """Make a contact's stop word. It never expires and holds no value of theirs."""
    name = f"{keeper.tenant}|{check_person(contact)}".encode()
    return urlsafe_b64encode(name + _mac(keeper, name)).decode().rstrip("=")


def notice_for(keeper: Keeper, contact: str, notice: Notice) -> str:
    """Give a contact's notice with their own stop word at its end, as it promises."""
    word = stop_token(keeper, contact)
    line = "您的停止口令：" if notice.language.startswith("zh") else "Your stop word: "
    return f"{notice.body}\n{line}{word}\n"


def stop(keeper: Keeper, token: str, at: datetime) -> Certificate | None:
    """Do what a stop word says: withdraw, stop for good, erase. Twice is as good as once.

    Returns:
        The certificate; None where they were erased before.

    Raises:
        ConsentError: The word is none of ours.
    """
    contact = read_stop_token(keeper, token)
    found = held(keeper, contact)
    if found.contact_state == "erased" or found.purpose is None:
        return None
    own = keeper._replace(actor=contact)
    if found.contact_state != "stopped":  # else a stop before was cut off: go on where it was
        withdraw_consent(own, contact, found.purpose, at)
    return _erase(own, contact, "stop", _day_of(at))


def read_stop_token(keeper: Keeper, token: str) -> str:
    """Give the contact of a stop word.

    Raises:
        ConsentError: It was not made with this tenant's key.
    """
    try:
        raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (ValueError, TypeError):
        raw = b""
    name, mac = raw[:-_MAC_BYTES], raw[-_MAC_BYTES:]
    tenant, _, contact = name.decode("ascii", "replace").partition("|")
    if not compare_digest(mac, _mac(keeper, name)) or tenant != keeper.tenant:
        raise ConsentError("the stop word", "it is damaged, or not ours", "Use it as it was sent.")
    return contact


def erase_contacts(
    keeper: Keeper, debtor: str, on: date, reason: str = "settlement"
) -> list[Certificate]:
    """Erase every contact of a debtor: on settlement, with the debtor, or when taken back."""
    live = [one for one in contacts_of(keeper, debtor) if one.state != "erased"]
    erased = (_erase(keeper, one.contact, reason, on) for one in live)
    return [one for one in erased if one is not None]


def own_view(keeper: Keeper, app: sa.Engine, contact: str) -> dict[str, Any]:
    """Show a contact what is held of them and what was done with it: kinds, never values.

    Who named them, and anything of a debt, is not in it.

    Raises:
        PersonError: There is no such contact.
    """
    found = held(keeper, contact)
    if found.purpose is None:
        raise PersonError("the contact", "there is no such contact", "A debtor: person export.")
    with app.connect() as connection:
        acts = acts_of(connection, keeper.tenant, contact, found.debtor)["acts"]
        said = [
            {"purpose": e.purpose, "event_type": e.event_type, "at": e.event_time.isoformat()}
            for e in events_of(connection, keeper.tenant, contact)
        ]
        marks = sa.text(
            "SELECT kind, recorded_at FROM journal.entry WHERE stream = :stream "
            "AND kind <> 'vault.alarm' ORDER BY stream_version"
        )
        rows = connection.execute(marks, {"stream": f"person:{keeper.tenant}:{contact}"})
        done = [{"what": row.kind, "at": row.recorded_at.isoformat()} for row in rows]
    return {
        "fields": list(found.fields), "purpose": found.purpose, "state": found.contact_state,
        # What a case tells of them stays in the journal: a date of birth, a sign of illness.
        "recorded": sorted({kind for act in acts for kind in act.get("recorded", ())}),
        "said": said, "done": done, "stop": stop_token(keeper, contact),
    }  # fmt: skip


def _day_of(at: datetime) -> date:
    """Give the lender's day of an instant: a backup of that day may hold the key."""
    return at.astimezone(ZONE).date()


def _mac(keeper: Keeper, name: bytes) -> bytes:
    key = keeper.stop_key.reveal()
    return blake2b(name, key=key, digest_size=_MAC_BYTES, person=b"kuanxian-stop-1").digest()


def _set_state(keeper: Keeper, contact: str, state: str) -> None:
    words = {"contact": check_person(contact), "state": state}
    if not ask(keeper, "set_contact_state(:tenant, :contact, :state, :actor)", words)[0][0]:
        raise PersonError("the contact", "there is no such contact, or they said stop")
