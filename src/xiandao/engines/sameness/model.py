"""What is compared (Candidate) and what comes of it (Pair)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Certainty(StrEnum):
    """CERTAIN: the same identifier. ASK: a person has to decide."""

    CERTAIN = "certain"
    ASK = "ask"


class Reason(StrEnum):
    """Why two claims may be the same thing, and what speaks against it, as codes; the words belong to the page."""

    SAME_IDENTIFIER = "same_identifier"
    SAME_NAME = "same_name"  # equal after normalising
    SIMILAR_NAME = "similar_name"
    SAME_PLACE = "same_place"
    SAME_HOLDER = "same_holder"
    SAME_DATE = "same_date"
    NAMES_DIFFER = "names_differ"  # against: one identifier, two names that are not even similar
    IDENTIFIERS_DIFFER = "identifiers_differ"  # against: two identifiers of one type
    PLACES_DIFFER = "places_differ"  # against: claimed in two places
    NAMED_PLACES_DIFFER = "named_places_differ"  # against: the names begin with different places
    NUMBERS_DIFFER = "numbers_differ"  # against: first and second phase, No. 3 and No. 5


@dataclass(frozen=True, slots=True)
class Candidate:
    """One claimed result. `key` is the caller's; "" is unknown and equals nothing.

    `identifier` belongs to the thing itself (credit code of a titled enterprise, number of a certificate), never to
    its holder. `place` is compared as given: give codes of one level. `holder`: name or credit code of who has it.
    """

    key: str
    name: str
    identifier: str = ""
    place: str = ""
    holder: str = ""
    kind: str = ""
    date: date | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two claims that are, or may be, one thing; `new` and `known` are keys of candidates.

    `within_new`: `known` is an earlier candidate of the same batch. `score` within (0, 1] orders the questions and is
    no probability. `reasons` stand in the order of `Reason`.
    """

    new: str
    known: str
    certainty: Certainty
    score: float
    reasons: tuple[Reason, ...]
    within_new: bool
