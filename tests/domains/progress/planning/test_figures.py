"""Claimed, verified, counted: what each adds up, unknown against zero, parts, and any past moment told as it was."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xiandao.domains.orgs.viewer import PUBLIC
from xiandao.domains.plans.figures import countings
from xiandao.domains.plans.models import Plan, Target
from xiandao.domains.plans.queries import targets_in_force
from xiandao.domains.progress.figures import Part, city_lines, rows_url, statuses, tallies
from xiandao.domains.progress.figures.rows import WHOLE
from xiandao.domains.progress.models import AssignmentRole, ClaimState, Report, ReportState, ResultCount
from xiandao.domains.progress.queries.targets import cities_of
from xiandao.domains.progress.views.planning_rows import rows_behind
from xiandao.kernel import FigureKind

pytestmark = pytest.mark.django_db


def values(tally):
    return tally.claimed.value, tally.verified.value, tally.counted.value


@pytest.fixture
def tell(people, target):
    """Return a function that gives (claimed, verified, counted) of the target for an account as of a moment."""
    return lambda when, account="coordinator", part=WHOLE: values(
        tallies(people(account), [target], as_of=when, part=part)[target.pk]
    )


@pytest.fixture
def city_report(people, plan, target, open_round, now):
    """The report of the city on the target's measure, in a round that is open."""
    opened = open_round()
    return Report.objects.for_system("tests").get(
        round=opened,
        assignment__measure_key=target.measure.key,
        assignment__region=people("city").region,
        assignment__role=AssignmentRole.LEAD,
        assignment__subtask=None,
    )


def test_nobody_has_looked_so_everything_is_unknown(tell, city_report, now):
    assert tell(now) == (None, None, None)


def test_a_submitted_report_without_claims_is_zero_claimed_and_nothing_verified(tell, city_report, mark, now):
    mark(city_report, ReportState.SUBMITTED)
    assert tell(now) == (0, None, None)


def test_a_verified_report_without_claims_is_zero_counted(tell, city_report, mark, now):
    mark(city_report, ReportState.SUBMITTED)
    mark(city_report, ReportState.VERIFIED)
    assert tell(now) == (0, 0, 0)


def test_claimed_verified_and_counted_add_up_side_by_side(tell, city_report, mark, claim, count, target, now):
    claim(city_report, name="甲中心", target_key=target.key, quantity=Decimal(2))
    second = claim(city_report, name="乙中心", target_key=target.key, quantity=Decimal("1.5"))
    claim(city_report, name="与目标无关")
    mark(city_report, ReportState.SUBMITTED)
    count(second)
    mark(city_report, ReportState.VERIFIED)
    assert tell(now) == (Decimal("3.5"), Decimal("1.5"), Decimal("1.5"))


def test_what_was_rejected_or_withdrawn_counted_until_then(tell, city_report, mark, claim, target, at):
    mark(city_report, ReportState.SUBMITTED, when=at("2026-04-01"))
    for state in (ClaimState.REJECTED, ClaimState.WITHDRAWN):
        claim(
            city_report, name=state, target_key=target.key, state=state,
            claimed_at=at("2026-04-01"), decided_at=at("2026-04-05"),
        )  # fmt: skip
    assert tell(at("2026-03-31"))[0] is None
    assert tell(at("2026-04-04"))[0] == 2
    assert tell(at("2026-04-05"))[0] == 0


def test_a_voided_result_counted_until_it_was_voided(tell, city_report, mark, claim, count, target, at):
    mark(city_report, ReportState.VERIFIED, when=at("2026-04-02"))
    result = count(claim(city_report, target_key=target.key, claimed_at=at("2026-04-01")), when=at("2026-04-02"))
    ResultCount.objects.filter(result=result).update(void_at=at("2026-05-01"))
    assert tell(at("2026-04-01"))[2] is None
    assert tell(at("2026-04-30"))[2] == 1
    assert tell(at("2026-05-01"))[2] == 0


def test_a_result_claimed_by_two_counts_once(tell, city_report, mark, claim, count, target, now):
    result = count(claim(city_report, target_key=target.key))
    again = claim(city_report, name="同一中心", target_key=target.key)
    again.state, again.decided_at, again.result = ClaimState.VERIFIED, now, result
    again.save()
    mark(city_report, ReportState.VERIFIED)
    assert tell(now) == (2, 2, 1)


def test_each_viewer_sees_the_claims_of_its_own_scope_and_the_same_counted(
    tell, city_report, mark, claim, count, target, now
):
    count(claim(city_report, target_key=target.key))
    mark(city_report, ReportState.SUBMITTED)
    mark(city_report, ReportState.VERIFIED)
    assert tell(now, "department") == (1, 1, 1)
    assert tell(now, "city") == (1, 1, 1)
    assert tell(now, "city-other") == (0, 0, 1)


