"""The worker's run: last days, reminders, lapses; twice, cut short, and as of any day."""

import datetime as dt

import pytest
from django.db import transaction

from tests.domains.inbox.conftest import NOW, TODAY
from tests.domains.inbox.support import ACTING, CALLS, FAILING, PLAIN
from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.inbox.actions import ClocksRun, mark_seen, run_clocks
from xiandao.domains.inbox.models import ClockRule, PackValue, Task, TaskSeen, TaskState
from xiandao.domains.inbox.signals import clocks_ran
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.orgs.viewer import system
from xiandao.domains.plans.models import Plan

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
CLOCKS = system("clocks")


@pytest.fixture(autouse=True)
def _nobody_else(monkeypatch):
    """Other domains listen too; here only the inbox is looked at."""
    monkeypatch.setattr(clocks_ran, "receivers", [])
    clocks_ran.sender_receivers_cache.clear()
    yield
    clocks_ran.sender_receivers_cache.clear()


def run(day=TODAY):
    now = dt.datetime.combine(day, dt.time(2), dt.UTC)
    return run_clocks(CLOCKS, today=day, now=now)


def lapses():
    return list(AuditRecord.objects.filter(action="inbox.task_lapsed").order_by("number"))


def test_only_the_system_runs_clocks(me):
    with pytest.raises(Refused, match="后台任务"):
        run_clocks(me)


def test_a_quiet_day_leaves_no_trace(task):
    task(due_on=TODAY + 30 * DAY)
    before = AuditRecord.objects.count()
    assert run() == ClocksRun()
    assert AuditRecord.objects.count() == before


# ---- Reminders


def test_a_task_is_shown_as_new_again_two_working_days_before_its_last_day_once(me, task, again):
    row = task(due_on=dt.date(2026, 3, 24))  # a Tuesday
    mark_seen(me, pks=[row.pk])
    assert run(dt.date(2026, 3, 19)).reminded == 0, "Thursday: three working days before"
    assert TaskSeen.objects.filter(task=row).exists()
    assert run(dt.date(2026, 3, 20)) == ClocksRun(reminded=1), "Friday: two working days before"
    assert again(row).reminded_on == dt.date(2026, 3, 20)
    assert not TaskSeen.objects.filter(task=row).exists()
    assert run(dt.date(2026, 3, 21)) == ClocksRun()


def test_what_came_today_is_not_reminded_of(task):
    task(due_on=TODAY + DAY)
    assert run().reminded == 0


def test_without_the_value_nobody_is_reminded(task):
    task(due_on=TODAY + 2 * DAY)
    PackValue.objects.filter(key="remind_days_before").delete()
    assert run(TODAY + DAY).reminded == 0


# ---- Last days


def test_a_rule_s_new_length_reaches_running_clocks(task, again):
    row = task(rule="report.verify")
    ClockRule.objects.filter(key="report.verify").update(days=10)
    assert run() == ClocksRun(reset=1)
    assert again(row).due_on == dt.date(2026, 4, 1)


def test_a_provisional_last_day_is_settled_when_the_notice_is_there(task, again):
    row = task(rule="report.verify")
    Task.objects.for_system("test").filter(pk=row.pk).update(due_on=dt.date(2026, 3, 24), due_provisional=True)
    assert run() == ClocksRun(reset=1)
    assert (again(row).due_on, again(row).due_provisional) == (dt.date(2026, 3, 25), False)


def test_a_clock_dealt_with_is_not_computed_anew(task, again):
    row = task(rule="report.verify")
    run(dt.date(2026, 3, 26))
    ClockRule.objects.filter(key="report.verify").update(days=10)
    assert run(dt.date(2026, 3, 26)).reset == 0
    assert again(row).due_on == dt.date(2026, 3, 25)


# ---- Lapses


def test_on_the_last_day_nothing_is_over(task, again):
    row = task(due_on=TODAY, kind=ACTING)
    run(TODAY)
    assert again(row).lapsed_on is None
    assert not CALLS


def test_an_overdue_task_stays_open_and_is_shown_as_new_once(me, task, again):
    row = task(due_on=TODAY - DAY)
    mark_seen(me, pks=[row.pk])
    assert run() == ClocksRun(overdue=1)
    row = again(row)
    assert (row.state, row.lapsed_on, row.reminded_on) == ("open", TODAY, TODAY)
    assert not TaskSeen.objects.filter(task=row).exists()
    assert run() == ClocksRun()


def test_a_kind_acts_once_when_time_is_up(task, again):
    row = task(due_on=TODAY - DAY, kind=ACTING)
    assert run() == ClocksRun(lapsed=1)
    assert run() == ClocksRun()
    assert CALLS == [("system:clocks", "1")]
    assert (again(row).state, again(row).lapsed_on) == ("open", TODAY)
    (record,) = lapses()
    assert (record.object_kind, record.object_key, record.actor) == ("thing", "1", "system:clocks")
    assert record.after["due_on"] == "2026-03-17"


