"""The task breakdown as a Word document an office can send round: A4 landscape, GB/T 9704 fonts, ruled tables."""

import io
from collections.abc import Iterable, Sequence
from typing import Any, Final

import docx
from docx.document import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from xiandao.engines.breakdown import HEADERS, Breakdown
from xiandao.printing.word_layout import (
    BODY_FONT,
    HEADING_FONT,
    KAI_FONT,
    TEXT_WIDTH_MM,
    TITLE_FONT,
    add_run,
    lay_out,
)
from xiandao.printing.words import clean

HEADLINE_HEADERS: Final = ("序号", "总体目标", "完成时限")
_WIDTHS_MM: Final = (12, 25, 31, 62, 26, 40, 29)
_HEADLINE_WIDTHS_MM: Final = (12, 184, 29)
_SIZE: Final = 10.5
_ONE_LINE_TITLE: Final = 26


def breakdown_docx(breakdown: Breakdown) -> bytes:
    """Return the breakdown as a .docx file: title, document number, notes, the table, then the headline targets.

    The header row is repeated on each page, no row is split between pages, cells of one action are merged.
    """
    document = docx.Document()
    lay_out(document)
    properties = document.core_properties
    properties.title, properties.comments = clean(breakdown.title), clean(breakdown.notes[0])
    properties.author = properties.last_modified_by = ""
    _head(document, breakdown)
    if breakdown.rows:
        rows = [row.cells() for row in breakdown.rows]
        table = _table(document, HEADERS, rows, _WIDTHS_MM, centred={0, len(HEADERS) - 1})
        for _, first, last in breakdown.actions():
            _merge_down(table, first + 1, last + 1, column=1)
    if breakdown.headline:
        _paragraph(document, "附：总体目标", HEADING_FONT, 14, before=12, after=6, keep=True)
        rows_below = [(str(number), text, due) for number, (text, due) in enumerate(breakdown.headline, start=1)]
        _table(document, HEADLINE_HEADERS, rows_below, _HEADLINE_WIDTHS_MM, centred={0, 2})
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _head(document: Document, breakdown: Breakdown) -> None:
    centre = WD_ALIGN_PARAGRAPH.CENTER
    title = breakdown.title
    if len(title) > _ONE_LINE_TITLE:  # the name of the plan on lines of its own, as titles are broken by sense
        title = title.replace("》任务分解表", "》\n任务分解表")
    _paragraph(document, title, TITLE_FONT, 22, align=centre, after=6)
    if breakdown.number:
        _paragraph(document, f"（{breakdown.number}）", KAI_FONT, 14, align=centre, after=6)
    _paragraph(document, "说明：" + "".join(breakdown.notes), KAI_FONT, _SIZE, after=6)


def _paragraph(
    document: Document,
    text: str,
    font: str,
    size: float,
    *,
    align: WD_ALIGN_PARAGRAPH | None = None,
    before: float = 0,
    after: float = 0,
    keep: bool = False,
) -> None:
    paragraph = document.add_paragraph()
    if align is not None:
        paragraph.alignment = align
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)
    paragraph.paragraph_format.keep_with_next = keep
    add_run(paragraph, clean(text), font, size)


def _table(
    document: Document,
    headers: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[int],
    *,
    centred: Iterable[int],
) -> Any:
    """Add a ruled table of fixed widths (mm), its header repeated on every page, no row split between pages."""
    if sum(widths) != TEXT_WIDTH_MM:
        raise ValueError(f"column widths add up to {sum(widths)} mm, not {TEXT_WIDTH_MM}")
    table = document.add_table(rows=1 + len(rows), cols=len(headers))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    _cell_margins(table)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for index, (row, texts) in enumerate(zip(table.rows, [headers, *rows], strict=True)):
        _row_flag(row, "w:cantSplit")
        if index == 0:
            _row_flag(row, "w:tblHeader")
        for column, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            cell.width = Mm(widths[column])
            middle = index == 0 or column in centred
            _fill(cell, text, HEADING_FONT if index == 0 else BODY_FONT, centred=middle)
    return table


def _fill(cell: Any, text: str, font: str, *, centred: bool) -> None:
    """Write a text into an empty cell, one paragraph per line."""
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    for index, line in enumerate(clean(text).split("\n")):
        paragraph = cell.paragraphs[0] if index == 0 else cell.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.LEFT
        add_run(paragraph, line, font, _SIZE)


def _merge_down(table: Any, first: int, last: int, *, column: int) -> None:
    """Merge cells of one column that hold the same text, keeping the text in the uppermost."""
    if first == last:
        return
    for index, row in enumerate(table.rows):
        if first <= index <= last:
            cell = row.cells[column]
            if index > first:
                cell.text = ""
            cell._tc.vMerge = "restart" if index == first else "continue"  # noqa: SLF001 — Cell.merge is quadratic


def _row_flag(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))  # noqa: SLF001 — row properties exist in the XML only


def _cell_margins(table: Any) -> None:
    """Set narrow margins within cells (1.2 mm left and right, 0.6 mm above and below), in twentieths of a point."""
    margins = OxmlElement("w:tblCellMar")
    for side, twips in (("top", 34), ("left", 68), ("bottom", 34), ("right", 68)):
        element = OxmlElement(f"w:{side}")
        element.set(qn("w:w"), str(twips))
        element.set(qn("w:type"), "dxa")
        margins.append(element)
    look = table._tbl.tblPr.find(qn("w:tblLook"))  # noqa: SLF001 — table properties exist in the XML only
    look.addprevious(margins)
