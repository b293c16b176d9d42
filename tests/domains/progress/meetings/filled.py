"""Fills a plan with rounds, reports and results, to count queries and to look at full pages."""

import datetime as dt
import random

from tests.domains.progress.conftest import moment
from xiandao.domains.orgs.viewer import system
from xiandao.domains.plans.queries import targets_in_force
from xiandao.domains.progress.models import Assignment, Claim, Report, ReportVersion, Result, ResultCount, Round
from xiandao.kernel import Period

STANDINGS = ("on_track", "at_risk", "blocked", "done")


def fill(plan, periods, results, *, seed=1):
    """Add rounds of some periods with a report for each lead duty, most submitted, and so many verified results."""
    dice = random.Random(seed)  # noqa: S311 — the same history every time
    keys = list(targets_in_force(system("tests")).filter(version__plan=plan).values_list("key", flat=True))
    duties = list(Assignment.objects.for_system("tests").filter(plan=plan, role="lead").select_related("region"))
    verified = [report for period in periods for report in _round(plan, period, duties, dice)]
    chosen = [verified[number * len(verified) // results] for number in range(results)]
    things = Result.objects.bulk_create(
        (
            Result(
                code=f"R{number:07}",
                item="创新中心",
                name=f"示例未来技术创新中心{number}",
                region_id=report.assignment.region_id,
                unit="个",
                counted_at=report.decided_at,
                counted_by="测试",
            )
            for number, report in enumerate(chosen)
        ),
        batch_size=500,
    )
    served = [dice.choice(keys) for _each in chosen]
    Claim.objects.bulk_create(
        (
            Claim(
                report=report,
                number=number + 1,
                item="创新中心",
                name=thing.name,
                region_id=report.assignment.region_id,
                unit="个",
                target_key=key,
                state="verified",
                claimed_at=report.submitted_at,
                decided_at=report.decided_at,
                result=thing,
            )
            for number, (report, thing, key) in enumerate(zip(chosen, things, served, strict=True))
        ),
        batch_size=500,
    )
    ResultCount.objects.bulk_create(
        (
            ResultCount(result=thing, plan=plan, target_key=key, counted_at=thing.counted_at)
            for thing, key in zip(things, served, strict=True)
        ),
        batch_size=500,
    )


def _round(plan, period, duties, dice):
    end = Period.parse(period).end
    opened = moment(str(end)) + dt.timedelta(hours=9)
    made = Round.objects.create(
        plan=plan,
        period=period,
        period_end=end,
        due_on=end + dt.timedelta(days=20),
        opened_at=opened,
        opened_by="测试",
    )
    reports = Report.objects.bulk_create(
        (
            Report(
                round=made,
                assignment=duty,
                submitted_at=opened + dt.timedelta(days=5),
                decided_at=opened + dt.timedelta(days=15),
            )
            for duty in duties
        ),
        batch_size=500,
    )
    spoken = [report for report in reports if dice.random() < 0.9]
    done = [report for report in spoken if dice.random() < 0.8]
    said = {report.pk: dice.choice(STANDINGS) for report in spoken}
    happened = "本期完成建设方案，正在推进。" * 3
    versions = [(report, 1, "submitted", report.submitted_at) for report in spoken]
    versions += [(report, 2, "verified", report.decided_at) for report in done]
    ReportVersion.objects.bulk_create(
        (
            ReportVersion(
                report=report, number=number, event=event, at=at, by="测试", standing=said[report.pk], happened=happened
            )
            for report, number, event, at in versions
        ),
        batch_size=500,
    )
    return done
