"""What the worker does with clocks: last days anew, reminders, and what follows when time is up.

Everything may be run twice, or be killed and run again: each step asks in its own write whether it is still to be done.
"""

import datetime as dt
import json
import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import name_kind, register
from xiandao.domains.inbox.calendar import work_calendar
from xiandao.domains.inbox.models import ClockRule, PackValue, Task, TaskSeen, TaskState
from xiandao.domains.inbox.packvalues import value
from xiandao.domains.inbox.registry import kinds
from xiandao.domains.inbox.signals import clocks_ran
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.orgs.viewer import Viewer
from xiandao.kernel.calendar import WorkCalendar
from xiandao.kernel.deadline import SilenceMeans

RAN = register("inbox.clocks_run", _("检查时限"))
LAPSED = register("inbox.task_lapsed", _("时限届满"))
name_kind("clocks", _("时限"))
_log = logging.getLogger(__name__)
_WHY = "the worker keeps everybody's clocks"
_BATCH: Final = 500
# What the rule does when time is up, after which the task is over without having been done.
_ENDING: Final = ("close", "next_step")
_OPEN = Q(state=TaskState.OPEN)


@dataclass(frozen=True, slots=True)
class ClocksRun:
    """What a run did: last days changed, tasks reminded of, overdue, whose rule was carried out; and what failed."""

    reset: int = 0
    reminded: int = 0
    overdue: int = 0
    lapsed: int = 0
    failed: int = 0

    @property
    def did_something(self) -> bool:
        """Whether anything was done or tried."""
        return any(asdict(self).values())


def run_clocks(actor: Viewer, *, today: dt.date | None = None, now: dt.datetime | None = None) -> ClocksRun:
    """Bring every open task in line with the day: last days, reminders, lapses; then let other domains do theirs.

    One transaction for each lapse that a kind of task carries out, and for each batch of the rest. What fails is
    logged, counted and tried again by the next run. Raises Refused unless the system acts.
    """
    if not actor.is_system:
        raise Refused(_("时限由后台任务检查。"))
    moment = now or timezone.now()
    day = today or timezone.localdate(moment)
    reset = reset_dues()
    reminded = _remind(day, moment)
    overdue = _mark_overdue(day)
    lapsed, failed = _lapse_all(actor, day, moment)
    for listener, answer in clocks_ran.send_robust(sender=Task, actor=actor, today=day, now=moment):
        if isinstance(answer, Exception):
            _log.error("clocks of %s failed", listener, exc_info=answer)
            failed += 1
    done = ClocksRun(reset, reminded, overdue, lapsed, failed)
    if done.did_something:
        with transaction.atomic():
            audit.record(actor, RAN, kind="clocks", key=day.isoformat(), label=day.isoformat(), after=asdict(done))
    return done


# ---- Last days


def reset_dues() -> int:
    """Compute the last days of running clocks anew and return how many changed.

    They change when a holiday notice arrives or the pack states another length; those dealt with stay as they are.
    """
    fields = ("pk", "clock_rule_id", "clock_started_on", "clock_pauses", "clock_extension", "due_on", "due_provisional")
    rules, calendar = ClockRule.objects.in_bulk(), work_calendar()
    known: dict[tuple[Any, ...], tuple[dt.date | None, bool]] = {}
    wrong: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    rows = Task.objects.for_system(_WHY).filter(_OPEN, clock_rule__isnull=False, lapsed_on=None).order_by()
    for pk, rule, started, pauses, extension, due_on, provisional in rows.values_list(*fields):
        key = (rule, started, json.dumps(pauses) if pauses else "", json.dumps(extension) if extension else "")
        if key not in known:
            row = Task(clock_rule=rules[rule], clock_started_on=started, clock_pauses=pauses, clock_extension=extension)
            row.reset_due(calendar)
            known[key] = (row.due_on, row.due_provisional)
        if known[key] != (due_on, provisional):
            wrong[(*known[key], due_on)].append(pk)
    changed = 0
    for (right, provisional, was), pks in wrong.items():
        # Unless somebody stopped or extended the clock meanwhile: then it has a new last day already.
        as_read = Q(due_on__isnull=True) if was is None else Q(due_on=was)
        for part in _batches(pks):
            changed += (
                Task.objects.for_system(_WHY)
                .filter(_OPEN, as_read, pk__in=part, lapsed_on=None)
                .update(due_on=right, due_provisional=provisional)
            )
    return changed


# ---- Reminders


