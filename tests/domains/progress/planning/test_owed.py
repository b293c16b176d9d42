"""What a duty that has ended never wrote is owed by nobody: not in the overview, not in its list, not in a letter."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from xiandao.domains.plans.queries import plan_in_force
from xiandao.domains.progress.models import Assignment
from xiandao.domains.progress.queries.letters import late_bodies
from xiandao.domains.progress.queries.overview import overview

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 5, 1)


@pytest.fixture
def opened(open_round):
    return open_round(due_on=dt.date(2026, 4, 20))


@pytest.fixture
def ended(opened, duty, now):
    gone = duty("city", "M06")
    Assignment.objects.for_system("tests").filter(pk=gone.pk).update(ended_at=now)
    return gone


def test_overview_list_and_letters_count_the_same(people, client_of, opened, ended, duty):
    viewer = people("coordinator")
    duties = opened.reports.for_system("tests").count()
    made = overview(viewer, plan_in_force(viewer), now=timezone.now(), today=TODAY)
    assert (made.reports, made.owing, made.late) == (duties - 1, duties - 1, duties - 1)
    page = client_of("coordinator").get(reverse("progress:standing"), {"state": "owing"})
    assert page.context["table"].paginator.count == duties - 1
    # The office owes nine itself, and writes no letter to itself.
    assert sum(reports for _body, reports, _problems in late_bodies(viewer, today=TODAY)) == duties - 1 - 9
