"""Status of thousands of targets at once, in floats: the same answers as `assess`, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from xiandao.engines.attainment.assess import DAYS_PER_MONTH, check_shares
from xiandao.engines.attainment.model import Goal, PathKind, Reason, State
from xiandao.engines.attainment.project import FEWEST_POINTS, ROUNDING
from xiandao.kernel import Comparator, InvalidValue

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

STATES: tuple[State, ...] = tuple(State)
"""What the numbers in `AttainmentTable.states` stand for."""
REASONS: tuple[Reason, ...] = tuple(Reason)
"""What the bits in `AttainmentTable.reasons` stand for, from the lowest."""


@dataclass(frozen=True, slots=True, eq=False)
class GoalTable:
    """n goals as arrays, made once by `GoalTable.of`, used for any number of days; NaN is unknown, days are ordinals.

    `corner_days`, `corner_values`: shape (n, k), the corners of each path, padded with +inf and NaN.
    """

    start: Ints
    end: Ints
    aim: Floats
    far_end: Floats
    origin: Floats
    origin_on: Ints
    slack_base: Floats
    falling: Bools
    strict: Bools
    approximate: Bools
    stepped: Bools
    cumulative: Bools
    has_path: Bools
    corner_days: Floats
    corner_values: Floats

    def __len__(self) -> int:
        return len(self.start)

    @classmethod
    def of(cls, goals: Sequence[Goal]) -> GoalTable:
        """Return the table of `goals`, one row each in their order."""
        corners = [goal.points for goal in goals]
        shape = (len(goals), max(map(len, corners), default=0) + 1)  # one column of padding ends every path
        days, values = np.full(shape, np.inf), np.full(shape, np.nan)
        for row, points in enumerate(corners):
            for column, (day, value) in enumerate(points):
                days[row, column], values[row, column] = day.toordinal(), value
        return cls(
            start=np.array([goal.start.toordinal() for goal in goals], dtype=np.int64),
            end=np.array([goal.end.toordinal() for goal in goals], dtype=np.int64),
            aim=_floats([goal.aim for goal in goals]),
            far_end=_floats([goal.far_end for goal in goals]),
            origin=_floats([goal.origin for goal in goals]),
            origin_on=np.array([goal.origin_on.toordinal() for goal in goals], dtype=np.int64),
            slack_base=_floats([goal.slack_base for goal in goals]),
            falling=np.array([goal.falling for goal in goals], dtype=np.bool_),
            strict=np.array([goal.strict for goal in goals], dtype=np.bool_),
            approximate=np.array([goal.comparator is Comparator.APPROX for goal in goals], dtype=np.bool_),
            stepped=np.array([goal.path_kind is PathKind.STEPS for goal in goals], dtype=np.bool_),
            cumulative=np.array([goal.cumulative for goal in goals], dtype=np.bool_),
            has_path=np.array([bool(goal.path) for goal in goals], dtype=np.bool_),
            corner_days=days,
            corner_values=values,
        )


@dataclass(frozen=True, slots=True, eq=False)
class AttainmentTable:
    """One row per goal, fields as in `Attainment`; NaN is unknown or does not apply, never zero.

    `states`: indices into STATES. `reasons`: bits of REASONS. `actual_column`: column of the last known number, −1 if
    there is none. `interval80`, `interval95`: shape (n, 2). `scores`: for a roll-up, within [0, 1].
    """

    states: npt.NDArray[np.int8]
    reasons: npt.NDArray[np.int16]
    expected: Floats
    actual: Floats
    actual_column: Ints
    share: Floats
    over: Bools
    gap: Floats
    pace: Floats
    pace_needed: Floats
    projected: Floats
    interval80: Floats
    interval95: Floats
    scores: Floats

    def state(self, row: int) -> State:
        """Return the state of one row."""
        return STATES[int(self.states[row])]

    def reasons_of(self, row: int) -> tuple[Reason, ...]:
        """Return the reasons of one row in the order of `Reason`."""
        return tuple(reason for bit, reason in enumerate(REASONS) if int(self.reasons[row]) >> bit & 1)


def assess_many(
    goals: GoalTable,
    days: Sequence[date],
    values: npt.ArrayLike,
    as_of: date,
    *,
    tolerance: Decimal,
    about: Decimal | None = None,
) -> AttainmentTable:
    """Return for every goal what `assess` returns, from `values` of shape (n, p), column j observed on `days[j]`.

    NaN is unknown. Formulas are those of `assess` and `project`; numbers that differ by less than 1e-9 of their size
    count as equal, so that rounding never decides a state. Raises `InvalidValue` for shapes that do not fit, days out
    of order, infinite numbers, or a negative share.
    """
    check_shares(tolerance, about)
    table = np.asarray(values, dtype=np.float64)
    ordinals = np.array([day.toordinal() for day in days], dtype=np.int64)
    if table.shape != (len(goals), len(ordinals)) or np.isinf(table).any():
        raise InvalidValue(table.shape, f"{len(goals)} 行 {len(ordinals)} 列的有限数字", "未知请用 NaN", "观测值")
    if (np.diff(ordinals) <= 0).any():
        raise InvalidValue("、".join(map(str, days)), "依次递增的日期", what="观测值")
    seen = int(np.searchsorted(ordinals, as_of.toordinal(), side="right"))
    with np.errstate(divide="ignore", invalid="ignore"):
        return _assess(
            goals, ordinals[:seen], table[:, :seen], as_of.toordinal(), tolerance=float(tolerance), about=about
        )


def _assess(
    goals: GoalTable, days: Ints, values: Floats, today: int, *, tolerance: float, about: Decimal | None
) -> AttainmentTable:
    """Return the table from the columns seen up to `today`."""
    known = ~np.isnan(values)
    column = _last_column(known)
    actual = np.where(column >= 0, _at(values, column), np.nan)
    expected = _expected(goals, today)
    scale = ROUNDING * np.fmax(1.0, np.fmax(np.abs(goals.aim), np.abs(actual)))
    sign = np.where(goals.falling, -1.0, 1.0)
    gap = sign * (goals.aim - actual)
    share = _share(goals, actual)
    states = _states(goals, actual, expected, today, sign=sign, scale=scale, tolerance=tolerance, about=about)
    running = today < goals.end
    projected, half80, half95 = _project(days, values, known, goals.end)
    projected[~running] = np.nan
    floor = np.where(goals.cumulative, actual, -np.inf)
    floored = projected - half95 < floor - ROUNDING * np.fmax(1.0, np.abs(floor))
    met = states == STATES.index(State.MET)
    flags = {
        **_state_reasons(goals, actual, expected, states, today),
        Reason.LATEST_UNKNOWN: (column >= 0) & (column < len(days) - 1),
        Reason.SHARE_UNDEFINED: np.isnan(share) & ~np.isnan(gap),
        Reason.ABOVE_RANGE: sign * (actual - goals.far_end) > scale,
        Reason.FEW_POINTS: running & (known.sum(axis=1) < FEWEST_POINTS),
        Reason.FLOORED: floored,
    }
    return AttainmentTable(
        states=states,
        reasons=np.stack([flags[reason].astype(np.int16) << bit for bit, reason in enumerate(REASONS)]).sum(
            axis=0, dtype=np.int16
        ),
        expected=expected,
        actual=actual,
        actual_column=column,
        share=share,
        over=share > 1,
        gap=gap,
        pace=_pace(goals, days, values, known),
        pace_needed=np.where(running, sign * np.fmax(gap, 0.0 * gap) / ((goals.end - today) / DAYS_PER_MONTH), np.nan),
        projected=_lift(projected, floor),
        interval80=np.stack([_lift(projected - half80, floor), _lift(projected + half80, floor)], axis=-1),
        interval95=np.stack([_lift(projected - half95, floor), _lift(projected + half95, floor)], axis=-1),
        scores=np.where(met, 1.0, np.clip(share, 0.0, 1.0)),
    )


def _floats(numbers: Sequence[Decimal | None]) -> Floats:
    return np.array([np.nan if number is None else float(number) for number in numbers], dtype=np.float64)


def _lift(numbers: Floats, floor: Floats) -> Floats:
    """Return numbers not below the floor; unknown stays unknown."""
    return np.where(np.isnan(numbers), np.nan, np.fmax(numbers, floor))


def _at(values: Floats, column: Ints) -> Floats:
    """Return values[i, column[i]]; any value where the column is −1, NaN if there are no columns."""
    if not values.shape[1]:
        return np.full(len(values), np.nan)
    picked: Floats = np.take_along_axis(values, column[:, None], axis=1)[:, 0]
    return picked


def _last_column(known: Bools) -> Ints:
    """Return the last true column of each row, −1 if there is none."""
    if not known.shape[1]:
        return np.full(len(known), -1, dtype=np.int64)
    last = known.shape[1] - 1 - np.argmax(known[:, ::-1], axis=1)
    return np.where(known.any(axis=1), last, -1).astype(np.int64)


def _expected(goals: GoalTable, today: int) -> Floats:
    """Return the paths on a day (see `assess.expectation`), NaN where nothing is expected."""
    passed = (goals.corner_days <= today).sum(axis=1) - 1
    here, following = np.maximum(passed, 0), passed + 1
    day, value = _at(goals.corner_days, here), _at(goals.corner_values, here)
    next_day, next_value = _at(goals.corner_days, following), _at(goals.corner_values, following)
    between = value + (next_value - value) * (today - day) / (next_day - day)
    result = np.where(goals.stepped | np.isinf(next_day), value, between)
    return np.where(passed >= 0, result, np.nan)


def _states(
    goals: GoalTable,
    actual: Floats,
    expected: Floats,
    today: int,
    *,
    sign: Floats,
    scale: Floats,
    tolerance: float,
    about: Decimal | None,
) -> npt.NDArray[np.int8]:
    """Return indices into STATES; the first condition that holds decides."""
    allowance = np.where(goals.approximate, np.abs(goals.aim) * float(about or 0), 0.0)
    past_mark = sign * (actual - goals.aim) + allowance
    met = np.where(goals.strict, past_mark > scale, past_mark >= -scale)
    behind = sign * (expected - actual)
    rules = (
        (today < goals.start, State.NOT_STARTED),
        (np.isnan(goals.aim) | np.isnan(actual), State.UNKNOWN),
        (met, State.MET),
        (today >= goals.end, State.BEHIND),
        (np.isnan(expected), State.UNKNOWN),
        (behind <= scale, State.ON_PATH),
        (behind <= tolerance * goals.slack_base + scale, State.SLIGHTLY_BEHIND),
    )
    codes = [STATES.index(state) for _, state in rules]
    return np.select([rule for rule, _ in rules], codes, STATES.index(State.BEHIND)).astype(np.int8)


def _state_reasons(
    goals: GoalTable, actual: Floats, expected: Floats, states: npt.NDArray[np.int8], today: int
) -> dict[Reason, Bools]:
    """Return the reasons that explain a state, as `assess` gives them."""
    started, ended = today >= goals.start, today >= goals.end
    no_target = np.isnan(goals.aim)
    no_observation = ~no_target & np.isnan(actual)
    met, unknown = states == STATES.index(State.MET), states == STATES.index(State.UNKNOWN)
    pathless = unknown & ~no_target & ~no_observation & np.isnan(expected)
    stepped = goals.stepped | goals.has_path
    return {
        Reason.NO_TARGET: started & no_target,
        Reason.NO_OBSERVATION: started & no_observation,
        Reason.ENDED: ended & ~no_target,
        Reason.HOLDS_SO_FAR: met & ~ended & (goals.falling | ~goals.cumulative),
        Reason.NO_BASELINE: pathless & ~stepped,
        Reason.BEFORE_FIRST_POINT: pathless & stepped,
    }


def _share(goals: GoalTable, actual: Floats) -> Floats:
    """Return actual / aim, reversed where a fall is wanted; NaN where the ratio says nothing."""
    falling = np.where((goals.aim >= 0) & (actual > 0), goals.aim / actual, np.nan)
    rising = np.where(goals.aim > 0, actual / goals.aim, np.nan)
    return np.where(goals.falling, falling, rising)


def _pace(goals: GoalTable, days: Ints, values: Floats, known: Bools) -> Floats:
    """Return the mean change per month from the origin, or the first known number, to the last."""
    if not days.size:
        return np.full(len(goals), np.nan)
    first, last = np.argmax(known, axis=1), _last_column(known)
    anchored = ~np.isnan(goals.origin)
    base = np.where(anchored, goals.origin, _at(values, first))
    elapsed = days[last] - np.where(anchored, goals.origin_on, days[first])
    return np.where(elapsed > 0, (_at(values, last) - base) / (elapsed / DAYS_PER_MONTH), np.nan)


def _project(days: Ints, values: Floats, known: Bools, end: Ints) -> tuple[Floats, Floats, Floats]:
    """Return projections at `end` and half widths of their 80% and 95% intervals (see `project.project`)."""
    n = known.sum(axis=1)
    enough = n >= FEWEST_POINTS
    x = (days - days[0] if days.size else days).astype(np.float64)
    y = np.where(known, values, 0.0)
    x_mean, y_mean = known @ x / n, y.sum(axis=1) / n
    dx = np.where(known, x - x_mean[:, None], 0.0)
    dy = np.where(known, y - y_mean[:, None], 0.0)
    sxx = (dx**2).sum(axis=1)
    slope = (dx * dy).sum(axis=1) / sxx
    squares = ((dy - slope[:, None] * dx) ** 2).sum(axis=1)
    ahead = end - (days[0] if days.size else 0) - x_mean
    spread = np.sqrt(squares / (n - 2) * (1 + 1 / n + ahead**2 / sxx))
    freedom = np.where(enough, n - 2, np.nan)
    projected = np.where(enough, y_mean + slope * ahead, np.nan)
    return projected, stdtrit(freedom, 0.9) * spread, stdtrit(freedom, 0.975) * spread
