"""Whether scores mean what they say: of those scored about 0.8, do about 80 in a hundred have the property?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xiandao.engines.estimation.intervals import CONFIDENCE, Interval, wilson


@dataclass(frozen=True, slots=True)
class Bin:
    """Scores from `low` to below `high`: how many, their mean, the share found to have the property, its interval."""

    low: float
    high: float
    n: int
    mean: float
    share: float
    interval: Interval


def reliability(
    scores: Sequence[float],
    hits: Sequence[int],
    weights: Sequence[float],
    *,
    bins: int = 10,
    confidence: float = CONFIDENCE,
) -> tuple[list[Bin], float | None]:
    """Return the bins that hold anybody, and the expected calibration error Σ w_b |share_b - mean_b| / Σ w.

    `weights`: how many each one stands for. The interval of a bin is Wilson's on Kish's effective size.
    The error is None where there are no scores. Raises ValueError for scores outside [0, 1].
    """
    score, hit, weight = (np.asarray(each, np.float64) for each in (scores, hits, weights))
    if len(score) and (score.min() < 0 or score.max() > 1):
        raise ValueError("a score outside [0, 1]")
    place = np.minimum((score * bins).astype(np.int64), bins - 1)
    found, gap = [], 0.0
    for number in range(bins):
        here = place == number
        if not here.any():
            continue
        mine = weight[here]
        mean, share = (float((each[here] * mine).sum() / mine.sum()) for each in (score, hit))
        n_effective = float(mine.sum() ** 2 / (mine**2).sum())
        interval = wilson(min(1.0, share), n_effective, confidence=confidence)
        found.append(Bin(number / bins, (number + 1) / bins, int(here.sum()), mean, share, interval))
        gap += abs(share - mean) * float(mine.sum())
    return found, (gap / float(weight.sum()) if found else None)
