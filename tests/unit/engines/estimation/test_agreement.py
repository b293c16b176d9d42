"""Cohen's kappa: published and hand-made examples, and another implementation of its variance."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiandao.engines.estimation import kappa


def spread(table: list[list[int]]) -> tuple[list[int], list[int]]:
    """Return the two readers' categories that make up a table."""
    pairs = [(i, j) for i, row in enumerate(table) for j, n in enumerate(row) for _ in range(n)]
    return [i for i, _ in pairs], [j for _, j in pairs]


def plain_error(table: list[list[int]]) -> float:
    """Return the standard error cell by cell, as printed in the paper."""
    n = sum(map(sum, table))
    k = range(len(table))
    p = [[cell / n for cell in row] for row in table]
    row = [sum(p[i]) for i in k]
    column = [sum(p[i][j] for i in k) for j in k]
    observed, expected = sum(p[i][i] for i in k), sum(row[i] * column[i] for i in k)
    value = (observed - expected) / (1 - expected)
    first = sum(p[i][i] * (1 - (row[i] + column[i]) * (1 - value)) ** 2 for i in k)
    second = (1 - value) ** 2 * sum(p[i][j] * (column[i] + row[j]) ** 2 for i in k for j in k if i != j)
    third = (value - expected * (1 - value)) ** 2
    return math.sqrt((first + second - third) / n) / (1 - expected)


def test_an_example_by_hand():
    # 45 + 25 of 100 alike: po = 0.70; margins 60/40 and 60/40 ... pe = 0.6·0.6 + 0.4·0.4 = 0.52; (0.70-0.52)/0.48
    found = kappa(*spread([[45, 15], [15, 25]]), categories=[0, 1])
    assert found.value == pytest.approx(0.375)
    assert (found.observed, found.expected, found.n) == (pytest.approx(0.70), pytest.approx(0.52), 100)
    assert found.table == ((45, 15), (15, 25))


def test_the_example_of_fleiss_cohen_and_everitt():
    # Table 1 of the paper (per cent, as counts of 200): kappa 0.429, variance of kappa 0.002885.
    table = [[106, 10, 4], [22, 28, 10], [2, 12, 6]]
    found = kappa(*spread(table), categories=[0, 1, 2])
    assert round(found.value, 3) == 0.429
    assert round(plain_error(table) ** 2, 6) == 0.002885
    assert found.interval.low == pytest.approx(0.4286 - 1.96 * 0.002885**0.5, abs=2e-3)
    assert found.interval.high == pytest.approx(0.4286 + 1.96 * 0.002885**0.5, abs=2e-3)


def test_readers_who_agree_in_everything_are_not_said_to_be_certain():
    found = kappa([1] * 5 + [0] * 5, [1] * 5 + [0] * 5, categories=[0, 1])
    assert found.value == 1.0
    assert found.interval.high == 1.0
    # exact lower end of 10 of 10 is 0.025^(1/10) = 0.6915; (0.6915 - 0.5) / 0.5
    assert found.interval.low == pytest.approx(0.383, abs=1e-3)


@pytest.mark.parametrize("both", [[], [1, 1, 1]])
def test_without_a_difference_to_tell_there_is_no_kappa(both):
    found = kappa(both, both, categories=[0, 1])
    assert found.value is None
    assert found.interval is None


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="2 and 1"):
        kappa([1, 0], [1], categories=[0, 1])
    with pytest.raises(ValueError, match="no category"):
        kappa([1], [7], categories=[0, 1])


tables = st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=3, max_size=3)


@given(tables)
def test_it_agrees_with_the_plain_formula_and_does_not_care_who_is_first(table):
    one, other = spread(table)
    found, turned = kappa(one, other, categories=[0, 1, 2]), kappa(other, one, categories=[0, 1, 2])
    if found.value is None:
        assert turned.value is None
        return
    assert -1 <= found.value <= 1
    assert found.value == pytest.approx(turned.value)
    assert found.interval.low <= found.value + 1e-9
    if 0 < found.observed < 1:
        half = 1.959964 * plain_error(table)
        assert found.interval.high == pytest.approx(min(1.0, found.value + half), abs=1e-6)
        assert found.interval.low == pytest.approx(max(-1.0, found.value - half), abs=1e-6)
