"""Collected: the rows of the regulations that were read. A source must name one of them.

What a rule cites was read by somebody, who wrote down the text and how far it was verified.
A citation beyond that list is one that nobody checked: it is refused when the file is loaded.
"""

import difflib
from collections.abc import Container, Mapping
from pathlib import Path
from typing import Final

from kuanxian.law.frame import Instrument
from kuanxian.law.rule import MARKS
from kuanxian.law.table import Table, read_toml

FILE: Final = "collected.toml"
_BY_STRENGTH: Final = ("V1", "V2", "V3", "U")
"""Of these a source may say less than its row bears, never more; P and D are what they are."""

Rows = Mapping[str, Mapping[str, str]]
"""By row: the mark of each text that it quotes, by the text's key."""


def read_collected(root: Path, country: str, instruments: Mapping[str, Instrument]) -> Rows:
    """Read the rows of a country: those collected, and the candidates that are firm policy.

    Args:
        root: The rules folder.
        country: Its folder. One without a list has no rows.
        instruments: The country's texts.

    Raises:
        RuleFileError: A row names a text or a mark that is not there.
    """
    path = root / country / FILE
    if not path.is_file():
        return {}
    table = read_toml(path, f"{country}/{FILE}")
    table.check_keys(("row",))
    rows = {name: _read_row(one, instruments) for name, one in table.table("row").children()}
    policy = {key: "P" for key, one in instruments.items() if one.authority == "firm-policy"}
    return dict.fromkeys(_candidates(root, country), policy) | rows


def _read_row(table: Table, instruments: Container[str]) -> dict[str, str]:
    for key in table.data:
        if key not in instruments:
            raise table.error(key, "there is no such text", "Add it to instruments.toml first.")
    return {key: table.one_of(key, MARKS) for key in table.data}


def _candidates(root: Path, country: str) -> list[str]:
    path = root / country / "candidates.toml"
    if not path.is_file():
        return []
    return list(read_toml(path, f"{country}/candidates.toml").table("candidate").data)


def read_key(table: Table, rows: Rows, *, firm: bool) -> str:
    """Read the row that a source stands on.

    Args:
        table: The source; its ``instrument`` and ``verified`` are known to be there.
        rows: The country's; where it has none, no key can be given and none is asked for.
        firm: The text is the firm's own policy, which need not be on the list.

    Raises:
        RuleFileError: There is none, or the row does not bear what the source says.
    """
    key = table.text("key", "")
    if not key:
        if rows and not firm:
            raise table.error(
                "key" if "key" in table.data else None, "names no row of the collected regulations",
                f'Write key = "…", a row of {FILE}; once the text was read, add the row there.',
            )  # fmt: skip
        return key
    if key not in rows:
        near = difflib.get_close_matches(key, rows, 1)
        meant = f"Did you mean {near[0]}? " if near else ""
        raise table.error(
            "key", f"there is no row {key!r} among the collected regulations",
            f"{meant}Once the text was read, add the row to {FILE}, with its text and its mark.",
        )  # fmt: skip
    _check_row(table, key, rows[key])
    return key


def _check_row(table: Table, key: str, texts: Mapping[str, str]) -> None:
    text, mark = table.text("instrument"), table.text("verified")
    if text not in texts:
        raise table.error(
            "key", f"row {key} quotes {', '.join(texts) or 'no text of this book'}, not {text}",
            "Name the row that quotes this text, or the text that the row quotes.",
        )  # fmt: skip
    borne = texts[text]
    if mark != borne and not (
        {mark, borne} <= {*_BY_STRENGTH} and _BY_STRENGTH.index(mark) > _BY_STRENGTH.index(borne)
    ):
        raise table.error(
            "verified", f"{mark}, but row {key} was collected as {borne}",
            f'Write verified = "{borne}", or read the text and mend the row in {FILE}.',
        )  # fmt: skip
