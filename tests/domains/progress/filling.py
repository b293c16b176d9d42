"""Fills the real plan with rounds, reports, claims and results, in bulk and always the same: for pages to look at and for scale."""

import datetime as dt
import random
from decimal import Decimal

from django.utils import timezone

from xiandao.domains.orgs.models import Region
from xiandao.domains.plans.models import Plan, Target, VersionState
from xiandao.domains.progress.models import (
    Assignment,
    AssignmentRole,
    Baseline,
    BaselineKind,
    Claim,
    ClaimState,
    Report,
    ReportEvent,
    ReportState,
    ReportVersion,
    Result,
    ResultCount,
    Round,
    RoundState,
    Standing,
)
from xiandao.kernel import Period

STANDINGS = (Standing.ON_TRACK, Standing.ON_TRACK, Standing.ON_TRACK, Standing.AT_RISK, Standing.BLOCKED, Standing.DONE)


def day(date: dt.date, hour: int = 9) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(date, dt.time(hour)))


def fill(plan: Plan, periods: list[str], *, claims: int, last_is_open: bool = True, seed: int = 7) -> None:
    """Make a round for each period; in all but an open last one every report is verified, with about `claims` claims in all."""
    chance = random.Random(seed)  # noqa: S311 — invented rows, always the same
    duties = list(Assignment.objects.for_system("filling").filter(plan=plan, ended_at=None, role=AssignmentRole.LEAD))
    targets: dict[str, list[str]] = {}
    for key, measure in (
        Target.objects.for_system("filling")
        .filter(version__plan=plan, version__state=VersionState.PUBLISHED, measure__isnull=False)
        .values_list("key", "measure__key")
    ):
        targets.setdefault(measure, []).append(key)
    claiming = [duty for duty in duties if duty.measure_key in targets] or duties
    per_report = max(claims // max(len(periods) * len(claiming), 1), 1)
    for number, name in enumerate(periods):
        period = Period.parse(name)
        is_open = last_is_open and number == len(periods) - 1
        opened = Round.objects.create(
            plan=plan,
            period=name,
            period_end=period.end,
            due_on=period.end + dt.timedelta(days=15),
            state=RoundState.OPEN if is_open else RoundState.CLOSED,
            opened_at=day(period.end),
            opened_by="演示",
            closed_at=None if is_open else day(period.end + dt.timedelta(days=25)),
        )
        _round(opened, duties, targets, per_report, is_open, chance)


def _round(opened, duties, targets, per_report, is_open, chance) -> None:
    submitted, verified = day(opened.due_on - dt.timedelta(days=3)), day(opened.due_on + dt.timedelta(days=5))
    reports = []
    for duty in duties:
        state = ReportState.VERIFIED
        if is_open:
            state = chance.choice((ReportState.EMPTY, ReportState.DRAFT, ReportState.SUBMITTED, ReportState.VERIFIED))
        spoken = state in (ReportState.SUBMITTED, ReportState.VERIFIED)
        reports.append(
            Report(
                round=opened,
                assignment=duty,
                state=state,
                standing=chance.choice(STANDINGS) if spoken else "",
                happened="本期完成建设方案评审，落实场地与资金。" if spoken else "",
                submitted_at=submitted if spoken else None,
                submitted_by="演示" if spoken else "",
                decided_at=verified if state == ReportState.VERIFIED else None,
                decided_by="演示" if state == ReportState.VERIFIED else "",
            )
        )
    reports = Report.objects.bulk_create(reports, batch_size=2000)
    versions, claims = [], []
    for report, duty in zip(reports, duties, strict=True):
        spoken = report.state in (ReportState.SUBMITTED, ReportState.VERIFIED)
        if not spoken:
            continue
        events = [(1, ReportEvent.SUBMITTED, submitted)]
        if report.state == ReportState.VERIFIED:
            events.append((2, ReportEvent.VERIFIED, verified))
        versions += [
            ReportVersion(
                report=report,
                number=n,
                event=event,
                at=at,
                by="演示",
                standing=report.standing,
                happened=report.happened,
            )
            for n, event, at in events
        ]
        keys = targets.get(duty.measure_key)
        for place in range(per_report if keys else 0):
            done = report.state == ReportState.VERIFIED
            rejected = done and chance.random() < 0.1
            state = ClaimState.REJECTED if rejected else ClaimState.VERIFIED if done else ClaimState.CLAIMED
            claims.append(
                Claim(
                    report=report,
                    number=place + 1,
                    item="成果",
                    name=f"{opened.period}成果{report.pk}-{place + 1}",
                    region_id=duty.region_id,
                    quantity=Decimal(1),
                    unit="个",
                    target_key=chance.choice(keys),
                    state=state,
                    claimed_at=submitted,
                    decided_at=verified if done else None,
                    decided_by="演示" if done else "",
                    happened_on=opened.period_end,
                )
            )
    ReportVersion.objects.bulk_create(versions, batch_size=2000)
    claims = Claim.objects.bulk_create(claims, batch_size=2000)
    _count([claim for claim in claims if claim.state == ClaimState.VERIFIED], opened.plan_id, verified)


def _count(claims, plan_id, verified) -> None:
    results = Result.objects.bulk_create(
        [
            Result(
                code=f"C{claim.pk:07}",
                item=claim.item,
                name=claim.name,
                region_id=claim.region_id,
                quantity=claim.quantity,
                unit=claim.unit,
                happened_on=claim.happened_on,
                counted_at=verified,
                counted_by="演示",
            )
            for claim in claims
        ],
        batch_size=2000,
    )
    for claim, result in zip(claims, results, strict=True):
        claim.result = result
    Claim.objects.bulk_update(claims, ["result"], batch_size=1000)
    ResultCount.objects.bulk_create(
        [
            ResultCount(result=result, plan_id=plan_id, target_key=claim.target_key, counted_at=verified)
            for claim, result in zip(claims, results, strict=True)
        ],
        batch_size=2000,
    )


def from_zero(plan: Plan, at: dt.datetime) -> None:
    """Record for every target of a plan that nothing before it counts."""
    keys = Target.objects.for_system("filling").filter(version__plan=plan, version__state=VersionState.PUBLISHED)
    Baseline.objects.bulk_create(
        Baseline(
            plan=plan,
            target_key=key,
            kind=BaselineKind.FROM_ZERO,
            as_of=dt.date(2024, 1, 1),
            source="演示登记",
            recorded_at=at,
            recorded_by="演示",
        )
        for key in keys.values_list("key", flat=True)
    )


def cities() -> list[Region]:
    return list(Region.objects.filter(kind="city").order_by("code"))
