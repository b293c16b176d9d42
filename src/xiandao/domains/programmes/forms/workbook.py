"""The form as an Excel workbook: one sheet of fields and one for each table; out to be filled in, in to be read."""

import io
from collections.abc import Iterable
from typing import Any, Final

import xlsxwriter
from django.utils.translation import gettext as _

from xiandao.domains.programmes.forms.choices import Choices
from xiandao.domains.programmes.forms.definition import ROWED, Form, columns_of
from xiandao.domains.programmes.forms.reading import Data, tidy
from xiandao.domains.shared.excel_in import Sheet
from xiandao.packs.schema.forms import FormField

_FIELDS: Final = "表单"
_MARK: Final = "先导申报表"
_SPARE: Final = 500
_KEY, _ANSWER = 0, 3
_HINTS: Final = {
    "money": "元，或写 120万元",
    "percent": "百分数，如 12.5",
    "date": "2026-03-31",
    "yes_no": "是 / 否",
    "integer": "整数",
}
_YES_NO: Final = {"yes": "是", "no": "否"}


class NotOurs(Exception):  # noqa: N818 — read as a sentence: the file is not ours
    """A workbook that is not the template of this form; the message says what to do."""


def write_workbook(form: Form, data: Data, choices: Choices, *, digest: str, code: str) -> bytes:
    """Return the form with what it says now, to be filled in outside."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format({"bold": True, "bg_color": "#EEF2F7", "border": 1, "text_wrap": True, "valign": "top"})
    cell = book.add_format({"border": 1, "text_wrap": True, "valign": "top", "num_format": "@"})
    sheet = book.add_worksheet(_FIELDS)
    sheet.write_row(0, 0, [_MARK, digest, code, ""])
    sheet.set_row(0, None, None, {"hidden": True})
    sheet.write_row(1, 0, ["键", "节", "栏目", "填写", "说明"], head)
    row = 2
    for section in form.sections:
        for field in section.fields:
            if field.type == "files" or field.type in ROWED:
                continue
            label = f"{field.label}{'（必填）' if field.required else ''}"
            words = [field.key, section.title, label, _said(field, data.get(field.key, ""), choices), _hint(field)]
            for column, text in enumerate(words):
                sheet.write_string(row, column, text, cell)
            if field.type in ("choice", "yes_no"):
                options = ["是", "否"] if field.type == "yes_no" else list(field.options)
                if len(",".join(options)) < 255:  # noqa: PLR2004 — what Excel allows in a list
                    sheet.data_validation(row, _ANSWER, row, _ANSWER, {"validate": "list", "source": options})
            row += 1
    sheet.set_column(0, 0, None, None, {"hidden": True})
    sheet.set_column(1, 2, 26)
    sheet.set_column(3, 3, 60)
    sheet.set_column(4, 4, 40)
    sheet.freeze_panes(2, 3)
    for key, field in form.fields.items():
        if field.type in ROWED:
            _write_table(book, key, field, data.get(key, []), head=head, cell=cell)
    book.close()
    return out.getvalue()


def _write_table(book: Any, key: str, field: FormField, rows: Any, *, head: Any, cell: Any) -> None:
    sheet = book.add_worksheet(key[:31])
    columns = columns_of(field)
    sheet.write_row(0, 0, [column.key for column in columns])
    sheet.set_row(0, None, None, {"hidden": True})
    labels = [f"{column.label}{'（必填）' if column.required else ''}" for column in columns]
    sheet.write_row(1, 0, labels, head)
    for number, row in enumerate(rows if isinstance(rows, list) else [], 2):
        for place, column in enumerate(columns):
            text = str(row.get(column.key, ""))
            sheet.write_string(number, place, _YES_NO.get(text, text) if column.type == "yes_no" else text, cell)
    for place, column in enumerate(columns):
        if column.options and len(",".join(column.options)) < 255:  # noqa: PLR2004 — what Excel allows in a list
            sheet.data_validation(2, place, _SPARE, place, {"validate": "list", "source": list(column.options)})
    sheet.write_comment(1, 0, f"{field.label}：从第三行起填写。")
    sheet.set_column(0, len(columns) - 1, 22)
    sheet.freeze_panes(2, 0)


def _hint(field: FormField) -> str:
    parts = [_HINTS.get(field.type, ""), field.unit or "", field.help or ""]
    if field.options:
        parts.append(f"可选：{'、'.join(field.options)}")
    if field.type in ("choices", "industries"):
        parts.append("多项用顿号分开")
    return "；".join(part for part in parts if part)


def _said(field: FormField, value: Any, choices: Choices) -> str:
    if field.type == "region":
        return choices.regions.get(str(value), str(value))
    if field.type == "yes_no":
        return _YES_NO.get(str(value), str(value))
    if isinstance(value, list):
        names = choices.industries if field.type == "industries" else {}
        return "、".join(names.get(str(item), str(item)) for item in value)
    return str(value)


def read_workbook(form: Form, sheets: Iterable[Sheet], before: Data, choices: Choices, *, digest: str) -> Data:
    """Return what a filled-in template says; an empty cell, and a table left empty, keep what the form had.

    Raises NotOurs for any other workbook, and for the template of another version of the form.
    """
    found = {sheet.name: sheet.rows for sheet in sheets}
    rows = found.get(_FIELDS)
    if not rows or _cell(rows[0], 0) != _MARK:
        raise NotOurs(_("不是从本页下载的申报表：请下载后填写，不要改工作表名称和隐藏的行列。"))
    if _cell(rows[0], 1) != digest:
        raise NotOurs(_("这份申报表属于另一个专项或另一版表单：请从本页重新下载，把内容粘贴过去。"))
    data: Data = dict(before)
    for row in rows[2:]:
        field = form.fields.get(_cell(row, _KEY))
        text = _cell(row, _ANSWER)
        if field is not None and text and field.type not in ROWED:
            data[field.key] = _meant(field, text, choices)
    for key, field in form.fields.items():
        if field.type in ROWED and key[:31] in found:
            table = _table(found[key[:31]], {c.key for c in columns_of(field) if c.type == "yes_no"})
            if table:
                data[key] = table
    return tidy(form, data)


def _meant(field: FormField, text: str, choices: Choices) -> Any:
    if field.type in ("choices", "industries"):
        names = {name: code for code, name in choices.industries.items()} if field.type == "industries" else {}
        items = [item.strip() for item in text.replace("，", "、").replace("\n", "、").split("、")]
        return [names.get(item, item) for item in items if item]
    if field.type == "region":
        return {name: code for code, name in choices.regions.items()}.get(text, text)
    if field.type == "yes_no":
        return {name: code for code, name in _YES_NO.items()}.get(text, text)
    return text


def _table(rows: list[list[Any]], yes_no: set[str]) -> list[dict[str, str]]:
    keys = [str(key) for key in rows[0]] if rows else []
    codes = {name: code for code, name in _YES_NO.items()}
    made = [{key: _cell(row, place) for place, key in enumerate(keys) if key} for row in rows[2:]]
    return [
        {key: codes.get(text, text) if key in yes_no else text for key, text in row.items()}
        for row in made
        if any(row.values())
    ]


def _cell(row: list[Any], place: int) -> str:
    """Return a cell as text: whole numbers without a decimal point, dates as 2026-03-31."""
    value = row[place] if place < len(row) else ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if hasattr(value, "isoformat"):
        return str(value.isoformat())[:10]
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value if value is not None else "").strip()
