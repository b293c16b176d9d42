"""The text of a Word document as a reader sees it: paragraphs with their automatic numbers, tables, text boxes.

Deleted text of tracked changes is left out, inserted text is in.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _
from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from lxml import etree

from xiandao.domains.orgs.permission import Refused

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
MOST_UNPACKED = 60 * 1024 * 1024
_NOT_WORD = _("这是压缩包或其他 Office 文件，不是 .docx 文档。请上传 .docx 或 .txt，或粘贴正文。")
_BROKEN = _("无法打开这个 .docx 文件，它可能已损坏或加了密码。请在 Word 中打开后另存，或粘贴正文。")
_DIGITS = "〇一二三四五六七八九"
_CHINESE = {"chineseCounting", "chineseCountingThousand", "japaneseCounting", "ideographDigital", "taiwaneseCounting"}
_CIRCLED = {"decimalEnclosedCircle", "decimalEnclosedCircleChinese"}


def docx_text(content: bytes) -> str:
    """Return the text of a .docx file, one line for each paragraph, cells of a table row separated by tabs.

    Raises Refused for other files, for broken ones and for ones that unpack to more than 60 MB.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile:
        raise Refused(_BROKEN) from None
    if "word/document.xml" not in {part.filename for part in parts}:
        raise Refused(_NOT_WORD)
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Refused(_("文档展开后超过 60 MB。请去掉图片和附件，或只粘贴正文。"))
    try:
        document = Document(io.BytesIO(content))
        numbers = _Numbers(document)
        return "\n".join(_lines(document.element.body, numbers))
    except (KeyError, ValueError, PackageNotFoundError, etree.LxmlError, zipfile.BadZipFile, RuntimeError) as error:
        raise Refused(_BROKEN) from error


def _lines(parent: Any, numbers: "_Numbers") -> Iterator[str]:
    """Yield the lines of a body, cell or text box."""
    for child in parent:
        if child.tag == f"{_W}p":
            yield numbers.of(child) + _words(child)
            for box in _boxes(child):
                yield from _lines(box, numbers)
        elif child.tag == f"{_W}tbl":
            for row in child.iter(f"{_W}tr"):
                cells = [" ".join(_lines(cell, numbers)).strip() for cell in row.findall(f"{_W}tc")]
                yield "\t".join(cells)
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins"):
            yield from _lines(child, numbers)


def _words(paragraph: Any) -> str:
    """Return the words of one paragraph, without text boxes standing in it."""
    out: list[str] = []

    def walk(node: Any) -> None:
        for child in node:
            if child.tag in (f"{_W}del", f"{_W}txbxContent", f"{_W}pPr", _FALLBACK):
                continue
            if child.tag == f"{_W}t":
                out.append(child.text or "")
            elif child.tag == f"{_W}tab":
                out.append("\t")
            elif child.tag in (f"{_W}br", f"{_W}cr"):
                out.append("\n")
            elif child.tag == f"{_W}noBreakHyphen":
                out.append("-")
            else:
                walk(child)

    walk(paragraph)
    return "".join(out)


def _boxes(paragraph: Any) -> Iterator[Any]:
    """Yield the text boxes anchored in a paragraph, each once (Word stores an older copy as fallback)."""
    for box in paragraph.iter(f"{_W}txbxContent"):
        above = list(box.iterancestors())
        if not any(node.tag in (_FALLBACK, f"{_W}txbxContent") for node in above[: above.index(paragraph)]):
            yield box


class _Numbers:
    """The automatic numbers of a document's paragraphs, counted as Word counts them."""

    def __init__(self, document: Any) -> None:
        self.levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self.abstract: dict[str, str] = {}
        self.counts: dict[str, dict[int, int]] = {}
        self.styles: dict[str, tuple[str, int]] = {}
        part = next((r.target_part for r in document.part.rels.values() if r.reltype.endswith("/numbering")), None)
        if part is not None:
            self._read(etree.fromstring(part.blob, etree.XMLParser(resolve_entities=False)))
        for style in document.styles.element.iter(f"{_W}style"):
            found = _number_properties(style)
            if found and found[0]:
                self.styles[str(style.get(f"{_W}styleId"))] = found

    def _read(self, root: Any) -> None:
        for abstract in root.iter(f"{_W}abstractNum"):
            levels = {}
            for level in abstract.iter(f"{_W}lvl"):
                at = int(level.get(f"{_W}ilvl"))
                levels[at] = (_value(level, "numFmt", "decimal"), _value(level, "lvlText", ""), _start(level))
            self.levels[str(abstract.get(f"{_W}abstractNumId"))] = levels
        for number in root.iter(f"{_W}num"):
            self.abstract[str(number.get(f"{_W}numId"))] = _value(number, "abstractNumId", "")

    def of(self, paragraph: Any) -> str:
        """Return the number Word prints before a paragraph, "" where there is none; counts it."""
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        inherited = self.styles.get(str(style.get(f"{_W}val"))) if style is not None else None
        own = _number_properties(paragraph)
        number, level = own if own and own[0] else (inherited or ("", 0))
        if own and not own[0] and inherited:
            level = own[1]
        abstract = self.abstract.get(number, "")
        levels = self.levels.get(abstract, {})
        if number == "0" or level not in levels:
            return ""
        counts = self.counts.setdefault(abstract, {})
        counts[level] = counts.get(level, levels[level][2] - 1) + 1
        for deeper in [at for at in counts if at > level]:
            del counts[deeper]
        if levels[level][0] in ("bullet", "none"):
            return ""
        return re.sub(r"%(\d)", lambda m: self._print(levels, counts, int(m[1]) - 1), levels[level][1])

    @staticmethod
    def _print(levels: dict[int, tuple[str, str, int]], counts: dict[int, int], level: int) -> str:
        kind, _text, start = levels.get(level, ("decimal", "", 1))
        return in_figures(counts.get(level, start), kind)


def in_figures(number: int, kind: str) -> str:
    """Return a number as Word prints it in a numbering format; formats we do not know print digits."""
    if kind in _CHINESE and 0 < number < 100:  # noqa: PLR2004 — no plan numbers a hundred headings
        tens, ones = divmod(number, 10)
        head = "" if tens == 0 else ("十" if tens == 1 else f"{_DIGITS[tens]}十")
        return head + (_DIGITS[ones] if ones else "")
    if kind in _CIRCLED and 0 < number <= 20:  # noqa: PLR2004 — Unicode has twenty of them
        return chr(0x2460 + number - 1)
    if kind == "decimalFullWidth":
        return "".join(chr(0xFF10 + int(digit)) for digit in str(number))
    return str(number)


def _number_properties(element: Any) -> tuple[str, int] | None:
    """Return (number id, level) that a paragraph or style sets itself."""
    found = element.find(f"{_W}pPr/{_W}numPr")
    if found is None:
        return None
    return _value(found, "numId", ""), int(_value(found, "ilvl", "0"))


def _value(element: Any, name: str, default: str) -> str:
    found = element.find(f"{_W}{name}")
    return default if found is None else str(found.get(f"{_W}val", default))


def _start(level: Any) -> int:
    return int(_value(level, "start", "1"))
