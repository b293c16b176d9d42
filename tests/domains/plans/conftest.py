"""What the tests of plan imports share: the coordinator, a plan under her review, her browser."""

import pytest

from tests.domains.plans.import_support import begin


@pytest.fixture
def me(people):
    return people("coordinator")


@pytest.fixture
def plan(me):
    return begin(me)


@pytest.fixture
def browser(client_of):
    return client_of("coordinator")
