"""What the tests of planning share: a counting target of the plan that its lead department can confirm."""

import pytest

from xiandao.domains.plans.queries import targets_in_force
from xiandao.domains.progress.queries.targets import confirmers_of


@pytest.fixture
def target(people, plan):
    """A target of a measure the account `department` leads, with a plain number to reach."""
    own = people("department").organisation_id
    for row in targets_in_force(people("coordinator")).filter(version__plan=plan, measure__isnull=False):
        if [body.pk for body in confirmers_of(row)] == [own]:
            return row
    raise AssertionError("the demonstration department leads no target alone")


@pytest.fixture
def where(plan, target):
    """The keyword arguments by which actions name the target."""
    return {"plan": plan.code, "key": target.key}
