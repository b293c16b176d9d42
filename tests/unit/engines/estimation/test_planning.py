"""How many to draw, from where, repeatably; and bins of scores."""

import hashlib
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiandao.engines.estimation import StratumGuess, allocate, draw, expected_half_width, reliability, sample_size


def test_sizes_as_textbooks_have_them():
    assert sample_size(0.05) == 385
    assert sample_size(0.03) == 1068
    assert sample_size(0.05, size=1000) == 278
    assert sample_size(0.05, share=0.9) == 139
    assert sample_size(0.05, size=0) == 0
    assert sample_size(0.001, size=50) == 50
    with pytest.raises(ValueError, match="half-width"):
        sample_size(0)


def test_more_is_drawn_where_more_is_uncertain():
    strata = [StratumGuess("in", 400, 0.95), StratumGuess("review", 400, 0.5)]
    plan = allocate(strata, 46)
    # spreads 0.218 and 0.5: 14 and 32
    assert dict(plan.drawn) == {"in": 14, "review": 32}
    assert plan.looked == 46


def test_every_stratum_gets_some_and_none_more_than_it_has():
    strata = [StratumGuess("big", 10_000, 0.5), StratumGuess("small", 3, 0.5), StratumGuess("empty", 0, 0.5)]
    assert dict(allocate(strata, 20).drawn) == {"big": 18, "small": 2, "empty": 0}
    assert dict(allocate(strata[1:], 20).drawn) == {"small": 3, "empty": 0}
    assert dict(allocate(strata, 1).drawn) == {"big": 1, "small": 0, "empty": 0}


def test_the_expected_width_by_hand():
    strata = [StratumGuess("a", 100, 0.5)]
    # 1.96 · sqrt(100² · 0.75 · 0.25 / 25) = 1.96 · 8.66
    assert expected_half_width(strata, allocate(strata, 25)) == pytest.approx(16.97, abs=0.01)
    assert expected_half_width(strata, allocate(strata, 0)) == math.inf


@given(st.lists(st.tuples(st.integers(0, 300), st.floats(0, 1)), min_size=1, max_size=8), st.integers(0, 400))
def test_a_plan_uses_what_it_may_and_no_more(made, n):
    strata = [StratumGuess(str(i), size, share) for i, (size, share) in enumerate(made)]
    plan = allocate(strata, n)
    assert plan.looked == min(n, sum(size for size, _ in made))
    assert all(plan.drawn[each.code] <= each.size for each in strata)


def test_a_draw_can_be_repeated_by_anybody():
    keys = ["91320000000000001A", "甲公司", "rid:7"]
    hashes = {hashlib.sha256(f"42:hydrogen:in:{key}".encode()).hexdigest(): key for key in keys}
    assert draw(keys, 2, seed=42, stratum="hydrogen:in") == [hashes[each] for each in sorted(hashes)[:2]]


@given(st.lists(st.text(max_size=8), max_size=60), st.integers(0, 70), st.integers(0, 2**63), st.randoms())
def test_a_draw_does_not_depend_on_the_order_and_grows(keys, n, seed, random):
    one = draw(keys, n, seed=seed)
    assert one == draw(random.sample(keys, len(keys)), n, seed=seed)
    assert len(one) == len(set(one)) == min(n, len(set(keys)))
    assert one == draw(keys, n + 1, seed=seed)[:n]


def test_every_key_is_as_likely_as_another():
    keys = [f"k{i}" for i in range(20)]
    times = dict.fromkeys(keys, 0)
    for seed in range(4000):
        for key in draw(keys, 5, seed=seed):
            times[key] += 1
    # 1,000 times each, standard deviation 27.4
    assert all(890 <= n <= 1110 for n in times.values())
    assert sum((n - 1000) ** 2 / 1000 / 0.75 for n in times.values()) < 43.8  # chi², 19 degrees, 0.1 %
    with pytest.raises(ValueError, match="cannot draw"):
        draw(keys, -1, seed=1)


def test_bins_by_hand():
    # 0.15 stands for 3: none of them; 0.95 twice, standing for 1 each: one of them
    bins, error = reliability([0.15, 0.95, 0.95], [0, 1, 0], [3, 1, 1])
    assert [(b.low, b.n, round(b.mean, 2), b.share) for b in bins] == [(0.1, 1, 0.15, 0.0), (0.9, 2, 0.95, 0.5)]
    # (0.15·3 + 0.45·2) / 5
    assert error == pytest.approx(0.27)
    assert reliability([], [], []) == ([], None)
    assert reliability([1.0], [1], [1])[0][0].low == 0.9
    with pytest.raises(ValueError, match="outside"):
        reliability([1.2], [1], [1])
