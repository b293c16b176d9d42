"""What the compiler gives as JSON becomes a PlanDoc: keys by order, spans kept or looked up, nothing lost."""

import unicodedata
from datetime import date
from decimal import Decimal

import pytest

from xiandao.engines.policytext import compile_text, to_schema
from xiandao.packs import PackError, dump_record, parse_plan, plan_doc_from_compiled

TEXT = (
    "澄湖市行动计划(2025—2027年)\n一、算力行动\n1.建设底座\n"
    "推动“算力券”,到2026年建成3—5个中心,给予最高90万元补贴,探索开放机制。(市数据局、市财政局等按职责分工负责)\n"
    "2.开放高等学校数据\n完成全部任务,建成3—5个中心。(市教育局负责高等学校数据)\n"
)


def at(words, nth=0):
    start = -1
    for _ in range(nth + 1):
        start = TEXT.index(words, start + 1)
    return [start, start + len(words)]


def folded(words):
    """Full-width and half-width brackets are the same to a reader."""
    return unicodedata.normalize("NFKC", words)


def compiled():
    target = {
        "value": None,
        "low": 3,
        "high": 5,
        "unit": "个",
        "comparator": "=",
        "year": 2026,
        "object": "中心",
        "kind": "count",
        "quote": "建成3—5个中心",
        "span": at("建成3—5个中心"),
        "confidence": 0.9,
    }
    support = {
        "value": 90,
        "unit": "万元",
        "comparator": "≤",
        "object": "补贴",
        "kind": "subsidy",
        "quote": "给予最高90万元补贴",
        "span": at("给予最高90万元补贴"),
        "confidence": 0.6,
        "reasons": ["对象由上文推断"],
    }
    first = {
        "no": "1",
        "title": "建设底座",
        "span": [at("1.建设底座")[0], at("2.开放")[0] - 1],
        "duty": {
            "lead": ["市数据局"],
            "with": ["市财政局"],
            "cities": False,
            "spans": [at("(市数据局、市财政局等按职责分工负责)")],
        },
        "targets": [target],
        "support": [support],
        "quotes": ["算力券"],
        "commitments": [
            {"quote": "探索开放机制", "strength": "soft", "verb": "探索", "span": at("探索开放机制"), "confidence": 1.0}
        ],
        "deadline": "2026年12月",
    }
    second = {
        "no": "2",
        "title": "开放高等学校数据",
        "span": [at("2.开放")[0], len(TEXT) - 1],
        "duty": {"lead": ["市教育局"], "with": [], "cities": True, "span": at("(市教育局负责高等学校数据)")},
        "targets": [target | {"low": 3, "span": at("建成3—5个中心", 1)}],
        "support": [],
        "quotes": [],
    }
    action = {"no": "一", "title": "算力行动", "span": [at("一、")[0], len(TEXT) - 1], "measures": [first, second]}
    return {
        "title": "澄湖市行动计划(2025—2027年)",
        "number": None,
        "issued_on": "2025-06-18",
        "issuers": ["澄湖市人民政府办公室"],
        "period": [2025, 2027],
        "actions": [action],
        "headline_targets": [],
        "unplaced": [{"span": at("完成全部任务")}],
    }


@pytest.fixture
def plan():
    return plan_doc_from_compiled(compiled(), TEXT, code="chenghu")


def test_the_head_is_taken_over(plan):
    assert (plan.code, plan.title, plan.number) == ("chenghu", "澄湖市行动计划(2025—2027年)", None)
    assert (plan.issued_on, plan.period) == (date(2025, 6, 18), (2025, 2027))
    assert plan.issuers == ("澄湖市人民政府办公室",)


def test_keys_follow_the_order_of_the_text(plan):
    (action,) = plan.actions
    assert action.key == "A1"
    assert [m.key for m in action.measures] == ["M01", "M02"]
    first, second = action.measures
    assert [i.key for i in (*first.targets, *first.support, *first.mechanisms, *first.commitments)] == [
        *("T01-1", "S01-1", "Q01-1", "C01-1"),
    ]
    assert [t.key for t in second.targets] == ["T02-1"]


def test_numbers_places_and_doubts_are_kept(plan):
    first, second = plan.measures()
    (target,), (support,) = first.targets, first.support
    assert (target.value, target.low, target.high, target.year) == (None, Decimal(3), Decimal(5), 2026)
    assert (target.confidence, target.reviewed) == (0.9, False)
    assert (support.confidence, support.doubts) == (0.6, ("对象由上文推断",))
    assert second.targets[0].span == tuple(at("建成3—5个中心", 1))
    assert first.deadline == "2026年12月"
    assert first.commitments[0].verb == "探索"


def test_words_given_without_a_place_are_looked_up_inside_their_measure(plan):
    mechanism = next(plan.measures()).mechanisms[0]
    assert (mechanism.name, mechanism.span) == ("算力券", tuple(at("算力券")))


def test_the_words_of_a_duty_come_with_it_and_an_open_list_is_recognised(plan):
    first, second = plan.measures()
    assert first.duty.quotes[0].quote == "(市数据局、市财政局等按职责分工负责)"
    assert first.duty.open_ended
    assert second.duty.quotes[0].quote == "(市教育局负责高等学校数据)"
    assert not second.duty.open_ended


