"""The roll-up: bounded, blind to the unknown, unchanged by a split; words never become numbers."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiandao.domains.orgs.models import Organisation
from xiandao.domains.plans.models import Measure
from xiandao.domains.plans.queries import plan_in_force
from xiandao.domains.progress.actions.subtasks import Part, split_measure, withdraw_split
from xiandao.domains.progress.actions.targets import set_baseline
from xiandao.domains.progress.actions.targets_shares import confirm_shares, propose_shares
from xiandao.domains.progress.models import AssignmentRole, BaselineKind, Report, ReportState
from xiandao.domains.progress.queries.rollup import line, measure_mean, roll_up_plan

SCORES = st.lists(st.lists(st.none() | st.floats(0, 1), max_size=4), max_size=6)


@given(scores=SCORES)
def test_the_mean_is_bounded_and_known_share_too(scores):
    score, known = measure_mean(scores)
    numbers = [each for targets in scores for each in targets if each is not None]
    assert 0 <= known <= 1
    assert (score is None) == (not numbers)
    if numbers:
        assert min(numbers) - 1e-12 <= score <= max(numbers) + 1e-12


@given(scores=SCORES, where=st.integers(0, 5))
def test_an_unknown_neither_raises_nor_lowers(scores, where):
    score, known = measure_mean(scores)
    # A measure of which nothing is known, and an unknown target beside known ones.
    assert measure_mean([*scores, [None]])[0] == pytest.approx(score)
    if scores and scores[where % len(scores)]:
        more = [[*each, None] if place == where % len(scores) else each for place, each in enumerate(scores)]
        again, less = measure_mean(more)
        assert again == pytest.approx(score)
        assert less <= known + 1e-12


@given(scores=SCORES)
def test_a_measure_without_numbers_counts_for_nothing(scores):
    assert measure_mean([*scores, []]) == measure_mean(scores)


def test_the_mean_by_hand():
    # Measures 0.5 (of 0.2 and 0.8), 1.0, unknown: mean of the two known is 0.75, known are two of three measures.
    assert measure_mean([[0.2, 0.8], [1.0], [None]]) == (pytest.approx(0.75), pytest.approx(2 / 3))


def test_a_line_adds_up_distributions_to_the_number_of_measures():
    made = line(
        "a", "甲", ["M1", "M2", "M3"], {"M1": [0.5]}, {"M1": {"done": 1.0}, "M2": {"blocked": 0.5, "on_track": 0.5}}
    )
    assert made.distribution == {"done": 1.0, "blocked": 0.5, "on_track": 0.5, "": 1.0}
    assert (made.measures, made.with_numbers, made.score, made.known_share) == (3, 1, 0.5, 1.0)


pytestmark = pytest.mark.django_db


@pytest.fixture
def rolled(people, plan):
    return lambda when, account="coordinator": roll_up_plan(
        people(account), plan_in_force(people(account), plan.code), as_of=when
    )


@pytest.fixture
def half(people, where, target, plan, open_round, mark, claim, count, at):
    """Half of the target counted in the first city, the lead department's own report verified as at risk."""
    set_baseline(
        people("coordinator"), **where, kind=BaselineKind.FROM_ZERO, as_of=dt.date(2024, 1, 1), source="方案口径",
        now=at("2024-02-01"),
    )  # fmt: skip
    opened = open_round("2026Q1", opened_at=at("2026-04-01"))
    reports = Report.objects.for_system("tests").filter(
        round=opened, assignment__measure_key=target.measure.key, assignment__role=AssignmentRole.LEAD
    )
    city = reports.get(assignment__region=people("city").region)
    count(
        claim(city, target_key=target.key, quantity=target.value / 2, claimed_at=at("2026-04-02")),
        when=at("2026-04-03"),
    )
    mark(city, ReportState.VERIFIED, when=at("2026-04-03"), standing="on_track")
    own = reports.get(assignment__organisation=people("department").organisation_id)
    mark(own, ReportState.SUBMITTED, when=at("2026-04-03"), standing="at_risk")
    return opened


def by_code(lines):
    return {each.code: each for each in lines}


