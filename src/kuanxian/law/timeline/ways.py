"""Ways: which kinds of contact point a channel reaches, and which origins nobody gave."""

from collections.abc import Mapping
from typing import Final

TAKEN: Final = ("address_book", "call_log", "sms_import", "purchased")
"""Origins of people and points that neither gave their data nor were named one by one."""
VOICES: Final = ("voice_human", "voice_ai")
"""Channels by which somebody is called, whatever the act or the event is called."""
PHONES: Final = ("mobile", "landline")
_REACHED: Final[Mapping[str, tuple[str, ...]]] = {
    "call": PHONES, "voice_human": PHONES, "voice_ai": PHONES, "sms": PHONES,
    "email": ("email",), "letter": ("address",), "visit": ("address",),
    "in_app": ("app", *PHONES), "app_push": ("app", *PHONES), "im": ("im", "app", *PHONES),
}  # fmt: skip
"""Kinds of point by channel, or by kind of event where it names no channel. An account of an app or
of instant messages may go by the person's number."""
_PHONE: Final = "phone"
_KIND_OF: Final = {
    "mobile": _PHONE, "landline": _PHONE, "call": _PHONE, "voice_human": _PHONE,
    "voice_ai": _PHONE, "sms": _PHONE, "contact": _PHONE, "letter": "address", "visit": "address",
    "in_app": "app", "app_push": "app",
}  # fmt: skip


def can_reach(way: str, kind: str | None) -> bool:
    """Say whether a channel, or a kind of event, can reach a kind of point.

    A point of which no kind is told, and a way that is no channel, contradict nothing.

    Example:
        >>> can_reach("voice_human", "email"), can_reach("sms", "mobile"), can_reach("sms", None)
        (False, True, True)
    """
    return kind is None or way not in _REACHED or kind in _REACHED[way]


def sort_of(word: str | None) -> str | None:
    """Find what a kind of point or a channel comes down to; any other word stands for itself.

    Example:
        >>> sort_of("landline"), sort_of("letter"), sort_of("email")
        ('phone', 'address', 'email')
    """
    return _KIND_OF.get(word or "", word)
