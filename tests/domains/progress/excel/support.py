"""Filling in a workbook as somebody in an office does: the template, some cells typed over, rows added."""

import datetime as dt
import io
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter
from python_calamine import CalamineWorkbook

from xiandao.domains.progress.models import Claim, ImportJob, Report

LIMITS_NAMES = {"进展": "progress.report", "成果": "progress.claim", "难点堵点": "progress.problem"}
MADE = dt.datetime(2026, 4, 10, 1, 30, tzinfo=dt.UTC)


class Workbook:
    """A template opened as lists of rows; `bytes` writes it back as a plain workbook, without any format."""

    def __init__(self, content):
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        self.sheets = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}

    def at(self, sheet):
        """Return the index of the row of keys."""
        return next(n for n, row in enumerate(self.sheets[sheet]) if LIMITS_NAMES[sheet] in row)

    def place(self, sheet, key):
        return self.sheets[sheet][self.at(sheet)].index(key)

    def rows(self, sheet):
        """Return the filled rows as dicts by key."""
        at = self.at(sheet)
        keys = self.sheets[sheet][at]
        return [dict(zip(keys, row, strict=False)) for row in self.sheets[sheet][at + 2 :] if any(v != "" for v in row)]

    def set(self, sheet, number, **cells):
        """Write cells of the n-th row below the header, counted from 0."""
        row = self.sheets[sheet][self.at(sheet) + 2 + number]
        for key, value in cells.items():
            row[self.place(sheet, key)] = value

    def add(self, sheet, **cells):
        """Add a row and return its number as Excel counts."""
        keys = self.sheets[sheet][self.at(sheet)]
        self.sheets[sheet].append([cells.get(key, "") for key in keys])
        return len(self.sheets[sheet])

    def remove(self, sheet, number):
        del self.sheets[sheet][self.at(sheet) + 2 + number]

    def bytes(self):
        out = io.BytesIO()
        book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in self.sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for place, value in enumerate(row):
                    if isinstance(value, dt.date):
                        sheet.write_datetime(number, place, value, day)
                    elif isinstance(value, bool):
                        sheet.write_boolean(number, place, value)
                    elif isinstance(value, int | float):
                        sheet.write_number(number, place, value)
                    elif value != "":
                        sheet.write_string(number, place, value)
        book.close()
        return out.getvalue()


DUTY = "3 加速创新成果转化（南京市科技局）"
TARGET = "概念验证中心、中小试基地"


def exported(viewer, opened, scope="city"):
    """Return the template of a scope, opened."""
    from xiandao.domains.progress.excel.frame import frame_of
    from xiandao.domains.progress.excel.scope import scope_of
    from xiandao.domains.progress.excel.template import template

    return Workbook(template(frame_of(opened, scope_of(viewer, scope)), made_at=MADE, by="测试"))


def claim_cells(duty, /, **cells):
    """Return the cells of a claim that lacks nothing."""
    given = {
        "duty": duty,
        "item": "概念验证中心",
        "name": "示例量子概念验证中心",
        "identifier_kind": "证书、批文号",
        "identifier": "苏示批〔2026〕1号",
        "holder": "示例量子科技有限公司",
        "region": "玄武区",
        "happened_on": dt.date(2026, 3, 1),
        "quantity": 1,
        "unit": "个",
    }
    return {**given, **cells}


def parts(content):
    """Return the parts of a workbook by name, as text."""
    with ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode("utf-8") for name in archive.namelist()}


def with_part(content, name, change):
    """Return the workbook with one part changed."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for entry in old.namelist():
            text = old.read(entry)
            new.writestr(entry, change(text.decode()).encode() if entry == name else text)
    return out.getvalue()


def claims():
    return Claim.objects.for_system("tests")


def report(name="南京市科技局", measure="M03"):
    rows = Report.objects.for_system("tests").select_related("assignment__organisation", "round")
    return rows.get(assignment__organisation__name=name, assignment__measure_key=measure)


def again(job):
    return ImportJob.objects.for_system("tests").get(pk=job.pk)
