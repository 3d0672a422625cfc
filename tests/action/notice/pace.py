"""The shipped pace of notices, written out."""

from typing import Final

from kuanxian.action.notice import Pace

HOUR_US: Final = 3_600_000_000
PACE: Final = Pace(
    reminder_days=3,
    lasts_days=30,
    report_lead_days=5,
    wait_us={
        "sms": 24 * HOUR_US,
        "in_app": 72 * HOUR_US,
        "email": 72 * HOUR_US,
        "letter": 240 * HOUR_US,
    },
)
