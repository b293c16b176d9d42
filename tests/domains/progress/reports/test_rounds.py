"""Rounds: opened once for a quarter with a report for each duty, closed when all is decided, opened again with a trace."""

import datetime as dt

import pytest

from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.inbox.models import Task
from xiandao.domains.orgs.models import Organisation
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.progress.actions import rounds
from xiandao.domains.progress.faults import BadFields
from xiandao.domains.progress.models import Assignment, Claim, Report, Round
from xiandao.domains.progress.queries import rounds as queries

pytestmark = pytest.mark.django_db
DUE = dt.date(2026, 4, 24)


@pytest.fixture
def coordinator(people):
    return people("coordinator")


@pytest.fixture
def opened(coordinator, plan, now):
    return rounds.open_round(coordinator, plan=plan, period="2026Q1", due_on=DUE, now=now)


def reports(opened, **conditions):
    return Report.objects.for_system("tests").filter(round=opened, **conditions)


def tasks(kind="report.fill", state="open"):
    return Task.objects.for_system("tests").filter(kind=kind, state=state)


def test_opening_makes_a_report_for_each_leading_duty_and_one_task_for_each_organisation(opened, people):
    assert reports(opened, state="empty").count() == 25 + 24 * 13
    bodies = reports(opened).values("assignment__organisation").distinct().count()
    assert tasks().count() == bodies == 113
    mine = tasks().get(organisation=people("city").organisation_id)
    assert (mine.due_on, mine.subject) == (DUE, "2026年一季度进展填报（9项）")


def test_a_round_for_all_asks_the_helpers_too(coordinator, plan, now):
    opened = rounds.open_round(coordinator, plan=plan, period="2026Q1", due_on=DUE, scope="all", now=now)
    assert reports(opened).count() == 1643


def test_the_preview_tells_what_opening_makes(plan, opened):
    told = queries.preview(plan, "leads")
    assert (told.reports, told.organisations, told.counties) == (337, 113, 0)
    assert told.places[0] == ("江苏省", 25)
    assert dict(told.places)["南京市"] == 24


@pytest.mark.parametrize(
    ("period", "due_on", "scope", "field"),
    [
        ("2026", DUE, "leads", "period"),
        ("2026-03", DUE, "leads", "period"),
        ("第一季度", DUE, "leads", "period"),
        ("2026Q3", DUE, "leads", "period"),  # not begun on 10 April 2026
        ("2023Q4", DUE, "leads", "period"),  # before the plan
        ("2026Q1", dt.date(2026, 4, 9), "leads", "due_on"),
        ("2026Q1", DUE, "some", "scope"),
    ],
)
def test_what_cannot_be_opened_names_the_field(coordinator, plan, now, period, due_on, scope, field):
    with pytest.raises(BadFields) as refused:
        rounds.open_round(coordinator, plan=plan, period=period, due_on=due_on, scope=scope, now=now)
    assert [name for name, _text in refused.value.faults] == [field]
    assert not Round.objects.for_system("tests").exists()


def test_a_quarter_has_one_round_however_it_is_written(coordinator, plan, opened, now):
    with pytest.raises(Conflict):
        rounds.open_round(coordinator, plan=plan, period="2026年一季度", due_on=DUE, now=now)


@pytest.mark.parametrize("account", ["department", "department-head", "city", "auditor", "system"])
def test_only_the_coordinator_opens_and_closes(people, plan, opened, now, account):
    for call in (
        lambda: rounds.open_round(people(account), plan=plan, period="2025Q4", due_on=DUE, now=now),
        lambda: rounds.close_round(people(account), pk=opened.pk),
        lambda: rounds.move_deadline(people(account), pk=opened.pk, due_on=DUE, reason="x"),
        lambda: rounds.complete_round(people(account), pk=opened.pk),
    ):
        with pytest.raises(Refused):
            call()


def test_the_next_round_begins_with_the_words_of_the_last_and_without_its_claims(
    coordinator, plan, report, submit, verify, at
):
    submit(report, {"new-1": {}}, happened="一季度启用一处。", next_step="二季度再建一处。")
    verify(report)
    later = rounds.open_round(
        coordinator, plan=plan, period="2026Q2", due_on=dt.date(2026, 7, 20), now=at("2026-07-03")
    )
    row = reports(later, assignment=report.assignment).get()
    assert (row.state, row.standing, row.happened, row.next_step) == (
        "empty",
        "",
        "一季度启用一处。",
        "二季度再建一处。",
    )
    assert row.based_on_id == report.pk
    assert not Claim.objects.for_system("tests").filter(report=row).exists()


def test_a_duty_that_came_later_is_told_and_added(coordinator, plan, opened, now):
    Assignment.objects.create(
        plan=plan, measure_key="M06", organisation=Organisation.objects.get(code="demo-county"), region_id="320102",
        role="lead", origin="plan", started_at=now,
    )  # fmt: skip
    assert rounds.missing_duties(opened).count() == 1
    assert rounds.complete_round(coordinator, pk=opened.pk, now=now) == 1
    assert reports(opened).count() == 338
    with pytest.raises(Conflict):
        rounds.complete_round(coordinator, pk=opened.pk, now=now)


