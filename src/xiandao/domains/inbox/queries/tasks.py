"""What waits for the viewer. The same number of queries whatever the number of tasks."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.fields import BooleanField
from django.utils import timezone

from xiandao.domains.inbox.models import MailChoice, Task, TaskSeen, TaskState
from xiandao.domains.inbox.packvalues import value
from xiandao.domains.inbox.registry import kinds
from xiandao.domains.inbox.rows import Group, TaskRow, end_of_week, grouped, task_row
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import User
from xiandao.domains.orgs.viewer import Viewer

PAGE_SIZE = 100


@dataclass(frozen=True, slots=True)
class Show:
    """What of the inbox is asked for. `group` is a group's name in small letters, `kind` a registered code."""

    kind: str = ""
    group: str = ""
    mine: bool = False
    unseen: bool = False

    @property
    def filtered(self) -> bool:
        """Whether something is left out."""
        return bool(self.kind or self.group or self.mine or self.unseen)


@dataclass(frozen=True, slots=True)
class Inbox:
    """A page of the inbox. `counts` is of all that waits, whatever is filtered."""

    today: dt.date
    page: Page
    rows: list[TaskRow]
    counts: dict[str, int]
    kinds: list[tuple[str, str, int]]
    show: Show
    groups: list[tuple[Group, list[TaskRow]]] = field(default_factory=list)


def may_have_tasks(viewer: Viewer) -> bool:
    """Whether some registered kind of task could come to the viewer's post. No query."""
    if not viewer.is_person or viewer.organisation_id is None:
        return False
    return any(str(kind.capability) in viewer.capabilities for kind in kinds().values())


def _open(viewer: Viewer) -> QuerySet[Task]:
    return Task.objects.visible_to(viewer).filter(state=TaskState.OPEN)


def _unseen(viewer: Viewer) -> Q:
    return ~Exists(TaskSeen.objects.filter(task=OuterRef("pk"), user=viewer.user_id))


def waiting(viewer: Viewer) -> int:
    """Return how many tasks wait for the viewer and not for a colleague: the number beside 待办. One query."""
    return _open(viewer).filter(Q(person=None) | Q(person=viewer.user_id)).count()


def tally(viewer: Viewer, *, today: dt.date | None = None) -> dict[str, int]:
    """Return how much waits: in all, by group, mine, unseen. One query."""
    day = today or timezone.localdate()
    counted = {
        "all": Count("pk"),
        "mine": Count("pk", filter=Q(person=viewer.user_id)),
        "unseen": Count("pk", filter=_unseen(viewer)),
    }
    counted |= {group.name.lower(): Count("pk", filter=_in_group(group, day)) for group in Group}
    return _open(viewer).aggregate(**counted)


def _in_group(group: Group, today: dt.date) -> Q:
    return {
        Group.OVERDUE: Q(due_on__lt=today),
        Group.TODAY: Q(due_on=today),
        Group.WEEK: Q(due_on__gt=today, due_on__lte=end_of_week(today)),
        Group.LATER: Q(due_on__gt=end_of_week(today)),
        Group.NONE: Q(due_on=None),
    }[group]


def filtered(viewer: Viewer, show: Show, today: dt.date) -> QuerySet[Task]:
    """Return the open tasks a filter leaves, nearest last day first, with all a row needs."""
    rows = _open(viewer)
    if show.kind:
        rows = rows.filter(kind=show.kind)
    if show.group.upper() in Group.__members__:
        rows = rows.filter(_in_group(Group[show.group.upper()], today))
    if show.mine:
        rows = rows.filter(person=viewer.user_id)
    if show.unseen:
        rows = rows.filter(_unseen(viewer))
    return (
        rows.select_related("clock_rule", "person", "handed_by")
        .annotate(new=_unseen(viewer) if viewer.user_id else Value(value=True, output_field=BooleanField()))
        .order_by(F("due_on").asc(nulls_last=True), "opened_at", "pk")
    )


def inbox(viewer: Viewer, *, show: Show | None = None, page: int = 1, today: dt.date | None = None) -> Inbox:
    """Return a page of what waits for the viewer, in groups. Raises EmptyPage beyond the last page. Four queries."""
    day, show = today or timezone.localdate(), show or Show()
    found = Paginator(filtered(viewer, show, day), PAGE_SIZE).page(page)
    rows = [task_row(task, day, seen=not task.new) for task in found.object_list]
    by_kind = dict(_open(viewer).order_by().values_list("kind").annotate(n=Count("pk")))
    named = kinds()
    choices = [(code, str(named[code].label) if code in named else code, n) for code, n in by_kind.items()]
    return Inbox(
        today=day,
        page=found,
        rows=rows,
        counts=tally(viewer, today=day),
        kinds=sorted(choices, key=lambda choice: choice[1]),
        show=show,
        groups=grouped(rows),
    )


def task_of(viewer: Viewer, pk: int) -> Task:
    """Return one task, open or closed: for its organisation, and for who steers progress, who may change its clock.

    Raises Task.DoesNotExist; missing and hidden look the same.
    """
    why = "who steers progress minds everybody's clocks"
    rows = Task.objects.for_system(why) if viewer.can(Can.STEER) else Task.objects.visible_to(viewer)
    return rows.select_related("clock_rule", "organisation", "person", "handed_by").get(pk=pk)


def done_tasks(viewer: Viewer, *, now: dt.datetime | None = None) -> QuerySet[Task]:
    """Return the tasks of the viewer's organisation closed in the last days, newest first.

    How many days is pack data (done_list_days).
    """
    since = (now or timezone.now()) - dt.timedelta(days=int(value("done_list_days")))
    return (
        Task.objects.visible_to(viewer)
        .exclude(state=TaskState.OPEN)
        .filter(closed_at__gte=since)
        .select_related("clock_rule", "person")
        .order_by("-closed_at", "-pk")
    )


def all_rows(viewer: Viewer, show: Show, *, today: dt.date | None = None) -> Iterator[TaskRow]:
    """Yield every task a filter leaves, as shown, for a file of all pages."""
    day = today or timezone.localdate()
    for task in filtered(viewer, show, day):
        yield task_row(task, day, seen=not task.new)


def part(viewer: Viewer, *, limit: int, offset: int, today: dt.date | None = None) -> tuple[int, list[TaskRow]]:
    """Return how many tasks wait for the viewer, and some of them as shown. Two queries."""
    day = today or timezone.localdate()
    found = filtered(viewer, Show(), day)
    return found.count(), [task_row(task, day, seen=not task.new) for task in found[offset : offset + limit]]


def address_of(viewer: Viewer) -> str:
    """Return the e-mail address of a person, "" without one."""
    return User.objects.filter(pk=viewer.user_id).values_list("email", flat=True).first() or ""


def wants_digest(viewer: Viewer) -> bool:
    """Whether the daily e-mail is sent to the viewer, if there is an address."""
    return not MailChoice.objects.filter(user=viewer.user_id, digest=False).exists()
