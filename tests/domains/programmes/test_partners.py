"""Co-applicants agree for themselves; without that nothing is handed in."""

import datetime as dt
from decimal import Decimal

import pytest

from tests.domains.programmes.conftest import NOW
from xiandao.domains.inbox.models import Task
from xiandao.domains.orgs.models import Organisation
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.programmes.actions import applications as act
from xiandao.domains.programmes.actions import partners
from xiandao.domains.programmes.actions.common import BadFields
from xiandao.domains.programmes.models import Application

pytestmark = pytest.mark.django_db
CODE = "91320100MA1N00026U"


@pytest.fixture
def draft(firm, rival, people, call_of):
    Organisation.objects.filter(pk=rival.organisation_id).update(credit_code=CODE)
    call = call_of(people("department"), "frontier-projects")
    return act.start_application(firm, call_code=call.code, now=NOW)


def invite(firm, draft, share="0.3", code=CODE, task="检测"):
    content = partners.PartnerContent(code, "", Decimal(share), task)
    return partners.invite_partner(firm, code=draft.code, content=content, now=NOW)


def test_the_invited_sees_the_draft_and_has_a_task(firm, rival, draft):
    assert not Application.objects.visible_to(rival).exists()
    partner = invite(firm, draft)
    assert Application.objects.visible_to(rival).get().pk == draft.pk
    task = Task.objects.for_system("tests").get(kind="programmes.agree")
    assert (task.organisation_id, task.due_on) == (rival.organisation_id, dt.date(2026, 3, 9))
    with pytest.raises(BadFields) as caught:
        act.submit_application(firm, code=draft.code, now=NOW)
    assert ("partners", "合作单位“同行科技有限公司（演示）”还没有在平台上同意。") in caught.value.faults
    partners.answer_invitation(rival, code=draft.code, agree=True, now=NOW)
    partner.refresh_from_db()
    assert partner.agreed_by == "rival（演示）"
    with pytest.raises(Conflict, match="已经答复过"):
        partners.answer_invitation(rival, code=draft.code, agree=True, now=NOW)


def test_a_partner_may_not_write_and_may_decline(firm, rival, draft):
    invite(firm, draft)
    with pytest.raises(Refused, match="只有申报单位可以填写"):
        act.save_application(rival, code=draft.code, revision=0, data={"title": "甲"}, now=NOW)
    with pytest.raises(BadFields, match="请写明不同意的理由"):
        partners.answer_invitation(rival, code=draft.code, agree=False, now=NOW)
    partners.answer_invitation(rival, code=draft.code, agree=False, reason="任务不符", now=NOW)
    assert not Application.objects.visible_to(rival).exists()
    assert draft.events.last().text == "同行科技有限公司（演示）：任务不符"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"code": "91320500MA1N00034B"}, "平台上没有信用代码为"),
        ({"code": "123"}, "18"),
        ({"share": "1.2"}, "份额合计不能超过 100%"),
        ({"task": " "}, "请写明承担的任务"),
    ],
)
def test_a_wrong_invitation_is_told(firm, rival, draft, changes, words):
    with pytest.raises(BadFields, match=words):
        invite(firm, draft, **changes)


def test_twice_the_same_is_refused(firm, rival, draft):
    invite(firm, draft)
    with pytest.raises(BadFields, match="已在合作单位中"):
        invite(firm, draft)
