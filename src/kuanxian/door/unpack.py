"""Unpack: what is inside an archive or an encoding, within a budget.

An archive of a few kilobytes can hold terabytes, or itself. So only the beginning of each
member is taken out, and all members of one upload together have one budget of bytes and pieces.
"""

import base64
import binascii
import bz2
import gzip
import io
import lzma
import re
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Final

LOOK_BYTES: Final = 1_048_576
"""So much of the beginning of what was handed in is looked at."""
PIECE_BYTES: Final = 262_144
"""So much of the beginning of each file in an archive is looked at."""
DEPTH_MAX: Final = 5
"""Archives and encodings within each other."""
MEMBERS_MAX: Final = 200
"""Pieces of one upload that are looked at, of all its archives together."""
TOTAL_BYTES_MAX: Final = 4_194_304
"""Bytes of one upload that are taken out, of all its archives together."""
_INNER_BYTES_MAX: Final = 2_097_152
"""So much is taken out of an archive within an archive."""
_MEMORY_BYTES_MAX: Final = 67_108_864

_GZIP: Final = b"\x1f\x8b"
_BZIP: Final = b"BZh"
_XZ: Final = b"\xfd7zXZ\x00"
_ZIP: Final = b"PK\x03\x04"
_BASE64: Final = re.compile(r"(?:[A-Za-z0-9+/_-]{4}[ \t\r\n]*){12,}[A-Za-z0-9+/_-]{0,3}={0,2}")
_BASE32: Final = re.compile(r"(?:[A-Z2-7]{8}\s*){5,}[A-Z2-7]{0,7}={0,6}")
_HEX: Final = re.compile(r"(?:[0-9a-fA-F]{2}[\s:]*){20,}")
_ENCODED_MAX: Final = 50
_BROKEN: Final = (
    OSError, EOFError, ValueError, NotImplementedError, RuntimeError, MemoryError,
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, tarfile.TarError,
)  # fmt: skip


class Budget:
    """What may still be taken out of one upload, and the telephone numbers met in it."""

    def __init__(self) -> None:
        self.pieces = MEMBERS_MAX
        self.bytes = TOTAL_BYTES_MAX
        self.numbers: set[str] = set()

    def spend(self, data: bytes) -> bytes:
        """Count a piece."""
        self.pieces -= 1
        self.bytes -= len(data)
        return data

    @property
    def spent(self) -> bool:
        """Nothing more may be taken out."""
        return self.pieces <= 0 or self.bytes <= 0


def is_packed(data: bytes) -> bool:
    """Tell whether bytes begin as an archive or a compressed file does."""
    return data.startswith((_GZIP, _BZIP, _XZ, _ZIP)) or data[257:262] == b"ustar"


def unpacked(data: bytes, budget: Budget) -> Iterator[bytes]:
    """Give the beginning of each file in an archive; what cannot be unpacked is let be."""
    try:
        for piece in _pieces(data):
            if budget.spent:
                return
            yield budget.spend(piece)
    except _BROKEN:
        return


def decoded(text: str, budget: Budget) -> Iterator[bytes]:
    """Give what base64, base32 and hex in a text stand for: all or a part."""
    for pattern, read in ((_BASE64, _read_base64), (_BASE32, _read_base32), (_HEX, _read_hex)):
        for run in list(pattern.finditer(text))[:_ENCODED_MAX]:
            if budget.spent:
                return
            try:
                yield budget.spend(read(re.sub(r"\s+", "", run.group()).rstrip("=")))
            except (binascii.Error, ValueError):
                continue


def _read_base64(letters: str) -> bytes:
    letters = letters.replace("-", "+").replace("_", "/")
    return base64.b64decode(letters + "=" * (-len(letters) % 4))


def _read_base32(letters: str) -> bytes:
    return base64.b32decode(letters + "=" * (-len(letters) % 8))


def _read_hex(letters: str) -> bytes:
    return bytes.fromhex(letters.replace(":", ""))


def _pieces(data: bytes) -> Iterator[bytes]:
    if data.startswith(_GZIP):
        with gzip.open(io.BytesIO(data)) as file:
            yield _beginning(file)
    elif data.startswith(_BZIP):
        yield _cut(bz2.BZ2Decompressor().decompress(data, _INNER_BYTES_MAX))
    elif data.startswith(_XZ):
        unpacker = lzma.LZMADecompressor(memlimit=_MEMORY_BYTES_MAX)
        yield _cut(unpacker.decompress(data, _INNER_BYTES_MAX))
    elif data.startswith(_ZIP):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist()[:MEMBERS_MAX]:
                if not member.is_dir() and not member.flag_bits & 1:
                    with archive.open(member) as file:
                        yield _beginning(file)
    else:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as tar:
            for entry in tar:
                if entry.isfile() and (content := tar.extractfile(entry)) is not None:
                    yield _beginning(content)


def _beginning(file: IO[bytes] | gzip.GzipFile) -> bytes:
    """Read what is looked at; more of an archive, whose table may be at its end."""
    data = file.read(PIECE_BYTES)
    return data + file.read(_INNER_BYTES_MAX - PIECE_BYTES) if is_packed(data) else data


def _cut(data: bytes) -> bytes:
    return data if is_packed(data) else data[:PIECE_BYTES]