def test_the_parts_of_a_city_and_of_an_organisation(people, tell, city_report, mark, claim, count, target, now):
    county = city_report.assignment.region.children.first()
    count(claim(city_report, name="在县里", target_key=target.key, region=county))
    count(claim(city_report, name="不写所在地", target_key=target.key, region=None))
    mark(city_report, ReportState.SUBMITTED)
    mark(city_report, ReportState.VERIFIED)
    here = Part(region=people("city").region)
    assert tell(now, part=here) == (2, 2, 1)
    assert tell(now, part=Part(region=people("city-other").region)) == (None, None, None)
    assert tell(now, part=Part(organisation=city_report.assignment.organisation_id)) == (2, 2, 2)
    assert tell(now) == (2, 2, 2)


def test_city_lines_say_the_same_as_the_parts(people, city_report, mark, claim, count, target, now, plan):
    count(claim(city_report, name="甲", target_key=target.key))
    claim(city_report, name="乙", target_key=target.key, region=None)
    mark(city_report, ReportState.SUBMITTED)
    mark(city_report, ReportState.VERIFIED)
    actor, regions = people("coordinator"), list(cities_of(target.version))
    lines = city_lines(actor, target, regions, as_of=now)
    parts = [tallies(actor, [target], as_of=now, part=Part(region=r.code))[target.pk] for r in regions]
    assert [values(line.tally) for line in lines] == [values(part) for part in parts]
    assert values(lines[0].tally) == (2, 1, 1)
    assert lines[0].attained is None, "without a confirmed share nothing is attained of it"


def test_every_number_leads_to_its_very_rows(people, client_of, city_report, mark, claim, count, target, now):
    count(claim(city_report, name="甲中心", target_key=target.key))
    claim(city_report, name="乙中心", target_key=target.key)
    mark(city_report, ReportState.SUBMITTED)
    mark(city_report, ReportState.VERIFIED)
    tally = tallies(people("coordinator"), [target], as_of=now)[target.pk]
    for figure, names in (
        (tally.claimed, {"甲中心", "乙中心"}),
        (tally.verified, {"甲中心"}),
        (tally.counted, {"甲中心"}),
    ):
        rows = rows_behind(people("coordinator"), target, figure.kind, as_of=now, part=Part())
        assert {row.name for row in rows} == names
        assert figure.rows.count == len(names)
        page = client_of("coordinator").get(rows_url(figure))
        assert page.status_code == 200
        text = page.content.decode()
        assert all(name in text for name in names)
        assert client_of("").get(rows_url(figure)).status_code == 404


def test_a_target_outside_all_measures_is_known_through_the_one_it_shares_results_with(
    people, now, plan, open_round, mark, target
):
    shared = Target.objects.for_system("tests").get(version__plan__code="js-sci-5x100", key="H2")
    assert countings([shared], as_of=now)[shared.pk].counted.value is None
    opened = open_round()
    source = Target.objects.for_system("tests").get(version__plan=plan, key="T09-2")
    report = Report.objects.for_system("tests").filter(round=opened, assignment__measure_key=source.measure.key).first()
    mark(report, ReportState.VERIFIED)
    assert countings([shared], as_of=now)[shared.pk].counted.value == 0


@pytest.mark.parametrize("kind", ["ratio", "growth", "rank"])
def test_what_is_no_sum_of_results_stays_unknown_and_says_why(
    people, target, city_report, mark, claim, count, now, kind
):
    count(claim(city_report, target_key=target.key))
    mark(city_report, ReportState.VERIFIED)
    Target.objects.for_system("tests").filter(pk=target.pk).update(kind=kind)
    changed = Target.objects.for_system("tests").get(pk=target.pk)
    assert values(tallies(people("coordinator"), [changed], as_of=now)[target.pk]) == (None, None, None)
    status = statuses([changed], as_of=now)[target.pk]
    assert (status.state, status.share, status.score) == ("unknown", None, None)
    assert "不能由成果累加" in status.sentence


def test_a_range_and_a_missing_number_say_why_there_is_no_status(target, now):
    Target.objects.for_system("tests").filter(pk=target.pk).update(value=None, low=10, high=20)
    ranged = Target.objects.for_system("tests").get(pk=target.pk)
    assert "区间" in statuses([ranged], as_of=now)[target.pk].sentence
    Target.objects.for_system("tests").filter(pk=target.pk).update(low=None, high=None)
    missing = Target.objects.for_system("tests").get(pk=target.pk)
    assert "没有写明目标值" in statuses([missing], as_of=now)[target.pk].sentence


def test_the_number_of_queries_is_the_same_for_any_number_of_targets(people, now):
    actor = people("coordinator")
    every = list(targets_in_force(actor))
    seen = {}
    for size in (1, 3, len(every)):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            tallies(actor, every[:size], as_of=now)
            statuses(every[:size], as_of=now, series=True)
        seen[size] = len(queries)
    headline = [row for row in every if row.measure is None]
    assert seen[1] == seen[3], seen
    assert seen[len(every)] <= seen[1] + (4 if headline else 0), seen


