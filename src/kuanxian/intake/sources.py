"""Sources: which file is which part of a layout, and the reader that fits it."""

import os
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path
from types import SimpleNamespace
from typing import Final, NamedTuple

from kuanxian.base.errors import LayoutError, SourceError
from kuanxian.door.refuse import refuse_address_book_file, refuse_contact_rows
from kuanxian.intake.cellblock import Reader
from kuanxian.intake.delimited import DelimitedReader, Head
from kuanxian.intake.json_lines import JsonLinesReader, json_header
from kuanxian.intake.layout import Column, FilePart, Layout
from kuanxian.intake.layout_table import near
from kuanxian.intake.parquet import ParquetReader, parquet_header, parquet_sample
from kuanxian.intake.workbook import WorkbookReader, read_sheet

_JSON: Final = (".jsonl", ".ndjson", ".json")
_WORKBOOKS: Final = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
_PARQUET: Final = (".parquet", ".pq")


class Source(NamedTuple):
    """A file to read."""

    path: Path
    part: str = ""
    """The part of the layout it is; empty: its header decides."""
    name: str = ""
    """What refusals call it; empty: by its own name, without folders."""


class OpenSource(NamedTuple):
    """A file, matched with a part of the layout, ready to be read."""

    name: str
    """What refusals call it."""
    part: FilePart
    reader: Reader
    bytes: int


def find_sources(words: Iterable[str]) -> list[Source]:
    """Turn the words of a command into sources.

    Args:
        words: Paths of files or folders; ``PART=PATH`` says which part a file is.

    Raises:
        SourceError: A path is not there, or a folder has no file.
    """
    sources: list[Source] = []
    for word in words:
        part, mark, rest = word.partition("=")
        path = Path(rest if mark else word)
        if mark and Path(word).exists():
            part, path = "", Path(word)
        elif not mark:
            part = ""
        found = sorted(p for p in path.iterdir() if _is_data(p)) if path.is_dir() else [path]
        if not found or not all(p.is_file() for p in found):
            raise SourceError(str(path), "there is no such file", "Check the path.")
        sources.extend(Source(p, part) for p in found)
    return sources


def _is_data(path: Path) -> bool:
    return path.is_file() and not path.name.startswith(".")


def name_apart(sources: list[Source]) -> list[Source]:
    """Give each source a name: its own, with folders where two have the same.

    Raises:
        SourceError: One file is given twice.
    """
    known: dict[str, set[Path]] = {}
    for source in sources:
        same = known.setdefault(source.path.name, set())
        if source.path.resolve() in same:
            raise SourceError(source.path.name, "the file is given twice", "Give it once.")
        same.add(source.path.resolve())
    return [s._replace(name=_name_among(s.path, known[s.path.name])) for s in sources]


def _name_among(path: Path, same: set[Path]) -> str:
    """Give the path from the folder that all files of the name have in common."""
    folder = os.path.commonpath([other.parent for other in same])
    return path.resolve().relative_to(folder).as_posix() if len(same) > 1 else path.name


def open_source(source: Source, layout: Layout, loops: SimpleNamespace) -> OpenSource:
    """Match a file with a part of the layout and make its reader.

    Args:
        source: The file.
        layout: The layout.
        loops: The byte loops, plain or compiled.

    Raises:
        SourceError: The file cannot be read, or no part of the layout fits its header.
        AddressBookError: The file is shaped like an address book.
        LayoutError: The source names a part that the layout does not have.
    """
    _refuse_address_book(source.path)
    parts = layout.parts
    if source.part:
        parts = tuple(part for part in parts if part.name == source.part)
        if not parts:
            names = ", ".join(part.name for part in layout.parts)
            raise LayoutError(source.part, "the layout has no such part", f"It has: {names}.")
    fits = [fit for part in parts for fit in _fits(source.path, part, loops)]
    best = _choose(source.path, [fit for fit in fits if not fit.missing])
    if best is None:
        raise _no_fit(source.path, fits)
    if best.part.others == "refuse" and best.unread:
        raise _strange_column(source.path, best)
    reader = best.reader()
    reader.facts |= {"columns_unread": best.unread, "columns_absent": best.absent}
    name = source.name or source.path.name
    return OpenSource(name, best.part, reader, source.path.stat().st_size)


def _refuse_address_book(path: Path) -> None:
    """Pass a file that is no address book; of a Parquet file, its first rows."""
    if path.suffix.lower() in _PARQUET:
        refuse_contact_rows([parquet_header(path), *parquet_sample(path)], path.name)
    else:
        refuse_address_book_file(path)


