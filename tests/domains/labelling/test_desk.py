"""Judging: one reader and two, who gets which item, taking back, leaving out, disputes, labels and results."""

import datetime as dt

import pytest

from tests.domains.labelling.conftest import H2, STORAGE
from tests.domains.labelling.test_samples import tasks
from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.enterprises.models import Classification, Enterprise
from xiandao.domains.labelling.actions import desk
from xiandao.domains.labelling.actions.desk import Judgement
from xiandao.domains.labelling.actions.labels import project
from xiandao.domains.labelling.models import Item, Label, Opinion
from xiandao.domains.orgs.permission import Conflict, Refused


def result(enterprise, code=H2):
    row = Classification.objects.for_system("tests").get(enterprise=enterprise, industry=code)
    return row.decision, row.role, row.settled


def label(enterprise):
    return Label.objects.for_system("tests").filter(enterprise=enterprise, current=True).first()


def actions():
    return list(
        AuditRecord.objects.filter(action__startswith="labelling.").order_by("number").values_list("action", flat=True)
    )


@pytest.fixture
def reader(people):
    return people("department")


@pytest.fixture
def other(people):
    return people("department-other")


@pytest.fixture
def one(firm, drawn):
    """One item for one reader: counted by the model as a maker."""
    enterprise = firm("甲", hydrogen=("in", "core", 0.9))
    _sample, items = drawn(random=1)
    return enterprise, items[0]


@pytest.fixture
def two(firm, drawn):
    """One item for two readers."""
    enterprise = firm("甲", hydrogen=("in", "core", 0.9))
    _sample, items = drawn(random=1, readers=2)
    return enterprise, items[0]


def test_one_reader_settles_and_the_result_follows(one, reader, now):
    enterprise, item = one
    desk.judge(reader, pk=item.pk, judgement=Judgement({H2: "trade"}, note="只销售"), now=now)
    item.refresh_from_db()
    assert (item.state, item.outcome) == ("settled", {H2: "trade"})
    assert result(enterprise) == ("out", "trade", "review")
    kept = label(enterprise)
    assert (kept.labels, kept.scope, kept.source, kept.by) == ({H2: "trade"}, enterprise.scope, "review", reader.name)
    assert actions()[-2:] == ["labelling.judged", "labelling.labelled"]
    record = AuditRecord.objects.filter(action="labelling.labelled").get()
    assert record.before["results"] == {H2: "in core"}
    assert record.after["results"] == {H2: "out trade"}


def test_an_industry_the_model_missed_is_added(one, reader, now):
    enterprise, item = one
    desk.judge(reader, pk=item.pk, judgement=Judgement({H2: "core", STORAGE: "service"}), now=now)
    assert result(enterprise, STORAGE) == ("in", "service", "review")
    assert Classification.objects.for_system("tests").get(enterprise=enterprise, industry=STORAGE).score is None


def test_what_is_said_twice_is_said_once(one, reader, now):
    _enterprise, item = one
    for _ in range(2):
        desk.judge(reader, pk=item.pk, judgement=Judgement({H2: "core"}), now=now)
    assert Opinion.objects.count() == 1
    assert actions().count("labelling.judged") == 1


def test_a_judgement_can_be_changed_while_the_sample_is_open(one, reader, now):
    enterprise, item = one
    desk.judge(reader, pk=item.pk, judgement=Judgement({H2: "core"}), now=now)
    desk.judge(reader, pk=item.pk, judgement=Judgement({H2: "mention"}), now=now + dt.timedelta(minutes=1))
    assert result(enterprise) == ("out", "mention", "review")
    assert Label.objects.for_system("tests").filter(current=True).count() == 1
    last = AuditRecord.objects.filter(action="labelling.judged").order_by("number").last()
    assert last.before["labels"] == {H2: "core"}


@pytest.mark.parametrize(
    ("roles", "reason"),
    [({}, "还有 1 个产业没有判断"), ({H2: "chief"}, "不是角色"), ({H2: "core", "alchemy": "core"}, "没有产业")],
)
def test_nonsense_is_refused_and_leaves_nothing(one, reader, roles, reason):
    enterprise, item = one
    with pytest.raises(Refused, match=reason):
        desk.judge(reader, pk=item.pk, judgement=Judgement(roles))
    assert not Opinion.objects.exists()
    assert result(enterprise) == ("in", "core", "model")