def test_moving_the_deadline_moves_the_tasks(coordinator, opened, people, at):
    rounds.move_deadline(coordinator, pk=opened.pk, due_on=dt.date(2026, 5, 8), reason="节假日", now=at("2026-04-20"))
    mine = tasks().get(organisation=people("city").organisation_id)
    assert mine.due_on == dt.date(2026, 5, 8)
    assert tasks().count() == 113


@pytest.mark.parametrize(
    ("due_on", "reason", "field"),
    [(DUE, "x", "due_on"), (dt.date(2026, 4, 1), "x", "due_on"), (dt.date(2026, 5, 8), " ", "reason")],
)
def test_a_deadline_moves_to_another_day_to_come_with_a_reason(coordinator, opened, now, due_on, reason, field):
    with pytest.raises(BadFields) as refused:
        rounds.move_deadline(coordinator, pk=opened.pk, due_on=due_on, reason=reason, now=now)
    assert [name for name, _text in refused.value.faults] == [field]


def test_a_round_does_not_close_while_something_waits_unless_forced_with_a_reason(
    coordinator, report, submit, again, at
):
    submit(report, {"new-1": {}})
    with pytest.raises(Conflict, match="1 份进展"):
        rounds.close_round(coordinator, pk=report.round_id)
    with pytest.raises(BadFields):
        rounds.close_round(coordinator, pk=report.round_id, force=True)
    rounds.close_round(coordinator, pk=report.round_id, force=True, reason="年度汇总需要", now=at("2026-05-01"))
    closed = Round.objects.for_system("tests").get(pk=report.round_id)
    assert (closed.state, closed.closed_at) == ("closed", at("2026-05-01"))
    assert again(report).state == "submitted"
    last = AuditRecord.objects.order_by("-number").first()
    assert (last.action, last.reason, last.after["forced"]) == ("progress.round_closed", "年度汇总需要", True)


def test_closing_takes_every_task_back_and_opening_again_brings_them_back_with_a_trace(coordinator, opened, people, at):
    rounds.close_round(coordinator, pk=opened.pk, now=at("2026-05-01"))
    assert tasks().count() == 0
    assert tasks(state="withdrawn").count() == 113
    rounds.reopen_round(coordinator, pk=opened.pk, due_on=dt.date(2026, 5, 20), reason="补报", now=at("2026-05-10"))
    again = Round.objects.for_system("tests").get(pk=opened.pk)
    assert (again.state, again.times_reopened, again.due_on) == ("open", 1, dt.date(2026, 5, 20))
    assert tasks().count() == 113
    row = reports(opened).first()
    assert [(v.number, v.event, v.reason) for v in row.versions.all()] == [(1, "reopened", "补报")]


def test_a_verified_report_keeps_no_trace_of_a_round_opened_again(coordinator, report, submit, verify, at):
    submit(report)
    verify(report)
    rounds.close_round(coordinator, pk=report.round_id)
    rounds.reopen_round(coordinator, pk=report.round_id, due_on=dt.date(2027, 5, 20), reason="补报")
    assert [v.event for v in report.versions.order_by("number")] == ["submitted", "verified"]


def test_an_open_round_is_not_opened_again_nor_a_closed_one_closed(coordinator, opened):
    with pytest.raises(Conflict):
        rounds.reopen_round(coordinator, pk=opened.pk, due_on=dt.date(2027, 5, 20), reason="x")
    rounds.close_round(coordinator, pk=opened.pk)
    with pytest.raises(Conflict):
        rounds.close_round(coordinator, pk=opened.pk)


def test_the_tables_of_a_round_count_by_state_place_and_lateness(coordinator, report, submit, save, people, at):
    found = Round.objects.for_system("tests").get(pk=report.round_id)
    submit(report)
    late = at("2026-05-01").date()
    everything = queries.in_all(coordinator, [found], today=late)[found.pk]
    assert (everything.total, everything.counts["submitted"], everything.counts["empty"], everything.overdue) == (
        337,
        1,
        336,
        336,
    )
    nanjing = next(row for row in queries.by_city(coordinator, found, today=late) if row.name == "南京市")
    assert (nanjing.total, nanjing.counts["submitted"], nanjing.overdue) == (24, 1, 23)
    drc = next(row for row in queries.by_department(coordinator, found, today=late) if row.name == "省发展改革委")
    assert (drc.total, drc.overdue) == (9, 9)
    assert queries.in_all(coordinator, [found], today=dt.date(2026, 4, 20))[found.pk].overdue == 0


def test_a_city_counts_only_its_own(people, report):
    found = Round.objects.for_system("tests").get(pk=report.round_id)
    told = queries.in_all(people("city"), [found], today=dt.date(2026, 4, 20))[found.pk]
    assert told.total == 24


def test_claims_of_a_county_wait_too(coordinator, opened, duty, people, at):
    """Confirmed by the city, undecided by the department: the round does not close."""
    parent = duty("city", "M06")
    county = Organisation.objects.get(code="demo-county")
    child = Assignment.objects.create(
        plan=parent.plan, measure_key="M06", organisation=county, region=county.region, role="lead",
        origin="handed_down", parent=parent, started_at=opened.opened_at,
    )  # fmt: skip
    row = Report.objects.create(round=opened, assignment=child, state="verified")
    Claim.objects.create(
        report=row, number=1, item="场景", name="县里的场景", state="claimed", claimed_at=at("2026-04-11")
    )
    with pytest.raises(Conflict, match="1 项成果"):
        rounds.close_round(coordinator, pk=opened.pk)
