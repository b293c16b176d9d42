"""The sheet of problems: new ones are raised, those raised before are left to their pages."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from xiandao.domains.progress.actions.problems import NewProblem, lacking_words
from xiandao.domains.progress.excel.cells import RowIn
from xiandao.domains.progress.excel.faults import Fault
from xiandao.domains.progress.excel.frame import Frame
from xiandao.domains.progress.excel.layout import PROBLEMS
from xiandao.domains.progress.excel.reading import SheetIn
from xiandao.domains.progress.excel.template import as_cell
from xiandao.domains.progress.models import Problem, ProblemState

_LONGEST_TITLE, _LONGEST = 200, 5000


@dataclass(frozen=True, slots=True)
class ProblemIn:
    """A problem to be raised for a report's duty."""

    row: int
    report: int
    new: NewProblem
    body: str = ""


def read_problems(frame: Frame, sheet: SheetIn, step: Callable[[], None]) -> tuple[list[ProblemIn], list[Fault]]:
    """Return the problems to be raised, and the faults. One that stands there already, word for word, is left out."""
    known = {row.code: row for row in frame.problems}
    raised = {_said(row) for row in frame.problems if row.state != ProblemState.WITHDRAWN}
    duties, report_of = frame.report_of_duty, {pk: row.assignment_id for pk, row in frame.reports.items()}
    found: list[ProblemIn] = []
    faults: list[Fault] = []
    for number, cells in sheet.data():
        step()
        if sheet.says_nothing(number, cells):
            continue
        row = RowIn(sheet, PROBLEMS, number, cells)
        code = row.text(PROBLEMS.code)
        if code and code in known:
            _unchanged(row, known[code])
        else:
            problem = _read(frame, row, duties)
            if problem is not None:
                said = (report_of[problem.report], problem.new.title, problem.new.text, problem.new.request)
                if said not in raised:
                    raised.add(said)
                    found.append(problem)
        faults += row.faults
    return found, faults


def _said(row: Problem) -> tuple[int, str, str, str]:
    return row.assignment_id, row.title, row.text, row.request


def _unchanged(row: RowIn, known: Problem) -> None:
    """A problem raised before may stand in the file, but not be changed by it."""
    for key, now in (("title", known.title), ("text", known.text), ("request", known.request)):
        if row.text(key) != as_cell(now).strip():
            row.fault(
                key,
                _("难点堵点 %(code)s 已经提出，不能在 Excel 中改。") % {"code": known.code},
                _("请恢复原文，或删去这一行；补充说明请到平台上填写。"),
            )
            return


def _read(frame: Frame, row: RowIn, duties: dict[str, int]) -> ProblemIn | None:
    label = row.text("duty")
    report = duties.get(label, 0)
    if not report:
        row.fault("duty", _("应为“进展”表中的任务。"), _("请从列表中选择。"))
    asked = row.choice("asked_of", frame.bodies)
    new = NewProblem(row.text("title"), row.text("text"), row.text("request"))
    for key, sentence in lacking_words(new):
        row.fault(key, sentence)
    for key, words, most in (
        ("title", new.title, _LONGEST_TITLE),
        ("text", new.text, _LONGEST),
        ("request", new.request, _LONGEST),
    ):
        if len(words) > most:
            row.fault(key, _("最多 %(n)d 个字，现有 %(found)d 个。") % {"n": most, "found": len(words)})
    if asked and report and asked == frame.reports[report].assignment.organisation.code:
        row.fault("asked_of", _("不能请本单位自己协调。"), _("请另选单位，或留空。"))
    return None if row.faults else ProblemIn(row.number, report, new, asked)
