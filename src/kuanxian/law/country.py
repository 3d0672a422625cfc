"""Country: what the case layer must know of a country before any rule is read.

Four things: in which time zones a person may be of whom no zone is known, from which age a
person is of age, between which minutes of the day people are tried, and how long a complaint of a
class may take. They stand in
``rules/<country>/country.toml``. A country without a folder has no zones here, so that every
time fact is unknown; without a rulebook nothing is permitted there anyway.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

RULES: Final = Path(__file__).resolve().parents[1] / "rules"
"""The folder of the rulebooks as shipped in the package."""


@cache
def zones_of(country: str) -> tuple[str, ...]:
    """Find every time zone of a country, by IANA name.

    Args:
        country: Two small letters.

    Example:
        >>> zones_of("cn"), zones_of("xx")
        (('Asia/Shanghai',), ())
    """
    table = _country_table(country)
    zones: list[str] = table.get("zones") or [table["zone"]] if table else []
    return tuple(zones)


@cache
def majority_years_of(country: str) -> int | None:
    """Find the age from which a person is of age, in whole years; None: not known here.

    Example:
        >>> majority_years_of("cn"), majority_years_of("xx")
        (18, None)
    """
    years: int | None = _country_table(country).get("majority_years")
    return years


@cache
def day_minutes_of(country: str) -> range:
    """Find the minutes of the local day in which people may be tried; none: not known here.

    Example:
        >>> day_minutes_of("cn"), len(day_minutes_of("xx"))
        (range(480, 1320), 0)
    """
    table = _country_table(country)
    return range(table.get("day_from_minute", 0), table.get("day_until_minute", 0))


@cache
def complaint_days_of(country: str) -> Mapping[str, int]:
    """Find in how many days a complaint is to be settled, by its class; empty: not known here.

    Example:
        >>> complaint_days_of("cn")["simple"], dict(complaint_days_of("xx"))
        (15, {})
    """
    days: Mapping[str, int] = _country_table(country).get("complaint_days", {})
    return days


def _country_table(country: str) -> dict[str, Any]:
    path = RULES / country / "country.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
