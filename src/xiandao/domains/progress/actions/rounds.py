"""Reporting rounds: opening one for a period, moving its deadline, closing it, opening it again."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import RegisteredAction, register
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.models import Plan, PlanVersion, VersionState
from xiandao.domains.progress import rules
from xiandao.domains.progress.actions.reports import tasks
from xiandao.domains.progress.faults import BadFields, needed_reason
from xiandao.domains.progress.kinds.reports import ROUND
from xiandao.domains.progress.models import (
    Assignment,
    AssignmentRole,
    PastDeadline,
    Report,
    ReportEvent,
    ReportState,
    ReportVersion,
    Round,
    RoundScope,
    RoundState,
)
from xiandao.kernel import InvalidValue, Period, PeriodKind

OPENED = register("progress.round_opened", gettext_lazy("开启填报期"))
COMPLETED = register("progress.round_completed", gettext_lazy("为新增责任项补开填报"))
MOVED = register("progress.round_moved", gettext_lazy("调整填报截止日"))
CLOSED = register("progress.round_closed", gettext_lazy("关闭填报期"))
REOPENED = register("progress.round_reopened", gettext_lazy("重新开启填报期"))
_WHY = "who steers has been checked"


def quarter(text: str) -> Period:
    """Return the quarter named, as code (2026Q1) or in Chinese. Raises BadFields."""
    try:
        period = Period.parse(text)
    except InvalidValue as fault:
        raise BadFields([("period", str(fault))]) from None
    if period.kind is not PeriodKind.QUARTER:
        raise BadFields([("period", _("填报期按季度开启，应如 2026Q1 或 2026年一季度。"))])
    return period


def duties_in_scope(plan: Plan, scope: str) -> QuerySet[Assignment]:
    """Return the duties that report in a round of a scope; for callers that have checked who steers."""
    rows = Assignment.objects.for_system(_WHY).filter(plan=plan, ended_at=None)
    return rows.filter(role=AssignmentRole.LEAD) if scope == RoundScope.LEADS else rows


@transaction.atomic
def open_round(
    actor: Viewer,
    *,
    plan: Plan,
    period: str,
    due_on: dt.date,
    scope: str = RoundScope.LEADS,
    note: str = "",
    now: dt.datetime | None = None,
) -> Round:
    """Open a round of a quarter that has begun: a report for each duty in scope, a task for each organisation.

    Each report starts with the words of the duty's last report that was submitted; claims are not repeated.
    Raises Refused without the right, BadFields for period, deadline or scope, Conflict where the quarter has a round.
    """
    moment = now or timezone.now()
    _require_steering(actor)
    quarter_ = quarter(period)
    _check_opening(plan, quarter_, due_on, scope, timezone.localdate(moment))
    try:
        with transaction.atomic():
            opened = Round.objects.create(
                plan=plan,
                period=str(quarter_),
                period_end=quarter_.end,
                scope=scope,
                due_on=due_on,
                note=note.strip(),
                opened_at=moment,
                opened_by=actor.name,
            )
    except IntegrityError:
        raise Conflict(_("%(period)s已经有填报期，不能重复开启。") % {"period": quarter_.label}) from None
    made = add_reports(opened, duties_in_scope(plan, scope))
    if not made:
        raise Refused(_("这个范围内没有责任项，无需开启填报期。"))
    bodies = {report.assignment.organisation_id for report in made}
    tasks.refresh_writers(actor, opened, bodies, now=moment)
    _record(actor, OPENED, opened, after={**_facts(opened), "reports": len(made), "organisations": len(bodies)})
    return opened


def _check_opening(plan: Plan, period: Period, due_on: dt.date, scope: str, today: dt.date) -> None:
    faults = []
    if period.start > today:
        faults.append(("period", _("%(period)s还没有开始。") % {"period": period.label}))
    version = PlanVersion.objects.for_system(_WHY).filter(plan=plan, state=VersionState.PUBLISHED).first()
    if version and version.year_from and period.year < version.year_from:
        faults.append(
            ("period", _("%(period)s早于方案起始年 %(year)s。") % {"period": period.label, "year": version.year_from})
        )
    if due_on < today:
        faults.append(("due_on", _("截止日已经过去，请选择今天或以后的日期。")))
    if scope not in RoundScope.values:
        faults.append(("scope", _("请选择填报范围。")))
    if faults:
        raise BadFields(faults)


def add_reports(opened: Round, duties: Iterable[Assignment]) -> list[Report]:
    """Add an empty report for each duty, with the words of its last one; within the transaction of the caller."""
    rows = list(duties)
    last = _last_reports(opened, rows)
    made = []
    for duty in rows:
        before = last.get(duty.pk)
        report = Report(round=opened, assignment=duty, based_on=before)
        if before is not None:
            report.happened, report.next_step = before.happened, before.next_step
        made.append(report)
    return Report.objects.bulk_create(made, batch_size=500)


def _last_reports(opened: Round, duties: list[Assignment]) -> dict[int, Report]:
    """Return the newest report of an earlier period that each duty submitted."""
    rows = Report.objects.for_system(_WHY).filter(
        round__plan=opened.plan_id,
        round__period_end__lt=opened.period_end,
        state__in=(ReportState.SUBMITTED, ReportState.VERIFIED),
    )
    if len(duties) == 1:
        rows = rows.filter(assignment=duties[0])
    return {report.assignment_id: report for report in rows.order_by("round__period_end")}


def missing_duties(opened: Round) -> QuerySet[Assignment]:
    """Return the duties in a round's scope that have no report in it, as those the plan was given since."""
    held = Report.objects.for_system(_WHY).filter(round=opened, assignment=OuterRef("pk"))
    return duties_in_scope(opened.plan, opened.scope).filter(~Q(Exists(held)))