@pytest.mark.parametrize(
    ("rule", "state"),
    [
        ("report.verify", "open"),  # remind
        ("problem.escalate", "open"),  # escalate
        ("application.correct", "lapsed"),  # close
        ("notice.publicity", "lapsed"),  # next step, after the least time
        ("listing.seller_answers", "lapsed"),  # silence is consent
    ],
)
@pytest.mark.parametrize("kind", [PLAIN, ACTING], ids=["plain", "acting"])
def test_what_follows_is_what_the_rule_says(task, again, rule, state, kind):
    row = task(rule=rule, kind=kind)
    day = row.due_on + DAY
    done = run(day)
    row = again(row)
    assert (row.state, row.lapsed_on) == (state, day)
    assert done.overdue + done.lapsed == 1
    assert len(CALLS) == (1 if kind is ACTING else 0)
    if state == "lapsed":
        assert (row.closed_by, row.clock_met_on) == ("clocks", None)
        assert lapses()[0].after["ended"] is True


def test_one_that_fails_stays_as_it_was_and_stops_nobody(task, again):
    rows = [task(key, due_on=TODAY - DAY, kind=FAILING) for key in ("a", "bad", "c")]
    assert run() == ClocksRun(lapsed=2, failed=1)
    assert [again(row).lapsed_on for row in rows] == [TODAY, None, TODAY]
    assert [record.object_key for record in lapses()] == ["a", "c"]
    assert run() == ClocksRun(failed=1), "it is tried again, the others are not"


def test_killed_in_the_middle_each_task_is_before_or_after(task, again, monkeypatch):
    rows = [task(str(n), due_on=TODAY - DAY, kind=ACTING) for n in range(4)]
    from xiandao.domains.audit import actions as audit

    real, count = audit.record, []

    def power_cut(*args, **kwargs):
        count.append(1)
        if len(count) == 3:
            raise KeyboardInterrupt
        return real(*args, **kwargs)

    monkeypatch.setattr(audit, "record", power_cut)
    with pytest.raises(KeyboardInterrupt):
        run()
    assert [again(row).lapsed_on for row in rows] == [TODAY, TODAY, None, None]
    monkeypatch.setattr(audit, "record", real)
    assert run() == ClocksRun(lapsed=2)
    assert [call[1] for call in CALLS] == ["0", "1", "2", "2", "3"], "the third was undone and done again"


def test_a_task_done_meanwhile_is_left_alone(task, again, monkeypatch):
    from xiandao.domains.inbox.actions import running

    row = task(due_on=TODAY - DAY, kind=ACTING)
    pks = running._pks

    def slow(condition):
        found = pks(condition)
        Task.objects.for_system("test").update(state=TaskState.DONE)
        return found

    monkeypatch.setattr(running, "_pks", slow)
    run()
    assert not CALLS
    assert again(row).lapsed_on is None


def test_other_domains_have_their_turn_and_their_faults_are_counted(monkeypatch):
    heard = []

    def listen(actor, today, now, **_kwargs):
        heard.append((actor.account, today))

    def broken(**_kwargs):
        raise RuntimeError

    clocks_ran.connect(listen)
    clocks_ran.connect(broken)
    assert run() == ClocksRun(failed=1)
    assert heard == [("system:clocks", TODAY)]


def test_a_month_of_days_by_the_time_machine(task, again, time_machine):
    row = task(rule="report.verify", kind=ACTING)
    for day in range(30):
        time_machine.move_to(NOW + day * DAY)
        run_clocks(CLOCKS)
    assert again(row).lapsed_on == dt.date(2026, 3, 26)
    assert again(row).reminded_on == dt.date(2026, 3, 26)
    assert len(CALLS) == 1


def test_thousands_of_tasks_are_dealt_with_at_once_and_only_once(me, task):
    one = task(rule="report.verify")
    rows = [
        Task(
            kind="test.plain", capability=one.capability, organisation_id=me.organisation_id, object_kind="thing",
            object_key=f"x{n}", subject="件", opened_at=NOW, opened_by="甲", clock_rule=one.clock_rule,
            clock_started_on=TODAY - (n % 40) * DAY, due_on=TODAY,
        )
        for n in range(4_000)
    ]  # fmt: skip
    with transaction.atomic():
        Task.objects.bulk_create(rows, batch_size=2000)
    done = run()
    assert done.overdue > 2_000
    assert run() == ClocksRun()
    assert Plan.objects.for_system("test").exists()
