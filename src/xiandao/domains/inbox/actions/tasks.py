"""Putting tasks into the inbox and clearing them: called by the actions of other domains, in their transaction.

A task is a consequence of an action, which has its audit record; opening and clearing leave none of their own.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from xiandao.domains.inbox.calendar import work_calendar
from xiandao.domains.inbox.models import ClockRule, Task, TaskState
from xiandao.domains.inbox.registry import TaskKind, kinds
from xiandao.domains.orgs.viewer import Viewer


@dataclass(frozen=True, slots=True)
class NewTask:
    """A task to open. Either `rule` (key of deadlines.yaml) or `due_on`, or neither: then nothing runs."""

    kind: TaskKind
    organisation_id: int
    object_kind: str
    object_key: str
    subject: str
    subject_en: str = ""
    rule: str = ""
    due_on: dt.date | None = None
    person_id: int | None = None
    note: str = ""
    # The day the clock of `rule` starts, where that is not the day the task is opened.
    since: dt.date | None = None


def open_task(actor: Viewer, task: NewTask, *, now: dt.datetime | None = None) -> None:
    """Open one task unless the very same is open already."""
    open_tasks(actor, [task], now=now)


def open_tasks(actor: Viewer, tasks: Sequence[NewTask], *, now: dt.datetime | None = None) -> int:
    """Open tasks, skipping those that are open already, and return how many were opened.

    Raises ValueError for an unregistered kind, ClockRule.DoesNotExist for a rule the pack does not have.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("待办必须与引起它的操作写在同一事务中")
    moment = now or timezone.now()
    today = timezone.localdate(moment)
    rules = _rules({task.rule for task in tasks if task.rule})
    calendar = work_calendar()
    dues = {}
    rows = []
    for task in tasks:
        if kinds().get(task.kind.code) is not task.kind:
            raise ValueError(f"待办事项 {task.kind.code} 未登记")
        row = Task(
            kind=task.kind.code,
            capability=task.kind.capability,
            organisation_id=task.organisation_id,
            person_id=task.person_id,
            object_kind=task.object_kind,
            object_key=str(task.object_key),
            subject=task.subject[:300],
            subject_en=task.subject_en[:300],
            opened_at=moment,
            opened_by=actor.name,
            note=task.note[:500],
            due_on=task.due_on,
        )
        if task.rule:
            start = task.since or today
            row.clock_rule, row.clock_started_on = rules[task.rule], start
            if (task.rule, start) not in dues:
                row.reset_due(calendar)
                dues[task.rule, start] = (row.due_on, row.due_provisional)
            row.due_on, row.due_provisional = dues[task.rule, start]
        rows.append(row)
    before = Task.objects.for_system("counting").count()
    # The unique constraint on open tasks decides, so that two clicks open one task.
    Task.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    return Task.objects.for_system("counting").count() - before


def renew_tasks(tasks: Sequence[NewTask]) -> int:
    """Bring open tasks up to date with what waits now: their words, and the day their clock started.

    For tasks that stand for many things at once. A clock that was paused or extended keeps its own time. Returns how
    many changed.
    """
    calendar, changed = work_calendar(), 0
    for task in tasks:
        row = (
            Task.objects.for_system("the domain has checked who acts")
            .select_related("clock_rule")
            .filter(
                kind=task.kind.code,
                object_kind=task.object_kind,
                object_key=str(task.object_key),
                organisation=task.organisation_id,
                state=TaskState.OPEN,
            )
            .first()
        )
        if row is None:
            continue
        before = (row.subject, row.subject_en, row.clock_started_on)
        row.subject, row.subject_en = task.subject[:300], task.subject_en[:300]
        untouched = not row.clock_pauses and not row.clock_extension
        if row.clock_rule_id and task.since and untouched and row.clock_started_on != task.since:
            row.clock_started_on, row.lapsed_on, row.reminded_on = task.since, None, None
            row.reset_due(calendar)
        if before != (row.subject, row.subject_en, row.clock_started_on):
            row.save()
            changed += 1
    return changed


def _rules(keys: set[str]) -> dict[str, ClockRule]:
    found = ClockRule.objects.in_bulk(keys)
    missing = keys - set(found)
    if missing:
        raise ClockRule.DoesNotExist(f"政策包没有时限 {'、'.join(sorted(missing))}")
    return found


def clear_tasks(
    actor: Viewer,
    *,
    kind: TaskKind,
    object_keys: Iterable[str],
    now: dt.datetime | None = None,
    state: TaskState = TaskState.DONE,
) -> int:
    """Close the open tasks of a kind on objects because the thing was done; return how many there were."""
    moment = now or timezone.now()
    keys = [str(key) for key in object_keys]
    closed = 0
    for start in range(0, len(keys), 500):
        closed += (
            Task.objects.for_system("the domain has checked who acts")
            .filter(kind=kind.code, object_key__in=keys[start : start + 500], state=TaskState.OPEN)
            .update(state=state, closed_at=moment, closed_by=actor.name, clock_met_on=timezone.localdate(moment))
        )
    return closed


def withdraw_tasks(actor: Viewer, *, kind: TaskKind, object_keys: Iterable[str], now: dt.datetime | None = None) -> int:
    """Take back tasks that need not be done any more."""
    return clear_tasks(actor, kind=kind, object_keys=object_keys, now=now, state=TaskState.WITHDRAWN)
