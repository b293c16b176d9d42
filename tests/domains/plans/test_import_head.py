"""The head, giving an import up, and two people at the same thing."""

import pytest

from tests.domains.plans.import_support import again, item, last, state
from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.plans.actions import imports as act
from xiandao.domains.plans.models import Correction
from xiandao.domains.plans.models.drafts import ImportState

pytestmark = pytest.mark.django_db


def audited(plan, code):
    return AuditRecord.objects.filter(object_kind="plan_import", object_key=str(plan.pk), action=f"plans.import_{code}")


def edit(me, plan, key, data, *, revision=0):
    row = item(plan, key)
    span = (row.span_start, row.span_end)
    return act.edit(me, pk=plan.pk, key=key, revision=revision, data=data, span=span, parent=row.parent.key)


def test_the_head_is_corrected_with_a_record(me, plan):
    act.edit_head(me, pk=plan.pk, revision=0, head={"number": "云政发〔2025〕13号", "issuers": ["云泽市人民政府"]})
    now = again(me, plan)
    assert (now.head["number"], now.head["issuers"], now.head_revision) == ("云政发〔2025〕13号", ["云泽市人民政府"], 1)
    assert last(plan).before == {"head": {"number": "云政办发〔2025〕12号", "issuers": ["云泽市人民政府办公室"]}}
    assert audited(plan, "edit_head").exists()


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ({"title": ""}, "至少"),
        ({"title": "长" * 201}, "最多 200"),
        ({"period": [2027, 2025]}, "起始年份"),
        ({"issued_on": "三月六日"}, "日期"),
        ({}, "没有改动"),
    ],
)
def test_a_faulty_head_is_refused(me, plan, head, words):
    with pytest.raises(Refused, match=words):
        act.edit_head(me, pk=plan.pk, revision=0, head=head)
    assert again(me, plan).head == plan.head


def test_discarding_needs_a_reason_and_keeps_everything(me, plan):
    with pytest.raises(Refused, match="理由"):
        act.discard(me, pk=plan.pk, reason="  ")
    before = state(plan)
    act.discard(me, pk=plan.pk, reason="发错了版本")
    assert (again(me, plan).state, again(me, plan).closing_reason) == (ImportState.DISCARDED, "发错了版本")
    assert state(plan) == before
    assert audited(plan, "discarded").get().reason == "发错了版本"


# Two people


def test_the_second_of_two_people_is_told_who_was_first(me, plan):
    edit(me, plan, "T01-1", {"value": 600})
    with pytest.raises(act.Changed, match=me.name) as refusal:
        edit(me, plan, "T01-1", {"value": 700}, revision=0)
    assert refusal.value.item.data["value"] == 600
    assert item(plan, "T01-1").data["value"] == 600


def test_two_people_on_different_items_do_not_disturb_each_other(me, plan):
    edit(me, plan, "T01-1", {"value": 600})
    edit(me, plan, "T02-1", {"low": 6})
    assert Correction.objects.filter(plan_import=plan).count() == 2


def test_an_item_that_is_gone_says_so(me, plan):
    act.merge(me, pk=plan.pk, key="T01-2", revision=0)
    with pytest.raises(act.Changed, match="不在") as refusal:
        act.accept(me, pk=plan.pk, key="T01-2", revision=0)
    assert refusal.value.item is None
    assert refusal.value.by == me.name


def test_two_people_on_the_head(me, plan):
    act.edit_head(me, pk=plan.pk, revision=0, head={"number": "甲"})
    with pytest.raises(act.Changed, match=me.name):
        act.edit_head(me, pk=plan.pk, revision=0, head={"number": "乙"})
    assert again(me, plan).head["number"] == "甲"
