"""Consents: an append-only list of what a person said about one purpose.

The current state is the last thing said; nothing is overwritten, so a decision of the past
can be replayed on what was known then. Field names are those of ISO/IEC TS 27560:2023 in
the mapping of the W3C Data Privacy Vocabulary; what is not ours to say is left out, not
made up.

Source: 个人信息保护法 art. 14 (自愿、明确作出), 15 (便捷的撤回同意的方式), 16 (refusing costs no
service); 网络数据安全管理条例 art. 22: no repeated asking after a refusal.
"""

import json
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from kuanxian.base.errors import ConsentError
from kuanxian.vault.keeper import SAID_NO, Keeper, check_person
from kuanxian.vault.notice import Notice, keep_notice
from kuanxian.vault.people import held
from kuanxian.vault.purposes import Purpose, purpose_of
from kuanxian.vault.values import FIELDS

SCHEMA_VERSION: Final = "iso-iec-ts-27560-2023/kuanxian-1"
REQUESTED: Final = "requested"
GIVEN: Final = "given"
REFUSED: Final = "refused"
WITHDRAWN: Final = "withdrawn"
EXPIRED: Final = "expired"
VOLUNTEERED: Final = "volunteered"
"""A yes the person came with unasked: taken at any time, also soon after a no."""
SIGNED: Final = "signed"
"""A yes the person signed, on paper or electronically: what a text calls written consent."""
TYPED_BY: Final = "typed by the person"
SIGNED_BY: Final = "signed by the person"
"""How it came in, as a record says it."""
ENDED: Final = (REFUSED, WITHDRAWN)
LANGUAGES: Final = ("zh-Hans", "zh-Hant", "en")


class Event(NamedTuple):
    """One thing that was said, or asked."""

    record_id: str
    purpose: str
    event_type: str
    event_time: datetime
    entity_id: str
    record: dict[str, Any]
    """As written to the database: the fields of the standard."""


def events_of(connection: sa.Connection, tenant: str, person: str) -> list[Event]:
    """Read everything a person said or was asked, the oldest first.

    By when it happened, at the latest when it was written down; of one instant a no is last.
    """
    statement = sa.text(
        "SELECT record_id, purpose, event_type, event_time, entity_id, record FROM consent.event "
        "WHERE tenant = :tenant AND pii_principal_id = :person "
        "ORDER BY least(event_time, recorded_at), CASE event_type WHEN 'requested' THEN 0 "
        "WHEN 'given' THEN 1 ELSE 2 END, event_no"
    )
    rows = connection.execute(statement, {"tenant": tenant, "person": person})
    return [Event(*row) for row in rows]


def standing(events: list[Event], purpose: str, at: datetime) -> str:
    """Say what counted for a purpose at an instant: the last thing said by then.

    Args:
        events: The oldest first.
        purpose: Which.
        at: The instant, inclusive.

    Returns:
        ``given``, ``refused``, ``withdrawn``, ``expired``, or empty: nothing was said. Only
        ``given`` is a yes.
    """
    state = ""
    for event in events:
        if event.purpose == purpose and event.event_time <= at and event.event_type != REQUESTED:
            state = event.event_type
            if state == GIVEN and event.event_time + _validity(event) <= at:
                state = EXPIRED
    return state


def _validity(event: Event) -> timedelta:
    days = event.record["event"].get("validity_days")
    return timedelta(days=int(days) if days else 365_000)


def ask_consent(keeper: Keeper, person: str, notice: Notice, at: datetime) -> Event:
    """Ask for a consent by showing a notice, whose words are kept.

    Raises:
        ConsentError: The person refused, withdrew or was silent and may not be asked again
            yet, or the purpose is not for them.
    """
    purpose = purpose_of(notice.purpose, _asked_role(keeper, person))
    keep_notice(keeper.engine, notice)
    return _say(keeper, person, purpose, notice, (REQUESTED, at, 0))


def answer_consent(
    keeper: Keeper, person: str, notice: Notice, answer: str, at: datetime, validity_days: int = 0
) -> Event:
    """Write down what the person answered, for one purpose.

    Args:
        keeper: The vault.
        person: Who answered: the debtor, or the contact, each for themselves.
        notice: The words that were shown.
        answer: ``given``, ``refused``, ``volunteered``: a yes the person came with unasked, or
            ``signed``: a yes on a paper, or a file, that the person signed and that is kept.
        at: When.
        validity_days: How long a yes counts; 0: until withdrawn.

    Raises:
        ConsentError: It is another answer, the purpose is not for this person, or they said
            no and were asked again too soon.
    """
    if answer not in (GIVEN, REFUSED, VOLUNTEERED, SIGNED):
        raise ConsentError("answer", "it is given or refused", "Silence is neither.")
    purpose = purpose_of(notice.purpose, _asked_role(keeper, person))
    if answer != REFUSED:  # a no stands on any words
        keep_notice(keeper.engine, notice)
    return _say(keeper, person, purpose, notice, (answer, at, validity_days))


def withdraw_consent(keeper: Keeper, person: str, purpose: str, at: datetime) -> Event:
    """Withdraw: no reason is asked for, and it counts at once.

    Raises:
        ConsentError: There is no such purpose, or the time lies ahead.
    """
    return _say(keeper, check_person(person), purpose_of(purpose), None, (WITHDRAWN, at, 0))


def _asked_role(keeper: Keeper, person: str) -> str:
    found = held(keeper, person)
    if found.state == "erased" or found.contact_state in ("stopped", "erased"):
        raise ConsentError("the person", "they said stop or were erased: they are not asked")
    return "contact" if found.role == "contact" else "debtor"


