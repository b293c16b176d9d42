from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from xiandao.engines.attainment import Goal, Observation, PathKind, Reason, assess, project

FIRST = date(2025, 1, 1)
SERIES = [(FIRST + timedelta(days=10 * i), Decimal(y)) for i, y in enumerate((1, 3, 4, 8))]
LATER = FIRST + timedelta(days=45)
# by hand: x̄ = 15, ȳ = 4, Sxx = 500, b = 110/500 = 0.22, Σe² = 1.8, ŷ(45) = 10.6, s·√(1 + 1/4 + 900/500) = √2.745


def test_four_points_by_hand():
    found = project(SERIES, LATER, cumulative=False)
    assert found.value == pytest.approx(10.6)
    assert found.interval80 == pytest.approx((10.6 - 1.885618 * 2.745**0.5, 10.6 + 1.885618 * 2.745**0.5))
    assert found.interval95 == pytest.approx((10.6 - 4.302653 * 2.745**0.5, 10.6 + 4.302653 * 2.745**0.5))
    assert not found.floored


def test_cumulative_number_is_never_projected_below_its_last_value_and_says_so():
    found = project(SERIES, LATER, cumulative=True)
    assert (found.interval80[0], found.interval95[0], found.floored) == (8.0, 8.0, True)
    assert found.value == pytest.approx(10.6)


def test_three_points_give_none():
    assert project(SERIES[:3], LATER, cumulative=True) is None


def test_series_that_has_flattened_does_not_fall():
    series = [(FIRST + timedelta(days=10 * i), Decimal(y)) for i, y in enumerate((0, 50, 50, 50, 50, 51))]
    found = project(series, FIRST + timedelta(days=51), cumulative=True)
    assert found.value >= 51


def test_straight_line_has_no_spread_and_no_floor():
    series = [(FIRST + timedelta(days=30 * i), Decimal(10 * i)) for i in range(6)]
    found = project(series, FIRST + timedelta(days=300), cumulative=True)
    assert found.value == pytest.approx(100)
    assert found.interval95 == pytest.approx((100, 100))
    assert not found.floored


def test_assessment_projects_to_the_end_and_stops_there():
    goal = Goal(Decimal(20), FIRST, LATER, path_kind=PathKind.FROM_ZERO)
    seen = [Observation(on, value) for on, value in SERIES]
    running = assess(goal, seen, date(2025, 2, 1), tolerance=Decimal(0))
    assert running.projection == project(SERIES, LATER, cumulative=True)
    assert Reason.FLOORED in running.reasons
    assert assess(goal, seen[:3], date(2025, 2, 1), tolerance=Decimal(0)).reasons == (Reason.FEW_POINTS,)
    assert assess(goal, seen, LATER, tolerance=Decimal(0)).projection is None


@given(st.dictionaries(st.integers(0, 900), st.integers(0, 500), min_size=4, max_size=20), st.integers(901, 1500))
def test_agrees_with_the_matrix_form_and_with_linregress(points, ahead):
    x, y = np.array(sorted(points), dtype=float), np.array([points[day] for day in sorted(points)], dtype=float)
    found = project(
        [(FIRST + timedelta(days=int(d)), Decimal(points[int(d)])) for d in x],
        FIRST + timedelta(days=ahead),
        cumulative=False,
    )
    line = stats.linregress(x, y)
    design, new = np.column_stack([np.ones_like(x), x]), np.array([1.0, ahead])
    beta = np.linalg.lstsq(design, y, rcond=None)[0]
    s2 = ((y - design @ beta) ** 2).sum() / (len(x) - 2)
    half = stats.t.ppf(0.975, len(x) - 2) * np.sqrt(s2 * (1 + new @ np.linalg.inv(design.T @ design) @ new))
    scale = max(1.0, abs(found.value), half)
    assert found.value == pytest.approx(line.intercept + line.slope * ahead, abs=1e-6 * scale)
    assert found.interval95[1] - found.value == pytest.approx(half, abs=1e-6 * scale)


@given(st.lists(st.integers(0, 30), min_size=4, max_size=12))
def test_intervals_are_nested_and_hold_the_value(steps):
    totals = np.cumsum(steps)
    series = [(FIRST + timedelta(days=30 * i), Decimal(int(t))) for i, t in enumerate(totals)]
    found = project(series, FIRST + timedelta(days=700), cumulative=True)
    assert totals[-1] <= found.interval95[0] <= found.interval80[0] <= found.value
    assert found.value <= found.interval80[1] <= found.interval95[1]
