"""An application is begun with what is known, written together, handed in once and in time, corrected, taken back."""

import datetime as dt

import pytest

from tests.domains.programmes.conftest import CLOSES, GOOD, NOW
from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.orgs.models import Organisation, User
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.programmes import life
from xiandao.domains.programmes.actions import applications as act
from xiandao.domains.programmes.actions import calls, checking
from xiandao.domains.programmes.actions.common import BadFields
from xiandao.domains.programmes.models import Application, Call
from xiandao.domains.programmes.rules import editable_fields

pytestmark = pytest.mark.django_db


def begun(firm, call, data=GOOD):
    application = act.start_application(firm, call_code=call.code, now=NOW)
    return act.save_application(firm, code=application.code, revision=0, data=data, now=NOW).application


def test_it_begins_with_what_is_known(firm, call):
    User.objects.filter(username="applicant").update(phone="025-12345678")
    application = act.start_application(firm, call_code=call.code, now=NOW)
    assert application.data["org_name"] == "示例氢能科技有限公司（演示）"
    assert application.data["contact_name"] == "何申报（演示）"
    assert application.data["contact_phone"] == "025-12345678"
    assert application.code == f"{call.code}-0001"
    assert act.start_application(firm, call_code=call.code, now=NOW).pk == application.pk


def test_the_next_one_takes_over_the_basics_but_no_promise(firm, call, call_of, lead):
    begun(firm, call)
    other = call_of(lead)
    data = act.start_application(firm, call_code=other.code, now=NOW).data
    assert data["founded_on"] == "2016年5月6日"
    assert data["revenue"] == "2亿"
    assert "has_breach" not in data
    assert "promise_true" not in data
    assert "main_product" not in data


def test_a_whole_application_is_handed_in(firm, call, with_files):
    application = begun(firm, call)
    with_files(application)
    done = act.submit_application(firm, code=application.code, now=NOW)
    assert done.state == "submitted"
    assert done.recommender.code == "js-miit-320100" or done.recommender.name == "南京市工业和信息化局"
    assert done.region_id == "320100"
    assert done.due_on == dt.date(2026, 3, 16)
    assert [i.pk for i in done.industries.all()] == ["hydrogen"]
    assert {(f["key"], f["outcome"]) for f in done.eligibility} == {
        ("future_share", "pass"),
        ("rnd_ratio", "pass"),
        ("ip_one", "pass"),
        ("project_or_first", "pass"),
        ("no_breach", "pass"),
        ("promised", "pass"),
    }
    assert AuditRecord.objects.filter(action="programmes.application_submitted", object_key=done.code).count() == 1


def test_handing_in_twice_is_handing_in_once(firm, call, with_files):
    application = begun(firm, call)
    with_files(application)
    act.submit_application(firm, code=application.code, now=NOW)
    again = act.submit_application(firm, code=application.code, now=NOW + dt.timedelta(minutes=1))
    assert again.submitted_at == NOW
    assert again.events.filter(state="submitted").count() == 1
    assert AuditRecord.objects.filter(action="programmes.application_submitted", object_key=again.code).count() == 1


def test_the_closing_second_is_in_time_and_the_next_is_late(firm, rival, call, with_files):
    one = begun(firm, call)
    other = act.start_application(rival, call_code=call.code, now=NOW)
    act.save_application(rival, code=other.code, revision=0, data=GOOD | {"org_name": "同行"}, now=NOW)
    for application in (one, other):
        with_files(application)
    last = CLOSES.replace(microsecond=999_999)
    assert act.submit_application(firm, code=one.code, now=last).state == "submitted"
    with pytest.raises(Conflict, match="2026-04-30 17:00:00 已截止"):
        act.submit_application(rival, code=other.code, now=CLOSES + dt.timedelta(seconds=1))
    assert Application.objects.for_system("test").get(pk=other.pk).state == "draft"


def test_every_gap_is_named_with_its_field(firm, call):
    application = act.start_application(firm, call_code=call.code, now=NOW)
    with pytest.raises(BadFields) as caught:
        act.submit_application(firm, code=application.code, now=NOW)
    faults = dict(caught.value.faults)
    assert faults["revenue"] == "经营与研发（近两个完整会计年度） · 上年度营业收入：必填，还没有填。"
    assert "first_product" not in faults
    assert "breach_note" not in faults
    assert "至少 1 份，现有 0 份" in faults["promise_file"]


def test_what_is_unknown_is_no_failure_and_what_fails_is_told_with_its_source(firm, call, with_files):
    application = begun(firm, call, GOOD | {"future_share": "49.99"})
    with_files(application)
    with pytest.raises(BadFields) as caught:
        act.submit_application(firm, code=application.code, now=NOW)
    assert caught.value.faults == [
        (
            "rule.future_share",
            "不符合申报条件：来自所选未来产业的收入占营业收入 50% 以上（《平台默认值》（平台默认，非规定））",
        )
    ]