def _say(
    keeper: Keeper,
    person: str,
    purpose: Purpose,
    notice: Notice | None,
    said: tuple[str, datetime, int],
) -> Event:
    """Append an event, alone for this person and purpose."""
    kind, at, validity_days = said
    with keeper.engine.begin() as connection:
        lock = sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
        connection.execute(lock, {"name": f"consent:{keeper.tenant}:{person}:{purpose.code}"})
        before = [e for e in events_of(connection, keeper.tenant, person)
                  if e.purpose == purpose.code]  # fmt: skip
        if kind == REQUESTED:
            _check_asking(purpose, before, at)
        # No id holds a slash: those of two people are never the same.
        record_id = f"{keeper.tenant}/{person}/{purpose.code}/{len(before) + 1}"
        shown = _notice_of(notice, before)
        record = make_record(keeper, person, purpose, shown, record_id)
        unasked = {"initiated_by": "pii_principal"} if kind == VOLUNTEERED else {}
        if kind == SIGNED:
            record["pii_processing"]["collection_method"] = SIGNED_BY
        kind = GIVEN if kind in (VOLUNTEERED, SIGNED) else kind
        record["event"] = {
            "event_time": at.isoformat(), "event_type": kind, "event_state": kind,
            "entity_id": keeper.actor, "validity_days": validity_days, **unasked,
        }  # fmt: skip
        event = Event(record_id, purpose.code, kind, at, keeper.actor, record)
        _append(connection, keeper.tenant, person, event)
        return event


def _check_asking(purpose: Purpose, before: list[Event], at: datetime) -> None:
    last = before[-1] if before else None
    if last is None or last.event_type in (GIVEN, EXPIRED):
        return
    silent = last.event_type == REQUESTED
    again = last.event_time + timedelta(days=purpose.asks_again_days)
    if not purpose.asks_again_days or at < again:
        until = f"before {again.date()}" if purpose.asks_again_days else "at all"
        said = "was asked and has not answered" if silent else last.event_type
        raise ConsentError(purpose.code, f"the person {said}: not asked again {until}")


def _notice_of(notice: Notice | None, before: list[Event]) -> dict[str, Any]:
    """Name the words shown; a withdrawal names those the consent was given on."""
    if notice is None:
        shown = before[-1].record["pii_processing"]["privacy_notice"] if before else {}
        return dict(shown)
    return {
        "id": notice.notice_id,
        "version": notice.version,
        "language": notice.language,
        "sha256": notice.digest(),
    }


def make_record(
    keeper: Keeper, person: str, purpose: Purpose, notice: dict[str, Any], record_id: str
) -> dict[str, Any]:
    """Write a consent record in the fields of the standard; no value of a person is in it."""
    kinds = [
        {"pii_type": field, "pii_optional": 0, "sensitive_pii": int(FIELDS[field].sensitive)}
        for field in purpose.fields
    ]
    return {
        "schema_version": SCHEMA_VERSION,
        "record_id": record_id,
        "pii_principal_id": person,
        "pii_processing": {
            "privacy_notice": notice,
            "purpose": purpose.code,
            "purpose_type": "optional" if not purpose.blocks_service else "necessary",
            "lawful_basis": "consent",
            "lawful_basis_text": purpose.basis,
            "pii_information": kinds,
            "pii_controllers": [keeper.tenant],
            "collection_method": TYPED_BY,
            "retention_period": purpose.retention,
            "jurisdiction": "CN",
            "recipient_third_parties": list(purpose.recipients),
            "withdrawal_method": "as easily as given: one step, no reason asked",
            "privacy_rights": ["see", "copy", "correct", "restrict", "delete", "explain"],
        },
    }


def _append(connection: sa.Connection, tenant: str, person: str, event: Event) -> None:
    statement = sa.text(
        "SELECT consent.record_event(:record_id, :tenant, :person, :purpose, :event_type, "
        ":event_time, :entity_id, CAST(:record AS jsonb))"
    )
    words = {**event._asdict(), "record": json.dumps(event.record, ensure_ascii=False)}
    try:
        connection.execute(statement, {**words, "tenant": tenant, "person": person})
    except sa.exc.IntegrityError as error:
        name = getattr(getattr(error.orig, "diag", None), "constraint_name", "")
        raise ConsentError("the answer", _REFUSALS.get(name, _REFUSALS[""])) from None


_REFUSALS: Final = {
    SAID_NO: "a contact of that number said no: they are not asked again",
    "ask_again": "the person said no: not asked again yet, but they may come by themselves",
    "notice_kept": "the words it was given on were not kept",
    "": "the time lies ahead or long ago, or somebody wrote at the same moment",
}


def receipt_of(event: Event, notice: Notice | None = None) -> dict[str, Any]:
    """Make the person's own copy: the record, and what it means in words.

    Args:
        event: What was said.
        notice: The words that were shown, if they are to be in it.
    """
    purpose = purpose_of(event.purpose)
    return {
        **event.record,
        "receipt": {
            "zh": f"{_ZH[event.event_type]}：{purpose.zh}。"
            "您可以随时撤回，撤回与同意一样方便，不影响借款服务。",
            "en": f"{_EN[event.event_type]}: {purpose.en}. You may withdraw at any time, as easily "
            "as you gave it; it does not affect your loan.",
            "notice": notice.body if notice else "",
        },
    }


_ZH: Final = {REQUESTED: "已征询", GIVEN: "您同意", REFUSED: "您不同意", WITHDRAWN: "您已撤回同意",
              EXPIRED: "同意已到期"}  # fmt: skip
_EN: Final = {REQUESTED: "You were asked", GIVEN: "You agreed", REFUSED: "You refused",
              WITHDRAWN: "You withdrew", EXPIRED: "Your consent ended"}  # fmt: skip
