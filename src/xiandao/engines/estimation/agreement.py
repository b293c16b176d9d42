"""How far two readers agree beyond chance."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xiandao.engines.estimation.intervals import CONFIDENCE, Interval, clopper_pearson, quantile


@dataclass(frozen=True)
class Kappa:
    """Agreement of two readers on n things.

    `table[i][j]`: how many the first called `categories[i]` and the second `categories[j]`. `value` is None where it is
    not defined: nothing was read by both, or both said one and the same of everything.
    """

    value: float | None
    interval: Interval | None
    observed: float
    expected: float
    n: int
    categories: tuple[Hashable, ...]
    table: tuple[tuple[int, ...], ...]


def kappa(
    first: Sequence[Hashable],
    second: Sequence[Hashable],
    *,
    categories: Sequence[Hashable],
    confidence: float = CONFIDENCE,
) -> Kappa:
    """Return Cohen's kappa (po - pe) / (1 - pe) of two readers' categories of the same things, in the same order.

    The interval is value ± z·se with the variance of Fleiss, Cohen and Everitt (1969), cut off at -1 and 1. Where the
    readers agree in everything that variance is 0 and says nothing: the lower end is then that of the exact interval of
    the observed agreement. Raises ValueError for sequences of different length or a category not listed.

    >>> kappa("aabb", "aaba", categories="ab").value
    0.5
    """
    if len(first) != len(second):
        raise ValueError(f"{len(first)} and {len(second)} readings")
    place = {category: index for index, category in enumerate(categories)}
    table = np.zeros((len(place), len(place)), np.int64)
    for one, other in zip(first, second, strict=True):
        if one not in place or other not in place:
            raise ValueError(f"{one!r} or {other!r} is no category")
        table[place[one], place[other]] += 1
    n = len(first)
    rows = tuple(tuple(int(cell) for cell in row) for row in table)
    if not n:
        return Kappa(None, None, 0.0, 0.0, 0, tuple(categories), rows)
    share = table / n
    by_first, by_second = share.sum(axis=1), share.sum(axis=0)
    observed, expected = float(np.trace(share)), float(by_first @ by_second)
    if expected >= 1 - 1e-12:
        return Kappa(None, None, observed, expected, n, tuple(categories), rows)
    value = (observed - expected) / (1 - expected)
    if np.trace(table) == n:
        low = (clopper_pearson(n, n, confidence=confidence).low - expected) / (1 - expected)
        interval = Interval(max(-1.0, low), 1.0)
    else:
        half = quantile(confidence) * _error(share, value, n)
        interval = Interval(max(-1.0, value - half), min(1.0, value + half))
    return Kappa(value, interval, observed, expected, n, tuple(categories), rows)


def _error(share: NDArray[np.float64], value: float, n: int) -> float:
    """Return the standard error of kappa (Fleiss, Cohen and Everitt 1969, formula 13)."""
    by_first, by_second = share.sum(axis=1), share.sum(axis=0)
    expected = float(by_first @ by_second)
    rest = 1 - value
    agreeing = float((np.diag(share) * (1 - (by_first + by_second) * rest) ** 2).sum())
    # p_ij weighs (p_.i + p_j.)²: the margins of the other reader for each of the two categories.
    cross = share * (by_second[:, None] + by_first[None, :]) ** 2
    differing = rest**2 * float(cross.sum() - np.trace(cross))
    variance = (agreeing + differing - (value - expected * rest) ** 2) / (n * (1 - expected) ** 2)
    return float(np.sqrt(max(variance, 0.0)))
