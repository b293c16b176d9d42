"""Looking into ZIP archives (also Word, Excel, OFD) without being blown up: every entry is inflated piece by piece.

Declared sizes are not believed: each entry is inflated in pieces that are counted and let go, against one budget
for the archive and whatever archives it holds.
"""

import struct
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PIECE: Final = 64 * 1024
MEGABYTE: Final = 1024 * 1024
ZIP_START: Final = b"PK\x03\x04"
# Deeper than an archive with a Word document with an Excel sheet in it, nobody packs evidence.
DEEPEST: Final = 3
_END, _END_SIZE, _COMMENT_MOST = b"PK\x05\x06", 22, 65_535
_LOCATOR, _LOCATOR_SIZE, _END64 = b"PK\x06\x07", 20, b"PK\x06\x06"
_LOCAL_SIZE, _ENCRYPTED, _ENTRY_LEAST, _ENTRY_MOST = 30, 0x1, 46, 1024
# Below this much inflated text a high ratio harms nobody: an empty sheet compresses a thousandfold.
_RATIO_FROM: Final = 2 * MEGABYTE


class UnsafeArchive(Exception):  # noqa: N818 — read as a sentence
    """An archive that must not be unpacked; `reason` says why in the reader's language."""

    def __init__(self, reason: str | Promise) -> None:
        super().__init__(str(reason))
        self.reason = reason


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """How much an archive may hold, with the archives inside it: bytes inflated, inflated over packed, entries."""

    unpacked: int
    ratio: int
    entries: int


@dataclass(slots=True)
class Budget:
    """What is left of the limits while an archive and those inside it are looked through."""

    limits: ArchiveLimits
    unpacked: int = 0
    entries: int = 0

    def spend(self, size: int, packed: int, entry_size: int) -> None:
        """Count `size` more bytes inflated of an entry of `packed` bytes. Raises UnsafeArchive over the limits."""
        self.unpacked += size
        if self.unpacked > self.limits.unpacked:
            limit = self.limits.unpacked // MEGABYTE
            raise UnsafeArchive(_("压缩内容解开后超过 %(limit)s MB，不予接收。请拆分后分别上传。") % {"limit": limit})
        if entry_size > _RATIO_FROM and entry_size > self.limits.ratio * max(packed, 1):
            raise UnsafeArchive(
                _("压缩内容解开后膨胀超过 %(ratio)s 倍，疑似压缩炸弹，不予接收。") % {"ratio": self.limits.ratio}
            )

    def count(self, entries: int) -> None:
        """Count so many more entries. Raises UnsafeArchive over the limit."""
        self.entries += entries
        if self.entries > self.limits.entries:
            raise UnsafeArchive(
                _("压缩包内超过 %(limit)s 个文件，不予接收。请拆分后分别上传。") % {"limit": self.limits.entries}
            )


_BROKEN = _("压缩结构已损坏，无法打开。请重新打包或另存后再上传。")
_LOCKED = _("文件加了密码，无法检查和查看。请去掉密码后再上传。")
_METHOD = _("压缩方式不常见，无法检查。请用系统自带的压缩功能重新打包。")
_DEEP = _("压缩包套压缩包超过 %(deepest)s 层，不予接收。请解开后分别上传。") % {"deepest": DEEPEST}


@contextmanager
def opened(stream: IO[bytes], budget: Budget) -> Iterator[ZipFile]:
    """Open a ZIP archive whose directory is of an honest size. Raises UnsafeArchive where it is broken or too large."""
    budget.count(_directory_entries(stream, budget.limits.entries))
    try:
        archive = ZipFile(stream)
    except (BadZipFile, ValueError, NotImplementedError, OSError, struct.error) as error:
        raise UnsafeArchive(_BROKEN) from error
    with archive:
        yield archive


