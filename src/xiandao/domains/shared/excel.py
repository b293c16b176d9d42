"""Excel out: the very rows a list shows, as text and numbers, never as formulas."""

import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import xlsxwriter
from django.http import HttpResponse

MAX_WIDTH = 60
# What a spreadsheet program may take for the beginning of a formula, and what hides it.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet program may take a text for a formula: it begins with = + - @, a tab or a line break."""
    return text.lstrip(" \n\u3000\ufeff").startswith(_FORMULA_STARTS)


def safe_cell(value: Any) -> Any:
    """Return a value no spreadsheet program runs where cells have no type, as in CSV: an apostrophe before the text.

    Numbers stay numbers, also negative ones. `workbook` needs it not: its cells have types.
    """
    return f"'{value}" if isinstance(value, str) and looks_like_formula(value) else value


def workbook(title: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return a workbook of one sheet: header frozen and filtered, columns as wide as their content.

    Numbers stay numbers. Text is written as a string whatever it begins with, so that a cell that
    looks like a formula cannot act when the file is opened; and marked as text, so that it cannot
    when somebody edits the cell. The words themselves stay as they are: the file can be read in again.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(_sheet_name(title))
    head = book.add_format({"bold": True, "bg_color": "#EEF2F7", "border": 1, "valign": "vcenter", "text_wrap": True})
    look = {"valign": "top", "text_wrap": True, "border": 1}
    cell, inert = book.add_format(look), book.add_format({**look, "quote_prefix": True})
    widths = [_width(name) for name in header]
    for column, name in enumerate(header):
        sheet.write_string(0, column, name, head)
    count = 0
    for count, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            widths[column] = max(widths[column], _width(value))
            if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
                sheet.write_number(count, column, value, cell)
            else:
                text = "" if value is None else str(value)
                sheet.write_string(count, column, text, inert if looks_like_formula(text) else cell)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(width + 2, MAX_WIDTH))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, count, len(header) - 1)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    book.close()
    return out.getvalue()


def _sheet_name(title: str) -> str:
    """Return a name Excel accepts: at most 31 characters, without brackets, slashes and wildcards."""
    return "".join("_" if character in "[]:*?/\\'" else character for character in title)[:31] or "Sheet1"


def _width(value: Any) -> int:
    """Return how many Latin characters wide a value prints; a Chinese character counts as two."""
    lines = str(value if value is not None else "").splitlines() or [""]
    return max(sum(2 if ord(character) > 0x2E80 else 1 for character in line) for line in lines)  # noqa: PLR2004


def response(title: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """Return the workbook as a download named after the list."""
    answer = HttpResponse(workbook(title, header, rows), content_type=CONTENT_TYPE)
    answer.headers["Content-Disposition"] = attachment(f"{title}.xlsx")
    return answer


def attachment(name: str) -> str:
    """Return a header that carries a Chinese file name to old and new browsers."""
    return f"attachment; filename=\"export.xlsx\"; filename*=UTF-8''{quote(name)}"
