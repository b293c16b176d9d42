"""Stopping, restarting and extending the clock of a task, by the kernel's rules; refusals are its sentences."""

import datetime as dt
from collections.abc import Callable
from typing import Any, cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import RegisteredAction, name_kind, register
from xiandao.domains.inbox.calendar import work_calendar
from xiandao.domains.inbox.models import Task, TaskState
from xiandao.domains.inbox.registry import kinds
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import ALLOWED, Answer, Conflict, Refused, refuse
from xiandao.domains.orgs.viewer import Viewer
from xiandao.kernel.deadline import DeadlineClock
from xiandao.kernel.errors import InvalidValue

PAUSED = register("inbox.clock_paused", _("中止计时"))
RESUMED = register("inbox.clock_resumed", _("恢复计时"))
EXTENDED = register("inbox.clock_extended", _("延长时限"))
name_kind("task", pgettext_lazy("one", "待办"))
_WHY = "the kind of task says who may change its clock"


def may_change_clock(viewer: Viewer, task: Task) -> Answer:
    """Return whether a viewer may stop, restart or extend a task's clock, and if not why."""
    kind = kinds().get(task.kind)
    if kind is not None and kind.may_change_clock is not None:
        return kind.may_change_clock(viewer, task)
    if viewer.can(Can.STEER):
        return ALLOWED
    return refuse(_("时限的中止、恢复和延长由统筹协调单位办理。"))


def pause_clock(actor: Viewer, *, pk: int, reason: str, today: dt.date | None = None) -> Task:
    """Stop a task's clock from today on; today no longer counts.

    Raises Task.DoesNotExist, Refused (not allowed, no reason), Conflict (closed, overdue and dealt with, no clock by
    a rule, stopped already).
    """
    said = _reason(reason)
    day = today or timezone.localdate()
    return _change(actor, pk, PAUSED, lambda clock: clock.paused(day, said), reason=said)


def resume_clock(actor: Viewer, *, pk: int, today: dt.date | None = None) -> Task:
    """Let a stopped clock run again; today counts. Raises as `pause_clock`, Conflict where it is not stopped."""
    day = today or timezone.localdate()
    return _change(actor, pk, RESUMED, lambda clock: clock.resumed(day))


def extend_clock(actor: Viewer, *, pk: int, by: int, reason: str, approver: str, today: dt.date | None = None) -> Task:
    """Extend a task's clock by so many units of its rule; once, within the rule's limit and before time is up.

    `approver` is who approved it, as the file says. Raises as `pause_clock`; Conflict where the rule allows none.
    """
    said = _reason(reason)
    day = today or timezone.localdate()

    def change(clock: DeadlineClock) -> DeadlineClock:
        return clock.extended(by, said, approver, on=day, calendar=work_calendar())

    return _change(actor, pk, EXTENDED, change, reason=said)


def _reason(given: str) -> str:
    said = given.strip()
    if not said:
        raise Refused(_("请写明理由。"))
    return said[:300]


@transaction.atomic
def _change(
    actor: Viewer,
    pk: int,
    action: RegisteredAction,
    change: Callable[[DeadlineClock], DeadlineClock],
    *,
    reason: str = "",
) -> Task:
    """Change the clock of one task and its last day with it."""
    rows = Task.objects.for_system(_WHY).select_related("clock_rule", "organisation")
    task = cast("Task", rows.select_for_update(of=("self",)).get(pk=pk))
    answer = may_change_clock(actor, task)
    if not answer and not Task.objects.visible_to(actor).filter(pk=pk).exists():
        raise Task.DoesNotExist
    answer.require()
    if task.state != TaskState.OPEN:
        raise Conflict(_("这项事项现为“%(state)s”，时限不再变动。") % {"state": task.get_state_display()})
    if task.lapsed_on is not None:
        raise Conflict(_("时限已于 %(day)s 届满并作了处理，不能再变动。") % {"day": task.due_on})
    clock = task.clock
    if clock is None:
        raise Conflict(_("这项待办没有按规定计算的时限，不能中止或延长。"))
    before = _facts(task)
    try:
        task.clock = change(clock)
    except InvalidValue as invalid:
        raise Conflict(str(invalid)) from invalid
    task.reset_due(work_calendar())
    task.save(update_fields=["clock_pauses", "clock_extension", "due_on", "due_provisional"])
    label = f"{task.organisation.name} {task.subject}"
    audit.record(actor, action, kind="task", key=str(pk), label=label, before=before, after=_facts(task), reason=reason)
    return task


def _facts(task: Task) -> dict[str, Any]:
    return {
        "rule": task.clock_rule_id,
        "due_on": task.due_on,
        "pauses": task.clock_pauses,
        "extension": task.clock_extension,
    }
