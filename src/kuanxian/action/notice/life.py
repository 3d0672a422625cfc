"""Life: how far a notice has come, as a fold over the case's stream, and what is next.

proposed → begun → accepted → delivered, or failed and on to the next channel. A notice that a
provider accepted is not delivered; one that was delivered and then lost is open again.
"""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import Any, Final, NamedTuple, get_type_hints

from kuanxian.action.contact.casebook import UNREADABLE, unreadable
from kuanxian.action.notice.kinds import KINDS, POINTS, Pace
from kuanxian.journal.canonical import decode
from kuanxian.journal.entry import Entry

BEGUN: Final = "notice.begun"
TOLD: Final = "notice.told"
ATTEMPTS_MAX: Final = 20
"""Attempts of one notice that may have sent it, after which a person looks at it."""
WINDOW_ENDS: Final = "WINDOW ENDS"
"""Why nothing was sent: so late a provider may deliver when it is forbidden."""


class Attempt(NamedTuple):
    """One try by one channel."""

    number: int
    channel: str
    grant_id: str
    """Also the order's id at the channel."""
    begun_at: int
    expires_at: int
    state: str = "begun"
    """``begun``, then a channel's word: ``accepted``, ``delivered``, ``failed``, ``uncertain``,
    ``expired``."""
    state_at: int = 0
    provider_id: str = ""
    accepted_at: int | None = None
    delivered_at: int | None = None
    failure: str = ""
    tries: int = 0
    receipt_hash: str = ""
    evidence: str = ""
    """What showed that it arrived or did not, where the channel itself cannot tell."""
    message_event: str = ""
    """The event that tells of the message now."""
    notice_event: str = ""
    """The event that tells of the notice now; empty: it never arrived."""


_TAKES: Final[Mapping[str, Any]] = get_type_hints(Attempt)


class Notice(NamedTuple):
    """A notice of which something was sent, or nearly."""

    key: str
    kind: str
    told: Mapping[str, str | None]
    """Of whom and what: ``to``, ``debt``, ``party``, ``about``, ``by``, ``point``."""
    attempts: tuple[Attempt, ...] = ()

    @property
    def is_delivered(self) -> bool:
        """Whether one channel has delivered it and has not taken that back."""
        return any(attempt.state == "delivered" for attempt in self.attempts)


class Do(StrEnum):
    """What is next."""

    PROPOSE = "propose"
    WAIT = "wait"
    DONE = "done"
    HELD = "held"
    """No channel is left: it has not arrived, and a person must see to it."""


class Step(NamedTuple):
    """What is next of a notice."""

    do: Do
    channel: str = ""
    number: int = 0
    until_at: int | None = None
    """Of a wait: when the next channel is tried."""


def fold(entries: Iterable[Entry], known: Mapping[str, Notice] | None = None) -> dict[str, Notice]:
    """Fold the entries of a case's stream into its notices, by key; other entries are passed.

    Raises:
        CaseError: An entry is there that no notice has.
    """
    book = dict(known or {})
    for entry in entries:
        if entry.kind in (BEGUN, TOLD):
            try:
                _take(book, entry)
            except UNREADABLE:
                raise unreadable(entry) from None
    return book


def _take(book: dict[str, Notice], entry: Entry) -> None:
    """Take in what an entry tells of a notice."""
    body = decode(entry.body)
    key = body["key"]
    if entry.kind == BEGUN:
        notice = book.get(key, Notice(key, body["kind"], body["told"]))
        made = _sound(Attempt(**body["attempt"]))
        book[key] = notice._replace(attempts=(*notice.attempts, made))
    else:
        attempts = tuple(
            _sound(one._replace(**body["state"])) if one.grant_id == body["grant_id"] else one
            for one in book[key].attempts
        )
        book[key] = book[key]._replace(attempts=attempts)


def _sound(attempt: Attempt) -> Attempt:
    """Pass an attempt; a value of another type would fail later, and then for every other case."""
    if attempt.channel not in POINTS:
        raise LookupError("channel")
    for name, takes in _TAKES.items():
        if not isinstance(getattr(attempt, name), takes):
            raise TypeError(name)
    return attempt


def next_step(kind: str, notice: Notice | None, at: int, able: Collection[str], pace: Pace) -> Step:
    """Say what is next of a due notice.

    Args:
        kind: Of the notice.
        notice: How far it has come; None where nothing was tried.
        at: Now, microseconds UTC.
        able: The channels by which the person can be reached at all.
        pace: The firm's own times.

    Example:
        >>> next_step("report_notice", None, 0, {"sms", "letter"}, Pace(3, 30, 5, {}))
        Step(do=<Do.PROPOSE: 'propose'>, channel='sms', number=1, until_at=None)
    """
    attempts = notice.attempts if notice else ()
    if notice is not None and notice.is_delivered:
        return Step(Do.DONE)
    for attempt in attempts:
        until = _open_until(attempt, pace)
        if until is not None and at < until:
            return Step(Do.WAIT, attempt.channel, attempt.number, until)
    spent = {attempt.channel for attempt in attempts if attempt.state != "expired"}
    left = [one for one in KINDS[kind].channels if one in able and one not in spent]
    # Where nothing was sent nobody was tried.
    if not left or sum(one.state != "expired" for one in attempts) >= ATTEMPTS_MAX:
        return Step(Do.HELD)
    late = {one.channel: one for one in attempts
            if one.failure == WINDOW_ENDS and at < one.expires_at}  # fmt: skip
    for channel in left:
        if channel not in late:
            return Step(Do.PROPOSE, channel, len(attempts) + 1)
    last = late[left[0]]
    return Step(Do.WAIT, last.channel, last.number, last.expires_at)


def _open_until(attempt: Attempt, pace: Pace) -> int | None:
    """Find until when an attempt may still turn out to have delivered; None: it will not."""
    if attempt.state in ("failed", "expired", "delivered"):
        return None
    # Begun and never heard of again: it may have gone out just before its grant ended.
    since = attempt.expires_at if attempt.state == "begun" else attempt.state_at
    return since + pace.wait_us[attempt.channel]
