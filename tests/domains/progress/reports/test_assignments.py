"""Duties follow the plan in force, and nothing that was worked on is lost when the plan changes."""

import pytest

from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.orgs.models import Counterpart, Organisation
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.orgs.viewer import system
from xiandao.domains.plans.actions.publish import publish_version
from xiandao.domains.plans.models import Duty, Plan
from xiandao.domains.progress.actions.assignments import sync_assignments
from xiandao.domains.progress.models import Assignment

pytestmark = pytest.mark.django_db


def rows(plan, **conditions):
    return Assignment.objects.for_system("tests").filter(plan=plan, **conditions)


def publish(pack, change):
    """Publish the plan of the pack with one measure changed."""
    data = pack.plan.model_dump(by_alias=True)
    measure = next(m for action in data["actions"] for m in action["measures"] if m["key"] == "M06")
    change(measure)
    document = type(pack.plan).model_validate(data)
    return publish_version(system("tests"), document=document, text=pack.source_text, region="320000")


def test_the_pack_makes_a_duty_for_each_body_and_each_citys_counterpart(plan):
    assert rows(plan, origin="plan", role="lead").count() == 25
    assert rows(plan, origin="plan", role="with").count() == 100
    # 24 of the 25 measures are carried out by the cities, each led there by one bureau.
    assert rows(plan, origin="counterpart", role="lead").count() == 24 * 13


def test_a_bureau_that_serves_several_departments_of_a_measure_has_one_duty_and_leads_if_one_of_them_leads(plan):
    duty = rows(plan, measure_key="M06", region="320100", role="lead").get()
    served = set(
        Counterpart.objects.filter(bureau=duty.organisation, region="320100").values_list("department__code", flat=True)
    )
    named = set(
        Duty.objects.for_system("tests")
        .filter(measure__key="M06", version__plan=plan, version__state="published")
        .values_list("organisation__code", flat=True)
    )
    assert set(duty.serves) == served & named
    assert rows(plan, measure_key="M06", organisation=duty.organisation).count() == 1


def test_a_second_run_changes_nothing_and_leaves_no_record(plan, now):
    before = AuditRecord.objects.count()
    done = sync_assignments(system("tests"), plan=plan, now=now)
    assert (done.made, done.changed, done.ended) == (0, 0, 0)
    assert AuditRecord.objects.count() == before


def test_what_the_plan_names_but_nobody_can_be_given_is_reported(plan, now):
    done = sync_assignments(system("tests"), plan=plan, now=now)
    # M23 is led by a mechanism that has no counterpart in any city.
    assert {measure for measure, _city in done.without_counterpart} == {"M23"}
    assert len(done.without_counterpart) == 13


def test_a_new_version_ends_the_duties_it_drops_with_what_was_handed_down_and_keeps_their_rows(pack, plan, duty):
    parent = duty("city", "M06")
    child = Assignment.objects.create(
        plan=plan, measure_key="M06", organisation=Organisation.objects.get(code="demo-county"),
        region_id=Organisation.objects.get(code="demo-county").region_id, role="lead", origin="handed_down",
        parent=parent, started_at=parent.started_at,
    )  # fmt: skip
    publish(pack, lambda measure: measure["duty"].update(cities=False))
    for row in (parent, child):
        row.refresh_from_db()
        assert row.ended_at is not None
    assert rows(plan, measure_key="M06", ended_at=None).exclude(region=plan.region_id).count() == 0


def test_a_body_whose_part_changes_keeps_its_duty_and_its_reports(pack, plan, open_round):
    open_round()
    lead = rows(plan, measure_key="M06", origin="plan", role="lead").get()

    def swap(measure):
        measure["duty"]["with"] = [*measure["duty"]["with"], *measure["duty"]["lead"]]
        measure["duty"]["lead"] = ["省科技厅"]
        measure["duty"]["with"] = [name for name in measure["duty"]["with"] if name != "省科技厅"]

    publish(pack, swap)
    row = rows(plan, pk=lead.pk).get()
    assert (row.role, row.ended_at, row.reports.for_system("tests").count()) == ("with", None, 1)
    assert rows(plan, measure_key="M06", origin="plan", role="lead").get().organisation.name == "省科技厅"


def test_a_name_that_is_no_known_body_is_skipped_and_reported(pack, plan, now):
    publish(pack, lambda measure: measure["duty"].update({"with": [*measure["duty"]["with"], "某某新设机构"]}))
    done = sync_assignments(system("tests"), plan=plan, now=now)
    assert done.unnamed == [("M06", "某某新设机构")]


def test_a_corrected_counterpart_moves_the_duty(plan, duty, now):
    before = duty("city", "M06")
    heir = Organisation.objects.filter(region="320100").exclude(pk=before.organisation_id).exclude(
        pk__in=rows(plan, measure_key="M06").values("organisation")
    ).first()  # fmt: skip
    Counterpart.objects.filter(region="320100", department__code="js-drc").update(bureau=heir)
    sync_assignments(system("tests"), plan=plan, now=now)
    before.refresh_from_db()
    assert rows(plan, measure_key="M06", organisation=heir, role="lead", ended_at=None).exists()
    assert before.ended_at is not None or before.role == "with"


@pytest.mark.parametrize("account", ["city", "department", "auditor", "system"])
def test_only_who_publishes_plans_brings_duties_in_line(people, plan, now, account):
    with pytest.raises(Refused):
        sync_assignments(people(account), plan=plan, now=now)


def test_every_plan_of_the_pack_has_been_looked_at(db):
    assert {plan.code for plan in Plan.objects.for_system("tests")} == {"js-wlcy-2024-2026", "js-sci-5x100"}
