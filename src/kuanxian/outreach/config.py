"""Configuration of channels: one TOML file, and what it cannot say.

There is no field for a second number, for a caller's number to show, for a pool to pick
from or for anybody's own phone. A file that tries is refused with the text that forbids
it, before anything else in it is looked at.

Source:
    反电信网络诈骗法 14, 31 (rows TF-14, TF-31, V1); 金融机构个人消费类贷款催收工作指引（试行）
    on private phones and accounts (row CBA-14, V2).
"""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from kuanxian.base.errors import ChannelError

_EVASIVE: Final = re.compile(
    r"rotat|pool|caller_?id|display_?number|show_?number|spoof|mask_?number|random|sim_?bank|"
    r"numbers$|callers$|from_?numbers|backup_?number|private|personal|virtual_?number|alias",
)
_LOOPBACK: Final = {"127.0.0.1", "localhost", "::1"}


def read_config(path: Path) -> dict[str, dict[str, Any]]:
    """Read a channel file into one table a channel.

    Raises:
        ChannelError: It is not TOML, or it asks for what cannot be configured.
    """
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ChannelError(path.name, f"not readable as TOML: {error}", "mend it") from error
    refuse_evasion(path.name, told)
    for name, table in told.items():
        if not isinstance(table, dict):
            raise ChannelError(path.name, f"{name} is not a table", f"write [{name}]")
    return told


def refuse_evasion(where: str, told: Mapping[str, Any]) -> None:
    """Refuse a key that would change, hide or rotate the number a borrower sees.

    Raises:
        ChannelError: There is such a key, at any depth.
    """
    for key, value in told.items():
        if _EVASIVE.search(key.lower()):
            raise ChannelError(
                where,
                f"{key} cannot be configured: numbers are not rotated, changed, hidden or private",
                "反电信网络诈骗法 14, 31 (TF-14, TF-31); leave it out",
            )
        if isinstance(value, Mapping):
            refuse_evasion(where, value)
        elif isinstance(value, list):
            for one in value:
                if isinstance(one, Mapping):
                    refuse_evasion(where, one)


class Table:
    """A table of a channel file, asked for one key after another."""

    def __init__(self, where: str, told: Mapping[str, Any]) -> None:
        refuse_evasion(where, told)
        self.where = where
        self._told = dict(told)

    def take(self, key: str, kind: type, default: Any = None) -> Any:
        """Take a key out of the table; ``default`` None: it must be there."""
        value = self._told.pop(key, default)
        if type(value) is not kind:
            raise ChannelError(
                self.where, f"{key} is missing or not of kind {kind.__name__}", "see the reference"
            )
        return value

    def text(self, key: str, default: str | None = None) -> str:
        """Take a text."""
        return str(self.take(key, str, default))

    def count(self, key: str, default: int | None = None) -> int:
        """Take a whole number, 0 or more."""
        value = int(self.take(key, int, default))
        if value < 0:
            raise ChannelError(self.where, f"{key} is negative", "write 0 or more")
        return value

    def table(self, key: str) -> "Table":
        """Take a table; a missing one is empty."""
        return Table(f"{self.where}.{key}", self.take(key, dict, {}))

    def pauses(self, key: str) -> tuple[int, ...]:
        """Take the seconds to wait before each further try."""
        value = self.take(key, list, [])
        if not all(type(one) is int and 0 <= one <= 600 for one in value) or len(value) > 10:
            raise ChannelError(
                self.where, f"{key} is not a list of seconds", "at most ten, 0 to 600 each"
            )
        return tuple(value)

    def rest(self) -> dict[str, Any]:
        """Take what is left."""
        told, self._told = self._told, {}
        return told

    def done(self) -> None:
        """Refuse what nobody asked for."""
        if self._told:
            raise ChannelError(self.where, f"{min(self._told)} is unknown here", "leave it out")


def safe_url(where: str, url: str) -> str:
    """Take an address that is encrypted, or on this machine.

    Raises:
        ChannelError: It is neither, or carries a name and password.
    """
    parts = urlsplit(url)
    local = parts.hostname in _LOOPBACK
    if parts.scheme not in {"http", "https"} or (parts.scheme == "http" and not local):
        raise ChannelError(where, "an address must begin with https://", "http only on loopback")
    if parts.username or parts.password:
        raise ChannelError(where, "an address carries a password", "write it as a header from env")
    return url
