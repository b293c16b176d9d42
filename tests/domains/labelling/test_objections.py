"""Objections of an enterprise: raised, answered, withdrawn; clock, tasks, labels, letter, who sees them."""

import datetime as dt

import pytest

from tests.domains.labelling.conftest import H2
from tests.domains.labelling.test_desk import label, result
from tests.domains.labelling.test_samples import tasks
from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.files.registry import holders
from xiandao.domains.industries.models import Industry
from xiandao.domains.labelling.actions import objections as act
from xiandao.domains.labelling.actions.objections import Verdict
from xiandao.domains.labelling.models import Objection, ObjectionState
from xiandao.domains.labelling.objection_document import objection_document
from xiandao.domains.orgs.models import Organisation
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.printing.official import word


@pytest.fixture
def firm_account(people):
    return people("applicant")


@pytest.fixture
def own(firm, firm_account):
    body = Organisation.objects.get(pk=firm_account.organisation_id)
    return firm("自己", organisation=body, hydrogen=("out", "mention", 0.1))


@pytest.fixture
def raised(own, firm_account, now):
    return act.raise_objection(
        firm_account,
        enterprise=own,
        industry=Industry.objects.get(code=H2),
        asked_role="core",
        text="本企业制造燃料电池电堆。",
        now=now,
    )


def test_it_gets_a_number_a_last_day_and_a_task(raised):
    assert raised.code == "YY2026-0001"
    # 15 working days from Friday 10 April 2026, with the May holidays of 1 to 5 May and a working Saturday in between
    assert dt.date(2026, 4, 30) <= raised.due_on <= dt.date(2026, 5, 8)
    assert tasks("labelling.answer") == ["YY2026-0001 自己公司（演示）"]
    assert AuditRecord.objects.get(action="labelling.objection_raised").after["asked_role"] == "core"


def test_upheld_it_changes_label_and_result(raised, own, office, now):
    act.answer_objection(office, code=raised.code, verdict=Verdict(ObjectionState.UPHELD, "材料属实。"), now=now)
    assert result(own) == ("in", "core", "objection")
    assert (label(own).labels, label(own).about, label(own).source) == ({H2: "core"}, [H2], "objection")
    assert tasks("labelling.answer") == []
    assert tasks("labelling.read") == ["YY2026-0001 采纳"]
    record = AuditRecord.objects.get(action="labelling.objection_answered")
    assert (record.before["role"], record.after["role"], record.reason) == ("", "core", "材料属实。")


def test_upheld_in_part_it_takes_another_role(raised, own, office, now):
    for role in ("core", "", "chief"):
        with pytest.raises(Refused, match="部分采纳"):
            act.answer_objection(office, code=raised.code, verdict=Verdict(ObjectionState.PARTLY, "见函", role))
    act.answer_objection(office, code=raised.code, verdict=Verdict(ObjectionState.PARTLY, "见函", "service"), now=now)
    assert result(own) == ("in", "service", "objection")


def test_dismissed_nothing_changes(raised, own, office, now):
    with pytest.raises(Refused, match="理由"):
        act.answer_objection(office, code=raised.code, verdict=Verdict(ObjectionState.DISMISSED, " "))
    act.answer_objection(office, code=raised.code, verdict=Verdict(ObjectionState.DISMISSED, "没有依据"), now=now)
    assert result(own) == ("out", "mention", "model")
    assert label(own) is None
    with pytest.raises(Conflict, match="不采纳"):
        act.answer_objection(office, code=raised.code, verdict=Verdict(ObjectionState.UPHELD, "改主意"))


def test_that_it_does_not_belong_can_be_asked_too(firm, firm_account, office, now):
    body = Organisation.objects.get(pk=firm_account.organisation_id)
    own = firm("自己", organisation=body, hydrogen=("in", "core", 0.9))
    raised = act.raise_objection(
        firm_account, enterprise=own, industry=Industry.objects.get(code=H2), asked_role="", text="不从事", now=now
    )
    act.answer_objection(office, code=raised.code, verdict=Verdict(ObjectionState.UPHELD, "属实"), now=now)
    assert result(own) == ("out", "mention", "objection")


