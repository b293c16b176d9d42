"""The text of a Word document, line by line: paragraphs with the numbers Word makes, table rows parted by tabs."""

import zipfile
from collections.abc import Iterator
from typing import IO, Any, Final

import docx
from docx.oxml.ns import qn

from xiandao.printing.word_numbers import Numbers

_MAX_XML: Final = 100 * 1024 * 1024
"""Unpacked size at which a document is refused: a small file can unpack to any size."""
_BODY: Final = "word/document.xml"
_INLINE: Final = {
    qn("w:t"): None,
    qn("w:tab"): " ",
    qn("w:br"): "\n",
    qn("w:cr"): "\n",
    qn("w:noBreakHyphen"): "-",
}
# Not text of the paragraph: settings, text boxes (read after it), the second version Word keeps for old programs.
_COMPATIBILITY: Final = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_SKIPPED: Final = {qn("w:pPr"), qn("w:rPr"), qn("w:moveFrom"), qn("w:txbxContent"), f"{{{_COMPATIBILITY}}}Fallback"}


class NotWord(ValueError):  # noqa: N818 — says what was found
    """A ZIP archive that is no usable Word document: what was found and what to do (Chinese)."""

    def __init__(self, found: str, mend: str) -> None:
        super().__init__(f"{found}；{mend}")
        self.found = found
        self.mend = mend


def word_text(file: IO[bytes]) -> str:
    """Return the text of a .docx file.

    Text inserted with tracked changes is read, deleted text is not. Raises NotWord (Chinese), BadZipFile, and
    KeyError or ValueError where the archive breaks the format.
    """
    with zipfile.ZipFile(file) as archive:
        names = set(archive.namelist())
        if _BODY not in names:
            if "xl/workbook.xml" in names:
                raise NotWord("Excel 文件", "给出方案的正文；只有任务表时，复制表格内容存为 .txt")
            raise NotWord("不是 Word 文档的压缩文件", "解压后给出其中的方案文件")
        if sum(info.file_size for info in archive.infolist()) > _MAX_XML:
            raise NotWord("解压后过大的 Word 文件", "用 Word 打开，删去图片和附件后另存")
    file.seek(0)
    document = docx.Document(file)
    return "\n".join(_lines(document.element.body, Numbers(document)))


def _lines(container: Any, numbers: Numbers) -> Iterator[str]:
    """Yield the lines of the blocks in a container, in order."""
    for block in container:
        if block.tag == qn("w:p"):
            yield numbers.label(block) + _inline(block)
            for box in block.iter(qn("w:txbxContent")):
                if not any(parent.tag in _SKIPPED - {qn("w:txbxContent")} for parent in box.iterancestors()):
                    yield from _lines(box, numbers)
        elif block.tag == qn("w:tbl"):
            yield from _rows(block, numbers)
        elif block.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:customXml"), qn("w:moveTo")):
            yield from _lines(block, numbers)


def _inline(element: Any) -> str:
    parts: list[str] = []
    for child in element:
        if child.tag in _SKIPPED:
            continue
        if child.tag in _INLINE:
            fixed = _INLINE[child.tag]
            parts.append((child.text or "") if fixed is None else fixed)
        else:
            parts.append(_inline(child))
    return "".join(parts)


def _rows(table: Any, numbers: Numbers) -> Iterator[str]:
    """Yield one line per row; a cell merged over several rows is repeated, so that each row can be read alone."""
    above: dict[int, str] = {}
    for row in table.iter(qn("w:tr")):
        if row.getparent() is not table and row.getparent().tag != qn("w:sdtContent"):
            continue  # a row of a table within a cell is part of that cell
        cells: list[str] = []
        column = 0
        for cell in row.iter(qn("w:tc")):
            if next(cell.iterancestors(qn("w:tr"))) is not row:
                continue
            words = " ".join(" ".join(_lines(cell, numbers)).split())
            merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
            if merge is not None and merge.get(qn("w:val"), "continue") == "continue":
                words = above.get(column, words)
            above[column] = words
            cells.append(words)
            span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
            column += int(span.get(qn("w:val"))) if span is not None else 1
        yield "\t".join(cells)