def test_scores_by_action_and_department(rolled, half, target, people, at):
    found = rolled(at("2026-04-10"))
    assert found.whole.score == pytest.approx(0.5)
    assert by_code(found.actions)[target.measure.action.key].score == pytest.approx(0.5)
    assert by_code(found.departments)[people("department").organisation_code].score == pytest.approx(0.5)
    others = [each for each in found.actions if each.code != target.measure.action.key]
    assert {each.score for each in others} == {None}
    assert found.whole.distribution["at_risk"] == pytest.approx(1.0)


def test_a_past_day_is_told_as_it_was(rolled, half, at):
    before = rolled(at("2026-04-02"))
    assert (before.whole.score, before.whole.known_share) == (None, 0.0)
    assert set(before.whole.distribution) == {""}


def test_a_city_is_measured_by_its_confirmed_share_only(rolled, half, people, where, target, at):
    code = people("city").region
    share = propose_shares(people("coordinator"), **where, shares={code: target.value}, now=at("2026-04-04"))
    assert by_code(rolled(at("2026-04-05")).cities)[code].score is None
    confirm_shares(people("department"), pk=share.pk, now=at("2026-04-06"))
    line_of = by_code(rolled(at("2026-04-07")).cities)
    assert line_of[code].score == pytest.approx(0.5)
    assert line_of[people("city-other").region].score is None
    assert line_of[code].distribution["on_track"] == pytest.approx(1.0)


def test_an_industry_takes_the_measures_that_name_it(rolled, half, target, at):
    Measure.objects.for_system("tests").filter(pk=target.measure.pk).update(text="推进氢能示范应用。")
    found = by_code(rolled(at("2026-04-10")).industries)
    assert found["hydrogen"].score == pytest.approx(0.5)


def test_splitting_a_measure_changes_no_score_and_taking_it_back_neither(rolled, half, target, plan, people, at):
    def scores(found):
        groups = (found.actions, found.departments, found.cities, found.industries)
        return [(each.code, each.score, each.known_share) for lines in groups for each in lines]

    before = rolled(at("2026-04-10"))
    lead = Organisation.objects.get(pk=people("department").organisation_id)
    split_measure(
        people("coordinator"), plan=plan.code, measure=target.measure.key,
        parts=[Part("一", Decimal(1), lead), Part("二", Decimal(3), lead)], now=at("2026-04-11"),
    )  # fmt: skip
    after = rolled(at("2026-04-12"))
    assert scores(after) == scores(before)
    # Nobody has reported on the parts yet: the measure's one whole is now unreported, and still one whole.
    assert sum(after.whole.distribution.values()) == pytest.approx(sum(before.whole.distribution.values()))
    withdraw_split(
        people("coordinator"), plan=plan.code, measure=target.measure.key, reason="合并", now=at("2026-04-20")
    )
    assert scores(rolled(at("2026-04-21"))) == scores(before)
    assert rolled(at("2026-04-12")).whole.distribution == after.whole.distribution


def test_parts_share_the_measure_by_weight(rolled, half, target, plan, people, mark, at):
    lead = Organisation.objects.get(pk=people("department").organisation_id)
    parts = split_measure(
        people("coordinator"), plan=plan.code, measure=target.measure.key,
        parts=[Part("一", Decimal(1), lead), Part("二", Decimal(3), lead)], now=at("2026-04-11"),
    )  # fmt: skip
    report = Report.objects.create(round=half, assignment=parts[1].assignments.for_system("tests").get())
    mark(report, ReportState.SUBMITTED, when=at("2026-04-12"), standing="done")
    found = rolled(at("2026-04-13")).whole.distribution
    assert found["done"] == pytest.approx(0.75)
    assert "at_risk" not in found


def test_what_was_sent_back_is_nobodys_word(rolled, half, people, target, mark, at):
    own = Report.objects.for_system("tests").get(
        round=half,
        assignment__measure_key=target.measure.key,
        assignment__organisation=people("department").organisation_id,
    )
    mark(own, ReportState.RETURNED, when=at("2026-04-08"), standing="at_risk")
    assert rolled(at("2026-04-07")).whole.distribution["at_risk"] == pytest.approx(1.0)
    assert "at_risk" not in rolled(at("2026-04-09")).whole.distribution
