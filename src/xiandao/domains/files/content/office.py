"""Office files: Word, Excel, PowerPoint and WPS, old and new, and OFD. Those with macros or controls are refused."""

import re
from collections.abc import Iterator
from typing import IO, Final
from zipfile import ZipFile

from django.utils.translation import gettext_lazy as _

from xiandao.domains.orgs.permission import Refused
from xiandao.domains.shared.archives import PIECE, Budget, UnsafeArchive, pieces

OLE_START: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MACROS = _("文件含有宏或控件，可能带病毒，不予接收。请另存为不含宏的格式后再上传。")
LOCKED = _("文件加了密码，无法检查和查看。请去掉密码后再上传。")

_TYPES_PART: Final = "[content_types].xml"
_OFD_PART: Final = "ofd.xml"
# The main part of each kind as [Content_Types].xml declares it, in the transitional and the strict standard alike.
_MAIN: Final = {
    "docx": b"wordprocessingml.document.main+xml",
    "xlsx": b"spreadsheetml.sheet.main+xml",
    "pptx": b"presentationml.presentation.main+xml",
}
_ACTIVE_TYPES: Final = (b"macroenabled", b"vbaproject", b"activex", b"intlmacrosheet", b"macrosheet")
_ACTIVE_PARTS: Final = re.compile(r"(vbaproject[^/]*\.bin|/activex/|/macrosheets/|vbadata\.xml)", re.IGNORECASE)
_TYPES_MOST: Final = 4 * 1024 * 1024


def is_ooxml(archive: ZipFile, ending: str, budget: Budget) -> bool:
    """Whether an archive is the Office document its ending says. Raises Refused for macros and controls."""
    names = {_plain(name): name for name in archive.namelist()}
    if _TYPES_PART not in names:
        return False
    types = b"".join(_most(pieces(archive, archive.getinfo(names[_TYPES_PART]), budget))).lower()
    if any(_ACTIVE_PARTS.search(f"/{name}") for name in names) or any(mark in types for mark in _ACTIVE_TYPES):
        raise Refused(MACROS)
    return _MAIN[ending] in types


def is_ofd(archive: ZipFile) -> bool:
    """Whether an archive is an OFD document (GB/T 33190)."""
    return _OFD_PART in {_plain(name) for name in archive.namelist()}


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _most(parts: Iterator[bytes]) -> Iterator[bytes]:
    """Yield pieces up to the size a list of parts can have. Raises UnsafeArchive beyond it."""
    size = 0
    for part in parts:
        size += len(part)
        if size > _TYPES_MOST:
            raise UnsafeArchive(_("文件结构异常，不予接收。请另存后再上传。"))
        yield part


def _name(text: str) -> bytes:
    """Return a name as the directory of an OLE file writes it."""
    return text.encode("utf-16-le")


_STREAMS: Final = {
    "doc": (_name("WordDocument"),),
    "wps": (_name("WordDocument"),),
    "xls": (_name("Workbook"), _name("Book")),
    "et": (_name("Workbook"), _name("Book")),
    "ppt": (_name("PowerPoint Document"),),
    "dps": (_name("PowerPoint Document"),),
}
_OLE_MACROS: Final = re.compile(
    b"|".join(
        [
            re.escape(_name("_VBA_PROJECT")),
            re.escape(_name("Macros\0")),
            # PowerPoint packs its macros; this record says that there are some (MS-PPT 2.4.10).
            rb"\x1f\x00\xff\x03\x14\x00\x00\x00\x02\x00\x00\x04\x0c\x00\x00\x00.{4}\x01\x00\x00\x00",
        ]
    ),
    re.DOTALL,
)
_OLE_LOCKED: Final = _name("EncryptedPackage")
_OVERLAP: Final = 64


def is_ole(stream: IO[bytes], ending: str) -> bool:
    """Whether a file is the old Office document its ending says. Raises Refused for macros and for a password.

    The names of its streams are looked for in the whole file, piece by piece.
    """
    stream.seek(0)
    if stream.read(len(OLE_START)) != OLE_START:
        return False
    found, kept = False, b""
    while piece := stream.read(PIECE):
        text = kept + piece
        if _OLE_LOCKED in text:
            raise Refused(LOCKED)
        if _OLE_MACROS.search(text):
            raise Refused(MACROS)
        found = found or any(name in text for name in _STREAMS[ending])
        kept = text[-_OVERLAP:]
    return found
