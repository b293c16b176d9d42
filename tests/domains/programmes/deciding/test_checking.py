"""The formal check: pass, return once with a clock, unfit; many at once after a preview."""

import datetime as dt

import pytest

from tests.domains.programmes.deciding.conftest import NOW, S, at
from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.inbox.models import Task
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.programmes.actions import checking
from xiandao.domains.programmes.actions.common import BadFields
from xiandao.domains.programmes.models import Application

pytestmark = pytest.mark.django_db
WRONG = [checking.Finding("site", "地点写明到县（市、区）", "申报通知第三条")]


def state_of(application) -> str:
    return Application.objects.for_system("tests").get(pk=application.pk).state


def open_tasks(kind: str) -> list[Task]:
    return list(Task.objects.for_system("tests").filter(kind=kind, state="open"))


def test_what_passes_goes_to_who_recommends_it(office, applied, people):
    one = applied()
    checking.pass_check(office, code=one.code, now=NOW)
    assert state_of(one) == "checked"
    (task,) = open_tasks("programmes.recommend")
    assert task.organisation_id == people("city").organisation_id
    assert task.due_on == dt.date(2026, 5, 15)
    assert AuditRecord.objects.filter(action="programmes.check_passed", object_key=one.code).count() == 1


def test_it_is_returned_once_and_the_clock_starts_as_the_applicant_is_told(office, applied, own):
    one = applied(applicant=own)
    checking.ask_correction(office, code=one.code, findings=WRONG, now=NOW)
    assert state_of(one) == "correcting"
    (task,) = open_tasks("programmes.correct")
    assert (task.organisation_id, task.due_on) == (own.pk, dt.date(2026, 4, 20))
    assert one.findings.get().text == "地点写明到县（市、区）"
    Application.objects.for_system("tests").filter(pk=one.pk).update(state=S.SUBMITTED)
    with pytest.raises(Conflict, match="只允许补正 1 次"):
        checking.ask_correction(office, code=one.code, findings=WRONG, now=NOW)


def test_silence_lapses_after_the_last_day_and_not_on_it(office, applied, people):
    one = applied()
    checking.ask_correction(office, code=one.code, findings=WRONG, now=NOW)
    checking.lapse_due(office, today=dt.date(2026, 4, 20), now=at("2026-04-20 12:00"))
    assert state_of(one) == "correcting"
    for _twice in range(2):
        checking.lapse_due(office, today=dt.date(2026, 4, 21), now=at("2026-04-21 01:00"))
    assert state_of(one) == "unfit"
    assert open_tasks("programmes.correct") == []
    assert AuditRecord.objects.filter(action="programmes.correction_lapsed").count() == 1


def test_unfit_needs_reason_and_rule(office, applied):
    one = applied()
    with pytest.raises(BadFields) as bad:
        checking.fail_check(office, code=one.code, reason=" ", rule="", now=NOW)
    assert [field for field, _text in bad.value.faults] == ["reason", "rule"]
    checking.fail_check(office, code=one.code, reason="未建成", rule="通知第二条", now=NOW)
    assert state_of(one) == "unfit"
    assert one.events.get(state="unfit").text == "未建成（依据：通知第二条）"


def test_returning_needs_a_finding(office, applied):
    one = applied()
    with pytest.raises(BadFields, match="至少写一条"):
        checking.ask_correction(office, code=one.code, findings=[checking.Finding("site", " ")], now=NOW)
    assert state_of(one) == "submitted"


@pytest.mark.parametrize("account", ["department-other", "city", "applicant", "coordinator", "auditor", "expert"])
def test_only_the_organiser_checks(account, people, applied, own):
    one = applied(applicant=own)
    with pytest.raises((Refused, Application.DoesNotExist)):
        checking.pass_check(people(account), code=one.code, now=NOW)
    assert state_of(one) == "submitted"


def test_many_pass_after_a_preview_that_says_who_is_left_out(office, call, applied):
    made = [applied(1), applied(2, S.CHECKED), applied(3, eligibility=[FAILED]), applied(4)]
    plan = checking.preview(office, call=call, codes=[one.code for one in made])
    assert [row.why_not for row in plan] == [
        "",
        "现在是“形式审查通过”",
        "不符合条件：连续运行90天以上。请逐项审查",
        "",
    ]
    Application.objects.for_system("tests").filter(pk=made[3].pk).update(revision=7)
    done, out = checking.pass_many(office, call=call, wanted={one.code: 0 for one in made}, now=NOW)
    assert done == 1
    assert [row.application.code[-4:] for row in out] == ["0002", "0003", "0004"]
    assert out[2].why_not == "预览后有变动，请重新查看"
    assert [state_of(one) for one in made] == ["checked", "checked", "submitted", "submitted"]


FAILED = {
    "key": "trial",
    "message": "连续运行90天以上",
    "outcome": "fail",
    "effect": "bar",
    "source": "平台默认",
    "confidence": "default_ours",
    "needs": [],
}


def test_one_task_a_call_stands_for_all_that_waits(office, call, applied):
    one, two = applied(1, submitted_at=at("2026-04-08 09:00")), applied(2)
    for _twice in range(2):
        checking.open_check_tasks(office, now=NOW)
    (task,) = open_tasks("programmes.check")
    assert (task.object_key, task.due_on) == (call.code, dt.date(2026, 4, 22))
    checking.pass_check(office, code=one.code, now=NOW)
    checking.pass_check(office, code=two.code, now=NOW)
    assert open_tasks("programmes.check") == []
