"""Attainment (目标完成情况): status of a numeric target against its path, projection, and roll-up. Pure computation.

`assess` answers for one target in exact decimals, `assess_many` for thousands in floats with the same answers;
`roll_up`, `roll_up_many` and `roll_up_tree` draw scores together by action, department, city or industry.
Formulas and sources stand at `assess`, `project` and `roll_up`.
"""

from xiandao.engines.attainment.assess import DAYS_PER_MONTH, assess, expectation
from xiandao.engines.attainment.many import REASONS, STATES, AttainmentTable, GoalTable, assess_many
from xiandao.engines.attainment.model import Attainment, Goal, Observation, PathKind, Projection, Reason, State
from xiandao.engines.attainment.project import FEWEST_POINTS, project
from xiandao.engines.attainment.rollup import RollUp, RollUps, roll_up, roll_up_many, roll_up_tree

__all__ = [
    "DAYS_PER_MONTH",
    "FEWEST_POINTS",
    "REASONS",
    "STATES",
    "Attainment",
    "AttainmentTable",
    "Goal",
    "GoalTable",
    "Observation",
    "PathKind",
    "Projection",
    "Reason",
    "RollUp",
    "RollUps",
    "State",
    "assess",
    "assess_many",
    "expectation",
    "project",
    "roll_up",
    "roll_up_many",
    "roll_up_tree",
]
