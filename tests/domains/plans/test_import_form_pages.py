"""Corrections by form and by button: with and without scripts, faulty, late, and by two people at once."""

import re

import pytest

from tests.domains.plans.import_support import again, body, item, keys, place, target_fields, url
from xiandao.domains.plans.actions import imports as act
from xiandao.domains.plans.models.drafts import Review

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


# Corrections without scripts


def test_accepting_goes_on_to_the_next(browser, plan):
    response = browser.post(url("import-item-accept", plan, "T01-1"), {"revision": "0", "show": "todo"})
    assert response.status_code == 302
    assert response["Location"] == f"{url('import', plan)}?show=todo&item=T01-2#row-T01-2"
    assert item(plan, "T01-1").review == Review.ACCEPTED


@pytest.mark.parametrize("fields", [{}, {"revision": "x"}, {"revision": "7"}], ids=["none", "word", "stale"])
def test_a_change_without_the_revision_shown_is_a_conflict(browser, plan, fields):
    response = browser.post(url("import-item-accept", plan, "T01-1"), fields)
    assert response.status_code == 409
    assert "改过这一条目" in body(response)
    assert item(plan, "T01-1").review == Review.PROPOSED


def test_reject_restore_merge_and_undo(browser, plan):
    browser.post(url("import-item-reject", plan, "T01-2"), {"revision": "0"})
    assert item(plan, "T01-2").review == Review.REJECTED
    browser.post(url("import-item-restore", plan, "T01-2"), {"revision": "1"})
    assert item(plan, "T01-2").review == Review.PROPOSED
    browser.post(url("import-item-merge", plan, "T01-2"), {"revision": "2"})
    assert "T01-2" not in keys(plan, "target")
    browser.post(url("import-undo", plan), {"number": "3"})
    assert "T01-2" in keys(plan, "target")


def test_accepting_many(browser, plan):
    assert browser.post(url("import-accept", plan), {"threshold": "90"}).status_code == 302
    assert item(plan, "T01-1").review == Review.TAKEN
    assert browser.post(url("import-accept", plan), {"threshold": "0"}).status_code == 409


def test_editing_by_form(browser, plan):
    response = browser.post(url("import-item-edit", plan, "T01-1"), target_fields(plan, value="650.5"))
    assert response.status_code == 302
    assert item(plan, "T01-1").data["value"] == 650.5


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"value": ""}, "请填目标值"),
        ({"low": "3", "high": "5"}, "只填一种"),
        ({"value": "", "low": "5", "high": "3"}, "上限小于下限"),
        ({"value": "很多"}, "数字"),
        ({"object": ""}, "必填"),
        ({"year": "26"}, "1949"),
        ({"quote": "原文里没有的话"}, "找不到"),
        ({"quote": ""}, "请写明原文"),
        ({"parent": "A1"}, "选择"),
        ({}, "没有改动"),
    ],
)
def test_a_faulty_form_keeps_what_was_typed(browser, plan, changes, words):
    fields = target_fields(plan, **changes)
    response = browser.post(url("import-item-edit", plan, "T01-1"), fields)
    assert response.status_code == 422
    assert words in body(response)
    for value in changes.values():
        assert value in body(response)
    assert item(plan, "T01-1").revision == 0


def test_words_copied_without_selecting_find_their_place(browser, plan):
    fields = target_fields(plan, quote="建成加氢站20座", start="", end="")
    browser.post(url("import-item-edit", plan, "T01-1"), fields)
    assert (item(plan, "T01-1").span_start, item(plan, "T01-1").span_end) == place("建成加氢站20座")


def test_the_form_of_each_kind_saves_what_it_shows(browser, plan):
    """Opening a form and saving it with one field changed changes that field alone."""
    changes = {
        "A1": {"title": "示范行动"},
        "M01": {"title": "推广车辆"},
        "D01": {"lead": "市商务局"},
        "S03-1": {"object": "设备补助"},
        "Q01-1": {"name": "氢车共同体"},
        "C01-1": {"verb": "探索"},
        "H1": {"unit": "亿"},
    }
    for key, change in changes.items():
        before = item(plan, key)
        page = browser.get(url("import-item-edit", plan, key)).context["form"]
        fields = {f.name: page[f.name].value() for f in page if page[f.name].value() is not None}
        fields = {k: ("on" if v is True else v) for k, v in fields.items() if v is not False}
        response = browser.post(url("import-item-edit", plan, key), {**fields, "revision": "0", **change})
        assert response.status_code == 302, key
        after = item(plan, key)
        ((name, value),) = change.items()
        expected = [value] if name == "lead" else value
        assert after.data == {**before.data, name: expected}, key
        assert (after.span_start, after.span_end) == (before.span_start, before.span_end), key


def test_adding_from_selected_words(browser, plan):
    start, end = place("推动检测机构建设")
    form = browser.get(url("import-add", plan), {"kind": "target", "start": start, "end": end}).context["form"]
    assert form["parent"].value() == "M04"
    assert form["quote"].value() == "推动检测机构建设"
    fields = {
        "add": "target",
        "parent": "M04",
        "quote": "推动检测机构建设",
        "start": start,
        "end": end,
        "object": "检测机构",
        "comparator": "=",
        "value": "3",
        "unit": "家",
        "kind": "count",
    }
    assert browser.post(url("import-add", plan), fields).status_code == 302
    assert item(plan, "T04-2").review == Review.ADDED
    assert browser.post(url("import-add", plan), fields | {"value": ""}).status_code == 422
    assert browser.get(url("import-add", plan), {"kind": "nothing"}).status_code == 404


