"""A round of a contest: groups, judges' ballots, how scores are made, who goes on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from xiandao.kernel import InvalidValue

Lot = Callable[[Sequence[str], str], Sequence[str]]
"""(entrants, what for) to the entrants in drawn order; see `lot_by`."""


@dataclass(frozen=True, slots=True)
class Ballot:
    """One judge's scores of one entrant by criterion; None is an abstention, with its reason."""

    judge: str
    entrant: str
    scores: Mapping[str, Decimal] | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Scoring:
    """How ballots become a score.

    `weights`: by criterion, in proportion to their sum. `low`, `high`: of every criterion. `trim_from`: from so many
    ballots the highest and the lowest total are dropped (handbook §7: 7). `decimals`: the score is rounded half up to
    so many, as announced, and ties are those of announced scores; None keeps it exact. `carried`: share of the score
    that comes from the round before.
    """

    weights: Mapping[str, Decimal]
    low: Decimal = Decimal(0)
    high: Decimal = Decimal(100)
    trim_from: int = 7
    decimals: int | None = 2
    carried: Decimal = Decimal(0)


class TieBreak(StrEnum):
    """COUNTBACK: more judges' first places in the group, then second, and so on. PREVIOUS: score of the round before.
    A criterion is named by its key instead.
    """

    COUNTBACK = "countback"
    PREVIOUS = "previous"


@dataclass(frozen=True, slots=True)
class Advance:
    """The first `per_group` of each group go on, and the best `remaining` of all others together."""

    per_group: int
    remaining: int = 0


@dataclass(frozen=True, slots=True)
class Round:
    """A round: `groups` by name; `ties`: criteria or `TieBreak`s in order, then lot.

    Lots are drawn only where a tie decides who goes on; with `lot_every_place` for every tie left.
    """

    name: str
    groups: Mapping[str, Sequence[str]]
    scoring: Scoring
    advance: Advance
    ties: tuple[str, ...] = (TieBreak.COUNTBACK,)
    lot_every_place: bool = False


class Outcome(StrEnum):
    """BY_GROUP: among the first of the group. BY_REMAINING: among the best of the others. OUT: neither."""

    BY_GROUP = "by_group"
    BY_REMAINING = "by_remaining"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Row:
    """One entrant's result: totals of all judges, which two were dropped, exact and announced score, rank in the group
    (equals share it), what parted it from an equal score, outcome.
    """

    entrant: str
    group: str
    totals: Mapping[str, Fraction]
    dropped: tuple[str, ...]
    exact: Fraction
    score: Fraction
    rank: int
    parted_by: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class RoundResult:
    """Rows by group and rank, who goes on in that order, the lots drawn, and the trace in sentences."""

    name: str
    rows: tuple[Row, ...]
    advancing: tuple[str, ...]
    lots: tuple[tuple[str, tuple[str, ...]], ...]
    trace: tuple[str, ...]

    def row(self, entrant: str) -> Row:
        """Return the row of an entrant. Raises `InvalidValue` for one who did not take part."""
        for row in self.rows:
            if row.entrant == entrant:
                return row
        raise InvalidValue(entrant, f"{self.name}的参赛者", what="参赛者")
