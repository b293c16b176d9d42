"""Writing a workbook: formats, sheets by their forms, lists to choose from, faults in colour; text is no formula."""

import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_col_to_name

from xiandao.domains.progress.excel.layout import Column, Kind
from xiandao.domains.shared.excel import looks_like_formula

# Rows down to here carry the lists and checks of their columns, for what is added by hand.
ROWS = 20_000
LAST_ROW = 1_048_576
_FONT = {"font_name": "宋体", "font_size": 11}
_GREY, _HEAD, _NEED, _BAD = "#F1F3F5", "#DCE6F1", "#FFF4CE", "#FFC7CE"
_MOST_MESSAGE = 255
# Stands in the formula of a list for the cell it hangs on.
DUTY = "{duty}"
_COMMENT = {"x_scale": 2, "y_scale": 1.4, "author": ""}

_DAY, _READ_ONLY = Column("", "", kind=Kind.DATE), Column("", "", fixed=True)
Lists = Mapping[str, str]


@dataclass(slots=True)
class Look:
    """The formats of one workbook, each made once."""

    book: Any
    made: dict[tuple[Any, ...], Any] = field(default_factory=dict)

    def __call__(self, **properties: Any) -> Any:
        """Return a format with these properties."""
        key = tuple(sorted(properties.items()))
        if key not in self.made:
            self.made[key] = self.book.add_format({**_FONT, **properties})
        return self.made[key]

    def cell(self, column: Column | None, *, bad: bool = False, formula: bool = False, moment: bool = False) -> Any:
        """Return the format of a cell: locked and grey where it is read only, text where digits must not be lost."""
        key = ("cell", id(column), bad, formula, moment)
        if key not in self.made:
            self.made[key] = self._cell(column, bad=bad, formula=formula, moment=moment)
        return self.made[key]

    def _cell(self, column: Column | None, *, bad: bool, formula: bool, moment: bool) -> Any:
        properties: dict[str, Any] = {"valign": "top", "text_wrap": True, "border": 1, "border_color": "#D0D5DB"}
        fixed = column is not None and column.fixed
        properties["locked"] = fixed
        if fixed:
            properties["bg_color"] = _GREY
        if column is not None and column.kind is Kind.TEXT and not fixed:
            properties["num_format"] = "@"
        if moment or (column is not None and column.kind is Kind.DATE):
            properties["num_format"] = "yyyy-mm-dd hh:mm" if moment else "yyyy-mm-dd"
        if bad:
            properties["bg_color"] = _BAD
        if formula:
            properties["quote_prefix"] = True
        return self(**properties)

    def head(self, column: Column) -> Any:
        """Return the format of a header: what must be filled in stands out."""
        colour = _NEED if column.required else _GREY if column.fixed else _HEAD
        return self(bold=True, bg_color=colour, border=1, valign="vcenter", text_wrap=True, locked=True)


class Book:
    """A workbook in memory. `finish` returns its bytes."""

    def __init__(self) -> None:
        self._out = io.BytesIO()
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_format_properties": _FONT,
        }
        self.book = xlsxwriter.Workbook(self._out, options)
        self.look = Look(self.book)

    def finish(self) -> bytes:
        """Close the workbook and return it."""
        self.book.close()
        return self._out.getvalue()

    def sheet(self, name: str) -> Any:
        """Add a sheet by a name Excel accepts."""
        return self.book.add_worksheet("".join("_" if c in "[]:*?/\\'" else c for c in name)[:31])

    def write(self, sheet: Any, row: int, column: int, value: Any, shape: Column | None, *, bad: bool = False) -> None:
        """Write one value as what it is; text is written as text whatever it begins with."""
        if isinstance(value, bool):
            sheet.write_boolean(row, column, value, self.look.cell(shape, bad=bad))
        elif isinstance(value, dt.datetime):
            sheet.write_datetime(row, column, value, self.look.cell(shape, bad=bad, moment=True))
        elif isinstance(value, dt.date):
            day = shape if shape is not None and shape.kind is Kind.DATE else _DAY
            sheet.write_datetime(row, column, value, self.look.cell(day, bad=bad))
        elif isinstance(value, int | float | Decimal):
            sheet.write_number(row, column, value, self.look.cell(shape, bad=bad))
        elif isinstance(value, dt.time | dt.timedelta):
            sheet.write_string(row, column, str(value), self.look.cell(shape, bad=bad))
        elif value or bad:
            text = str(value)
            formula = looks_like_formula(text)
            sheet.write_string(row, column, text, self.look.cell(shape, bad=bad, formula=formula))
        elif shape is not None:
            sheet.write_blank(row, column, None, self.look.cell(shape))

    def comment(self, sheet: Any, row: int, column: int, text: str) -> None:
        """Hang a note on a cell."""
        sheet.write_comment(row, column, text, _COMMENT)


