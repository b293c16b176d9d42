"""Stopping, restarting and extending a task's clock."""

import datetime as dt

import pytest

from tests.domains.inbox.conftest import NOW, TODAY
from tests.domains.inbox.support import PLAIN
from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.inbox import registry
from xiandao.domains.inbox.actions import clear_tasks, extend_clock, pause_clock, resume_clock
from xiandao.domains.inbox.models import Task
from xiandao.domains.orgs.permission import ALLOWED, Conflict, Refused

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def steer(people):
    return people("coordinator")


def records():
    return [
        (r.action, r.reason) for r in AuditRecord.objects.filter(action__startswith="inbox.clock").order_by("number")
    ]


def test_a_stopped_clock_has_no_last_day_and_goes_on_with_what_was_left(steer, task, again):
    row = task(rule="report.verify")
    assert row.due_on == dt.date(2026, 3, 25)
    pause_clock(
        steer, pk=row.pk, reason="等待检测报告", today=TODAY + 2 * DAY
    )  # Friday: two days were left out of five… one used
    assert (again(row).due_on, again(row).due_provisional) == (None, True)
    resume_clock(steer, pk=row.pk, today=TODAY + 12 * DAY)  # Monday, six working days later
    assert again(row).due_on == dt.date(2026, 4, 2)
    assert records() == [("inbox.clock_paused", "等待检测报告"), ("inbox.clock_resumed", "")]
    paused = AuditRecord.objects.get(action="inbox.clock_paused")
    assert (paused.before["due_on"], paused.after["due_on"]) == ("2026-03-25", None)


def test_an_extension_moves_the_last_day_once_within_the_rule(steer, task, again):
    row = task(rule="objection.handle")  # twenty working days, ten more at most
    before = row.due_on
    extend_clock(steer, pk=row.pk, by=5, reason="案情复杂", approver="甲", today=TODAY)
    assert again(row).due_on > before
    assert again(row).clock_extension == {"by": 5, "reason": "案情复杂", "approver": "甲", "on": "2026-03-18"}
    with pytest.raises(Conflict, match="只能延长一次"):
        extend_clock(steer, pk=row.pk, by=1, reason="再", approver="甲", today=TODAY)
    assert len(records()) == 1


REFUSALS = {
    "no reason": (lambda who, pk: pause_clock(who, pk=pk, reason=" "), Refused, "请写明理由"),
    "not stopped": (lambda who, pk: resume_clock(who, pk=pk, today=TODAY), Conflict, "并未中止"),
    "no extension": (
        lambda who, pk: extend_clock(who, pk=pk, by=1, reason="甲", approver="乙", today=TODAY), Conflict, "未设延长"
    ),
    "too early": (lambda who, pk: pause_clock(who, pk=pk, reason="甲", today=TODAY - DAY), Conflict, "不早于"),
}  # fmt: skip


@pytest.mark.parametrize(("call", "error", "reason"), REFUSALS.values(), ids=REFUSALS)
def test_a_refusal_says_why_and_changes_nothing(steer, task, again, call, error, reason):
    row = task(rule="report.verify")
    with pytest.raises(error, match=reason):
        call(steer, row.pk)
    assert again(row).due_on == row.due_on
    assert records() == []


def test_an_extension_beyond_the_limit_without_approver_or_too_late_is_refused(steer, task):
    row = task(rule="objection.handle")
    for change, reason in (
        ({"by": 11}, "1—10"),
        ({"by": 0}, "1—10"),
        ({"approver": " "}, "批准人"),
        ({"today": row.due_on + DAY}, "届满"),
    ):
        with pytest.raises(Conflict, match=reason):
            extend_clock(steer, pk=row.pk, **{"by": 1, "reason": "甲", "approver": "乙", "today": TODAY} | change)


def test_a_task_without_rule_done_or_dealt_with_is_a_conflict(steer, me, task):
    with pytest.raises(Conflict, match="没有按规定计算的时限"):
        pause_clock(steer, pk=task("set", due_on=TODAY).pk, reason="甲")
    row = task("over", rule="report.verify")
    Task.objects.for_system("test").filter(pk=row.pk).update(lapsed_on=TODAY)
    with pytest.raises(Conflict, match="届满并作了处理"):
        pause_clock(steer, pk=row.pk, reason="甲", today=TODAY)
    clear_tasks(me, kind=PLAIN, object_keys=["over"], now=NOW)
    with pytest.raises(Conflict, match="时限不再变动"):
        pause_clock(steer, pk=row.pk, reason="甲", today=TODAY)


def test_who_sees_the_task_is_told_who_may_and_strangers_nothing(me, people, task):
    row = task(rule="report.verify")
    with pytest.raises(Refused, match="由统筹协调单位办理"):
        pause_clock(me, pk=row.pk, reason="甲")
    with pytest.raises(Task.DoesNotExist):
        pause_clock(people("city-other"), pk=row.pk, reason="甲")
    with pytest.raises(Task.DoesNotExist):
        pause_clock(people("coordinator"), pk=0, reason="甲")


def test_a_kind_may_say_itself_who_changes_its_clocks(me, people, task, monkeypatch, again):
    from dataclasses import replace

    monkeypatch.setitem(registry._kinds, PLAIN.code, replace(PLAIN, may_change_clock=lambda _viewer, _task: ALLOWED))
    row = Task.objects.for_system("t").get(pk=task(kind=registry.kinds()[PLAIN.code], rule="report.verify").pk)
    pause_clock(me, pk=row.pk, reason="甲", today=TODAY)
    assert again(row).due_on is None