def test_text_the_compiler_could_not_place_is_not_dropped(plan):
    assert [(u.quote, u.span) for u in plan.unplaced] == [("完成全部任务", tuple(at("完成全部任务")))]


def test_the_result_stands_every_check_against_the_text(plan):
    assert parse_plan(dump_record(plan), text=TEXT) == plan


def test_the_same_document_gives_the_same_plan(plan):
    assert plan_doc_from_compiled(compiled(), TEXT, code="chenghu") == plan


def test_a_document_that_breaks_the_schema_is_refused_with_the_field():
    broken = compiled()
    broken["actions"][0]["measures"][0]["targets"][0]["kind"] = "number"
    with pytest.raises(PackError) as caught:
        plan_doc_from_compiled(broken, TEXT)
    (fault,) = caught.value.faults
    assert (fault.file, fault.field) == ("compiled.json", "actions[0].measures[0].targets[0].kind")


def test_a_document_without_a_title_says_so():
    assert plan_doc_from_compiled({}, "").title == "（未写明标题）"


def test_a_third_keeps_fifteen_digits():
    document = compiled()
    target = document["actions"][0]["measures"][0]["targets"][0]
    target |= {"value": 1 / 3, "low": None, "high": None}
    plan = plan_doc_from_compiled(document, TEXT)
    assert next(plan.measures()).targets[0].value == Decimal("0.333333333333333")
    assert parse_plan(dump_record(plan)) == plan


def test_an_item_of_an_annexed_table_may_stand_outside_its_measure():
    document = compiled()
    text = TEXT + "附表:1.建设底座 建成9个机房\n"
    span = [text.index("建成9个机房"), text.index("建成9个机房") + len("建成9个机房")]
    row = {"value": 9, "unit": "个", "object": "机房", "kind": "count", "quote": "建成9个机房", "span": span}
    document["actions"][0]["measures"][0]["targets"].append(row)
    plan = plan_doc_from_compiled(document, text)
    assert parse_plan(dump_record(plan), text=text) == plan


def test_further_places_of_a_target_are_kept_with_and_without_spans():
    document = compiled()
    target = document["actions"][0]["measures"][0]["targets"][0]
    target["also_quotes"] = ["推动“算力券”", "市财政局"]
    target["also_spans"] = [at("推动“算力券”")]
    plan = plan_doc_from_compiled(document, TEXT)
    places = next(plan.measures()).targets[0].also
    assert [place.span for place in places] == [tuple(at("推动“算力券”")), tuple(at("市财政局"))]


@pytest.mark.parametrize("form", [lambda document: document, to_schema])
def test_the_compiler_finds_in_the_jiangsu_text_what_was_reviewed(jiangsu, form):
    compiled_plan = plan_doc_from_compiled(form(compile_text(jiangsu.source_text)), jiangsu.source_text)
    shipped = jiangsu.plan
    for name in ("title", "number", "issued_on", "issuers", "period"):
        assert getattr(compiled_plan, name) == getattr(shipped, name)
    assert [(a.key, a.no, a.title) for a in compiled_plan.actions] == [(a.key, a.no, a.title) for a in shipped.actions]
    for found, reviewed in zip(compiled_plan.measures(), shipped.measures(), strict=True):
        assert (found.key, found.no, found.title, found.span) == (
            *(reviewed.key, reviewed.no, reviewed.title, reviewed.span),
        )
        assert (found.duty.lead, found.duty.helping) == (reviewed.duty.lead, reviewed.duty.helping)
        assert (found.duty.cities, found.duty.open_ended) == (reviewed.duty.cities, reviewed.duty.open_ended)
        assert [(t.key, t.value, folded(t.unit), t.kind) for t in found.targets] == [
            (t.key, t.value, folded(t.unit), t.kind) for t in reviewed.targets
        ]
        assert [m.name for m in found.mechanisms] == [m.name for m in reviewed.mechanisms]
    assert parse_plan(dump_record(compiled_plan), text=jiangsu.source_text) == compiled_plan


def test_the_record_of_the_compiler_says_more_than_its_json(jiangsu):
    plan = plan_doc_from_compiled(compile_text(jiangsu.source_text), jiangsu.source_text)
    assert all(measure.duty.standing for measure in list(plan.measures())[1:])
    assert all(c.confidence is not None for m in plan.measures() for c in m.commitments)


def test_a_heading_too_long_or_broken_over_lines_is_shortened_and_still_found():
    long = "建设" * 400
    text = f"1.推动\n 开放。{long}"
    measures = [
        {"no": "1", "title": "推动\n 开放", "span": [0, 8], "targets": [], "quotes": []},
        {"no": "", "title": long, "span": [9, len(text)], "targets": [], "quotes": []},
    ]
    document = {
        "title": "计划",
        "actions": [{"no": "", "title": "", "implied": True, "span": [0, 8], "measures": measures}],
    }
    plan = plan_doc_from_compiled(document, text)
    assert [m.title for m in plan.measures()] == ["推动开放", long[:300]]
    assert plan.actions[0].title == "1.推动开放"
    assert parse_plan(dump_record(plan), text=text) == plan


def test_a_target_whose_object_is_not_said_shows_its_words():
    document = compiled()
    document["actions"][0]["measures"][0]["targets"][0]["object"] = ""
    plan = plan_doc_from_compiled(document, TEXT)
    assert next(plan.measures()).targets[0].object == "建成3—5个中心"
