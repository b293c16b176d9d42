"""Assignment (分派) of experts to proposals: exact, fair, with readable reasons where it cannot be. Pure computation.

`assign` has two modes: the best attainable weakest pair and then the largest sum, or the largest total of the
worst-served proposal. `check` tells independently whether an assignment keeps every bound. `suitability` compares
what proposals say with what experts know; `conflicts` computes who may not judge what from identifiers and relations
over time.
"""

from xiandao.engines.assign.check import Violation, check
from xiandao.engines.assign.conflicts import Conflict, Evidence, Kind, Review, Rule, Spell, Subject, Tie, conflicts
from xiandao.engines.assign.model import (
    Assignment,
    Bound,
    Change,
    Impossible,
    Limits,
    Mode,
    Pair,
    Problem,
    Quota,
    Relaxation,
    Served,
    Shortage,
)
from xiandao.engines.assign.solve import assign
from xiandao.engines.assign.suitability import DEFAULT_WEIGHTS, PartOfPair, Suitability, Topic, suitability

__all__ = [
    "DEFAULT_WEIGHTS",
    "Assignment",
    "Bound",
    "Change",
    "Conflict",
    "Evidence",
    "Impossible",
    "Kind",
    "Limits",
    "Mode",
    "Pair",
    "PartOfPair",
    "Problem",
    "Quota",
    "Relaxation",
    "Review",
    "Rule",
    "Served",
    "Shortage",
    "Spell",
    "Subject",
    "Suitability",
    "Tie",
    "Topic",
    "Violation",
    "assign",
    "check",
    "conflicts",
    "suitability",
]
