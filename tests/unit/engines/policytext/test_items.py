"""Mentions, commitments, sentences, ids and the JSON that goes out."""

import json
from itertools import pairwise

from xiandao.engines.policytext import compile_text, sentences, to_schema
from xiandao.engines.policytext.confidence import WEAKNESS, weigh

TEXT = """某市创新发展行动方案（2025—2027年）
某政发〔2025〕1号
一、总体目标
到2027年，建成创新平台50个。
二、创新行动
1.建设平台。深化“揭榜挂帅”“赛马”机制，完善“揭榜挂帅”制度。探索建立跨区域协作网络。建设一批中试基地，建成中试平台45个。（市科技局牵头，市财政局配合）
2.支持攻关。对获评中心给予最高50万元奖励。鼓励企业开放场景，争取国家布局。（市教育局负责）
"""
PLAN = compile_text(TEXT, name="某方案.txt")
MEASURES = list(PLAN.measures())


def test_mentions_are_distinct_and_in_order():
    assert [m.text for m in MEASURES[0].quotes] == ["揭榜挂帅", "赛马"]
    assert [TEXT[m.span.start : m.span.end] for m in MEASURES[0].quotes] == ["揭榜挂帅", "赛马"]


def test_commitments_tell_firm_from_soft():
    assert [(c.strength, c.verb, c.quote.text) for c in MEASURES[0].commitments] == [
        ("firm", "深化", "深化“揭榜挂帅”“赛马”机制"),
        ("firm", "完善", "完善“揭榜挂帅”制度"),
        ("soft", "探索建立", "探索建立跨区域协作网络"),
        ("firm", "建设", "建设一批中试基地"),
    ]
    assert [(c.strength, c.verb) for c in MEASURES[1].commitments] == [("soft", "鼓励"), ("soft", "争取")]


def test_ids_are_readable_and_unique():
    ids = [i.id for i in PLAN.items()]
    assert len(ids) == len(set(ids))
    assert {"A1", "M01", "M01.T1", "M01.Q1", "M01.C1", "M02", "M02.S1", "H.T1"} <= set(ids)
    assert PLAN.name == "某方案.txt"


def test_iterators_give_headline_targets_first():
    assert [t.id for t in PLAN.targets()] == ["H.T1", "M01.T1"]
    assert [m.id for m in PLAN.measures()] == ["M01", "M02"]


def test_each_sentence_knows_its_items():
    linked = {TEXT[s.span.start : s.span.end]: s.items for s in sentences(PLAN)}
    assert linked["到2027年，建成创新平台50个。"] == ("H.T1",)
    assert linked["建设一批中试基地，建成中试平台45个。"] == ("A1", "M01", "M01.C4", "M01.T1")
    assert linked["对获评中心给予最高50万元奖励。"] == ("A1", "M02", "M02.S1")
    assert linked["某政发〔2025〕1号"] == ()


def test_sentences_follow_the_text_without_overlap():
    read = sentences(PLAN)
    assert all(a.span.end <= b.span.start for a, b in pairwise(read))
    assert [s.paragraph for s in read] == sorted(s.paragraph for s in read)


def test_the_schema_has_the_keys_asked_for_and_goes_through_json():
    out = json.loads(json.dumps(to_schema(PLAN), ensure_ascii=False))
    assert {"title", "number", "issued_on", "issuers", "period", "actions", "headline_targets"} <= set(out)
    measure = out["actions"][0]["measures"][0]
    assert (measure["no"], measure["title"]) == ("1", "建设平台")
    assert measure["duty"]["lead"] == ["市科技局"]
    assert measure["duty"]["with"] == ["市财政局"]
    assert measure["quotes"] == ["揭榜挂帅", "赛马"]
    target = measure["targets"][0]
    assert {k: target[k] for k in ("value", "low", "high", "unit", "comparator", "year", "kind", "quote")} == {
        "value": 45,
        "low": None,
        "high": None,
        "unit": "个",
        "comparator": "=",
        "year": None,
        "kind": "count",
        "quote": "建成中试平台45个",
    }
    start, end = target["span"]
    assert TEXT[start:end] == target["quote"]
    assert "support" not in measure
    assert out["actions"][0]["measures"][1]["support"][0]["kind"] == "subsidy"


def test_everything_is_placed_or_listed_with_a_name():
    roles = {p.role for p in PLAN.placed}
    assert {"title", "number", "goals", "action", "measure"} <= roles
    assert all(p.label for p in (*PLAN.placed, *PLAN.unplaced))


def test_weaknesses_multiply_and_are_told():
    assert weigh().value == 1.0
    read = weigh("numeral", "shared")
    assert read.value == round(WEAKNESS["numeral"][0] * WEAKNESS["shared"][0], 3)
    assert read.reasons == (WEAKNESS["numeral"][1], WEAKNESS["shared"][1])


def test_numbers_passed_over_are_listed_with_their_reason():
    plan = compile_text(TEXT.replace("探索建立", "截至2024年底已建成86家，探索建立"))
    assert ("86家", "已经取得的成绩") in [(p.text, p.reason) for p in plan.passed_over]
