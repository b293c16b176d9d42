"""A draft: begun, changed by several, taken back, given up, published; who may and what the log says."""

import datetime as dt
from dataclasses import replace

import pytest

from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.industries.actions import drafts, edits, publishing, words
from xiandao.domains.industries.content import fields_of, fingerprint
from xiandao.domains.industries.models import CatalogueState, CatalogueVersion
from xiandao.domains.industries.queries.catalogue import content_of, in_force
from xiandao.domains.industries.registry import Readiness
from xiandao.domains.orgs.permission import Conflict, Refused

WORD = "演示储氢罐体"
HP = ("hydrogen", "hp-storage")
ALL = CatalogueVersion.objects.for_system("tests")
NEW = {
    "segment": "storage",
    "name": "演示储氢阀组",
    "name_en": "Demo valves",
    "definition": "储氢用的阀门组",
    "includes": (),
    "excludes": (),
    "activity": False,
}


def latest():
    return AuditRecord.objects.order_by("-number").first()


def add(actor, draft, text=WORD, **changes):
    given = {"industry": HP[0], "product": HP[1], "weight": "core"} | changes
    return words.add_terms(actor, pk=draft.pk, text=text, **given)


def test_a_draft_begins_as_the_version_in_force(draft):
    assert draft.state == CatalogueState.DRAFT
    assert draft.based_on == in_force()
    assert content_of(draft).digest == in_force().digest
    assert latest().action == "catalogue.draft_started"


def test_there_is_one_draft_which_all_share(draft, office):
    with pytest.raises(Conflict, match="已有一份草案"):
        drafts.start_draft(office)
    add(office, draft)
    assert (*HP, WORD) in content_of(draft).terms


@pytest.mark.parametrize("account", ["city", "auditor", "applicant"])
def test_others_cannot_begin_one(people, account):
    before = AuditRecord.objects.count()
    with pytest.raises(Refused):
        drafts.start_draft(people(account))
    assert AuditRecord.objects.count() == before


def test_terms_pasted_are_one_record(draft, editor, now_in):
    before = AuditRecord.objects.count()
    add(editor, draft, "演示储氢甲，\n演示储氢乙\t演示储氢丙\n\n演示储氢乙")
    found = now_in().terms_of(*HP)
    assert [found[word].weight for word in ("演示储氢甲", "演示储氢乙", "演示储氢丙")] == ["core", "core", "core"]
    assert AuditRecord.objects.count() == before + 1
    assert latest().action == "catalogue.changed"
    assert latest().after["count"] == 3
    assert latest().after["term|hydrogen|hp-storage|演示储氢甲"] == {"weight": "core", "of": ""}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "请填写词条"),
        ("储氢瓶", "已经是这个产品的词条"),
        ("加氢站", "已是“加氢站”的词条"),
        ("研发", "通用动词"),
        ("a", "只有一个字符"),
        ("加氢精制", "也是词条"),
        ("长" * 61, "超过 60 字"),
    ],
)
def test_terms_that_are_refused(draft, editor, now_in, text, says):
    before, records = now_in().digest, AuditRecord.objects.count()
    with pytest.raises(Refused, match=says):
        add(editor, draft, f"演示好词\n{text}" if text else "")
    assert now_in().digest == before
    assert AuditRecord.objects.count() == records


def test_a_synonym_weighs_what_its_term_weighs(draft, editor, now_in):
    add(editor, draft, "演示同义瓶", of="储氢瓶", weight="related")
    assert now_in().terms[(*HP, "演示同义瓶")].weight == "core"
    words.alter_terms(editor, pk=draft.pk, industry=HP[0], product=HP[1], words=["储氢瓶"], weight="weak")
    assert now_in().terms[(*HP, "演示同义瓶")].weight == "weak"
    assert now_in().terms[(*HP, "储氢罐")].weight == "core"
    with pytest.raises(Refused, match="同义词"):
        words.alter_terms(editor, pk=draft.pk, industry=HP[0], product=HP[1], words=["演示同义瓶"], weight="core")


def test_a_term_becomes_a_synonym_and_a_term_again(draft, editor, now_in):
    words.bind_terms(editor, pk=draft.pk, industry=HP[0], product=HP[1], words=["储氢瓶"], of="储氢罐")
    assert now_in().terms[(*HP, "储氢瓶")].of == "储氢罐"
    assert now_in().terms[(*HP, "储氢气瓶")].of == "储氢罐"
    words.bind_terms(editor, pk=draft.pk, industry=HP[0], product=HP[1], words=["储氢瓶"], of="")
    assert now_in().terms[(*HP, "储氢瓶")].of == ""


