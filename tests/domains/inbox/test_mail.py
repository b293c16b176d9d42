"""The daily e-mail: to whom, what it says, once a day whatever happens."""

import datetime as dt
import smtplib

import pytest
from django.core import mail

from tests.domains.inbox.conftest import NOW, TODAY
from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.inbox.actions import choose_digest, hand_over, send_digests
from xiandao.domains.inbox.actions import mail as mailing
from xiandao.domains.inbox.models import Digest, MailChoice
from xiandao.domains.orgs.models import Post, User
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.orgs.viewer import PUBLIC, system

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
CLOCKS = system("clocks")


@pytest.fixture(autouse=True)
def _address(db):
    User.objects.filter(username="city").update(email="city@example.com", name="王一")


def send(now=NOW):
    return send_digests(CLOCKS, now=now)


def test_only_the_system_sends(me):
    with pytest.raises(Refused):
        send_digests(me)


def test_it_says_what_is_overdue_and_near_first(task, settings):
    settings.SITE_URL = "https://xiandao.example.gov.cn"
    task("later", due_on=TODAY + 30 * DAY)
    task("late", due_on=TODAY - 3 * DAY)
    task("rule", rule="report.verify")
    done = send()
    assert (done.sent, done.failed) == (1, 0)
    (message,) = mail.outbox
    assert (message.to, message.subject) == (["city@example.com"], "先导待办 3 项，其中逾期 1 项")
    body = message.body
    assert body.startswith("王一，您好：\n\n截至 2026年3月18日，您有 3 项待办。")
    assert body.index("【逾期】") < body.index("第late件") < body.index("【以后】") < body.index("第rule件")
    assert "· 填写：第late件，3月15日前，已逾期 3 天" in body
    assert "https://xiandao.example.gov.cn/" in body
    assert AuditRecord.objects.get(action="inbox.digests_sent").after == {"sent": 1, "failed": 0}


def test_nobody_gets_two_on_one_day_and_one_again_the_next(task):
    task(due_on=TODAY - DAY)
    send()
    assert send().sent == 0
    assert send(NOW + DAY).sent == 1
    assert Digest.objects.count() == len(mail.outbox) == 2


def test_on_days_off_nothing_is_sent(task):
    task(due_on=TODAY - DAY)
    assert send(NOW + 3 * DAY).sent == 0, "a Saturday"
    assert send(dt.datetime(2026, 10, 1, 2, tzinfo=dt.UTC)).sent == 0, "the national holiday"


def test_with_nothing_near_and_nothing_new_it_is_not_sent(task):
    task(due_on=TODAY + 30 * DAY)
    assert send(NOW + 5 * DAY).sent == 0
    assert not Digest.objects.exists()


def test_who_declined_has_no_address_left_or_no_post_gets_none(me, task):
    task(due_on=TODAY - DAY)
    choose_digest(me, wanted=False)
    assert send().sent == 0
    choose_digest(me, wanted=True)
    User.objects.filter(username="city").update(is_active=False)
    assert send().sent == 0
    User.objects.filter(username="city").update(is_active=True, email="")
    assert send().sent == 0
    User.objects.filter(username="city").update(email="city@example.com")
    Post.objects.filter(user__username="city").update(valid_to=TODAY - DAY)
    assert send().sent == 0
    assert [
        (r.before, r.after) for r in AuditRecord.objects.filter(action="inbox.digest_chosen").order_by("number")
    ] == [
        ({"digest": True}, {"digest": False}),
        ({"digest": False}, {"digest": True}),
    ]
    assert MailChoice.objects.get(user=me.user_id).digest


def test_the_public_chooses_nothing():
    with pytest.raises(Refused):
        choose_digest(PUBLIC, wanted=False)


def test_what_is_in_a_colleague_s_hands_is_not_in_the_mail(me, head, task):
    mine, theirs = task("mine", due_on=TODAY), task("theirs", due_on=TODAY)
    hand_over(me, pk=theirs.pk, user_id=head.user_id)
    send()
    assert "第mine件" in mail.outbox[0].body
    assert "第theirs件" not in mail.outbox[0].body
    assert mine.pk


def test_a_long_list_is_cut_and_says_so(task):
    for number in range(43):
        task(str(number), due_on=TODAY)
    send()
    assert mail.outbox[0].body.count("· 填写") == 40
    assert "另有 3 项" in mail.outbox[0].body


def test_a_failure_is_kept_and_tried_three_times(task, monkeypatch):
    task(due_on=TODAY - DAY)
    tries = []

    def fail(_message):
        tries.append(1)
        raise smtplib.SMTPServerDisconnected("gone")

    monkeypatch.setattr(mailing.EmailMessage, "send", fail)
    for _number in range(4):
        send()
    assert len(tries) == 3
    digest = Digest.objects.get()
    assert (digest.state, digest.attempts, digest.error) == ("failed", 3, "gone")


def test_killed_while_sending_it_is_not_sent_again(task, monkeypatch):
    task(due_on=TODAY - DAY)

    def killed(_message):
        raise KeyboardInterrupt

    monkeypatch.setattr(mailing.EmailMessage, "send", killed)
    with pytest.raises(KeyboardInterrupt):
        send()
    monkeypatch.undo()
    assert send().sent == 0
    assert Digest.objects.get().state == "sending"
