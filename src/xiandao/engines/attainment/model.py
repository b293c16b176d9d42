"""What the status of a target is computed from (Goal, Observation) and what it consists of (Attainment)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from xiandao.kernel import Comparator, InvalidValue

_WHAT = "目标"
_FALLING = frozenset({Comparator.LE, Comparator.LT})
_OPEN = frozenset({Comparator.EQ, Comparator.APPROX})
_STRICT = frozenset({Comparator.GT, Comparator.LT})
ZERO = Decimal(0)


def _check_number(value: object, what: str) -> None:
    if value is not None and not (isinstance(value, Decimal) and value.is_finite()):
        raise InvalidValue(value, "有限的 Decimal", "未知请用 None", what)


class State(StrEnum):
    """Where a target stands on a day. UNKNOWN is never a guess: `Attainment.reasons` says what is missing."""

    MET = "met"
    ON_PATH = "on_path"
    SLIGHTLY_BEHIND = "slightly_behind"
    BEHIND = "behind"
    UNKNOWN = "unknown"
    NOT_STARTED = "not_started"


class Reason(StrEnum):
    """What must be said beside a state, as codes; the words belong to the page."""

    NO_TARGET = "no_target"  # the plan gives no number
    NO_OBSERVATION = "no_observation"  # nothing known up to the day asked for
    LATEST_UNKNOWN = "latest_unknown"  # a newer return has no number; the last known one stands
    NO_BASELINE = "no_baseline"  # no start of the path is known, so nothing is expected yet
    BEFORE_FIRST_POINT = "before_first_point"  # a stepped path, or one without a start, expects nothing yet
    HOLDS_SO_FAR = "holds_so_far"  # met before the end, and a later number could undo it
    ENDED = "ended"  # the end has come: met or behind, nothing between
    SHARE_UNDEFINED = "share_undefined"  # a ratio to zero, or across zero, says nothing
    ABOVE_RANGE = "above_range"  # past the far end of a range
    FEW_POINTS = "few_points"  # fewer than four numbers: no projection
    FLOORED = "floored"  # a cumulative number cannot fall: projection or interval was lifted to the last value


class PathKind(StrEnum):
    """What is expected between start and end.

    LINEAR: straight lines from the baseline through the points of the path; without a baseline nothing is expected
    before the first point. FROM_ZERO: the same, where the caller declares that an unknown baseline is zero (things
    newly designated within the plan). STEPS: the last point passed holds until the next (ratios, ranks, growth);
    nothing is expected before the first one, which without a path is the end.
    """

    LINEAR = "linear"
    FROM_ZERO = "from_zero"
    STEPS = "steps"


@dataclass(frozen=True, slots=True)
class Observation:
    """A number as it stood on a day: cumulative for counts, the level for ratios and ranks; None is unknown."""

    on: date
    value: Decimal | None

    def __post_init__(self) -> None:
        _check_number(self.value, "观测值")


@dataclass(frozen=True, slots=True)
class Goal:
    """A numeric target: `value`, or `low` and `high` for a range, or neither (unknown), between `start` and `end`.

    `baseline` (as of `baseline_on`, None: as of `start`) is None where unknown. `path`: (date, value) points in order,
    none before the start or past the end. `cumulative`: the number can never fall (False for levels, ratios, ranks).

    ≥ and > want a rise, ≤ and < a fall (or a cap). =, ≈ and ranges want a fall if the baseline is known and lies above,
    else a rise: “100 built” is met by 101, and said to be over.
    Raises `InvalidValue` for dates out of order, half a range, a path that ends elsewhere than the target, or a
    cumulative number that would have to fall.
    """

    value: Decimal | None
    start: date
    end: date
    comparator: Comparator = Comparator.GE
    low: Decimal | None = None
    high: Decimal | None = None
    baseline: Decimal | None = None
    baseline_on: date | None = None
    path: tuple[tuple[date, Decimal], ...] = ()
    path_kind: PathKind = PathKind.LINEAR
    cumulative: bool = True

    def __post_init__(self) -> None:
        for number in (self.value, self.low, self.high, self.baseline, *(value for _, value in self.path)):
            _check_number(number, _WHAT)
        self._check_range()
        self._check_dates()
        aim = self.aim
        if aim is not None and self.path and self.path[-1][0] == self.end and self.path[-1][1] != aim:
            raise InvalidValue(self.path[-1][1], f"路径终点等于目标值 {aim}", "请修改终点或目标值", _WHAT)
        if self.cumulative and aim is not None and self.baseline is not None and self.falling and self.baseline > aim:
            raise InvalidValue(self.baseline, f"累计数的基数不大于目标值 {aim}", "会下降的数请不要标为累计数", _WHAT)

    def _check_range(self) -> None:
        if (self.low is None) != (self.high is None) or (self.low is not None and self.value is not None):
            raise InvalidValue(self.low or self.high, "一个数，或上下限齐全的区间", what=_WHAT)
        if self.low is not None and self.high is not None and self.low > self.high:
            raise InvalidValue(f"{self.low}—{self.high}", "下限不大于上限的区间", what=_WHAT)

    def _check_dates(self) -> None:
        days = [on for on, _ in self.path]
        begin = self.anchored_on
        if self.start >= self.end or begin >= self.end:
            raise InvalidValue(self.end, f"晚于 {begin} 的完成日期", what=_WHAT)
        if any(earlier >= later for earlier, later in zip([begin, *days], days, strict=False)) or days[-1:] > [
            self.end
        ]:
            raise InvalidValue(
                "、".join(map(str, days)), f"从 {begin} 之后到 {self.end} 依次递增的路径日期", what=_WHAT
            )

    @property
    def falling(self) -> bool:
        """Whether less is better."""
        if self.comparator in _OPEN and self.baseline is not None:
            top = self.value if self.value is not None else self.high
            return top is not None and self.baseline > top
        return self.comparator in _FALLING

    @property
    def strict(self) -> bool:
        """Whether reaching the number written is not yet enough."""
        return self.comparator in _STRICT

    @property
    def aim(self) -> Decimal | None:
        """The number to reach: the value, or the end of the range met first; None if unknown."""
        if self.value is not None:
            return self.value
        return self.high if self.falling else self.low

    @property
    def far_end(self) -> Decimal | None:
        """The end of a range met last; None where there is no range."""
        return self.low if self.falling else self.high

    @property
    def origin(self) -> Decimal | None:
        """The number the path starts from: the baseline, zero if declared so, None if unknown."""
        return ZERO if self.baseline is None and self.path_kind is PathKind.FROM_ZERO else self.baseline

    @property
    def origin_on(self) -> date:
        """The day `origin` was true."""
        return self.start if self.baseline is None or self.baseline_on is None else self.baseline_on

    @property
    def anchored_on(self) -> date:
        """The day the path starts: the start of the plan, or of a baseline taken later."""
        return max(self.start, self.origin_on)

    @property
    def points(self) -> tuple[tuple[date, Decimal], ...]:
        """The corners of the path in order, from the origin (if known, and not stepped) to the aim at the end."""
        aim = self.aim
        if aim is None:
            return ()
        first = self.origin if self.path_kind is not PathKind.STEPS else None
        corners = self.path if first is None else ((self.anchored_on, first), *self.path)
        return corners if corners and corners[-1][0] == self.end else (*corners, (self.end, aim))

    @property
    def slack_base(self) -> Decimal:
        """What a tolerance is a share of: the way from the origin to the aim; where there is none, the aim."""
        aim = self.aim
        if aim is None:
            return ZERO
        return abs(aim) if self.origin is None or self.origin == aim else abs(aim - self.origin)

    def needed(self, about: Decimal | None) -> Decimal | None:
        """Return the number from which the target counts as met; `about` is the share by which ≈ may be missed."""
        aim = self.aim
        if aim is None or about is None or self.comparator is not Comparator.APPROX:
            return aim
        return aim + abs(aim) * about if self.falling else aim - abs(aim) * about


@dataclass(frozen=True, slots=True)
class Projection:
    """The number to expect on day `on` if things go on as they went, with intervals for one new observation.

    `interval80` and `interval95` are (low, high); `floored`: something was lifted to the last cumulative value.
    """

    on: date
    value: float
    interval80: tuple[float, float]
    interval95: tuple[float, float]
    floored: bool


@dataclass(frozen=True, slots=True)
class Attainment:
    """Where a target stands. Each None is unknown or does not apply, never zero.

    `expected`: the path on the day asked for. `actual`, `actual_on`: the last known number. `aim`: the number to
    reach. `share`: actual / aim, for targets that want a fall aim / actual (逆指标); not capped, `over` says when it
    is above 1. `gap`: what is missing to the aim, negative beyond it. `pace`, `pace_needed`: change per month
    (365.2425 / 12 days) so far and from the day asked for to the end. `projection`: at the end.
    """

    state: State
    reasons: tuple[Reason, ...]
    aim: Decimal | None
    expected: Decimal | None
    actual: Decimal | None
    actual_on: date | None
    share: float | None
    over: bool
    gap: Decimal | None
    pace: float | None
    pace_needed: float | None
    projection: Projection | None

    @property
    def score(self) -> float | None:
        """The share for a roll-up, within [0, 1]: 1 if met; None if unknown."""
        if self.state is State.MET:
            return 1.0
        return None if self.share is None else min(max(self.share, 0.0), 1.0)
