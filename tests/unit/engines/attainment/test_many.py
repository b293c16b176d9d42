import math
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiandao.engines.attainment import Goal, GoalTable, Observation, PathKind, State, assess, assess_many
from xiandao.kernel import Comparator, InvalidValue

START = date(2024, 1, 1)
quarters = st.integers(-40, 400).map(lambda n: Decimal(n) / 4)


@st.composite
def goals(draw):
    end = START + timedelta(days=draw(st.integers(30, 1100)))
    baseline = draw(st.none() | quarters)
    value, low, high = draw(quarters), None, None
    shape = draw(st.sampled_from(["value", "value", "range", "nothing"]))
    if shape != "value":
        low, high, value = (value, value + draw(st.integers(0, 20)), None) if shape == "range" else (None, None, None)
    days = (
        draw(st.lists(st.integers(11, (end - START).days - 1), unique=True, max_size=3)) if draw(st.booleans()) else []
    )
    return Goal(
        value,
        START,
        end,
        draw(st.sampled_from(Comparator)),
        low=low,
        high=high,
        baseline=baseline,
        baseline_on=draw(st.sampled_from([None, START - timedelta(days=90), START + timedelta(days=10)])),
        path=tuple((START + timedelta(days=day), draw(quarters)) for day in sorted(days)),
        path_kind=draw(st.sampled_from(PathKind)),
        cumulative=False,
    )


@st.composite
def cases(draw):
    rows = draw(st.lists(goals(), min_size=1, max_size=6))
    days = sorted(draw(st.sets(st.integers(-20, 1200), max_size=10)))
    numbers = [[draw(st.none() | quarters) for _ in days] for _ in rows]
    as_of = START + timedelta(days=draw(st.integers(-30, 1200)))
    return rows, [START + timedelta(days=day) for day in days], numbers, as_of


def _same(found, expected):
    return math.isnan(found) if expected is None else found == pytest.approx(float(expected), rel=1e-7, abs=1e-7)


def _floats(rows, width):
    cells = [[np.nan if cell is None else float(cell) for cell in row] for row in rows]
    return np.array(cells, dtype=float).reshape(len(rows), width)


@settings(max_examples=300)
@given(
    cases(), st.sampled_from([Decimal(0), Decimal("0.05"), Decimal("0.25")]), st.sampled_from([None, Decimal("0.1")])
)
def test_each_row_is_what_assess_says(case, tolerance, about):
    rows, days, numbers, as_of = case
    table = assess_many(GoalTable.of(rows), days, _floats(numbers, len(days)), as_of, tolerance=tolerance, about=about)
    for i, goal in enumerate(rows):
        seen = [Observation(day, number) for day, number in zip(days, numbers[i], strict=True)]
        one = assess(goal, seen, as_of, tolerance=tolerance, about=about)
        assert table.state(i) is one.state
        assert table.reasons_of(i) == one.reasons
        assert bool(table.over[i]) == one.over
        assert (days[table.actual_column[i]] if table.actual_column[i] >= 0 else None) == one.actual_on
        for field in ("expected", "actual", "share", "gap", "pace", "pace_needed"):
            assert _same(getattr(table, field)[i], getattr(one, field)), field
        assert _same(table.scores[i], one.score)
        assert _same(table.projected[i], one.projection and one.projection.value)
        for end in (0, 1):
            assert _same(table.interval80[i, end], one.projection and one.projection.interval80[end])
            assert _same(table.interval95[i, end], one.projection and one.projection.interval95[end])


@given(st.lists(st.integers(0, 30), min_size=1, max_size=12), st.booleans())
def test_cumulative_rows_are_what_assess_says(steps, gap):
    totals = [None if gap and i == 1 else Decimal(sum(steps[: i + 1])) for i in range(len(steps))]
    days = [START + timedelta(days=91 * (i + 1)) for i in range(len(steps))]
    goal = Goal(Decimal(100), START, date(2027, 12, 31), path_kind=PathKind.FROM_ZERO)
    one = assess(
        goal, [Observation(*pair) for pair in zip(days, totals, strict=True)], days[-1], tolerance=Decimal("0.1")
    )
    table = assess_many(GoalTable.of([goal]), days, _floats([totals], len(days)), days[-1], tolerance=Decimal("0.1"))
    assert (table.state(0), table.reasons_of(0)) == (one.state, one.reasons)
    assert _same(table.projected[0], one.projection and one.projection.value)
    assert _same(table.interval95[0, 0], one.projection and one.projection.interval95[0])


def test_rounding_of_floats_decides_no_state():
    goal = Goal(Decimal("0.3"), START, START + timedelta(days=3), path_kind=PathKind.FROM_ZERO)
    day = START + timedelta(days=1)
    table = assess_many(GoalTable.of([goal]), [day], [[0.1]], day, tolerance=Decimal(0))
    assert table.state(0) is State.ON_PATH
    assert 0.3 * 1 / 3 != 0.1 or table.expected[0] == pytest.approx(0.1)


def test_no_goals_and_no_days():
    assert len(assess_many(GoalTable.of([]), [], np.empty((0, 0)), START, tolerance=Decimal(0)).states) == 0


@pytest.mark.parametrize(
    ("days", "values"),
    [([START], [[1.0, 2.0]]), ([START, START], [[1.0, 2.0]]), ([START], [[np.inf]])],
)
def test_input_that_does_not_fit_is_refused(days, values):
    goal = Goal(Decimal(1), START, date(2026, 1, 1))
    with pytest.raises(InvalidValue):
        assess_many(GoalTable.of([goal]), days, values, START, tolerance=Decimal(0))