@transaction.atomic
def complete_round(actor: Viewer, *, pk: int, now: dt.datetime | None = None) -> int:
    """Add the reports of duties that came after the round was opened; return how many. Raises Refused, Conflict."""
    moment = now or timezone.now()
    opened = _take(actor, pk, RoundState.OPEN)
    made = add_reports(opened, missing_duties(opened))
    if not made:
        raise Conflict(_("没有缺少填报的责任项。"))
    tasks.refresh_writers(actor, opened, {report.assignment.organisation_id for report in made}, now=moment)
    _record(actor, COMPLETED, opened, after={"reports": len(made)})
    return len(made)


@transaction.atomic
def move_deadline(actor: Viewer, *, pk: int, due_on: dt.date, reason: str, now: dt.datetime | None = None) -> Round:
    """Give a round another deadline, and the tasks that wait. Raises Refused, Conflict, BadFields."""
    moment = now or timezone.now()
    opened = _take(actor, pk, RoundState.OPEN)
    said = needed_reason(reason, _("请写明调整截止日的理由。"))
    if due_on < timezone.localdate(moment):
        raise BadFields([("due_on", _("截止日已经过去，请选择今天或以后的日期。"))])
    before = opened.due_on
    if due_on == before:
        raise BadFields([("due_on", _("与现在的截止日相同。"))])
    opened.due_on = due_on
    opened.save(update_fields=["due_on"])
    PastDeadline.objects.create(round=opened, due_on=before, until=moment)
    tasks.withdraw_all(actor, opened, now=moment)
    tasks.open_all(actor, opened, now=moment)
    _record(actor, MOVED, opened, before={"due_on": before}, after={"due_on": due_on}, reason=said)
    return opened


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a round still waits for: reports to verify, claims to decide, reports never submitted."""

    reports: int
    claims: int
    unwritten: int


def waiting_in(opened: Round) -> Waiting:
    """Return what a round still waits for; for callers that have checked that the viewer sees the round."""
    rows = Report.objects.for_system(_WHY).filter(round=opened)
    late = rows.filter(
        state__in=(ReportState.EMPTY, ReportState.DRAFT, ReportState.RETURNED), assignment__ended_at=None
    )
    return Waiting(
        rows.filter(state=ReportState.SUBMITTED).count(),
        rules.undecided_claims().filter(report__round=opened, report__state=ReportState.VERIFIED).count(),
        late.count(),
    )


@transaction.atomic
def close_round(
    actor: Viewer, *, pk: int, force: bool = False, reason: str = "", now: dt.datetime | None = None
) -> Round:
    """Close a round: nothing in it is written or decided any more. What was not submitted stays as it is.

    While something waits to be verified it closes only with `force` and a reason. Raises Refused, Conflict, BadFields.
    """
    moment = now or timezone.now()
    opened = _take(actor, pk, RoundState.OPEN)
    waiting = waiting_in(opened)
    if waiting.reports or waiting.claims:
        if not force:
            raise Conflict(
                _("还有 %(reports)s 份进展、%(claims)s 项成果待核实：请先核实，或说明理由强制关闭。")
                % {"reports": waiting.reports, "claims": waiting.claims}
            )
        needed_reason(reason, _("还有待核实的进展：强制关闭请写明理由。"))
    opened.state, opened.closed_at, opened.closed_by = RoundState.CLOSED, moment, actor.name
    opened.save(update_fields=["state", "closed_at", "closed_by"])
    tasks.withdraw_all(actor, opened, now=moment)
    left = {"reports": waiting.reports, "claims": waiting.claims, "unwritten": waiting.unwritten}
    _record(
        actor,
        CLOSED,
        opened,
        before={"state": RoundState.OPEN.value},
        after={"state": RoundState.CLOSED.value, "left": left, "forced": bool(waiting.reports or waiting.claims)},
        reason=reason.strip(),
    )
    return opened


@transaction.atomic
def reopen_round(actor: Viewer, *, pk: int, due_on: dt.date, reason: str, now: dt.datetime | None = None) -> Round:
    """Open a closed round again, until another day; every report not verified keeps a trace of it.

    Raises Refused, Conflict, BadFields.
    """
    moment = now or timezone.now()
    opened = _take(actor, pk, RoundState.CLOSED)
    said = needed_reason(reason, _("请写明重新开启的理由。"))
    if due_on < timezone.localdate(moment):
        raise BadFields([("due_on", _("截止日已经过去，请选择今天或以后的日期。"))])
    was = opened.due_on
    opened.state, opened.due_on = RoundState.OPEN, due_on
    opened.times_reopened += 1
    opened.save(update_fields=["state", "due_on", "times_reopened"])
    PastDeadline.objects.create(round=opened, due_on=was, until=moment)
    _leave_traces(opened, by=actor.name, at=moment, reason=said)
    tasks.open_all(actor, opened, now=moment)
    before = {"state": RoundState.CLOSED.value, "due_on": was}
    _record(actor, REOPENED, opened, before=before, after=_facts(opened), reason=said)
    return opened


def _leave_traces(opened: Round, *, by: str, at: dt.datetime, reason: str) -> None:
    """Leave a version of every report that can be worked on again, that says so."""
    rows = Report.objects.for_system(_WHY).filter(round=opened).exclude(state=ReportState.VERIFIED)
    ReportVersion.objects.bulk_create(
        [
            ReportVersion(
                report=row,
                number=row.made + 1,
                event=ReportEvent.REOPENED,
                at=at,
                by=by,
                reason=reason,
                standing=row.standing,
                happened=row.happened,
                next_step=row.next_step,
            )
            for row in rows.annotate(made=Count("versions"))
        ],
        batch_size=500,
    )


def _require_steering(actor: Viewer) -> None:
    if not actor.can(Can.STEER):
        raise Refused(_("只有统筹协调单位可以开启和关闭填报期。"))


def _take(actor: Viewer, pk: int, state: RoundState) -> Round:
    """Return a round in a state, locked. Raises Refused, Conflict, Round.DoesNotExist."""
    _require_steering(actor)
    opened: Round = Round.objects.visible_to(actor).select_for_update(of=("self",)).select_related("plan").get(pk=pk)
    if opened.state != state:
        raise Conflict(_("填报期现在是“%(state)s”。") % {"state": opened.get_state_display()})
    return opened


def _facts(opened: Round) -> dict[str, Any]:
    return {"state": opened.state, "due_on": opened.due_on, "scope": opened.scope, "reopened": opened.times_reopened}


def _record(
    actor: Viewer,
    action: RegisteredAction,
    opened: Round,
    *,
    before: Any = None,
    after: Any = None,
    reason: str = "",
) -> None:
    audit.record(
        actor,
        action,
        kind=ROUND,
        key=str(opened.pk),
        label=f"{opened.plan.name} {opened.period}",
        before=before,
        after=after,
        reason=reason,
    )
