"""Configuration of channels: one TOML file, and what it cannot say.

There is no field for a second number, for a caller's number to show, for a pool to pick
from or for anybody's own phone. A file that tries by a word known here is refused with the
text that forbids it, before anything else in it is looked at.

Source:
    反电信网络诈骗法 14, 31 (rows TF-14, TF-31, V1); 金融机构个人消费类贷款催收工作指引（试行）
    on private phones and accounts (row CBA-14, V2).
"""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from kuanxian.base.errors import ChannelError

_EVASIVE: Final = re.compile(
    r"rotat|pool|caller|calling|callline|callfrom|spoof|mask|random|simbank|multisim|trunk|alias|"
    r"private|personal|hidden|withheld|anonym|originat|outboundl|srcid|numbers$|clir$|^lines$|"
    r"(?:show|display|hide|sender|virtual|backup|source|src|orig|^x?from)(?:num|no$|no[^a-z])|senderid|"
    r"^x?from(?:mobile|phone)|(?:mobile|phone|num|number)from$|^x?(?:ani|cli|cid|ax[bny]b?)$|"
    r"主叫|外显|显号|显示号|来电显示|号码池|号池|换号|改号|轮换|轮呼|轮询|随机|隐藏|隐号|匿名|虚拟号|中间号|小号|"
    r"透传|中继|猫池|卡池|私人|个人号|个人手机"
)
"""Words of a number that is changed, hidden, rotated or somebody's own, in normal form."""
_PHONE: Final = re.compile(r"(?:86)?1[3-9]\d{9}|0\d{9,11}|[48]00\d{7}|95\d{3,7}|106\d{5,17}")
"""A number written into the file can be nobody's but the one to show."""
_SAID: Final = ("request", "headers")
"""Tables whose values go to the provider as they stand."""
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


def refuse_evasion(where: str, told: Mapping[str, Any], *, said: bool = False) -> None:
    """Refuse what would change, hide or rotate the number a borrower sees.

    Keys are looked at everywhere, at any depth; values where they go to the provider: in
    ``request`` and ``headers``, and the query of an address.

    Args:
        where: The file or table, for the message.
        told: The table.
        said: Its values go to the provider.

    Raises:
        ChannelError: There is such a key or value.
    """
    for key, value in told.items():
        _refuse(where, key)
        _refuse_value(where, value, said=said or key in _SAID)


def _refuse_value(where: str, value: Any, *, said: bool) -> None:
    if isinstance(value, Mapping):
        refuse_evasion(where, value, said=said)
    elif isinstance(value, list):
        for one in value:
            _refuse_value(where, one, said=said)
    elif isinstance(value, str) and "://" in value:
        for pair in parse_qsl(urlsplit(value).query, keep_blank_values=True):
            for word in pair:
                _refuse(where, word)
    elif said and not str(value).startswith("env:"):
        _refuse(where, str(value))


def _refuse(where: str, word: str) -> None:
    plain = normal(word)
    if _EVASIVE.search(plain) or _PHONE.fullmatch(plain):
        raise ChannelError(
            where,
            f"{word} cannot be configured: numbers are not rotated, changed, hidden or private",
            "反电信网络诈骗法 14, 31 (TF-14, TF-31); leave it out",
        )


def normal(word: str) -> str:
    """Write a word without its width, case, separators and invisible signs.

    Example:
        >>> normal("Ｃaller-Id")
        'callerid'
    """
    plain = unicodedata.normalize("NFKC", word).casefold()
    return "".join(one for one in plain if one.isalnum())


class Table:
    """A table of a channel file, asked for one key after another."""

    def __init__(self, where: str, told: Mapping[str, Any]) -> None:
        refuse_evasion(where, told, said=where.rpartition(".")[2] in _SAID)
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
