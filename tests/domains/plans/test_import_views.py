"""The import pages: who sees them, what they show, and that they work with and without scripts."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.domains.plans.import_support import TEXT, again, begin, body, item, keys, last, url
from xiandao.domains.plans.actions import imports as act
from xiandao.domains.plans.models import PlanImport, PlanVersion
from xiandao.domains.plans.models.drafts import ImportState

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


# Who gets in

READS = [("import", False), ("import-history", False), ("import-item", True)]
FORMS = [
    ("import-new", None),
    ("import-head", False),
    ("import-discard", False),
    ("import-publish", False),
    ("import-add", False),
    ("import-item-edit", True),
    ("import-item-split", True),
]
POSTS = [
    ("import-undo", False),
    ("import-accept", False),
    ("import-item-accept", True),
    ("import-item-reject", True),
    ("import-item-restore", True),
    ("import-item-merge", True),
]


def address(name, of_item, plan):
    return url(name) if of_item is None else url(name, plan, "T01-1" if of_item else None)


@pytest.mark.parametrize(("name", "of_item"), READS)
def test_coordinator_and_auditor_may_read(client_of, plan, name, of_item):
    for account, expected in (("coordinator", 200), ("auditor", 200), ("department", 404), ("city", 404), ("", 404)):
        assert client_of(account).get(address(name, of_item, plan)).status_code == expected


@pytest.mark.parametrize(("name", "of_item"), FORMS)
def test_forms_are_for_the_coordinator_alone(client_of, plan, name, of_item):
    query = {"kind": "target"} if name == "import-add" else {}
    for account, expected in (("coordinator", 200), ("auditor", 404), ("department", 404), ("", 404)):
        assert client_of(account).get(address(name, of_item, plan), query).status_code == expected


@pytest.mark.parametrize(("name", "of_item"), FORMS + POSTS)
def test_posts_of_others_find_nothing_and_change_nothing(client_of, plan, name, of_item):
    for account in ("auditor", "department", ""):
        response = client_of(account).post(address(name, of_item, plan), {"revision": "0", "text": TEXT})
        assert response.status_code == 404
    assert again_count(plan) == 1
    assert item(plan, "T01-1").revision == 0


def again_count(plan):
    return PlanImport.objects.for_system("counting in a test").count()


@pytest.mark.parametrize(("name", "of_item"), POSTS)
def test_changes_are_posts(browser, plan, name, of_item):
    assert browser.get(address(name, of_item, plan)).status_code == 405


def test_the_list_is_hidden_from_others(client_of, plan):
    for account, expected in (("coordinator", 200), ("auditor", 200), ("city", 404), ("", 404)):
        assert client_of(account).get(url("imports")).status_code == expected


def test_an_auditor_sees_no_buttons(client_of, plan):
    page = body(client_of("auditor").get(url("import", plan), {"item": "T01-1"}))
    assert "500" in page
    assert 'data-op="accept"' not in page
    assert 'name="threshold"' not in page


# Reading a text in


def test_an_uploaded_file_becomes_an_import(browser, me):
    file = SimpleUploadedFile("方案.txt", TEXT.encode("gb18030"))
    response = browser.post(url("import-new"), {"file": file})
    (made,) = PlanImport.objects.visible_to(me)
    assert response.status_code == 302
    assert response["Location"] == url("import", made)
    assert made.source_name == "方案.txt"


def test_a_pasted_text_becomes_an_import(browser, me):
    response = browser.post(url("import-new"), {"text": TEXT.replace("\n", "\r\n")})
    assert response.status_code == 302
    assert PlanImport.objects.visible_to(me).get().source_text == TEXT


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "请选择文件"),
        ({"text": "   "}, "请选择文件"),
        ({"text": "不是方案。"}, "汉字"),
        ({"file": b""}, "空"),
        ({"file": b"%PDF-1.4"}, "PDF"),
        ({"file": b"\x00\x01" * 500}, "二进制"),
        ({"file": b"x" * (2 * 1024 * 1024 + 10)}, "2 MB"),
        ({"file": TEXT.encode(), "text": TEXT}, "只用其中一种"),
        ({"text": "菜谱\n一、备料\n1.五花肉五百克。\n二、做法\n1.小火慢炖。\n"}, "方案"),
    ],
    ids=["nothing", "blank", "prose", "empty", "pdf", "binary", "large", "both", "recipe"],
)
def test_what_cannot_be_read_says_so_and_keeps_what_was_typed(browser, me, fields, words):
    sent = {k: SimpleUploadedFile("a.txt", v) if k == "file" else v for k, v in fields.items()}
    response = browser.post(url("import-new"), sent)
    assert response.status_code == 422
    assert words in body(response)
    if fields.get("text", "").strip():
        assert fields["text"].strip()[:5] in body(response)
    assert not PlanImport.objects.visible_to(me).exists()


def test_the_same_text_again_offers_the_import_there_is(browser, me, plan):
    file = SimpleUploadedFile("again.txt", TEXT.encode())
    response = browser.post(url("import-new"), {"file": file})
    page = body(response)
    assert response.status_code == 409
    assert url("import", plan) in page
    assert "推广氢能车辆" in page  # the text of the file is kept for reading it again
    sent = {"text": TEXT, "source_name": "again.txt", "again": "True"}
    assert browser.post(url("import-new"), sent).status_code == 302
    assert PlanImport.objects.visible_to(me).filter(source_name="again.txt").count() == 1


# The review page


def test_source_and_items_stand_side_by_side(browser, plan):
    page = body(browser.get(url("import", plan)))
    assert "已核对 <b>0/22</b>" in page
    text = page.split('id="source-text"')[1].split("</article>")[0]
    assert "".join(re.findall(r"<span id=[^>]*>([^<]*)</span>", text)) == "".join(TEXT.split("\n"))
    assert 'class="k-target" data-key="T01-1"' in text
    assert text.count('class="k-unplaced"') >= 3
    for key in keys(plan, "target") + keys(plan, "measure"):
        assert f'id="row-{key}"' in page


@pytest.mark.parametrize(
    ("show", "keys_shown"),
    [
        ("todo", {"A2", "M04", "T04-1"}),
        ("low", {"T04-1"}),
        ("rejected", {"A1", "M01", "T01-1"}),
    ],
)
def test_filters_show_items_with_their_headings(browser, me, plan, show, keys_shown):
    act.reject(me, pk=plan.pk, key="T01-1", revision=0)
    for key in ("T01-2", "T02-1"):
        act.accept(me, pk=plan.pk, key=key, revision=0)
    act.accept_many(me, pk=plan.pk, threshold=0.9)
    page = body(browser.get(url("import", plan), {"show": show}))
    assert set(re.findall(r'id="row-([^"]+)"', page)) == keys_shown


def test_unsure_items_come_least_sure_first(browser, plan):
    page = body(browser.get(url("import", plan), {"show": "low"}))
    assert re.findall(r'id="row-([^"]+)"', page) == ["T01-2", "T02-1", "T04-1"]


def test_a_measure_without_duty_is_marked(browser, me, plan):
    act.reject(me, pk=plan.pk, key="D04", revision=0)
    row = body(browser.get(url("import", plan))).split('id="row-M04"')[1].split("</li>")[0]
    assert "没有责任单位" in row


def test_the_page_costs_the_same_for_any_number_of_items(browser, me, django_assert_num_queries, pack):
    small = begin(me)
    large = begin(me, pack.texts["js-wlcy-2024-2026"], again=True)
    browser.get(url("import", small))

    def queries(plan):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(
            connection,
        ) as captured:
            browser.get(url("import", plan), {"item": "M01"})
        return len(captured)

    assert queries(small) == queries(large) <= 12


def test_the_list_costs_the_same_for_one_and_three_imports(browser, me):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(url("imports")).status_code == 200
        return len(captured)

    begin(me)
    queries()
    one = queries()
    begin(me, again=True)
    begin(me, again=True)
    assert queries() == one


def test_the_list_shows_progress_and_exports(browser, me, plan):
    act.reject(me, pk=plan.pk, key="M01", revision=0)
    page = body(browser.get(url("imports")))
    assert "6/22" in page  # the measure and the five items under it
    workbook = browser.get(url("imports"), {"export": "xlsx"})
    assert workbook["Content-Type"].endswith("sheet")
    assert io.BytesIO(workbook.content).read(2) == b"PK"


# History, publishing, giving up


def test_the_history_says_what_changed_in_words(browser, me, plan):
    act.edit(me, pk=plan.pk, key="T01-1", revision=0, data={"value": 600}, span=(247, 262), parent="M01")
    act.undo(me, pk=plan.pk)
    page = body(browser.get(url("import-history", plan)))
    assert re.search(r"目标值：\s*<del>500</del> → <ins>600</ins>", page)
    assert "撤销 第 1 号" in page
    assert "（已撤销）" in page


def test_publishing_by_form(browser, me, plan):
    where = {"plan": "+", "code": "yz-h2", "region": "320100"}
    page = body(browser.get(url("import-publish", plan), where))
    assert "还有 22 个条目待核对" in page
    fields = where | {"revision": "0"}
    refused = browser.post(url("import-publish", plan), fields | {"reason": "第一次发布"})
    assert refused.status_code == 409
    assert "还有 22 个条目待核对" in body(refused)
    assert "第一次发布" in body(refused)
    done = browser.post(url("import-publish", plan), fields | {"accept_rest": "1"})
    assert done["Location"] == reverse("plans:plan", args=["yz-h2"])
    assert again(me, plan).state == ImportState.PUBLISHED
    assert browser.get(url("import-publish", plan)).status_code == 302
    assert "已发布" in body(browser.get(url("import", plan)))


def test_publishing_asks_for_code_and_region_of_a_new_plan(browser, plan):
    response = browser.get(url("import-publish", plan), {"plan": "+", "code": "坏 代码"})
    assert response.status_code == 422
    assert "小写字母" in body(response)
    assert "请选择新方案的辖区" in body(response)


def test_the_page_before_publishing_shows_the_differences(browser, me, plan):
    act.publish_import(me, pk=plan.pk, revision=0, code="yz-h2", new_plan=True, region="320100", accept_rest=True)
    later = begin(me, TEXT.replace("500辆", "800辆"))
    response = browser.get(url("import-publish", later))  # the plan of the same name is proposed
    page = body(response)
    assert "与现行第 1 版对照" in page
    assert "<del>≥ 500 辆</del> → <ins>≥ 800 辆</ins>" in page
    fields = {"plan": "yz-h2", "revision": "0", "against": "1", "accept_rest": "1"}
    assert "写明理由" in body(browser.post(url("import-publish", later), fields))
    assert browser.post(url("import-publish", later), fields | {"reason": "修订"}).status_code == 302
    assert PlanVersion.objects.visible_to(me).filter(plan__code="yz-h2").count() == 2


def test_discarding_by_form(browser, me, plan):
    assert browser.post(url("import-discard", plan), {"reason": ""}).status_code == 422
    assert browser.post(url("import-discard", plan), {"reason": "传错了"}).status_code == 302
    assert again(me, plan).state == ImportState.DISCARDED
    page = body(browser.get(url("import", plan)))
    assert "已放弃" in page
    assert 'data-op="accept"' not in page
    assert browser.post(url("import-item-accept", plan, "T01-1"), {"revision": "0"}).status_code == 409
    assert browser.post(url("import-discard", plan), {"reason": "再来"}).status_code == 409


def test_the_last_correction_is_offered_for_undoing(browser, me, plan):
    act.accept(me, pk=plan.pk, key="T01-1", revision=0)
    assert f'name="number" value="{last(plan).number}"' in body(browser.get(url("import", plan)))
