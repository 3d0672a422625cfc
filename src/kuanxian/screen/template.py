"""Templates: messages whose every word was approved beforehand.

A template is a file, ``rules/<country>/messages/<id>.toml``: a version, the words, and
typed slots. A slot holds an amount, a day, a count, the last digits of a number, or one of
the lender's registered values (legal name, complaint channel …); there is no slot for free
text. A template is screened when it is loaded; what it renders to needs no screening but
its values, which are checked against their types.
"""

import hashlib
import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kuanxian.base.days import date_of
from kuanxian.base.errors import TemplateError
from kuanxian.screen.approval import APPROVED_FILE, FOR_OTHERS, check_approved, check_silent
from kuanxian.screen.load import Screen

SLOT_KINDS: Final = ("amount", "day", "count", "tail", "registered", "sealed")
"""amount: whole fen · day: days since 1970 · count: 0 and more · tail: the last four
letters or digits of a debt's id · registered: a value the lender registered, by the slot's name ·
sealed: a person's own datum, left as ``{slot}`` for the channel that opens it."""

TEXT_CHARACTERS_MAX: Final = 500
"""Longer than any text message that one bill covers; a letter is not a message."""

TAIL: Final = re.compile(r"[0-9A-Za-z]{1,4}")
_SLOT: Final = re.compile(r"\{([a-z_]+)\}")
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Template:
    """An approved message."""

    id: str
    version: int
    purpose: str
    """The notice it gives, such as ``report_notice``."""
    channels: tuple[str, ...]
    tells_debt: bool
    """It says that there is a debt: it may go to the debtor alone."""
    text: str
    slots: Mapping[str, str]
    """Slot name to kind."""

    @property
    def hash(self) -> str:
        """SHA-256 of what was approved: all of it."""
        where = [sorted(self.channels), self.tells_debt]
        told = [self.id, self.version, self.purpose, self.text, sorted(self.slots.items()), where]
        return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()

    @property
    def plain_text(self) -> str:
        """The words without the slots."""
        return _SLOT.sub("", self.text)

    @property
    def for_others(self) -> bool:
        """Whether it may go to who does not owe."""
        return self.purpose == FOR_OTHERS and not self.tells_debt


@dataclass(frozen=True, slots=True)
class Message:
    """A template with its slots filled: what is sent."""

    template_id: str
    version: int
    template_hash: str
    text: str


def load_templates(folder: Path, screen: Screen) -> dict[str, Template]:
    """Load and approve every template of a folder.

    Args:
        folder: ``rules/<country>/messages``.
        screen: What no message may say.

    Raises:
        TemplateError: A file cannot be used, says what no message may say, is for third persons
            and tells of a debt, or is not approved in these words.
    """
    found = {}
    for path in sorted(folder.glob("*.toml")):
        if path.name == APPROVED_FILE:
            continue
        template = _read(path)
        words = template.plain_text
        hits = screen.find(words)
        if hits:
            said = words[hits[0].begin : hits[0].end]
            raise TemplateError(path.name, f"says {said!r}: {hits[0].pattern_id}", "reword it")
        found[template.id] = template
    if not found:
        raise TemplateError(folder.name, "no template in this folder", "name another folder")
    for one in found.values():
        if one.for_others:
            check_silent(folder, f"{one.id}.toml", one.slots, one.plain_text)
        check_approved(folder, one.id, one.version, one.hash)
    return found


_KEYS: Final = ("id", "version", "purpose", "channels", "tells_debt", "text")


def _read(path: Path) -> Template:
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TemplateError(path.name, f"not readable as TOML: {error}", "mend it") from error
    told.setdefault("slots", {})
    reason = _fault(told, path.stem)
    if reason:
        raise TemplateError(path.name, reason, "see docs/reference/messages.md")
    return Template(
        id=told["id"],
        version=told["version"],
        purpose=told["purpose"],
        channels=tuple(told["channels"]),
        tells_debt=told["tells_debt"],
        text=told["text"],
        slots=told["slots"],
    )