class _Fit(NamedTuple):
    part: FilePart
    missing: list[str]
    """Columns that must be there and are not."""
    absent: list[str]
    """Columns that may be missing, and are."""
    unread: list[str]
    """Columns of the file that the part does not name."""
    found: int
    make: SimpleNamespace

    def reader(self) -> Reader:
        made: Reader = self.make.reader()
        return made


def _fits(path: Path, part: FilePart, loops: SimpleNamespace) -> Iterator[_Fit]:
    """Try a part on a file: once, or once for each delimiter it may have."""
    kind = path.suffix.lower()
    if kind in _PARQUET:
        names = parquet_header(path)
        there = _look_up(part, names)
        columns = {name: names[place] for name, place in there.items()}
        yield _fit(part, names, there, lambda: ParquetReader(path, part, columns))
    elif kind in _JSON:
        names, common = json_header(path)
        fit = _fit(part, names, _look_up(part, names), lambda: JsonLinesReader(path, part))
        # A key that only some lines have is theirs to be judged by.
        yield fit._replace(unread=[name for name in fit.unread if name in common])
    elif kind in _WORKBOOKS:
        rows = read_sheet(path, part.sheet)
        first = [str(cell).strip() for cell in rows[0]] if rows else []
        there = _look_up(part, first)
        yield _fit(part, first, there, lambda: WorkbookReader(path, part, there))
    else:
        head = Head(path, part.encoding)
        for mark, names in head.headers(part.delimiter, part.quote):
            there = _look_up(part, names)
            yield _fit(
                part,
                names,
                there,
                lambda mark=mark, there=there: DelimitedReader(
                    path, part, head, mark, there, loops
                ),
            )


def _fit(part: FilePart, names: list[str], there: dict[str, int], reader: object) -> _Fit:
    lacking = [column for column in part.columns if column.name not in there]
    read = set(there.values())
    unread = [
        name if part.header else str(n) for n, name in enumerate(names, 1) if n - 1 not in read
    ]
    return _Fit(
        part,
        missing=[str(column.source) for column in lacking if not column.optional],
        absent=[str(column.source) for column in lacking if column.optional],
        unread=[name if name.isprintable() else ascii(name) for name in unread if name],
        found=len(there),
        make=SimpleNamespace(reader=reader),
    )


def _look_up(part: FilePart, names: list[str]) -> dict[str, int]:
    """Find each column of a part in a header."""
    places = {c.name: _place_of(c, names, header=part.header) for c in part.columns}
    return {name: place for name, place in places.items() if place is not None}


def _place_of(column: Column, names: list[str], *, header: bool) -> int | None:
    if isinstance(column.source, int):
        return column.source - 1 if column.source <= len(names) else None
    if header and names.count(column.source) == 1:
        return names.index(column.source)
    return None


def _choose(path: Path, fits: list[_Fit]) -> _Fit | None:
    """Take the part whose pattern fits the file's name, else the one with most columns."""
    named = [fit for fit in fits if any(fnmatch(path.name, p) for p in fit.part.patterns)]
    ranked = sorted(named or fits, key=lambda fit: fit.found, reverse=True)
    if (
        len(ranked) > 1
        and ranked[0].found == ranked[1].found
        and (ranked[0].part.name != ranked[1].part.name)
    ):
        raise SourceError(
            path.name,
            f"the file fits the parts {ranked[0].part.name} and {ranked[1].part.name} alike",
            f"Say which it is: {ranked[0].part.name}=PATH.",
        )
    return ranked[0] if ranked else None


def _no_fit(path: Path, fits: list[_Fit]) -> SourceError:
    nearest = max(fits, key=lambda fit: (fit.found, -len(fit.missing)))
    return SourceError(
        path.name,
        f"no part of the layout fits the file; the nearest, {nearest.part.name}, also needs "
        f"the columns {', '.join(nearest.missing)}",
        "Check the layout, the delimiter and the encoding; a column must be there once.",
    )


def _strange_column(path: Path, fit: _Fit) -> SourceError:
    """Tell of a column nobody reads: most likely one that is misspelt, or given twice."""
    name = fit.unread[0]
    return SourceError(
        path.name,
        f"the layout has no column {name[:40]!r}, or it stands there twice",
        near(name, fit.absent) or "Take the column out, or pass over it with a layout of your own.",
    )
