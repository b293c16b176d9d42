"""Where targets stand: against their path, how fast they go, where they lead."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Min, OuterRef, Q, Subquery, Sum
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiandao.domains.plans.figures import Counting
from xiandao.domains.plans.models import Target
from xiandao.domains.progress.figures.goals import Added, added, goal_of
from xiandao.domains.progress.figures.rows import counts, verified_by
from xiandao.domains.progress.figures.sums import Facts, Ground, Key, exact, ground
from xiandao.domains.progress.figures.tolerance import path_tolerance
from xiandao.domains.progress.models import Claim, ReportEvent, ReportVersion
from xiandao.engines.attainment import Attainment, Goal, Observation, Reason, State, assess
from xiandao.kernel import Figure

STATE_WORDS: dict[State, str | Promise] = {
    State.MET: _("已完成"),
    State.ON_PATH: _("符合进度"),
    State.SLIGHTLY_BEHIND: _("略低于进度"),
    State.BEHIND: _("落后于进度"),
    State.UNKNOWN: _("未知"),
    State.NOT_STARTED: _("未开始"),
}
REASON_WORDS: dict[Reason, str | Promise] = {
    Reason.NO_TARGET: _("方案没有写明目标值，不判断进度。"),
    Reason.NO_OBSERVATION: _("还没有核实过的报告，已认定数未知，不等于零。"),
    Reason.LATEST_UNKNOWN: _("最近一期没有数，按上一期的数判断。"),
    Reason.NO_BASELINE: _("没有登记基数（有基数，或自方案起算），不知道起点，不判断进度。"),
    Reason.BEFORE_FIRST_POINT: _("还没有到进度安排的第一个时点。"),
    Reason.HOLDS_SO_FAR: _("目前已达到，期末前仍可能变化。"),
    Reason.ENDED: _("期限已到。"),
    Reason.SHARE_UNDEFINED: _("目标值为零，完成比例没有意义。"),
    Reason.ABOVE_RANGE: _("已超过区间上限。"),
    Reason.FEW_POINTS: _("核实过的期数不足四期，不作预测。"),
    Reason.FLOORED: _("累计数不会下降，预测区间的下限按当前数取。"),
}
_SAID_BESIDE_A_PROJECTION = (Reason.FEW_POINTS, Reason.FLOORED)


@dataclass(frozen=True, slots=True)
class Status:
    """Where a target stands. `attainment` is None where it cannot be judged; `why` says what explains the state.

    `counted` is the public figure; where a baseline was measured, the number judged is baseline + counted.
    """

    fact: Facts
    counted: Figure
    added: Added
    goal: Goal | None
    attainment: Attainment | None
    why: tuple[str, ...]
    observations: tuple[Observation, ...] = ()

    @property
    def state(self) -> State:
        return self.attainment.state if self.attainment else State.UNKNOWN

    @property
    def label(self) -> str:
        return str(STATE_WORDS[self.state])

    @property
    def share(self) -> float | None:
        """What was reached as a share of the target, not capped; None if unknown."""
        return self.attainment.share if self.attainment else None

    @property
    def score(self) -> float | None:
        """What enters a roll-up: the share within [0, 1]; None if unknown."""
        return self.attainment.score if self.attainment else None

    @property
    def behind(self) -> bool:
        """Whether the target is behind its path, if only slightly."""
        return self.state in BEHIND

    @property
    def sentence(self) -> str:
        return "".join(self.why)

    @property
    def projection_note(self) -> str:
        """What must be said of the projection, or why there is none."""
        reasons = self.attainment.reasons if self.attainment else ()
        return "".join(str(REASON_WORDS[reason]) for reason in reasons if reason in _SAID_BESIDE_A_PROJECTION)


BEHIND = (State.SLIGHTLY_BEHIND, State.BEHIND)


def statuses(
    targets: Iterable[Target], *, as_of: dt.datetime, series: bool = False, on: Ground | None = None
) -> dict[int, Status]:
    """Return where targets stand at a moment, by primary key, in the same few queries for any number.

    With `series` the numbers at the ends of the periods reported are loaded too, which pace and projection need;
    the state does not depend on it: it compares the newest number with the path of the day asked for.
    `on`: see `ground`.
    """
    base = on or ground(targets, as_of=as_of)
    facts, counted = base.facts, base.counted
    extras = added([fact.key for fact in facts], as_of)
    seen = observations(facts, counted, as_of) if series else {}
    tolerance = path_tolerance()
    return {
        fact.pk: judge(
            fact,
            counted[fact.pk],
            extras.get(fact.key, Added()),
            as_of,
            tolerance=tolerance,
            series=seen.get(fact.key),
        )
        for fact in facts
    }


def judge(
    fact: Facts,
    counted: Figure,
    extra: Added,
    as_of: dt.datetime,
    *,
    tolerance: Decimal,
    series: Sequence[tuple[dt.date, Decimal]] | None = None,
) -> Status:
    """Return where one target stands. `series`: what was counted by the end of each period; None: the newest number."""
    day = timezone.localdate(as_of)
    found = goal_of(fact, extra)
    if found.goal is None:
        return Status(fact, counted, extra, None, None, (str(found.why),))
    points = series
    if points is None:
        points = () if counted.value is None else ((day, Decimal(counted.value)),)
    seen = tuple(Observation(on, value + extra.before) for on, value in points)
    attainment = assess(found.goal, seen, day, tolerance=tolerance)
    why = tuple(str(REASON_WORDS[reason]) for reason in attainment.reasons if reason not in _SAID_BESIDE_A_PROJECTION)
    return Status(fact, counted, extra, found.goal, attainment, why, seen)


def observations(
    facts: Sequence[Facts], counted: dict[int, Figure], as_of: dt.datetime
) -> dict[Key, list[tuple[dt.date, Decimal]]]:
    """Return, for each target, what was counted by the end of each period in which a report of it was verified.

    A result belongs to the earliest period whose verified report claimed it, whenever it was verified; a period that
    has not ended counts up to the day asked for. The last number is the counted figure itself.
    """
    day = timezone.localdate(as_of)
    gained = _gained(facts, as_of)
    ends = _verified_ends(facts, as_of)
    made: dict[Key, list[tuple[dt.date, Decimal]]] = {}
    for fact in facts:
        total = counted[fact.pk].value
        if total is None:
            continue
        steps = gained.get(fact.key, {})
        days = sorted(set(steps) | ends.get((fact.key[0], fact.measure), set()))
        value, points = Decimal(0), {}
        for end in days:
            value += steps.get(end, Decimal(0))
            points[min(end, day)] = value
        # What no verified report places in a period is there today.
        if not points or value != total:
            points[day] = Decimal(total)
        made[fact.key] = sorted(points.items())
    return made


def _gained(facts: Sequence[Facts], as_of: dt.datetime) -> dict[Key, dict[dt.date, Decimal]]:
    """Return what each target gained in each period, by the period's last day."""
    first = (
        Claim.objects.for_system("counted numbers are public")
        .filter(verified_by(as_of), result=OuterRef("result"))
        .order_by()
        .values("result")
        .annotate(end=Min("report__round__period_end"))
        .values("end")
    )
    wanted = Q(pk__in=[])
    for plan, key in {fact.key for fact in facts}:
        wanted |= Q(plan=plan, target_key=key)
    rows = (
        counts(as_of=as_of)
        .filter(wanted)
        .annotate(end=Subquery(first))
        .order_by()
        .values_list("plan", "target_key", "end")
        .annotate(total=Sum("result__quantity"))
    )
    found: dict[Key, dict[dt.date, Decimal]] = {}
    for plan, key, end, total in rows:
        if end is not None:
            found.setdefault((plan, key), {})[end] = exact(total) or Decimal(0)
    return found


def _verified_ends(facts: Sequence[Facts], as_of: dt.datetime) -> dict[Key, set[dt.date]]:
    """Return the last days of the periods in which a report of each measure had been verified, by (plan, measure)."""
    rows = (
        ReportVersion.objects.filter(
            report__assignment__plan__in={fact.key[0] for fact in facts},
            event=ReportEvent.VERIFIED,
            at__lte=as_of,
        )
        .order_by()
        .values_list("report__assignment__plan", "report__assignment__measure_key", "report__round__period_end")
        .distinct()
    )
    found: dict[Key, set[dt.date]] = {}
    for plan, measure, end in rows:
        found.setdefault((plan, measure), set()).add(end)
    return found


def public_countings(targets: Sequence[Target], as_of: dt.datetime) -> dict[int, Counting]:
    """Return what anybody may know: counted numbers and status words. Registered with plans.figures."""
    return {
        pk: Counting(status.counted, status.state.value, status.label, status.sentence, status.share)
        for pk, status in statuses(targets, as_of=as_of).items()
    }