def test_splitting_a_measure_by_form(browser, plan):
    fields = {"revision": "0", "opening": "建成加氢站", "no": "", "title": ""}
    assert browser.post(url("import-item-split", plan, "M01"), fields).status_code == 302
    assert item(plan, "M05").data["title"] == "建成加氢站20座"
    response = browser.post(url("import-item-split", plan, "M02"), fields | {"opening": "没有这几个字"})
    assert response.status_code == 422
    assert "找不到" in body(response)


def test_splitting_a_target_and_a_duty_by_form(browser, plan):
    base = {k: v for k, v in target_fields(plan).items() if k != "revision"}
    first = {f"first-{k}": v for k, v in base.items()}
    second = {f"second-{k}": v for k, v in (base | {"value": "800", "year": "2027"}).items()}
    response = browser.post(url("import-item-split", plan, "T01-1"), {"revision": "0", **first, **second})
    assert response.status_code == 302
    assert item(plan, "T01-3").data["value"] == 800
    assert browser.post(url("import-item-split", plan, "D01"), {"revision": "0", "leading": "3"}).status_code == 302
    assert len(item(plan, "D01").data["lead"]) == 3
    assert browser.get(url("import-item-split", plan, "Q01-1")).status_code == 409


def test_an_item_that_is_not_there_is_not_found(browser, plan):
    for name in ("import-item-edit", "import-item-split"):
        assert browser.get(url(name, plan, "T99-9")).status_code == 404
    assert browser.get(url("import-item", plan, "T99-9"), **HTMX).status_code == 404
    assert browser.post(url("import-item-accept", plan, "T99-9"), {"revision": "0"}).status_code == 409


# Corrections with scripts


def test_a_change_answers_with_the_pieces_that_changed(browser, plan):
    response = browser.post(url("import-item-accept", plan, "T01-1"), {"revision": "0", "show": "all"}, **HTMX)
    page = body(response)
    assert response.status_code == 200
    assert "<html" not in page
    assert 'id="import-bar" hx-swap-oob' in page
    assert "已核对 <b>1/22</b>" in page
    assert 'id="source-text"' not in page
    assert 'is-current" id="row-T01-2"' in page
    page = body(browser.post(url("import-item-reject", plan, "T01-2"), {"revision": "0"}, **HTMX))
    assert 'id="source-text" hx-swap-oob' in page


def test_accepting_a_branch(browser, plan):
    browser.post(url("import-item-accept", plan, "M01") + "?branch=1", {"revision": "0"}, **HTMX)
    assert item(plan, "T01-2").review == Review.ACCEPTED


def test_a_conflict_keeps_what_was_typed_beside_what_stands_there_now(browser, me, plan):
    mine = target_fields(plan, value="650")
    act.edit(me, pk=plan.pk, key="T01-1", revision=0, data={"value": 600}, span=(247, 262), parent="M01")
    response = browser.post(url("import-item-edit", plan, "T01-1"), mine, **HTMX)
    page = body(response)
    assert response.status_code == 409
    assert response["HX-Retarget"] == "#detail-T01-1"
    assert me.name in page
    assert re.search(r"<td>650</td>\s*<td>600</td>", page)
    assert 'value="650"' in page
    assert 'name="revision" value="1"' in page
    assert item(plan, "T01-1").data["value"] == 600
    assert browser.post(url("import-item-edit", plan, "T01-1"), mine | {"revision": "1"}, **HTMX).status_code == 200
    assert item(plan, "T01-1").data["value"] == 650


def test_a_form_of_an_item_taken_away_meanwhile(browser, me, plan):
    fields = target_fields(plan, value="650")
    act.split_quantity(
        me, pk=plan.pk, key="T01-1", revision=0, first=({"value": 1}, (247, 262)), second=({"value": 2}, (247, 262))
    )
    act.merge(me, pk=plan.pk, key="T01-3", revision=0)
    response = browser.post(url("import-item-edit", plan, "T01-3"), fields, **HTMX)
    assert response.status_code == 409
    assert "已不在" in body(response)


def test_two_people_on_the_head_by_form(browser, me, plan):
    act.edit_head(me, pk=plan.pk, revision=0, head={"number": "甲号"})
    fields = {"revision": "0", "title": "某方案", "number": "乙号", "issuers": "", "year_from": "", "year_to": ""}
    response = browser.post(url("import-head", plan), fields)
    assert response.status_code == 409
    assert "甲号" in body(response)
    assert 'value="乙号"' in body(response)
    assert browser.post(url("import-head", plan), fields | {"revision": "1"}).status_code == 302
    assert again(me, plan).head["number"] == "乙号"
    assert again(me, plan).head["period"] is None


def test_a_faulty_head_form(browser, plan):
    fields = {"revision": "0", "title": "", "year_from": "2027", "year_to": "2025"}
    response = browser.post(url("import-head", plan), fields)
    assert response.status_code == 422
    assert "终止年早于起始年" in body(response)
