"""Kinds: which notices there are, by which channels each may go, and how long one waits."""

from collections.abc import Mapping
from typing import Final, NamedTuple

_ALL: Final = ("sms", "in_app", "email", "letter")
_LIGHT: Final = ("sms", "in_app", "email")

REMINDER_DAYS: Final = 3
"""A reminder is due from so many days before the due day. The firm's choice; no text sets it."""
LASTS_DAYS: Final = 30
"""How long a notice that only informs stays due. Firm's choice; what the law rests on stays due."""
REPORT_LEAD_DAYS: Final = 7
"""Days between the notice and the day after which it is reported. The regulation sets none."""
WAIT_US: Final[Mapping[str, int]] = {
    "sms": 24 * 3_600_000_000,
    "in_app": 72 * 3_600_000_000,
    "email": 72 * 3_600_000_000,
    "letter": 240 * 3_600_000_000,
}
"""How long a channel may leave open whether it delivered, before the next one is tried."""
POINTS: Final[Mapping[str, str]] = {
    "sms": "mobile",
    "in_app": "app",
    "email": "email",
    "letter": "address",
}
"""The kind of contact point a channel needs."""


class Kind(NamedTuple):
    """One kind of notice. Its template has its name."""

    word: str
    """The word of a case file: ``adverse_report``, ``outsourcing`` … or ``other``."""
    channels: tuple[str, ...]
    """In the order in which they are tried."""
    lapses: bool
    """It only informs, and is stale after ``LASTS_DAYS``."""


KINDS: Final[Mapping[str, Kind]] = {
    "due_reminder": Kind("other", _LIGHT, lapses=True),
    "first_overdue": Kind("other", _LIGHT, lapses=True),
    # 征信业管理条例第十五条: 应当事先告知信息主体本人. Held until one channel delivered it.
    "report_notice": Kind("adverse_report", _ALL, lapses=False),
    "agency_assigned": Kind("outsourcing", _ALL, lapses=False),
    "claim_assigned": Kind("assignment", _ALL, lapses=False),
    "plan_offered": Kind("other", _LIGHT, lapses=True),
    "plan_agreed": Kind("other", _LIGHT, lapses=True),
    "plan_broken": Kind("other", _LIGHT, lapses=True),
    # In-app alone: to tell of an opening by opening another value would never end.
    "data_opened": Kind("other", ("in_app",), lapses=True),
    "complaint_received": Kind("other", _LIGHT, lapses=True),
    "complaint_answered": Kind("other", _ALL, lapses=True),
}
