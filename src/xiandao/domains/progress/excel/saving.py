"""Saving what a checked file changes, in bulk, in the transaction of the caller."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from xiandao.domains.orgs.models import Organisation
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.progress.actions.problems import NewProblem, place_problem
from xiandao.domains.progress.actions.reports import tasks
from xiandao.domains.progress.actions.reports.claim_rows import ClaimRows, plan_rows, write_rows
from xiandao.domains.progress.actions.reports.content import Content
from xiandao.domains.progress.actions.reports.desk import record
from xiandao.domains.progress.actions.reports.save import SAVED, difference
from xiandao.domains.progress.actions.reports.transitions import Step, advance
from xiandao.domains.progress.excel.check import Checked
from xiandao.domains.progress.excel.check_problems import ProblemIn
from xiandao.domains.progress.excel.compare import Change
from xiandao.domains.progress.excel.frame import Frame
from xiandao.domains.progress.models import Report, Sequence

_TEXTS = ["standing", "happened", "next_step", "state", "revision", "saved_at", "saved_by"]


def save(actor: Viewer, frame: Frame, checked: Checked, *, now: dt.datetime) -> None:
    """Save every change of a file without faults, as drafts, and raise its problems.

    The reports are locked. Each changed report leaves the audit record it leaves when saved on its page. The number of
    queries does not depend on the number of claims. Raises Refused and Conflict where a report may not be written.
    """
    if checked.faults:
        raise Conflict(_("文件有错误，一行都不保存。"))
    if checked.problems:
        # Numbers are taken before the first record, as wherever a problem is raised.
        Sequence.hold("problem", timezone.localdate(now).year)
    plans: list[ClaimRows] = []
    begun: set[int] = set()
    for change in checked.changes:
        report = change.report
        frame.scope.may_fill(actor, report).require()
        state = report.state
        advance(Step.SAVE, report)
        if state != report.state:
            begun.add(report.assignment.organisation_id)
        rows = [*frame.claims[report.pk], *frame.decided[report.pk]]
        plans.append(plan_rows(report, rows, change.values, by=actor.name, now=now))
        report.standing, report.happened = change.after.standing, change.after.happened
        report.next_step = change.after.next_step
        report.revision += 1
        report.saved_at, report.saved_by = now, actor.name
    Report.objects.bulk_update([change.report for change in checked.changes], _TEXTS, batch_size=100)
    write_rows(plans)
    for change, plan in zip(checked.changes, plans, strict=True):
        _record(actor, change, plan)
    tasks.refresh_writers(actor, frame.opened, begun, now=now)
    _raise(actor, frame, checked.problems, now)


def _record(actor: Viewer, change: Change, plan: ClaimRows) -> None:
    ids = {key: str(row.pk) for key, row in plan.made.items()}
    claims = {ids.get(key, key): fields for key, fields in change.after.claims.items()}
    after = Content(change.after.standing, change.after.happened, change.after.next_step, claims)
    before = difference(change.before, after)
    record(actor, SAVED, change.report, before=before, after=difference(after, change.before))


def _raise(actor: Viewer, frame: Frame, problems: list[ProblemIn], now: dt.datetime) -> None:
    """Raise the problems of a file: few, each with its tasks and its record as on its page."""
    asked = dict(Organisation.objects.filter(code__in={row.body for row in problems}).values_list("code", "pk"))
    for row in problems:
        report = frame.reports[row.report]
        may = frame.scope.may_fill(actor, report)
        if not may:
            raise Refused(may.reason)
        new = NewProblem(row.new.title, row.new.text, row.new.request, asked.get(row.body))
        place_problem(actor, assignment=report.assignment, new=new, report=report, moment=now)
