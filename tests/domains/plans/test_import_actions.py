"""Single corrections: what each does, when it refuses, and that it leaves its record."""

import pytest

from tests.domains.plans.import_support import TEXT, again, begin, item, keys, last, place, state
from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.audit.queries import verify
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import PUBLIC
from xiandao.domains.plans.actions import imports as act
from xiandao.domains.plans.models import Correction, DraftItem, PlanImport
from xiandao.domains.plans.models.drafts import ImportState, ItemKind, Operation, Review

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(people):
    return people("auditor")


def audited(plan, code):
    return AuditRecord.objects.filter(object_kind="plan_import", object_key=str(plan.pk), action=f"plans.import_{code}")


# Starting


def test_a_text_becomes_items_with_their_places(plan):
    assert plan.state == ImportState.REVIEW
    assert (plan.name, plan.head["number"]) == ("云泽市氢能应用三年行动方案（2025—2027年）", "云政办发〔2025〕12号")
    assert keys(plan, "measure") == ["M01", "M02", "M03", "M04"]
    target = item(plan, "T01-1")
    assert (target.parent.key, target.data["value"], target.review) == ("M01", 500, Review.PROPOSED)
    assert plan.source_text[target.span_start : target.span_end] == "推广氢燃料电池汽车500辆以上"
    assert audited(plan, "started").get().after["items"] == 22


@pytest.mark.parametrize(
    "text",
    [
        "",
        "一段与方案无关的话。",
        "x" * 5000,
        "菜谱\n一、备料\n1.五花肉五百克。\n2.酱油两勺。\n二、做法\n1.小火慢炖两小时。\n",
    ],
    ids=["empty", "prose", "latin", "recipe"],
)
def test_what_is_no_plan_is_refused_and_nothing_is_kept(me, text):
    with pytest.raises(Refused) as refusal:
        begin(me, text)
    assert len(str(refusal.value)) > 8
    assert not PlanImport.objects.visible_to(me).exists()
    assert not AuditRecord.objects.filter(action="plans.import_started").exists()


def test_the_same_text_again_names_the_import_there_is(me, plan):
    with pytest.raises(act.AlreadyImported, match="核对中") as refusal:
        begin(me, "\n" + TEXT.replace("\n", "\r\n"))
    assert refusal.value.existing == plan
    assert begin(me, again=True).pk != plan.pk


def test_a_discarded_import_does_not_stand_in_the_way(me, plan):
    act.discard(me, pk=plan.pk, reason="传错了文件")
    assert begin(me).pk != plan.pk


def test_the_text_of_a_plan_in_force_is_recognised(me, pack):
    (text,) = [text for code, text in pack.texts.items() if code == "js-wlcy-2024-2026"]
    with pytest.raises(act.AlreadyImported, match="现行版本") as refusal:
        begin(me, text)
    assert refusal.value.plan.code == "js-wlcy-2024-2026"


# Who may


