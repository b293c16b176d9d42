"""Splitting a measure into sub-tasks, and taking a split back. Nothing is split silently: a page shows it all first."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import register
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Organisation
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.models import Measure, Plan, PlanVersion
from xiandao.domains.progress.actions.targets_check import BadFields
from xiandao.domains.progress.models import (
    Assignment,
    AssignmentOrigin,
    AssignmentRole,
    Report,
    ReportState,
    RoundState,
    SubTask,
)
from xiandao.domains.progress.queries.targets import measure_in_force

SPLIT = register("progress.measure_split", gettext_lazy("拆分任务"))
SPLIT_WITHDRAWN = register("progress.split_withdrawn", gettext_lazy("撤销任务拆分"))
FEWEST, MOST = 2, 50
MOST_WEIGHT, FINEST_WEIGHT = Decimal(10000), Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Part:
    """One sub-task to be: `weight` is relative to its siblings; `lead` answers for it, `helping` help."""

    name: str
    weight: Decimal
    lead: Organisation
    helping: tuple[Organisation, ...] = ()
    due_on: dt.date | None = None
    note: str = ""

    @property
    def bodies(self) -> list[tuple[Organisation, AssignmentRole]]:
        """The responsible bodies, each with its role."""
        return [(self.lead, AssignmentRole.LEAD), *((body, AssignmentRole.WITH) for body in self.helping)]


def check_split(actor: Viewer, *, plan: str, measure: str, parts: Sequence[Part]) -> Measure:
    """Return the measure if it could be split like this; nothing is written. Raises as `split_measure` does."""
    if not actor.can(Can.STEER):
        raise Refused(_("只有统筹协调单位可以拆分任务。"))
    found = _measure(actor, plan, measure)
    live = SubTask.objects.visible_to(actor).filter(plan=found.version.plan_id, measure_key=measure, ended_at=None)
    if live.exists():
        raise Conflict(_("这项任务已经拆分：请先撤销现有的拆分，再重新拆分。"))
    faults = _faults(parts)
    if faults:
        raise BadFields(faults)
    return found


@transaction.atomic
def split_measure(
    actor: Viewer, *, plan: str, measure: str, parts: Sequence[Part], now: dt.datetime | None = None
) -> list[SubTask]:
    """Split a measure (keys of plan and measure) into sub-tasks, each with a duty for each of its bodies.

    The duties of the measure itself stay: its lead answers for the whole. Raises BadFields (fields "2.name"),
    Conflict where the measure is split already, Refused for those who do not steer.
    """
    moment = now or timezone.now()
    _lock(plan)
    found = check_split(actor, plan=plan, measure=measure, parts=parts)
    plan_id = found.version.plan_id
    everything = SubTask.objects.for_system("numbering").filter(plan=plan_id, measure_key=measure)
    last = everything.aggregate(n=Max("number"))["n"] or 0
    made = SubTask.objects.bulk_create(
        SubTask(
            plan_id=plan_id,
            measure_key=measure,
            number=number,
            name=part.name.strip(),
            weight=part.weight,
            due_on=part.due_on,
            note=part.note.strip(),
            created_at=moment,
            created_by=actor.name,
        )
        for number, part in enumerate(parts, last + 1)
    )
    Assignment.objects.bulk_create(
        Assignment(
            plan_id=plan_id,
            measure_key=measure,
            subtask=row,
            organisation=body,
            region_id=body.region_id,
            role=role,
            origin=AssignmentOrigin.SPLIT,
            started_at=moment,
        )
        for row, part in zip(made, parts, strict=True)
        for body, role in part.bodies
    )
    audit.record(
        actor,
        SPLIT,
        kind="measure",
        key=f"{plan}/{measure}",
        label=found.name,
        after={"parts": [_plain(p) for p in parts]},
    )
    return made


@transaction.atomic
def withdraw_split(
    actor: Viewer, *, plan: str, measure: str, reason: str, now: dt.datetime | None = None
) -> list[SubTask]:
    """Take a split back: its sub-tasks and their duties end, their reports stay to be read.

    Raises Conflict where the measure is not split, or a sub-task has a report in a round that is open; Refused.
    """
    moment = now or timezone.now()
    if not actor.can(Can.STEER):
        raise Refused(_("只有统筹协调单位可以撤销任务拆分。"))
    _lock(plan)
    found = _measure(actor, plan, measure)
    live = SubTask.objects.visible_to(actor).filter(plan=found.version.plan_id, measure_key=measure, ended_at=None)
    parts = list(live)
    if not parts:
        raise Conflict(_("这项任务没有拆分。"))
    if not reason.strip():
        raise Refused(_("请写明撤销拆分的理由。"))
    duties = Assignment.objects.for_system("ending a split").filter(subtask__in=parts, ended_at=None)
    written = (
        Report.objects.for_system("whether a split can be taken back")
        .filter(assignment__in=duties, round__state=RoundState.OPEN)
        .exclude(state=ReportState.VERIFIED)
    )
    if written.exists():
        sentence = _("子任务在开启的填报期中还有 %(n)s 份报告没有办结：请先办结或关闭填报期，再撤销拆分。")
        raise Conflict(sentence % {"n": written.count()})
    before = [{"number": row.number, "name": row.name, "weight": row.weight, "due_on": row.due_on} for row in parts]
    duties.update(ended_at=moment)
    live.update(ended_at=moment)
    audit.record(
        actor,
        SPLIT_WITHDRAWN,
        kind="measure",
        key=f"{plan}/{measure}",
        label=found.name,
        before={"parts": before},
        reason=reason.strip()[:1000],
    )
    return parts


def _lock(plan: str) -> None:
    list(Plan.objects.for_system("one change at a time").select_for_update().filter(code=plan))


def _measure(actor: Viewer, plan: str, key: str) -> Measure:
    try:
        found: Measure = measure_in_force(actor, plan, key)
    except (PlanVersion.DoesNotExist, Measure.DoesNotExist):
        raise Refused(_("现行方案中没有这项任务（%(key)s）。") % {"key": key}) from None
    return found


def _faults(parts: Sequence[Part]) -> list[tuple[str, str]]:
    if not FEWEST <= len(parts) <= MOST:
        sentence = _("一项任务拆成 %(fewest)s 至 %(most)s 个子任务。")
        return [("", sentence % {"fewest": FEWEST, "most": MOST})]
    faults: list[tuple[str, str]] = []
    names: dict[str, int] = {}
    for place, part in enumerate(parts, 1):
        name = part.name.strip()
        if not name or len(name) > 200:  # noqa: PLR2004 — the column
            faults.append((f"{place}.name", _("请填写子任务名称，最多 200 字。")))
        elif name in names:
            faults.append((f"{place}.name", _("与第 %(n)s 个子任务重名。") % {"n": names[name]}))
        names.setdefault(name, place)
        if not part.weight.is_finite() or not 0 < part.weight <= MOST_WEIGHT:
            faults.append((f"{place}.weight", _("权重应为大于零、不超过 %(n)s 的数。") % {"n": MOST_WEIGHT}))
        elif part.weight != part.weight.quantize(FINEST_WEIGHT):
            # Kept more coarsely, a small weight would be none.
            faults.append((f"{place}.weight", _("权重最多四位小数。")))
        bodies = [body.pk for body, _role in part.bodies]
        if len(set(bodies)) < len(bodies):
            faults.append((f"{place}.helping", _("同一单位在一个子任务中只列一次。")))
    return faults


def _plain(part: Part) -> dict[str, object]:
    return {
        "name": part.name.strip(),
        "weight": part.weight,
        "due_on": part.due_on,
        "lead": part.lead.code,
        "helping": [body.code for body in part.helping],
        "note": part.note.strip(),
    }
