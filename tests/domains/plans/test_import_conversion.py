"""A plan taken apart into items and put together again is the same plan; places and keys hold."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domains.plans.import_support import TEXT, begin, state
from xiandao.domains.plans.actions import imports as act
from xiandao.domains.plans.actions.imports.desk import drafts_in_order
from xiandao.domains.plans.actions.imports.drafts import (
    Draft,
    checked_data,
    document_of,
    drafts_of,
    head_of,
    left_out,
    new_key,
    plain,
)
from xiandao.domains.plans.actions.imports.guess import guessed, heading
from xiandao.domains.plans.actions.imports.places import as_quote, find, subtract, trimmed, union, unplaced_now
from xiandao.domains.plans.actions.imports.reading import read_plan
from xiandao.domains.plans.models.drafts import DraftItem, ItemKind, Review
from xiandao.packs import PackError
from xiandao.packs.schema import plan as schema

numbers = st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False)
lines = st.text("甲乙丙丁一二（）、“”a1", min_size=1, max_size=12)
spans = st.tuples(st.integers(0, 500), st.integers(1, 80)).map(lambda pair: (pair[0], sum(pair)))
common = {"span": st.none() | spans, "confidence": st.none() | st.floats(0, 1), "doubts": st.lists(lines, max_size=2)}


@st.composite
def targets(draw, key, kind=None):
    low, high = sorted(draw(st.tuples(numbers, numbers)))
    amount = draw(st.sampled_from([{"value": low}, {"low": low, "high": high}]))
    quoted = st.builds(schema.Quoted, quote=lines, span=st.none() | spans)
    return schema.Target(
        key=key,
        **{name: draw(strategy) for name, strategy in common.items()},
        **amount,
        unit=draw(st.sampled_from(["", "家", "%"])),
        comparator=draw(st.sampled_from("=≥≤≈")),
        year=draw(st.none() | st.integers(2020, 2035)),
        object=draw(lines),
        kind=kind or draw(st.sampled_from(["count", "amount", "ratio", "growth", "rank"])),
        quote=draw(st.none() | lines),
        also=tuple(draw(st.lists(quoted, max_size=2))),
        note=draw(st.none() | lines),
    )


@st.composite
def measures(draw, number):
    duty = schema.Duty(
        lead=tuple(draw(st.lists(lines, max_size=2))),
        helping=tuple(draw(st.lists(lines, max_size=2))),
        cities=draw(st.booleans()),
        quotes=tuple(draw(st.lists(st.builds(schema.Quoted, quote=lines, span=spans), max_size=2))),
    )
    count = st.integers(0, 2)
    return schema.Measure(
        key=f"M{number:02d}",
        **{name: draw(strategy) for name, strategy in common.items()},
        no=draw(st.sampled_from(["", "1", "（一）"])),
        title=draw(lines),
        duty=duty,
        deadline=draw(st.none() | lines),
        targets=tuple(draw(targets(f"T{number:02d}-{n}")) for n in range(1, draw(count) + 1)),
        support=tuple(draw(targets(f"S{number:02d}-{n}", "subsidy")) for n in range(1, draw(count) + 1)),
        mechanisms=tuple(
            schema.Mechanism(key=f"Q{number:02d}-{n}", name=draw(lines)) for n in range(1, draw(count) + 1)
        ),
        commitments=tuple(
            schema.Commitment(
                key=f"C{number:02d}-{n}", quote=draw(lines), strength=draw(st.sampled_from(["firm", "soft"]))
            )
            for n in range(1, draw(count) + 1)
        ),
    )


@st.composite
def plans(draw):
    sizes = draw(st.lists(st.integers(0, 2), max_size=3))
    actions, number = [], 0
    for index, size in enumerate(sizes, 1):
        inside = []
        for _ in range(size):
            number += 1
            inside.append(draw(measures(number)))
        actions.append(schema.Action(key=f"A{index}", no="一", title=draw(lines), measures=tuple(inside)))
    headline = tuple(draw(targets(f"H{n}")) for n in range(1, draw(st.integers(0, 2)) + 1))
    unplaced = tuple(draw(st.lists(st.builds(schema.Quoted, quote=lines, span=spans), max_size=2)))
    return schema.PlanDoc(
        code="plan",
        title=draw(lines),
        number=draw(st.none() | lines),
        period=draw(st.none() | st.just((2025, 2027))),
        issuers=tuple(draw(st.lists(lines, max_size=2))),
        actions=tuple(actions),
        headline_targets=headline,
        unplaced=unplaced,
    )


def rebuilt(document, drafts):
    unplaced = unplaced_now("字" * 600, plain(document.unplaced), drafts)
    return document_of(document.code, head_of(document), drafts, unplaced)


@given(plans())
def test_taking_apart_and_putting_together_gives_the_same_plan(document):
    assert rebuilt(document, drafts_of(document)) == document


@given(plans())
def test_accepting_in_bulk_changes_nothing_in_the_plan(document):
    taken = [replace(draft, review=Review.TAKEN) for draft in drafts_of(document)]
    assert rebuilt(document, taken) == document


@given(plans())
def test_accepting_one_by_one_marks_every_item_reviewed_and_nothing_else(document):
    seen = rebuilt(document, [replace(draft, review=Review.ACCEPTED) for draft in drafts_of(document)])
    assert all(m.reviewed for m in seen.measures())
    assert all(t.reviewed for t in seen.targets())
    assert [t.model_copy(update={"reviewed": False}) for t in seen.targets()] == list(document.targets())


@given(plans(), st.data())
def test_what_is_rejected_is_left_out_with_all_below_it(document, data):
    drafts = drafts_of(document)
    if not drafts:
        return
    victim = data.draw(st.sampled_from(drafts)).key
    changed = [replace(d, review=Review.REJECTED) if d.key == victim else d for d in drafts]
    gone = left_out(changed)
    out = rebuilt(document, changed)
    kept = {d.key for d in drafts_of(out)}
    assert kept == {d.key for d in drafts} - gone
    assert victim in gone


@pytest.mark.django_db
def test_import_then_accept_all_gives_what_the_compiler_gave(people):
    me = people("coordinator")
    plan_import = begin(me)
    act.accept_many(me, pk=plan_import.pk, threshold=None)
    drafts = drafts_in_order(DraftItem.objects.filter(plan_import=plan_import))
    unplaced = unplaced_now(plan_import.source_text, plan_import.unplaced, drafts)
    assert document_of("plan", plan_import.head, drafts, unplaced) == read_plan(plan_import.source_text)
    assert len(state(plan_import)) == 22


def test_what_a_person_wrote_carries_no_confidence_of_the_compiler():
    (draft,) = [d for d in drafts_of(read_plan(TEXT)) if d.key == "T01-2"]
    edited = replace(draft, review=Review.EDITED, parent=None)
    (target,) = document_of("plan", {"title": "题"}, [edited], []).headline_targets
    assert draft.confidence == 0.85
    assert (target.confidence, target.doubts, target.reviewed) == (None, (), True)


def test_a_value_is_checked_with_a_sentence_for_each_field():
    with pytest.raises(PackError) as caught:
        checked_data(ItemKind.TARGET, {"object": "甲", "kind": "number", "low": 3}, None)
    fields = {fault.field for fault in caught.value.faults}
    assert "kind" in fields
    assert all(fault.mend for fault in caught.value.faults)


def test_numbers_keep_their_value_in_json():
    assert plain(Decimal("3000.00")) == 3000
    assert plain(Decimal("0.1")) == 0.1
    assert plain({"a": (Decimal("1.5"), None)}) == {"a": [1.5, None]}


@pytest.mark.parametrize(
    ("kind", "parent", "taken", "expected"),
    [
        (ItemKind.ACTION, None, ["A1", "A8"], "A9"),
        (ItemKind.MEASURE, "A1", ["M01", "M25", "T25-1"], "M26"),
        (ItemKind.TARGET, "M06", ["T06-1", "T06-3", "T07-9"], "T06-4"),
        (ItemKind.TARGET, None, ["H1", "HC4"], "H2"),
        (ItemKind.COMMITMENT, None, ["H7", "HC1"], "HC2"),
        (ItemKind.DUTY, "M06", ["D06"], "D06-2"),
        (ItemKind.SUPPORT, "M11", [], "S11-1"),
    ],
)
def test_new_keys_follow_the_compilers(kind, parent, taken, expected):
    assert new_key(kind, parent, taken) == expected


ranges = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 15)).map(lambda p: (p[0], sum(p))), max_size=6)


@given(ranges, ranges)
def test_subtracting_places_is_subtracting_characters(places, taken):
    def characters(spans):
        return {n for a, b in spans for n in range(a, b)}

    left = subtract(places, taken)
    assert characters(left) == characters(places) - characters(taken)
    assert left == union(left)


def test_words_are_found_across_line_breaks_nearest_first():
    text = "建成加氢站\n  20座。又建成加氢站20座。"
    assert find(text, "建成加氢站20座") == (0, 11)
    assert find(text, "建成加氢站20座", near=15) == (13, 21)
    assert find(text, "建成加油站") is None
    assert find(text, " ") is None
    assert as_quote(text[0:11]) == "建成加氢站20座"
    assert trimmed(text, 5, 8) is None


def test_text_placed_by_hand_is_no_longer_unplaced_and_a_dropped_measure_is():
    text = "通知。甲任务。乙任务。附注。"
    unplaced = [{"quote": "通知。", "span": [0, 3]}, {"quote": "附注。", "span": [11, 14]}]
    measure = {"no": "", "title": "甲任务"}
    action = Draft("A1", ItemKind.ACTION, None, measure, (3, 11), None)
    one = Draft("M01", ItemKind.MEASURE, "A1", measure, (3, 7), None)
    two = Draft("M02", ItemKind.MEASURE, "A1", measure, (7, 11), None)
    assert unplaced_now(text, unplaced, [action, one, two]) == unplaced
    added = Draft("M03", ItemKind.MEASURE, "A1", measure, (11, 14), None, Review.ADDED)
    assert unplaced_now(text, unplaced, [action, one, two, added]) == unplaced[:1]
    dropped = [action, one, replace(two, review=Review.REJECTED)]
    assert [p["quote"] for p in unplaced_now(text, unplaced, dropped)] == ["通知。", "乙任务。附注。"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("建成加氢站20座以上", {"value": 20, "unit": "座", "comparator": "≥", "kind": "count", "object": "加氢站"}),
        ("产值年均增长25%", {"value": 25, "unit": "%", "kind": "growth", "object": "产值年均增长"}),
        ("建成5—8个项目", {"low": 5, "high": 8, "value": None, "unit": "个"}),
    ],
)
def test_selected_words_fill_a_target(words, expected):
    guess = guessed(ItemKind.TARGET, words, "无关的2024年。到2027年，")
    assert {name: guess[name] for name in expected} == expected
    assert guess["year"] == 2027


def test_selected_words_fill_other_kinds():
    assert guessed(ItemKind.DUTY, "牵头单位：市财政局；配合单位：市统计局、市税务局") == {
        "lead": ["市财政局"],
        "with": ["市统计局", "市税务局"],
        "cities": False,
    }
    assert guessed(ItemKind.MECHANISM, "建立“氢车联盟”机制") == {"name": "氢车联盟"}
    assert guessed(ItemKind.COMMITMENT, "鼓励先行先试") == {"strength": "soft", "verb": "鼓励"}
    assert guessed(ItemKind.SUPPORT, "最高补助200万元")["kind"] == "subsidy"
    assert heading("（三）建设园区。到2027年……") == {"no": "（三）", "title": "建设园区"}
    assert heading("没有编号的标题\n正文") == {"no": "", "title": "没有编号的标题"}
    assert guessed(ItemKind.TARGET, "没有数") == {"year": None}
