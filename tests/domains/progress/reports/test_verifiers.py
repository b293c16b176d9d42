"""Who verifies whom: the rule for one report and the condition for many never disagree."""

import pytest

from xiandao.domains.orgs.models import Organisation
from xiandao.domains.progress import rules
from xiandao.domains.progress.models import Assignment, Report, RoundScope

pytestmark = pytest.mark.django_db


@pytest.fixture
def drc():
    return Organisation.objects.get(code="js-drc")


def test_the_rule_for_one_and_the_condition_for_many_agree_on_every_report_of_the_plan(plan, open_round):
    opened = open_round(scope=RoundScope.ALL)
    rows = Report.objects.for_system("tests").filter(round=opened)
    by_rule: dict[int, set[int]] = {}
    # The rule asks the database for each, so one report of each kind of body in each measure stands for the others.
    some = rows.select_related("assignment__parent").exclude(
        assignment__region__in=[
            "320200",
            "320300",
            "320400",
            "320500",
            "320600",
            "320700",
            "320800",
            "320900",
            "321000",
            "321100",
            "321200",
            "321300",
        ]
    )
    for row in some:
        for body in rules.verifiers_of(row.assignment):
            by_rule.setdefault(body, set()).add(row.pk)
    assert sum(map(len, by_rule.values())) >= 200
    for body, expected in by_rule.items():
        assert set(some.filter(rules.verified_by(body)).values_list("pk", flat=True)) == expected


def test_nobody_verifies_her_own_organisation(plan):
    for row in Assignment.objects.for_system("tests").filter(plan=plan, region=plan.region_id).select_related("parent"):
        assert row.organisation_id not in rules.verifiers_of(row)


def test_a_citys_report_is_verified_by_the_body_that_leads_the_measure(duty, drc):
    assert rules.verifiers_of(duty("city", "M06")) == [drc.pk]


def test_a_leading_departments_own_report_is_verified_by_the_coordinator(duty, drc):
    assert rules.verifiers_of(duty("department")) == [drc.pk]


def test_a_helping_departments_report_is_verified_by_the_lead(plan, drc):
    helper = (
        Assignment.objects.for_system("tests").filter(plan=plan, measure_key="M06", origin="plan", role="with").first()
    )
    assert rules.verifiers_of(helper) == [drc.pk]


def test_the_coordinators_own_report_is_verified_by_the_first_that_helps(plan, drc):
    own = Assignment.objects.for_system("tests").get(plan=plan, measure_key="M06", organisation=drc)
    helpers = Assignment.objects.for_system("tests").filter(plan=plan, measure_key="M06", origin="plan", role="with")
    assert rules.verifiers_of(own) == [helpers.order_by("organisation__order").first().organisation_id]


def test_leading_a_part_of_a_split_measure_does_not_make_a_verifier(plan, duty, drc):
    from xiandao.domains.progress.models import SubTask

    part = SubTask.objects.create(plan=plan, measure_key="M06", number=1, name="一", created_at=duty("city").started_at)
    body = Organisation.objects.get(code="js-sci")
    Assignment.objects.create(
        plan=plan, measure_key="M06", subtask=part, organisation=body, region_id="320000", role="lead", origin="split",
        started_at=duty("city").started_at,
    )  # fmt: skip
    assert rules.verifiers_of(duty("city", "M06")) == [drc.pk]
