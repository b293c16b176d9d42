"""Ranks with ties, intervals on score and rank from draws, and the band around a cut-off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from xiandao.engines.ranking.model import Bools, Cut, Floats, Ints, Method, Place, Singles

Ranks = npt.NDArray[np.int32]
Number = TypeVar("Number", np.float64, np.float32, np.int32)

TIE = 1e-9
"""Scores nearer to each other than this are equal: rounding never parts two proposals."""
PLACES: tuple[Place, ...] = tuple(Place)
"""What the numbers in `Band.place` stand for."""


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """Where each proposal stands at a cut-off, by shape (p,).

    `in_top`: share of the draws in which it is within the places and at or above the threshold. `place`: index into
    PLACES; IN from `in_top` ≥ level, OUT up to 1 − level, PANEL between, and PANEL too where equal scores leave it open
    who has the last place. `by_score`: whether the point score alone would put it in.
    """

    cut: Cut
    in_top: Floats
    place: Ints
    by_score: Bools

    def of(self, place: Place) -> Ints:
        """Return the indices of the proposals at one place."""
        return np.flatnonzero(self.place == PLACES.index(place))


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """One method's ranking, by shape (p,) in the order of the sheet.

    `score`, `low`, `high`: 0–100. `rank`: 1 is best, equals share the least (1, 2, 2, 4); `rank_low`, `rank_high`: its
    interval. `tied`: shares its rank after all tie-breakers. `trimmed`: ends were dropped. Ranks are counted within
    `group` (all 0 where all are compared). Intervals are NaN, and rank intervals 0, where nothing could be fitted.
    """

    method: Method
    score: Floats
    low: Floats
    high: Floats
    rank: Ints
    rank_low: Ranks
    rank_high: Ranks
    tied: Bools
    trimmed: Bools
    group: Ints
    band: Band | None


def tie_classes(score: Floats) -> Ints:
    """Return shape (p,): the same number for scores that are equal, 0 for the best; neighbours within TIE are equal."""
    order = np.argsort(-score, kind="stable")
    classes = np.empty(len(score), np.int64)
    classes[order] = np.cumsum(np.diff(score[order], prepend=score[order[:1]]) < -TIE)
    return classes


def ranks(score: Floats, breakers: Sequence[Floats], group: Ints) -> tuple[Ints, Bools]:
    """Return rank within the group (1, 2, 2, 4) and who shares it; `breakers` part equals, higher first, NaN last."""
    keys = [tie_classes(score), *(tie_classes(np.where(np.isnan(b), -np.inf, b)) for b in breakers)]
    order = np.lexsort((*reversed(keys), group))
    sorted_keys = np.column_stack([group, *keys])[order]
    fresh = np.ones(len(order), np.bool_)
    fresh[1:] = (sorted_keys[1:] != sorted_keys[:-1]).any(axis=1)
    of_group = np.flatnonzero(np.diff(group[order], prepend=-1))
    start = np.repeat(of_group, np.diff(np.append(of_group, len(order))))
    first = np.maximum.accumulate(np.where(fresh, np.arange(len(order)), 0))
    rank, tied = np.empty(len(order), np.int64), np.empty(len(order), np.bool_)
    rank[order] = first - start + 1
    tied[order] = ~fresh | np.append(~fresh[1:], [False] * min(len(order), 1))
    return rank, tied


def rank_draws(draws: Singles, group: Ints) -> Ranks:
    """Return shape (B, p): the rank of each proposal in each draw within its group."""
    result = np.empty(draws.shape, np.int32)
    for number in range(int(group.max(initial=-1)) + 1):
        members = np.flatnonzero(group == number)
        places = np.arange(1, len(members) + 1, dtype=np.int32)
        for row, drawn in enumerate(draws if len(members) == draws.shape[1] else draws[:, members]):
            result[row, members[np.argsort(-drawn)]] = places
    return result


def interval(draws: npt.NDArray[Number], confidence: float) -> tuple[npt.NDArray[Number], npt.NDArray[Number]]:
    """Return the equal-tailed interval along the first axis by order statistics, at least `confidence` of the draws."""
    by_proposal: npt.NDArray[Number] = np.array(draws.T, order="C")
    number = by_proposal.shape[1]
    low = int(np.floor((1 - confidence) / 2 * number))
    by_proposal.partition((low, number - 1 - low), axis=1)
    return by_proposal[:, low].copy(), by_proposal[:, number - 1 - low].copy()


def band(cut: Cut, score: Floats, rank: Ints, draws: Singles | None, drawn_ranks: Ranks | None) -> Band:
    """Return who is in, out, or cannot be told, at a cut-off; without draws only ties are told."""
    within = np.ones(len(score), np.bool_)
    open_tie = np.zeros(len(score), np.bool_)
    if cut.places is not None:
        after = np.searchsorted(np.sort(rank), rank, side="right")
        within &= after <= cut.places
        open_tie = (rank <= cut.places) & (after > cut.places)
    if cut.threshold is not None:
        within &= score >= cut.threshold - TIE
        open_tie &= score >= cut.threshold - TIE
    if draws is None or drawn_ranks is None:
        return Band(cut, np.full(len(score), np.nan), _places(within, ~within & ~open_tie), within | open_tie)
    hit = np.ones(draws.shape, np.bool_)
    if cut.places is not None:
        hit &= drawn_ranks <= cut.places
    if cut.threshold is not None:
        hit &= draws >= cut.threshold
    share = hit.mean(axis=0)
    sure_in, sure_out = (share >= cut.level - TIE) & ~open_tie, (share <= 1 - cut.level + TIE) & ~open_tie
    return Band(cut, share, _places(sure_in, sure_out), within | open_tie)


def _places(sure_in: Bools, sure_out: Bools) -> Ints:
    """Return indices into PLACES."""
    at = [PLACES.index(place) for place in (Place.IN, Place.OUT, Place.PANEL)]
    return np.select([sure_in, sure_out], at[:2], at[2])
