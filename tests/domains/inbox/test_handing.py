"""Handing a task to a colleague, taking it back, marking as seen."""

import datetime as dt

import pytest

from tests.domains.inbox.conftest import NOW
from tests.domains.inbox.support import PLAIN
from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.inbox.actions import clear_tasks, hand_over, mark_seen, take_back
from xiandao.domains.inbox.actions.handing import able_colleagues
from xiandao.domains.inbox.models import Task, TaskSeen
from xiandao.domains.orgs.models import Post, User
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.signals import post_ended
from xiandao.domains.orgs.viewer import system

pytestmark = pytest.mark.django_db


def records(code):
    return list(AuditRecord.objects.filter(action=code).order_by("number"))


def test_a_colleague_gets_a_task_with_who_gave_it_and_why(me, head, task, again):
    row = task()
    mark_seen(me, pks=[row.pk])
    hand_over(head, pk=row.pk, user_id=me.user_id, reason=" 请先核数 ", now=NOW)
    row = again(row)
    assert (row.person_id, row.handed_by_id, row.handed_at, row.handed_reason) == (
        me.user_id, head.user_id, NOW, "请先核数"
    )  # fmt: skip
    assert not TaskSeen.objects.filter(task=row, user=me.user_id).exists(), "it is new to the colleague"
    (record,) = records("inbox.handed")
    assert (record.actor, record.object_kind, record.object_key) == ("city-head", "task", str(row.pk))
    assert (record.before, record.after, record.reason) == ({"person": None}, {"person": "city"}, "请先核数")


def test_only_colleagues_who_may_do_it_are_offered(me, head, task):
    row = task()
    assert [user.pk for user in able_colleagues(me, row)] == [head.user_id]


def test_handing_over_is_refused_to_strangers_unable_gone_and_oneself(me, head, people, task):
    row = task()
    before = len(records("inbox.handed"))
    with pytest.raises(Task.DoesNotExist):
        hand_over(people("city-other"), pk=row.pk, user_id=me.user_id)
    with pytest.raises(Task.DoesNotExist):
        hand_over(me, pk=0, user_id=head.user_id)
    with pytest.raises(Refused, match="只能转交给本单位"):
        hand_over(me, pk=row.pk, user_id=people("city-other").user_id)
    with pytest.raises(Refused, match="您自己可以办"):
        hand_over(me, pk=row.pk, user_id=me.user_id)
    Post.objects.filter(user=head.user_id).update(valid_to=dt.date(2020, 1, 1))
    with pytest.raises(Refused, match="只能转交给本单位"):
        hand_over(me, pk=row.pk, user_id=head.user_id)
    assert len(records("inbox.handed")) == before


def test_a_task_in_the_same_hands_or_done_is_a_conflict(me, head, task):
    row = task()
    hand_over(me, pk=row.pk, user_id=head.user_id)
    with pytest.raises(Conflict, match="已经在"):
        hand_over(me, pk=row.pk, user_id=head.user_id)
    clear_tasks(me, kind=PLAIN, object_keys=["1"])
    with pytest.raises(Conflict, match="现为“已办”"):
        take_back(me, pk=row.pk)


def test_who_handed_it_or_has_it_takes_it_back(me, head, people, task, again):
    row = task()
    with pytest.raises(Conflict, match="没有转交"):
        take_back(me, pk=row.pk)
    hand_over(me, pk=row.pk, user_id=head.user_id, reason="甲")
    take_back(head, pk=row.pk)
    row = again(row)
    assert (row.person, row.handed_by, row.handed_at, row.handed_reason) == (None, None, None, "")
    (record,) = records("inbox.taken_back")
    assert (record.before, record.after) == ({"person": "city-head"}, {"person": None})
    # A task the domain itself gave to one person is not for a colleague to take.
    Task.objects.for_system("test").filter(pk=row.pk).update(person=head.user_id)
    with pytest.raises(Refused, match="只有转交人和现办理人"):
        take_back(me, pk=row.pk)
    with pytest.raises(Task.DoesNotExist):
        take_back(people("county"), pk=row.pk)


def test_an_exception_before_the_record_hands_nothing_over(me, head, task, again, monkeypatch):
    from xiandao.domains.audit import actions as audit

    row = task()

    def power_cut(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr(audit, "record", power_cut)
    with pytest.raises(RuntimeError):
        hand_over(me, pk=row.pk, user_id=head.user_id)
    assert again(row).person is None


def test_seen_is_for_each_reader_and_only_for_their_tasks(me, head, people, task):
    one, two = task("1"), task("2")
    assert mark_seen(me, pks=[one.pk, one.pk, two.pk, 0]) == 2
    assert mark_seen(me, pks=[one.pk]) == 0
    assert mark_seen(people("city-other"), pks=[one.pk]) == 0
    assert mark_seen(system("job"), pks=[one.pk]) == 0
    assert not TaskSeen.objects.filter(user=head.user_id).exists()


# ---- Leaving a post


def ended(who, successor=None):
    post = Post.objects.get(user=who.user_id)
    Post.objects.filter(pk=post.pk).update(ended_at=dt.datetime.now(dt.UTC))
    post_ended.send(sender=Post, actor=system("test"), post=post, successor=successor, today=dt.date.today())  # noqa: DTZ011


def test_a_successor_gets_what_was_in_the_hands_of_who_leaves(me, head, task, again):
    row = task()
    hand_over(head, pk=row.pk, user_id=me.user_id)
    ended(me, Post.objects.get(user=head.user_id))
    row = again(row)
    assert (row.person_id, row.handed_by) == (head.user_id, None)
    (record,) = records("inbox.passed_on")
    assert record.after == {"to": "city-head", "handed_to_successor": [row.pk], "back_to_organisation": []}


@pytest.mark.parametrize("successor", ["none", "elsewhere", "unable"])
def test_without_an_able_successor_it_is_the_organisations_again(me, head, people, task, again, successor):
    row = task()
    hand_over(head, pk=row.pk, user_id=me.user_id)
    post = None
    if successor == "elsewhere":
        post = Post.objects.get(user=people("city-other").user_id)
    if successor == "unable":
        user = User.objects.create(username="x", name="乙")
        post = Post.objects.create(
            user=user, organisation_id=me.organisation_id, role_id="expert", valid_from=dt.date(2020, 1, 1)
        )
    ended(me, post)
    assert again(row).person is None
    assert records("inbox.passed_on")[0].after["back_to_organisation"] == [row.pk]


def test_who_keeps_another_post_that_can_do_it_keeps_the_task(me, head, task, again):
    row = task()
    hand_over(head, pk=row.pk, user_id=me.user_id)
    first = Post.objects.get(user=me.user_id)
    Post.objects.create(
        user_id=me.user_id, organisation_id=me.organisation_id, role=first.role, valid_from=dt.date(2020, 1, 1)
    )
    Post.objects.filter(pk=first.pk).update(ended_at=dt.datetime.now(dt.UTC))
    post_ended.send(sender=Post, actor=system("t"), post=first, successor=None, today=dt.date.today())  # noqa: DTZ011
    assert again(row).person_id == me.user_id
    assert not records("inbox.passed_on")