def test_a_removed_term_takes_its_synonyms_along_and_comes_back_with_them(draft, editor, now_in):
    before = now_in().digest
    words.remove_terms(editor, pk=draft.pk, industry=HP[0], product=HP[1], words=["储氢瓶"])
    assert (*HP, "储氢气瓶") not in now_in().terms
    with pytest.raises(Conflict):
        words.remove_terms(editor, pk=draft.pk, industry=HP[0], product=HP[1], words=["储氢瓶"])
    drafts.restore(editor, pk=draft.pk, key="term|hydrogen|hp-storage|储氢瓶")
    assert now_in().digest == before
    assert latest().action == "catalogue.restored"
    with pytest.raises(Conflict, match="已经恢复"):
        drafts.restore(editor, pk=draft.pk, key="term|hydrogen|hp-storage|储氢瓶")


def test_a_product_is_added_moved_and_removed(draft, editor, now_in):
    code = edits.add_product(editor, pk=draft.pk, industry="hydrogen", values=NEW, words="演示储氢阀组", weight="core")
    assert code == "demo-valves"
    seen = fingerprint(now_in().products["hydrogen", code])
    edits.save_product(
        editor, pk=draft.pk, industry="hydrogen", product=code, values=NEW | {"segment": "refuel"}, seen=seen
    )
    assert now_in().products["hydrogen", code].segment == "refuel"
    seen = fingerprint(now_in().products["hydrogen", code])
    edits.remove_product(editor, pk=draft.pk, industry="hydrogen", product=code, seen=seen)
    assert now_in().digest == in_force().digest


def test_a_product_without_terms_is_refused(draft, editor):
    with pytest.raises(Refused, match="请填写词条"):
        edits.add_product(editor, pk=draft.pk, industry="hydrogen", values=NEW, words="", weight="core")


def test_two_who_change_the_same_product_do_not_overwrite_each_other(draft, editor, office, now_in):
    shown = now_in().products[HP]
    values = {name: value for name, value in fields_of(shown).items() if name != "order"}
    values |= {"includes": tuple(values["includes"]), "excludes": tuple(values["excludes"])}
    edits.save_product(
        editor, pk=draft.pk, industry=HP[0], product=HP[1], values=values | {"name": "甲改"}, seen=fingerprint(shown)
    )
    with pytest.raises(Conflict, match="别人刚刚改过"):
        edits.save_product(
            office,
            pk=draft.pk,
            industry=HP[0],
            product=HP[1],
            values=values | {"name": "乙改"},
            seen=fingerprint(shown),
        )
    assert now_in().products[HP].name == "甲改"


def test_a_segment_goes_and_comes_back_whole(draft, editor, now_in):
    before = now_in()
    seen = fingerprint(before.segments["hydrogen", "storage"])
    edits.remove_segment(editor, pk=draft.pk, industry="hydrogen", segment="storage", seen=seen)
    assert HP not in now_in().products
    drafts.restore(editor, pk=draft.pk, key="segment|hydrogen|storage")
    assert now_in() == before
    assert list(now_in().products) == list(before.products)


def test_a_segment_begins_with_a_product(draft, editor, now_in):
    values = {
        "name": "演示环节",
        "name_en": "Demo",
        "stage": "supporting",
        "gbt4754": ("3849",),
        "strategic": (),
        "ipc": (),
    }
    code = edits.add_segment(editor, pk=draft.pk, industry="hydrogen", values=values, product=NEW, words="演示环节词")
    assert now_in().segments["hydrogen", code].gbt4754 == ("3849",)
    with pytest.raises(Refused, match="三位或四位数字"):
        edits.add_segment(
            editor, pk=draft.pk, industry="hydrogen", values=values | {"gbt4754": ("x",)}, product=NEW, words="另一词"
        )


def test_traps(draft, editor, now_in):
    words.add_traps(editor, pk=draft.pk, industry="hydrogen", text="储氢瓶玩具")
    assert ("hydrogen", "储氢瓶玩具") in now_in().traps
    with pytest.raises(Refused, match="起不了作用"):
        words.add_traps(editor, pk=draft.pk, industry="hydrogen", text="蛋糕")
    with pytest.raises(Refused, match="也是词条"):
        words.add_traps(editor, pk=draft.pk, industry="hydrogen", text="储氢瓶")
    words.remove_traps(editor, pk=draft.pk, industry="hydrogen", words=["储氢瓶玩具"])
    assert now_in().digest == in_force().digest


