"""A list page issues the same number of queries for 1, 3 and 1,000 rows."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from xiandao.domains.orgs.models import Organisation
from xiandao.domains.plans.models import Action, Duty, Measure, Plan, PlanVersion, Target

pytestmark = pytest.mark.django_db


def make_plan(rows: int) -> Plan:
    """Make a plan with one action and `rows` measures, each with a lead, a helper and a target."""
    plan = Plan.objects.create(code=f"p{rows}", name="试", region_id="320000", order=rows)
    version = PlanVersion.objects.create(
        plan=plan,
        number=1,
        state="published",
        published_at=dt.datetime.now(dt.UTC),
        published_by="t",
        content_sha256="0",
    )
    action = Action.objects.create(version=version, key="A1", order=1, no="一", name="行动")
    bodies = list(Organisation.objects.order_by("order")[:2])
    measures = Measure.objects.bulk_create(
        Measure(version=version, action=action, key=f"M{n}", order=n, no=str(n), name=f"任务{n}", cities=True)
        for n in range(rows)
    )
    Duty.objects.bulk_create(
        Duty(version=version, measure=m, organisation=body, printed=body.name, role=role, order=place)
        for m in measures
        for place, (body, role) in enumerate(zip(bodies, ("lead", "with"), strict=True))
    )
    Target.objects.bulk_create(
        Target(
            version=version,
            measure=m,
            key=f"T{n}",
            order=n,
            value=n,
            unit="个",
            comparator="=",
            name=f"目标{n}",
            kind="count",
        )
        for n, m in enumerate(measures)
    )
    return plan


PAGES = {
    "plan": "/plans/{code}/",
    "targets": "/plans/targets/?plan={pk}",
    "measures": "/plans/measures/?plan={pk}",
    "city": "/cities/320500/?plan={code}",
    "action": "/plans/{code}/actions/A1/",
    "measure": "/plans/{code}/measures/M0/",
    "search": "/search/?q=任务",
    "api plan": "/api/v1/plans/{code}",
    "api targets": "/api/v1/plans/{code}/targets",
    "excel": "/plans/targets/?plan={pk}&export=xlsx",
    "plans": "/plans/",
    "organisation": "/organisations/js-drc/",
}


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_the_number_of_queries_does_not_grow_with_the_rows(client_of, page):
    client = client_of("coordinator")
    counts = {}
    for rows in (1, 3, 1000):
        plan = make_plan(rows)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(page.format(code=plan.code, pk=plan.pk)).status_code == 200
        counts[rows] = len(queries)
    assert len(set(counts.values())) == 1, counts
    assert counts[1] <= 22  # a city page shows the plan, progress and enterprises