def _directory_entries(stream: IO[bytes], most: int) -> int:
    """Return how many entries the directory can hold at most, without reading the directory.

    The standard reader takes the whole directory into memory: its size is looked at first.
    """
    size = stream.seek(0, 2)
    tail_at = max(size - _END_SIZE - _COMMENT_MOST, 0)
    stream.seek(tail_at)
    tail = stream.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_SIZE:
        raise UnsafeArchive(_BROKEN)
    entries, directory = struct.unpack_from("<HL", tail, at + 10)
    if at >= _LOCATOR_SIZE and tail[at - _LOCATOR_SIZE : at].startswith(_LOCATOR):
        (place,) = struct.unpack_from("<Q", tail, at - _LOCATOR_SIZE + 8)
        if place >= size:
            raise UnsafeArchive(_BROKEN)
        stream.seek(place)
        record = stream.read(56)
        if len(record) < 56 or not record.startswith(_END64):  # noqa: PLR2004 — the record's length
            raise UnsafeArchive(_BROKEN)
        entries, directory = struct.unpack_from("<32xQQ", record)
    if directory > most * _ENTRY_MOST:
        return most + 1
    return max(entries, directory // _ENTRY_MOST)


def pieces(archive: ZipFile, entry: ZipInfo, budget: Budget) -> Iterator[bytes]:
    """Yield an entry inflated, in pieces, counted against the budget. Raises UnsafeArchive.

    Reads the packed bytes itself: the standard reader stops at the size an entry claims, other readers do not.
    """
    if entry.flag_bits & _ENCRYPTED:
        raise UnsafeArchive(_LOCKED)
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise UnsafeArchive(_METHOD)
    inflated = 0
    for piece in _inflated(_packed(archive, entry), deflated=entry.compress_type == ZIP_DEFLATED):
        inflated += len(piece)
        budget.spend(len(piece), entry.compress_size, inflated)
        yield piece
    if inflated != entry.file_size:
        raise UnsafeArchive(_BROKEN)


def _packed(archive: ZipFile, entry: ZipInfo) -> Iterator[bytes]:
    """Yield the packed bytes of an entry as they stand in the file."""
    stream = archive.fp
    if stream is None:
        raise UnsafeArchive(_BROKEN)
    at = entry.header_offset
    stream.seek(at)
    header = stream.read(_LOCAL_SIZE)
    if len(header) < _LOCAL_SIZE or not header.startswith(ZIP_START):
        raise UnsafeArchive(_BROKEN)
    name, extra = struct.unpack_from("<HH", header, 26)
    at += _LOCAL_SIZE + name + extra
    left = entry.compress_size
    while left:
        stream.seek(at)  # whoever takes the pieces may have read elsewhere meanwhile
        data = stream.read(min(PIECE, left))
        if not data:
            raise UnsafeArchive(_BROKEN)
        at, left = at + len(data), left - len(data)
        yield data


def _inflated(packed: Iterator[bytes], *, deflated: bool) -> Iterator[bytes]:
    if not deflated:
        yield from packed
        return
    engine = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for data in packed:
            waiting = data
            while waiting:
                piece = engine.decompress(waiting, PIECE)
                if piece:
                    yield piece
                waiting = engine.unconsumed_tail
        while piece := engine.decompress(engine.unconsumed_tail, PIECE):
            yield piece
    except zlib.error as error:
        raise UnsafeArchive(_BROKEN) from error
    if not engine.eof:
        raise UnsafeArchive(_BROKEN)


Look = Callable[[ZipInfo, IO[bytes]], None]


def look_through(archive: ZipFile, budget: Budget, *, depth: int = 1, look: Look | None = None) -> None:
    """Inflate every entry and let it go. Raises UnsafeArchive for a bomb, a password, a broken or too deep archive.

    `look` is given each entry that is a file, inflated on disk; without it, entries that are ZIP archives themselves
    (a sheet embedded in a document) are looked through in turn.
    """
    for entry in archive.infolist():
        if entry.is_dir():
            continue
        with tempfile.SpooledTemporaryFile(max_size=MEGABYTE) as inside:
            keep = look is not None
            for number, piece in enumerate(pieces(archive, entry, budget)):
                keep = keep or (number == 0 and piece.startswith(ZIP_START))
                if keep:
                    inside.write(piece)
            inside.seek(0)
            if look is not None:
                look(entry, inside)
            elif keep:
                check(inside, budget, depth=depth + 1)


def check(stream: IO[bytes], budget: Budget, *, depth: int = 1) -> None:
    """Look through a ZIP archive and those inside it. Raises UnsafeArchive."""
    if depth > DEEPEST:
        raise UnsafeArchive(_DEEP)
    with opened(stream, budget) as archive:
        look_through(archive, budget, depth=depth)