def form_head(book: Book, sheet: Any, columns: Sequence[Column | None], at: int, names: Sequence[Any]) -> None:
    """Write the hidden row of keys at row `at` and the headers below it; set widths, freeze, filter.

    `names` are the headers as they are shown. Columns that are None belong to whoever added them.
    """
    for place, column in enumerate(columns):
        if column is None:
            sheet.set_column(place, place, 16, book.look(locked=False))
            continue
        shape = book.look.cell(column)
        sheet.set_column(place, place, column.width, shape, {"hidden": column.hidden})
        sheet.write_string(at, place, column.key, book.look(font_color="#999999", locked=True))
        sheet.write_string(at + 1, place, str(names[place]), book.look.head(column))
    sheet.set_row(at, None, None, {"hidden": True})
    sheet.set_row(at + 1, 30)
    first = next((n for n, c in enumerate(columns) if c is not None and not c.hidden), 0)
    sheet.freeze_panes(at + 2, first + 1)


def form_rules(sheet: Any, columns: Sequence[Column | None], at: int, lists: Lists) -> None:
    """Put list, date and number checks with their hints on the columns below the header, as far as rows are added."""
    duty = next((n for n, c in enumerate(columns) if c is not None and c.key == "duty"), 0)
    here = {key: source.replace(DUTY, f"${xl_col_to_name(duty)}{at + 3}") for key, source in lists.items()}
    for place, column in enumerate(columns):
        if column is None or column.hidden or column.fixed:
            continue
        rule = _rule(column, here)
        if column.hint:
            rule |= {"input_title": str(column.header)[:32], "input_message": str(column.hint)[:_MOST_MESSAGE]}
        sheet.data_validation(at + 2, place, at + 1 + ROWS, place, rule)


def _rule(column: Column, lists: Lists) -> dict[str, Any]:
    if column.key in lists:
        # A list that hangs on another cell is only offered: where that cell is blank it has nothing to say.
        hangs = lists[column.key].startswith("=OFFSET")
        return {
            "validate": "list",
            "source": lists[column.key],
            "error_type": "information" if hangs else "stop",
            "error_title": _("请从列表中选择"),
            "error_message": _("这一列只能从列表中选。列表见“字典”表。"),
        }
    if column.kind is Kind.DATE:
        return {
            "validate": "date",
            "criteria": "between",
            "minimum": dt.date(2000, 1, 1),
            "maximum": dt.date(2100, 1, 1),
            "error_type": "warning",
            "error_title": _("不是日期"),
            "error_message": _("请按 2026-03-01 的样子填写日期。"),
        }
    if column.kind is Kind.NUMBER:
        return {
            "validate": "decimal",
            "criteria": ">",
            "value": 0,
            "error_type": "warning",
            "error_title": _("不是大于 0 的数"),
            "error_message": _("请只填数字，单位填在“单位”一列。"),
        }
    return {"validate": "any"}


def protect(sheet: Any) -> None:
    """Lock what is read only, without a password; rows, widths, sorting and filters stay free."""
    free = ("format_cells", "format_columns", "format_rows", "insert_rows", "delete_rows", "sort", "autofilter")
    sheet.protect("", dict.fromkeys(free, True))


def table(book: Book, sheet: Any, at: int, rows: Iterable[Sequence[Any]], *, head: bool = False) -> int:
    """Write plain rows from row `at` on, and return the row after them."""
    for values in rows:
        for place, value in enumerate(values):
            if head:
                sheet.write_string(at, place, str(value), book.look.head(_READ_ONLY))
            else:
                book.write(sheet, at, place, value, _READ_ONLY)
        at += 1
    return at
