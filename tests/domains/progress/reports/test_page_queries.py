"""As many queries for a thousand rows as for one."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from xiandao.domains.orgs.models import Organisation
from xiandao.domains.progress.models import Assignment, Claim, Report, Result, Round

pytestmark = pytest.mark.django_db

PAGES = {
    "duties": "/progress/duties/",
    "rounds": "/progress/rounds/",
    "round": "/progress/rounds/{round}/",
    "reports": "/progress/reports/",
    "waiting": "/progress/verification/",
    "claims": "/progress/claims/",
    "results": "/progress/results/",
    "duty": "/progress/duties/{duty}/",
    "report": "/progress/reports/{report}/",
    "claims excel": "/progress/claims/?export=xlsx",
    "api reports": "/api/v1/progress/reports?limit=500",
    "api claims": "/api/v1/progress/claims?limit=500",
    "api results": "/api/v1/progress/results?limit=500",
    "api duties": "/api/v1/progress/duties?limit=500",
}


def grow(plan, opened, rows, at):
    """Add `rows` duties of invented bodies, each with a submitted report, a claim and a result."""
    start = Organisation.objects.count()
    bodies = Organisation.objects.bulk_create(
        Organisation(code=f"g{start}-{n}", name=f"单位{n}", kind="government", region_id="320100") for n in range(rows)
    )
    duties = Assignment.objects.bulk_create(
        Assignment(
            plan=plan, measure_key="M06", organisation=body, region_id="320100", role="lead", origin="counterpart",
            started_at=at,
        )
        for body in bodies
    )  # fmt: skip
    reports = Report.objects.bulk_create(
        Report(round=opened, assignment=duty, state="submitted", standing="done", submitted_at=at) for duty in duties
    )
    results = Result.objects.bulk_create(
        Result(code=f"G{start}-{n}", name=f"成果{n}", item="场景", counted_at=at, region_id="320100")
        for n in range(rows)
    )
    Claim.objects.bulk_create(
        Claim(
            report=report, number=1, name="成果", item="场景", state="claimed", claimed_at=at, result=result,
            region_id="320100", target_key="T06-1",
        )
        for report, result in zip(reports, results, strict=True)
    )  # fmt: skip
    return duties[0], reports[0]


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_the_number_of_queries_does_not_grow_with_the_rows(client_of, plan, at, page):
    client = client_of("coordinator")
    when = at("2026-04-10")
    opened = Round.objects.create(
        plan=plan, period="2026Q1", period_end=dt.date(2026, 3, 31), due_on=dt.date(2026, 4, 20), opened_at=when
    )
    counts = {}
    for rows in (1, 3, 1000):
        duty, report = grow(plan, opened, rows, when)
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(page.format(round=opened.pk, duty=duty.pk, report=report.pk))
            assert answer.status_code == 200
        counts[rows] = len(queries)
    assert len(set(counts.values())) == 1, counts
    assert counts[1] <= 45, counts


def test_the_form_of_a_report_asks_as_many_queries_for_many_claims_as_for_one(client_of, report, save):
    client = client_of("city")
    counts = {}
    for rows in (1, 3, 60):
        save(report, {f"new-{rows}-{n}": {"name": f"场景{rows}-{n}"} for n in range(rows)}, happened=f"{rows}")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/progress/reports/{report.pk}/").status_code == 200
        counts[rows] = len(queries)
    assert len(set(counts.values())) == 1, counts
    assert counts[1] <= 45, counts
