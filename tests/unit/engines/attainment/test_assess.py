from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from xiandao.engines.attainment import Goal, Observation, PathKind, Reason, State, assess, expectation
from xiandao.kernel import Comparator, InvalidValue

START, HALF, END = date(2024, 12, 31), date(2025, 12, 31), date(2026, 12, 31)  # 365 days to half-time, 730 to the end
HUNDRED = Goal(Decimal(100), START, END, path_kind=PathKind.FROM_ZERO)
INTENSITY = Goal(Decimal("3.5"), START, END, baseline=Decimal("3.1"), cumulative=False)
FIVE = Decimal("0.05")


def at(goal, value, as_of=HALF, on=None, **more):
    observations = [] if value is None else [Observation(on or as_of, Decimal(value))]
    return assess(goal, observations, as_of, **{"tolerance": FIVE, **more})


@pytest.mark.parametrize(
    ("value", "state", "share", "gap"),
    [
        ("50", State.ON_PATH, 0.5, "50"),
        ("45", State.SLIGHTLY_BEHIND, 0.45, "55"),
        ("44.9", State.BEHIND, 0.449, "55.1"),
        ("0", State.BEHIND, 0.0, "100"),
        ("100", State.MET, 1.0, "0"),
        ("130", State.MET, 1.3, "-30"),
    ],
)
def test_state_share_and_gap_at_half_time(value, state, share, gap):
    found = at(HUNDRED, value)
    assert (found.expected, found.state, found.gap) == (Decimal(50), state, Decimal(gap))
    assert found.share == pytest.approx(share)
    assert found.over == (share > 1)


def test_score_is_capped_where_the_share_is_not():
    assert (at(HUNDRED, "130").share, at(HUNDRED, "130").score) == (1.3, 1.0)


def test_nothing_observed_is_unknown_and_never_zero():
    found = at(HUNDRED, None)
    assert found.state is State.UNKNOWN
    assert found.reasons == (Reason.NO_OBSERVATION, Reason.FEW_POINTS)
    assert (found.actual, found.share, found.gap, found.pace, found.score) == (None, None, None, None, None)


def test_zero_is_a_number():
    assert at(HUNDRED, "0").score == 0.0


def test_a_newer_return_without_number_leaves_the_last_known_one():
    seen = [Observation(date(2025, 9, 30), Decimal(40)), Observation(HALF, None)]
    found = assess(HUNDRED, seen, HALF, tolerance=FIVE)
    assert (found.actual, found.actual_on) == (Decimal(40), date(2025, 9, 30))
    assert Reason.LATEST_UNKNOWN in found.reasons


def test_later_observations_are_not_seen():
    seen = [Observation(HALF, Decimal(40)), Observation(date(2026, 3, 31), Decimal(90))]
    assert assess(HUNDRED, seen, HALF, tolerance=FIVE).actual == Decimal(40)


def test_target_without_number_is_unknown():
    found = at(Goal(None, START, END), "50")
    assert (found.state, found.aim, found.actual, found.score) == (State.UNKNOWN, None, Decimal(50), None)
    assert Reason.NO_TARGET in found.reasons


def test_unknown_baseline_gives_no_path_but_a_share():
    found = at(replace(HUNDRED, path_kind=PathKind.LINEAR), "50")
    assert (found.state, found.expected, found.share) == (State.UNKNOWN, None, 0.5)
    assert Reason.NO_BASELINE in found.reasons


def test_met_needs_no_path():
    assert at(replace(HUNDRED, path_kind=PathKind.LINEAR), "100").state is State.MET


def test_before_the_start():
    found = at(HUNDRED, "5", as_of=date(2024, 12, 1))
    assert (found.state, found.expected) == (State.NOT_STARTED, None)


@pytest.mark.parametrize(("value", "state"), [("99", State.BEHIND), ("100", State.MET)])
def test_from_the_end_on_nothing_lies_between_met_and_behind(value, state):
    found = at(HUNDRED, value, as_of=END)
    assert (found.state, found.reasons, found.pace_needed) == (state, (Reason.ENDED,), None)


def test_pace_so_far_and_pace_needed_per_mean_month():
    found = at(HUNDRED, "30")
    assert found.pace == pytest.approx(30 / 365 * 30.436875)
    assert found.pace_needed == pytest.approx(70 / 365 * 30.436875)


def test_pace_from_the_first_number_where_the_origin_is_unknown():
    seen = [Observation(date(2025, 9, 30), Decimal(30)), Observation(date(2025, 12, 31), Decimal(40))]  # 92 days
    found = assess(replace(HUNDRED, path_kind=PathKind.LINEAR), seen, HALF, tolerance=FIVE)
    assert found.pace == pytest.approx(10 / 92 * 30.436875)


def test_yearly_points_are_joined_by_straight_lines():
    goal = replace(HUNDRED, path=((HALF, Decimal(20)),))
    assert expectation(goal, HALF) == 20
    assert expectation(goal, date(2026, 3, 14)) == 20 + Decimal(80) * 73 / 365  # a fifth of the second year
    assert at(goal, "20").state is State.ON_PATH


def test_path_without_baseline_expects_nothing_before_its_first_point():
    goal = replace(HUNDRED, path_kind=PathKind.LINEAR, path=((HALF, Decimal(20)),))
    early = at(goal, "1", as_of=date(2025, 6, 30))
    assert (early.state, early.expected) == (State.UNKNOWN, None)
    assert Reason.BEFORE_FIRST_POINT in early.reasons
    assert at(goal, "20").state is State.ON_PATH


