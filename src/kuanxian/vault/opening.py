"""Opening: one value, once, for one purpose, inside the channel that uses it.

Who decides writes a decision and gets a ``Handle``: it names what may be opened and holds
no value. The officer passes the handle to a channel. The channel opens in two steps: the
mark, committed, in the journal; then, in the next transaction of the same session and once,
what became of it and the bytes. Whoever takes the first back has learned nothing, and whoever
takes the second back is not told again.

The value exists as a ``Secret`` inside ``deliver`` alone. What comes back to the officer is
the channel's receipt.
"""

from collections.abc import Callable
from typing import Final, NamedTuple, Protocol

import sqlalchemy as sa

from kuanxian.base.errors import GrantError
from kuanxian.vault.keeper import Keeper
from kuanxian.vault.keys import Wrapped, person_bound
from kuanxian.vault.seal import Place, check_word, cipher_of, unseal
from kuanxian.vault.secret import Secret

SUBJECT_ACCESS: Final = "subject_access"
"""The purpose of handing a person their own data."""

WORDS: Final = {
    "no_decision": "there is no such decision",
    "not_allowed": "the decision does not allow it",
    "stale": "the decision is no longer fresh",
    "granted_before": "this decision was used for this field before",
    "no_grant": "there is no such grant for that decision",
    "another_grant": "the grant is for another person, field, purpose or channel",
    "used": "the grant was used",
    "frozen_actor": "this officer may open nothing until somebody else lifts it",
    "restricted": "the person's data may not be processed, or there is no such person",
    "withdrawn": "the person refused or withdrew",
    "not_asked": "the purpose rests on a consent, and the person gave none",
    "contact_stopped": "the contact said stop, or it is not what they were named for",
    "another_field": "the purpose does not need this value",
    "another_channel": "a person's own copy goes into the copy alone",
    "another_case": "the person is not of that case",
    "not_assigned": "the agency does not have the case now",
    "no_value": "no such value is held",
    "over_budget": "too many openings in 24 hours",
}
"""Why not, in words. An alarm reads like any other refusal."""

_MARK: Final = sa.text(
    "SELECT vault.mark_opening(:grant_id, :decision_id, :person_id, :field, :purpose, :channel)"
)
_FETCH: Final = sa.text("SELECT * FROM vault.fetch_opening(:opening)")


class Handle(NamedTuple):
    """The right to have one value used once. An officer may hold it; it tells no value."""

    person_id: str
    field: str
    """A name in ``values.FIELDS``."""
    purpose: str
    grant_id: str
    decision_id: str
    channel: str
    """The name of the channel that may use it."""


class Channel(Protocol):
    """What sends or dials."""

    name: str

    def deliver(self, value: Secret) -> str:
        """Use the value; give a receipt that does not hold it."""
        ...


class Decision(NamedTuple):
    """What the gate decided about one act towards one person."""

    decision_id: str
    tenant: str
    case_id: str | None
    person_id: str
    act: str
    """As in ``acts.toml``: contact, message, disclose…"""
    purpose: str
    allowed: bool
    officer: str
    agency_id: str | None
    """The agency for which the officer acts; None: the lender's own."""
    rulebook_hash: str
    fresh_seconds: int
    """How long it may be acted on, 1 to 600."""


def record_decision(app: sa.Engine, decision: Decision) -> None:
    """Write a decision down. It is never changed.

    Args:
        app: Logged in as a member of ``kx_app``.
        decision: What was decided.

    Raises:
        GrantError: There is a decision of that id, or no such case or agency.
        SealError: An id is none, or looks like a person's number.
    """
    for name in ("decision_id", "case_id", "person_id", "officer", "agency_id"):
        word = getattr(decision, name)
        if word is not None:
            check_word(name, word)
    columns = ", ".join(Decision._fields)
    values = ", ".join(f":{name}" for name in Decision._fields)
    statement = sa.text(f"INSERT INTO casework.decision ({columns}) VALUES ({values})")
    try:
        with app.begin() as connection:
            connection.execute(statement, decision._asdict())
    except sa.exc.IntegrityError:
        raise GrantError("decision", "it is there already, or its case is not") from None


