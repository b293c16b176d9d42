"""Contest (大赛): live scoring by rounds and groups with sealed scores, exact means, stated ties, full trace.

`seal` commits a judge to scores before any is shown and `open_all` checks all of them; `hold` computes one round and
who goes on. Scores are exact fractions, lots come from outside (`lot_by` uses the repeatable draw). Pure computation.
"""

from xiandao.engines.contest.hold import hold, lot_by
from xiandao.engines.contest.model import (
    Advance,
    Ballot,
    Lot,
    Outcome,
    Round,
    RoundResult,
    Row,
    Scoring,
    TieBreak,
)
from xiandao.engines.contest.sealed import Opening, Sealed, canonical, commitment_of, open_all, seal

__all__ = [
    "Advance",
    "Ballot",
    "Lot",
    "Opening",
    "Outcome",
    "Round",
    "RoundResult",
    "Row",
    "Scoring",
    "Sealed",
    "TieBreak",
    "canonical",
    "commitment_of",
    "hold",
    "lot_by",
    "open_all",
    "seal",
]