def test_one_open_objection_an_industry_and_none_for_what_holds(raised, own, firm_account, office, now):
    again = {"enterprise": own, "industry": Industry.objects.get(code=H2), "text": "再次"}
    with pytest.raises(Conflict, match="YY2026-0001"):
        act.raise_objection(firm_account, asked_role="core", **again)
    act.withdraw_objection(firm_account, code=raised.code, text="误提", now=now)
    assert tasks("labelling.answer") == []
    with pytest.raises(Refused, match="就是这样"):
        act.raise_objection(firm_account, asked_role="", **again)
    second = act.raise_objection(firm_account, asked_role="core", now=now, **again)
    assert second.code == "YY2026-0002"
    with pytest.raises(Conflict, match="已撤回"):
        act.withdraw_objection(firm_account, code=raised.code)


def test_only_the_enterprise_itself_objects_and_withdraws(own, raised, firm, people, office, firm_account):
    stranger = firm("别家", hydrogen=("in", "core", 0.9))
    industry = Industry.objects.get(code=H2)
    with pytest.raises(Refused, match="本单位"):
        act.raise_objection(firm_account, enterprise=stranger, industry=industry, asked_role="", text="x")
    with pytest.raises(Refused, match="不能提出异议"):
        act.raise_objection(office, enterprise=own, industry=industry, asked_role="core", text="x")
    with pytest.raises(Refused, match="只有提出单位"):
        act.withdraw_objection(office, code=raised.code)
    with pytest.raises(Refused, match="不能答复"):
        act.answer_objection(firm_account, code=raised.code, verdict=Verdict(ObjectionState.UPHELD, "好"))
    with pytest.raises(Objection.DoesNotExist):
        act.withdraw_objection(people("expert"), code=raised.code)
    with pytest.raises(Refused, match="请写明理由"):
        act.raise_objection(firm_account, enterprise=own, industry=industry, asked_role="core", text=" ")


def test_files_are_the_enterprises_while_it_is_open(raised, firm_account, office, people, now):
    kind = holders()["labelling.objection"]
    assert kind.may_see(firm_account, raised.code)
    assert kind.may_see(office, raised.code)
    assert not kind.may_see(people("fund"), raised.code)
    assert kind.may_change(firm_account, raised.code)
    assert not kind.may_change(office, raised.code)
    act.withdraw_objection(firm_account, code=raised.code, now=now)
    assert not kind.may_change(firm_account, raised.code)


def test_reading_the_answer_clears_the_notice(raised, firm_account, office, now):
    act.answer_objection(office, code=raised.code, verdict=Verdict(ObjectionState.UPHELD, "属实"), now=now)
    act.mark_read(office, code=raised.code)
    assert tasks("labelling.read") == ["YY2026-0001 采纳"]
    act.mark_read(firm_account, code=raised.code, now=now)
    assert tasks("labelling.read") == []


def test_the_answer_is_a_letter(raised, office, now):
    answered = act.answer_objection(
        office, code=raised.code, verdict=Verdict(ObjectionState.UPHELD, "材料属实。"), now=now
    )
    document = objection_document(answered, issuer="省发展改革委")
    text = "".join(str(block) for block in document.blocks)
    assert "编号YY2026-0001" in text
    assert "采纳贵单位的异议" in text
    assert "氢能" in text
    assert "核心企业" in text
    assert word(document)[:2] == b"PK"


def test_pages_of_an_objection(raised, client_of):
    page = client_of("applicant").get(f"/labelling/objections/{raised.code}/")
    assert page.status_code == 200
    assert "现在轮到" in page.content.decode()
    assert "撤回异议" in page.content.decode()
    office = client_of("coordinator")
    refused = office.post(f"/labelling/objections/{raised.code}/answer/", {"verdict": "upheld", "text": ""})
    assert refused.status_code == 422
    assert "请写明答复的理由" in refused.content.decode()
    assert (
        office.post(f"/labelling/objections/{raised.code}/answer/", {"verdict": "upheld", "text": "属实"}).status_code
        == 302
    )
    assert office.get(f"/labelling/objections/{raised.code}/answer.docx").content[:2] == b"PK"
    assert office.get("/labelling/objections/?export=xlsx").content[:2] == b"PK"


def test_raising_one_in_the_browser(own, client_of):
    client = client_of("applicant")
    form = client.get("/labelling/objections/new/")
    assert "自己公司" in form.content.decode()
    bad = client.post("/labelling/objections/new/", {"enterprise": own.pk, "industry": H2, "role": "core", "text": ""})
    assert bad.status_code == 422
    good = client.post(
        "/labelling/objections/new/", {"enterprise": own.pk, "industry": H2, "role": "core", "text": "属实"}
    )
    assert good.status_code == 302
    again = client.post(
        "/labelling/objections/new/", {"enterprise": own.pk, "industry": H2, "role": "core", "text": "属实"}
    )
    assert again.status_code == 409
