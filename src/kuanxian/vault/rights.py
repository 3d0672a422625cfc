"""Rights: see, copy, correct, restrict, delete or freeze, have it explained.

``put_value`` corrects. A copy is made through the same grants and marks as any other
opening, for the purpose ``subject_access``. Where a duty to keep runs, deletion becomes a
freeze: stored and guarded, used for nothing, until the duty's last day.

Source: 个人信息保护法 art. 44 to 50.
"""

import json
from contextlib import suppress
from datetime import date
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from kuanxian.base.errors import GoneError, GrantError
from kuanxian.vault.acts import acts_of
from kuanxian.vault.consent import events_of, receipt_of
from kuanxian.vault.contact import contacts_of, erase_contacts
from kuanxian.vault.erase import Certificate, erase_person
from kuanxian.vault.keeper import Keeper, ask, check_person
from kuanxian.vault.opening import (
    SUBJECT_ACCESS,
    Decision,
    issue_handle,
    open_for,
    record_decision,
)
from kuanxian.vault.people import held, own_debts
from kuanxian.vault.purposes import purposes
from kuanxian.vault.retention import UNSEEN, Clock, Duty, binds
from kuanxian.vault.secret import Secret

FORMAT: Final = "kuanxian-person-copy-1"


class Frozen(NamedTuple):
    """Why a person was frozen and not deleted."""

    person: str
    duty: Duty

    def as_json(self) -> dict[str, Any]:
        """Write it for a machine, with the words for the person."""
        return {
            "person": self.person, "frozen_until": str(self.duty.until_on),
            "duty": self.duty.clock.id, "zh": self.words("zh"), "en": self.words("en"),
        }  # fmt: skip

    def words(self, language: str) -> str:
        """Say it to the person, with the text and how far it was verified."""
        clock, until = self.duty
        unseen = clock.article == UNSEEN
        if language == "zh":
            article = f"（{UNSEEN}）" if unseen else f"第{clock.article}条"
            source = f"{clock.instrument}{article}（{clock.verified}）"
            return (
                f"依据{source}，{clock.zh}须保存至{until}。在此之前，您的信息只作存储和安全保护，"
                "不作任何其他处理；到期即删除。"
            )
        article = "(article number to be checked)" if unseen else f"art. {clock.article}"
        source = f"{clock.instrument} {article}"
        return (
            f"Under {source} ({clock.verified}), {clock.en} must be kept until {until}. Until then "
            "your data is stored and guarded and used for nothing else; then it is deleted."
        )


class _Copy:
    """The channel of a person's own copy: it keeps what it is given for the one page."""

    name = "copy"

    def __init__(self) -> None:
        self.values: dict[str, Secret] = {}
        self.field = ""

    def deliver(self, value: Secret) -> str:
        self.values[self.field] = value
        return "copied"


def copy_of(keeper: Keeper, app: sa.Engine, person: str, request_id: str) -> Secret:
    """Make a machine-readable copy of what is held of a person, for that person.

    Values, contacts, consents and marks whole; cases, decisions, calls and notices as a list of
    instants, kinds and outcomes.

    Args:
        keeper: The vault; its actor is the officer who checked that the person is who asks.
        app: Logged in as a member of ``kx_app``.
        person: Whose.
        request_id: The request, once: a second copy is a second request.

    Returns:
        JSON, in the clear inside a ``Secret``.

    Raises:
        GrantError: The request was answered before, or a value was not opened.
        PersonError: There is no such person.
    """
    found = held(keeper, person)
    decision = Decision(
        decision_id=f"copy.{request_id}", tenant=keeper.tenant, case_id=None, person_id=person,
        act="disclose", purpose=SUBJECT_ACCESS, allowed=True, officer=keeper.actor,
        agency_id=None, rulebook_hash="pipl-45", fresh_seconds=120,
    )  # fmt: skip
    try:
        record_decision(app, decision)
    except GrantError:
        reason = "a request of that name was answered before, to this person or another"
        raise GrantError("the request", reason, "Give each request a name of its own.") from None
    channel = _Copy()
    for field in found.fields:
        channel.field = field
        open_for(keeper, issue_handle(app, decision, field, channel.name), channel)
    with app.connect() as connection:
        said = [receipt_of(event) for event in events_of(connection, keeper.tenant, person)]
        marks = _marks(connection, keeper.tenant, person)
        done = acts_of(connection, keeper.tenant, person, found.debtor)
    page = {
        "format": FORMAT, "person": person, "role": found.role, "state": found.state,
        "values": {field: value.reveal() for field, value in channel.values.items()},
        # A contact is a person of their own: what they are called is theirs, not the debtor's.
        "contacts": [one._asdict() for one in contacts_of(keeper, person)],
        "own_debts": [one._asdict() for one in own_debts(keeper, person)],
        "consents": said, "marks": marks, **done,
    }  # fmt: skip
    return Secret(json.dumps(page, default=str, ensure_ascii=False, indent=2))


