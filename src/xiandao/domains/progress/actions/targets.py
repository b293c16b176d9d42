"""Baseline and path of a target. What was recorded is superseded, never edited: any past day can be told."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import register
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.models import Target
from xiandao.domains.progress.actions.targets_check import BadFields, fits, object_key, steered_target
from xiandao.domains.progress.figures.goals import Added, goal_of, points_of, span_of, unjudged
from xiandao.domains.progress.figures.sums import Facts, exact, facts_of
from xiandao.domains.progress.models import Baseline, BaselineKind, Path
from xiandao.domains.progress.queries.targets import records_of
from xiandao.domains.shared.format import number

BASELINE_SET = register("progress.baseline_set", gettext_lazy("登记目标基数"))
PATH_SET = register("progress.path_set", gettext_lazy("设定目标进度安排"))
PATH_REMOVED = register("progress.path_removed", gettext_lazy("撤销目标进度安排"))
Points = Sequence[tuple[dt.date, Decimal]]


@transaction.atomic
def set_baseline(
    actor: Viewer,
    *,
    plan: str,
    key: str,
    kind: BaselineKind,
    value: Decimal | None = None,
    as_of: dt.date,
    source: str,
    now: dt.datetime | None = None,
) -> Baseline:
    """Record where a target starts: a measured value as of a day, or that nothing before the plan counts.

    `plan` is the plan's code, `key` the target's. The earlier baseline is superseded. Raises BadFields for a value,
    day or source that is missing or does not fit the target or its path, Refused for those who do not steer.
    """
    moment = now or timezone.now()
    target = steered_target(actor, plan, key)
    records = records_of(actor, target)
    made = Baseline(
        plan=target.version.plan,
        target_key=target.key,
        kind=kind,
        value=value if kind == BaselineKind.MEASURED else None,
        as_of=as_of,
        source=source.strip(),
        recorded_at=moment,
        recorded_by=actor.name,
    )
    faults = _baseline_faults(target, made, records.path, timezone.localdate(moment))
    if faults:
        raise BadFields(faults)
    before = records.baseline
    if before is not None:
        _supersede(before, moment)
    made.save()
    audit.record(
        actor,
        BASELINE_SET,
        kind="target",
        key=object_key(target),
        label=target.name,
        before=_plain_baseline(before),
        after=_plain_baseline(made),
    )
    return made


def _baseline_faults(target: Target, made: Baseline, path: Path | None, today: dt.date) -> list[tuple[str, str]]:
    (fact,) = facts_of([target])
    faults = []
    if not made.source:
        faults.append(("source", _("请写明出处：文件、统计资料或登记依据。")))
    if len(made.source) > 500:  # noqa: PLR2004 — the column
        faults.append(("source", _("出处最多 500 字。")))
    if made.as_of > today:
        faults.append(("as_of", _("截至日期不能晚于今天。")))
    why = unjudged(fact)
    if why:
        return [*faults, ("", str(why))]
    if made.kind == BaselineKind.MEASURED:
        faults += _value_faults(fact, made.value)
    span = span_of(fact)
    if span is not None and made.as_of >= span[1]:
        faults.append(("as_of", _("截至日期应早于完成期限 %(end)s。") % {"end": span[1]}))
    if not faults and goal_of(fact, Added(made, path)).goal is None:
        faults.append(("", _("与已设定的进度安排冲突：请先撤销进度安排，再登记基数。")))
    return faults


def _value_faults(fact: Facts, value: Decimal | None) -> list[tuple[str, str]]:
    if value is None:
        return [("value", _("有基数的，请填写基数；没有的，请选“自方案起算”。"))]
    if value < 0 or not fits(value):
        return [("value", _("基数应为不小于零、最多六位小数的数。"))]
    if fact.value is not None and value > fact.value:
        return [("value", _("基数大于目标值 %(value)s，请核对口径。") % {"value": number(fact.value)})]
    return []


@transaction.atomic
def set_path(
    actor: Viewer, *, plan: str, key: str, points: Points, source: str = "", now: dt.datetime | None = None
) -> Path:
    """Set what a target has to reach by which day: (day, value) in order of days, ending at the target's value.

    For numbers that add up no value is below the one before, nor the first below the baseline. The earlier path is
    superseded. Raises BadFields (fields are the ISO days, "source", or "" for the whole), Refused.
    """
    moment = now or timezone.now()
    target = steered_target(actor, plan, key)
    records = records_of(actor, target)
    faults = _path_faults(target, points, records.baseline)
    if len(source.strip()) > 500:  # noqa: PLR2004 — the column
        faults.append(("source", _("依据最多 500 字。")))
    if faults:
        raise BadFields(faults)
    before = records.path
    if before is not None:
        if points_of(before) == tuple(points) and before.source == source.strip():
            raise Conflict(_("与现行的进度安排相同，没有改动。"))
        _supersede(before, moment)
    made = Path.objects.create(
        plan=target.version.plan,
        target_key=target.key,
        points=[[day.isoformat(), str(exact(value))] for day, value in points],
        source=source.strip(),
        recorded_at=moment,
        recorded_by=actor.name,
    )
    audit.record(
        actor,
        PATH_SET,
        kind="target",
        key=object_key(target),
        label=target.name,
        before=_plain_path(before),
        after=_plain_path(made),
    )
    return made


@transaction.atomic
def remove_path(actor: Viewer, *, plan: str, key: str, reason: str, now: dt.datetime | None = None) -> None:
    """Take the path in force back: from now on the target is judged along a straight line.

    Raises Refused without a reason, Conflict where there is no path.
    """
    target = steered_target(actor, plan, key)
    before = records_of(actor, target).path
    if before is None:
        raise Conflict(_("这个目标没有进度安排，按直线推算。"))
    if not reason.strip():
        raise Refused(_("请写明撤销进度安排的理由。"))
    _supersede(before, now or timezone.now())
    audit.record(
        actor,
        PATH_REMOVED,
        kind="target",
        key=object_key(target),
        label=target.name,
        before=_plain_path(before),
        reason=reason.strip()[:1000],
    )


def _path_faults(target: Target, points: Points, baseline: Baseline | None) -> list[tuple[str, str]]:
    (fact,) = facts_of([target])
    why, span = unjudged(fact), span_of(fact)
    if why or span is None:
        return [("", str(why) or _("方案没有写明期间，不能设定进度安排。"))]
    if not points:
        return [("", _("请至少填写一个时点。"))]
    faults = [(day.isoformat(), sentence) for day, value in points for sentence in _point_faults(day, value, span)]
    for (day, value), (next_day, next_value) in pairwise(points):
        if next_day <= day:
            faults.append((next_day.isoformat(), _("时点应依次递增，不能重复。")))
        if next_value < value:
            faults.append(
                (next_day.isoformat(), _("累计数不会减少：不能小于上一时点的 %(n)s。") % {"n": number(value)})
            )
    last_day, last_value = points[-1]
    if fact.value is not None and (last_day != span[1] or last_value != fact.value):
        sentence = _("最后一个时点应是完成期限 %(day)s，数值应等于目标值 %(value)s。")
        faults.append((last_day.isoformat(), sentence % {"day": span[1], "value": number(fact.value)}))
    start = Added(baseline).before
    if points[0][1] < start:
        faults.append((points[0][0].isoformat(), _("不能小于基数 %(n)s。") % {"n": number(start)}))
    return faults or _as_goal(fact, baseline, points)


def _point_faults(day: dt.date, value: Decimal, span: tuple[dt.date, dt.date]) -> list[str]:
    faults = []
    if not span[0] < day <= span[1]:
        faults.append(_("时点应在 %(start)s 之后、%(end)s 之前（含）。") % {"start": span[0], "end": span[1]})
    if value < 0 or not fits(value):
        faults.append(_("应为不小于零、最多六位小数的数。"))
    return faults


def _as_goal(fact: Facts, baseline: Baseline | None, points: Points) -> list[tuple[str, str]]:
    """Return a fault if baseline and points together make no goal: a baseline taken after the first point."""
    path = Path(points=[[day.isoformat(), str(value)] for day, value in points])
    if goal_of(fact, Added(baseline, path)).goal is not None or baseline is None:
        return []
    return [(points[0][0].isoformat(), _("第一个时点应晚于基数的截至日期 %(day)s。") % {"day": baseline.as_of})]


def _supersede(row: Baseline | Path, moment: dt.datetime) -> None:
    row.superseded_at = moment
    row.save(update_fields=["superseded_at"])


def _plain_baseline(row: Baseline | None) -> dict[str, object] | None:
    return (
        None
        if row is None
        else {"kind": str(row.kind), "value": exact(row.value), "as_of": row.as_of, "source": row.source}
    )


def _plain_path(row: Path | None) -> dict[str, object] | None:
    return None if row is None else {"points": row.points, "source": row.source}
