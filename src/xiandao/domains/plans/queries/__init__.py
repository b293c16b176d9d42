"""Reading plans, always for a viewer."""

from xiandao.domains.plans.queries.items import (
    actions_of,
    cities_of_measure,
    city_matrix,
    commitments_of_measures,
    duties_of_organisation,
    headline_commitments,
    issuers_of,
    measure_by_key,
    measures_beside,
    measures_of,
    plan_in_force,
    plans_in_force,
    search_items,
    shared_with,
    target_by_key,
    targets_in_force,
)
from xiandao.domains.plans.queries.parties import cities_with_counts, duties_handed_down, parties

__all__ = [
    "actions_of",
    "cities_of_measure",
    "cities_with_counts",
    "city_matrix",
    "commitments_of_measures",
    "duties_handed_down",
    "duties_of_organisation",
    "headline_commitments",
    "issuers_of",
    "measure_by_key",
    "measures_beside",
    "measures_of",
    "parties",
    "plan_in_force",
    "plans_in_force",
    "search_items",
    "shared_with",
    "target_by_key",
    "targets_in_force",
]
