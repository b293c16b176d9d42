"""Intervals of a share: k of n looked at had the property."""

from typing import Final, NamedTuple

from scipy.stats import beta, norm

CONFIDENCE: Final = 0.95


class Interval(NamedTuple):
    """Lower and upper end."""

    low: float
    high: float


def quantile(confidence: float) -> float:
    """Return z, the standard normal's quantile that leaves (1 - confidence) / 2 above. Raises ValueError outside
    (0, 1).
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence {confidence} is not between 0 and 1")
    return float(norm.ppf(0.5 + confidence / 2))


def effective(n: float, size: float | None) -> float:
    """Return how many looked at with replacement tell as much as n of a finite `size` without: n (N-1) / (N-n).

    The variance of a share then carries the finite population correction. Infinite where all were looked at.
    """
    if size is None:
        return n
    return n * (size - 1) / (size - n) if size > n else float("inf")


def wilson(share: float, n: float, *, size: float | None = None, confidence: float = CONFIDENCE) -> Interval:
    """Return Wilson's score interval of a share observed among n, of a population of `size` if it is finite.

    (p + z²/2n ± z sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n). Where nobody was looked at the interval is [0, 1]; where
    everybody was, it is the share itself. Raises ValueError for a share outside [0, 1] or a negative n.

    >>> [round(end, 4) for end in wilson(0.9, 10)]
    [0.5958, 0.9821]
    """
    if not 0 <= share <= 1 or n < 0:
        raise ValueError(f"no share of anything: {share} of {n}")
    if n == 0:
        return Interval(0.0, 1.0)
    n = effective(n, size)
    if n == float("inf"):
        return Interval(share, share)
    z2 = quantile(confidence) ** 2
    middle = share + z2 / (2 * n)
    half = (z2 * (share * (1 - share) / n + z2 / (4 * n * n))) ** 0.5
    scale = 1 + z2 / n
    low = 0.0 if share == 0 else max(0.0, (middle - half) / scale)
    high = 1.0 if share == 1 else min(1.0, (middle + half) / scale)
    return Interval(low, high)


def clopper_pearson(hits: int, n: int, *, confidence: float = CONFIDENCE) -> Interval:
    """Return the exact binomial interval of a share: each end is where so few, or so many, hits become improbable.

    With no hit the upper end is 1 - (α/2)^(1/n). Raises ValueError unless 0 <= hits <= n.

    >>> [round(end, 4) for end in clopper_pearson(0, 100)]
    [0.0, 0.0362]
    """
    if not 0 <= hits <= n:
        raise ValueError(f"{hits} hits among {n}")
    if n == 0:
        return Interval(0.0, 1.0)
    tail = (1 - confidence) / 2
    low = float(beta.ppf(tail, hits, n - hits + 1)) if hits else 0.0
    high = float(beta.ppf(1 - tail, hits + 1, n - hits)) if hits < n else 1.0
    return Interval(low, high)
