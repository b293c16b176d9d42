"""Fits the scoring model to labelled enterprises, with cross-validation over enterprises, calibration and a reject
band.

Needs scikit-learn; scoring does not. Scores are computed as the acceptance of the product asks: micro-averaged over
pairs of enterprise and industry for "core or service", positives that no term finds counted as missed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from xiandao.engines.identify.model import ROLES, Calibration, Model, Role

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

STRENGTH: Final = 0.2
"""Inverse of the ridge penalty on the weights."""
OFFSET: Final = 0.35
"""Scale of the industry columns: the smaller, the more the offsets of industries shrink to none."""
DOUBT: Final = 0.5
"""Weight of a pair whose label a careful reader may dispute."""
FOLDS: Final = 10
ROUNDS: Final = 5
PRECISION: Final = 0.92
"""Precision that decision "in" must have in cross-validation: 0.90 is asked for; two points are kept for chance and
for words that the catalogue has not met."""
SAFE: Final = 0.95
"""Share of decisions "out" that must be right."""
_BINS: Final = 10


class TooFewLabelsError(ValueError):
    """Labels that do not show every role."""


@dataclass(frozen=True)
class Examples:
    """Labelled pairs: features, industry, role; ``group`` numbers the enterprise, ``weight`` is less for doubtful
    labels;
    ``missed`` counts the positives that no term found, by industry.
    """

    values: Floats
    industries: NDArray[np.str_]
    roles: Ints
    group: Ints
    weight: Floats
    missed: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Scores:
    """Precision, recall and F1 of "core or service", and how many positives there are."""

    precision: float
    recall: float
    f1: float
    positives: int


def examples(
    values: Floats,
    industries: NDArray[np.str_],
    enterprise: Ints,
    labels: Sequence[Mapping[str, Role]],
    doubtful: Sequence[bool],
) -> Examples:
    """Join pairs with labels. ``enterprise[i]`` is the place in ``labels`` of the enterprise of pair i; no label is
    mention.

    Pairs of ``doubtful`` enterprises weigh half.
    """
    names = list(ROLES)
    roles = [
        names.index(labels[int(which)].get(str(industry), "mention"))
        for which, industry in zip(enterprise, industries, strict=True)
    ]
    found = {(int(which), str(industry)) for which, industry in zip(enterprise, industries, strict=True)}
    missed: dict[str, int] = {}
    for which, given in enumerate(labels):
        for industry, role in given.items():
            if role in {"core", "service"} and (which, industry) not in found:
                missed[industry] = missed.get(industry, 0) + 1
    weight = np.where(np.array(doubtful, np.bool_)[enterprise], DOUBT, 1.0)
    return Examples(values, industries, np.array(roles, np.int64), enterprise.astype(np.int64), weight, missed)


def fit(given: Examples, *, catalogue: str, date: str, seed: int = 0) -> Model:
    """Return the model fitted to all examples, calibrated and judged on cross-validated predictions.

    ``catalogue`` and ``date`` go into the card. The same examples and seed give the same model.
    Raises TooFewLabelsError where a role has fewer examples than folds.
    """
    if min(np.bincount(given.roles, minlength=len(ROLES))) < FOLDS:
        raise TooFewLabelsError(f"每种角色至少要有 {FOLDS} 条标注")
    codes = sorted(set(given.industries.tolist()))
    folds = [_folds(given, seed + each) for each in range(ROUNDS)]
    held_out = [_cross_validated(given, codes, fold) for fold in folds]
    positive = given.roles < 2  # noqa: PLR2004 — core and service
    scores = np.mean([_calibrated(*each, positive) for each in zip(held_out, folds, strict=True)], axis=0)
    accept, reject = _thresholds(scores, positive, sum(given.missed.values()))
    weights, constants, offsets = _weights(given, codes, np.ones(len(given.roles), np.bool_))
    return Model(
        weights=weights,
        constants=constants,
        offsets={code: offsets[:, place] for place, code in enumerate(codes)},
        calibration=calibration(np.concatenate(held_out), np.tile(positive, ROUNDS)),
        accept=accept,
        reject=reject,
        catalogue=catalogue,
        card=_card(given, scores, accept, reject, date=date, seed=seed),
    )


def scored(scores: Floats, positive: NDArray[np.bool_], missed: int, threshold: float) -> Scores:
    """Return precision, recall and F1 of scores at a threshold; ``missed`` positives have no score at all."""
    chosen = scores >= threshold
    hits = int((chosen & positive).sum())
    total = int(positive.sum()) + missed
    precision = hits / int(chosen.sum()) if chosen.any() else 0.0
    recall = hits / total if total else 0.0
    f1 = 2 * precision * recall / (precision + recall) if hits else 0.0
    return Scores(precision, recall, f1, total)


def calibration_error(scores: Floats, positive: NDArray[np.bool_]) -> float:
    """Return the expected calibration error over ten equal bins: mean gap of score and share, weighted by size."""
    bins = np.minimum((scores * _BINS).astype(np.int64), _BINS - 1)
    gap = 0.0
    for each in range(_BINS):
        here = bins == each
        if here.any():
            gap += abs(float(scores[here].mean()) - float(positive[here].mean())) * float(here.mean())
    return gap


def coverage(scores: Floats, positive: NDArray[np.bool_], missed: int, precision: float) -> tuple[float, float]:
    """Return what can be had at a precision: the greatest recall, and the greatest share of pairs decided.

    The second counts pairs accepted above one threshold or refused below another, such that a share of at least
    ``precision`` of these decisions is right.
    """
    order = np.argsort(-scores, kind="stable")
    right = np.cumsum(positive[order])
    number = np.arange(1, len(order) + 1)
    ok = right / number >= precision
    recall = float(right[ok].max()) / (int(positive.sum()) + missed) if ok.any() else 0.0
    sure = np.argsort(-np.abs(scores - 0.5), kind="stable")
    correct = np.cumsum((scores[sure] >= 0.5) == positive[sure])  # noqa: PLR2004
    ok = correct / number >= precision
    return recall, float(number[ok].max()) / len(order) if ok.any() else 0.0


def _folds(given: Examples, seed: int) -> Ints:
    """Return the fold of each pair; all pairs of an enterprise are in one."""
    return np.asarray((np.random.default_rng(seed).permutation(int(given.group.max()) + 1) % FOLDS)[given.group])


def _cross_validated(given: Examples, codes: list[str], fold: Ints) -> Floats:
    """Return probabilities of the roles for each pair by a model that saw no pair of its enterprise."""
    out = np.zeros((len(given.roles), len(ROLES)))
    for each in range(FOLDS):
        kept = fold != each
        weights, constants, offsets = _weights(given, codes, kept)
        place = np.searchsorted(codes, given.industries[~kept])
        logits = given.values[~kept] @ weights.T + constants + offsets[:, place].T
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        out[~kept] = odds / odds.sum(axis=1, keepdims=True)
    return out


def _weights(given: Examples, codes: list[str], kept: NDArray[np.bool_]) -> tuple[Floats, Floats, Floats]:
    """Return weights (roles x features), constants and offsets (roles x industries) fitted to some examples."""
    place = np.searchsorted(codes, given.industries[kept])
    columns = np.zeros((int(kept.sum()), len(codes)))
    columns[np.arange(len(place)), place] = OFFSET
    regression = LogisticRegression(C=STRENGTH, max_iter=5000, tol=1e-8)
    regression.fit(np.hstack([given.values[kept], columns]), given.roles[kept], sample_weight=given.weight[kept])
    features = given.values.shape[1]
    weights = np.zeros((len(ROLES), features + len(codes)))
    constants = np.full(len(ROLES), -20.0)
    weights[regression.classes_] = regression.coef_
    constants[regression.classes_] = regression.intercept_
    return weights[:, :features], constants, weights[:, features:] * OFFSET


def calibration(probabilities: Floats, positive: NDArray[np.bool_]) -> Calibration:
    """Return the calibration that makes these probabilities likeliest; floor and ceiling stay within a tenth."""

    def unlikely(line: Floats) -> float:
        scores = Calibration(*line).of(probabilities)
        return -float(np.log(np.clip(np.where(positive, scores, 1 - scores), 1e-9, 1)).mean())

    bounds = [(0.1, 20.0), (-5.0, 5.0), (0.0, 0.1), (0.9, 1.0)]
    found = minimize(unlikely, [1.0, 0.0, 0.02, 0.98], bounds=bounds, method="L-BFGS-B")
    return Calibration(*(float(value) for value in found.x))


def _calibrated(probabilities: Floats, fold: Ints, positive: NDArray[np.bool_]) -> Floats:
    """Return scores calibrated on the other folds: the card judges calibration on pairs that it was not fitted to."""
    scores = np.zeros(len(positive))
    for each in range(FOLDS):
        here = fold == each
        scores[here] = calibration(probabilities[~here], positive[~here]).of(probabilities[here])
    return scores


def _thresholds(scores: Floats, positive: NDArray[np.bool_], missed: int) -> tuple[float, float]:
    """Return the score to accept (best F1 with the precision asked for) and the score under which to refuse."""
    grid = np.round(np.arange(0.3, 0.9, 0.01), 2)
    found = [scored(scores, positive, missed, float(each)) for each in grid]
    good = [each for each in range(len(grid)) if found[each].precision >= PRECISION]
    best = max(good or range(len(grid)), key=lambda each: found[each].f1)
    accept = float(grid[best])
    reject = accept
    while reject > 0.05 and (scores < reject).any() and positive[scores < reject].mean() > 1 - SAFE:  # noqa: PLR2004
        reject = round(reject - 0.01, 2)
    return accept, reject


def _card(given: Examples, scores: Floats, accept: float, reject: float, *, date: str, seed: int) -> dict[str, Any]:
    """Return what a reader must know of the model: data, date, how it was judged, scores by industry."""
    positive = given.roles < 2  # noqa: PLR2004
    missed = sum(given.missed.values())
    overall = scored(scores, positive, missed, accept)
    recall, decided = coverage(scores, positive, missed, 0.95)
    by_industry = {}
    for code in sorted({*given.industries.tolist(), *given.missed}):
        here = given.industries == code
        by_industry[code] = _plain(scored(scores[here], positive[here], given.missed.get(code, 0), accept))
    return {
        "fitted_on": date,
        "enterprises": int(given.group.max()) + 1,
        "pairs": len(given.roles),
        "roles": {role: int((given.roles == place).sum()) for place, role in enumerate(ROLES)},
        "method": (
            "multinomial logistic regression, ridge; calibration: a line through the log odds with floor and ceiling;"
            f" {ROUNDS} x {FOLDS} folds by enterprise, calibrated on the other folds"
        ),
        "seed": seed,
        "cross_validated": _plain(overall),
        "calibration_error": round(calibration_error(scores, positive), 4),
        "recall_at_precision_95": round(recall, 4),
        "decided_at_precision_95": round(decided, 4),
        "review_share": round(float(((scores >= reject) & (scores < accept)).mean()), 4),
        "by_industry": by_industry,
    }


def _plain(scores: Scores) -> dict[str, float | int]:
    return {
        "precision": round(scores.precision, 4),
        "recall": round(scores.recall, 4),
        "f1": round(scores.f1, 4),
        "positives": scores.positives,
    }