def _fault(told: dict[str, Any], stem: str) -> str:
    """Say what is wrong with a template file, or nothing."""
    for key in _KEYS:
        if key not in told:
            return f"{key} is missing"
    stray = sorted(set(told) - {*_KEYS, "slots"})
    if stray:
        return f"{stray[0]} is unknown"
    if told["id"] != stem or not _NAME.fullmatch(stem):
        return f"id {told['id']!r} is not the name of the file"
    if type(told["version"]) is not int or told["version"] < 1:
        return "version is a whole number from 1"
    if type(told["tells_debt"]) is not bool:
        return "tells_debt is true or false"
    if not isinstance(told["channels"], list) or not all(map(_is_name, told["channels"] or [0])):
        return "channels is a list of names"
    return _fault_of_text(told["text"], told["slots"])


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and _NAME.fullmatch(value) is not None


def _fault_of_text(text: Any, slots: Any) -> str:
    """Say what is wrong with the words and their slots, or nothing."""
    if not isinstance(text, str) or not 0 < len(text) <= TEXT_CHARACTERS_MAX:
        return f"text has 1 to {TEXT_CHARACTERS_MAX} characters"
    if not isinstance(slots, dict):
        return "slots is a table"
    braces = set(_SLOT.sub("", text)) & set("{}")
    if braces or set(_SLOT.findall(text)) != set(slots):
        return "the slots in the text are not the slots that are declared"
    unknown = [kind for kind in slots.values() if kind not in SLOT_KINDS]
    return f"a slot of kind {unknown[0]!r}: one of {', '.join(SLOT_KINDS)}" if unknown else ""


def render(template: Template, values: Mapping[str, Any], registered: Mapping[str, str]) -> Message:
    """Fill a template.

    Args:
        template: An approved template.
        values: A value for each slot that is not a registered one.
        registered: The lender's registered values, by slot name.

    Returns:
        The message; amounts are exact to the fen.

    Raises:
        TemplateError: A value is missing, superfluous or not of its kind. The message
            does not quote it.

    Example:
        >>> due = Template("due", 1, "reminder", ("sms",), True, "请还{due_fen}元",
        ...                {"due_fen": "amount"})
        >>> render(due, {"due_fen": 123456}, {}).text
        '请还1,234.56元'
    """
    filled = {}
    for slot, kind in template.slots.items():
        if kind == "sealed":
            filled[slot] = f"{{{slot}}}"
            continue
        given = registered if kind == "registered" else values
        if slot not in given:
            raise TemplateError(template.id, f"no value for {slot}", "give one")
        try:
            filled[slot] = _WRITE[kind](given[slot])
        except (ValueError, TypeError, OverflowError) as error:
            raise TemplateError(template.id, f"{slot} is not of kind {kind}", "mend it") from error
    own = {slot for slot, kind in template.slots.items() if kind not in {"registered", "sealed"}}
    stray = set(values) - own
    if stray:
        raise TemplateError(template.id, f"no slot {min(stray)}", "leave it out")
    text = _SLOT.sub(lambda slot: filled[slot.group(1)], template.text)
    return Message(template.id, template.version, template.hash, text)


def _write_amount(amount_fen: int) -> str:
    """Write whole fen as yuan, exactly."""
    yuan, fen = divmod(_whole(amount_fen), 100)
    return f"{yuan:,}.{fen:02d}"


def _write_day(day_on: int) -> str:
    date = date_of(_whole(day_on))
    return f"{date.year}年{date.month}月{date.day}日"


def _write_tail(tail: Any) -> str:
    if not isinstance(tail, str) or not TAIL.fullmatch(tail):
        raise ValueError
    return tail


def _write_registered(value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or set(value) & set("{}\n\r"):
        raise ValueError
    return value


def _whole(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ValueError
    return value


_WRITE: Final[Mapping[str, Callable[[Any], str]]] = {
    "amount": _write_amount,
    "day": _write_day,
    "count": lambda value: str(_whole(value)),
    "tail": _write_tail,
    "registered": _write_registered,
}
