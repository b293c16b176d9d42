"""What the compiler gives as JSON becomes a PlanDoc: keys by order, spans kept or looked up, nothing lost."""

from datetime import date
from decimal import Decimal

import pytest

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
        "confidence": {"value": 0.6, "reasons": ["对象由上文推断"]},
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


def test_a_document_without_anything_is_refused_for_its_title():
    with pytest.raises(PackError) as caught:
        plan_doc_from_compiled({}, "")
    assert [fault.field for fault in caught.value.faults] == ["title"]
