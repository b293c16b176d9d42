"""Splitting, merging, and taking back: what goes where, and that every step can be undone and redone."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as DjangoCase

from tests.domains.plans.import_support import TEXT, again, begin, item, keys, last, place, state
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import system
from xiandao.domains.plans.actions import imports as act
from xiandao.domains.plans.actions.imports.undo import in_effect
from xiandao.domains.plans.models import Correction, DraftItem
from xiandao.domains.plans.models.drafts import ItemKind, Operation, Review

pytestmark = pytest.mark.django_db


def under(plan, parent):
    return set(DraftItem.objects.filter(plan_import=plan, parent__key=parent).values_list("key", flat=True))


# Splitting


def test_a_measure_is_cut_and_what_follows_goes_with_the_second(me, plan):
    at = TEXT.index("建成加氢站20座")
    act.split_measure(me, pk=plan.pk, key="M01", revision=0, at=at, no="1-2", title="建加氢站")
    first, second = item(plan, "M01"), item(plan, "M05")
    assert (first.span_end, second.span_start, second.span_end) == (at, at, place("市财政局）")[1])
    assert (second.data["title"], second.parent.key, second.review) == ("建加氢站", "A1", Review.ADDED)
    assert under(plan, "M01") == {"T01-1"}
    assert under(plan, "M05") == {"D01", "T01-2", "Q01-1", "C01-1"}
    assert keys(plan, "measure") == ["M01", "M05", "M02", "M03", "M04"]
    assert last(plan).operation == Operation.SPLIT


def test_bodies_named_on_both_sides_of_a_cut_are_shared_out(me, plan):
    lists = [{"quote": w, "span": list(place(w))} for w in ("市交通运输局", "市工业和信息化局、市财政局")]
    row = item(plan, "D01")
    act.edit(me, pk=plan.pk, key="D01", revision=0, data={"quotes": lists}, span=None, parent="M01")
    at = TEXT.index("、市工业和信息化局") + 1
    act.split_measure(me, pk=plan.pk, key="M01", revision=0, at=at, no="", title="乙")
    assert row.data["lead"] == ["市交通运输局"]
    assert item(plan, "D01").data["lead"] == ["市交通运输局"]
    assert item(plan, "D01").data["with"] == []
    assert item(plan, "D05").data["with"] == ["市工业和信息化局", "市财政局"]
    assert item(plan, "D05").parent.key == "M05"


@pytest.mark.parametrize("at", [0, "start", "end", 10**6], ids=["before", "start", "end", "after"])
def test_a_cut_outside_the_measure_is_refused(me, plan, at):
    row = item(plan, "M01")
    at = {"start": row.span_start, "end": row.span_end}.get(at, at)
    before = state(plan)
    with pytest.raises(act.BadFields, match="拆分处"):
        act.split_measure(me, pk=plan.pk, key="M01", revision=0, at=at, no="", title="乙")
    assert state(plan) == before


def test_one_target_becomes_two(me, plan):
    words = place("推广氢燃料电池汽车500辆以上")
    act.split_quantity(
        me,
        pk=plan.pk,
        key="T01-1",
        revision=0,
        first=({"value": 200, "year": 2025}, words),
        second=({"value": 500, "year": 2026}, words),
    )
    assert [(item(plan, k).data["value"], item(plan, k).data["year"]) for k in ("T01-1", "T01-3")] == [
        (200, 2025),
        (500, 2026),
    ]
    assert keys(plan, "target")[2:5] == ["T01-1", "T01-3", "T01-2"]


def test_two_equal_targets_are_refused(me, plan):
    words = place("推广氢燃料电池汽车500辆以上")
    with pytest.raises(act.BadFields, match="完全相同"):
        act.split_quantity(me, pk=plan.pk, key="T01-1", revision=0, first=({}, words), second=({}, words))
    assert "T01-3" not in keys(plan, "target")


def test_a_list_of_bodies_is_divided_anew(me, plan):
    act.split_duty(me, pk=plan.pk, key="D01", revision=0, leading=2)
    assert item(plan, "D01").data["lead"] == ["市交通运输局", "市工业和信息化局"]
    assert item(plan, "D01").data["with"] == ["市财政局"]
    assert item(plan, "D01").review == Review.EDITED
    with pytest.raises(Refused, match="没有改动"):
        act.split_duty(me, pk=plan.pk, key="D01", revision=item(plan, "D01").revision, leading=2)
    with pytest.raises(act.BadFields):
        act.split_duty(me, pk=plan.pk, key="D01", revision=item(plan, "D01").revision, leading=9)


def test_what_cannot_be_split_says_what_to_do(me, plan):
    with pytest.raises(Refused, match="补充"):
        act.split_duty(me, pk=plan.pk, key="C01-1", revision=0, leading=1)
    act.reject(me, pk=plan.pk, key="D01", revision=0)
    with pytest.raises(Conflict, match="先恢复"):
        act.split_duty(me, pk=plan.pk, key="D01", revision=1, leading=2)


# Merging


def test_a_measure_merges_into_the_one_before(me, plan):
    act.merge(me, pk=plan.pk, key="M02", revision=0)
    first = item(plan, "M01")
    assert (first.span_start, first.span_end) == (place("1.推广")[0], place("各区人民政府）")[1])
    assert keys(plan, "measure") == ["M01", "M03", "M04"]
    assert under(plan, "M01") == {"D01", "T01-1", "T01-2", "Q01-1", "C01-1", "T02-1", "C02-1"}
    duty = item(plan, "D01").data
    assert duty["lead"] == ["市交通运输局", "市发展改革委"]
    assert duty["with"] == ["市工业和信息化局", "市财政局", "市能源局"]
    assert duty["cities"]
    assert len(duty["quotes"]) == 2


def test_a_merged_measure_keeps_the_only_duty(me, plan):
    act.reject(me, pk=plan.pk, key="D01", revision=0)
    act.merge(me, pk=plan.pk, key="M02", revision=0)
    assert item(plan, "D01").review == Review.EDITED


def test_an_action_merges_with_its_measures(me, plan):
    act.merge(me, pk=plan.pk, key="A2", revision=0)
    assert keys(plan, "action") == ["A1"]
    assert under(plan, "A1") == {"M01", "M02", "M03", "M04"}
    assert keys(plan, "measure") == ["M01", "M02", "M03", "M04"]


def test_of_two_targets_the_second_becomes_another_place_of_the_first(me, plan):
    act.merge(me, pk=plan.pk, key="T01-2", revision=0)
    words = "建成加氢站20座"
    assert item(plan, "T01-1").data["also"] == [{"quote": words, "span": list(place(words))}]
    assert last(plan).key == "T01-1"


def test_merging_skips_what_was_rejected(me, plan):
    act.reject(me, pk=plan.pk, key="M03", revision=0)
    with pytest.raises(Refused, match="没有同类条目"):
        act.merge(me, pk=plan.pk, key="M04", revision=0)


@pytest.mark.parametrize(("key", "words"), [("D01", "只有一份"), ("M01", "没有同类"), ("H1", "没有同类")])
def test_what_cannot_be_merged_is_refused(me, plan, key, words):
    before = state(plan)
    with pytest.raises(Refused, match=words):
        act.merge(me, pk=plan.pk, key=key, revision=0)
    assert state(plan) == before


def test_commitments_merge_into_the_words_from_one_to_the_other(me, plan):
    words = "推动检测机构建设"
    half = {"quote": "机构建设", "strength": "firm", "verb": None}
    act.add(me, pk=plan.pk, kind=ItemKind.COMMITMENT, parent="M04", data=half, span=place("机构建设"))
    act.merge(me, pk=plan.pk, key="C04-2", revision=0)
    assert item(plan, "C04-1").data["quote"] == words


# Undoing


def step_through(me, plan):
    """Yield after each of a row of corrections of every kind."""
    act.accept(me, pk=plan.pk, key="M01", revision=0, branch=True)
    yield
    act.split_measure(me, pk=plan.pk, key="M02", revision=0, at=TEXT.index("鼓励园区"), no="", title="氢电耦合")
    yield
    act.merge(me, pk=plan.pk, key="M04", revision=0)
    yield
    act.add(
        me,
        pk=plan.pk,
        kind=ItemKind.ACTION,
        parent=None,
        data={"no": "", "title": "储能"},
        span=place("2.拓展储能场景。"),
    )
    yield
    act.reject(me, pk=plan.pk, key="T01-1", revision=item(plan, "T01-1").revision)
    yield
    act.accept_many(me, pk=plan.pk, threshold=None)
    yield
    act.edit_head(me, pk=plan.pk, revision=0, head={"number": None})
    yield


def test_every_correction_can_be_undone_in_turn_and_redone(me, plan):
    states = [(state(plan), plan.head)]
    states.extend((state(plan), again(me, plan).head) for _ in step_through(me, plan))
    count = len(states) - 1
    for expected in reversed(states[:-1]):
        act.undo(me, pk=plan.pk)
        assert (state(plan), again(me, plan).head) == expected
    with pytest.raises(Refused, match="没有可以撤销"):
        act.undo(me, pk=plan.pk)
    for undoing, expected in zip(range(2 * count, count, -1), states[1:], strict=True):
        act.undo(me, pk=plan.pk, number=undoing)
        assert (state(plan), again(me, plan).head) == expected
    assert Correction.objects.filter(plan_import=plan).count() == 3 * count


def test_an_older_correction_is_undone_if_nothing_touched_its_items_since(me, plan):
    act.accept(me, pk=plan.pk, key="T01-1", revision=0)
    act.accept(me, pk=plan.pk, key="T02-1", revision=0)
    act.undo(me, pk=plan.pk, number=1)
    assert (item(plan, "T01-1").review, item(plan, "T02-1").review) == (Review.PROPOSED, Review.ACCEPTED)


def test_a_correction_built_upon_is_not_undone(me, plan):
    act.reject(me, pk=plan.pk, key="T01-1", revision=0)
    act.restore(me, pk=plan.pk, key="T01-1", revision=1)
    with pytest.raises(Conflict, match="又有改动"):
        act.undo(me, pk=plan.pk, number=1)


def test_an_added_measure_with_items_under_it_is_not_taken_away(me, plan):
    act.split_measure(me, pk=plan.pk, key="M01", revision=0, at=TEXT.index("建成加氢站20座"), no="", title="建站")
    act.add(me, pk=plan.pk, kind=ItemKind.MECHANISM, parent="M05", data={"name": "甲"}, span=place("氢车联盟"))
    before = state(plan)
    with pytest.raises(Conflict, match="下面还有条目"):
        act.undo(me, pk=plan.pk, number=1)
    assert state(plan) == before


def test_undoing_twice_or_what_is_not_there_is_refused(me, plan):
    act.accept(me, pk=plan.pk, key="T01-1", revision=0)
    act.undo(me, pk=plan.pk, number=1)
    with pytest.raises(Conflict, match="已经撤销"):
        act.undo(me, pk=plan.pk, number=1)
    with pytest.raises(Refused, match="没有第 9 号"):
        act.undo(me, pk=plan.pk, number=9)


@given(st.lists(st.booleans(), max_size=12))
def test_the_newest_chain_decides_what_holds(undoings):
    """Each True undoes the correction before it: of a chain every second one holds, counted from its end."""
    corrections = [(n, n - 1 if undoes and n > 1 else None) for n, undoes in enumerate(undoings, 1)]
    held = in_effect(corrections)
    for number, undoes in corrections:
        if undoes is not None:
            assert (number in held) != (undoes in held)


class AnyRowOfCorrections(DjangoCase):
    """Whatever was done, in whatever order: undoing it all leads back to the beginning."""

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 40)), min_size=1, max_size=8))
    def test_undoing_everything_leads_back(self, steps):
        me = system("tests")
        plan = begin(me)
        beginning = state(plan)
        for operation, index in steps:
            rows = list(DraftItem.objects.filter(plan_import=plan).order_by("key"))
            row = rows[index % len(rows)]
            key = {"pk": plan.pk, "key": row.key, "revision": row.revision}
            calls = (
                lambda key=key: act.accept(me, **key, branch=True),
                lambda key=key: act.reject(me, **key),
                lambda key=key: act.merge(me, **key),
                lambda key=key, row=row: act.split_measure(me, **key, at=(row.span_start or 0) + 12, no="", title="乙"),
                lambda: act.accept_many(me, pk=plan.pk, threshold=0.9),
            )
            try:
                calls[operation]()
            except Refused:
                continue
        while True:
            try:
                act.undo(me, pk=plan.pk)
            except Refused:
                break
        assert state(plan) == beginning