def test_only_reviewers_judge_and_only_what_lies_in_their_place(one, people, firm, drawn, cities):
    _enterprise, item = one
    for account in ("auditor", "county", "coordinator"):
        viewer = people(account)
        if account == "coordinator":
            desk.judge(viewer, pk=item.pk, judgement=Judgement({H2: "core"}))
            continue
        with pytest.raises(Refused, match="不能复核"):
            desk.judge(viewer, pk=item.pk, judgement=Judgement({H2: "core"}))
    with pytest.raises(Item.DoesNotExist):
        desk.judge(people("city-other"), pk=item.pk, judgement=Judgement({H2: "core"}))


def test_taking_back_restores_what_the_model_said(one, reader, now):
    enterprise, item = one
    desk.judge(reader, pk=item.pk, judgement=Judgement({H2: "trade", STORAGE: "core"}), now=now)
    desk.undo(reader, sample=item.sample, now=now)
    item.refresh_from_db()
    assert (item.state, item.outcome) == ("open", None)
    assert result(enterprise) == ("in", "core", "model")
    assert not Classification.objects.for_system("tests").filter(industry=STORAGE).exists()
    assert label(enterprise) is None
    assert actions()[-2:] == ["labelling.unlabelled", "labelling.judgement_taken_back"]
    assert tasks("labelling.judge") == ["第一批：待判断 1 家", "第一批：待判断 1 家"]
    with pytest.raises(Conflict, match="没有可以撤回"):
        desk.undo(reader, sample=item.sample)


def test_taking_back_restores_the_label_before(one, reader, now):
    enterprise, item = one
    Label.objects.create(
        enterprise=enterprise, name=enterprise.name, scope="旧", labels={H2: "service"}, source="review", at=now, by="x"
    )
    desk.judge(reader, pk=item.pk, judgement=Judgement({H2: "trade"}), now=now + dt.timedelta(minutes=1))
    desk.undo(reader, sample=item.sample)
    assert label(enterprise).labels == {H2: "service"}
    assert result(enterprise) == ("in", "core", "model")


def test_two_people_never_get_the_same_item(firm, drawn, reader, other, now):
    for n in range(3):
        firm(f"甲{n}", hydrogen=("in", "core", 0.9))
    sample, _items = drawn(random=3)
    mine = desk.take_next(reader, sample=sample, now=now)
    theirs = desk.take_next(other, sample=sample, now=now)
    assert mine.pk != theirs.pk
    assert desk.take_next(reader, sample=sample, now=now).pk == mine.pk
    assert not desk.take(other, item=mine, now=now)
    with pytest.raises(Conflict, match="正由他人判断"):
        desk.judge(other, pk=mine.pk, judgement=Judgement({H2: "core"}), now=now)
    later = now + dt.timedelta(minutes=11)
    assert desk.take(other, item=mine, now=later)


def test_an_item_judged_meanwhile_is_a_conflict(one, reader, other, now):
    _enterprise, item = one
    desk.judge(reader, pk=item.pk, judgement=Judgement({H2: "core"}), now=now)
    with pytest.raises(Conflict, match="已由他人判断"):
        desk.judge(other, pk=item.pk, judgement=Judgement({H2: "core"}), now=now)


def test_leaving_out_needs_a_reason_and_settles_nothing(one, reader, now):
    enterprise, item = one
    with pytest.raises(Refused, match="说明里写明"):
        desk.skip(reader, pk=item.pk, reason=" ")
    desk.skip(reader, pk=item.pk, reason="没有经营范围", now=now)
    item.refresh_from_db()
    assert item.state == "skipped"
    assert result(enterprise)[2] == "model"
    assert tasks("labelling.finish") == ["第一批"]


