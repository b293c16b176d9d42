"""Publishing what was reviewed: complete, compared, with keys that last; and the comparison itself."""

import pytest

from tests.domains.plans.import_support import TEXT, again, begin, item, state
from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import PUBLIC
from xiandao.domains.plans import queries
from xiandao.domains.plans.actions import imports as act
from xiandao.domains.plans.actions.imports.compare import differences
from xiandao.domains.plans.actions.imports.inforce import document_of_version, version_in_force
from xiandao.domains.plans.actions.imports.keys import carried_over
from xiandao.domains.plans.actions.imports.matching import pair
from xiandao.domains.plans.actions.imports.publish import prospect
from xiandao.domains.plans.actions.imports.reading import read_plan
from xiandao.domains.plans.models import AlsoCounts, Measure, Plan, PlanVersion, Target, VersionState
from xiandao.domains.plans.models.drafts import ImportState, Review

pytestmark = pytest.mark.django_db
CODE = "yz-h2-2025-2027"
LATER = (
    TEXT.replace("500辆以上", "800辆以上")
    .replace("建成加氢站20座。", "")
    .replace("市交通运输局、市工业和信息化局", "市交通运输局、市商务局")
    .replace("4.完善标准体系", "4.开展氢能科普。到2027年，举办科普活动30场。（责任单位：市科协）\n5.完善标准体系")
)


def publish(me, plan_import, **more):
    plan = Plan.objects.visible_to(me).filter(code=more.get("code", CODE)).first()
    current = version_in_force(me, plan) if plan else None
    given = {
        "against": current.number if current else 0,
        "code": CODE,
        "new_plan": True,
        "region": "320100",
        "accept_rest": True,
    } | more
    return act.publish_import(me, pk=plan_import.pk, revision=again(me, plan_import).revision, **given)


@pytest.fixture
def first(me):
    return publish(me, begin(me))


def test_a_reviewed_import_becomes_a_plan_everybody_can_read(me):
    plan_import = begin(me)
    act.edit(me, pk=plan_import.pk, key="M01", revision=0, data={"title": "推广氢能汽车"}, span=(231, 312), parent="A1")
    act.reject(me, pk=plan_import.pk, key="M03", revision=0)
    version = publish(me, plan_import)
    page = queries.plan_in_force(PUBLIC, CODE)
    assert (page.n_actions, page.n_measures, page.n_targets, page.number) == (2, 3, 6, 1)
    assert page.plan.region_id == "320100"
    assert queries.measures_of(PUBLIC, page).first().name == "推广氢能汽车"
    now = again(me, plan_import)
    assert (now.state, now.version, now.plan.code) == (ImportState.PUBLISHED, version, CODE)
    record = AuditRecord.objects.get(action="plans.import_published")
    assert record.after == {"state": "published", "plan": CODE, "version": 1}


def test_what_nobody_looked_at_is_published_as_not_reviewed(me):
    plan_import = begin(me)
    act.accept(me, pk=plan_import.pk, key="T01-1", revision=0)
    act.accept_many(me, pk=plan_import.pk, threshold=None)
    document = prospect(me, plan_import=again(me, plan_import), code=CODE).document
    reviewed = {target.key: target.reviewed for target in document.targets()}
    assert reviewed == {"T01-1": True, "T01-2": False, "T02-1": False, "T04-1": False, "H1": False, "H2": False}


def test_waiting_items_refuse_unless_taken_expressly(me):
    plan_import = begin(me)
    with pytest.raises(Refused, match="还有 22 个条目待核对"):
        publish(me, plan_import, accept_rest=False)
    assert not Plan.objects.visible_to(me).filter(code=CODE).exists()
    publish(me, plan_import)
    assert item(plan_import, "T01-1").review == Review.TAKEN


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"code": "js-wlcy-2024-2026"}, "已用于"),
        ({"region": "999999"}, "辖区"),
        ({"region": ""}, "辖区"),
        ({"new_plan": False}, "没有代码为"),
        ({"code": "js-wlcy-2024-2026", "new_plan": False}, "写明理由"),
        ({"code": "带空格 的代码"}, "code"),
    ],
)
def test_a_wrong_destination_is_refused_and_nothing_is_taken(me, more, words):
    plan_import = begin(me)
    before = state(plan_import)
    with pytest.raises(Refused, match=words):
        publish(me, plan_import, **more)
    assert state(plan_import) == before
    assert again(me, plan_import).revision == 0


