"""A city hands a duty down to a county: the county reports, the city confirms, the department decides what is claimed."""

import io

import pytest

from tests.domains.progress.reports.conftest import PDF, SCENE
from xiandao.domains.files.actions import attach
from xiandao.domains.inbox.models import Task
from xiandao.domains.orgs.models import Organisation
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.progress.actions import hand_down as act
from xiandao.domains.progress.actions import reports as steps
from xiandao.domains.progress.actions import rounds
from xiandao.domains.progress.evidence import CLAIM
from xiandao.domains.progress.faults import BadFields
from xiandao.domains.progress.models import Assignment, Claim, Report, Result

pytestmark = pytest.mark.django_db


@pytest.fixture
def county(db):
    return Organisation.objects.select_related("region").get(code="demo-county")


@pytest.fixture
def parent(duty):
    return duty("city", "M06")


@pytest.fixture
def child(me, parent, county, now):
    return act.hand_down(me, pk=parent.pk, to=county, now=now)


def open_tasks(kind):
    rows = Task.objects.for_system("tests").filter(kind=kind, state="open")
    return {task.organisation.code for task in rows.select_related("organisation")}


def test_a_duty_handed_down_is_the_countys_under_the_citys(child, parent, county, now):
    assert (child.organisation_id, child.region_id, child.role) == (county.pk, county.region_id, "lead")
    assert (child.origin, child.parent_id, child.started_at) == ("handed_down", parent.pk, now)


def test_the_city_head_may_hand_down_too(people, parent, county):
    assert act.hand_down(people("city-head"), pk=parent.pk, to=county).pk


@pytest.mark.parametrize("account", ["coordinator", "auditor"])
def test_others_may_not(people, parent, county, account):
    with pytest.raises(Refused):
        act.hand_down(people(account), pk=parent.pk, to=county)


def test_another_citys_duty_is_not_there(people, parent, county):
    with pytest.raises(Assignment.DoesNotExist):
        act.hand_down(people("city-other"), pk=parent.pk, to=county)


@pytest.mark.parametrize("code", ["js-sci", "321300-drc"])
def test_only_bodies_of_the_citys_own_counties(me, parent, code):
    with pytest.raises(BadFields) as refused:
        act.hand_down(me, pk=parent.pk, to=Organisation.objects.get(code=code))
    assert [name for name, _text in refused.value.faults] == ["to"]


def test_a_duty_is_handed_to_a_body_once(me, parent, county, child):
    with pytest.raises(Conflict):
        act.hand_down(me, pk=parent.pk, to=county)


def test_a_county_does_not_hand_down_further(people, child, county):
    with pytest.raises(Refused):
        act.hand_down(people("county"), pk=child.pk, to=county)


def test_handing_down_in_an_open_round_asks_the_county_at_once(me, report, parent, county):
    made = act.hand_down(me, pk=parent.pk, to=county)
    assert Report.objects.for_system("tests").filter(round=report.round, assignment=made, state="empty").exists()
    assert open_tasks("report.fill") == {county.code}


def test_the_next_round_asks_the_county_by_itself(people, plan, child, at):
    opened = rounds.open_round(
        people("coordinator"), plan=plan, period="2026Q1", due_on=at("2026-04-24").date(), now=at("2026-04-10")
    )
    assert Report.objects.for_system("tests").filter(round=opened, assignment=child).exists()


def test_taking_back_ends_the_duty_keeps_its_reports_and_clears_the_task(me, report, parent, county, now):
    made = act.hand_down(me, pk=parent.pk, to=county)
    with pytest.raises(BadFields):
        act.take_back(me, pk=made.pk, reason=" ")
    act.take_back(me, pk=made.pk, reason="改由市级直接推进", now=now)
    made.refresh_from_db()
    assert made.ended_at == now
    assert made.reports.for_system("tests").count() == 1
    assert open_tasks("report.fill") == set()
    with pytest.raises(Refused):
        act.take_back(me, pk=made.pk, reason="再收")


@pytest.mark.parametrize("account", ["county", "coordinator"])
def test_only_the_city_takes_back(people, child, account):
    with pytest.raises(Refused):
        act.take_back(people(account), pk=child.pk, reason="x")


@pytest.fixture
def counties_report(people, me, report, parent, county, now):
    """A county's report with a claim and its evidence, submitted."""
    made = act.hand_down(me, pk=parent.pk, to=county, now=now)
    row = Report.objects.for_system("tests").get(round=report.round, assignment=made)
    clerk = people("county")
    fields = {**SCENE, "region": county.region_id, "target_key": "T06-1"}
    steps.save_draft(
        clerk, pk=row.pk, revision=0, content=steps.Content("on_track", "场景启用。", "", {"new-1": fields})
    )
    claim = Claim.objects.for_system("tests").get(report=row)
    attach(clerk, holder_kind=CLAIM, holder_key=str(claim.pk), name="a.pdf", content=io.BytesIO(PDF))
    return steps.submit_report(clerk, pk=row.pk, revision=1, now=now)


def test_the_city_confirms_first_and_the_leading_body_then_decides_the_claim(people, me, counties_report):
    claim = Claim.objects.for_system("tests").get(report=counties_report)
    lead = people("coordinator")
    assert (open_tasks("report.confirm"), open_tasks("report.verify")) == ({me.organisation_code}, set())
    with pytest.raises(Refused, match="南京市发展改革委"):
        steps.verify_report(lead, pk=counties_report.pk, revision=1)
    with pytest.raises(Conflict):
        steps.decide_claims(lead, pk=counties_report.pk, decisions={claim.pk: steps.Decision(verified=True)})

    steps.verify_report(me, pk=counties_report.pk, revision=1)
    claim.refresh_from_db()
    assert claim.state == "claimed"
    assert (open_tasks("report.confirm"), open_tasks("report.verify")) == (set(), {"js-drc"})
    with pytest.raises(Refused):
        steps.decide_claims(me, pk=counties_report.pk, decisions={claim.pk: steps.Decision(verified=True)})

    steps.decide_claims(lead, pk=counties_report.pk, decisions={claim.pk: steps.Decision(verified=True)})
    assert Result.objects.for_system("tests").get().code == "R2026-000001"
    assert open_tasks("report.verify") == set()


def test_the_city_returns_what_a_county_wrote(people, me, counties_report):
    steps.return_report(me, pk=counties_report.pk, revision=1, reason="写明地点")
    row = Report.objects.for_system("tests").get(pk=counties_report.pk)
    assert (row.state, row.return_reason) == ("returned", "写明地点")
    assert open_tasks("report.correct") == {"demo-county"}


def test_a_county_of_another_city_is_not_confirmed_by_this_one(people, counties_report):
    with pytest.raises(Report.DoesNotExist):
        steps.verify_report(people("city-other"), pk=counties_report.pk, revision=1)
