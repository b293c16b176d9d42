"""How many to draw, from which strata, and how wide the interval will then be."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xiandao.engines.estimation.intervals import CONFIDENCE, quantile


@dataclass(frozen=True, slots=True)
class StratumGuess:
    """A stratum before anybody looked: its size, and which share is expected to have the property."""

    code: str
    size: int
    share: float


@dataclass(frozen=True, slots=True)
class Plan:
    """How many to draw from each stratum."""

    drawn: Mapping[str, int]

    @property
    def looked(self) -> int:
        """How many in all."""
        return sum(self.drawn.values())


def sample_size(
    half_width: float, *, share: float = 0.5, size: int | None = None, confidence: float = CONFIDENCE
) -> int:
    """Return how many to draw so that the interval of a share is about ± `half_width`.

    n0 = z² p (1 - p) / w²; of a finite population n = n0 / (1 + (n0 - 1) / N), never more than N.
    Raises ValueError for a half-width that is not positive.

    >>> sample_size(0.05), sample_size(0.05, size=400)
    (385, 197)
    """
    if half_width <= 0:
        raise ValueError(f"half-width {half_width}")
    wanted = quantile(confidence) ** 2 * share * (1 - share) / half_width**2
    if size is not None:
        wanted = min(float(size), wanted / (1 + (wanted - 1) / size)) if size else 0.0
    return math.ceil(wanted - 1e-9)


def allocate(strata: Sequence[StratumGuess], n: int, *, least: int = 2) -> Plan:
    """Divide n over strata in proportion to N_h sqrt(p_h (1 - p_h)) (Neyman), at least `least` each, at most N_h.

    A guess of 0 or 1 counts as 5 or 95 in a hundred: nobody is that sure. Where n is too small for `least` in each,
    strata in the order given get one after the other until n is used. The same input gives the same plan.

    >>> dict(allocate([StratumGuess("a", 900, 0.5), StratumGuess("b", 100, 0.5)], 50).drawn)
    {'a': 45, 'b': 5}
    """
    drawn = dict.fromkeys((each.code for each in strata), 0)
    left = max(0, n)
    for _round in range(least):
        for each in strata:
            if left and drawn[each.code] < each.size:
                drawn[each.code] += 1
                left -= 1
    weight = {each.code: each.size * _spread(each.share) for each in strata}
    room = {each.code: each.size for each in strata}
    order = [each.code for each in strata]
    # One at a time to whoever is furthest behind its proportion (Webster's divisors): no rounding is left over.
    while left:
        open_ = [code for code in order if drawn[code] < room[code]]
        if not open_:
            break
        best = max(open_, key=lambda code: (weight[code] / (drawn[code] + 0.5), -order.index(code)))
        drawn[best] += 1
        left -= 1
    return Plan(drawn)


def expected_half_width(strata: Sequence[StratumGuess], plan: Plan, *, confidence: float = CONFIDENCE) -> float:
    """Return half the expected width of the interval of the total: z sqrt(Σ N_h² (1 - f_h) p_h (1 - p_h) / n_h).

    Infinite where a stratum is not looked at.
    """
    variance = 0.0
    for each in strata:
        n = plan.drawn.get(each.code, 0)
        if not each.size:
            continue
        if not n:
            return math.inf
        variance += each.size**2 * (1 - n / each.size) * _spread(each.share) ** 2 / n
    return quantile(confidence) * math.sqrt(variance)


def _spread(share: float) -> float:
    kept = min(0.95, max(0.05, share))
    return math.sqrt(kept * (1 - kept))
