"""File form: a case written back as the case file that would give it.

An auditor, a court expert or another program can then decide it anew with nothing but
``kuanxian law decide``; and what is added to a case is read by the reader of case files
before it is believed.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final, NamedTuple

from kuanxian.base.days import date_of
from kuanxian.journal.entry import EPOCH
from kuanxian.law.case import Act, Case, Event
from kuanxian.law.case_events import COMMON, KINDS
from kuanxian.law.case_tables import ACT, FORMAT, LISTS
from kuanxian.law.case_values import Field
from kuanxian.law.rule import Value


def write_instant(at: int) -> str:
    """Write microseconds UTC as a case file does.

    Example:
        >>> write_instant(1)
        '1970-01-01T00:00:00.000001Z'
    """
    return (EPOCH + timedelta(microseconds=at)).isoformat().replace("+00:00", "Z")


def write_day(day_on: int) -> str:
    """Write a day as a case file does; it may lie before 1970."""
    return (
        (EPOCH.date() + timedelta(days=day_on)).isoformat() if day_on < 0 else str(date_of(day_on))
    )


_WRITE: Final = {"instant": write_instant, "day": write_day}


def file_form(
    case: Case, at: int, act: Act, stated: Mapping[str, Value] | None = None
) -> dict[str, Any]:
    """Write a case as the top of a case file.

    Args:
        case: The case.
        at: The deciding instant.
        act: What is proposed.
        stated: Facts to state.
    """
    events = [(event.kind == "consent", event_form(event)) for event in case.events]
    return {
        "format": FORMAT,
        "country": case.country,
        "at": write_instant(at),
        "lender": _said(case.lender, {}),
        **{
            name: [_said(row, fields) for row in getattr(case, name).values()]
            for name, (fields, _) in LISTS.items()
        },
        "consents": [written for is_consent, written in events if is_consent],
        "timeline": [written for is_consent, written in events if not is_consent],
        "complete": sorted(case.complete),
        "act": _said(act, ACT),
        "facts": {key: value for key, value in (stated or {}).items() if value is not None},
    }


def event_form(event: Event) -> dict[str, Any]:
    """Write an event as a case file does."""
    fields = COMMON | KINDS[event.kind].keys
    written = _said(event, fields)
    if event.person is not None and "to" in fields:
        written["to"] = written.pop("person")
    if event.kind == "consent":
        del written["kind"]
        written["event"] = written.pop("step")
    return written


def _said(row: NamedTuple, fields: Mapping[str, Field]) -> dict[str, Any]:
    """Write what a row says; what it does not say is left out."""
    written: dict[str, Any] = {}
    for key, value in row._asdict().items():
        if value is None or value == ():
            continue
        write = _WRITE.get(fields[key].form) if key in fields else None
        written[key] = list(value) if isinstance(value, tuple) else write(value) if write else value
    return written
