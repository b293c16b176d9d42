"""A task as a page, an e-mail and the interface show it: its group, what is left of its time, what follows."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from itertools import groupby

from django.urls import NoReverseMatch
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from xiandao.domains.inbox.calendar import work_calendar
from xiandao.domains.inbox.models import Task
from xiandao.domains.inbox.registry import kinds
from xiandao.kernel.deadline import DayUnit

DEFAULT_OURS = "default_ours"
_SUNDAY = 6


class Group(IntEnum):
    """How near the last day is; in the order shown."""

    OVERDUE = 0
    TODAY = 1
    WEEK = 2
    LATER = 3
    NONE = 4

    @property
    def label(self) -> str | Promise:
        """The group's heading."""
        return _LABELS[self]


_LABELS = {
    Group.OVERDUE: _("逾期"),
    Group.TODAY: _("今天"),
    Group.WEEK: _("本周"),
    Group.LATER: _("以后"),
    Group.NONE: _("无时限"),
}


def end_of_week(today: dt.date) -> dt.date:
    """Return the Sunday of the week."""
    return today + dt.timedelta(days=_SUNDAY - today.weekday())


def group_of(due_on: dt.date | None, today: dt.date) -> Group:
    """Return the group of a last day."""
    if due_on is None:
        return Group.NONE
    if due_on < today:
        return Group.OVERDUE
    if due_on == today:
        return Group.TODAY
    return Group.WEEK if due_on <= end_of_week(today) else Group.LATER


@lru_cache(maxsize=4096)
def _days_between(today: dt.date, due_on: dt.date, *, working: bool) -> int:
    """Return the days from `today` to a last day, the first not counted; negative once it has passed."""
    if not working:
        return (due_on - today).days
    sign, first, last = (1, today, due_on) if today <= due_on else (-1, due_on, today)
    if first == last:
        return 0
    return sign * work_calendar().working_days(first + dt.timedelta(days=1), last)[0]


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task as shown. `left`: days until the last day, in the rule's days; negative: overdue by so many."""

    task: Task
    group: Group
    label: str
    url: str
    otherwise: str
    left: int | None
    working: bool
    paused: bool
    seen: bool

    @property
    def overdue(self) -> int:
        """Days the last day has passed by, 0 where it has not."""
        return max(-(self.left or 0), 0)

    @property
    def subject(self) -> str:
        """What it is about, in the reader's language."""
        english = (get_language() or "").startswith("en")
        return self.task.subject_en if english and self.task.subject_en else self.task.subject

    @property
    def is_default(self) -> bool:
        """Whether the time limit is the platform's own and no rule of law."""
        return self.task.clock_rule is not None and self.task.clock_rule.confidence == DEFAULT_OURS


def task_row(task: Task, today: dt.date, *, seen: bool) -> TaskRow:
    """Return a task as shown; `clock_rule` should have been read with it."""
    kind = kinds().get(task.kind)
    working = task.clock_rule is not None and task.clock_rule.unit == DayUnit.WORKING.value
    pauses = task.clock_pauses
    return TaskRow(
        task=task,
        group=group_of(task.due_on, today),
        label=str(kind.label) if kind else task.kind,
        url=_url(kind.url, task) if kind else "",
        otherwise=str(kind.otherwise) if kind else "",
        left=_days_between(today, task.due_on, working=working) if task.due_on else None,
        working=working,
        paused=bool(pauses) and not pauses[-1].get("end"),
        seen=seen,
    )


def _url(url: Callable[[Task], str], task: Task) -> str:
    """Return where a task is done; "" where its kind names no address of this version."""
    try:
        return url(task)
    except NoReverseMatch:
        return ""


def grouped(rows: Iterable[TaskRow]) -> list[tuple[Group, list[TaskRow]]]:
    """Return rows that stand in the order of their groups, group by group."""
    return [(group, list(members)) for group, members in groupby(rows, key=lambda row: row.group)]
