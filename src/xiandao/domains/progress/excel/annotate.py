"""The annotated copy: the very file with a summary in front, faults beside each row, faulty cells in colour."""

from collections import defaultdict
from typing import Any, Final

from django.utils.translation import gettext as _

from xiandao.domains.progress.excel.book import Book, form_head, form_rules, protect, table
from xiandao.domains.progress.excel.faults import Fault
from xiandao.domains.progress.excel.frame import Frame
from xiandao.domains.progress.excel.layout import FAULTS, LISTS, MARK, Column
from xiandao.domains.progress.excel.reading import BookIn, SheetIn
from xiandao.domains.progress.excel.template import write_lists

# A note on a cell is a drawing: so many a workbook opens quickly. Beyond, colour and the first column say the same.
MOST_COMMENTS: Final = 3000
# Rows of the summary; the first column of each sheet has every fault whatever their number.
MOST_LISTED: Final = 100_000
_PLAIN: Final = Column("", "", fixed=False)


def annotated(frame: Frame, book: BookIn, faults: list[Fault]) -> bytes:
    """Return the annotated copy. It can be corrected and handed in as it is; what formulas gave stands as values."""
    out = Book()
    _summary(out, faults)
    lists_name = str(LISTS)
    kept = [sheet for sheet in book.sheets if sheet.name != lists_name and sheet.name != str(_("检查结果"))]
    sheets = [(sheet, out.sheet(sheet.name)) for sheet in kept]
    lists = write_lists(out, frame)
    by_sheet: dict[str, list[Fault]] = defaultdict(list)
    for fault in faults:
        by_sheet[fault.sheet].append(fault)
    left = MOST_COMMENTS
    for sheet, target in sheets:
        if sheet.form is None:
            _plain(out, target, sheet)
        else:
            left = _form(out, target, sheet, by_sheet[sheet.name], lists=lists, comments=left)
    return out.finish()


def _summary(out: Book, faults: list[Fault]) -> None:
    sheet = out.sheet(_("检查结果"))
    for place, width in enumerate((14, 8, 18, 36, 60, 40)):
        sheet.set_column(place, place, width)
    sheet.merge_range(
        0,
        0,
        0,
        5,
        _("共 %(n)d 处错误，一行都没有保存。请在各表中改正（红色单元格，原因见各行第一列），把本文件或原文件重新上传。")
        % {"n": len(faults)},
        out.look(bold=True, font_size=12, text_wrap=True, valign="vcenter"),
    )
    sheet.set_row(0, 36)
    head = [_("表"), _("行"), _("列"), _("填的是"), _("问题"), _("怎么改")]
    at = table(out, sheet, 2, [head], head=True)
    rows = [[f.sheet, f.row or "", f.column, f.found, f.expected, f.mend] for f in faults[:MOST_LISTED]]
    at = table(out, sheet, at, rows)
    if len(faults) > MOST_LISTED:
        note = _("另有 %(n)d 处没有列在这里，都写在各表第一列。") % {"n": len(faults) - MOST_LISTED}
        sheet.write_string(at, 0, note)
    sheet.freeze_panes(3, 0)
    sheet.autofilter(2, 0, max(at - 1, 3), 5)


def _plain(out: Book, target: Any, sheet: SheetIn) -> None:
    """Copy a sheet that is none of ours to fill in, such as the instructions or the user's own notes."""
    for row, cells in enumerate(sheet.rows):
        for place, value in enumerate(cells):
            out.write(target, row, place, value, None)
        if MARK in cells:
            target.set_row(row, None, None, {"hidden": True})
    target.set_column(0, 0, 18)
    target.set_column(1, 1, 100)


def _form(out: Book, target: Any, sheet: SheetIn, faults: list[Fault], *, lists: dict[str, str], comments: int) -> int:
    """Copy a sheet to fill in, one column to the right; return how many notes are left to hang on cells."""
    columns = _columns(sheet)
    header = sheet.rows[sheet.at + 1] if sheet.at + 1 < len(sheet.rows) else []
    names = [FAULTS.header, *(header[n] if n < len(header) else "" for n in range(len(columns) - 1))]
    form_head(out, target, columns, sheet.at, names)
    by_row: dict[int, list[Fault]] = defaultdict(list)
    for fault in faults:
        by_row[fault.row].append(fault)
    for row, cells in enumerate(sheet.rows):
        if row in (sheet.at, sheet.at + 1):
            continue
        wrong = by_row.get(row + 1, [])
        bad = {sheet.columns[fault.key] for fault in wrong if fault.key in sheet.columns}
        for place, value in enumerate(cells):
            out.write(target, row, place + 1, value, columns[place + 1], bad=place in bad)
        for place in bad:
            if place >= len(cells):
                out.write(target, row, place + 1, "", columns[place + 1], bad=True)
        if wrong:
            out.write(target, row, 0, "\n".join(fault.sentence for fault in wrong)[:32_000], FAULTS, bad=True)
            comments -= _notes(out, target, sheet, row, wrong) if comments > 0 else 0
    form_rules(target, columns, sheet.at, lists)
    last = max(len(sheet.rows) - 1, sheet.at + 2)
    target.autofilter(sheet.at + 1, 0, last, len(columns) - 1)
    protect(target)
    return comments


def _columns(sheet: SheetIn) -> list[Column | None]:
    """Return the columns of a sheet in the order of the file, our own in front; None for the user's own."""
    width = max((len(row) for row in sheet.rows), default=0)
    at = {place: key for key, place in sheet.columns.items()}
    form = sheet.form
    return [FAULTS, *(form.column(at[place]) if form and place in at else None for place in range(width))]


def _notes(out: Book, target: Any, sheet: SheetIn, row: int, faults: list[Fault]) -> int:
    """Hang a note on each faulty cell and return how many."""
    said: dict[int, list[str]] = defaultdict(list)
    for fault in faults:
        if fault.key in sheet.columns:
            said[sheet.columns[fault.key]].append(f"{fault.expected}{fault.mend}")
    for place, sentences in said.items():
        out.comment(target, row, place + 1, "\n".join(sentences))
    return len(said)
