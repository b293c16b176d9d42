"""Where many places pile into the same thing: the industry is over-represented in many and in the same segments."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike

from xiandao.engines.location.quotients import quotients, similarity


@dataclass(frozen=True, slots=True)
class Crowd:
    """An industry (its place in the table) and the places that crowd into it; `alike`: the mean similarity of their
    segments over every two of them, None where it cannot be told.
    """

    industry: int
    places: tuple[int, ...]
    alike: float | None


def crowds(
    amounts: ArrayLike,
    segments: list[ArrayLike],
    *,
    quotient: float,
    places: int,
    alike: float,
    least: float,
    whole: ArrayLike | None = None,
) -> list[Crowd]:
    """Return the industries into which places crowd, most places first.

    `amounts`: places x industries; `segments`: for each industry a table places x its segments. A place counts where
    its location quotient is above `quotient` and it has at least `least`; at least `places` of them with segments
    alike by at least `alike` on average are a crowd. Raises ValueError for tables that do not fit.
    """
    table = np.asarray(amounts, np.float64)
    ratio = quotients(table, whole=whole)
    if len(segments) != table.shape[1]:
        raise ValueError("每个产业须有一张 地区×环节 表")
    found = []
    for industry, parts in enumerate(segments):
        high = np.flatnonzero((ratio[:, industry] > quotient) & (table[:, industry] >= least))
        if len(high) < places:
            continue
        mean = _mean_likeness(np.asarray(parts, np.float64)[high])
        if mean is None or mean >= alike:
            found.append(Crowd(industry, tuple(int(place) for place in high), mean))
    return sorted(found, key=lambda crowd: (-len(crowd.places), crowd.industry))


def _mean_likeness(parts: np.ndarray) -> float | None:
    if not parts.size:
        return None
    likeness = similarity(parts)
    pairs = [likeness[one, other] for one, other in combinations(range(len(parts)), 2)]
    known = [float(value) for value in pairs if not np.isnan(value)]
    return sum(known) / len(known) if known else None
