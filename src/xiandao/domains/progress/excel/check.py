"""Checking a file against the duties it is for: every row, every fault; and what would change if it were saved."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.progress.excel.check_claims import ClaimsIn, read_claims
from xiandao.domains.progress.excel.check_problems import ProblemIn, read_problems
from xiandao.domains.progress.excel.check_reports import ReportIn, read_reports
from xiandao.domains.progress.excel.compare import Change, compare
from xiandao.domains.progress.excel.faults import Fault
from xiandao.domains.progress.excel.frame import Frame
from xiandao.domains.progress.excel.layout import FORMS, VERSION
from xiandao.domains.progress.excel.reading import BookIn, Mark, SheetIn

Tick = Callable[[int, int], None]


@dataclass(slots=True)
class Checked:
    """What a check found: all faults in the order of the file; without any, what saving would change."""

    faults: list[Fault] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    problems: list[ProblemIn] = field(default_factory=list)
    rows: int = 0


def check(actor: Viewer, frame: Frame, book: BookIn, *, today: dt.date, tick: Tick | None = None) -> Checked:
    """Check a workbook. `tick` is called with (rows done, rows) now and then and may raise to stop.

    Labels are looked up in the language the file was made in.
    """
    found = Checked()
    structure = _structure(frame, book)
    if structure:
        found.faults = structure
        return found
    sheets = [sheet for form in FORMS if (sheet := book.sheet(form)) is not None]
    total = found.rows = sum(max(len(sheet.rows) - sheet.at - 2, 0) for sheet in sheets)
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if tick is not None and done % _EVERY == 0:
            tick(min(done, total), total)

    reports: dict[int, ReportIn]
    claims: ClaimsIn
    reports, faults = read_reports(frame, sheets[0], step)
    claims, more = read_claims(frame, sheets[1], reports, step, today=today)
    found.problems, last = read_problems(frame, sheets[2], step)
    last += _may_not_raise(actor, sheets[2], found.problems)
    found.changes, late = compare(actor, frame, sheets[0], reports, claims)
    faults += late
    # Where the whole row must go, its cells need no mending.
    found.faults = sorted(faults, key=lambda fault: fault.row) + sorted(more, key=lambda f: f.row) + last
    if tick is not None:
        tick(total, total)
    return found


def _may_not_raise(actor: Viewer, sheet: SheetIn, problems: list[ProblemIn]) -> list[Fault]:
    if actor.can(Can.RAISE_PROBLEMS):
        return []
    said, mend = _("您的岗位不能提出难点堵点。"), _("请删去这一行。")
    return [Fault(sheet.name, row.row, "", row.new.title, said, mend) for row in problems]


_EVERY = 500


def _structure(frame: Frame, book: BookIn) -> list[Fault]:
    """Return why this is not a file of this round and scope at all."""
    mend = _("请在本页重新导出模板，在其中填写。")
    if book.mark is None or not any(sheet.form for sheet in book.sheets):
        return [Fault("", 0, "", "", _("不是平台导出的填报模板：“说明”表中没有识别标记。"), mend)]
    if not frame.reports:
        return [Fault("", 0, "", frame.scope.label, _("本期没有要填报的任务。"))]
    faults = [Fault("", 0, "", found, expected, mend) for found, expected in _foreign(frame, book.mark)]
    for form in FORMS:
        sheet = book.sheet(form)
        if sheet is None:
            faults.append(Fault(str(form.title), 0, "", "", _("缺少“%(sheet)s”表。") % {"sheet": form.title}, mend))
            continue
        lost = [key for key in form.needed if key not in sheet.columns]
        names = _("、").join(str(form.column(key).header) for key in lost)
        if lost:
            faults.append(Fault(sheet.name, 0, "", "", _("缺少列：%(names)s。") % {"names": names}, mend))
    return faults


def _foreign(frame: Frame, mark: Mark) -> list[tuple[str, str]]:
    """Return (found, expected) for everything a file was made for that is not what it is handed in for."""
    opened, scope = frame.opened, frame.scope
    city = scope.city.code if scope.city else ""
    pairs = [
        (mark.version, VERSION, _("模板版本应为 %(want)s。")),
        (mark.plan, opened.plan.code, _("应为方案 %(want)s 的模板。")),
        (mark.period, opened.period, _("应为 %(want)s 填报期的模板。")),
        (mark.organisation, scope.organisation.code, _("应为本单位（%(want)s）的模板。")),
        (mark.city, city, _("模板的范围与所选的不同：应为“%(want)s”。")),
    ]
    shown: dict[str, Any] = {city: scope.label, opened.period: opened.label}
    return [(have, said % {"want": shown.get(want, want)}) for have, want, said in pairs if have != want]


def language_of(book: BookIn) -> Any:
    """Return a context in which labels read as they do in the file."""
    return override(book.mark.language if book.mark and book.mark.language else "zh-hans")