def test_stepped_path_holds_its_last_point():
    goal = Goal(
        Decimal(8), START, END, Comparator.LE, path=((HALF, Decimal(10)),), path_kind=PathKind.STEPS, cumulative=False
    )
    assert [expectation(goal, day) for day in (date(2025, 6, 1), HALF, date(2026, 12, 30), END)] == [None, 10, 10, 8]
    assert at(goal, "10", as_of=date(2026, 6, 1)).state is State.ON_PATH
    assert at(goal, "11", as_of=date(2026, 6, 1)).state is State.BEHIND


def test_level_is_measured_against_the_way_from_its_baseline():
    assert at(INTENSITY, "3.30").state is State.ON_PATH
    assert at(INTENSITY, "3.28").state is State.SLIGHTLY_BEHIND  # 0.02 = 5% of the way of 0.4
    assert at(INTENSITY, "3.27").state is State.BEHIND


def test_baseline_taken_after_the_start_anchors_the_path():
    goal = replace(INTENSITY, baseline_on=HALF)
    assert expectation(goal, date(2025, 6, 30)) is None
    assert expectation(goal, HALF) == Decimal("3.1")


def test_baseline_taken_before_the_start_stands_until_the_start():
    goal = replace(INTENSITY, baseline_on=date(2022, 12, 31))
    assert expectation(goal, START) == Decimal("3.1")
    assert expectation(goal, HALF) == Decimal("3.3")
    assert at(goal, "3.3").pace == pytest.approx(0.2 / 1096 * 30.436875)  # measured from the day of the baseline


def test_fewer_is_better_reverses_everything():
    goal = Goal(Decimal(40), START, END, Comparator.LE, baseline=Decimal(60), cumulative=False)
    found = at(goal, "52")
    assert (found.expected, found.state, found.gap) == (Decimal(50), State.BEHIND, Decimal(12))
    assert found.share == pytest.approx(40 / 52)
    assert found.pace == pytest.approx(-8 / 365 * 30.436875)
    assert found.pace_needed == pytest.approx(-12 / 365 * 30.436875)
    assert at(goal, "51").state is State.SLIGHTLY_BEHIND
    assert at(goal, "49").state is State.ON_PATH
    met = at(goal, "32")
    assert (met.state, met.share, met.over) == (State.MET, 1.25, True)
    assert Reason.HOLDS_SO_FAR in met.reasons


def test_number_written_without_comparator_is_met_by_more():
    found = at(replace(HUNDRED, comparator=Comparator.EQ), "101")
    assert (found.state, found.over) == (State.MET, True)


def test_number_written_without_comparator_may_want_a_fall():
    assert Goal(Decimal(3), START, END, Comparator.EQ, baseline=Decimal(5), cumulative=False).falling


@pytest.mark.parametrize(("comparator", "falls"), [(Comparator.GT, False), (Comparator.LT, True)])
def test_strict_comparators_are_not_met_by_the_number_itself(comparator, falls):
    goal = Goal(Decimal(10), START, END, comparator, cumulative=False)
    assert goal.falling is falls
    assert at(goal, "10", as_of=END).state is State.BEHIND
    assert at(goal, "9" if falls else "11", as_of=END).state is State.MET


def test_about_is_met_within_the_share_given_and_only_then():
    goal = replace(HUNDRED, comparator=Comparator.APPROX)
    assert at(goal, "95", about=Decimal("0.05")).state is State.MET
    assert at(goal, "95").state is State.ON_PATH
    assert at(goal, "94.9", about=Decimal("0.05"), as_of=END).state is State.BEHIND


def test_range_is_met_by_its_near_end_and_said_to_be_passed_beyond_its_far_end():
    goal = Goal(None, START, END, Comparator.EQ, low=Decimal(5), high=Decimal(8), path_kind=PathKind.FROM_ZERO)
    assert (goal.aim, at(goal, "4").state) == (Decimal(5), State.ON_PATH)
    assert at(goal, "5").state is State.MET
    assert Reason.ABOVE_RANGE not in at(goal, "8").reasons
    assert Reason.ABOVE_RANGE in at(goal, "9").reasons


def test_share_of_zero_or_across_zero_is_unknown_but_met_counts_whole():
    goal = Goal(Decimal(0), START, END, Comparator.LE, cumulative=False)
    found = at(goal, "0")
    assert (found.state, found.share, found.score) == (State.MET, None, 1.0)
    assert Reason.SHARE_UNDEFINED in found.reasons
    assert at(goal, "3").share == 0.0
    assert at(Goal(Decimal(-2), START, END, cumulative=False), "-5").share is None


@pytest.mark.parametrize(
    "change",
    [
        {"value": 100},
        {"value": Decimal("NaN")},
        {"low": Decimal(1)},
        {"low": Decimal(1), "high": Decimal(2)},
        {"value": None, "low": Decimal(3), "high": Decimal(2)},
        {"end": START},
        {"baseline": Decimal(1), "baseline_on": END},
        {"path": ((END, Decimal(90)),)},
        {"path": ((HALF, Decimal(50)), (HALF, Decimal(60)))},
        {"path": ((date(2027, 1, 1), Decimal(100)),)},
        {"path": ((START, Decimal(1)),)},
        {"comparator": Comparator.LE, "baseline": Decimal(200)},
    ],
)
def test_goal_that_cannot_be_is_refused(change):
    with pytest.raises(InvalidValue):
        replace(HUNDRED, **change)


def test_two_numbers_for_one_day_are_refused():
    with pytest.raises(InvalidValue, match="每个日期一个数"):
        assess(HUNDRED, [Observation(HALF, Decimal(1)), Observation(HALF, Decimal(2))], HALF, tolerance=FIVE)


def test_float_observation_and_negative_tolerance_are_refused():
    with pytest.raises(InvalidValue, match="Decimal"):
        Observation(HALF, 1.5)
    with pytest.raises(InvalidValue, match="比例"):
        assess(HUNDRED, [], HALF, tolerance=Decimal(-1))
