"""The notice and its clock, objections, and the announcement of all rows at once."""

import datetime as dt

import pytest

from tests.domains.programmes.deciding.conftest import NOW, YES, at
from xiandao.domains.inbox.models import Task
from xiandao.domains.ledger.models import Entry
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import PUBLIC, system
from xiandao.domains.programmes.actions import announcing, certificates, deciding, noticing, objections
from xiandao.domains.programmes.actions.common import BadFields
from xiandao.domains.programmes.models import Application, Call, Certificate, DecisionList, Notice, NoticeObjection

pytestmark = pytest.mark.django_db
CLOCK = system("clocks")
NAMED = objections.Objected(True, "场景未建成（演示）", "张三（演示）", "025-1", application="SB2026-001-0001")


def states(made) -> list[str]:
    return [Application.objects.for_system("tests").get(pk=one.pk).state for one in made]


def decision_state(decision) -> str:
    return DecisionList.objects.for_system("tests").get(pk=decision.pk).state


def test_a_notice_runs_five_working_days_and_ends_by_the_calendar(noticed):
    notice, decision, made = noticed
    assert (notice.starts_on, notice.ends_on, notice.days) == (dt.date(2026, 4, 13), dt.date(2026, 4, 20), 5)
    assert [row["code"] for row in notice.rows] == ["SB2026-001-0001", "SB2026-001-0002"]
    assert states(made) == ["noticed", "noticed", "not_proposed"]
    noticing.end_due(CLOCK, today=dt.date(2026, 4, 20), now=at("2026-04-20 23:00"))
    assert decision_state(decision) == "noticed"
    for _twice in range(2):
        noticing.end_due(CLOCK, today=dt.date(2026, 4, 21), now=at("2026-04-21 01:00"))
    assert decision_state(decision) == "ready"
    assert Task.objects.for_system("tests").filter(kind="programmes.announce", state="open").count() == 1


def test_much_money_is_noticed_for_seven(noticed):
    call = noticed[1].call
    assert noticing.clock_of(call, [{"amount": "4999999.99"}, {"amount": None}]) == "notice.publicity"
    assert noticing.clock_of(call, [{"amount": "5000000.00"}]) == "notice.publicity_major"


def test_an_open_objection_holds_the_announcement_and_upheld_changes_the_row(office, noticed):
    notice, decision, made = noticed
    objection = objections.object_to(PUBLIC, notice_code=notice.code, objected=NAMED, now=at("2026-04-20 16:00"))
    assert objection.due_on == dt.date(2026, 4, 27)
    noticing.end_due(CLOCK, today=dt.date(2026, 4, 21), now=at("2026-04-21 01:00"))
    assert (decision_state(decision), Notice.objects.get().state) == ("noticed", "held")
    with pytest.raises(Conflict):
        announcing.announce(office, pk=decision.pk, document="通知", now=at("2026-04-21 09:00"))
    objections.accept(office, code=objection.code, now=at("2026-04-22 09:00"))
    objection.refresh_from_db()
    assert objection.due_on == dt.date(2026, 5, 22)  # 20 working days, the days around 1 May left out
    objections.extend(office, code=objection.code, reason="需现场检测", now=at("2026-04-23 09:00"))
    objection.refresh_from_db()
    assert objection.due_on == dt.date(2026, 6, 5)
    with pytest.raises(Conflict, match="只能延长一次"):
        objections.extend(office, code=objection.code, reason="再延", now=at("2026-04-24 09:00"))
    objections.answer(
        office, code=objection.code, upheld=True, text="经核查未建成", drop=True, now=at("2026-05-06 09:00")
    )
    assert states(made) == ["not_proposed", "noticed", "not_proposed"]
    assert Notice.objects.get().dropped == ["SB2026-001-0001"]
    assert decision_state(decision) == "ready"
    done = announcing.announce(
        office, pk=decision.pk, document="关于公布首批场景的通知（演示）", now=at("2026-05-07 09:00")
    )
    assert (done.approved, done.others) == (1, 2)


def test_an_objection_by_name_needs_name_and_contact_an_anonymous_one_evidence(noticed):
    notice, *_rest = noticed
    for objected, fields in (
        (objections.Objected(True, "不实"), ["name", "contact"]),
        (objections.Objected(False, "不实"), ["evidence"]),
        (objections.Objected(False, " ", evidence="合同"), ["text"]),
        (objections.Objected(False, "不实", evidence="合同", application="SB2026-001-0003"), ["application"]),
    ):
        with pytest.raises(BadFields) as bad:
            objections.object_to(PUBLIC, notice_code=notice.code, objected=objected, now=NOW)
        assert [field for field, _text in bad.value.faults] == fields
    with pytest.raises(Conflict, match="2026-04-20 结束"):
        objections.object_to(PUBLIC, notice_code=notice.code, objected=NAMED, now=at("2026-04-21 00:00"))


