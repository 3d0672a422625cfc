"""Kinds: which notices there are, by which channels each may go, and the firm's own pace."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from kuanxian.law.rule import Value

_ALL: Final = ("sms", "in_app", "email", "letter")
_LIGHT: Final = ("sms", "in_app", "email")

HOUR_US: Final = 3_600_000_000
POINTS: Final[Mapping[str, str]] = {
    "sms": "mobile",
    "in_app": "app",
    "email": "email",
    "letter": "address",
}
"""The kind of contact point a channel needs."""


class Pace(NamedTuple):
    """The firm's own times; no text sets them. See ``rules/<country>/policy.toml``."""

    reminder_days: int
    """A reminder is due from so many days before the due day."""
    lasts_days: int
    """How long a notice that only informs stays due; what the law rests on stays due."""
    report_lead_days: int
    """Days between the delivery of the notice and the report, at least."""
    wait_us: Mapping[str, int]
    """How long a channel may leave open whether it delivered, before the next one is tried."""


def pace_of(policy: Mapping[str, Value]) -> Pace:
    """Read the firm's times off its policy.

    Args:
        policy: Values by parameter, as ``Rulebook.policy.values``.
    """

    def whole(name: str) -> int:
        value = policy[name]
        assert isinstance(value, int)
        return value

    waits = {channel: whole(f"notice_wait_{channel}_hours") * HOUR_US for channel in POINTS}
    return Pace(
        whole("notice_reminder_days"), whole("notice_lasts_days"),
        whole("report_notice_lead_days"), waits,
    )  # fmt: skip


class Kind(NamedTuple):
    """One kind of notice. Its template has its name."""

    word: str
    """The word of a case file: ``adverse_report``, ``outsourcing`` … or ``other``."""
    channels: tuple[str, ...]
    """In the order in which they are tried."""
    lapses: bool
    """It only informs, and is stale after the policy's ``notice_lasts_days``."""


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
