"""Handing a task to a colleague of the same organisation and taking it back; marking tasks as seen."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import register
from xiandao.domains.inbox.models import Task, TaskSeen, TaskState
from xiandao.domains.orgs.models import User
from xiandao.domains.orgs.permission import ALLOWED, Answer, Conflict, Refused, refuse
from xiandao.domains.orgs.queries import posts_held
from xiandao.domains.orgs.viewer import Viewer

HANDED = register("inbox.handed", _("转交待办"))
TAKEN_BACK = register("inbox.taken_back", _("收回待办"))
_BATCH = 500


def able_colleagues(viewer: Viewer, task: Task, *, today: dt.date | None = None) -> list[User]:
    """Return who else in the task's organisation may do it, by name. One query."""
    posts = posts_held(on=today).filter(organisation=task.organisation_id, user__is_active=True)
    able = {
        post.user_id: post.user
        for post in posts.select_related("user")
        if task.capability in post.role.capabilities and post.user_id not in (viewer.user_id, task.person_id)
    }
    return sorted(able.values(), key=lambda user: user.name)


@transaction.atomic
def hand_over(actor: Viewer, *, pk: int, user_id: int, reason: str = "", now: dt.datetime | None = None) -> Task:
    """Hand a task to a colleague, who sees it as new with who handed it and why.

    Raises Task.DoesNotExist where it is not there or not for the actor, Conflict where it is closed, Refused where
    the person holds no post of the organisation today whose role may do it.
    """
    moment = now or timezone.now()
    task = _open_task(actor, pk)
    able = {user.pk: user for user in able_colleagues(actor, task, today=timezone.localdate(moment))}
    if actor.user_id is not None and user_id == actor.user_id:
        raise Refused(_("这项待办您自己可以办，不必转交。"))
    if user_id == task.person_id:
        raise Conflict(_("这项待办已经在%(name)s手中。") % {"name": task.person.name if task.person else ""})
    if user_id not in able:
        raise Refused(_("只能转交给本单位现任岗位有权办理的同事。"))
    before = _facts(task)
    task.person, task.handed_by_id, task.handed_at = able[user_id], actor.user_id, moment
    task.handed_reason = reason.strip()[:300]
    task.save(update_fields=["person", "handed_by", "handed_at", "handed_reason"])
    TaskSeen.objects.filter(task=task, user=user_id).delete()
    _record(actor, HANDED, task, before)
    return task


def may_take_back(viewer: Viewer, task: Task) -> Answer:
    """Return whether a viewer may make a task the whole organisation's again: who handed it over, and who has it."""
    if task.person_id is not None and viewer.user_id in (task.handed_by_id, task.person_id):
        return ALLOWED
    return refuse(_("只有转交人和现办理人可以收回。"))


@transaction.atomic
def take_back(actor: Viewer, *, pk: int) -> Task:
    """Take a task back from the colleague it was handed to, or give it back: it is the whole organisation's again.

    Raises Task.DoesNotExist, Conflict where it is closed or with nobody, Refused where the actor neither handed it
    over nor has it.
    """
    task = _open_task(actor, pk)
    if task.person_id is None:
        raise Conflict(_("这项待办没有转交给个人。"))
    may_take_back(actor, task).require()
    before = _facts(task)
    task.person = task.handed_by = task.handed_at = None
    task.handed_reason = ""
    task.save(update_fields=["person", "handed_by", "handed_at", "handed_reason"])
    _record(actor, TAKEN_BACK, task, before)
    return task


def _open_task(actor: Viewer, pk: int) -> Task:
    rows = Task.objects.visible_to(actor).select_related("person", "organisation")
    task = cast("Task", rows.select_for_update(of=("self",)).get(pk=pk))
    if task.state != TaskState.OPEN:
        raise Conflict(_("这项事项现为“%(state)s”，不能再转交或收回。") % {"state": task.get_state_display()})
    return task


def _facts(task: Task) -> dict[str, Any]:
    return {"person": task.person.username if task.person else None}


def _record(actor: Viewer, action: Any, task: Task, before: dict[str, Any]) -> None:
    label = f"{task.organisation.name} {task.subject}"
    reason = task.handed_reason
    audit.record(
        actor, action, kind="task", key=str(task.pk), label=label, before=before, after=_facts(task), reason=reason
    )


@transaction.atomic
def mark_seen(actor: Viewer, *, pks: Iterable[int]) -> int:
    """Mark tasks as seen by the actor and return how many were new. Those not for the actor are passed over.

    Nothing of the task changes, only what its reader is shown in bold: no audit record.
    """
    if actor.user_id is None:
        return 0
    asked = list(dict.fromkeys(pks))
    marked = 0
    for start in range(0, len(asked), _BATCH):
        part = asked[start : start + _BATCH]
        fresh = (
            Task.objects.visible_to(actor)
            .filter(pk__in=part)
            .exclude(seen__user=actor.user_id)
            .values_list("pk", flat=True)
        )
        rows = [TaskSeen(task_id=pk, user_id=actor.user_id) for pk in fresh]
        TaskSeen.objects.bulk_create(rows, ignore_conflicts=True)
        marked += len(rows)
    return marked
