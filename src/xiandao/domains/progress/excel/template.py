"""The template: how to fill it in, a row for each duty, claims and problems so far, and the lists to choose from."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xiandao.domains.plans.models import Target
from xiandao.domains.progress.actions.reports.transitions import Step, possible
from xiandao.domains.progress.excel.book import DUTY, Book, form_head, form_rules, protect, table
from xiandao.domains.progress.excel.frame import Choice, Frame
from xiandao.domains.progress.excel.layout import (
    ABOUT,
    CLAIMS,
    FORMS,
    LISTS,
    MARK,
    PROBLEMS,
    REPORTS,
    VERSION,
    Form,
)
from xiandao.domains.progress.models import AssignmentRole, Claim, Problem, ProblemState, Report, ReportState

# What one cell of Excel holds.
LONGEST = 32_000
Row = list[Any]


def template(frame: Frame, *, made_at: dt.datetime, by: str) -> bytes:
    """Return the workbook of a scope: prefilled with what its reports say now."""
    book = Book()
    write_about(book, frame, made_at, by)
    sheets = {form.code: book.sheet(str(form.title)) for form in FORMS}
    lists = write_lists(book, frame)
    rows = {REPORTS.code: report_rows(frame), CLAIMS.code: claim_rows(frame), PROBLEMS.code: problem_rows(frame)}
    for form in FORMS:
        write_form(book, sheets[form.code], form, rows[form.code], lists)
    return book.finish()


def write_form(book: Book, sheet: Any, form: Form, rows: Iterable[Row], lists: dict[str, str]) -> None:
    """Write one sheet of the template: the keys, the headers, the rows, the checks."""
    form_head(book, sheet, form.columns, 0, [column.header for column in form.columns])
    last = 1
    for last, row in enumerate(rows, 2):
        for place, (column, value) in enumerate(zip(form.columns, row, strict=True)):
            book.write(sheet, last, place, value, column)
    form_rules(sheet, form.columns, 0, lists)
    sheet.autofilter(1, 0, max(last, 2), len(form.columns) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(1)
    protect(sheet)


def report_rows(frame: Frame) -> list[Row]:
    """Return the rows of the sheet of reports."""
    return [
        [
            pk,
            row.revision,
            frame.measures[pk],
            row.assignment.organisation.label,
            str(AssignmentRole(row.assignment.role).label),
            str(ReportState(row.state).label),
            as_cell(row.return_reason if row.state == ReportState.RETURNED else ""),
            frame.standings.shows(row.standing) if row.standing else "",
            as_cell(row.happened),
            as_cell(row.next_step),
        ]
        for pk, row in frame.reports.items()
    ]


def claim_rows(frame: Frame) -> list[Row]:
    """Return the rows of the sheet of claims: those of reports that can still be written."""
    return [
        _claim_row(frame, pk, claim)
        for pk, report in frame.reports.items()
        if writable(report)
        for claim in frame.claims[pk]
    ]


def writable(report: Report) -> bool:
    """Whether a report's state lets it be written."""
    return possible(Step.SAVE, report)


def _claim_row(frame: Frame, pk: int, claim: Claim) -> Row:
    quantity = claim.quantity.normalize()
    return [
        claim.pk,
        frame.duties.shows(str(pk)),
        frame.targets[pk].shows(claim.target_key) if claim.target_key else "",
        claim.item,
        claim.name,
        frame.kinds.shows(claim.identifier_kind) if claim.identifier_kind else "",
        claim.identifier,
        claim.holder,
        claim.holder_code,
        frame.regions[pk].shows(claim.region_id) if claim.region_id else "",
        frame.industries.shows(claim.industry_id) if claim.industry_id else "",
        claim.happened_on or "",
        quantity,
        claim.unit,
        as_cell(claim.note),
    ]


def problem_rows(frame: Frame) -> list[Row]:
    """Return the rows of the sheet of problems: those still open."""
    report_of = {row.assignment_id: pk for pk, row in frame.reports.items()}
    opened = [row for row in frame.problems if row.state not in (ProblemState.CLOSED, ProblemState.WITHDRAWN)]
    return [_problem_row(frame, report_of[row.assignment_id], row) for row in opened]


def _problem_row(frame: Frame, pk: int, row: Problem) -> Row:
    return [
        row.code,
        str(ProblemState(row.state).label),
        frame.duties.shows(str(pk)),
        row.title,
        as_cell(row.text),
        as_cell(row.request),
        frame.bodies.shows(row.asked_of.code) if row.asked_of else "",
    ]


def as_cell(text: str) -> str:
    """Return a text as a cell holds it: what is too long for one is cut, with a word on where to change it."""
    plain = "".join(c for c in text.replace("\r\n", "\n") if c >= " " or c in "\n\t")
    return plain if len(plain) <= LONGEST else plain[:LONGEST] + _("…（过长，请在页面上修改）")


def mark_of(frame: Frame) -> Row:
    """Return what a file says of itself, in its first, hidden row."""
    opened, scope = frame.opened, frame.scope
    city = scope.city.code if scope.city else ""
    return [MARK, VERSION, opened.plan.code, opened.period, scope.organisation.code, city, get_language() or ""]