def _marks(connection: sa.Connection, tenant: str, person: str) -> list[dict[str, Any]]:
    """Read what was done with a person's data, from the journal."""
    statement = sa.text(
        "SELECT kind, recorded_at, actor, body FROM journal.entry WHERE stream = :stream "
        "AND kind <> 'vault.alarm' ORDER BY stream_version"
    )
    rows = connection.execute(statement, {"stream": f"person:{tenant}:{person}"})
    return [
        {"what": row.kind, "at": row.recorded_at.isoformat(), "by": row.actor,
         **json.loads(bytes(row.body))}
        for row in rows
    ]  # fmt: skip


def restrict(keeper: Keeper, person: str) -> None:
    """Stop all use of a person's data but storage, because they ask.

    Raises:
        PersonError: There is no such person, or they are frozen or erased.
    """
    _set_state(keeper, person, "restricted", None)


def release(keeper: Keeper, person: str) -> None:
    """Lift a restriction, because the person asks. A freeze is not lifted.

    Raises:
        PersonError: There is no such person, or they are frozen or erased.
    """
    _set_state(keeper, person, "active", None)


def delete_or_freeze(
    keeper: Keeper, person: str, duties: list[Duty], on: date, reason: str = "request"
) -> Certificate | Frozen:
    """Delete what is held of a person, or freeze it where a duty to keep it runs.

    Args:
        keeper: The vault.
        person: Whom. Contacts of theirs are erased either way.
        duties: From ``retention.duties_of``; the longest first.
        on: Today.
        reason: A word: ``request`` or ``retention``.

    Returns:
        The certificate of erasure, or why and until when it is frozen.

    Raises:
        GoneError: There is no such person, they were erased before, or they are frozen for
            longer than these duties say: a duty forgotten today does not end one known before.
    """
    found = held(keeper, person)
    until = duties[0].until_on if duties else on
    if found.frozen_until and found.frozen_until >= until:
        raise GoneError("the person", f"frozen until {found.frozen_until} for {found.duty}")
    erase_contacts(keeper, person, on, reason)
    if not duties:
        return erase_person(keeper, person, reason, on)
    _set_state(keeper, person, "frozen", duties[0])
    return Frozen(person, duties[0])


def erase_ended_freezes(keeper: Keeper, on: date) -> list[Certificate]:
    """Erase the tenant's people whose freeze ended before a day: a job of the evening."""
    rows = ask(keeper, "freezes_ended(:on)", {"on": on})
    erased = []
    for person in [row.person_id for row in rows if row.tenant == keeper.tenant]:
        with suppress(GoneError):  # by another evening meanwhile
            erased.append(erase_person(keeper, person, "retention", on))
    return erased


def explain(
    keeper: Keeper, person: str, clocks: list[Clock], lender_type: str, policy: frozenset[str]
) -> dict[str, Any]:
    """Explain how a person's data is processed: what, what for, how long, by which text."""
    found = held(keeper, person)
    role = "contact" if found.role == "contact" else "debtor"
    return {
        "person": person, "state": found.state, "fields": list(found.fields),
        "duty": found.duty, "until": found.frozen_until and found.frozen_until.isoformat(),
        "purposes": [
            {"purpose": one.code, "zh": one.zh, "en": one.en, "basis": one.basis,
             "fields": [field for field in one.fields if field in found.fields]}
            for one in purposes().values() if one.role == role
        ],
        "clocks": [
            {"id": one.id, "kind": one.kind, "years": one.years, "from": one.starts,
             "instrument": one.instrument, "article": one.article, "verified": one.verified,
             "binds": binds(one, lender_type, policy), "zh": one.zh, "en": one.en}
            for one in clocks
        ],
    }  # fmt: skip


def _set_state(keeper: Keeper, person: str, state: str, duty: Duty | None) -> None:
    words = {
        "person": check_person(person), "state": state,
        "duty": duty.clock.id if duty else None, "until": duty.until_on if duty else None,
    }  # fmt: skip
    call = "set_state(:tenant, :person, :state, :duty, :until, :actor)"
    if not ask(keeper, call, words)[0][0]:
        raise GoneError("the person", "there is no such person, or they are frozen or erased")
