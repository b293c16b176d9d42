"""The formats taken, how each is told by its content, and the refusal that says what was found instead."""

from dataclasses import dataclass
from functools import partial
from typing import IO, Final
from zipfile import ZipInfo

import puremagic
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from xiandao.domains.files.content import office, text
from xiandao.domains.files.content.names import clean_name, ending_of
from xiandao.domains.files.limits import FileLimits
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.shared.archives import DEEPEST, ZIP_START, Budget, UnsafeArchive, look_through, opened

_HEAD: Final = 8192
_OOXML: Final = "application/vnd.openxmlformats-officedocument."


@dataclass(frozen=True, slots=True)
class Format:
    """A format: the media type it is sent with."""

    media_type: str


FORMATS: Final = {
    "pdf": Format("application/pdf"),
    "ofd": Format("application/ofd"),
    "docx": Format(f"{_OOXML}wordprocessingml.document"),
    "xlsx": Format(f"{_OOXML}spreadsheetml.sheet"),
    "pptx": Format(f"{_OOXML}presentationml.presentation"),
    "doc": Format("application/msword"),
    "xls": Format("application/vnd.ms-excel"),
    "ppt": Format("application/vnd.ms-powerpoint"),
    "wps": Format("application/vnd.ms-works"),
    "et": Format("application/vnd.ms-excel"),
    "dps": Format("application/vnd.ms-powerpoint"),
    "png": Format("image/png"),
    "jpg": Format("image/jpeg"),
    "jpeg": Format("image/jpeg"),
    "txt": Format("text/plain"),
    "csv": Format("text/csv"),
    "zip": Format("application/zip"),
}
_MACRO_ENDINGS: Final = frozenset(
    ["docm", "dotm", "xlsm", "xltm", "xlsb", "xlam", "xla", "pptm", "potm", "ppsm", "ppam"]
)
_PAGE_ENDINGS: Final = frozenset({"html", "htm", "xhtml", "shtml", "mht", "mhtml", "svg", "svgz", "xml"})
_ARCHIVE_ENDINGS: Final = frozenset({"rar", "7z", "tar", "gz", "tgz", "bz2", "xz"})
# What systems put into archives by themselves; nobody opens it.
_LITTER: Final = frozenset({".ds_store", "thumbs.db", "desktop.ini"})
_LITTER_FOLDER: Final = "__MACOSX/"


def media_type_of(name: str) -> str:
    """Return the media type of a name whose ending is one of the formats. Raises KeyError."""
    return FORMATS[ending_of(name)].media_type


def sniff(stream: IO[bytes], name: str, limits: FileLimits) -> Format:
    """Return the format of a file whose ending is allowed and agrees with its content.

    Reads the file in pieces; archives and Office files are inflated piece by piece and let go, never unpacked.
    Raises Refused, which says what was found and what to do.
    """
    try:
        return _Sniffing(limits).format(stream, name, depth=1)
    except UnsafeArchive as unsafe:
        raise Refused(unsafe.reason) from unsafe


