"""What the tests of progress share: the real plan with its duties, rounds, reports and claims made to order.

Rows are made here directly, at any moment a test asks for, so that a test of figures as of a past day needs no detour
through actions. Tests of the actions themselves use the actions.
"""

import datetime as dt
from decimal import Decimal

import pytest
from django.db.models import Max
from django.utils import timezone

from xiandao.domains.orgs.viewer import system
from xiandao.domains.plans.models import Plan
from xiandao.domains.plans.queries import targets_in_force
from xiandao.domains.progress.models import (
    Assignment,
    AssignmentRole,
    Claim,
    ClaimState,
    Report,
    ReportEvent,
    ReportState,
    ReportVersion,
    Result,
    ResultCount,
    Round,
    RoundScope,
)
from xiandao.kernel import Period


def moment(text: str) -> dt.datetime:
    """Return a moment of local time, such as "2026-04-10 09:30" or "2026-04-10"."""
    return timezone.make_aware(dt.datetime.fromisoformat(text))


NOW = moment("2026-04-10 09:30")


@pytest.fixture
def now():
    return NOW


@pytest.fixture
def at():
    """Return a function that gives a moment of local time."""
    return moment


@pytest.fixture
def plan(db):
    """The provincial plan of the pack, its duties in line with the version in force."""
    return Plan.objects.for_system("tests").order_by("order").first()


@pytest.fixture
def duty(people, plan):
    """Return a function that gives a duty of an account's organisation: of a measure, else the first it leads."""

    def find(account, measure="", **filters):
        rows = Assignment.objects.for_system("tests").filter(
            plan=plan, organisation=people(account).organisation_id, ended_at=None, **filters
        )
        if measure:
            return rows.get(measure_key=measure)
        return rows.filter(role=AssignmentRole.LEAD).order_by("measure_key").first() or rows.first()

    return find


@pytest.fixture
def targets_of(plan):
    """Return a function that gives the keys of a measure's targets, in the order of the text."""

    def find(measure):
        rows = targets_in_force(system("tests"))
        return list(rows.filter(version__plan=plan, measure__key=measure).values_list("key", flat=True))

    return find


@pytest.fixture
def open_round(plan):
    """Return a function that opens a round with an empty report for each duty in its scope."""

    def make(period="2026Q1", *, scope=RoundScope.LEADS, due_on=dt.date(2026, 4, 20), opened_at=NOW, in_plan=None):
        chosen = in_plan or plan
        opened = Round.objects.create(
            plan=chosen,
            period=period,
            period_end=Period.parse(period).end,
            scope=scope,
            due_on=due_on,
            opened_at=opened_at,
            opened_by="测试",
        )
        duties = Assignment.objects.for_system("tests").filter(plan=chosen, ended_at=None)
        if scope == RoundScope.LEADS:
            duties = duties.filter(role=AssignmentRole.LEAD)
        Report.objects.bulk_create(Report(round=opened, assignment=row) for row in duties)
        return opened

    return make


@pytest.fixture
def report_of(duty):
    """Return a function that gives an account's report: on a measure (else the first it leads), in the newest round."""

    def find(account, measure="", *, in_round=None):
        rows = Report.objects.for_system("tests").filter(assignment=duty(account, measure))
        rows = rows.filter(round=in_round) if in_round else rows.order_by("-round__period_end")
        return rows.select_related("round", "assignment").first()

    return find


@pytest.fixture
def claim():
    """Return a function that adds a claim to a report: by default one thing claimed at NOW for no target."""

    def make(report, name="示例未来技术创新中心", **fields):
        number = Claim.objects.for_system("tests").filter(report=report).aggregate(n=Max("number"))["n"] or 0
        given = {
            "item": "创新中心",
            "quantity": Decimal(1),
            "unit": "个",
            "state": ClaimState.CLAIMED,
            "claimed_at": NOW,
            "region": report.assignment.region,
            "happened_on": dt.date(2026, 3, 1),
            "target_key": "",
            **fields,
        }
        return Claim.objects.create(report=report, number=number + 1, name=name, **given)

    return make


@pytest.fixture
def mark():
    """Return a function that brings a report into a state at a moment, with the version that tells of it."""

    events = {
        ReportState.SUBMITTED: ReportEvent.SUBMITTED,
        ReportState.RETURNED: ReportEvent.RETURNED,
        ReportState.VERIFIED: ReportEvent.VERIFIED,
    }

    def make(report, state, *, when=NOW, standing="on_track", happened="本期完成建设方案。", reason=""):
        report.state, report.standing, report.happened = state, standing, happened
        if state == ReportState.SUBMITTED:
            report.submitted_at, report.submitted_by = when, "测试"
        else:
            report.submitted_at = report.submitted_at or when
            report.decided_at, report.decided_by, report.return_reason = when, "测试", reason
        report.save()
        number = report.versions.count() + 1
        ReportVersion.objects.create(
            report=report,
            number=number,
            event=events[state],
            at=when,
            by="测试",
            reason=reason,
            standing=standing,
            happened=happened,
        )
        return report

    return make


@pytest.fixture
def count(plan):
    """Return a function that verifies a claim as a result of its own, counting towards its target and others."""

    def make(made, *, when=NOW, also=()):
        result = Result.objects.create(
            code=f"T{made.pk:06}",
            counted_at=when,
            counted_by="测试",
            **{name: getattr(made, name) for name in ("item", "name", "region", "happened_on", "quantity", "unit")},
        )
        made.state, made.decided_at, made.decided_by, made.result = ClaimState.VERIFIED, when, "测试", result
        made.save()
        own = [(made.report.assignment.plan_id, made.target_key)] if made.target_key else []
        ResultCount.objects.bulk_create(
            ResultCount(result=result, plan_id=plan_id, target_key=key, counted_at=when)
            for plan_id, key in [*own, *also]
        )
        return result

    return make
