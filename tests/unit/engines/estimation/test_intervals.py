"""Intervals of a share: textbook numbers, another implementation, and how often they hold the truth."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest

from xiandao.engines.estimation import clopper_pearson, wilson


def test_textbook_numbers():
    # Newcombe (1998), table I: 81 of 263; 15 of 148; 0 of 20; 1 of 29.
    assert [round(end, 4) for end in wilson(81 / 263, 263)] == [0.2553, 0.3662]
    assert [round(end, 4) for end in wilson(15 / 148, 148)] == [0.0624, 0.1605]
    assert [round(end, 4) for end in wilson(0, 20)] == [0.0, 0.1611]
    assert [round(end, 4) for end in wilson(1 / 29, 29)] == [0.0061, 0.1718]
    assert [round(end, 4) for end in clopper_pearson(81, 263)] == [0.2527, 0.3676]
    assert [round(end, 4) for end in clopper_pearson(0, 20)] == [0.0, 0.1684]


def test_no_hit_has_an_upper_end_and_nobody_looked_at_says_nothing():
    assert clopper_pearson(0, 300).high == pytest.approx(1 - 0.025 ** (1 / 300))
    assert wilson(0, 0) == (0.0, 1.0)
    assert clopper_pearson(0, 0) == (0.0, 1.0)


def test_a_finite_population_narrows_it_and_a_census_is_certain():
    wide, narrow = wilson(0.5, 50), wilson(0.5, 50, size=100)
    assert narrow.low > wide.low
    assert narrow.high < wide.high
    # 50 of 100 without replacement tell as much as 50·99/50 = 99 with
    assert narrow == pytest.approx(wilson(0.5, 99))
    assert wilson(0.3, 100, size=100) == (0.3, 0.3)


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_they_agree_with_another_implementation(case):
    hits, n = case
    test = binomtest(hits, n)
    assert tuple(wilson(hits / n, n)) == pytest.approx(tuple(test.proportion_ci(method="wilson")), abs=1e-9)
    assert tuple(clopper_pearson(hits, n)) == pytest.approx(tuple(test.proportion_ci(method="exact")), abs=1e-9)


@pytest.mark.parametrize("share", [0.02, 0.1, 0.5, 0.93])
def test_the_exact_interval_holds_the_truth_at_least_as_often_as_it_says(share):
    n = 60
    holds = [clopper_pearson(k, n).low <= share <= clopper_pearson(k, n).high for k in range(n + 1)]
    assert float(binom.pmf(np.arange(n + 1), n, share)[holds].sum()) >= 0.95


@pytest.mark.parametrize(("share", "n"), [(-0.1, 5), (1.1, 5), (0.5, -1)])
def test_nonsense_is_refused(share, n):
    with pytest.raises(ValueError, match="no share"):
        wilson(share, n)
    with pytest.raises(ValueError, match="hits"):
        clopper_pearson(6, 5)
    with pytest.raises(ValueError, match="confidence"):
        wilson(0.5, 5, confidence=1.0)
    assert math.isfinite(wilson(0.5, 5).low)
