"""Writing the workbook."""

import io
from collections.abc import Iterable, Mapping
from typing import Any

import xlsxwriter

from xiandao.domains.industries.content import Content
from xiandao.domains.industries.workbook import layout
from xiandao.domains.shared.excel import looks_like_formula

Names = Mapping[str, str]
"""Names of industries by code."""


def workbook(content: Content, *, code: str, digest: str, names: Names) -> bytes:
    """Return the workbook of a catalogue. `code` and `digest` say in it which content it was made from."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format({"bold": True, "bg_color": "#EEF2F7", "border": 1, "valign": "vcenter", "text_wrap": True})
    look = {"valign": "top", "text_wrap": True, "border": 1, "num_format": "@"}
    plain, inert = book.add_format(look), book.add_format({**look, "quote_prefix": True})
    for name, columns in layout.SHEETS.items():
        sheet = book.add_worksheet(name)
        for number, column in enumerate(columns):
            sheet.set_column(number, number, column.width)
            sheet.write_string(0, number, column.heading, head)
        count = 0
        for count, row in enumerate(rows(content, name, names), 1):
            for number, text in enumerate(row):
                sheet.write_string(count, number, text, inert if looks_like_formula(text) else plain)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(count, 1), len(columns) - 1)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        _validate(sheet, columns, count)
    _about(book, code, digest, head)
    book.close()
    return out.getvalue()


def _validate(sheet: Any, columns: tuple[layout.Column, ...], count: int) -> None:
    choices = {"stage": list(layout.STAGES), "weight": list(layout.WEIGHTS), "activity": ["是", "否"]}
    for number, column in enumerate(columns):
        if column.field in choices:
            source = {"validate": "list", "source": choices[column.field]}
            sheet.data_validation(1, number, count + 1000, number, source)


def _about(book: Any, code: str, digest: str, head: Any) -> None:
    sheet = book.add_worksheet(layout.ABOUT)
    sheet.set_column(0, 0, 12)
    sheet.set_column(1, 1, 90)
    for row, (name, value) in enumerate((("格式", layout.FORMAT), ("版本", code), ("内容摘要", digest))):
        sheet.write_string(row, 0, name, head)
        sheet.write_string(row, 1, value)
    for row, hint in enumerate(layout.HINTS, 4):
        sheet.write_string(row, 1, hint)


def rows(content: Content, sheet: str, names: Names) -> Iterable[list[str]]:
    """Yield the rows of a sheet as texts."""
    stages = {code: word for word, code in layout.STAGES.items()}
    weights = {code: word for word, code in layout.WEIGHTS.items()}
    if sheet == layout.INDUSTRIES:
        for path, industry in content.industries.items():
            lists = [_lines(each) for each in (industry.includes, industry.excludes, industry.notes)]
            yield [path[0], names.get(path[0], ""), industry.definition, *lists]
    elif sheet == layout.SEGMENTS:
        for path, segment in content.segments.items():
            links = ["、".join(each) for each in (segment.gbt4754, segment.strategic, segment.ipc)]
            own = [segment.name, segment.name_en, stages.get(segment.stage, segment.stage)]
            yield [path[0], names.get(path[0], ""), path[1], *own, *links]
    elif sheet == layout.PRODUCTS:
        for path, product in content.products.items():
            own = [product.name, product.name_en, product.definition]
            lists = [_lines(product.includes), _lines(product.excludes), "是" if product.activity else "否"]
            yield [path[0], names.get(path[0], ""), product.segment, path[1], *own, *lists]
    elif sheet == layout.TERMS:
        for path, term in content.terms.items():
            name = content.products[path[:2]].name
            yield [path[0], path[1], name, path[2], weights.get(term.weight, term.weight), term.of]
    else:
        for path in content.traps:
            yield [path[0], names.get(path[0], ""), path[1]]


def _lines(values: tuple[str, ...]) -> str:
    return "\n".join(values)
