"""Portfolio (组合遴选): choose under budgets, quotas, exclusions and bundles so that the total value is greatest.

`choose` solves the integer program exactly and checks it in whole fen; `Explanation` prices each constraint and says of
each item left out what stood against it and what would let it in; `conflict` names the constraints that cannot hold
together; `greedy` and `gain` compare with going down the ranking. Pure computation; the same input and seed give the
same selection as long as the solver proves it within its seconds.
"""

from xiandao.engines.portfolio.conflict import Conflict, conflict
from xiandao.engines.portfolio.explain import Blocker, Explanation, Forced, Price, Reason
from xiandao.engines.portfolio.greedy import Gain, Greedy, gain, greedy
from xiandao.engines.portfolio.model import Budget, Bundle, Commitment, Constraint, Exclusion, Item, Level, Quota
from xiandao.engines.portfolio.solve import SECONDS, Chosen, Selection, choose

__all__ = [
    "SECONDS",
    "Blocker",
    "Budget",
    "Bundle",
    "Chosen",
    "Commitment",
    "Conflict",
    "Constraint",
    "Exclusion",
    "Explanation",
    "Forced",
    "Gain",
    "Greedy",
    "Item",
    "Level",
    "Price",
    "Quota",
    "Reason",
    "Selection",
    "choose",
    "conflict",
    "gain",
    "greedy",
]
