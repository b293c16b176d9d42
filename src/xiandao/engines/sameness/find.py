"""Finds the pairs among new and known claims that are, or may be, one thing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from xiandao.engines.sameness.blocks import pairs_to_judge
from xiandao.engines.sameness.judge import judge, prepare
from xiandao.engines.sameness.model import Candidate, Certainty, Pair
from xiandao.kernel import InvalidValue

SIMILAR_FROM = 0.85
"""Similarity from which two names are asked about, unless the caller sets another: one character in seven differs."""


def find_pairs(
    new: Sequence[Candidate],
    known: Sequence[Candidate],
    *,
    places: Iterable[str],
    similar_from: float = SIMILAR_FROM,
) -> list[Pair]:
    """Return every pair of a new claim with a known one, or with an earlier new one, that `judge` keeps.

    `places`: names of provinces, cities and counties (see `normalise_name`). `similar_from`: least similarity of names,
    within (0, 1]. The search is exact: it gives the same pairs as judging each of the len(new) × len(known) pairs.
    Order: by new claim; then certain ones, higher scores, known before earlier new ones, the order given.
    A claim that stands in both sequences is paired with itself: leave it out of `known`.

    Raises `InvalidValue` if `similar_from` is no share.
    """
    if not 0 < similar_from <= 1:
        raise InvalidValue(similar_from, "大于0、不大于1的相似度", what="查重")
    names = tuple(sorted(set(places)))
    left = [prepare(candidate, names) for candidate in new]
    right = [*(prepare(candidate, names) for candidate in known), *left]
    found: list[tuple[int, int, Pair]] = []
    for i, j in pairs_to_judge(left, right, similar_from=similar_from).tolist():
        inside = j - len(known)
        if inside >= i or (verdict := judge(left[i], right[j], similar_from=similar_from)) is None:
            continue
        other = known[j] if inside < 0 else new[inside]
        pair = Pair(new[i].key, other.key, verdict.certainty, verdict.score, verdict.reasons, within_new=inside >= 0)
        found.append((i, j, pair))
    found.sort(key=lambda item: (item[0], item[2].certainty is Certainty.ASK, -item[2].score, item[1]))
    return [pair for _, _, pair in found]