def _remind(today: dt.date, now: dt.datetime) -> int:
    """Show tasks as new again whose last day is near, once; those that came today are new as it is."""
    try:
        days = int(value("remind_days_before"))
    except PackValue.DoesNotExist:
        return 0
    near = _working_days_later(today, days, work_calendar())
    start_of_day = timezone.make_aware(dt.datetime.combine(timezone.localdate(now), dt.time()))
    waiting = _OPEN & Q(reminded_on=None, due_on__gte=today, due_on__lte=near, opened_at__lt=start_of_day)
    return sum(_show_again(part, waiting, today) for part in _batches(_pks(waiting)))


def _working_days_later(day: dt.date, days: int, calendar: WorkCalendar) -> dt.date:
    for _number in range(days):
        day, _provisional = calendar.next_working(day + dt.timedelta(days=1))
    return day


@transaction.atomic
def _show_again(pks: Sequence[int], condition: Q, today: dt.date, **changes: Any) -> int:
    """Mark tasks as reminded of, if the condition still holds, and as not seen by anybody."""
    rows = Task.objects.for_system(_WHY).filter(condition, pk__in=pks)
    changed = rows.update(reminded_on=today, **changes)
    TaskSeen.objects.filter(task__in=pks).delete()
    return changed


def _pks(condition: Q) -> list[int]:
    return list(Task.objects.for_system(_WHY).filter(condition).order_by("pk").values_list("pk", flat=True))


def _batches(pks: Sequence[int]) -> Iterable[Sequence[int]]:
    return (pks[start : start + _BATCH] for start in range(0, len(pks), _BATCH))


# ---- Lapses


def _over(today: dt.date) -> Q:
    return _OPEN & Q(due_on__lt=today, lapsed_on=None)


def _ends() -> Q:
    """Return the condition of tasks whose rule ends them when time is up, or reads something into silence."""
    silent = Q(clock_rule__isnull=False) & ~Q(clock_rule__silence=SilenceMeans.NONE.value)
    return Q(clock_rule__on_lapse__in=_ENDING) | silent


def _acting_kinds() -> list[str]:
    """Return the kinds that have something of their own to do when time is up."""
    return [code for code, kind in kinds().items() if kind.lapse is not None]


def _mark_overdue(today: dt.date) -> int:
    """Mark overdue tasks that stay where they are: shown as new again, overdue."""
    condition = _over(today) & ~Q(kind__in=_acting_kinds()) & ~_ends()
    return sum(_show_again(part, _over(today), today, lapsed_on=today) for part in _batches(_pks(condition)))


def _lapse_all(actor: Viewer, today: dt.date, now: dt.datetime) -> tuple[int, int]:
    """Carry out what rules and kinds say of each task whose time is up; return how many were done, how many failed."""
    done = failed = 0
    for pk in _pks(_over(today) & (Q(kind__in=_acting_kinds()) | _ends())):
        try:
            done += _lapse(actor, pk, today, now)
        except Exception:  # noqa: BLE001 — one task that cannot be dealt with must not stop the others
            _log.exception("lapse of task %s failed", pk)
            failed += 1
    return done, failed


@transaction.atomic
def _lapse(actor: Viewer, pk: int, today: dt.date, now: dt.datetime) -> bool:
    """Deal with one task whose time is up: all of it or nothing. Return False where somebody else was faster."""
    rows = Task.objects.for_system(_WHY).select_related("clock_rule", "organisation")
    task = rows.select_for_update(of=("self",)).filter(_over(today), pk=pk).first()
    if task is None:
        return False
    task.lapsed_on = task.reminded_on = today
    task.save(update_fields=["lapsed_on", "reminded_on"])
    TaskSeen.objects.filter(task=task).delete()
    kind = kinds().get(task.kind)
    if kind is not None and kind.lapse is not None:
        kind.lapse(actor, task)
    rule = task.clock_rule
    ends = rule is not None and (rule.on_lapse in _ENDING or rule.silence != SilenceMeans.NONE.value)
    if ends:
        ended = {"state": TaskState.LAPSED, "closed_at": now, "closed_by": actor.name, "clock_met_on": None}
        Task.objects.for_system(_WHY).filter(pk=pk).update(**ended)
    audit.record(
        actor,
        LAPSED,
        kind=task.object_kind,
        key=task.object_key,
        label=f"{task.organisation.name} {task.subject}",
        after={
            "task": pk,
            "kind": task.kind,
            "due_on": task.due_on,
            "rule": task.clock_rule_id,
            "on_lapse": rule.on_lapse if rule else None,
            "silence": rule.silence if rule else None,
            "ended": ends,
        },
    )
    return True
