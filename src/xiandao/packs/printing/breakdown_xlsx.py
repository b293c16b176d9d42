"""The task breakdown as an Excel workbook: sheet 任务分解表 to send round, sheet 目标 to work with the numbers."""

import io
from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any, Final
from unicodedata import east_asian_width

import xlsxwriter

from xiandao.engines.breakdown import HEADERS, Breakdown
from xiandao.engines.breakdown.wording import COMPARATORS, KINDS
from xiandao.printing.words import cell_text

ROWS_SHEET: Final = "任务分解表"
TARGETS_SHEET: Final = "目标"
TARGET_HEADERS: Final = (
    *("序号", "任务", "对象", "类别", "比较", "数值", "下限", "上限", "单位", "年份", "完成时限", "原文", "核对"),
)
_WIDTHS: Final = (6, 18, 22, 50, 20, 30, 21)
_TARGET_WIDTHS: Final = (6, 22, 28, 7, 8, 10, 8, 8, 10, 8, 20, 44, 22)
_CENTRED: Final = {0, 3, 4, 8, 9}
_A4: Final = 9
_GB2312: Final = 134
_TITLE_LINE: Final = 30
_NOTE_LINE: Final = 78
_HEAD_ROWS: Final = 3
# A column one unit wide holds 7 pixels, a Chinese character of 12 points takes 16; a line of text is 16 points high.
_UNIT_PIXELS: Final = 7
_CHARACTER_PIXELS: Final = 16
_LINE_POINTS: Final = 16
_TALLEST: Final = 409


def breakdown_xlsx(breakdown: Breakdown) -> bytes:
    """Return the breakdown as an .xlsx file.

    Texts are written as strings whatever they begin with, so that nothing acts as a formula or a link; numbers are
    numbers. The first sheet has title, document number and notes above a header that is frozen, filtered and
    repeated on every printed page; it prints on A4 landscape, one page wide.
    """
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"title": cell_text(breakdown.title), "author": "", "comments": cell_text(breakdown.notes[0])})
    formats = _Formats(book)
    _rows_sheet(book.add_worksheet(ROWS_SHEET), breakdown, formats)
    _targets_sheet(book.add_worksheet(TARGETS_SHEET), breakdown, formats)
    book.close()
    return out.getvalue()


class _Formats:
    """Cell formats after GB/T 9704: 小标宋 for the title, 黑体 for headers, 仿宋 for the body."""

    def __init__(self, book: Any) -> None:
        def make(font: str, size: float, **more: Any) -> Any:
            base = {"font_name": font, "font_size": size, "font_charset": _GB2312, "text_wrap": True}
            return book.add_format(base | more)

        middle = {"align": "center", "valign": "vcenter"}
        self.title = make("方正小标宋简体", 20, **middle)
        self.number = make("楷体_GB2312", 14, **middle)
        self.note = make("楷体_GB2312", 11, valign="vcenter")
        self.header = make("黑体", 12, border=1, bg_color="#EDEDED", **middle)
        self.text = make("仿宋_GB2312", 12, border=1, align="left", valign="vcenter")
        self.centre = make("仿宋_GB2312", 12, border=1, **middle)
        self.number_cell = make("仿宋_GB2312", 12, border=1, align="right", valign="vcenter")


def _rows_sheet(sheet: Any, breakdown: Breakdown, formats: _Formats) -> None:
    last = len(HEADERS) - 1
    number = f"（{breakdown.number}）" if breakdown.number else ""
    notes = "说明：" + "".join(breakdown.notes)
    heads = ((breakdown.title, formats.title), (number, formats.number), (notes, formats.note))
    for line, (text, style) in enumerate(heads):
        sheet.merge_range(line, 0, line, last, "", style)
        sheet.write_string(line, 0, cell_text(text), style)
    # Excel fits no height to merged cells.
    sheet.set_row(0, 30 * _lines(breakdown.title, _TITLE_LINE))
    sheet.set_row(1, 22 if number else 4)
    sheet.set_row(2, 18 * _lines(notes, _NOTE_LINE))
    _header(sheet, _HEAD_ROWS, HEADERS, _WIDTHS, formats)
    first = _HEAD_ROWS + 1
    for index, row in enumerate(breakdown.rows):
        for column, text in enumerate(row.cells()):
            style = formats.centre if column in (0, last) else formats.text
            sheet.write_string(first + index, column, cell_text(text), style)
        sheet.set_row(first + index, _height(row.cells(), _WIDTHS, leave={1}))
    for action, start, end in breakdown.actions():
        _merge(sheet, (first + start, first + end), 1, cell_text(action), formats.text)
    _page(sheet, _HEAD_ROWS, max(len(breakdown.rows), 1), last, freeze_column=3)


