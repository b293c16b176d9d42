"""Who sees which tasks, in which order, with what beside them, in how many queries."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.domains.inbox.conftest import NOW, TODAY
from tests.domains.inbox.support import PLAIN, STEERING
from xiandao.domains.inbox import queries
from xiandao.domains.inbox.actions import clear_tasks, hand_over, mark_seen
from xiandao.domains.inbox.models import Task
from xiandao.domains.inbox.rows import Group, group_of, task_row
from xiandao.domains.orgs.viewer import PUBLIC, system

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def keys(found):
    return [row.task.object_key for row in found.rows]


def test_tasks_stand_in_groups_with_the_nearest_first(me, task):
    for key, due in (
        ("later", TODAY + 9 * DAY),
        ("none", None),
        ("sunday", TODAY + 4 * DAY),
        ("today", TODAY),
        ("late", TODAY - 2 * DAY),
        ("latest", TODAY - 9 * DAY),
        ("monday", TODAY + 5 * DAY),
    ):
        task(key, due_on=due)
    found = queries.inbox(me, today=TODAY)
    assert [(group.name, [row.task.object_key for row in rows]) for group, rows in found.groups] == [
        ("OVERDUE", ["latest", "late"]),
        ("TODAY", ["today"]),
        ("WEEK", ["sunday"]),
        ("LATER", ["monday", "later"]),
        ("NONE", ["none"]),
    ]
    assert found.counts == {
        "all": 7, "overdue": 2, "today": 1, "week": 1, "later": 2, "none": 1, "mine": 0, "unseen": 7
    }  # fmt: skip


def test_only_who_may_do_it_in_the_organisation_sees_a_task(people, task):
    row = task()
    seen = {
        who: Task.objects.visible_to(people(who)).filter(pk=row.pk).exists()
        for who in (
            "city",
            "city-head",
            "city-other",
            "county",
            "department",
            "coordinator",
            "auditor",
            "audit",
            "expert",
        )
    }
    assert [who for who, visible in seen.items() if visible] == ["city", "city-head"]
    assert not Task.objects.visible_to(PUBLIC).filter(pk=row.pk).exists()
    with pytest.raises(Task.DoesNotExist):
        queries.task_of(people("city-other"), row.pk)
    # Who steers progress minds everybody's clocks and sees the task's own page.
    assert queries.task_of(people("coordinator"), row.pk) == row


def test_a_task_for_another_capability_is_not_shown(me, task):
    task(kind=STEERING)
    assert keys(queries.inbox(me, today=TODAY)) == []


def test_filters_leave_what_they_say(me, head, task):
    late, new, given = task("late", due_on=TODAY - DAY), task("new"), task("given")
    mark_seen(me, pks=[late.pk, given.pk])
    hand_over(head, pk=given.pk, user_id=me.user_id, now=NOW)
    mark_seen(me, pks=[given.pk])
    show = queries.Show
    assert keys(queries.inbox(me, show=show(group="overdue"), today=TODAY)) == ["late"]
    assert keys(queries.inbox(me, show=show(mine=True), today=TODAY)) == ["given"]
    assert keys(queries.inbox(me, show=show(unseen=True), today=TODAY)) == ["new"]
    assert keys(queries.inbox(me, show=show(kind="test.acting"), today=TODAY)) == []
    assert keys(queries.inbox(me, show=show(kind="nonsense", group="nonsense"), today=TODAY)) == []
    assert queries.waiting(me) == 3
    assert queries.waiting(head) == 2, "what was handed to a colleague waits for them"
    assert new.pk


def test_a_row_says_how_many_working_days_are_left(task):
    row = task(rule="report.verify")  # five working days
    assert row.due_on == dt.date(2026, 3, 25)
    shown = task_row(row, TODAY, seen=False)
    assert (shown.left, shown.working, shown.group, shown.is_default, shown.overdue) == (5, True, Group.LATER, True, 0)
    late = task_row(row, dt.date(2026, 3, 30), seen=False)
    assert (late.left, late.overdue, late.group) == (-3, 3, Group.OVERDUE)
    assert task_row(row, dt.date(2026, 3, 25), seen=False).left == 0


def test_a_day_somebody_set_counts_natural_days(task):
    shown = task_row(task(due_on=TODAY + 6 * DAY), TODAY, seen=True)
    assert (shown.left, shown.working, shown.is_default) == (6, False, False)


@pytest.mark.parametrize(
    ("days", "group"), [(-1, "OVERDUE"), (0, "TODAY"), (1, "WEEK"), (4, "WEEK"), (5, "LATER"), (None, "NONE")]
)
def test_the_week_ends_on_sunday(days, group):
    assert group_of(None if days is None else TODAY + days * DAY, TODAY) is Group[group]


def test_what_was_done_is_listed_for_the_days_the_pack_says(me, people, task):
    old, fresh, open_one = task("old"), task("fresh"), task("open")
    clear_tasks(me, kind=PLAIN, object_keys=["old"], now=NOW - 91 * DAY)
    clear_tasks(me, kind=PLAIN, object_keys=["fresh"], now=NOW - 89 * DAY)
    assert list(queries.done_tasks(me, now=NOW)) == [fresh]
    assert list(queries.done_tasks(people("city-other"), now=NOW)) == []
    assert old.pk
    assert open_one.pk


def test_for_whom_no_task_can_come_there_is_no_inbox(people):
    may = {who: queries.may_have_tasks(people(who)) for who in ("city", "coordinator", "fund", "audit")}
    assert may == {"city": True, "coordinator": True, "fund": False, "audit": False}
    assert not queries.may_have_tasks(PUBLIC)
    assert not queries.may_have_tasks(system("job"))


def test_the_number_of_queries_does_not_grow_with_the_tasks(client_of, me, head, task):
    counts, navigation = {}, {}
    client = client_of("city")
    for number in (1, 3, 1000):
        have = Task.objects.for_system("test").count()
        one = task(f"n{have}", rule="report.verify")
        rows = [
            Task(
                kind="test.plain", capability=one.capability, organisation_id=me.organisation_id, object_kind="thing",
                object_key=f"x{have + n}", subject="件", opened_at=NOW, opened_by="甲", due_on=TODAY + n % 30 * DAY,
                clock_rule=one.clock_rule, clock_started_on=TODAY, person_id=me.user_id if n % 3 else None,
                handed_by_id=head.user_id if n % 3 else None,
            )
            for n in range(number - 1)
        ]  # fmt: skip
        Task.objects.bulk_create(rows)
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/").status_code == 200
        counts[number] = len(captured)
        with CaptureQueriesContext(connection) as captured:
            queries.waiting(me)
        navigation[number] = len(captured)
        with CaptureQueriesContext(connection) as captured:
            assert len(queries.inbox(me, today=TODAY).rows) == min(number + have, 100)
        assert len(captured) == 4
    assert len(set(counts.values())) == 1, counts
    assert counts[1] <= 14
    assert set(navigation.values()) == {1}
