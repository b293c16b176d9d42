"""Whether two prepared candidates are the same thing: the whole rule, free of any search."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rapidfuzz import fuzz

from xiandao.engines.sameness.model import Candidate, Certainty, Reason
from xiandao.engines.sameness.names import NameKey, identifier_key, name_key, numbers_in

DISTINCTIVE = 6
"""From so many characters a name that is equal with its places counts anywhere; shorter ones (创新中心) are common."""
_DOUBT = 0.9
"""Factor on the score for each thing that speaks against a pair."""
_SUPPORT = {2: 1.0, 1: 0.95, 0: 0.85}
"""Factor on the score by how many of place and holder are the same."""
_AGAINST = frozenset(
    {Reason.IDENTIFIERS_DIFFER, Reason.PLACES_DIFFER, Reason.NAMED_PLACES_DIFFER, Reason.NUMBERS_DIFFER}
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A candidate in canonical form; "" and None are unknown and equal nothing."""

    name: NameKey
    identifier: tuple[str, str] | None
    place: str
    holder: str
    kind: str
    date: date | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the comparison of two candidates says (see `Pair`)."""

    certainty: Certainty
    score: float
    reasons: tuple[Reason, ...]


def prepare(candidate: Candidate, places: tuple[str, ...]) -> Prepared:
    """Return a candidate in canonical form."""
    return Prepared(
        name=name_key(candidate.name, places),
        identifier=identifier_key(candidate.identifier) if candidate.identifier else None,
        place=candidate.place.strip(),
        holder=_holder(candidate.holder, places),
        kind=candidate.kind.strip(),
        date=candidate.date,
    )


def judge(one: Prepared, other: Prepared, *, similar_from: float) -> Verdict | None:
    """Return whether two candidates are, or may be, one thing; None if not. The order of the two does not matter.

    Only candidates of one kind are compared. CERTAIN: the same identifier. ASK: the same canonical name, or names with
    a similarity of at least `similar_from`, in the same place or with the same holder; and the same name with its
    places in it, of at least DISTINCTIVE characters, anywhere (one thing claimed by two cities). Two identifiers of one
    type rule a pair out unless the names are equal.

    Similarity is 2·LCS / (|a| + |b|), LCS the longest common subsequence (normalised Indel similarity, `fuzz.ratio`).
    Score: 1 if certain; else similarity × 1, 0.95 or 0.85 (place and holder, one, none) × 0.9 for each doubt.
    """
    if one.kind != other.kind:
        return None
    if one.identifier is not None and one.identifier == other.identifier:
        reasons = _reasons(one, other, {Reason.SAME_IDENTIFIER, *_name_reason(one, other, similar_from)})
        return Verdict(Certainty.CERTAIN, 1.0, reasons)
    refuted = one.identifier is not None and other.identifier is not None and one.identifier[0] == other.identifier[0]
    near = _same(one.place, other.place) + _same(one.holder, other.holder)
    if _same_name(one, other):
        known_anywhere = one.name.full == other.name.full and len(one.name.full) >= DISTINCTIVE
        if not near and not known_anywhere:
            return None
    elif refuted or not near or _similarity(one, other) < similar_from:
        return None
    against = {Reason.IDENTIFIERS_DIFFER} if refuted else set()
    reasons = _reasons(one, other, {*_name_reason(one, other, similar_from), *against})
    doubts = sum(reason in _AGAINST for reason in reasons)
    return Verdict(Certainty.ASK, _similarity(one, other) * _SUPPORT[near] * _DOUBT**doubts, reasons)


def _holder(text: str, places: tuple[str, ...]) -> str:
    """Return a credit code, else the canonical name, so that both spellings of a holder stay apart from names."""
    identifier = identifier_key(text) if any(map(str.isdigit, text)) else None
    code = identifier is not None and "#" not in identifier[0]
    return identifier[1] if identifier is not None and code else name_key(text, places).key


def _same(one: str, other: str) -> bool:
    return bool(one) and one == other


def _same_name(one: Prepared, other: Prepared) -> bool:
    """Return whether names are equal without their places, or with them."""
    return _same(one.name.key, other.name.key) or _same(one.name.full, other.name.full)


def _similarity(one: Prepared, other: Prepared) -> float:
    if _same_name(one, other):
        return 1.0
    return fuzz.ratio(one.name.key, other.name.key) / 100 if one.name.key and other.name.key else 0.0


def _name_reason(one: Prepared, other: Prepared, similar_from: float) -> set[Reason]:
    if _same_name(one, other):
        return {Reason.SAME_NAME}
    if not one.name.key or not other.name.key:
        return set()
    return {Reason.SIMILAR_NAME if _similarity(one, other) >= similar_from else Reason.NAMES_DIFFER}


def _reasons(one: Prepared, other: Prepared, found: set[Reason]) -> tuple[Reason, ...]:
    """Return what was found and what place, holder, date and name add, in the order of `Reason`."""
    tests = {
        Reason.SAME_PLACE: _same(one.place, other.place),
        Reason.SAME_HOLDER: _same(one.holder, other.holder),
        Reason.SAME_DATE: one.date is not None and one.date == other.date,
        Reason.PLACES_DIFFER: bool(one.place) and bool(other.place) and one.place != other.place,
        Reason.NAMED_PLACES_DIFFER: _apart(one.name.places, other.name.places),
        Reason.NUMBERS_DIFFER: numbers_in(one.name.key) != numbers_in(other.name.key),
    }
    return tuple(reason for reason in Reason if reason in found or tests.get(reason, False))


def _apart(some: frozenset[str], others: frozenset[str]) -> bool:
    return bool(some) and bool(others) and not some & others
