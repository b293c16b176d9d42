"""Sameness (查重): whether a claimed result is the same thing as another. Pure computation.

`find_pairs` compares a batch of claims with what is known and with itself: the same identifier is certain, the same or
a similar name is asked. `normalise_name` and `identifier_key` are the canonical forms it compares.
"""

from xiandao.engines.sameness.find import SIMILAR_FROM, find_pairs
from xiandao.engines.sameness.judge import DISTINCTIVE
from xiandao.engines.sameness.model import Candidate, Certainty, Pair, Reason
from xiandao.engines.sameness.names import identifier_key, normalise_name

__all__ = [
    "DISTINCTIVE",
    "SIMILAR_FROM",
    "Candidate",
    "Certainty",
    "Pair",
    "Reason",
    "find_pairs",
    "identifier_key",
    "normalise_name",
]