def test_what_is_published_is_what_was_compared(me):
    plan_import = begin(me)
    act.accept(me, pk=plan_import.pk, key="T01-1", revision=0)
    with pytest.raises(Conflict, match="又有改动"):
        act.publish_import(
            me, pk=plan_import.pk, revision=0, code=CODE, new_plan=True, region="320100", accept_rest=True
        )


def test_nothing_left_to_publish_is_refused(me):
    plan_import = begin(me)
    for key in ("H1", "H2", "A1", "A2"):
        act.reject(me, pk=plan_import.pk, key=key, revision=0)
    with pytest.raises(Refused, match="没有可以发布"):
        publish(me, plan_import)


def test_what_rows_cannot_hold_is_named_before_publishing(me):
    plan_import = begin(me, TEXT.replace("推广氢能车辆", "推广氢能车辆" * 50))
    found = prospect(me, plan_import=plan_import, code=CODE)
    assert [key for key, _sentence in found.obstacles] == ["M01"]
    assert found.document is None
    with pytest.raises(Refused, match="M01 标题有 300 个字，最多 200 个"):
        publish(me, plan_import)


def test_a_published_import_is_closed(me, first):
    plan_import = first.made_from
    with pytest.raises(Conflict, match="已经发布"):
        act.undo(me, pk=plan_import.pk)


def test_a_published_version_reads_back_as_its_document(me, first):
    document = read_plan(first.source_text)
    back = document_of_version(me, first)
    assert not differences(back, document, old_text=first.source_text, new_text=first.source_text)
    assert [t.key for t in back.targets()] == [t.key for t in document.targets()]
    assert (back.title, back.number, back.issuers, back.period) == (
        document.title,
        document.number,
        document.issuers,
        document.period,
    )


def by_kind(rows):
    return {(row.kind, row.what, row.name) for row in rows}


def test_the_comparison_names_what_is_new_gone_and_changed(me, first):
    rows = differences(read_plan(TEXT), read_plan(LATER), old_text=TEXT, new_text=LATER)
    found = by_kind(rows)
    assert ("target", "changed", "氢燃料电池汽车") in found
    assert ("target", "removed", "加氢站") in found
    assert ("target", "added", "举办科普活动") in found or ("target", "added", "科普活动") in found
    assert ("measure", "added", "开展氢能科普") in found
    assert ("measure", "changed", "完善标准体系") in found
    assert ("duty", "changed", "推广氢能车辆") in found
    assert not [row for row in rows if row.kind == "action"]
    (duty,) = [row for row in rows if row.kind == "duty" and row.what == "changed"]
    assert [(c.label, c.before, c.after) for c in duty.fields] == [
        ("配合", "市工业和信息化局、市财政局", "市商务局、市财政局")
    ]


def test_a_plan_compared_with_itself_has_no_differences():
    assert differences(read_plan(TEXT), read_plan(TEXT), old_text=TEXT, new_text=TEXT) == []


def test_against_nothing_everything_is_added():
    rows = differences(None, read_plan(TEXT))
    assert {row.what for row in rows} == {"added"}
    assert sum(row.kind == "measure" for row in rows) == 4


def test_the_next_version_keeps_the_keys_of_what_stays(me, first):
    plan_import = begin(me, LATER)
    version = publish(me, plan_import, new_plan=False, region="", reason="2026年修订")
    assert (version.number, version.plan.code) == (2, CODE)
    keys = {m.name: m.key for m in Measure.objects.visible_to(me).filter(version=version)}
    assert keys["完善标准体系"] == "M04"
    assert keys["开展氢能科普"] == "M05"
    targets = {t.name: t.key for t in Target.objects.visible_to(me).filter(version=version)}
    assert targets["地方标准"] == "T04-1"
    assert targets["氢燃料电池汽车"] == "T01-1"
    assert "T01-2" not in targets.values()
    old = PlanVersion.objects.visible_to(me).get(plan=version.plan, number=1)
    assert old.state == VersionState.SUPERSEDED
    record = AuditRecord.objects.get(action="plans.version_published", after__version=2, object_key=CODE)
    assert record.reason == "2026年修订"


