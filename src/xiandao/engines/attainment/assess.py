"""Status of one target on one day, in exact decimals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from xiandao.engines.attainment.model import ZERO, Attainment, Goal, Observation, PathKind, Reason, State
from xiandao.engines.attainment.project import FEWEST_POINTS, project
from xiandao.kernel import InvalidValue

DAYS_PER_MONTH = 365.2425 / 12
"""Days of a mean month of the Gregorian calendar."""


def assess(
    goal: Goal,
    observations: Sequence[Observation],
    as_of: date,
    *,
    tolerance: Decimal,
    about: Decimal | None = None,
) -> Attainment:
    """Return where `goal` stands on `as_of`, from what was observed up to that day; later observations are not seen.

    The path p(t) runs straight between its corners (see `Goal.points`, `PathKind`). With actual a, aim v, way w from
    the origin to the aim (`Goal.slack_base`) and d = p − a (a − p where a fall is wanted): MET if a has reached v,
    else ON_PATH if d ≤ 0, SLIGHTLY_BEHIND if d ≤ `tolerance` · w, BEHIND beyond; from the end on MET or BEHIND.
    `tolerance`: share of the way, 0.05 = 5%. `about`: share by which a number written ≈ may be missed and still be met;
    without one the number itself has to be reached. Observations may come in any order, one for each day.

    Reasons stand in the order of `Reason`. Raises `InvalidValue` for two observations of one day or a negative share.
    """
    check_shares(tolerance, about)
    seen = _up_to(observations, as_of)
    known = [(on, value) for on, value in seen if value is not None]
    actual_on, actual = known[-1] if known else (None, None)
    expected = expectation(goal, as_of)
    state, reasons = _state(goal, actual, expected, as_of, tolerance=tolerance, about=about)
    if known and seen[-1][1] is None:
        reasons.append(Reason.LATEST_UNKNOWN)
    aim, share = goal.aim, _share(goal, actual)
    gap = None if aim is None or actual is None else (actual - aim if goal.falling else aim - actual)
    if share is None and gap is not None:
        reasons.append(Reason.SHARE_UNDEFINED)
    if gap is not None and goal.far_end is not None and _beyond(goal, actual, goal.far_end):
        reasons.append(Reason.ABOVE_RANGE)
    projection = project(known, goal.end, cumulative=goal.cumulative) if as_of < goal.end else None
    if as_of < goal.end and len(known) < FEWEST_POINTS:
        reasons.append(Reason.FEW_POINTS)
    if projection is not None and projection.floored:
        reasons.append(Reason.FLOORED)
    return Attainment(
        state=state,
        reasons=tuple(reason for reason in Reason if reason in reasons),
        aim=aim,
        expected=expected,
        actual=actual,
        actual_on=actual_on,
        share=share,
        over=share is not None and share > 1,
        gap=gap,
        pace=_pace(goal, known),
        pace_needed=_pace_needed(goal, gap, as_of),
        projection=projection,
    )


def expectation(goal: Goal, on: date) -> Decimal | None:
    """Return the path of `goal` on a day; None where nothing is expected or the path is unknown."""
    corners = goal.points
    if not corners or on < corners[0][0]:
        return None
    passed = max(index for index, (day, _) in enumerate(corners) if day <= on)
    day, value = corners[passed]
    if goal.path_kind is PathKind.STEPS or passed + 1 == len(corners):
        return value
    next_day, next_value = corners[passed + 1]
    return value + (next_value - value) * (on - day).days / (next_day - day).days


def check_shares(tolerance: Decimal, about: Decimal | None) -> None:
    """Raise `InvalidValue` unless both shares are finite and not negative."""
    for share in (tolerance, about):
        if share is not None and not (share.is_finite() and share >= 0):
            raise InvalidValue(share, "不小于0的比例，例如 0.05", what="容差")


def _up_to(observations: Iterable[Observation], as_of: date) -> list[tuple[date, Decimal | None]]:
    """Return (day, value) up to `as_of` in order of days, each day once."""
    seen: dict[date, Decimal | None] = {}
    for observation in observations:
        if observation.on in seen:
            raise InvalidValue(observation.on, "每个日期一个数", "同一天有两个数时请先确定采用哪一个", "观测值")
        seen[observation.on] = observation.value
    return sorted((on, value) for on, value in seen.items() if on <= as_of)


def _beyond(goal: Goal, actual: Decimal | None, mark: Decimal) -> bool:
    if actual is None:
        return False
    return actual < mark if goal.falling else actual > mark


def _reached(goal: Goal, actual: Decimal, mark: Decimal) -> bool:
    return _beyond(goal, actual, mark) or (actual == mark and not goal.strict)


def _state(
    goal: Goal,
    actual: Decimal | None,
    expected: Decimal | None,
    as_of: date,
    *,
    tolerance: Decimal,
    about: Decimal | None,
) -> tuple[State, list[Reason]]:
    """Return the state with what explains it, where it does not hang on the path."""
    if as_of < goal.start:
        return State.NOT_STARTED, []
    mark = goal.needed(about)
    if mark is None:
        return State.UNKNOWN, [Reason.NO_TARGET]
    ended = [Reason.ENDED] if as_of >= goal.end else []
    if actual is None:
        return State.UNKNOWN, [Reason.NO_OBSERVATION, *ended]
    if _reached(goal, actual, mark):
        undoable = goal.falling or not goal.cumulative
        return State.MET, ended or ([Reason.HOLDS_SO_FAR] if undoable else [])
    return (State.BEHIND, ended) if ended else _state_on_path(goal, actual, expected, tolerance)


def _state_on_path(
    goal: Goal, actual: Decimal, expected: Decimal | None, tolerance: Decimal
) -> tuple[State, list[Reason]]:
    """Return the state of a running target that is not met, against its path."""
    if expected is None:
        stepped = goal.path_kind is PathKind.STEPS or bool(goal.path)
        return State.UNKNOWN, [Reason.BEFORE_FIRST_POINT if stepped else Reason.NO_BASELINE]
    behind = actual - expected if goal.falling else expected - actual
    if behind <= 0:
        return State.ON_PATH, []
    return (State.SLIGHTLY_BEHIND if behind <= tolerance * goal.slack_base else State.BEHIND), []


def _share(goal: Goal, actual: Decimal | None) -> float | None:
    """Return actual / aim, or aim / actual where a fall is wanted; None where the ratio says nothing."""
    aim = goal.aim
    if aim is None or actual is None:
        return None
    if goal.falling:
        return float(aim / actual) if aim >= 0 and actual > 0 else None
    return float(actual / aim) if aim > 0 else None


def _pace(goal: Goal, known: Sequence[tuple[date, Decimal]]) -> float | None:
    """Return the mean change per month from the origin, or where it is unknown from the first number, to the last."""
    if not known:
        return None
    begin, base = (goal.origin_on, goal.origin) if goal.origin is not None else known[0]
    last_on, last = known[-1]
    days = (last_on - begin).days
    return float(last - base) / (days / DAYS_PER_MONTH) if days > 0 else None


def _pace_needed(goal: Goal, gap: Decimal | None, as_of: date) -> float | None:
    """Return the change per month from now on that just reaches the aim; 0 if it is reached, None from the end on."""
    days = (goal.end - as_of).days
    if gap is None or days <= 0:
        return None
    change = float(max(gap, ZERO)) / (days / DAYS_PER_MONTH)
    return -change if goal.falling and change else change
