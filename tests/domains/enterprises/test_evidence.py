"""Evidence put back into the text: pieces, overlaps, main products, explanations."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domains.enterprises.conftest import evidence
from xiandao.domains.enterprises.evidence import pieces, read
from xiandao.domains.enterprises.models import Classification
from xiandao.domains.industries.models import Industry

TEXT = "氢能无人机技术的研发；氢气球销售"
HYDROGEN = Industry(code="hydrogen", name="氢能")
LOW = Industry(code="low-altitude", name="低空经济")


def _result(industry, hits, **fields):
    given = {
        "industry": industry,
        "segment": "storage",
        "role": "core",
        "decision": "in",
        "score": 0.97,
        "evidence": hits,
    }
    return Classification(**(given | fields))


def _read(results, text=TEXT, **options):
    given = {"products": {}, "segments": {}, "accept": 0.5, "reject": 0.3}
    return read(results, text, **(given | options))


def test_terms_of_two_industries_that_overlap_are_cut_where_each_begins_and_ends():
    one, two = _read([_result(HYDROGEN, [evidence("氢能无人机")]), _result(LOW, [evidence("无人机技术", at=2)])])
    found = pieces(TEXT, [*one.hits, *two.hits])
    assert [
        (piece.text, [hit.letter for hit in piece.hits], [hit.number for hit in piece.firsts]) for piece in found
    ] == [
        ("氢能", ["A"], [1]),
        ("无人机", ["A", "B"], [2]),
        ("技术", ["B"], []),
        ("的研发；氢气球销售", [], []),
    ]


def test_a_hit_of_the_main_products_stands_behind_the_scope():
    text = "服装加工；主要产品：储氢瓶"
    row = _read(
        [_result(HYDROGEN, [evidence(at=0) | {"source": "product_lines"}])], text, lines_at=len("服装加工；主要产品：")
    )[0]
    assert [piece.text for piece in pieces(text, row.hits)] == ["服装加工；主要产品：", "储氢瓶"]


@pytest.mark.parametrize(("start", "end"), [(-3, 2), (5, 5), (12, 99), (6, 9)])
def test_evidence_that_does_not_stand_where_it_says_has_no_place(start, end):
    row = _read([_result(HYDROGEN, [evidence("储氢瓶") | {"start": start, "end": end}])])[0]
    assert not row.hits[0].placed
    assert [piece.text for piece in pieces(TEXT, row.hits)] == [TEXT]


def test_full_width_and_case_stand_for_the_same_term():
    row = _read([_result(HYDROGEN, [evidence("PEM电解")])], "ｐｅｍ电解制造")[0]
    assert row.hits[0].placed


def test_nothing_that_counts_says_why():
    hits = [evidence("氢气球", at=11, discount="trap", trap="氢气球")]
    row = _read([_result(HYDROGEN, hits, decision="out", role="mention", score=0.02)])[0]
    assert row.sentence == (
        "找到的 1 处氢能词条都不计（易误认用语“氢气球”）。"
        "模型判断其为核心或服务企业的概率是 2%，低于排除线 30%，结论为不计，角色为提及。"
    )
    assert not row.counts


def test_what_people_settled_says_so_and_what_the_model_had_said():
    row = _read([_result(HYDROGEN, [evidence("氢能")], settled="review", role="service", score=0.41)])[0]
    assert row.sentence.endswith("经复核认定：计入，角色为服务；模型原判概率 41%。")
    assert row.counts


@given(st.lists(st.tuples(st.integers(0, 15), st.integers(1, 6)), max_size=8))
def test_pieces_are_the_text_whatever_the_hits(spans):
    hits = [evidence(TEXT[start : start + length], at=start) for start, length in spans if start + length <= len(TEXT)]
    row = _read([_result(HYDROGEN, hits)])[0]
    assert "".join(piece.text for piece in pieces(TEXT, row.hits)) == TEXT