def test_a_conditional_field_is_asked_for_where_its_condition_holds(firm, call, with_files):
    application = begun(firm, call, GOOD | {"has_first_product": "是"})
    with_files(application)
    with pytest.raises(BadFields) as caught:
        act.submit_application(firm, code=application.code, now=NOW)
    assert [field for field, _sentence in caught.value.faults] == ["first_product"]


def test_two_at_one_form_are_merged_and_a_clash_is_asked_about(firm, call):
    application = begun(firm, call)
    base = dict(application.data)
    first = act.save_application(
        firm, code=application.code, revision=1, data=base | {"staff": "100"}, base=base, now=NOW
    )
    assert first.application.revision == 2
    second = act.save_application(
        firm, code=application.code, revision=1, data=base | {"rnd_staff": "20"}, base=base, now=NOW
    )
    assert second.merged
    assert second.application.data["staff"] == "100"
    assert second.application.data["rnd_staff"] == "20"
    with pytest.raises(act.Changed) as caught:
        act.save_application(firm, code=application.code, revision=1, data=base | {"staff": "90"}, base=base, now=NOW)
    assert [(c.field, c.mine, c.theirs) for c in caught.value.clashes] == [("staff", "90", "100")]
    assert Application.objects.for_system("test").get(pk=application.pk).data["staff"] == "100"


def test_only_what_was_returned_may_be_changed(firm, lead, call, with_files):
    application = begun(firm, call)
    with_files(application)
    act.submit_application(firm, code=application.code, now=NOW)
    with pytest.raises(Refused, match="不能改动"):
        act.save_application(firm, code=application.code, revision=2, data=GOOD, now=NOW)
    checking.ask_correction(lead, code=application.code, findings=[checking.Finding("staff", "请补从业人员")], now=NOW)
    row = Application.objects.for_system("test").select_related("call__version").get(pk=application.pk)
    assert editable_fields(row) == {"staff"}
    saved = act.save_application(
        firm, code=row.code, revision=row.revision, data=GOOD | {"staff": "120", "rnd": "1元"}, now=NOW
    ).application
    assert saved.data["staff"] == "120"
    assert saved.data["rnd"] == "1600万元"
    done = act.submit_application(firm, code=row.code, now=NOW + dt.timedelta(days=1))
    assert (done.state, done.corrections) == ("submitted", 1)
    assert not done.findings.filter(settled=False).exists()


def test_a_correction_after_its_last_day_is_refused(firm, lead, call, with_files):
    application = begun(firm, call)
    with_files(application)
    act.submit_application(firm, code=application.code, now=NOW)
    checking.ask_correction(lead, code=application.code, findings=[checking.Finding("staff", "请补")], now=NOW)
    late = dt.datetime(2026, 3, 10, 0, 0, 1, tzinfo=NOW.tzinfo)
    with pytest.raises(Conflict, match="补正期限 2026-03-09 已过"):
        act.submit_application(firm, code=application.code, now=late)


def test_it_is_taken_back_and_may_be_begun_again(firm, rival, call):
    application = begun(firm, call)
    with pytest.raises(Application.DoesNotExist):
        act.withdraw_application(rival, code=application.code, now=NOW)
    act.withdraw_application(firm, code=application.code, reason="改报别的", now=NOW)
    assert act.start_application(firm, call_code=call.code, now=NOW).code == f"{call.code}-0002"


def test_who_may_not_apply_is_told_why(people, lead, firm, call_of):
    zone = call_of(lead, "scene-body")
    Organisation.objects.filter(pk=firm.organisation_id).update(kind="university")
    with pytest.raises(Refused, match="贵单位登记为高等学校"):
        act.start_application(firm, call_code=zone.code, now=NOW)
    with pytest.raises(Refused, match="您的岗位不能申报"):
        act.start_application(people("city"), call_code=zone.code, now=NOW)


def test_a_call_that_is_not_open_takes_nothing(firm, call):
    with pytest.raises(Conflict, match="2026-03-02 09:00 开始受理"):
        act.start_application(firm, call_code=call.code, now=NOW - dt.timedelta(seconds=1))
    with pytest.raises(Call.DoesNotExist):
        act.start_application(firm, call_code="TZ2026-999", now=NOW)


def test_drafts_lapse_when_the_call_closes(people, firm, call):
    application = begun(firm, call)
    from xiandao.domains.orgs.viewer import system

    assert calls.close_due(system("clock"), now=CLOSES + dt.timedelta(seconds=1)) == 1
    assert calls.close_due(system("clock"), now=CLOSES + dt.timedelta(seconds=2)) == 0
    assert Application.objects.for_system("test").get(pk=application.pk).state == "lapsed"


def test_every_step_leads_where_the_table_says():
    assert all(step.from_ and step.to for step in life.STEPS.values())
    assert life.told_state("not_proposed") == "reviewed"
    assert life.told_state("noticed") == "noticed"
