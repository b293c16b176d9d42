"""The overview: its numbers by hand, each leading to the very list, and the same few queries for any number of rows."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.domains.progress.filling import fill, from_zero
from xiandao.domains.plans.queries import plan_in_force
from xiandao.domains.progress.actions.targets_shares import propose_shares
from xiandao.domains.progress.models import AssignmentRole, Report, ReportState
from xiandao.domains.progress.queries.overview import overview

pytestmark = pytest.mark.django_db


@pytest.fixture
def seen(people, plan, at):
    def look(account="coordinator", when="2026-04-25", **options):
        actor = people(account)
        moment = at(when)
        return overview(actor, plan_in_force(actor, plan.code), now=moment, today=moment.date(), **options)

    return look


@pytest.fixture
def city_reports(people, open_round):
    opened = open_round()
    return Report.objects.for_system("tests").filter(
        round=opened, assignment__region=people("city").region, assignment__role=AssignmentRole.LEAD
    )


def test_without_a_round_everything_is_empty_and_says_so(seen, client_of):
    found = seen()
    assert (found.round, found.reports, found.late, found.waiting) == (None, 0, 0, 0)
    assert len(found.heat) == 13
    assert "还没有开启过填报期" in client_of("coordinator").get("/progress/").content.decode()


def test_what_is_owed_and_late_by_body_and_city(seen, city_reports, mark, people):
    every = Report.objects.for_system("tests").count()
    for report in city_reports[:2]:
        mark(report, ReportState.SUBMITTED, standing="blocked")
    mark(city_reports[2], ReportState.RETURNED, standing="blocked")
    found = seen()
    assert (found.reports, found.owing, found.late, found.blocked) == (every, every - 2, every - 2, 2)
    city = next(row for row in found.cities if row.code == people("city").region)
    total = city_reports.count()
    assert (city.reports, city.owing, city.late) == (total, total - 2, total - 2)
    assert sum(row.reports for row in found.departments) + sum(row.reports for row in found.cities) == every
    before_the_day = seen(when="2026-04-20")
    assert (before_the_day.owing, before_the_day.late) == (every - 2, 0)


def test_a_cell_takes_the_gravest_word_of_what_was_submitted(seen, city_reports, mark, people):
    measure = city_reports[0].assignment.measure_key
    mark(city_reports[0], ReportState.SUBMITTED, standing="at_risk")

    def cell(found):
        row = next(cells for region, cells in found.heat if region.code == people("city").region)
        return next(cell for each, cell in row if each.key == measure)

    assert (cell(seen()).code, cell(seen()).spoken) == ("at_risk", 1)
    mark(city_reports[0], ReportState.RETURNED, standing="blocked")
    assert (cell(seen()).code, cell(seen()).spoken) == ("", 0)


def test_targets_behind_and_unknown_and_shares_that_wait(seen, people, where, target, plan, at):
    assert len(seen().unknown) == len(seen().targets)
    from_zero(plan, at("2024-02-01"))
    assert seen().behind == []
    assert len(seen().unknown) == len(seen().targets), "nothing has been verified: still unknown, not zero"
    propose_shares(people("coordinator"), **where, shares={"320100": target.value}, now=at("2026-04-01"))
    assert seen().shares_waiting == 1


def test_a_viewer_sees_its_own_part(seen, city_reports, people):
    department, city, other = seen("department"), seen("city"), seen("department-other")
    assert city.reports == city_reports.count()
    assert [row.code for row in city.cities] == [people("city").region]
    assert 0 < department.reports < seen().reports
    assert other.reports < department.reports


def test_deadlines_stand_nearest_first(seen, city_reports, plan, at):
    from_zero(plan, at("2024-02-01"))
    days = [row.on for row in seen().deadlines]
    assert days == sorted(days)
    assert days[0] == dt.date(2026, 4, 20)
    assert days[-1] == dt.date(2026, 12, 31)


def test_every_number_leads_to_a_list_of_as_many_rows(client_of, city_reports, mark):
    mark(city_reports[0], ReportState.SUBMITTED, standing="blocked")
    mark(city_reports[1], ReportState.VERIFIED, standing="on_track")
    client = client_of("coordinator")
    page = client.get("/progress/").content.decode()
    links = re.findall(r'<a href="(/progress/standing/[^"]+)"><b[^>]*>(\d+)', page)
    assert len(links) == 4
    for url, number in links:
        listed = client.get(url.replace("&amp;", "&")).content.decode()
        assert f"共 {number} 条" in listed, url


def test_the_number_of_queries_does_not_depend_on_the_number_of_rows(client_of, plan, at):
    client = client_of("coordinator")
    counts = {}
    from_zero(plan, at("2024-02-01"))
    for period, claims in (("2025Q1", 1), ("2025Q2", 300), ("2025Q3", 2000)):
        fill(plan, [period], claims=claims)
        for url in ("/progress/", "/progress/targets/", "/progress/standing/", f"/progress/rollup/{plan.code}/"):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url).status_code == 200
            counts.setdefault(url, []).append(len(queries))
    for url, found in counts.items():
        # A round that has reports asks for their newest words once more than a round without.
        assert len(set(found)) == 1, counts
        assert found[0] <= (28 if "rollup" in url else 20), counts


def test_the_filler_counts_what_it_says(people, plan, at, target):
    fill(plan, ["2025Q4"], claims=500, last_is_open=False)
    found = overview(
        people("coordinator"),
        plan_in_force(people("coordinator"), plan.code),
        now=at("2026-03-01"),
        today=dt.date(2026, 3, 1),
    )
    assert found.states == {"verified": found.reports}
    assert all(
        status.counted.value is not None and status.counted.value >= Decimal(0)
        for each, status in found.targets
        if each.measure
    )
