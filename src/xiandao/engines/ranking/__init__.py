"""Ranking (评审排序): from reviewers' scores to rankings that say how sure they are. Pure computation.

`rank` puts three rankings beside each other: the plain mean, the trimmed mean (handbook §7) and scores freed of the
severity of reviewers by a mixed model (formulas at `mixed`), each with intervals on score and rank, the chance of being
within the places, and the band around the cut-off that goes to a panel. `disagreements`, `reviewer_table` and
`agreement` look at those who scored; `void_and_rank` recomputes after a late conflict with a trace, `revisions` tells
what a discussion changed. Scores are rows of a `ScoreTable` that nothing overwrites.

>>> from decimal import Decimal
>>> table = ScoreTable.of([Score("甲", r, "总", x) for r, x in zip("abcdefg", (82, 90, 76, 88, 61, 85, 84))])
>>> float(rank(table, [Criterion("总", Decimal(1))]).standing(Method.TRIMMED).score[0])
83.0
"""

from xiandao.engines.ranking.changes import Change, Recomputed, Revision, compare, revisions, void_and_rank
from xiandao.engines.ranking.disagree import Disagreements, Outlier, disagreements
from xiandao.engines.ranking.mixed import Fit
from xiandao.engines.ranking.model import (
    FIRST_ROUND,
    Criterion,
    Cut,
    Method,
    Partial,
    Place,
    Rules,
    Score,
    ScoreTable,
    Void,
)
from xiandao.engines.ranking.rank import Ranking, rank
from xiandao.engines.ranking.reviewers import Agreement, ReviewerTable, agreement, reviewer_table
from xiandao.engines.ranking.sheet import Sheet, build_sheet
from xiandao.engines.ranking.standing import PLACES, Band, Standing

__all__ = [
    "FIRST_ROUND",
    "PLACES",
    "Agreement",
    "Band",
    "Change",
    "Criterion",
    "Cut",
    "Disagreements",
    "Fit",
    "Method",
    "Outlier",
    "Partial",
    "Place",
    "Ranking",
    "Recomputed",
    "ReviewerTable",
    "Revision",
    "Rules",
    "Score",
    "ScoreTable",
    "Sheet",
    "Standing",
    "Void",
    "agreement",
    "build_sheet",
    "compare",
    "disagreements",
    "rank",
    "reviewer_table",
    "revisions",
    "void_and_rank",
]
