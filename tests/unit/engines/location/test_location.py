"""Location quotients and similarity: by hand, against an independent implementation, and their properties."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiandao.engines.location import crowds, krugman, quotients, shares, similarity

# Three cities, two industries: 10, 20 and 30 enterprises; industry one has 24 of 60, industry two 36.
TABLE = [[8, 2], [10, 10], [6, 24]]


def test_quotients_by_hand():
    # City one: (8/10) / (24/60) = 0.8 / 0.4 = 2; (2/10) / (36/60) = 1/3. City two: 0.5/0.4, 0.5/0.6. City three: 0.2/0.4, 0.8/0.6.
    assert np.allclose(quotients(TABLE), [[2.0, 1 / 3], [1.25, 5 / 6], [0.5, 4 / 3]])


def test_quotients_against_all_registered_enterprises():
    # 100, 100 and 200 registered: industry one has 24 of 400 = 6 %; city one 8 % of its own: 4/3.
    found = quotients(TABLE, whole=[100, 100, 200])
    assert found[:, 0] == pytest.approx([0.08 / 0.06, 0.10 / 0.06, 0.03 / 0.06])
    assert found[:, 1] == pytest.approx([0.02 / 0.09, 0.10 / 0.09, 0.12 / 0.09])


def test_similarity_and_krugman_by_hand():
    # Shares (0.8, 0.2), (0.5, 0.5), (0.2, 0.8): cosine of one and three = 0.32 / 0.68, of one and two = 0.5 / sqrt(0.34).
    found = similarity(TABLE)
    assert found[0, 2] == pytest.approx(0.32 / 0.68)
    assert found[0, 1] == pytest.approx(0.5 / math.sqrt(0.68 * 0.5))
    assert found.diagonal() == pytest.approx([1, 1, 1])
    assert krugman(TABLE)[0].tolist() == pytest.approx([0.0, 0.6, 1.2])


def test_unknown_is_not_zero():
    found = quotients([[0, 0, 0], [1, 1, 0]])
    assert np.isnan(found[0]).all()
    assert np.isnan(found[1, 2])
    assert found[1, :2].tolist() == [1.0, 1.0]
    assert np.isnan(similarity([[0, 0], [1, 1]])[0, 1])
    assert np.isnan(krugman([[0, 0], [1, 1]])[0, 1])


@pytest.mark.parametrize("table", [[1, 2], [[-1, 2]], [[float("nan"), 1]], [[[1]]]])
def test_what_is_no_table_is_refused(table):
    with pytest.raises(ValueError, match="须"):
        quotients(table)


def test_totals_must_fit_the_places():
    with pytest.raises(ValueError, match="一一对应"):
        quotients(TABLE, whole=[1, 2])


def test_crowds_by_hand():
    # Industry one is above 1.2 in cities one (2.0) and two (1.25); their segments: (4,4) and (5,5): alike by 1.
    segments = [[[4, 4], [5, 5], [6, 0]], [[1, 1], [5, 5], [24, 0]]]
    found = crowds(TABLE, segments, quotient=1.2, places=2, alike=0.9, least=3)
    assert [(crowd.industry, crowd.places, round(crowd.alike, 6)) for crowd in found] == [(0, (0, 1), 1.0)]
    assert crowds(TABLE, segments, quotient=1.2, places=3, alike=0.9, least=3) == []
    assert crowds(TABLE, segments, quotient=1.2, places=2, alike=0.9, least=9) == []


def test_different_segments_are_no_crowd():
    segments = [[[8, 0], [0, 10], [6, 0]], [[2, 0], [10, 0], [24, 0]]]
    assert crowds(TABLE, segments, quotient=1.2, places=2, alike=0.9, least=3) == []


tables = st.integers(1, 5).flatmap(
    lambda width: st.lists(st.lists(st.integers(0, 50), min_size=width, max_size=width), min_size=1, max_size=6)
)


def _slow(table, i, j):
    """The definition, in exact fractions, from the printed formula."""
    city, industry, whole = sum(table[i]), sum(row[j] for row in table), sum(map(sum, table))
    if not city or not industry:
        return None
    return Fraction(table[i][j], city) / Fraction(industry, whole)


@given(tables)
def test_quotients_equal_the_printed_formula(table):
    found = quotients(table)
    for i, row in enumerate(table):
        for j in range(len(row)):
            slow = _slow(table, i, j)
            assert np.isnan(found[i, j]) if slow is None else found[i, j] == pytest.approx(float(slow))


@given(tables)
def test_quotients_weighted_by_size_are_one_on_average(table):
    total = np.array(table).sum(axis=1)
    found = quotients(table)
    for j in range(len(table[0])):
        if sum(row[j] for row in table):
            known = total > 0
            assert (found[known, j] * total[known]).sum() / total.sum() == pytest.approx(1)


@given(tables, st.integers(2, 9))
def test_twice_as_much_everywhere_changes_nothing(table, times):
    more = [[value * times for value in row] for row in table]
    assert np.allclose(quotients(table), quotients(more), equal_nan=True)
    assert np.allclose(similarity(table), similarity(more), equal_nan=True)


@given(tables)
def test_likeness_is_symmetric_and_bounded(table):
    alike, apart = similarity(table), krugman(table)
    known = ~np.isnan(alike)
    assert np.allclose(alike, alike.T, equal_nan=True)
    assert ((alike[known] >= 0) & (alike[known] <= 1)).all()
    assert ((apart[known] >= -1e-12) & (apart[known] <= 2 + 1e-12)).all()
    # The same structure by one measure is the same by the other.
    assert ((apart < 1e-9) == (alike > 1 - 1e-9))[known].all()


@given(tables)
def test_shares_add_up_to_one_or_are_unknown(table):
    for row, total in zip(shares(table), np.array(table).sum(axis=1), strict=True):
        assert np.isnan(row).all() if total == 0 else row.sum() == pytest.approx(1)
