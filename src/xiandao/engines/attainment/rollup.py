"""Roll-up of scores: weighted means of what is known, flat and over a tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xiandao.kernel import InvalidValue

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
_WHAT = "汇总"


@dataclass(frozen=True, slots=True)
class RollUp:
    """A rolled-up score within [0, 1], None if nothing is known, and the share of the weight that is known."""

    score: float | None
    known_share: float


@dataclass(frozen=True, slots=True, eq=False)
class RollUps:
    """Scores (NaN: nothing known) and known shares of many roll-ups, in the shape of what was rolled up."""

    scores: Floats
    known_shares: Floats

    def at(self, *index: int) -> RollUp:
        """Return one of them, with None for unknown."""
        score = float(self.scores[index])
        return RollUp(None if np.isnan(score) else score, float(self.known_shares[index]))


def roll_up(scores: Sequence[float | None], weights: Sequence[float]) -> RollUp:
    """Return the weighted mean of the known scores, Σ wᵢsᵢ / Σ wᵢ over known i, and Σ known wᵢ / Σ wᵢ.

    Weights are normalised over the known ones: an unknown neither raises nor lowers the mean, and shows only in
    `known_share`. Raises as `roll_up_many` does.
    """
    row = np.array([np.nan if score is None else score for score in scores], dtype=np.float64)
    return roll_up_many(row, np.asarray(weights, dtype=np.float64)).at()


def roll_up_many(scores: npt.ArrayLike, weights: npt.ArrayLike) -> RollUps:
    """Return `roll_up` along the last axis: scores of shape (…, n), NaN unknown, weights (n,) or (…, n).

    A score without weight counts for nothing; where no weight is left, the score is unknown and the known share 0.
    Raises `InvalidValue` for scores outside [0, 1], and weights that are negative, not finite or of another shape.
    """
    values, weight = _checked(scores, weights)
    counted = ~np.isnan(values) & (weight > 0)
    known_weight = np.where(counted, weight, 0.0)
    low = np.min(values, axis=-1, where=counted, initial=np.inf)
    high = np.max(values, axis=-1, where=counted, initial=-np.inf)
    products = np.where(counted, values, 0.0) * weight
    total = known_weight.sum(axis=-1)
    return RollUps(_mean(products.sum(axis=-1), total, low, high), _share(total, weight.sum(axis=-1)))


def roll_up_tree(parents: npt.ArrayLike, scores: npt.ArrayLike, weights: npt.ArrayLike) -> RollUps:
    """Return score and known share of every node of a tree (or of several), in the order of the nodes.

    `parents`: shape (m,), the index of each node's parent, −1 for a root; nodes may come in any order. `scores`:
    shape (…, m), NaN for unknown leaves and for every node that has children (their scores are computed). `weights`:
    shape (m,) or (…, m), the weight of each node among its siblings.

    A node's score is `roll_up` of its children; a child with nothing known below it is unknown, one with anything
    known counts with its whole weight. Its known share is the weighted mean of its children's, 1 or 0 at a leaf. So an
    unknown changes no score at any level, and a leaf may be split into children of any weights whose mean is its score.
    Raises `InvalidValue` as `roll_up_many` does, and for parents that do not exist or go round in a circle.
    """
    values, weight = _checked(scores, weights)
    values = values.copy()
    parent = np.asarray(parents, dtype=np.int64)
    if parent.shape != values.shape[-1:] or (parent < -1).any() or (parent >= len(parent)).any():
        raise InvalidValue(parent.shape, "每个节点一个存在的上级（根为 -1）", what=_WHAT)
    inner = np.unique(parent[parent >= 0])
    if not np.isnan(values[..., inner]).all():
        raise InvalidValue("有下级的节点", "只给没有下级的节点打分", "请把该分数作为一个下级节点", _WHAT)
    shares = (~np.isnan(values)).astype(np.float64)
    for level in reversed(_levels(parent)[1:]):
        _roll_level(parent[level], level, values, shares, weight)
    return RollUps(values, shares)


def _roll_level(parent: Ints, level: Ints, values: Floats, shares: Floats, weight: Floats) -> None:
    """Write scores and shares of the parents of one level into `values` and `shares`; siblings stand side by side."""
    begins = np.flatnonzero(np.diff(parent, prepend=-1))
    score, weights = values[..., level], weight[..., level]
    counted = ~np.isnan(score) & (weights > 0)
    parts = (
        np.where(counted, score, 0.0) * weights,
        np.where(counted, weights, 0.0),
        shares[..., level] * weights,
        weights,
    )
    products, known_weight, shared, total = (np.add.reduceat(part, begins, axis=-1) for part in parts)
    low = np.minimum.reduceat(np.where(counted, score, np.inf), begins, axis=-1)
    high = np.maximum.reduceat(np.where(counted, score, -np.inf), begins, axis=-1)
    above = parent[begins]
    values[..., above] = _mean(products, known_weight, low, high)
    shares[..., above] = _share(shared, total)


def _mean(products: Floats, weight: Floats, low: Floats, high: Floats) -> Floats:
    """Return products / weight, kept within the known scores against rounding; NaN where there is no weight."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(weight > 0, np.clip(products / weight, low, high), np.nan)


def _share(known: Floats, weight: Floats) -> Floats:
    """Return known / weight, 0 where there is no weight."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(weight > 0, np.clip(known / weight, 0.0, 1.0), 0.0)


def _levels(parent: Ints) -> list[Ints]:
    """Return the nodes by depth, roots first, siblings side by side; raises `InvalidValue` for a circle."""
    levels = [np.flatnonzero(parent < 0)]
    order = np.argsort(parent, kind="stable")
    ordered = parent[order]
    while levels[-1].size:
        begin, end = (np.searchsorted(ordered, levels[-1], side=side) for side in ("left", "right"))
        counts = end - begin
        offsets = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        levels.append(order[np.repeat(begin, counts) + offsets])
    if sum(map(len, levels)) < len(parent):
        raise InvalidValue("上级", "不成环的上下级关系", what=_WHAT)
    return levels[:-1] if len(levels) > 1 else levels


def _checked(scores: npt.ArrayLike, weights: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Return scores and weights of one shape, the weights scaled so that the greatest is 1."""
    values, given = np.asarray(scores, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    if given.shape not in {values.shape, values.shape[-1:]} or not values.ndim:
        raise InvalidValue(given.shape, f"每个分数一个权重，形状为 {values.shape}", what=_WHAT)
    if ((values < 0) | (values > 1)).any():
        raise InvalidValue("分数", "0到1之间的数", "超额完成的先按1计，未知用 NaN", _WHAT)
    if not np.isfinite(given).all() or (given < 0).any():
        raise InvalidValue("权重", "不小于0的有限数字", what=_WHAT)
    top = given.max(initial=0.0)
    weight = np.broadcast_to(given / top if top > 0 else given, values.shape)
    return values, weight
