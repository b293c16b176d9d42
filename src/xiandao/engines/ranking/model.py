"""What reviewers gave (Score, ScoreTable), by which criteria, and the rules by which a ranking is made of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from xiandao.kernel import InvalidValue

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Singles = npt.NDArray[np.float32]
"""Draws: a thousand runs of ten thousand proposals; seven digits are more than chance leaves."""
Bools = npt.NDArray[np.bool_]

FIRST_ROUND = 1
"""Scores given independently, before any discussion."""


class Method(StrEnum):
    """RAW: plain mean. TRIMMED: highest and lowest dropped. ADJUSTED: freed of the severity of reviewers."""

    RAW = "raw"
    TRIMMED = "trimmed"
    ADJUSTED = "adjusted"


class Partial(StrEnum):
    """What a reviewer's total is when some criteria were abstained from: DROP: there is none. SPREAD: the mean of the
    criteria scored, by their weights.
    """

    DROP = "drop"
    SPREAD = "spread"


class Place(StrEnum):
    """Where a proposal stands at a cut-off: IN and OUT are sure at the level asked for, PANEL is not."""

    IN = "in"
    PANEL = "panel"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion: weights count in proportion to their sum; scores run from `low` to `high`, in steps if given."""

    key: str
    weight: Decimal
    low: Decimal = Decimal(0)
    high: Decimal = Decimal(100)
    step: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """What one reviewer gave one proposal on one criterion in one round; `value` None is an abstention."""

    proposal: str
    reviewer: str
    criterion: str
    value: Decimal | int | float | None
    round: int = FIRST_ROUND


@dataclass(frozen=True, slots=True)
class Void:
    """All scores of one reviewer on one proposal count for nothing, in every round; the scores themselves stay."""

    proposal: str
    reviewer: str
    reason: str


@dataclass(frozen=True, slots=True)
class Cut:
    """A cut-off: so many places, a least score (0–100), or both; `level`: how sure IN and OUT have to be."""

    places: int | None = None
    threshold: float | None = None
    level: float = 0.9

    def __post_init__(self) -> None:
        if self.places is None and self.threshold is None:
            raise InvalidValue(None, "名额或最低分，至少一个", what="入围线")
        if self.places is not None and self.places < 1:
            raise InvalidValue(self.places, "不小于1的名额", what="入围名额")
        if not 0.5 < self.level < 1:  # noqa: PLR2004 — below one half IN and OUT would overlap
            raise InvalidValue(self.level, "0.5到1之间的把握程度", "例如 0.9", "把握程度")


@dataclass(frozen=True, slots=True)
class Rules:
    """How scores become a ranking.

    `trim_from`: from so many counted totals on a proposal the highest and the lowest are dropped, one each; below it
    the trimmed mean is the plain mean (handbook §7: 7). `tie_breakers`: criteria whose plain means part equal scores,
    in order; what is equal then shares its rank. `confidence`: of every interval. `compare_groups`: rank across groups
    of proposals that no chain of common reviewers connects, on the assumption that reviewers were drawn at random.
    """

    trim_from: int = 7
    tie_breakers: tuple[str, ...] = ()
    partial: Partial = Partial.DROP
    confidence: float = 0.95
    runs: int = 1000
    seed: int = 0
    compare_groups: bool = False

    def __post_init__(self) -> None:
        if self.trim_from < 3:  # noqa: PLR2004 — of two, nothing would be left
            raise InvalidValue(self.trim_from, "不小于3的人数", "去掉最高最低后至少要剩一个", "去高低分的最少人数")
        if not 0 < self.confidence < 1:
            raise InvalidValue(self.confidence, "0到1之间的数", "例如 0.95", "置信水平")
        if self.runs < 100:  # noqa: PLR2004 — the ends of a 95 % interval need at least a few draws beyond them
            raise InvalidValue(self.runs, "不小于100的次数", what="模拟次数")


@dataclass(frozen=True, slots=True, eq=False)
class ScoreTable:
    """Scores as arrays of one length n: indices into the sorted codes, `value` (NaN: abstained) and `round`.

    Each (proposal, reviewer, criterion, round) stands once: a later round is another row and overwrites nothing.
    """

    proposals: tuple[str, ...]
    reviewers: tuple[str, ...]
    criteria: tuple[str, ...]
    proposal: Ints
    reviewer: Ints
    criterion: Ints
    value: Floats
    round: Ints

    @classmethod
    def of(cls, scores: Iterable[Score], proposals: Sequence[str] = ()) -> ScoreTable:
        """Return the table of `scores`; `proposals` names those that nobody may have scored."""
        rows = list(scores)
        return cls.from_columns(
            [row.proposal for row in rows],
            [row.reviewer for row in rows],
            [row.criterion for row in rows],
            [np.nan if row.value is None else float(row.value) for row in rows],
            [row.round for row in rows],
            proposals=proposals,
        )

    @classmethod
    def from_columns(
        cls,
        proposals_of_rows: Sequence[str],
        reviewers_of_rows: Sequence[str],
        criteria_of_rows: Sequence[str],
        values: npt.ArrayLike,
        rounds: npt.ArrayLike | None = None,
        *,
        proposals: Sequence[str] = (),
    ) -> ScoreTable:
        """Return the table of n rows given as columns; values NaN are abstentions, rounds default to the first.

        Raises `InvalidValue` for columns of different length, infinite values, rounds below 1, or a row given twice.
        """
        value = np.asarray(values, dtype=np.float64)
        number = len(value)
        round_ = np.ones(number, np.int64) if rounds is None else np.asarray(rounds, dtype=np.int64)
        lengths = {len(proposals_of_rows), len(reviewers_of_rows), len(criteria_of_rows), number, len(round_)}
        if len(lengths) > 1:
            raise InvalidValue(sorted(lengths), "各列行数相同", what="评分表")
        if np.isinf(value).any() or (round_ < FIRST_ROUND).any():
            raise InvalidValue("评分", "有限的分数和从1开始的轮次", "弃权请用空值", "评分表")
        names, codes = _coded(proposals_of_rows, proposals)
        who, judges = _coded(reviewers_of_rows)
        what, kinds = _coded(criteria_of_rows)
        table = cls(names, who, what, codes, judges, kinds, value, round_)
        table._refuse_doubles()
        return table

    def _refuse_doubles(self) -> None:
        """Raise `InvalidValue` for the first row that stands twice."""
        order = np.lexsort((self.round, self.criterion, self.reviewer, self.proposal))
        keys = np.column_stack([self.proposal, self.reviewer, self.criterion, self.round])[order]
        twice = np.flatnonzero((keys[1:] == keys[:-1]).all(axis=1))
        if twice.size:
            p, r, c, turn = keys[twice[0]]
            shown = f"{self.proposals[p]}/{self.reviewers[r]}/{self.criteria[c]}/第{turn}轮"
            raise InvalidValue(shown, "每轮每项只有一个分数", "修改后的分数请记入下一轮，不覆盖原分", "评分")


def _coded(column: Sequence[str], more: Sequence[str] = ()) -> tuple[tuple[str, ...], Ints]:
    """Return the sorted distinct codes and the index of each row in them."""
    names = tuple(sorted({*column, *more}))
    at: Mapping[str, int] = {name: index for index, name in enumerate(names)}
    return names, np.fromiter((at[name] for name in column), np.int64, len(column))
