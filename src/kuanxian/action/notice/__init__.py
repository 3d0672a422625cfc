"""Notice: what a person must be told, when, and how far the telling has come.

``kinds`` says which notices there are, ``due`` which of them a case asks for on a day,
``life`` how far each has come and what is next, ``record`` writes that into the case's stream.
Every notice goes out through the contact gate like any other message.
"""

from kuanxian.action.notice.due import Due, notices_due
from kuanxian.action.notice.kinds import Pace, pace_of
from kuanxian.action.notice.life import Attempt, Notice, Step, fold, next_step

__all__ = [
    "Attempt",
    "Due",
    "Notice",
    "Pace",
    "Step",
    "fold",
    "next_step",
    "notices_due",
    "pace_of",
]