CALLS = {
    "accept": lambda who, p: act.accept(who, pk=p.pk, key="T01-1", revision=0),
    "accept_many": lambda who, p: act.accept_many(who, pk=p.pk, threshold=None),
    "reject": lambda who, p: act.reject(who, pk=p.pk, key="T01-1", revision=0),
    "restore": lambda who, p: act.restore(who, pk=p.pk, key="T01-1", revision=0),
    "edit": lambda who, p: act.edit(
        who, pk=p.pk, key="T01-1", revision=0, data={"value": 1}, span=place("推广氢"), parent="M01"
    ),
    "add": lambda who, p: act.add(
        who, pk=p.pk, kind=ItemKind.MECHANISM, parent="M01", data={"name": "甲"}, span=place("氢车联盟")
    ),
    "split_measure": lambda who, p: act.split_measure(who, pk=p.pk, key="M01", revision=0, at=250, no="", title="甲"),
    "split_duty": lambda who, p: act.split_duty(who, pk=p.pk, key="D01", revision=0, leading=2),
    "split_quantity": lambda who, p: act.split_quantity(
        who, pk=p.pk, key="T01-1", revision=0, first=({}, None), second=({"value": 1}, None)
    ),
    "merge": lambda who, p: act.merge(who, pk=p.pk, key="T01-2", revision=0),
    "undo": lambda who, p: act.undo(who, pk=p.pk),
    "edit_head": lambda who, p: act.edit_head(who, pk=p.pk, revision=0, head={"title": "新名称"}),
    "discard": lambda who, p: act.discard(who, pk=p.pk, reason="甲"),
    "publish": lambda who, p: act.publish_import(who, pk=p.pk, revision=0, code="x", new_plan=True, region="320000"),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_only_the_coordinating_office_may_write(plan, other, people, call):
    before = state(plan)
    for who in (other, people("department"), PUBLIC):
        with pytest.raises(Refused, match="统筹协调"):
            call(who, plan)
    assert state(plan) == before
    assert not Correction.objects.exists()


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_closed_import_takes_no_change(plan, me, call):
    act.discard(me, pk=plan.pk, reason="传错了文件")
    before = state(plan)
    with pytest.raises(Conflict, match="已经放弃"):
        call(me, plan)
    assert state(plan) == before


def test_starting_is_refused_to_others(other):
    with pytest.raises(Refused, match="统筹协调"):
        begin(other)


# Accepting, rejecting, restoring


def test_accepting_an_item_records_who_and_what(me, plan):
    act.accept(me, pk=plan.pk, key="T01-1", revision=0)
    assert item(plan, "T01-1").review == Review.ACCEPTED
    correction = last(plan)
    assert (correction.number, correction.operation, correction.by) == (1, Operation.ACCEPT, me.name)
    assert correction.before == {"T01-1": {"review": "proposed"}}
    assert correction.after == {"T01-1": {"review": "accepted"}}
    assert audited(plan, "accept").get().after == correction.after
    assert verify() is None
    assert again(me, plan).revision == 1


def test_accepting_with_everything_below(me, plan):
    act.accept(me, pk=plan.pk, key="M01", revision=0, branch=True)
    reviews = {k: item(plan, k).review for k in ("M01", "D01", "T01-1", "T01-2", "Q01-1", "C01-1", "M02", "A1")}
    assert {k for k, v in reviews.items() if v == Review.ACCEPTED} == {"M01", "D01", "T01-1", "T01-2", "Q01-1", "C01-1"}
    assert Correction.objects.filter(plan_import=plan).count() == 1


def test_accepting_twice_is_refused(me, plan):
    act.accept(me, pk=plan.pk, key="T01-1", revision=0)
    with pytest.raises(Conflict, match="没有待核对"):
        act.accept(me, pk=plan.pk, key="T01-1", revision=1)
    assert Correction.objects.filter(plan_import=plan).count() == 1


def test_what_stands_under_a_rejected_item_cannot_be_accepted(me, plan):
    act.reject(me, pk=plan.pk, key="M01", revision=0)
    with pytest.raises(Conflict, match="先恢复"):
        act.accept(me, pk=plan.pk, key="T01-1", revision=0)


def test_accepting_all_from_a_confidence_up(me, plan):
    assert act.accept_many(me, pk=plan.pk, threshold=0.9) == 19
    waiting = set(DraftItem.objects.filter(plan_import=plan, review=Review.PROPOSED).values_list("key", flat=True))
    assert waiting == {"T01-2", "T02-1", "T04-1"}
    assert item(plan, "Q01-1").review == Review.TAKEN
    assert last(plan).operation == Operation.ACCEPT_MANY
    assert audited(plan, "accept_many").get().reason == "置信度不低于 90%"
    with pytest.raises(Refused, match="没有符合条件"):
        act.accept_many(me, pk=plan.pk, threshold=0.9)


def test_a_rejected_item_is_kept_and_can_be_restored(me, plan):
    act.reject(me, pk=plan.pk, key="T01-2", revision=0, reason="是去年的数")
    assert item(plan, "T01-2").review == Review.REJECTED
    assert audited(plan, "reject").get().reason == "是去年的数"
    with pytest.raises(Conflict, match="已经剔除"):
        act.reject(me, pk=plan.pk, key="T01-2", revision=1)
    act.restore(me, pk=plan.pk, key="T01-2", revision=1)
    assert item(plan, "T01-2").review == Review.PROPOSED
    with pytest.raises(Conflict, match="没有被剔除"):
        act.restore(me, pk=plan.pk, key="T01-2", revision=2)


# Editing and adding


def edit(me, plan, key, data, *, words=None, parent=..., revision=0):
    row = item(plan, key)
    span = place(words) if words else (row.span_start, row.span_end)
    above = (row.parent and row.parent.key) if parent is ... else parent
    return act.edit(me, pk=plan.pk, key=key, revision=revision, data=data, span=span, parent=above)


def test_editing_keeps_what_was_not_touched(me, plan):
    edit(me, plan, "T01-1", {"value": 600})
    target = item(plan, "T01-1")
    assert (target.data["value"], target.data["object"], target.review) == (600, "氢燃料电池汽车", Review.EDITED)
    assert last(plan).before["T01-1"]["data"]["value"] == 500


def test_editing_moves_an_item_under_another_parent_in_the_order_of_the_text(me, plan):
    edit(me, plan, "T02-1", {}, parent="M01")
    assert item(plan, "T02-1").parent.key == "M01"
    assert [k for k in keys(plan, "target") if item(plan, k).parent and item(plan, k).parent.key == "M01"] == [
        "T01-1",
        "T01-2",
        "T02-1",
    ]
    edit(me, plan, "T01-1", {}, parent=None)
    assert item(plan, "T01-1").parent is None


@pytest.mark.parametrize(
    ("key", "change", "words"),
    [
        ("T01-1", ({"value": None}, {}), "value"),
        ("T01-1", ({"kind": "number"}, {}), "下列之一"),
        ("T01-1", ({"object": ""}, {}), "至少"),
        ("T01-1", ({"quote": "推广氢燃料电池汽车5000辆"}, {}), "引文与原文"),
        ("T01-1", ({"unit": "辆" * 31}, {}), "至多 30"),
        ("M01", ({"title": "长" * 201}, {}), "最多 200"),
        ("D01", ({"lead": ["市财政局"], "with": ["市财政局"]}, {}), "列了两次"),
        ("M01", ({"title": "甲"}, {"parent": None}), "另选所属"),
        ("T01-1", ({"value": 1}, {"parent": "A1"}), "另选所属"),
        ("D02", ({}, {"parent": "M01"}), "已有责任单位"),
        ("T01-1", ({}, {}), "没有改动"),
    ],
)
def test_faulty_fields_are_refused_in_words(me, plan, key, change, words):
    data, more = change
    before = state(plan)
    with pytest.raises(Refused, match=words):
        edit(me, plan, key, data, **more)
    assert state(plan) == before
    assert not Correction.objects.filter(plan_import=plan).exists()


def test_a_place_outside_the_text_is_refused(me, plan):
    with pytest.raises(act.BadFields, match="超出了原文"):
        act.edit(me, pk=plan.pk, key="M01", revision=0, data={"title": "甲"}, span=(5, 10**6), parent="A1")


def test_a_rejected_item_must_be_restored_before_editing(me, plan):
    act.reject(me, pk=plan.pk, key="T01-1", revision=0)
    with pytest.raises(Conflict, match="先恢复"):
        edit(me, plan, "T01-1", {"value": 1}, revision=1)


TARGET = {"object": "检测机构", "kind": "count", "value": 3, "unit": "家", "quote": "推动检测机构建设"}


def test_adding_a_target_gets_the_next_key_and_its_place(me, plan):
    correction = act.add(
        me, pk=plan.pk, kind=ItemKind.TARGET, parent="M04", data=TARGET, span=place("推动检测机构建设")
    )
    assert correction.key == "T04-2"
    added = item(plan, "T04-2")
    assert (added.review, added.confidence, added.parent.key) == (Review.ADDED, None, "M04")
    assert correction.before == {"T04-2": None}
    assert keys(plan, "target")[-2:] == ["T04-1", "T04-2"]


def test_an_added_item_stays_added_when_edited(me, plan):
    act.add(me, pk=plan.pk, kind=ItemKind.TARGET, parent=None, data=TARGET, span=place("推动检测机构建设"))
    edit(me, plan, "H3", {"value": 4})
    assert item(plan, "H3").review == Review.ADDED


def test_a_new_action_takes_over_the_measures_that_follow_it(me, plan):
    words = "2.拓展储能场景。"
    act.add(me, pk=plan.pk, kind=ItemKind.ACTION, parent=None, data={"no": "", "title": "储能"}, span=place(words))
    assert keys(plan, "action") == ["A1", "A3", "A2"]
    assert {k: item(plan, k).parent.key for k in keys(plan, "measure")} == {
        "M01": "A1",
        "M02": "A3",
        "M03": "A2",
        "M04": "A2",
    }


def test_a_measure_inside_another_is_a_split(me, plan):
    with pytest.raises(Refused, match="M01"):
        act.add(
            me,
            pk=plan.pk,
            kind=ItemKind.MEASURE,
            parent="A1",
            data={"no": "", "title": "建成加氢站"},
            span=place("建成加氢站20座"),
        )


def test_a_second_duty_of_a_measure_is_refused(me, plan):
    data = {"lead": ["市统计局"]}
    with pytest.raises(Refused, match="已有责任单位"):
        act.add(me, pk=plan.pk, kind=ItemKind.DUTY, parent="M01", data=data, span=None)


def test_a_measure_left_without_duty_can_be_given_one(me, plan):
    words = {"quote": "责任单位：市市场监管局", "span": list(place("责任单位：市市场监管局"))}
    edit(me, plan, "D04", {"lead": ["市市场监督管理局"], "quotes": [words]})
    assert item(plan, "D04").data["lead"] == ["市市场监督管理局"]
    assert (item(plan, "D04").span_start, item(plan, "D04").span_end) == place("责任单位：市市场监管局")
