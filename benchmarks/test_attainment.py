"""Budget: 13 regions × 15 targets × 12 periods assessed and rolled up well under 50 ms, and the same assessed on each
of the 12 dates. The peer is what an analyst would write: scipy's linregress and a t-interval, row by row."""

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
from scipy import stats

from xiandao.engines.attainment import Goal, GoalTable, PathKind, assess_many, roll_up_tree

REGIONS, TARGETS, PERIODS = 13, 15, 12
START, END = date(2024, 1, 1), date(2026, 12, 31)
DAYS = [START + timedelta(days=91 * (i + 1) - 1) for i in range(PERIODS)]
RNG = np.random.default_rng(20240101)
VALUES = np.cumsum(RNG.integers(0, 9, (REGIONS * TARGETS, PERIODS)), axis=1).astype(float)
VALUES[RNG.random(VALUES.shape) < 0.1] = np.nan
GOALS = [
    Goal(Decimal(int(value)), START, END, path_kind=PathKind.FROM_ZERO)
    for value in RNG.integers(30, 80, REGIONS * TARGETS)
]
PARENTS = np.concatenate([[-1] * REGIONS, np.repeat(np.arange(REGIONS), TARGETS)])
WEIGHTS = np.ones(len(PARENTS))
TOLERANCE = Decimal("0.05")


def _status():
    table = assess_many(GoalTable.of(GOALS), DAYS, VALUES, DAYS[-2], tolerance=TOLERANCE)
    return table, roll_up_tree(PARENTS, np.concatenate([np.full(REGIONS, np.nan), table.scores]), WEIGHTS)


def _every_date():
    goals = GoalTable.of(GOALS)
    return [assess_many(goals, DAYS, VALUES, day, tolerance=TOLERANCE) for day in DAYS]


def _peer():
    x = np.array([(day - START).days for day in DAYS[:-1]], dtype=float)
    ends, horizon = [], (END - START).days
    for row in VALUES[:, :-1]:
        known = ~np.isnan(row)
        xk, yk, n = x[known], row[known], known.sum()
        line = stats.linregress(xk, yk)
        rest = yk - line.intercept - line.slope * xk
        factor = 1 + 1 / n + (horizon - xk.mean()) ** 2 / ((xk - xk.mean()) ** 2).sum()
        half = stats.t.ppf(0.975, n - 2) * np.sqrt((rest**2).sum() / (n - 2) * factor)
        value = line.intercept + line.slope * horizon
        ends.append((max(value, yk[-1]), max(value - half, yk[-1]), max(value + half, yk[-1])))
    return np.array(ends)


def test_status_of_195_targets_with_roll_up(benchmark):
    table, rolled = benchmark(_status)
    assert rolled.scores.shape == (REGIONS + REGIONS * TARGETS,)
    np.testing.assert_allclose(np.column_stack([table.projected, table.interval95]), _peer(), rtol=1e-9)
    assert benchmark.stats.stats.median < 0.05


def test_status_on_each_of_12_dates(benchmark):
    assert len(benchmark(_every_date)) == PERIODS
    assert benchmark.stats.stats.median < 0.05


def test_peer_linregress_row_by_row(benchmark):
    assert benchmark(_peer).shape == (REGIONS * TARGETS, 3)