class _Sniffing:
    """One look at a file and, where it is an archive, at those in it; one budget for all of it."""

    def __init__(self, limits: FileLimits) -> None:
        self.limits = limits
        self.budget = Budget(limits.archive)

    def format(self, stream: IO[bytes], name: str, *, depth: int) -> Format:
        ending = ending_of(name)
        self.require_allowed(ending)
        stream.seek(0)
        head = stream.read(_HEAD)
        if not head:
            raise Refused(_("文件是空的。请核对是否选对了文件。"))
        if not self.agrees(stream, head, ending, depth):
            raise Refused(
                _("内容与扩展名不符：扩展名是 .%(ending)s，内容%(found)s。请用原来的程序另存后再上传。")
                % {"ending": ending, "found": _found(head)}
            )
        return FORMATS[ending]

    def require_allowed(self, ending: str) -> None:
        """Raise Refused where the ending is none of those the pack allows, with what to do instead."""
        if ending in self.limits.types and ending in FORMATS:
            return
        if ending in _MACRO_ENDINGS:
            raise Refused(office.MACROS)
        if ending in _PAGE_ENDINGS:
            raise Refused(_("网页和 SVG 图可能含有脚本，不予接收。请打印为 PDF 或截图后再上传。"))
        allowed = _now("、").join(self.limits.types)
        if ending in _ARCHIVE_ENDINGS:
            raise Refused(_("不接收 .%(ending)s 压缩包。请改用 zip，或逐个上传。") % {"ending": ending})
        if not ending:
            raise Refused(_("文件名没有扩展名，不知道是什么文件。可以上传：%(allowed)s。") % {"allowed": allowed})
        raise Refused(
            _("不接收 .%(ending)s 文件。可以上传：%(allowed)s。") % {"ending": ending[:20], "allowed": allowed}
        )

    def agrees(self, stream: IO[bytes], head: bytes, ending: str, depth: int) -> bool:
        """Whether the content is what the ending says."""
        media_type = FORMATS[ending].media_type
        if ending in ("pdf", "png", "jpg", "jpeg"):
            return media_type in _guesses(head)
        if ending in ("txt", "csv"):
            return not text.is_page(head) and text.is_text(stream)
        if ending in ("docx", "xlsx", "pptx", "ofd", "zip"):
            return self.archive(stream, head, ending, depth)
        return office.is_ole(stream, ending)

    def archive(self, stream: IO[bytes], head: bytes, ending: str, depth: int) -> bool:
        if head.startswith(office.OLE_START):  # an Office file with a password is wrapped in one of these
            office.is_ole(stream, "doc")
            return False
        if not head.startswith(ZIP_START):
            return False
        if depth > DEEPEST:
            raise Refused(_("压缩包套压缩包超过 %(deepest)s 层，不予接收。请解开后分别上传。") % {"deepest": DEEPEST})
        with opened(stream, self.budget) as archive:
            look = partial(self.inside, depth=depth + 1) if ending == "zip" else None
            if ending == "ofd" and not office.is_ofd(archive):
                return False
            if ending not in ("ofd", "zip") and not office.is_ooxml(archive, ending, self.budget):
                return False
            look_through(archive, self.budget, depth=depth, look=look)
        return True

    def inside(self, entry: ZipInfo, content: IO[bytes], *, depth: int) -> None:
        """Look at a file in an archive as if it were uploaded by itself."""
        name = _entry_name(entry)
        base = name.rsplit("/", 1)[-1]
        if name.startswith(_LITTER_FOLDER) or base.lower() in _LITTER:
            return
        try:
            _require_inside(name)
            self.format(content, clean_name(base), depth=depth)
        except (Refused, UnsafeArchive) as refused:
            raise Refused(
                _("压缩包内的“%(name)s”：%(reason)s") % {"name": name[-80:], "reason": refused.reason}
            ) from refused


def _require_inside(name: str) -> None:
    """Raise Refused where an entry's name leads out of the archive."""
    if ".." in name.split("/") or name.startswith("/"):
        raise Refused(_("路径指向压缩包之外，不予接收。"))


def _entry_name(entry: ZipInfo) -> str:
    """Return the name of an entry; one not marked as UTF-8 was most likely written in the Chinese of Windows."""
    name = entry.filename
    if not entry.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode("gb18030")
        except (UnicodeEncodeError, UnicodeDecodeError):
            name = entry.filename
    return name.replace("\\", "/")


def _guesses(head: bytes) -> dict[str, str]:
    """Return what a file may be by its first bytes: media type to name, likeliest first."""
    try:
        return {guess.mime_type: guess.name for guess in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):
        return {}


def _found(head: bytes) -> str:
    """Return in words what a file seems to be."""
    if text.is_page(head):
        return _now("是网页或 SVG 图")
    if head.startswith(office.OLE_START):
        return _now("是旧版 Office 文件")
    if head.startswith(ZIP_START):
        return _now("是压缩包或新版 Office 文件")
    guess = next(iter(_guesses(head).values()), "")
    return _now("像是 %(guess)s") % {"guess": guess} if guess else _now("不是这种文件")
