"""Who sees no duty of a measure does not know what was claimed there: unknown, not zero."""

import pytest

from xiandao.domains.orgs.models import Region
from xiandao.domains.plans.queries import targets_in_force
from xiandao.domains.progress.figures import city_lines, tallies
from xiandao.domains.progress.models import ReportState

pytestmark = pytest.mark.django_db


@pytest.fixture
def target(people, plan, open_round, report_of, mark, at):
    """A target of a measure of which the helping-only department has no part, with one verified report."""
    open_round()
    report = report_of("city", "M06")
    mark(report, ReportState.VERIFIED, when=at("2026-04-12"))
    return targets_in_force(people("coordinator")).get(version__plan=plan, key="T06-1")


@pytest.mark.parametrize(("account", "known"), [("coordinator", True), ("city", True), ("department-other", False)])
def test_nothing_seen_is_unknown_and_nothing_claimed_is_zero(people, target, at, account, known):
    tally = tallies(people(account), [target], as_of=at("2026-05-01"))[target.pk]
    assert (tally.claimed.value, tally.verified.value) == ((0, 0) if known else (None, None))
    assert tally.counted.value == 0


def test_the_same_city_by_city(people, target, at):
    cities = list(Region.objects.filter(code="320100"))
    (mine,) = city_lines(people("coordinator"), target, cities, as_of=at("2026-05-01"))
    (other,) = city_lines(people("department-other"), target, cities, as_of=at("2026-05-01"))
    assert (mine.tally.claimed.value, mine.tally.counted.value) == (0, 0)
    assert (other.tally.claimed.value, other.tally.counted.value) == (None, 0)
