"""A file or pasted text becomes plain text: type found by content, size capped, encoding recognised. Pure: bytes in."""

import hashlib
import re

from django.utils.translation import gettext_lazy as _
from docx.exceptions import PythonDocxError
from docx.opc.exceptions import OpcError
from lxml.etree import LxmlError

from xiandao.domains.orgs.permission import Refused
from xiandao.packs.printing import Unreadable, read_policy_text

MOST_BYTES = 2 * 1024 * 1024
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_PAGES = ("<!doctype html", "<html")
_WEB_PAGE = _("这是网页文件。请在浏览器中打开，复制正文，用粘贴方式录入。")
_TOO_LARGE = _("文件超过 2 MB。方案正文通常不足 200 KB：请去掉图片和附件，或只粘贴正文。")
_BROKEN = _("这个 .docx 文件已损坏。请在 Word 或 WPS 中打开后重新另存，或粘贴正文。")
_EMPTY = _("文件是空的。请核对是否选对了文件。")
_UNREADABLE = _("文件不是文本：编码既不是 UTF-8 也不是 GB18030，或含有二进制内容。请另存为 UTF-8 文本或 .docx。")


def text_of_file(content: bytes) -> str:
    """Return the text of a .txt or .docx file. Raises Refused with what was found and what to do."""
    if not content.strip():
        raise Refused(_EMPTY)
    if len(content) > MOST_BYTES:
        raise Refused(_TOO_LARGE)
    try:
        text = read_policy_text(content).text
    except Unreadable as unreadable:
        raise Refused(str(unreadable)) from None
    except (LxmlError, OpcError, PythonDocxError, RecursionError) as error:
        raise Refused(_BROKEN) from error
    if text.lstrip().lower().startswith(_PAGES):
        raise Refused(_WEB_PAGE)
    return clean(text)


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
