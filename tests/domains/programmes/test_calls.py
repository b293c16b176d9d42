"""Calls are drafted and published by who leads the programme, only ever prolonged, and cancelled with a reason."""

import datetime as dt

import pytest

from tests.domains.programmes.conftest import CLOSES, NOW, content
from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.programmes.actions import applications, calls
from xiandao.domains.programmes.actions.common import BadFields
from xiandao.domains.programmes.models import Application, Call, Programme

pytestmark = pytest.mark.django_db


def programme():
    return Programme.objects.get(code="demonstration-firm")


def test_only_the_lead_runs_calls(people, firm):
    with pytest.raises(Refused, match="由省工业和信息化厅组织申报"):
        calls.draft_call(people("department"), programme=programme(), content=content(), now=NOW)
    with pytest.raises(Refused, match="您的岗位不能组织申报"):
        calls.draft_call(firm, programme=programme(), content=content(), now=NOW)


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"closes_at": NOW}, "closes_at", "截止时间应晚于开始受理的时间"),
        ({"opens_at": None}, "opens_at", "请填写开始受理的时间"),
        ({"title": " "}, "title", "请填写标题"),
        ({"recommend_until": CLOSES - dt.timedelta(days=1)}, "recommend_until", "推荐截止不能早于申报截止"),
        ({"quotas": {"nobody": 3}}, "quotas", "没有代码为“nobody”的单位"),
    ],
)
def test_bad_dates_and_quotas_are_told(lead, changes, field, words):
    with pytest.raises(BadFields) as caught:
        calls.draft_call(lead, programme=programme(), content=content(**changes), now=NOW)
    assert caught.value.faults[0][0] == field
    assert words in caught.value.faults[0][1]
    assert not Call.objects.for_system("test").exists()


def test_a_short_window_needs_a_reason(lead):
    soon = content(closes_at=NOW + dt.timedelta(days=10))
    call = calls.draft_call(lead, programme=programme(), content=soon, now=NOW)
    with pytest.raises(BadFields, match="只有 10 天，少于平台默认的 30 天"):
        calls.publish_call(lead, code=call.code, now=NOW)
    assert calls.publish_call(lead, code=call.code, reason="国家要求", now=NOW).state == "published"


def test_a_draft_is_its_organisers_and_a_published_call_everybodys(lead, firm, public):
    call = calls.draft_call(lead, programme=programme(), content=content(), now=NOW)
    assert not Call.objects.visible_to(public).exists()
    assert not Call.objects.visible_to(firm).exists()
    calls.publish_call(lead, code=call.code, now=NOW)
    assert Call.objects.visible_to(public).get().code == "TZ2026-001"


def test_what_is_published_is_not_changed_only_prolonged(lead, call):
    with pytest.raises(Conflict, match="通知已发布"):
        calls.change_call(lead, code=call.code, revision=call.revision, content=content())
    with pytest.raises(BadFields, match="只能向后延长"):
        calls.prolong_call(lead, code=call.code, closes_at=CLOSES, reason="x", now=NOW)
    with pytest.raises(BadFields, match="请写明延长的理由"):
        calls.prolong_call(lead, code=call.code, closes_at=CLOSES + dt.timedelta(days=1), reason=" ", now=NOW)
    later = calls.prolong_call(lead, code=call.code, closes_at=CLOSES + dt.timedelta(days=7), reason="假期", now=NOW)
    assert later.closes_at == CLOSES + dt.timedelta(days=7)
    with pytest.raises(Conflict):
        calls.prolong_call(
            lead,
            code=call.code,
            closes_at=CLOSES + dt.timedelta(days=90),
            reason="晚了",
            now=CLOSES + dt.timedelta(days=8),
        )
    assert AuditRecord.objects.get(action="programmes.call_prolonged").reason == "假期"


def test_cancelling_ends_what_was_handed_in_and_says_why(lead, firm, call):
    application = applications.start_application(firm, call_code=call.code, now=NOW)
    with pytest.raises(BadFields):
        calls.cancel_call(lead, code=call.code, reason="", now=NOW)
    calls.cancel_call(lead, code=call.code, reason="政策调整", now=NOW)
    row = Application.objects.for_system("test").get(pk=application.pk)
    assert row.state == "lapsed"
    assert row.events.last().text == "政策调整"


def test_two_who_edit_a_draft_are_told_apart(lead):
    call = calls.draft_call(lead, programme=programme(), content=content(), now=NOW)
    calls.change_call(lead, code=call.code, revision=0, content=content(title="甲"))
    with pytest.raises(Conflict, match="别人刚刚改过"):
        calls.change_call(lead, code=call.code, revision=0, content=content(title="乙"))
