"""Totals and ratios by hand, against a plain implementation and a bootstrap, and how often intervals hold the truth."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiandao.engines.estimation import Stratum, ratio, total


def test_a_total_by_hand():
    # 100 with 9 of 10 and 50 with 2 of 10: 90 + 10; variances 100²·0.9·0.09/9 = 90 and 50²·0.8·0.16/9 = 35.56
    found = total([Stratum("in", 100, [1] * 9 + [0]), Stratum("review", 50, [1] * 2 + [0] * 8)])
    assert found.value == pytest.approx(100)
    assert found.error == pytest.approx(math.sqrt(90 + 35.5556), abs=1e-3)
    assert (found.looked, found.size, found.blind) == (20, 150, ())
    assert found.interval.low < 100 < found.interval.high


def test_a_census_is_certain():
    found = total([Stratum("in", 4, [1, 1, 0, 1])])
    assert found.value == 3
    assert found.error == 0
    assert found.interval == (3, 3)


def test_where_nobody_had_it_the_interval_still_reaches_up():
    found = total([Stratum("none", 10_000, [0] * 300)])
    assert found.value == 0
    assert found.error == 0
    # Wilson for 0 of 300 of 10,000: n* = 300·9999/9700 = 309.25; z²/(n*+z²) = 3.8415/313.09 = 1.227 %
    assert found.interval.high == pytest.approx(122.7, abs=0.1)
    assert found.interval.low == 0


def test_strata_nobody_looked_at_are_named_and_count_into_the_upper_end():
    found = total([Stratum("in", 10, [1] * 10), Stratum("out", 40, [])])
    assert found.blind == ("out",)
    assert found.value == 10
    assert found.interval == (10, 50)


def test_more_looked_at_than_there_are_is_refused():
    with pytest.raises(ValueError, match="stratum in"):
        Stratum("in", 1, [1, 0])


def test_a_ratio_by_hand():
    # weights 10 and 5; part: 2 of the first, 1 of the second; hits: 1 and 1: (10 + 5) / (20 + 5)
    found = ratio([20, 10], [0, 0, 1, 1], [1, 1, 1, 0], [1, 0, 1, 1])
    assert found.value == pytest.approx(0.6)
    assert found.looked == 3


def test_a_ratio_of_nobody_is_unknown_and_a_perfect_one_is_not_certain():
    assert ratio([5], [0, 0], [0, 0], [1, 1]).value is None
    assert ratio([], [], [], []).value is None
    perfect = ratio([100], [0] * 20, [1] * 20, [1] * 20)
    assert perfect.value == 1.0
    # 20 of 20 by Wilson: lower end 20 / (20 + 3.8415)
    assert perfect.interval.low == pytest.approx(0.8389, abs=1e-4)


def plain_total(strata):
    """Return estimate and variance as Cochran prints them (5.1 and 5.6), in plain Python."""
    value = sum(size * sum(hits) / len(hits) for size, hits in strata)
    variance = 0.0
    for size, hits in strata:
        n, mean = len(hits), sum(hits) / len(hits)
        if n > 1:
            s2 = sum((y - mean) ** 2 for y in hits) / (n - 1)
            variance += size * (size - n) * s2 / n
    return value, variance


samples = st.lists(
    st.lists(st.integers(0, 1), min_size=2, max_size=30).flatmap(
        lambda hits: st.tuples(st.integers(len(hits), 500), st.just(hits))
    ),
    min_size=1,
    max_size=5,
)


@given(samples)
def test_it_agrees_with_plain_python(strata):
    found = total([Stratum(str(i), size, hits) for i, (size, hits) in enumerate(strata)])
    value, variance = plain_total(strata)
    assert found.value == pytest.approx(value)
    assert found.error**2 == pytest.approx(variance, abs=1e-6)
    assert found.interval.low - 1e-9 <= found.value <= found.interval.high + 1e-9
    assert sum(sum(hits) for _, hits in strata) <= found.interval.high + 1e-9


@given(samples, st.randoms())
@settings(max_examples=50)
def test_the_order_of_strata_and_of_what_was_looked_at_does_not_matter(strata, random):
    shuffled = [(size, random.sample(hits, len(hits))) for size, hits in random.sample(strata, len(strata))]
    one = total([Stratum(str(i), size, hits) for i, (size, hits) in enumerate(strata)])
    other = total([Stratum(str(i), size, hits) for i, (size, hits) in enumerate(shuffled)])
    assert one.value == pytest.approx(other.value)
    assert one.interval == pytest.approx(other.interval)


def populations(seed):
    """Return strata like those of a register: (size, true share, looked at)."""
    rng = np.random.default_rng(seed)
    made = [(400, 0.95, 40), (150, 0.5, 40), (900, 0.04, 50)]
    return [(rng.permutation(np.arange(size) < round(size * share)).astype(int), n) for size, share, n in made]


def test_intervals_of_totals_hold_the_truth():
    rng = np.random.default_rng(20260301)
    strata = populations(1)
    truth = sum(int(values.sum()) for values, _ in strata)
    assert truth == 380 + 75 + 36
    held = 0
    for _ in range(1000):
        drawn = [(len(v), rng.choice(v, n, replace=False).tolist()) for v, n in strata]
        found = total([Stratum(str(i), size, hits) for i, (size, hits) in enumerate(drawn)])
        held += found.interval.low <= truth <= found.interval.high
    assert held >= 920


def test_a_group_of_strata_without_hits_has_one_interval():
    parts = [Stratum(str(n), 20, [0] * 7, group="rest") for n in range(40)]
    found = total(parts)
    # 280 of 800 looked at, equal weights: n* = 280·799/520 = 430.2; z²/(n*+z²) = 3.8415/434.1 = 0.885 % of 800
    assert found.interval.high == pytest.approx(7.08, abs=0.01)
    assert found.interval.low == 0
    apart = total([Stratum(each.code, each.size, each.hits) for each in parts])
    assert apart.interval.high > 30


def test_a_group_with_a_blind_stratum_knows_nothing_of_its_upper_end():
    found = total([Stratum("a", 10, [1] * 5, group="g"), Stratum("b", 10, [], group="g")])
    assert found.interval.high == 20
    assert found.blind == ("b",)


@pytest.mark.parametrize("rare", [0, 1, 2, 4])
def test_intervals_with_a_group_of_many_small_strata_hold_the_truth(rare):
    """One industry's own strata, and forty of other industries in which a few belong to it as well."""
    rng = np.random.default_rng(20260303 + rare)
    own = [((np.arange(60) < 55).astype(int), 20), ((np.arange(12) < 6).astype(int), 6)]
    others = [
        ((np.arange(size) < (rare if n < 10 else 0)).astype(int), looked)
        for n, (size, looked) in enumerate(zip([15, 25, 40, 20] * 10, [6, 7, 9, 6] * 10, strict=True))
    ]
    truth = sum(int(values.sum()) for values, _ in own + others)
    held = 0
    for _ in range(1000):
        strata = [Stratum(f"own{i}", len(v), rng.choice(v, n, replace=False).tolist()) for i, (v, n) in enumerate(own)]
        strata += [
            Stratum(f"x{i}", len(v), rng.choice(v, n, replace=False).tolist(), group="rest")
            for i, (v, n) in enumerate(others)
        ]
        found = total(strata)
        held += found.interval.low <= truth <= found.interval.high
    assert held >= 920, held


