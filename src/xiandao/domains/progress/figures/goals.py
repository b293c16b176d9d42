"""From a target with its baseline and path to a goal the engine can judge, or the reason why it cannot be."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiandao.domains.progress.figures.sums import Facts, Key, exact, summable
from xiandao.domains.progress.models import Baseline, BaselineKind, Path
from xiandao.engines.attainment import Goal, PathKind
from xiandao.kernel import Comparator, InvalidValue


@dataclass(frozen=True, slots=True)
class Added:
    """What the coordinator added to a target, as it stood at a moment: baseline and path, None if there is none."""

    baseline: Baseline | None = None
    path: Path | None = None

    @property
    def before(self) -> Decimal:
        """What there was before the plan and is part of the number the target speaks of."""
        measured = self.baseline is not None and self.baseline.kind == BaselineKind.MEASURED
        return exact(self.baseline.value) or Decimal(0) if measured and self.baseline else Decimal(0)


@dataclass(frozen=True, slots=True)
class GoalOrReason:
    """Either a goal, or why the target cannot be judged."""

    goal: Goal | None
    why: str | Promise = ""


def added(keys: Iterable[Key], as_of: dt.datetime) -> dict[Key, Added]:
    """Return baseline and path of targets as they stood at a moment, in two queries."""
    plans = {plan for plan, _key in keys}
    live = Q(plan__in=plans, recorded_at__lte=as_of) & (Q(superseded_at=None) | Q(superseded_at__gt=as_of))
    baselines = Baseline.objects.for_system("status words are public").filter(live).order_by("recorded_at")
    paths = Path.objects.for_system("status words are public").filter(live).order_by("recorded_at")
    found_baselines = {(row.plan_id, row.target_key): row for row in baselines}
    found_paths = {(row.plan_id, row.target_key): row for row in paths}
    return {key: Added(found_baselines.get(key), found_paths.get(key)) for key in found_baselines.keys() | found_paths}


def span_of(fact: Facts) -> tuple[dt.date, dt.date] | None:
    """Return the first and last day of a target's time: from the plan's first year (or its issue) to its deadline."""
    if fact.year_to is None:
        return None
    begin = dt.date(fact.year_from, 1, 1) if fact.year_from else fact.issued_on
    end = dt.date(fact.year_to, 12, 31)
    return (begin, end) if begin is not None and begin < end else None


def goal_of(fact: Facts, extra: Added) -> GoalOrReason:
    """Return the goal of a target with what was added to it, or why there is none."""
    why = unjudged(fact)
    span = span_of(fact)
    if why or span is None:
        return GoalOrReason(None, why or _("方案没有写明期间，无法判断进度。"))
    baseline = extra.baseline
    from_zero = baseline is not None and baseline.kind == BaselineKind.FROM_ZERO
    measured = baseline is not None and not from_zero
    try:
        goal = Goal(
            value=fact.value,
            start=span[0],
            end=span[1],
            comparator=Comparator(fact.comparator),
            baseline=exact(baseline.value) if measured and baseline else None,
            baseline_on=baseline.as_of if measured and baseline else None,
            path=points_of(extra.path),
            path_kind=PathKind.FROM_ZERO if from_zero else PathKind.LINEAR,
        )
    except InvalidValue:
        # The plan has a newer version since: its target or its time does not fit what was recorded for the old one.
        return GoalOrReason(None, _("已登记的基数或进度安排与现行方案的目标不符，请统筹协调单位重新登记。"))
    return GoalOrReason(goal)


def unjudged(fact: Facts) -> str | Promise:
    """Return why a target cannot be judged by adding up results; empty if it can."""
    if not summable(fact):
        return _("比率、增长、位次不能由成果累加得出，不判断进度。")
    if fact.low is not None or fact.high is not None:
        return _("目标是一个区间，方案没有给出单一的数，不判断进度。")
    if fact.value is None:
        return _("方案没有写明目标值，不判断进度。")
    return ""


def points_of(path: Path | None) -> tuple[tuple[dt.date, Decimal], ...]:
    """Return the points of a recorded path."""
    if path is None:
        return ()
    return tuple((dt.date.fromisoformat(day), Decimal(value)) for day, value in path.points)
