"""A draft of the catalogue and who works on it."""

import pytest

from xiandao.domains.industries.actions.drafts import start_draft
from xiandao.domains.industries.queries.catalogue import content_of


@pytest.fixture
def editor(people):
    return people("department")


@pytest.fixture
def office(people):
    return people("coordinator")


@pytest.fixture
def draft(editor):
    return start_draft(editor)


@pytest.fixture
def now_in(draft):
    """Return a function that reads the draft's content as it stands now."""
    return lambda: content_of(draft)
