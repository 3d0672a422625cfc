"""Policy: how ageing and grades are shown, read from a TOML file.

Every key of ``Policy`` may be set; what is left out keeps the shipped value
(``policy.toml`` beside this file).
"""

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from kuanxian.base.errors import CloseError
from kuanxian.loan.position import Policy

DAYS_MAX: Final = 3_660
"""Ten years: no policy looks further back."""

_LADDERS: Final = (Policy._fields[:6], Policy._fields[6:])
"""Ageing buckets and grades; the days of each rise."""


def read_policy(path: Path | None = None) -> Policy:
    """Read a policy file, or the shipped policy.

    Args:
        path: The file; None for the shipped one.

    Raises:
        CloseError: The file is not TOML, has an unknown key, or a figure that is not a
            whole number of days from 0 to ``DAYS_MAX``, or the days of a ladder fall.

    Example:
        >>> read_policy() == Policy()
        True
    """
    shipped = files("kuanxian.close").joinpath("policy.toml").read_text(encoding="utf-8")
    values = tomllib.loads(shipped)
    if path is not None:
        values |= _read(path)
    policy = Policy(**values)
    for ladder in _LADDERS:
        days = [getattr(policy, name) for name in ladder]
        if days != sorted(days):
            raise CloseError(
                "policy",
                f"{ladder[0]} … {ladder[-1]} must not fall, they are {days}",
                "put the days in rising order",
            )
    return policy


def _read(path: Path) -> dict[str, Any]:
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CloseError(
            path.name, "the policy file is not readable TOML", "see docs/how-to/close-the-day.md"
        ) from error
    if isinstance(values.get("policy"), dict) and len(values) == 1:
        values = values["policy"]  # under a heading, as in a loan file
    for name, days in values.items():
        if name not in Policy._fields:
            raise CloseError(
                name, "no such setting", f"a policy has these: {', '.join(Policy._fields)}"
            )
        if type(days) is not int or not 0 <= days <= DAYS_MAX:
            raise CloseError(
                name, f"must be a whole number of days from 0 to {DAYS_MAX}", "change the figure"
            )
    return values
