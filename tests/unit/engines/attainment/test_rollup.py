import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from xiandao.engines.attainment import RollUp, roll_up, roll_up_many, roll_up_tree
from xiandao.kernel import InvalidValue

scores = st.none() | st.floats(0, 1)
weights = st.floats(0.01, 100)
leaves = st.lists(st.tuples(scores, weights), min_size=1, max_size=12)


def _slow(pairs):
    """Plain definition, exact sums: the independent implementation."""
    known = [(s, w) for s, w in pairs if s is not None and w > 0]
    total = math.fsum(w for _, w in pairs)
    weight = math.fsum(w for _, w in known)
    return (math.fsum(s * w for s, w in known) / weight if known else None), (weight / total if total else 0.0)


def _roll(pairs):
    return roll_up([s for s, _ in pairs], [w for _, w in pairs])


def _near(found, score, share=None):
    assert (found.score is None) == (score is None)
    assert score is None or found.score == pytest.approx(score, abs=1e-12)
    assert share is None or found.known_share == pytest.approx(share, abs=1e-12)


def test_by_hand():
    _near(roll_up([1.0, 0.5, None], [1, 3, 4]), 0.625, 0.5)


def test_rounding_never_leaves_the_range_of_the_scores():
    assert roll_up([0.1, 0.1, 0.1], [1, 1, 1]).score == 0.1  # the plain sum gives 0.10000000000000002
    assert roll_up_tree([-1, 0, 0, 0], [np.nan, 0.1, 0.1, 0.1], [1, 1, 1, 1]).scores[0] == 0.1


def test_nothing_known_is_none():
    assert roll_up([None, None], [1, 2]) == RollUp(None, 0.0)
    assert roll_up([], []) == RollUp(None, 0.0)
    assert roll_up([0.3], [0]) == RollUp(None, 0.0)


@given(leaves)
def test_agrees_with_the_plain_definition(pairs):
    _near(_roll(pairs), *_slow(pairs))


@given(leaves)
def test_bounded_by_the_known_scores(pairs):
    known = [s for s, _ in pairs if s is not None]
    assume(known)
    assert min(known) <= _roll(pairs).score <= max(known)


@given(leaves, weights)
def test_an_unknown_never_raises_or_lowers_it(pairs, weight):
    _near(_roll([*pairs, (None, weight)]), _roll(pairs).score)


@given(leaves, st.randoms(use_true_random=False))
def test_order_does_not_matter(pairs, shuffler):
    mixed = list(pairs)
    shuffler.shuffle(mixed)
    _near(_roll(mixed), _roll(pairs).score, _roll(pairs).known_share)


@given(leaves, st.lists(st.floats(0.05, 1), min_size=1, max_size=5), st.floats(0, 1))
def test_splitting_a_leaf_into_parts_of_its_mean_changes_nothing(pairs, parts, swing):
    (score, weight), rest = pairs[0], pairs[1:]
    shares = [part / sum(parts) for part in parts]
    split = [(score, weight * share) for share in shares]
    if score is not None and len(parts) > 1:  # move the first two apart around their common mean
        room = min(shares[0] * min(score, 1 - score), shares[1] * min(score, 1 - score)) * swing
        split[0], split[1] = (
            (min(score + room / shares[0], 1.0), split[0][1]),
            (max(score - room / shares[1], 0.0), split[1][1]),
        )
    _near(_roll([*split, *rest]), _roll(pairs).score, _roll(pairs).known_share)


def test_many_rows_with_weights_of_their_own():
    found = roll_up_many([[1, 0], [np.nan, 0.5], [np.nan, np.nan]], [[1, 1], [1, 3], [1, 1]])
    assert found.scores == pytest.approx([0.5, 0.5, np.nan], nan_ok=True)
    assert found.known_shares == pytest.approx([0.5 + 0.5, 0.75, 0.0])
    assert found.at(2) == RollUp(None, 0.0)


def test_a_tree_by_hand():
    # 0 action ← 1, 2 measures; 1 ← 3, 4; 2 ← 5 (unknown), 6
    found = roll_up_tree([-1, 0, 0, 1, 1, 2, 2], [np.nan, np.nan, np.nan, 1.0, 0.0, np.nan, 0.8], [1, 1, 3, 3, 1, 1, 1])
    assert found.scores == pytest.approx([0.7875, 0.75, 0.8, 1.0, 0.0, np.nan, 0.8], nan_ok=True)
    assert found.known_shares == pytest.approx([0.625, 1.0, 0.5, 1.0, 1.0, 0.0, 1.0])


