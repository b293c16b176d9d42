"""A file or pasted text becomes plain text: type found by content, size capped, encoding recognised. Pure: bytes in."""

import hashlib
import re

from django.utils.translation import gettext_lazy as _

from xiandao.domains.orgs.permission import Refused
from xiandao.domains.plans.actions.imports.word import docx_text

MOST_BYTES = 2 * 1024 * 1024
_ENCODINGS = ("utf-8", "gb18030")
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
# What a file begins with, whatever it is called, and what to do with it.
_OTHER_KINDS = (
    (b"\xd0\xcf\x11\xe0", _("这是旧版 Office 文件（.doc 或 .xls）。请在 Word 中另存为 .docx 后再上传，或粘贴正文。")),
    (b"%PDF", _("这是 PDF 文件，不能可靠地取出文字次序。请打开后复制正文，用粘贴方式录入。")),
    (b"{\\rtf", _("这是 RTF 文件。请在 Word 中另存为 .docx 后再上传，或粘贴正文。")),
    (b"PK\x03\x04", _("这是压缩包或其他 Office 文件，不是 .docx 文档。请上传 .docx 或 .txt，或粘贴正文。")),
    (b"\x89PNG", _("这是图片。请先识别为文字，再上传 .docx 或 .txt，或粘贴正文。")),
    (b"\xff\xd8\xff", _("这是图片。请先识别为文字，再上传 .docx 或 .txt，或粘贴正文。")),
    (b"<!doctype html", _("这是网页文件。请在浏览器中打开，复制正文，用粘贴方式录入。")),
    (b"<html", _("这是网页文件。请在浏览器中打开，复制正文，用粘贴方式录入。")),
)
_TOO_LARGE = _("文件超过 2 MB。方案正文通常不足 200 KB：请去掉图片和附件，或只粘贴正文。")
_EMPTY = _("文件是空的。请核对是否选对了文件。")
_UNREADABLE = _("文件不是文本：编码既不是 UTF-8 也不是 GB18030，或含有二进制内容。请另存为 UTF-8 文本或 .docx。")


def text_of_file(content: bytes) -> str:
    """Return the text of a .txt or .docx file. Raises Refused with what was found and what to do."""
    if not content.strip():
        raise Refused(_EMPTY)
    if len(content) > MOST_BYTES:
        raise Refused(_TOO_LARGE)
    if content.startswith(b"PK\x03\x04"):
        return clean(docx_text(content))
    start = content[:64].lstrip().lower()
    for signature, advice in _OTHER_KINDS:
        if content.startswith(signature) or start.startswith(signature):
            raise Refused(advice)
    return clean(_decoded(content))


def _decoded(content: bytes) -> str:
    """Return bytes as text in the first encoding that fits."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            try:
                return content[len(mark) :].decode(encoding)
            except UnicodeDecodeError:
                raise Refused(_UNREADABLE) from None
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(_UNREADABLE)


def clean(text: str) -> str:
    """Return a text in its normal form. Raises Refused for nothing at all, control characters and over the cap."""
    lines = normal(text)
    if not lines.strip():
        raise Refused(_("没有文字。请上传方案文件或粘贴方案正文。"))
    if _CONTROL.search(lines):
        raise Refused(_UNREADABLE)
    if len(lines.encode()) > 2 * MOST_BYTES:  # two bytes of GB 18030 are three of UTF-8
        raise Refused(_TOO_LARGE)
    return lines


def normal(text: str) -> str:
    """Return a text with one kind of line break and without blank lines at its ends.

    The same document pasted, as a text file and with other line breaks comes out the same.
    """
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(r"\A(?:[ \t\u3000]*\n)+", "", lines).rstrip() + "\n"


def fingerprint(text: str) -> str:
    """Return the SHA-256 (hex) by which the same text is recognised when it comes again."""
    return hashlib.sha256(text.encode()).hexdigest()