def test_intervals_of_precision_hold_the_truth():
    rng = np.random.default_rng(20260302)
    strata = populations(2)
    # The model says yes to all of the first stratum and to a third of the second.
    part = [np.ones(400, int), (np.arange(150) % 3 == 0).astype(int), np.zeros(900, int)]
    yes = sum(int(p.sum()) for p in part)
    truth = sum(int((p * v).sum()) for p, (v, _) in zip(part, strata, strict=True)) / yes
    held = 0
    for _ in range(1000):
        stratum, parts, hits = [], [], []
        for number, (values, n) in enumerate(strata):
            chosen = rng.choice(len(values), n, replace=False)
            stratum += [number] * n
            parts += part[number][chosen].tolist()
            hits += values[chosen].tolist()
        found = ratio([400, 150, 900], stratum, parts, hits)
        held += found.interval.low <= truth <= found.interval.high
    assert held >= 920


def test_the_width_of_a_ratio_agrees_with_a_bootstrap():
    rng = np.random.default_rng(5)
    values = [rng.random(60) < 0.8, rng.random(40) < 0.4]
    stratum = [0] * 60 + [1] * 40
    part = [1] * 100
    hits = [int(v) for v in np.concatenate(values)]
    found = ratio([6000, 1000], stratum, part, hits)
    again = []
    for _ in range(2000):
        means = [rng.choice(v, len(v)).mean() for v in values]
        again.append((6000 * means[0] + 1000 * means[1]) / 7000)
    low, high = np.percentile(again, [2.5, 97.5])
    assert found.interval.low == pytest.approx(low, abs=0.02)
    assert found.interval.high == pytest.approx(high, abs=0.02)
