"""Fills the plan in force with invented rounds, reports, claims and results: for demonstrations and for load tests.

Rows are written in bulk, with the same columns the actions write, because a load test needs tens of thousands of them.
The same seed on the same plan gives the same rows.
"""

import datetime as dt
import random
from dataclasses import dataclass, replace

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import register
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.models import Plan, PlanVersion, Target, TargetKind, VersionState
from xiandao.domains.progress.actions.reports import tasks
from xiandao.domains.progress.demo.problems import raise_problems, urge_a_late_body
from xiandao.domains.progress.demo.results import claim_results
from xiandao.domains.progress.demo.wording import HAPPENED, MARK, NEXT
from xiandao.domains.progress.models import (
    Assignment,
    AssignmentRole,
    Baseline,
    BaselineKind,
    Report,
    ReportEvent,
    ReportState,
    ReportVersion,
    Round,
    RoundScope,
    RoundState,
    Standing,
)
from xiandao.kernel import Period, PeriodKind

FILLED = register("progress.demo_filled", _("载入演示进展"))
_HOUR = dt.timedelta(hours=1)
_STANDINGS = (Standing.ON_TRACK,) * 14 + (Standing.AT_RISK,) * 3 + (Standing.BLOCKED, Standing.DONE, Standing.DONE)
_OPEN_STATES = (
    (ReportState.VERIFIED,) * 4
    + (ReportState.SUBMITTED,) * 3
    + (ReportState.RETURNED,)
    + (ReportState.DRAFT,) * 2
    + (ReportState.EMPTY,) * 3
)


@dataclass(frozen=True, slots=True)
class Scale:
    """How much to invent: `rounds` quarters up to the one before `today`, the newest open, and about `claims` results.

    `claims` None: as many as the targets ask for by now, short or long of it by target.
    """

    rounds: int = 6
    claims: int | None = None
    seed: int = 20240227


@transaction.atomic
def fill_demo(actor: Viewer, *, plan: Plan, scale: Scale, now: dt.datetime | None = None) -> dict[str, int]:
    """Invent progress for a plan and return how much was made of what.

    Raises Refused outside demonstration mode and for anybody but the system, Conflict where the plan has rounds.
    """
    if not settings.DEMO_MODE or not actor.is_system:
        raise Refused(_("演示数据只能在演示模式下由命令行载入。"))
    if Round.objects.for_system("looking for rounds of any kind").filter(plan=plan).exists():
        raise Conflict(_("该方案已经有填报期，不再载入演示数据。"))
    moment = now or timezone.now()
    dice = random.Random(scale.seed)  # noqa: S311 — invented rows, the same for the same seed
    version = PlanVersion.objects.for_system("its years").get(plan=plan, state=VersionState.PUBLISHED)
    # The demonstration looks back at quarters before it was loaded: its duties began with the plan.
    first = _at(dt.date(version.year_from or moment.year, 1, 1), 0)
    Assignment.objects.for_system("filling").filter(plan=plan, started_at__gt=first).update(started_at=first)
    duties = list(
        Assignment.objects.for_system("filling")
        .filter(plan=plan, ended_at=None, role=AssignmentRole.LEAD)
        .select_related("organisation", "region")
        .order_by("measure_key", "region", "organisation")
    )
    reports: list[Report] = []
    for period in _periods(scale.rounds, moment, version.year_from):
        reports += _round(plan, period, duties, dice, moment)
    claims, results = claim_results(version, reports, total=scale.claims, elapsed=_elapsed(version, moment), dice=dice)
    _baselines(version, moment)
    newest = [report for report in reports if report.round.state == RoundState.OPEN]
    for opened in {report.round_id: report.round for report in newest}.values():
        tasks.open_all(replace(actor, name=MARK), opened, now=opened.opened_at)
    problems = raise_problems(newest, now=moment)
    urge_a_late_body(newest, now=moment)
    rounds = len({report.round_id for report in reports})
    made = {"rounds": rounds, "reports": len(reports), "claims": claims, "results": results, "problems": problems}
    audit.record(actor, FILLED, kind="plan", key=plan.code, label=plan.name, after={**made, "seed": scale.seed})
    return made


def _elapsed(version: PlanVersion, moment: dt.datetime) -> float:
    """Return how much of the plan's time has gone by, as a share of one."""
    first, last = version.year_from or moment.year, version.year_to or moment.year
    start, end = dt.date(first, 1, 1), dt.date(last, 12, 31)
    return min(1.0, max(0.0, (timezone.localdate(moment) - start) / (end - start)))


