import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiandao.engines.ranking import Cut, Place
from xiandao.engines.ranking.standing import band, interval, rank_draws, ranks
from xiandao.kernel import InvalidValue

ZERO = np.zeros(5, np.int64)


def test_equal_scores_share_the_least_rank():
    rank, tied = ranks(np.array([80.0, 90, 90, 70, 80]), [], ZERO)
    assert rank.tolist() == [3, 1, 1, 5, 3]
    assert tied.tolist() == [True, True, True, False, True]


def test_tie_breakers_part_equals_in_order_and_leave_the_rest_tied():
    scores = np.array([80.0, 80, 80, 80, 70])
    first, second = np.array([60.0, 70, 60, np.nan, 99]), np.array([5.0, 0, 5, 9, 9])
    rank, tied = ranks(scores, [first, second], ZERO)
    assert rank.tolist() == [2, 1, 2, 4, 5]
    assert tied.tolist() == [True, False, True, False, False]


def test_rounding_parts_nobody():
    rank, _ = ranks(np.array([0.1 + 0.2, 0.3, 0.2]), [], ZERO[:3])
    assert rank.tolist() == [1, 1, 3]


def test_ranks_begin_anew_in_each_group():
    rank, tied = ranks(np.array([80.0, 90, 70, 95, 70]), [], np.array([0, 0, 1, 1, 1]))
    assert rank.tolist() == [2, 1, 2, 1, 2]
    assert tied.tolist() == [False, False, True, False, True]


@given(st.lists(st.integers(0, 6), min_size=1, max_size=30))
def test_rank_is_one_more_than_how_many_are_better(scores):
    rank, tied = ranks(np.array(scores, float), [], np.zeros(len(scores), np.int64))
    assert rank.tolist() == [1 + sum(other > mine for other in scores) for mine in scores]
    assert tied.tolist() == [scores.count(mine) > 1 for mine in scores]


def test_ranks_of_draws_within_groups():
    draws = np.array([[5.0, 9, 1, 4], [2, 1, 8, 3]], np.float32)
    assert rank_draws(draws, ZERO[:4]).tolist() == [[2, 1, 4, 3], [3, 4, 1, 2]]
    assert rank_draws(draws, np.array([0, 0, 1, 1])).tolist() == [[2, 1, 2, 1], [1, 2, 1, 2]]


def test_interval_leaves_out_at_most_the_stated_share():
    low, high = interval(np.arange(1000.0)[:, None], 0.95)
    assert (low[0], high[0]) == (25.0, 974.0)


def _draws(shares, runs=100):
    """Return draws in which proposal i is above 60 in so many of a hundred."""
    return np.where(np.arange(runs)[:, None] < np.array(shares), 70.0, 50.0).astype(np.float32)


def test_band_of_a_threshold_by_the_level():
    score = np.array([70.0, 65, 60, 55])
    draws = _draws([95, 90, 50, 10])
    found = band(Cut(threshold=60, level=0.9), score, np.array([1, 2, 3, 4]), draws, rank_draws(draws, ZERO[:4]))
    assert found.in_top.tolist() == [0.95, 0.9, 0.5, 0.1]
    assert found.of(Place.IN).tolist() == [0, 1]
    assert found.of(Place.PANEL).tolist() == [2]
    assert found.of(Place.OUT).tolist() == [3]
    assert found.by_score.tolist() == [True, True, True, False]


def test_tie_on_the_last_place_goes_to_the_panel_even_without_draws():
    score = np.array([90.0, 80, 80, 70])
    found = band(Cut(places=2), score, np.array([1, 2, 2, 4]), None, None)
    assert found.of(Place.IN).tolist() == [0]
    assert found.of(Place.PANEL).tolist() == [1, 2]
    assert np.isnan(found.in_top).all()


def test_places_and_threshold_both_have_to_be_met():
    score = np.array([90.0, 58, 50])
    found = band(Cut(places=2, threshold=60), score, np.array([1, 2, 3]), None, None)
    assert found.by_score.tolist() == [True, False, False]


@pytest.mark.parametrize("cut", [{}, {"places": 0}, {"places": 3, "level": 0.5}, {"places": 3, "level": 1.0}])
def test_impossible_cuts_are_refused(cut):
    with pytest.raises(InvalidValue):
        Cut(**cut)
