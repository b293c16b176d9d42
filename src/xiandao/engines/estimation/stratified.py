"""Totals and ratios from a stratified random sample, with intervals."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xiandao.engines.estimation.intervals import CONFIDENCE, Interval, effective, wilson

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Stratum:
    """One stratum: how many it holds (N), and of each one looked at whether it has the property (0 or 1).

    `hits` is an array of n values; n = 0 means nobody was looked at. Strata of one `group` share an interval (see
    ``total``); which belong together must be settled without looking at hits.
    """

    code: str
    size: int
    hits: Sequence[int]
    group: str = ""

    def __post_init__(self) -> None:
        if len(self.hits) > self.size or any(hit not in (0, 1) for hit in self.hits):
            raise ValueError(f"stratum {self.code}: {len(self.hits)} zeros and ones of {self.size}")

    @property
    def looked(self) -> int:
        """How many were looked at."""
        return len(self.hits)

    @property
    def share(self) -> float:
        """Of those looked at, the share that has the property; 0 where nobody was."""
        return sum(self.hits) / len(self.hits) if self.hits else 0.0


@dataclass(frozen=True)
class Estimate:
    """An estimated total. `error` is the textbook standard error; `interval` does not rest on it (see ``total``).

    `blind`: strata with somebody in them and nobody looked at. They add nothing to `value`; the interval's upper end
    counts all of theirs.
    """

    value: float
    error: float
    interval: Interval
    looked: int
    size: int
    blind: tuple[str, ...]


def total(strata: Iterable[Stratum], *, confidence: float = CONFIDENCE) -> Estimate:
    """Return how many of the whole population have the property.

    T = Σ N_h p_h, se² = Σ N_h² (1 - n_h/N_h) p_h (1 - p_h) / (n_h - 1). The interval is put together from Wilson
    intervals (l_g, u_g) of groups of strata with the finite population correction (MOVER):
    low = T - sqrt(Σ N_g² (p_g - l_g)²), high = T + sqrt(Σ N_g² (u_g - p_g)²).
    A stratum in which all or none had the property, for which the textbook's variance is 0, thus still widens it. A
    group of several strata has the effective sample size p (1 - p) N² / var where it has a variance, but at most
    what was looked at; else N² / Σ (N_h² / n_h), Kish's for unequal weights.

    >>> total([Stratum("in", 100, [1] * 9 + [0]), Stratum("out", 50, [0] * 10)]).value
    90.0
    """
    value = variance = below = above = 0.0
    looked = size = seen = 0
    blind: list[str] = []
    for group in _groups(strata):
        many = sum(each.size for each in group)
        if not many:
            continue
        part = sum(each.size * each.share for each in group)
        spread = sum(_stratum_variance(each) for each in group)
        low, high = _interval(group, many, min(1.0, part / many), spread, confidence)
        value, variance = value + part, variance + spread
        below += (part - many * low) ** 2
        above += (many * high - part) ** 2
        looked, size = looked + sum(each.looked for each in group), size + many
        seen += sum(sum(each.hits) for each in group)
        blind += [each.code for each in group if each.size and not each.looked]
    # No fewer than were seen, no more than there are.
    interval = Interval(max(float(seen), value - below**0.5), min(float(size), value + above**0.5))
    return Estimate(value, variance**0.5, interval, looked, size, tuple(blind))


def _groups(strata: Iterable[Stratum]) -> list[list[Stratum]]:
    made: dict[tuple[str, str], list[Stratum]] = {}
    for each in strata:
        made.setdefault((each.group, "" if each.group else each.code), []).append(each)
    return list(made.values())


def _stratum_variance(each: Stratum) -> float:
    n, share = each.looked, each.share
    return each.size**2 * (1 - n / each.size) * share * (1 - share) / (n - 1) if n > 1 else 0.0


def _interval(group: list[Stratum], size: int, share: float, variance: float, confidence: float) -> Interval:
    """Return Wilson's interval of the share of a group of strata."""
    filled = [each for each in group if each.size]
    if len(filled) == 1:
        return wilson(share, filled[0].looked, size=size, confidence=confidence)
    if not all(each.looked for each in filled):
        return Interval(min(share, 0.0), 1.0)
    kish = size**2 / sum(each.size**2 / each.looked for each in filled)
    if variance == 0 or not 0 < share < 1:
        return wilson(share, kish, size=size, confidence=confidence)
    # The variance has the finite population correction already; single hits make it look better than it is.
    n = min(share * (1 - share) * size**2 / variance, effective(sum(each.looked for each in filled), size))
    return wilson(share, n, confidence=confidence)


@dataclass(frozen=True)
class Ratio:
    """An estimated share within a part of the population, such as precision or recall.

    `value` None: nobody of that part was seen. `looked` is how many of the part were seen.
    """

    value: float | None
    interval: Interval | None
    looked: int


def ratio(
    sizes: Sequence[int],
    stratum: Sequence[int],
    part: Sequence[int],
    hits: Sequence[int],
    *,
    confidence: float = CONFIDENCE,
) -> Ratio:
    """Return which share of those in a part has the property: Σ w part·hit / Σ w part, with w = N_h / n_h.

    `sizes[h]` is N_h; for each one looked at `stratum` is its h, `part` and `hits` 0 or 1. The variance is that of the
    linearised ratio, Σ N_h² (1 - f_h) s²_h / n_h over residuals part·(hit - R); the interval is Wilson's on the
    effective sample size R (1 - R) / variance, at most the number seen. Where R is 0 or 1 the effective size is Kish's
    (Σ w)² / Σ w².

    >>> ratio([10, 10], [0, 0, 1, 1], [1, 1, 1, 0], [1, 0, 1, 0]).value
    0.6666666666666666
    """
    h = np.asarray(stratum, np.int64)
    x = np.asarray(part, np.float64)
    y = x * np.asarray(hits, np.float64)
    n = np.bincount(h, minlength=len(sizes)).astype(np.float64)
    weight = np.asarray(sizes, np.float64)[h] / n[h] if len(h) else np.zeros(0)
    base = float((weight * x).sum())
    seen = int(x.sum())
    if not base:
        return Ratio(None, None, 0)
    value = min(1.0, float((weight * y).sum()) / base)
    if 0 < value < 1:
        variance = _variance(np.asarray(sizes, np.float64), h, n, y - value * x) / base**2
        n_effective = min(float(seen), value * (1 - value) / variance) if variance > 0 else float(seen)
    else:
        mine = weight[x > 0]
        n_effective = float(mine.sum() ** 2 / (mine**2).sum())
    return Ratio(value, wilson(value, n_effective, confidence=confidence), seen)


def _variance(sizes: Floats, h: NDArray[np.int64], n: Floats, values: Floats) -> float:
    """Return the variance of the stratified total of some values."""
    many = n > 1
    mean = np.bincount(h, values, minlength=len(sizes)) / np.maximum(n, 1)
    squares = np.bincount(h, (values - mean[h]) ** 2, minlength=len(sizes))
    spread = squares[many] / (n[many] - 1)
    return float((sizes[many] ** 2 * (1 - n[many] / sizes[many]) * spread / n[many]).sum())
