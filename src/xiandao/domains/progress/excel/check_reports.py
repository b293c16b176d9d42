"""The sheet of reports: one row for each duty, known by its hidden key."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from xiandao.domains.progress.excel.cells import RowIn
from xiandao.domains.progress.excel.faults import Fault
from xiandao.domains.progress.excel.frame import Frame
from xiandao.domains.progress.excel.layout import REPORTS
from xiandao.domains.progress.excel.reading import SheetIn
from xiandao.domains.progress.excel.template import as_cell
from xiandao.domains.progress.models import Report


@dataclass(frozen=True, slots=True)
class ReportIn:
    """What a file says of one report; `row` counts as Excel does, `revision` is the one it was exported at."""

    row: int
    revision: int
    standing: str
    happened: str
    next_step: str


def read_reports(frame: Frame, sheet: SheetIn, step: Callable[[], None]) -> tuple[dict[int, ReportIn], list[Fault]]:
    """Return what the sheet says of each report by its id, and the faults."""
    found: dict[int, ReportIn] = {}
    faults: list[Fault] = []
    for number, cells in sheet.data():
        step()
        row = RowIn(sheet, REPORTS, number, cells)
        pk = _report(frame, row, found)
        if pk:
            found[pk] = _read(frame, row, frame.reports[pk])
        faults += row.faults
    return found, faults


def _report(frame: Frame, row: RowIn, found: dict[int, ReportIn]) -> int:
    """Return the id of the report a row is about, 0 with a fault where there is none."""
    key = row.text(REPORTS.code)
    pk = int(key) if key.isascii() and key.isdecimal() and len(key) < 19 else 0  # noqa: PLR2004 — 64 bits
    if not key:
        row.fault(
            "", _("这一行没有编号：“进展”表的行由模板给出，不能自己加。"), _("请删去这一行，或从模板中复制整行。")
        )
        return 0
    if pk not in frame.reports:
        row.fault("", _("不在本次填报的责任项之内。"), _("请删去这一行。"), found=key)
        return 0
    if pk in found:
        row.fault("", _("与第 %(row)d 行是同一项任务。") % {"row": found[pk].row}, _("请只留一行。"), found=key)
        return 0
    return pk


def _read(frame: Frame, row: RowIn, report: Report) -> ReportIn:
    revision = row.text("revision")
    return ReportIn(
        row.number,
        int(revision) if revision.isascii() and revision.isdecimal() and len(revision) < 10 else -1,  # noqa: PLR2004
        row.choice("standing", frame.standings),
        _words(row, "happened", report.happened),
        _words(row, "next_step", report.next_step),
    )


def _words(row: RowIn, key: str, now: str) -> str:
    """Return the words of a cell; where they are what the template shows for the words that stand now, those."""
    words = row.text(key)
    return now if words == as_cell(now).strip() else words
