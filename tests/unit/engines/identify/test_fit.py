"""Fitting on invented pairs: deterministic, judged as asked, and plain about what it cannot do."""

import numpy as np
import pytest

from xiandao.engines.identify import Model
from xiandao.engines.identify.features import NAMES
from xiandao.engines.identify.fit import (
    Examples,
    TooFewLabelsError,
    calibration,
    calibration_error,
    coverage,
    examples,
    fit,
    scored,
)
from xiandao.engines.identify.model import Calibration

ROLES = ("core", "service", "trade", "mention")


def invented(count: int = 240) -> Examples:
    """Pairs whose role shows in one feature each, with some noise."""
    random = np.random.default_rng(3)
    roles = np.arange(count) % 4
    values = np.zeros((count, len(NAMES)))
    shown = np.where(random.random(count) < 0.9, roles, random.integers(0, 4, count))
    for place, bond in enumerate(("make", "serve", "sell", "none")):
        values[shown == place, NAMES.index(f"core_{bond}")] = 1.0
    industries = np.where(np.arange(count) % 3 == 0, "agi", "vr")
    return Examples(values, industries, roles, np.arange(count) // 2, np.ones(count), {"vr": 3})


def test_the_same_examples_give_the_same_model_and_it_tells_roles() -> None:
    given = invented()
    first, second = (fit(given, catalogue="1.1", date="2026-01-01") for _ in range(2))
    assert first.to_json() == second.to_json()
    probabilities = first.probabilities(
        np.eye(len(NAMES))[[NAMES.index("core_make"), NAMES.index("core_sell")]], np.array(["agi", "other"])
    )
    assert [ROLES[place] for place in probabilities.argmax(axis=1)] == ["core", "trade"]
    assert probabilities.sum(axis=1) == pytest.approx([1, 1])
    assert first.card["enterprises"] == 120
    assert first.card["by_industry"]["vr"]["positives"] == 80 + 3
    assert isinstance(first, Model)
    assert first.reject <= first.accept


def test_too_few_labels_are_refused() -> None:
    with pytest.raises(TooFewLabelsError, match="至少要有 10 条"):
        fit(invented(20), catalogue="1.1", date="2026-01-01")


def test_examples_join_labels_and_count_what_no_term_found() -> None:
    given = examples(
        np.zeros((3, len(NAMES))),
        np.array(["agi", "vr", "agi"]),
        np.array([0, 0, 2]),
        [{"agi": "core"}, {"vr": "service", "agi": "trade"}, {"agi": "trade"}],
        [False, False, True],
    )
    assert given.roles.tolist() == [0, 3, 2]
    assert given.weight.tolist() == [1.0, 1.0, 0.5]
    assert given.missed == {"vr": 1}


def test_scores_by_hand() -> None:
    scores, positive = np.array([0.9, 0.8, 0.6, 0.2]), np.array([True, False, True, True])
    given = scored(scores, positive, 1, 0.5)
    assert (given.precision, given.recall, given.positives) == (pytest.approx(2 / 3), 0.5, 4)
    assert given.f1 == pytest.approx(4 / 7)
    assert scored(scores, positive, 0, 0.95).f1 == 0.0
    assert calibration_error(np.array([0.05, 0.95, 0.85]), np.array([False, True, False])) == pytest.approx(
        (0.05 + 0.05 + 0.85) / 3
    )
    assert coverage(scores, positive, 1, 0.95) == (0.25, 0.25)
    assert coverage(np.array([0.9, 0.1]), np.array([True, False]), 0, 0.95) == (1.0, 1.0)


def test_calibration_by_hand() -> None:
    even = np.array([[0.25, 0.25, 0.3, 0.2]])
    assert Calibration(2.0, 0.0).of(even)[0] == pytest.approx(0.5)
    assert Calibration(1.0, np.log(3)).of(even)[0] == pytest.approx(0.75)
    assert Calibration(1.0, np.log(3), 0.1, 0.9).of(even)[0] == pytest.approx(0.7)


def test_calibration_finds_the_share_on_which_readers_agree() -> None:
    """Of pairs that the model is sure of, one in twenty is labelled otherwise: the score says 0.95, not 1."""
    sure = np.tile([[0.999, 0.0, 0.0, 0.001], [0.001, 0.0, 0.0, 0.999]], (200, 1))
    positive = np.tile([True, False], 200)
    positive[:20] = ~positive[:20]
    scores = calibration(sure, positive).of(sure)
    assert scores[:2] == pytest.approx([0.95, 0.05], abs=0.01)
