"""What the inbox does when a pack is loaded, when a post ends, and when demonstration people go."""

import datetime as dt
from typing import Any

from django.db.models import Q
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import register
from xiandao.domains.inbox.actions.running import reset_dues
from xiandao.domains.inbox.models import ClockRule, PackValue, Task, TaskSeen, TaskState
from xiandao.domains.orgs.models import Post
from xiandao.domains.orgs.queries import posts_held
from xiandao.domains.orgs.signals import demo_removing, pack_loading, post_ended
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.shared.sources import describe
from xiandao.packs import PolicyPack

PASSED_ON = register("inbox.passed_on", _("岗位结束，移交待办"))


@receiver(pack_loading)
def load_clock_rules(pack: PolicyPack, **_kwargs: Any) -> None:
    """Write the time limits of deadlines.yaml; a running clock keeps its start and takes the rule's new length."""
    rows = [
        ClockRule(
            key=clock.key,
            name=clock.name,
            name_en=clock.en,
            days=clock.days,
            unit=clock.unit,
            bound=clock.bound,
            event=clock.event,
            event_en=clock.event_en,
            starts=clock.starts,
            silence=clock.silence,
            on_lapse=clock.on_lapse,
            extension_days=clock.extension_days,
            roll_to_working_day=clock.roll_to_working_day,
            source=describe(pack, clock.source),
            confidence=clock.source.confidence,
        )
        for clock in pack.deadlines.deadlines
    ]
    fields = [field.name for field in ClockRule._meta.concrete_fields if not field.primary_key]  # noqa: SLF001
    ClockRule.objects.bulk_create(rows, update_conflicts=True, unique_fields=["key"], update_fields=fields)
    reset_dues()


@receiver(pack_loading)
def load_values(pack: PolicyPack, **_kwargs: Any) -> None:
    """Write the single values of progress.yaml."""
    if pack.progress is None:
        return
    source = describe(pack, pack.progress.source)
    rows = [
        PackValue(key=key, value=value, source=source, confidence=pack.progress.source.confidence)
        for key, value in pack.progress.model_dump(mode="json", exclude={"source"}).items()
    ]
    PackValue.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["key"], update_fields=["value", "source", "confidence"]
    )


@receiver(post_ended, dispatch_uid="inbox.pass_on_tasks")
def pass_on_tasks(actor: Viewer, post: Post, successor: Post | None, today: dt.date, **_kwargs: Any) -> None:
    """Hand what was handed to a person who leaves a post to the successor, else back to the whole organisation.

    What the person may do in another post of the same organisation stays theirs.
    """
    other_posts = posts_held(on=today).filter(user=post.user_id, organisation=post.organisation_id).exclude(pk=post.pk)
    kept = {capability for other in other_posts for capability in other.role.capabilities}
    leaving = (
        Task.objects.for_system("the post that could do them has ended")
        .filter(state=TaskState.OPEN, person=post.user_id, organisation=post.organisation_id)
        .exclude(capability__in=kept)
    )
    follows = successor is not None and successor.organisation_id == post.organisation_id
    able = set(successor.role.capabilities) if successor is not None and follows else set()
    theirs = list(leaving.filter(capability__in=able).values_list("pk", flat=True))
    everybodys = list(leaving.exclude(pk__in=theirs).values_list("pk", flat=True))
    cleared = {"handed_by": None, "handed_at": None, "handed_reason": ""}
    if successor is not None and theirs:
        rows = Task.objects.for_system("chosen above").filter(pk__in=theirs)
        rows.update(person=successor.user_id, **cleared)
        TaskSeen.objects.filter(task__in=theirs, user=successor.user_id).delete()
    if everybodys:
        rows = Task.objects.for_system("chosen above").filter(pk__in=everybodys)
        rows.update(person=None, **cleared)
    if theirs or everybodys:
        to = successor.user.username if successor is not None else None
        audit.record(
            actor,
            PASSED_ON,
            kind="user",
            key=post.user.username,
            label=post.user.name,
            after={"to": to, "handed_to_successor": theirs, "back_to_organisation": everybodys},
        )


@receiver(demo_removing, dispatch_uid="inbox.remove_demo")
def remove_demo(**_kwargs: Any) -> None:
    """Remove the tasks of demonstration bodies, and take demonstration people off the tasks of others."""
    rows = Task.objects.for_system("removing demonstration rows")
    rows.filter(organisation__is_demo=True).delete()
    rows.filter(Q(person__is_demo=True) | Q(handed_by__is_demo=True)).update(
        person=None, handed_by=None, handed_at=None, handed_reason=""
    )