def test_several_regions_over_one_tree():
    found = roll_up_tree([2, 2, -1], [[0.2, 0.4, np.nan], [np.nan, 0.4, np.nan]], [1, 1, 1])
    assert found.scores[:, 2] == pytest.approx([0.3, 0.4])
    assert found.known_shares[:, 2] == pytest.approx([1.0, 0.5])


@st.composite
def trees(draw):
    """Draw parents in a shuffled order of nodes, scores at the leaves, weights."""
    m = draw(st.integers(1, 25))
    parents = [-1] + [draw(st.integers(-1, i - 1)) for i in range(1, m)]
    new = draw(st.permutations(range(m)))
    moved = [-1] * m
    for i, parent in enumerate(parents):
        moved[new[i]] = -1 if parent < 0 else new[parent]
    leaf = [i not in moved for i in range(m)]
    values = [draw(scores) if is_leaf else None for is_leaf in leaf]
    return moved, values, [draw(weights) for _ in range(m)]


def _slow_tree(parents, values, given_weights, node):
    children = [i for i, parent in enumerate(parents) if parent == node]
    if not children:
        return values[node], float(values[node] is not None)
    below = [(_slow_tree(parents, values, given_weights, child), given_weights[child]) for child in children]
    total = math.fsum(w for _, w in below)
    return _slow([(s, w) for (s, _), w in below])[0], math.fsum(share * w for (_, share), w in below) / total


def _roll_tree(parents, values, given_weights):
    return roll_up_tree(parents, np.array([np.nan if v is None else v for v in values]), given_weights)


@given(trees())
def test_every_node_agrees_with_plain_recursion(tree):
    found = _roll_tree(*tree)
    for node in range(len(tree[0])):
        _near(found.at(node), *_slow_tree(*tree, node))


@given(trees(), weights)
def test_an_unknown_leaf_changes_no_score_at_any_level(tree, weight):
    parents, values, given_weights = tree
    before = _roll_tree(*tree)
    inner = [node for node in range(len(parents)) if node in parents]
    for node in inner[:3]:
        after = _roll_tree([*parents, node], [*values, None], [*given_weights, weight])
        assert after.scores[:-1] == pytest.approx(before.scores, abs=1e-12, nan_ok=True)


@given(trees(), st.lists(weights, min_size=1, max_size=4))
def test_a_leaf_split_into_sub_tasks_of_its_score_changes_no_score(tree, parts):
    parents, values, given_weights = tree
    leaf = next(node for node in range(len(parents)) if node not in parents)
    before = _roll_tree(*tree)
    split_values = [*(None if node == leaf else v for node, v in enumerate(values)), *[values[leaf]] * len(parts)]
    after = _roll_tree([*parents, *[leaf] * len(parts)], split_values, [*given_weights, *parts])
    m = len(parents)
    assert after.scores[:m] == pytest.approx(before.scores, abs=1e-12, nan_ok=True)
    assert after.known_shares[:m] == pytest.approx(before.known_shares, abs=1e-12)


def test_an_empty_tree():
    assert roll_up_tree([], [], []).scores.size == 0


@pytest.mark.parametrize(
    ("given_scores", "given_weights", "words"),
    [
        ([1.2], [1], "超额"),
        ([-0.1], [1], "0到1"),
        ([0.5], [-1], "权重"),
        ([0.5], [math.inf], "权重"),
        ([0.5], [1, 2], "形状"),
    ],
)
def test_scores_and_weights_that_cannot_be_are_refused(given_scores, given_weights, words):
    with pytest.raises(InvalidValue, match=words):
        roll_up(given_scores, given_weights)


@pytest.mark.parametrize(
    ("parents", "words"),
    [([1, 0], "成环"), ([0], "成环"), ([5], "存在的上级"), ([-2], "存在的上级"), ([-1, -1], "存在")],
)
def test_trees_that_cannot_be_are_refused(parents, words):
    values = [np.nan] * (len(parents) if words == "成环" or len(parents) == 1 else 1)
    with pytest.raises(InvalidValue, match=words):
        roll_up_tree(parents, values, [1] * len(values))


def test_a_score_of_a_node_with_children_is_refused():
    with pytest.raises(InvalidValue, match="没有下级"):
        roll_up_tree([-1, 0], [0.5, 0.5], [1, 1])