def write_about(book: Book, frame: Frame, made_at: dt.datetime, by: str) -> None:
    """Write the first sheet: what the file is for, how to fill it in, and the mark it is known by."""
    sheet = book.sheet(str(ABOUT))
    for place, value in enumerate(mark_of(frame)):
        sheet.write_string(0, place, value)
    sheet.set_row(0, None, None, {"hidden": True})
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 100)
    sheet.merge_range(1, 0, 1, 1, _("进展填报表"), book.look(bold=True, font_size=16, valign="vcenter"))
    sheet.set_row(1, 28)
    table(book, sheet, 3, [*_facts(frame, made_at, by), *_help()])
    sheet.protect("", {"format_columns": True, "format_rows": True})


def _facts(frame: Frame, made_at: dt.datetime, by: str) -> list[Row]:
    opened = frame.opened
    rows: list[Row] = [
        [_("方案"), opened.plan.label],
        [_("填报期"), opened.label],
        [_("填报截止"), opened.due_on.isoformat()],
        [_("范围"), frame.scope.label],
        [_("责任项"), _("%(n)d 项") % {"n": len(frame.reports)}],
        [_("导出"), f"{timezone.localtime(made_at):%Y-%m-%d %H:%M} {by}"],
        [_("模板版本"), VERSION],
    ]
    return [*rows, [_("填报说明"), opened.note]] if opened.note else rows


def _help() -> list[Row]:
    return [
        [
            _("怎么填"),
            _("“进展”表每行一项任务，填状态、本期进展、下一步。灰色列只供查看，改了不起作用。不改的行留着即可。"),
        ],
        [
            "",
            _(
                "“成果”表每行一件成果：新增就在下面加行，改动就在原行上改，不再申报的删去或清空整行。任务、目标、所在地、产业从列表中选。"
            ),
        ],
        ["", _("“难点堵点”表只加新行；已经提出的在平台上办理，改动不起作用。")],
        ["", _("浅黄色表头为必填。编号按文本填写；日期写作 2026-03-01；数量只填数字。")],
        [
            _("怎么交"),
            _("在平台“Excel 导入导出”上传本文件。平台逐行检查，有一处错误就一行都不保存，并退回标注了问题的文件。"),
        ],
        ["", _("没有错误时先列出将要改动什么，确认后一次保存为草稿，再在平台上提交。同一文件传两次不会重复。")],
        ["", _("导出之后平台上又有人改过的任务会列为冲突，不会被覆盖：请重新导出，把改动抄过去。")],
        [_("佐证"), _("佐证材料不能放在 Excel 里：导入后在平台上逐项上传。没有佐证的成果不能核实。")],
        [_("请不要"), _("删除隐藏的行和列，或把别的文件中的整行粘贴到第一列。平台靠它们认出每一行。")],
    ]


@dataclass(frozen=True, slots=True)
class _List:
    """A column of the sheet of lists: the keys of the columns it serves, its title, its entries."""

    keys: tuple[str, ...]
    title: str
    entries: Sequence[str]


def write_lists(book: Book, frame: Frame) -> dict[str, str]:
    """Write the sheet of lists and return, for the key of each column that is chosen from one, where it stands.

    The list of targets hangs on the cell of the duty, for which the formula has `DUTY`.
    """
    sheet = book.sheet(str(LISTS))
    pairs = [
        (frame.duties.shows(str(pk)), label, target) for pk in frame.reports for label, target in _targets(frame, pk)
    ]
    lists = [
        _List(("standing",), str(REPORTS.column("standing").header), frame.standings.labels),
        _List(("duty",), str(CLAIMS.column("duty").header), frame.duties.labels),
        _List(("identifier_kind",), str(CLAIMS.column("identifier_kind").header), frame.kinds.labels),
        _List(("region",), str(CLAIMS.column("region").header), _regions(frame)),
        _List(("industry",), str(CLAIMS.column("industry").header), frame.industries.labels),
        _List(("asked_of",), str(PROBLEMS.column("asked_of").header), frame.bodies.labels),
        _List((), _("有数量目标的任务"), [duty for duty, _label, _target in pairs]),
        _List((), str(CLAIMS.column("target_key").header), [label for _duty, label, _target in pairs]),
        _List((), _("目标单位"), [target.unit for _duty, _label, target in pairs]),
    ]
    name = sheet.get_name()
    found: dict[str, str] = {}
    table(book, sheet, 0, [[each.title for each in lists]], head=True)
    for place, each in enumerate(lists):
        sheet.set_column(place, place, 36 if place else 14)
        for row, entry in enumerate(each.entries, 1):
            sheet.write_string(row, place, entry, book.look(locked=True))
        for key in each.keys:
            if each.entries:
                found[key] = f"='{name}'!${_letter(place)}$2:${_letter(place)}${len(each.entries) + 1}"
    if pairs:
        duties, targets = _letter(len(lists) - 3), _letter(len(lists) - 2)
        area = f"'{name}'!${duties}$2:${duties}${len(pairs) + 1}"
        match = f"MATCH({DUTY},{area},0)-1"
        found["target_key"] = f"=OFFSET('{name}'!${targets}$2,{match},0,COUNTIF({area},{DUTY}),1)"
    sheet.freeze_panes(1, 0)
    sheet.protect("", {"format_columns": True, "autofilter": True})
    return found


def _targets(frame: Frame, pk: int) -> list[tuple[str, Target]]:
    choice: Choice = frame.targets[pk]
    return [(label, frame.choices[pk].targets[code]) for label, code in choice.codes.items()]


def _regions(frame: Frame) -> list[str]:
    return list(dict.fromkeys(label for choice in frame.regions.values() for label in choice.labels))


def _letter(place: int) -> str:
    return chr(ord("A") + place)