def test_who_objects_without_a_name_is_kept_nowhere(noticed, people):
    notice, *_rest = noticed
    anonymous = objections.Objected(False, "未建成", name="不应留名", contact="13800000000", evidence="现场照片")
    one = objections.object_to(people("city").at("10.1.2.3"), notice_code=notice.code, objected=anonymous, now=NOW)
    assert (one.name, one.contact, one.organisation_id, one.events.get().by) == ("", "", None, "notice-objection")
    assert "10.1.2.3" not in one.address_mark
    from xiandao.domains.audit.models import AuditRecord

    record = AuditRecord.objects.get(action="programmes.objection_received")
    assert (record.actor, record.address) == ("system:notice-objection", None)


def test_a_flood_from_one_place_is_stopped(noticed):
    notice, *_rest = noticed
    viewer = PUBLIC.at("10.1.2.3")
    for _each in range(10):
        objections.object_to(viewer, notice_code=notice.code, objected=NAMED, now=NOW)
    with pytest.raises(Refused, match="已达上限"):
        objections.object_to(viewer, notice_code=notice.code, objected=NAMED, now=NOW)
    objections.object_to(PUBLIC.at("10.1.2.4"), notice_code=notice.code, objected=NAMED, now=NOW)
    assert NoticeObjection.objects.for_system("tests").count() == 11


def test_a_material_change_restarts_the_clock(office, noticed):
    notice, decision, made = noticed
    with pytest.raises(Conflict, match="先撤下公示"):
        deciding.set_row(office, pk=decision.pk, code=made[0].code, verdict=YES, now=NOW)
    noticing.take_down(office, pk=decision.pk, reason="金额有误", now=at("2026-04-15 09:00"))
    assert states(made) == ["proposed", "proposed", "not_proposed"]
    again = noticing.publish(office, pk=decision.pk, title="再次公示", contact="025", now=at("2026-04-15 10:00"))
    notice.refresh_from_db()
    assert (notice.state, again.follows_id, again.ends_on) == ("restarted", notice.pk, dt.date(2026, 4, 22))


def test_everything_is_announced_at_once(office, noticed, people):
    _notice, decision, made = noticed
    noticing.end_due(CLOCK, today=dt.date(2026, 4, 21), now=at("2026-04-21 01:00"))
    announcing.announce(
        office,
        pk=decision.pk,
        document="关于公布首批场景的通知（演示）",
        document_number="〔2026〕1号",
        now=at("2026-04-22 09:00"),
    )
    assert states(made) == ["approved", "approved", "refused"]
    entry = Entry.objects.for_system("tests").get(application="SB2026-001-0001")
    assert (entry.kind, entry.level, entry.valid_to, entry.evaluate_on) == (
        "scenario",
        "行业集成场景",
        dt.date(2029, 4, 22),
        dt.date(2028, 4, 22),
    )
    assert entry.amount == 1_000_000
    assert sorted((each.plan.code, each.target_key) for each in entry.targets.select_related("plan")) == [
        ("js-sci-5x100", "H4"),
        ("js-wlcy-2024-2026", "T06-1"),
    ]
    assert Certificate.objects.count() == 2
    assert Task.objects.for_system("tests").filter(kind="programmes.read", state="open").count() == 3
    assert Call.objects.for_system("tests").get().state == "finished"


def test_one_row_that_cannot_be_entered_keeps_all_back(office, noticed, monkeypatch):
    _notice, decision, made = noticed
    noticing.end_due(CLOCK, today=dt.date(2026, 4, 21), now=at("2026-04-21 01:00"))
    real, calls = announcing.enter, []

    def second_fails(*args, **kwargs):
        calls.append(1)
        if len(calls) == 2:
            raise Conflict("已在台账中")
        return real(*args, **kwargs)

    monkeypatch.setattr(announcing, "enter", second_fails)
    with pytest.raises(Conflict, match="SB2026-001-0002 不能登记台账，全部没有公布"):
        announcing.announce(office, pk=decision.pk, document="通知", now=at("2026-04-22 09:00"))
    assert states(made) == ["noticed", "noticed", "not_proposed"]
    assert not Certificate.objects.exists()
    assert not Entry.objects.for_system("tests").filter(kind="scenario", application__startswith="SB2026").exists()
    assert decision_state(decision) == "ready"


def test_a_certificate_is_found_however_its_code_is_typed_and_can_be_revoked(office, noticed, people):
    _notice, decision, _made = noticed
    noticing.end_due(CLOCK, today=dt.date(2026, 4, 21), now=at("2026-04-21 01:00"))
    announcing.announce(office, pk=decision.pk, document="通知", now=at("2026-04-22 09:00"))
    paper = Certificate.objects.first()
    typed = " ".join(paper.check_code.lower()[n : n + 4] for n in (0, 4, 8))
    assert certificates.find(typed) == paper
    assert certificates.find("AAAA") is None
    with pytest.raises(Refused):
        certificates.revoke(people("city"), number=paper.number, reason="x")
    certificates.revoke(office, number=paper.number, reason="移出", now=at("2026-06-01 09:00"))
    paper.refresh_from_db()
    assert paper.revoked_on == dt.date(2026, 6, 1)