def test_two_who_agree_settle(two, reader, other, now):
    enterprise, item = two
    desk.judge(reader, pk=item.pk, judgement=Judgement({H2: "core", STORAGE: "mention"}), now=now)
    item.refresh_from_db()
    assert item.state == "open"
    assert result(enterprise)[2] == "model"
    desk.judge(other, pk=item.pk, judgement=Judgement({H2: "core"}, doubtful=True), now=now)
    assert label(enterprise).labels == {H2: "core", STORAGE: "mention"}
    assert label(enterprise).doubtful
    with pytest.raises(Conflict, match="两人都已判断"):
        desk.judge(other, pk=item.pk, judgement=Judgement({H2: "trade"}), now=now)
    with pytest.raises(Conflict, match="另一人也已判断"):
        desk.undo(reader, sample=item.sample)


def test_a_third_reader_comes_too_late(two, reader, other, people, now):
    _enterprise, item = two
    for viewer in (reader, other):
        desk.judge(viewer, pk=item.pk, judgement=Judgement({H2: "core"}), now=now)
    with pytest.raises(Conflict, match="两人都已判断"):
        desk.judge(people("city"), pk=item.pk, judgement=Judgement({H2: "core"}), now=now)


def test_two_who_differ_are_settled_by_a_third(two, reader, office, second_settler, now):
    enterprise, item = two
    desk.judge(reader, pk=item.pk, judgement=Judgement({H2: "core"}), now=now)
    desk.judge(office, pk=item.pk, judgement=Judgement({H2: "trade"}), now=now)
    item.refresh_from_db()
    assert item.state == "disputed"
    assert result(enterprise) == ("in", "core", "model")
    assert tasks("labelling.settle") == ["第一批：判断不一 1 家"]
    with pytest.raises(Refused, match="不能裁定自己的分歧"):
        desk.settle_dispute(office, pk=item.pk, judgement=Judgement({H2: "trade"}, note="x"))
    with pytest.raises(Refused, match="不能裁定复核分歧"):
        desk.settle_dispute(reader, pk=item.pk, judgement=Judgement({H2: "trade"}, note="x"))
    with pytest.raises(Refused, match="理由"):
        desk.settle_dispute(second_settler, pk=item.pk, judgement=Judgement({H2: "trade"}))
    desk.settle_dispute(second_settler, pk=item.pk, judgement=Judgement({H2: "trade"}, note="研发没有绑定"), now=now)
    assert result(enterprise) == ("out", "trade", "review")
    assert label(enterprise).source == "settled"
    assert tasks("labelling.settle") == []
    record = AuditRecord.objects.filter(action="labelling.dispute_settled").get()
    assert record.reason == "研发没有绑定"
    assert record.before == {reader.name: {H2: "core"}, office.name: {H2: "trade"}}
    with pytest.raises(Conflict, match="没有要裁定的分歧"):
        desk.settle_dispute(second_settler, pk=item.pk, judgement=Judgement({H2: "trade"}, note="x"))


def test_labels_hold_in_a_later_run_while_the_text_is_the_same(one, reader, now, run):
    enterprise, item = one
    desk.judge(reader, pk=item.pk, judgement=Judgement({H2: "trade"}), now=now)
    Classification.objects.for_system("tests").filter(enterprise=enterprise).update(
        role="core", decision="in", settled="model", settled_at=None
    )
    assert project(run) == 1
    assert result(enterprise) == ("out", "trade", "review")
    Enterprise.objects.for_system("tests").filter(pk=enterprise.pk).update(scope="氢燃料电池的研发、生产、销售。")
    assert project(run) == 0
    assert result(enterprise) == ("in", "core", "model")


def test_a_limited_sample_speaks_of_its_industries_only(firm, drawn, reader, now):
    enterprise = firm("甲", hydrogen=("in", "core", 0.9), energy_storage=("in", "core", 0.8))
    _sample, items = drawn(random=1, industries=(H2,))
    with pytest.raises(Refused, match="没有产业"):
        desk.judge(reader, pk=items[0].pk, judgement=Judgement({H2: "core", STORAGE: "core"}), now=now)
    desk.judge(reader, pk=items[0].pk, judgement=Judgement({H2: "trade"}), now=now)
    assert result(enterprise) == ("out", "trade", "review")
    assert result(enterprise, STORAGE) == ("in", "core", "model")
    assert label(enterprise).about == [H2]
