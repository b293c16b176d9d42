"""Where a target stands: baseline, path, tolerance, projection, past 100 per cent. Expected numbers by hand."""

import datetime as dt
from decimal import Decimal

import pytest

from xiandao.domains.progress.actions.targets import set_baseline, set_path
from xiandao.domains.progress.figures import statuses
from xiandao.domains.progress.models import AssignmentRole, BaselineKind, Report, ReportState

pytestmark = pytest.mark.django_db


@pytest.fixture
def from_zero(people, where, at):
    set_baseline(
        people("coordinator"), **where, kind=BaselineKind.FROM_ZERO, as_of=dt.date(2024, 1, 1), source="方案口径",
        now=at("2024-02-01"),
    )  # fmt: skip


@pytest.fixture
def counted(people, target, open_round, mark, claim, count, at):
    """Return a function that has a city's report of a period verified, with a quantity counted."""

    def make(period, quantity, when):
        opened = open_round(period, opened_at=at(when))
        report = Report.objects.for_system("tests").get(
            round=opened, assignment__measure_key=target.measure.key, assignment__region=people("city").region,
            assignment__role=AssignmentRole.LEAD,
        )  # fmt: skip
        if quantity:
            count(
                claim(report, name=period, target_key=target.key, quantity=Decimal(quantity), claimed_at=at(when)),
                when=at(when),
            )
        mark(report, ReportState.SUBMITTED, when=at(when))
        return mark(report, ReportState.VERIFIED, when=at(when))

    return make


def judged(target, when, **options):
    return statuses([target], as_of=when, **options)[target.pk]


def test_without_a_baseline_nothing_is_expected_and_it_says_so(target, counted, at):
    counted("2026Q1", 10, "2026-04-10")
    found = judged(target, at("2026-04-11"))
    assert (found.state, found.attainment.expected) == ("unknown", None)
    assert "没有登记基数" in found.sentence
    assert found.counted.value == 10


def test_the_straight_line_from_zero(target, from_zero, counted, at):
    # From 2024-01-01 to 2026-12-31 are 1095 days; 2025-07-02 is day 548: half of the way, 548/1095.
    expected = target.value * 548 / 1095
    counted("2025H1", int(expected) + 1, "2025-07-01")
    found = judged(target, at("2025-07-02"))
    assert found.attainment.expected == expected
    assert found.state == "on_path"


def test_within_the_tolerance_of_the_way_it_is_slightly_behind_beyond_it_behind(target, from_zero, counted, at):
    # The pack's tolerance is a tenth of the way; expected is about half of the target on 2025-07-02.
    half = target.value / 2
    counted("2025H1", half - target.value / 20, "2025-07-01")
    assert judged(target, at("2025-07-02")).state == "slightly_behind"
    assert judged(target, at("2025-12-31")).state == "behind"


def test_a_measured_baseline_is_part_of_the_number(people, where, target, counted, at):
    set_baseline(
        people("coordinator"), **where, kind=BaselineKind.MEASURED, value=target.value / 2, as_of=dt.date(2024, 1, 1),
        source="统计公报", now=at("2024-02-01"),
    )  # fmt: skip
    counted("2026Q1", target.value / 2, "2026-04-10")
    found = judged(target, at("2026-04-11"))
    assert (found.state, found.counted.value, found.attainment.actual) == ("met", target.value / 2, target.value)


def test_a_path_is_judged_by_its_points_and_the_past_by_the_path_of_its_time(
    people, where, target, from_zero, counted, at
):
    counted("2025Q4", 5, "2026-01-10")
    points = [(dt.date(2025, 12, 31), Decimal(4)), (dt.date(2026, 12, 31), target.value)]
    set_path(people("coordinator"), **where, points=points, now=at("2026-01-20"))
    assert judged(target, at("2026-01-19")).state == "behind"
    assert judged(target, at("2026-01-20")).attainment.expected == 4 + (target.value - 4) * 20 / 365


def test_more_than_the_target_says_so(client_of, target, from_zero, counted, at):
    counted("2026Q1", target.value + 5, "2026-04-10")
    found = judged(target, at("2026-04-11"))
    assert (found.state, found.attainment.over, found.score) == ("met", True, 1.0)
    assert found.share == pytest.approx(float((target.value + 5) / target.value))
    text = client_of("department").get(f"/plans/{target.version.plan.code}/targets/{target.key}/").content.decode()
    assert "已超过目标值" in text
    assert "超过 100%" in text


def test_a_projection_takes_four_verified_periods(target, from_zero, counted, at):
    for number, period in enumerate(("2025Q1", "2025Q2", "2025Q3")):
        counted(period, 2, f"2025-{4 + 3 * number:02}-10")
    found = judged(target, at("2025-10-11"), series=True)
    assert found.attainment.projection is None
    assert "不足四期" in found.projection_note
    counted("2025Q4", 2, "2026-01-10")
    found = judged(target, at("2026-01-11"), series=True)
    assert [(seen.on.isoformat(), seen.value) for seen in found.observations] == [
        ("2025-03-31", 2), ("2025-06-30", 4), ("2025-09-30", 6), ("2025-12-31", 8),
    ]  # fmt: skip
    # 2 a quarter: four more quarters until the end of 2026 lead to 16.
    assert found.attainment.projection.value == pytest.approx(16.0, abs=0.1)
    low, high = found.attainment.projection.interval80
    assert low <= found.attainment.projection.value <= high


def test_a_period_reported_late_belongs_to_its_own_end_and_a_verified_one_without_results_is_a_point(
    target, from_zero, counted, at
):
    counted("2025Q2", 3, "2025-07-10")
    counted("2025Q3", 0, "2025-10-10")
    counted("2025Q1", 4, "2025-11-01")
    found = judged(target, at("2025-11-02"), series=True)
    assert [(seen.on.isoformat(), seen.value) for seen in found.observations] == [
        ("2025-03-31", 4), ("2025-06-30", 7), ("2025-09-30", 7),
    ]  # fmt: skip


def test_a_period_that_has_not_ended_counts_up_to_the_day_asked_for(target, from_zero, counted, at):
    counted("2026Q2", 6, "2026-05-10")
    found = judged(target, at("2026-05-20"), series=True)
    assert [(seen.on.isoformat(), seen.value) for seen in found.observations] == [("2026-05-20", 6)]


def test_before_the_baseline_was_recorded_the_target_was_unknown(people, where, target, counted, at):
    counted("2025Q4", 5, "2026-01-10")
    set_baseline(
        people("coordinator"), **where, kind=BaselineKind.FROM_ZERO, as_of=dt.date(2024, 1, 1), source="方案口径",
        now=at("2026-02-01"),
    )  # fmt: skip
    assert judged(target, at("2026-01-31")).state == "unknown"
    assert judged(target, at("2026-02-01")).state == "behind"


def test_a_path_that_no_longer_fits_the_plan_is_said_and_not_guessed(people, where, target, from_zero, counted, at):
    points = [(dt.date(2025, 12, 31), Decimal(4)), (dt.date(2026, 12, 31), target.value)]
    set_path(people("coordinator"), **where, points=points, now=at("2026-01-20"))
    type(target).objects.for_system("tests").filter(pk=target.pk).update(value=target.value + 1)
    changed = type(target).objects.for_system("tests").get(pk=target.pk)
    found = judged(changed, at("2026-02-01"))
    assert found.state == "unknown"
    assert "与现行方案的目标不符" in found.sentence
