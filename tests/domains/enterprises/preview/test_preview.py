"""What a change of the catalogue does on a register: words at once, the whole draft in the background."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.enterprises.models import Preview, PreviewState
from xiandao.domains.enterprises.preview import actions as act
from xiandao.domains.enterprises.preview import instant, work
from xiandao.domains.enterprises.preview.hook import RegisterPreviewer
from xiandao.domains.inbox.models import Task
from xiandao.domains.industries.actions import publishing, words
from xiandao.domains.industries.models import CatalogueVersion
from xiandao.domains.industries.queries.catalogue import content_of, in_force
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import system

HP = {"industry": "hydrogen", "product": "hp-storage"}
ALL = Preview.objects.for_system("tests")


def fresh(draft):
    return CatalogueVersion.objects.for_system("tests").get(pk=draft.pk)


def with_word(editor, draft, text="演示甲釜"):
    words.add_terms(editor, pk=draft.pk, text=text, weight="core", **HP)


def tried(editor, draft):
    return ALL.get(pk=act.start_preview(editor, draft_pk=draft.pk).pk)


@pytest.fixture
def queue(monkeypatch):
    """Leave work in the queue; the tests do it themselves."""
    monkeypatch.setattr(act, "try_draft", SimpleNamespace(enqueue=lambda _pk: None))


def test_words_are_counted_with_examples(register):
    others = content_of(in_force(), industry="hydrogen").terms
    found = instant.try_words(register, ["演示甲釜"], others=[path[2] for path in others])
    assert (found.rows, found.hits, found.fresh, found.whole) == (4, 2, 2, True)
    assert found.by_word == {"演示甲釜": 2}
    assert [each.name for each in found.examples] == ["乙演示罐体制造有限公司（演示）", "丙贸易有限公司（演示）"]
    assert (found.examples[1].before, found.examples[1].word, found.examples[1].after) == (
        "服装、",
        "演示甲釜",
        "的销售",
    )


def test_firms_found_by_other_terms_are_not_new(register):
    found = instant.try_words(register, ["储氢瓶", "餐饮"], others=["储氢罐"])
    assert (found.hits, found.fresh) == (2, 1)
    assert found.by_word == {"储氢瓶": 1, "餐饮": 1}
    assert [(each.name[:1], each.fresh) for each in found.examples] == [("丁", True), ("甲", False)]


def test_out_of_time_is_said(register, monkeypatch):
    monkeypatch.setattr(instant, "SECONDS", 0)
    found = instant.try_words(register, ["储氢瓶"], others=[], seconds=-1)
    assert found.whole  # one batch was the whole register
    monkeypatch.setattr(instant, "_inside", lambda _register: 9)
    assert not instant.try_words(register, ["储氢瓶"], others=[], seconds=-1).whole


def test_the_words_page(client_of, draft, register):
    client, url = client_of("department"), reverse("enterprises:preview-words", args=[draft.pk, "hydrogen"])
    page = client.post(url, {"what": "add", "words": "演示甲釜"}).content.decode()
    assert "<b>2</b>" in page
    assert "<mark>演示甲釜</mark>" in page
    assert "请写两个字以上的词" in client.post(url, {"words": "氢"}).content.decode()
    assert "一次最多试 50 个词" in client.post(url, {"words": "\n".join(f"词{n}" for n in range(51))}).content.decode()
    assert client_of("city").post(url, {"words": "演示甲釜"}).status_code == 404


def test_without_a_register_it_says_who_loads_one(client_of, draft, no_register, editor):
    page = client_of("department").get(reverse("catalogue:draft", args=[draft.pk])).content.decode()
    assert "名录由统筹协调单位载入" in page
    with_word(editor, draft)
    with pytest.raises(Refused, match="还没有载入登记名录"):
        act.start_preview(editor, draft_pk=draft.pk)
    url = reverse("enterprises:preview-words", args=[draft.pk, "hydrogen"])
    assert "还没有载入登记名录" in client_of("department").post(url, {"words": "演示甲釜"}).content.decode()


def test_a_whole_draft_is_compared_with_its_base(register, draft, editor):
    with_word(editor, draft)
    made = tried(editor, draft)
    assert made.state == PreviewState.DONE
    assert made.total == 4
    counts = made.counts["hydrogen"]
    assert counts["before"] == 1
    assert counts["after"] == 2
    assert counts["entering"] == 1
    assert counts["leaving"] == 0
    (example,) = made.examples["hydrogen"]["entering"]
    assert (example["name"], example["region"]) == ("乙演示罐体制造有限公司（演示）", "320506")
    assert example["after"]["role"] == "core"
    assert example["evidence"][0]["term"] == "演示甲釜"


def test_what_is_removed_leaves(register, draft, editor):
    words.remove_terms(editor, pk=draft.pk, words=["储氢瓶", "储氢罐", "储氢"], **HP)
    counts = tried(editor, draft).counts["hydrogen"]
    assert (counts["before"], counts["after"], counts["leaving"], counts["entering"]) == (1, 0, 1, 0)


def test_it_is_stale_once_the_draft_changes(register, draft, editor):
    with_word(editor, draft)
    assert not RegisterPreviewer().readiness(fresh(draft)).done
    tried(editor, draft)
    assert RegisterPreviewer().readiness(fresh(draft)).done
    with_word(editor, draft, "演示储氢塔")
    assert not RegisterPreviewer().readiness(fresh(draft)).done


def test_a_draft_changed_in_the_queue_is_not_computed(register, draft, editor, queue):
    with_word(editor, draft)
    made = act.start_preview(editor, draft_pk=draft.pk)
    with_word(editor, draft, "演示储氢塔")
    work.work(made.pk)
    assert ALL.get(pk=made.pk).state == PreviewState.FAILED
    assert "草案又有改动" in ALL.get(pk=made.pk).reason


def test_one_at_a_time_and_cancelled(register, draft, editor, queue, people):
    with pytest.raises(Conflict, match="没有改动"):
        act.start_preview(editor, draft_pk=draft.pk)
    with_word(editor, draft)
    made = act.start_preview(editor, draft_pk=draft.pk)
    with pytest.raises(Conflict, match="正在算"):
        act.start_preview(editor, draft_pk=draft.pk)
    act.cancel_preview(editor, pk=made.pk)
    assert AuditRecord.objects.order_by("-number").first().action == "catalogue.preview_cancelled"
    work.work(made.pk)
    assert ALL.get(pk=made.pk).state == PreviewState.CANCELLED
    with pytest.raises(Conflict):
        act.cancel_preview(editor, pk=made.pk)


def test_cancelled_in_the_middle_it_stops(register, draft, editor, queue, monkeypatch):
    with_word(editor, draft)
    made = act.start_preview(editor, draft_pk=draft.pk)
    whole = work.lake.batches

    def cancelled(source):
        for batch in whole(source):
            act.cancel_preview(editor, pk=made.pk)
            yield batch

    monkeypatch.setattr(work.lake, "batches", cancelled)
    work.work(made.pk)
    assert ALL.get(pk=made.pk).state == PreviewState.CANCELLED
    assert ALL.get(pk=made.pk).counts == {}


def test_one_whose_process_was_killed_is_found(register, draft, editor, queue):
    with_word(editor, draft)
    made = act.start_preview(editor, draft_pk=draft.pk)
    ALL.filter(pk=made.pk).update(worker="elsewhere:1:1", beat_at=timezone.now() - dt.timedelta(minutes=20))
    with pytest.raises(Refused):
        act.fail_interrupted(editor)
    assert act.fail_interrupted(system("worker")) == 1
    assert act.fail_interrupted(system("worker")) == 0
    assert ALL.get(pk=made.pk).state == PreviewState.FAILED


def test_publishing_asks_for_the_preview_and_proposes_to_identify_again(register, draft, editor, people, made):
    made.run(register)
    with_word(editor, draft)
    office = people("coordinator")
    with pytest.raises(Refused, match="算过影响"):
        publishing.publish_draft(office, pk=draft.pk, note="补词")
    tried(editor, draft)
    publishing.publish_draft(office, pk=draft.pk, note="补词")
    assert Task.objects.for_system("tests").filter(kind="registers.identify").count() == 1


def test_the_pages(client_of, register, draft, editor, queue):
    with_word(editor, draft)
    client = client_of("department")
    assert client.post(reverse("enterprises:preview-start", args=[draft.pk])).status_code == 302
    made = ALL.get()
    assert client.get(reverse("enterprises:preview-progress", args=[made.pk])).status_code == 200
    work.work(made.pk)
    page = client.get(reverse("enterprises:preview", args=[made.pk])).content.decode()
    assert "乙演示罐体制造有限公司（演示）" in page
    assert "演示甲釜" in page
    page = client.get(reverse("catalogue:draft", args=[draft.pk])).content.decode()
    assert "与草案现在的内容一致" in page
    assert client_of("city").get(reverse("enterprises:preview", args=[made.pk])).status_code == 404
    assert client.post(reverse("enterprises:preview-cancel", args=[made.pk])).status_code == 302
