"""Suitability: by hand, against a plain TF-IDF, unknown is not zero, explanations add up."""

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiandao.engines.assign import Topic, suitability
from xiandao.kernel import InvalidValue


def one(proposal, expert, **weights):
    return suitability([proposal], [expert], **({"weights": weights} if weights else {})).matrix[0, 0]


def test_codes_by_hand():
    proposal = Topic("P", frozenset({"氢能"}), frozenset({"制氢", "储氢"}), frozenset({"a", "b", "c", "d"}))
    expert = Topic("E", frozenset({"氢能", "储能"}), frozenset({"制氢"}), frozenset({"a", "x"}))
    assert one(proposal, expert, industries=1, segments=1, products=2) == pytest.approx((1 + 0.5 + 2 * 0.25) / 4)


def test_unknown_is_not_zero():
    proposal = Topic("P", frozenset({"氢能"}), products=frozenset({"a"}))
    assert one(proposal, Topic("E", frozenset({"氢能"}))) == 1.0
    found = suitability([proposal], [Topic("E"), Topic("F", frozenset({"储能"}))])
    assert found.matrix.tolist() == [[0.0, 0.0]]
    assert found.known.tolist() == [[False, True]]


def cosine(texts, a, b):
    """TF-IDF as the docstring defines it, in dictionaries."""

    def grams(text):
        runs = "".join(c if c.isalnum() else " " for c in text).split()
        return Counter(run[i : i + n] for run in runs for n in (2, 3) for i in range(len(run) - n + 1))

    counts = [grams(text) for text in texts]
    df = Counter(gram for each in counts for gram in each)
    vectors = [
        {g: (1 + math.log(n)) * (math.log((1 + len(texts)) / (1 + df[g])) + 1) for g, n in each.items()}
        for each in counts
    ]
    dot = sum(value * vectors[b].get(g, 0) for g, value in vectors[a].items())
    norms = [math.sqrt(sum(value**2 for value in vectors[i].values())) for i in (a, b)]
    return dot / (norms[0] * norms[1]) if all(norms) else 0.0


words = st.text("氢能储制电池 ，", max_size=12).filter(lambda text: text.strip())


@given(st.lists(words, min_size=1, max_size=3), st.lists(words, min_size=1, max_size=3))
def test_text_is_plain_tf_idf(mine, theirs):
    found = suitability([Topic("P", text=t) for t in mine], [Topic("E", text=t) for t in theirs], weights={"text": 1})
    for i in range(len(mine)):
        for j in range(len(theirs)):
            assert found.matrix[i, j] == pytest.approx(cosine(mine + theirs, i, len(mine) + j), abs=1e-9)


def test_a_pair_is_explained_and_its_parts_add_up():
    proposals = [Topic("P", frozenset({"氢能"}), text="质子交换膜电解水制氢装备"), Topic("Q", text="量子计算芯片")]
    experts = [Topic("E", frozenset({"氢能"}), text="电解水制氢、储氢材料"), Topic("F", text="量子芯片设计")]
    found = suitability(proposals, experts)
    parts = found.explain(0, 0)
    assert [part.part for part in parts] == ["industries", "text"]
    assert parts[0].common == ("氢能",)
    assert parts[1].common == ("电解水制氢",)
    assert sum(part.value * part.share for part in parts) == pytest.approx(found.matrix[0, 0])
    assert found.matrix[0].argmax() == 0
    assert found.matrix[1].argmax() == 1


def test_full_width_and_capitals_are_the_same():
    assert one(Topic("P", text="ＧａＮ外延"), Topic("E", text="gan外延"), text=1) == pytest.approx(1)


@pytest.mark.parametrize("weights", [{}, {"text": 0}, {"text": -1}, {"name": 1}])
def test_weights_that_are_none_are_refused(weights):
    with pytest.raises(InvalidValue, match="匹配度权重"):
        suitability([Topic("P")], [Topic("E")], weights=weights)


def test_nothing_to_compare():
    assert suitability([], [Topic("E", text="电池")]).matrix.shape == (0, 1)
    assert np.isfinite(suitability([Topic("P", text="，")], [Topic("E", text="。")]).matrix).all()