def _merge(sheet: Any, rows: tuple[int, int], column: int, text: str, style: Any) -> None:
    """Merge cells of a column and keep the text in each of them, so that a filter on the column finds every row."""
    if rows[0] == rows[1]:
        return
    sheet.merge_range(rows[0], column, rows[1], column, "", style)
    for row in range(rows[0], rows[1] + 1):
        sheet.write_string(row, column, text, style)


def _targets_sheet(sheet: Any, breakdown: Breakdown, formats: _Formats) -> None:
    _header(sheet, 0, TARGET_HEADERS, _TARGET_WIDTHS, formats)
    for row, line in enumerate(breakdown.promises, start=1):
        promise = line.promise
        kind, comparator = KINDS.get(promise.kind, promise.kind), COMPARATORS[promise.comparator]
        values: tuple[Decimal | int | str | None, ...] = (
            *(line.no, line.place, promise.object, kind, comparator, promise.value, promise.low, promise.high),
            *(promise.unit, promise.year, line.due, promise.quote),
            "已核对" if promise.reviewed else "，".join(("未核对", *promise.doubts)),
        )
        for column, value in enumerate(values):
            if isinstance(value, Decimal | int):
                style = formats.centre if column in _CENTRED else formats.number_cell
                sheet.write_number(row, column, value, style)
            else:
                style = formats.centre if column in _CENTRED else formats.text
                sheet.write_string(row, column, cell_text(value or ""), style)
        sheet.set_row(row, _height([str(value or "") for value in values], _TARGET_WIDTHS))
    _page(sheet, 0, max(len(breakdown.promises), 1), len(TARGET_HEADERS) - 1, freeze_column=2)


def _header(sheet: Any, row: int, names: Sequence[str], widths: Sequence[float], formats: _Formats) -> None:
    for column, (name, width) in enumerate(zip(names, widths, strict=True)):
        sheet.write_string(row, column, name, formats.header)
        sheet.set_column(column, column, width)
    sheet.set_row(row, 28)


def _page(sheet: Any, header: int, rows: int, last_column: int, *, freeze_column: int) -> None:
    """Set screen and paper: frozen and filtered header, A4 landscape one page wide, header and number on each page."""
    sheet.freeze_panes(header + 1, freeze_column)
    sheet.autofilter(header, 0, header + rows, last_column)
    sheet.repeat_rows(header)
    sheet.print_area(0, 0, header + rows, last_column)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.7, right=0.7, top=0.9, bottom=0.9)
    sheet.center_horizontally()
    sheet.set_footer('&C&"宋体,Regular"&14— &P —')


def _lines(text: str, per_line: int) -> int:
    """Return how many lines a text takes of so many Chinese characters each."""
    return max(1, -(-len(text) // per_line))


def _height(texts: Sequence[str], widths: Sequence[float], *, leave: Collection[int] = ()) -> float:
    """Return the height (points) a row needs for its texts; not every program fits heights when it opens a file.

    Columns in `leave` are merged with rows below and do not count.
    """
    lines = 1
    for column, (text, width) in enumerate(zip(texts, widths, strict=True)):
        if column not in leave:
            room = int(width * _UNIT_PIXELS / _CHARACTER_PIXELS * 2)
            lines = max(lines, sum(max(1, -(-_half_widths(line) // room)) for line in text.split("\n")))
    return min(lines * _LINE_POINTS + 10, _TALLEST)


def _half_widths(text: str) -> int:
    """Return the width of a text in half characters: a Chinese character and its punctuation take two."""
    return sum(2 if east_asian_width(character) in "WFA" else 1 for character in text)