def test_a_key_once_used_is_never_given_to_something_else(me, first):
    publish(me, begin(me, LATER), new_plan=False, region="", reason="修订")
    third = publish(me, begin(me, TEXT, again=True), new_plan=False, region="", reason="改回")
    targets = {t.name: t.key for t in Target.objects.visible_to(me).filter(version=third)}
    assert targets["加氢站"] not in {"T01-1", "T01-2"}
    assert "M05" not in {m.key for m in Measure.objects.visible_to(me).filter(version=third)}


def test_a_version_published_meanwhile_must_be_compared_anew(me, first):
    one, two = begin(me, LATER), begin(me, LATER.replace("800辆", "900辆"))
    publish(me, one, new_plan=False, reason="修订")
    with pytest.raises(Conflict, match="现行版本已经更替"):
        publish(me, two, new_plan=False, reason="修订", against=1)
    assert version_in_force(me, first.plan).number == 2


def test_replacing_without_a_reason_is_refused(me, first):
    plan_import = begin(me, LATER)
    with pytest.raises(Refused, match="将替代第 1 版"):
        publish(me, plan_import, new_plan=False)
    assert version_in_force(me, first.plan).number == 1


def test_the_same_again_is_not_published_twice(me, first):
    plan_import = begin(me, again=True)
    before = PlanVersion.objects.visible_to(me).count()
    with pytest.raises(Refused, match="完全相同"):
        publish(me, plan_import, new_plan=False, reason="再来一次")
    assert PlanVersion.objects.visible_to(me).count() == before
    assert again(me, plan_import).state == ImportState.REVIEW


def test_links_between_plans_survive_a_new_version_of_the_real_plan(me, pack):
    text = pack.texts["js-wlcy-2024-2026"]
    plan_import = begin(me, text, again=True)
    act.accept_many(me, pk=plan_import.pk, threshold=None)
    plan = Plan.objects.visible_to(me).get(code="js-wlcy-2024-2026")
    linked = set(AlsoCounts.objects.filter(plan=plan).values_list("key", flat=True))
    version = publish(me, plan_import, code=plan.code, new_plan=False, reason="按原文重新核对")
    kept = set(Target.objects.visible_to(me).filter(version=version).values_list("key", flat=True))
    assert linked
    assert linked <= kept
    named = Measure.objects.visible_to(me).filter(version=version).exclude(name_en="")
    assert named.count() == 25
    assert version.standing_start is not None


def test_english_names_and_notes_go_with_unchanged_words():
    document = read_plan(TEXT)
    measure = document.actions[0].measures[0]
    target = measure.targets[0].model_copy(update={"object_en": "FCEVs", "note": "含存量"})
    measure = measure.model_copy(update={"title_en": "Vehicles", "targets": (target, *measure.targets[1:])})
    action = document.actions[0].model_copy(update={"measures": (measure, *document.actions[0].measures[1:])})
    old = document.model_copy(update={"actions": (action, *document.actions[1:]), "note": "旧注"})
    new = carried_over(read_plan(LATER), old, set(), same_text=False)
    first = new.actions[0].measures[0]
    assert (first.title_en, first.targets[0].object_en, first.targets[0].note) == ("Vehicles", "FCEVs", "含存量")
    assert new.note is None
    assert carried_over(document, old, set(), same_text=True).note == "旧注"


def test_every_item_stands_in_exactly_one_pair():
    old, new = list(read_plan(TEXT).targets()), list(read_plan(LATER).targets())
    pairs = pair(old, new, (lambda t: t.object,), lambda _a, _b: 0.7)
    assert sorted(a.key for a, _ in pairs if a) == sorted(t.key for t in old)
    assert [b.key for _, b in pairs if b] == [t.key for t in new]
