"""Footer: the table of contents of a Parquet file, read and written by our own hand.

Slices are encoded in parallel, each as a small Parquet file in memory; the close then
lays their row groups one behind the other in one file. The row groups are copied byte
for byte. Only their table of contents changes: where in the file each column begins.

The footer is a struct in the compact protocol of Apache Thrift. Here a struct is a
dict, field number → (type, value), a list is (element type, values), and a number or a
byte string is itself. What is not understood is carried along unchanged.

Source:
    Apache Parquet format, ``parquet.thrift``: FileMetaData, RowGroup, ColumnChunk,
    ColumnMetaData. Apache Thrift, compact protocol.
"""

from typing import Any, Final, NamedTuple

MAGIC: Final = b"PAR1"
_TAIL_BYTES: Final = 8
"""Behind the footer: its length in four bytes, and the magic."""

# Thrift compact types.
_TRUE, _FALSE, _BYTE, _I16, _I32, _I64, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = range(1, 13)

# Fields of FileMetaData.
_SCHEMA: Final = 2
_NUM_ROWS: Final = 3
_ROW_GROUPS: Final = 4
# Fields of RowGroup.
_COLUMNS: Final = 1
_GROUP_ROWS: Final = 3
_GROUP_OFFSET: Final = 5
_ORDINAL: Final = 7
# Fields of ColumnChunk that are places in the file, and its metadata.
_META: Final = 3
_CHUNK_PLACES: Final = (2, 4, 6)
# Fields of ColumnMetaData that are places in the file.
_META_PLACES: Final = (9, 10, 11, 14)

Struct = dict[int, tuple[int, Any]]


class Part(NamedTuple):
    """A Parquet file in memory, taken apart."""

    body: memoryview
    """The bytes between the leading magic and the footer."""
    footer: Struct


def take_apart(file: memoryview) -> Part:
    """Split a Parquet file in memory into its row groups' bytes and its footer."""
    length = int.from_bytes(file[-_TAIL_BYTES:-4], "little")
    start = len(file) - _TAIL_BYTES - length
    return Part(file[len(MAGIC) : start], decode(bytes(file[start:-_TAIL_BYTES])))


def moved_row_groups(part: Part, place: int, first_ordinal: int) -> list[bytes]:
    """Write the row groups' entries for another place in another file.

    Args:
        part: The file they come from.
        place: Where its body begins in the other file, bytes.
        first_ordinal: How many row groups the other file has before it.

    Returns:
        One encoded RowGroup struct for each row group.
    """
    by = place - len(MAGIC)
    _, groups = part.footer[_ROW_GROUPS][1]
    for ordinal, group in enumerate(groups, first_ordinal):
        _move(group, (_GROUP_OFFSET,), by)
        for chunk in group[_COLUMNS][1][1]:
            _move(chunk, _CHUNK_PLACES, by)
            _move(chunk[_META][1], _META_PLACES, by)
        if _ORDINAL in group:
            group[_ORDINAL] = (_I16, ordinal)
    return [encode(group) for group in groups]


def columns_of(part: Part) -> Any:
    """Give the columns of a part as the footer tells them, to be compared."""
    return part.footer[_SCHEMA]


def count_rows(part: Part) -> int:
    """Count the rows of a part."""
    return int(part.footer[_NUM_ROWS][1])


def write_footer(empty: Part, row_groups: list[bytes], rows: int) -> bytes:
    """Write what stands behind the row groups of a file.

    Args:
        empty: A file of the same schema without rows, for all the footer says besides.
        row_groups: Encoded RowGroup structs, in file order.
        rows: How many rows they have together.
    """
    footer = dict(empty.footer)
    footer[_NUM_ROWS] = (_I64, rows)
    footer[_ROW_GROUPS] = (_LIST, (_STRUCT, row_groups))
    text = encode(dict(sorted(footer.items())))
    return text + len(text).to_bytes(4, "little") + MAGIC


def decode(text: bytes) -> Struct:
    """Read a struct.

    Example:
        >>> decode(bytes([0x15, 0x02, 0x00]))
        {1: (5, 1)}
    """
    return _Reader(text).struct()


def encode(struct: Struct) -> bytes:
    """Write a struct, its fields in rising order.

    Example:
        >>> encode({1: (5, 1)}).hex()
        '150200'
    """
    out = bytearray()
    _put_struct(out, struct)
    return bytes(out)


def _move(struct: Struct, fields: tuple[int, ...], by: int) -> None:
    for field in fields:
        kind, place = struct.get(field, (_I64, 0))
        if place:  # 0 stands for "not said"
            struct[field] = (kind, place + by)


class _Reader:
    """Reads one footer from front to back."""

    def __init__(self, text: bytes) -> None:
        self._text = text
        self._at = 0

    def struct(self) -> Struct:
        fields: Struct = {}
        field = 0
        while head := self._byte():
            kind = head & 15
            field = field + (head >> 4) if head >> 4 else _unzigzag(self._varint())
            fields[field] = (kind, self._value(kind))
        return fields

    def _value(self, kind: int) -> Any:
        if kind in (_TRUE, _FALSE):
            return kind == _TRUE
        if kind in (_I16, _I32, _I64):
            return _unzigzag(self._varint())
        if kind == _BINARY:
            return self._take(self._varint())
        if kind == _STRUCT:
            return self.struct()
        if kind in (_LIST, _SET):
            head = self._byte()
            size = head >> 4 if head >> 4 < 15 else self._varint()
            element = head & 15
            if element in (_TRUE, _FALSE):
                return element, [self._byte() == _TRUE for _ in range(size)]
            return element, [self._value(element) for _ in range(size)]
        return self._take({_BYTE: 1, _DOUBLE: 8}[kind])

    def _byte(self) -> int:
        self._at += 1
        return self._text[self._at - 1]

    def _take(self, length: int) -> bytes:
        self._at += length
        return self._text[self._at - length : self._at]

    def _varint(self) -> int:
        number = shift = 0
        while True:
            byte = self._byte()
            number |= (byte & 127) << shift
            if byte < 128:
                return number
            shift += 7


def _put_struct(out: bytearray, struct: Struct) -> None:
    last = 0
    for field, (kind, value) in struct.items():
        head = (_TRUE if value else _FALSE) if kind in (_TRUE, _FALSE) else kind
        if 0 < field - last < 16:
            out.append((field - last) << 4 | head)
        else:
            out.append(head)
            _put_varint(out, _zigzag(field))
        if kind not in (_TRUE, _FALSE):
            _put_value(out, kind, value)
        last = field
    out.append(0)


def _put_value(out: bytearray, kind: int, value: Any) -> None:
    if kind in (_I16, _I32, _I64):
        _put_varint(out, _zigzag(value))
    elif kind == _BINARY:
        _put_varint(out, len(value))
        out += value
    elif kind == _STRUCT:
        if isinstance(value, bytes):  # encoded before
            out += value
        else:
            _put_struct(out, value)
    elif kind in (_LIST, _SET):
        element, items = value
        out.append(min(len(items), 15) << 4 | element)
        if len(items) >= 15:
            _put_varint(out, len(items))
        for item in items:
            if element in (_TRUE, _FALSE):
                out.append(_TRUE if item else _FALSE)
            else:
                _put_value(out, element, item)
    else:
        out += value


def _put_varint(out: bytearray, number: int) -> None:
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)


def _zigzag(number: int) -> int:
    return number << 1 if number >= 0 else (-number << 1) - 1


def _unzigzag(number: int) -> int:
    return number >> 1 if not number & 1 else -(number >> 1) - 1