STEPS = st.lists(
    st.tuples(st.integers(1, 9), st.integers(1, 40), st.sampled_from(["keep", "reject", "verify", "void"])),
    min_size=1,
    max_size=6,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, later=STEPS, asked=st.integers(0, 60))
def test_a_past_moment_is_told_the_same_whatever_comes_later(
    people, city_report, mark, claim, count, target, at, steps, later, asked
):
    """Rows that arrive after a moment (claimed, decided, counted, voided later) change no number of that moment."""
    start = at("2026-04-01")

    def play(moves, since):
        for quantity, days, fate in moves:
            claimed_at = start + dt.timedelta(days=since + days)
            made = claim(
                city_report,
                name=f"{since}-{quantity}-{days}",
                target_key=target.key,
                quantity=Decimal(quantity),
                claimed_at=claimed_at,
            )
            decided = claimed_at + dt.timedelta(days=3)
            if fate == "reject":
                made.state, made.decided_at = ClaimState.REJECTED, decided
                made.save()
            elif fate in ("verify", "void"):
                result = count(made, when=decided)
                if fate == "void":
                    ResultCount.objects.filter(result=result).update(void_at=decided + dt.timedelta(days=5))

    moment = start + dt.timedelta(days=asked)
    actor = people("coordinator")
    with transaction.atomic():
        mark(city_report, ReportState.SUBMITTED, when=start)
        mark(city_report, ReportState.VERIFIED, when=start + dt.timedelta(days=1))
        play(steps, 0)
        before = tallies(actor, [target], as_of=moment)[target.pk]
        judged = statuses([target], as_of=moment, series=True)[target.pk]
        play(later, asked)  # everything later begins after the moment asked for
        mark(city_report, ReportState.RETURNED, when=moment + dt.timedelta(days=1))
        after = tallies(actor, [target], as_of=moment)[target.pk]
        again = statuses([target], as_of=moment, series=True)[target.pk]
        assert values(after) == values(before)
        assert after == before
        assert (again.state, again.observations, again.attainment) == (
            judged.state,
            judged.observations,
            judged.attainment,
        )
        transaction.set_rollback(True)


def test_the_public_sees_counted_and_status_only(client_of, target, city_report, mark, claim, count, now):
    count(claim(city_report, name="秘密中心", target_key=target.key))
    mark(city_report, ReportState.SUBMITTED)
    mark(city_report, ReportState.VERIFIED)
    url = f"/plans/{target.version.plan.code}/targets/{target.key}/"
    text = client_of("").get(url).content.decode()
    assert "秘密中心" not in text
    assert "已申报" not in text
    assert "登录后查看" in text
    working = client_of("coordinator").get(url).content.decode()
    assert "已申报" in working
    for account, seen in (("", False), ("applicant", False), ("coordinator", True), ("city", True)):
        answer = client_of(account).get(f"/api/v1/plans/{target.version.plan.code}/targets").json()
        row = next(row for row in answer if row["key"] == target.key)
        assert row["counted"]["value"] == "1"
        assert row["status"]["state"] == "unknown"
        assert (row["claimed"] is not None) is seen
        assert (row["verified"] is not None) is seen


def test_counted_is_the_same_for_everybody(target, now):
    assert countings([target], as_of=now)[target.pk].counted.kind == FigureKind.COUNTED
    assert Plan.objects.visible_to(PUBLIC).exists()


def test_claims_towards_one_target_serve_the_other_of_the_very_same_results(
    people, plan, open_round, mark, claim, count, now
):
    source = Target.objects.for_system("tests").get(version__plan=plan, key="T09-2")
    shared = Target.objects.for_system("tests").get(version__plan__code="js-sci-5x100", key="H2")
    report = (
        Report.objects.for_system("tests")
        .filter(round=open_round(), assignment__measure_key=source.measure.key, assignment__region="320100")
        .first()
    )
    other = (shared.version.plan_id, "H2")
    count(claim(report, name="示范企业甲", target_key="T09-2"), also=[other])
    claim(report, name="示范企业乙", target_key="T09-2")
    mark(report, ReportState.SUBMITTED)
    mark(report, ReportState.VERIFIED)
    found = tallies(people("coordinator"), [source, shared], as_of=now)
    assert values(found[source.pk]) == values(found[shared.pk]) == (2, 1, 1)
    rows = rows_behind(people("coordinator"), shared, FigureKind.SELF_REPORTED, as_of=now, part=Part())
    assert rows.count() == found[shared.pk].claimed.rows.count == 2
    lines = city_lines(people("coordinator"), shared, list(cities_of(shared.version)), as_of=now)
    assert lines[0].tally.claimed.value == 2
