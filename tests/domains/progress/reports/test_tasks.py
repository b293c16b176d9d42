"""The one task of a round says how many wait now, and its clock runs from what has waited longest."""

import datetime as dt

import pytest

from xiandao.domains.inbox.models import Task
from xiandao.domains.progress.actions.reports import tasks
from xiandao.domains.progress.models import Report, ReportState
from xiandao.domains.progress.rules import waiting_for_organisation

pytestmark = pytest.mark.django_db


def verifying(people):
    own = people("department").organisation_id
    return Task.objects.for_system("tests").get(kind="report.verify", organisation=own, state="open")


@pytest.fixture
def waiting(people, plan, open_round, duty, mark, at):
    """Two reports of the first city that wait for the department that leads their measures."""
    opened = open_round()
    own = people("department").organisation_id
    for report in Report.objects.for_system("tests").filter(round=opened, assignment__region="320100")[:40]:
        report.state = ReportState.SUBMITTED
        report.save()
    found = list(
        Report.objects.for_system("tests").filter(waiting_for_organisation(own, confirm=False), round=opened)[:2]
    )
    assert len(found) == 2
    Report.objects.for_system("tests").filter(round=opened).update(state=ReportState.EMPTY)
    for report in found:
        report.refresh_from_db()
    return found


def test_the_task_counts_what_waits_and_starts_with_the_oldest(people, waiting, mark, at):
    first, second = waiting
    me = people("city")
    mark(first, ReportState.SUBMITTED, when=at("2026-04-10 09:00"))
    tasks.refresh(me, first, now=at("2026-04-10 09:00"))
    assert "（1项）" in verifying(people).subject
    # Friday 10 April and five working days.
    assert verifying(people).due_on == dt.date(2026, 4, 17)

    mark(second, ReportState.SUBMITTED, when=at("2026-04-14 09:00"))
    tasks.refresh(me, second, now=at("2026-04-14 09:00"))
    assert "（2项）" in verifying(people).subject
    assert verifying(people).due_on == dt.date(2026, 4, 17)

    mark(first, ReportState.VERIFIED, when=at("2026-04-15 09:00"))
    tasks.refresh(me, first, now=at("2026-04-15 09:00"))
    assert "（1项）" in verifying(people).subject
    # The one left was handed in on Tuesday 14 April.
    assert verifying(people).due_on == dt.date(2026, 4, 21)