def _baselines(version: PlanVersion, moment: dt.datetime) -> None:
    """Say of every target that counts things that it starts from nothing, so that its pace can be judged."""
    targets = Target.objects.for_system("filling").filter(version=version, kind=TargetKind.COUNT)
    start = dt.date(version.year_from or moment.year, 1, 1)
    Baseline.objects.bulk_create(
        Baseline(
            plan_id=version.plan_id,
            target_key=target.key,
            kind=BaselineKind.FROM_ZERO,
            as_of=start,
            source=f"方案期内新增，此前不计{MARK}",
            recorded_at=_at(start, 0),
            recorded_by=MARK,
        )
        for target in targets
    )


def _periods(count: int, moment: dt.datetime, first_year: int | None) -> list[Period]:
    """Return the quarters reported on: `count` of them up to the last that has ended, none before the plan."""
    last = Period.covering(timezone.localdate(moment), PeriodKind.QUARTER).previous()
    periods = [last - back for back in range(count - 1, -1, -1)]
    return [period for period in periods if first_year is None or period.year >= first_year]


def _round(
    plan: Plan, period: Period, duties: list[Assignment], dice: random.Random, moment: dt.datetime
) -> list[Report]:
    """Write one round with its reports and their versions; only the newest is still open."""
    newest = period == Period.covering(timezone.localdate(moment), PeriodKind.QUARTER).previous()
    opened_at = _at(period.end, 1)
    due_on = period.end + dt.timedelta(days=20)
    row = Round.objects.create(
        plan=plan,
        period=str(period),
        period_end=period.end,
        scope=RoundScope.LEADS,
        due_on=due_on,
        note=MARK,
        state=RoundState.OPEN if newest else RoundState.CLOSED,
        opened_at=opened_at,
        opened_by=MARK,
        closed_at=None if newest else opened_at + 35 * 24 * _HOUR,
        closed_by="" if newest else MARK,
        is_demo=True,
    )
    reports = Report.objects.bulk_create([_report(row, duty, dice, newest=newest) for duty in duties], batch_size=500)
    ReportVersion.objects.bulk_create([v for report in reports for v in _versions(report)], batch_size=500)
    return reports


def _at(day: dt.date, days: int) -> dt.datetime:
    """Return nine in the morning, local time, some days after a day."""
    return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=days), dt.time(9)))


def _report(row: Round, duty: Assignment, dice: random.Random, *, newest: bool) -> Report:
    state = dice.choice(_OPEN_STATES) if newest else ReportState.VERIFIED
    written = state != ReportState.EMPTY
    submitted = _at(row.period_end, dice.randint(3, 18)) + dice.randint(0, 8) * _HOUR
    decided = submitted + dice.randint(20, 120) * _HOUR
    told = state in (ReportState.SUBMITTED, ReportState.RETURNED, ReportState.VERIFIED)
    judged = state in (ReportState.RETURNED, ReportState.VERIFIED)
    return Report(
        round=row,
        assignment=duty,
        state=state,
        revision=int(written),
        standing=dice.choice(_STANDINGS) if written else "",
        happened=dice.choice(HAPPENED).format(n=dice.randint(2, 30)) + MARK if written else "",
        next_step=dice.choice(NEXT) if written else "",
        saved_at=submitted if written else None,
        saved_by=MARK if written else "",
        submitted_at=submitted if told else None,
        submitted_by=MARK if told else "",
        decided_at=decided if judged else None,
        decided_by=MARK if judged else "",
        return_reason="佐证材料不完整，请补充批复文件。" if state == ReportState.RETURNED else "",
    )


def _versions(report: Report) -> list[ReportVersion]:
    """Return what the report was when it was submitted, and when it was decided."""
    texts = {"standing": report.standing, "happened": report.happened, "next_step": report.next_step, "by": MARK}
    versions = []
    if report.submitted_at:
        versions.append(
            ReportVersion(report=report, number=1, event=ReportEvent.SUBMITTED, at=report.submitted_at, **texts)
        )
    if report.decided_at:
        event = ReportEvent.VERIFIED if report.state == ReportState.VERIFIED else ReportEvent.RETURNED
        versions.append(
            ReportVersion(
                report=report, number=2, event=event, at=report.decided_at, reason=report.return_reason, **texts
            )
        )
    return versions
