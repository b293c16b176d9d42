"""Pages of plans and of the parties responsible for them."""

from xiandao.domains.plans.views.plans import (
    MeasureList,
    TargetList,
    action_page,
    breakdown,
    measure_page,
    plan_list,
    plan_page,
    target_page,
    text_page,
)

__all__ = [
    "MeasureList",
    "TargetList",
    "action_page",
    "breakdown",
    "measure_page",
    "plan_list",
    "plan_page",
    "target_page",
    "text_page",
]