def test_an_industry_is_described(draft, editor, now_in):
    old = now_in().industries[("hydrogen",)]
    values = {"definition": "改过的定义", "includes": ("一",), "excludes": (), "notes": ()}
    edits.save_industry(editor, pk=draft.pk, industry="hydrogen", values=values, seen=fingerprint(old))
    assert now_in().industries[("hydrogen",)].definition == "改过的定义"
    with pytest.raises(Conflict):
        edits.save_industry(editor, pk=draft.pk, industry="hydrogen", values=values, seen=fingerprint(old))


def test_giving_up_needs_a_reason_and_closes_the_draft(draft, editor):
    with pytest.raises(Refused, match="为什么放弃"):
        drafts.discard_draft(editor, pk=draft.pk, reason=" ")
    drafts.discard_draft(editor, pk=draft.pk, reason="改为等省里目录")
    with pytest.raises(Conflict):
        add(editor, draft)
    assert latest().reason == "改为等省里目录"


def test_publishing(draft, editor, office, monkeypatch):
    with pytest.raises(Conflict, match="没有差别"):
        publishing.publish_draft(office, pk=draft.pk, note="无")
    add(editor, draft)
    former = in_force()
    with pytest.raises(Refused, match="不能发布"):
        publishing.publish_draft(editor, pk=draft.pk, note="补词")
    with pytest.raises(Refused, match="修订说明"):
        publishing.publish_draft(office, pk=draft.pk, note="")
    with pytest.raises(Conflict, match="又有改动"):
        publishing.publish_draft(office, pk=draft.pk, note="补词", digest="0" * 64)
    untried = Readiness(possible=True, done=False)
    monkeypatch.setattr(publishing, "readiness", lambda _draft: untried)
    with pytest.raises(Refused, match="算过影响"):
        publishing.publish_draft(office, pk=draft.pk, note="补词")
    moment = dt.datetime(2026, 11, 27, 9, tzinfo=dt.UTC)
    made = publishing.publish_draft(office, pk=draft.pk, note="补词", untried="名录正在更新", now=moment)
    assert made.code == "2026.2"
    assert in_force() == made
    assert ALL.get(pk=former.pk).state == CatalogueState.SUPERSEDED
    record = AuditRecord.objects.filter(action="catalogue.published").get()
    assert record.before == {"code": "2026.1"}
    assert record.reason == "名录正在更新"
    assert publishing.next_code(dt.date(2026, 12, 1)) == "2026.3"
    assert publishing.next_code(dt.date(2027, 1, 1)) == "2027.1"


def test_a_draft_moves_onto_a_newer_version_in_force(draft, editor, office, now_in, pack):
    from tests.domains.industries.test_pack_catalogue import with_version
    from xiandao.domains.industries.actions.packed import load_catalogue
    from xiandao.domains.orgs.viewer import system

    add(editor, draft)
    load_catalogue(system("tests"), pack=with_version(pack, "2026.2", traps=("无人机票务代理点",)))
    with pytest.raises(Conflict, match="现行版本已经换了"):
        publishing.publish_draft(office, pk=draft.pk, note="补词", untried="无名录")
    drafts.rebase(editor, pk=draft.pk)
    assert ("", "无人机票务代理点") in now_in().traps
    assert (*HP, WORD) in now_in().terms
    assert publishing.publish_draft(office, pk=draft.pk, note="补词", untried="无名录").based_on.code == "2026.2"


def test_what_a_pack_offers_is_adopted_with_a_reason(people, office, pack):
    from tests.domains.industries.test_pack_catalogue import with_version
    from xiandao.domains.industries.actions.packed import load_catalogue
    from xiandao.domains.orgs.viewer import system

    ALL.filter(pk=in_force().pk).update(origin="edited")
    offer = load_catalogue(system("tests"), pack=with_version(pack, "2026.2", traps=("无人机票务代理点",)))
    with pytest.raises(Refused, match="为什么换用"):
        publishing.adopt_offered(office, pk=offer.pk, reason="")
    publishing.adopt_offered(office, pk=offer.pk, reason="省里发布了正式目录")
    assert in_force() == replace_state(offer)
    with pytest.raises(Conflict):
        publishing.adopt_offered(office, pk=offer.pk, reason="再来")


def replace_state(version):
    return ALL.get(pk=version.pk)


def test_fields_keep_their_types():
    from xiandao.domains.industries.content import Term

    assert replace(Term("core", "甲", 3), order=9) == Term("core", "甲", 0)