def issue_handle(app: sa.Engine, decision: Decision, field: str, channel: str) -> Handle:
    """Turn an allowing decision into the right to one opening.

    Args:
        app: Logged in as a member of ``kx_app``.
        decision: Recorded before, and fresh.
        field: Which value.
        channel: The name of the channel that will use it.

    Raises:
        GrantError: It does not allow, is not fresh, or was used for this field before.
    """
    statement = sa.text("SELECT * FROM casework.issue_grant(:decision, :field, :channel)")
    words = {"decision": decision.decision_id, "field": field, "channel": channel}
    with app.begin() as connection:
        answer = connection.execute(statement, words).one()
    if answer.outcome != "granted":
        raise GrantError(field, WORDS[answer.outcome])
    return Handle(
        decision.person_id, field, decision.purpose, answer.grant_id, decision.decision_id, channel
    )


def open_for(keeper: Keeper, handle: Handle, channel: Channel) -> str:
    """Open a value inside a channel, once.

    Args:
        keeper: The vault, in the process of the channel.
        handle: The right to it.
        channel: What uses it; its name is the one the handle was issued for.

    Returns:
        The channel's receipt.

    Raises:
        GrantError: The opening is refused, which the journal holds too; or the channel did
            not deliver; or its receipt holds the value.
        SealError: The sealed bytes do not open: somebody changed them.
        KeyHolderError: Who holds the keys cannot be asked.
    """
    value = open_value(keeper, handle._replace(channel=channel.name))
    try:
        receipt = channel.deliver(value)
    except Exception as error:  # noqa: BLE001 - a channel's own error may quote the number
        reason = f"the channel did not deliver ({type(error).__name__})"
        raise GrantError(channel.name, reason) from None
    if value.reveal().strip("+") in str(receipt):
        raise GrantError(channel.name, "the receipt holds the value; it is not handed on")
    return receipt


def open_value(keeper: Keeper, handle: Handle) -> Secret:
    """Open a value for a channel that keeps it to itself: mark, commit, then fetch.

    Raises:
        GrantError: The opening is refused.
        SealError: The sealed bytes do not open.
        KeyHolderError: Who holds the keys cannot be asked.
    """
    # One session for both: the database answers only the one that made the mark.
    with keeper.engine.connect() as connection:
        with connection.begin():
            opening_id = connection.scalar(_MARK, handle._asdict())
        if opening_id is None:
            raise GrantError(handle.field, WORDS["no_grant"])
        with connection.begin():
            row = connection.execute(_FETCH, {"opening": opening_id}).one_or_none()
    if row is None:
        raise GrantError(handle.field, "the value is gone, or was fetched before")
    if row.outcome != "marked":
        raise GrantError(handle.field, WORDS[row.outcome])
    key = keeper.holder.unwrap(
        Wrapped(row.key_id, row.wrapped), person_bound(row.tenant, row.person_id)
    )
    place = Place(row.tenant, row.person_id, row.field, row.version)
    return Secret(unseal(cipher_of(key), place, row.body).decode())


class _AnyHandle(Protocol):
    """A handle of a channel: what it needs to know of the grant."""

    @property
    def person_id(self) -> str: ...
    @property
    def field(self) -> str: ...
    @property
    def purpose(self) -> str: ...
    @property
    def grant_id(self) -> str: ...


def opener(keeper: Keeper, decision_id: str, channel: str) -> Callable[[_AnyHandle], Secret]:
    """Give a channel the means to open the handles of one decision.

    Args:
        keeper: The vault, in the process of the channel.
        decision_id: What the handles were issued for.
        channel: The channel's name.

    Returns:
        From a handle to the value; raises as ``open_value``.
    """

    def open_one(given: _AnyHandle) -> Secret:
        handle = Handle(
            given.person_id, given.field, given.purpose, given.grant_id, decision_id, channel
        )
        return open_value(keeper, handle)

    return open_one
