"""Splitting a measure: what is made, what is refused, and how a split is taken back."""

import datetime as dt
from decimal import Decimal

import pytest

from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.orgs.models import Organisation
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.progress.actions.subtasks import Part, split_measure, withdraw_split
from xiandao.domains.progress.actions.targets_check import BadFields
from xiandao.domains.progress.models import Assignment, Report, ReportState, SubTask
from xiandao.domains.progress.queries.targets import split_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def bodies(people):
    codes = [people(account).organisation_code for account in ("department", "department-other", "city")]
    return [Organisation.objects.get(code=code) for code in codes]


@pytest.fixture
def parts(bodies):
    lead, other, city = bodies
    return [
        Part("编制建设方案", Decimal(1), lead, (other,), dt.date(2026, 6, 30)),
        Part("落实首批项目", Decimal(3), city),
    ]


@pytest.fixture
def which(plan):
    return {"plan": plan.code, "measure": "M07"}


def subtasks():
    return SubTask.objects.for_system("tests")


def split_duties():
    return Assignment.objects.for_system("tests").filter(origin="split")


def test_a_split_makes_sub_tasks_and_a_duty_for_each_body(people, which, parts, now, plan):
    before = Assignment.objects.for_system("tests").filter(subtask=None).count()
    made = split_measure(people("coordinator"), **which, parts=parts, now=now)
    assert [(row.number, row.name, row.weight) for row in made] == [(1, "编制建设方案", 1), (2, "落实首批项目", 3)]
    assert sorted(split_duties().values_list("subtask__number", "role", "region")) == [
        (1, "lead", "320000"), (1, "with", "320000"), (2, "lead", "320100"),
    ]  # fmt: skip
    assert Assignment.objects.for_system("tests").filter(subtask=None).count() == before
    record = AuditRecord.objects.order_by("-number").first()
    assert (record.action, record.object_key) == ("progress.measure_split", f"{plan.code}/M07")
    assert [part["name"] for part in record.after["parts"]] == ["编制建设方案", "落实首批项目"]


def test_weights_are_shown_as_shares_of_one(people, which, parts, now, plan):
    split_measure(people("coordinator"), **which, parts=parts, now=now)
    split = split_of(people("coordinator"), plan_id=plan.pk, measure_key="M07")
    assert [row.portion for row in split.parts] == [Decimal("0.25"), Decimal("0.75")]


@pytest.mark.parametrize("account", ["department", "city", "auditor", "system", "audit"])
def test_only_who_steers_splits(people, which, parts, now, account):
    with pytest.raises(Refused, match="统筹协调"):
        split_measure(people(account), **which, parts=parts, now=now)
    assert (subtasks().count(), split_duties().count()) == (0, 0)


def test_leading_a_part_does_not_open_the_whole_measure(people, which, parts, now, plan):
    other = people("department-other")
    lead = Organisation.objects.get(pk=other.organisation_id)
    measure = next(
        key
        for key in ("M07", "M08", "M09", "M10", "M11", "M12", "M13")
        if not Assignment.objects.for_system("tests").filter(measure_key=key, organisation=lead, role="lead").exists()
    )
    seen_before = Assignment.objects.visible_to(other).filter(plan=plan, measure_key=measure).count()
    split_measure(
        people("coordinator"),
        plan=plan.code,
        measure=measure,
        parts=[Part("一", Decimal(1), lead), Part("二", Decimal(1), parts[1].lead)],
        now=now,
    )
    assert Assignment.objects.visible_to(other).filter(plan=plan, measure_key=measure).count() == seen_before + 1


def test_parts_that_do_not_hold_are_refused_at_their_field(people, which, bodies, now):
    good = Part("一", Decimal(1), bodies[0])
    for wrong, field in (
        ([good], ""),
        ([good, Part(" ", Decimal(1), bodies[0])], "2.name"),
        ([good, Part("一", Decimal(1), bodies[0])], "2.name"),
        ([good, Part("二", Decimal(0), bodies[0])], "2.weight"),
        ([good, Part("二", Decimal("NaN"), bodies[0])], "2.weight"),
        ([good, Part("二", Decimal(1), bodies[0], (bodies[0],))], "2.helping"),
    ):
        with pytest.raises(BadFields) as caught:
            split_measure(people("coordinator"), **which, parts=wrong, now=now)
        assert [name for name, _sentence in caught.value.faults] == [field]
    assert subtasks().count() == 0


def test_a_measure_is_split_once_until_the_split_is_taken_back(people, which, parts, at):
    split_measure(people("coordinator"), **which, parts=parts, now=at("2026-01-05"))
    with pytest.raises(Conflict, match="已经拆分"):
        split_measure(people("coordinator"), **which, parts=parts, now=at("2026-01-06"))
    with pytest.raises(Refused, match="理由"):
        withdraw_split(people("coordinator"), **which, reason="", now=at("2026-02-05"))
    withdraw_split(people("coordinator"), **which, reason="合并办理", now=at("2026-02-05"))
    assert set(subtasks().values_list("ended_at", flat=True)) == {at("2026-02-05")}
    assert set(split_duties().values_list("ended_at", flat=True)) == {at("2026-02-05")}
    assert AuditRecord.objects.order_by("-number").first().reason == "合并办理"
    again = split_measure(people("coordinator"), **which, parts=parts, now=at("2026-03-05"))
    assert [row.number for row in again] == [3, 4]


def test_a_split_with_reports_on_their_way_is_not_taken_back(people, which, parts, now, open_round):
    split_measure(people("coordinator"), **which, parts=parts, now=now)
    opened = open_round()
    with pytest.raises(Conflict, match="2 份报告"):
        withdraw_split(people("coordinator"), **which, reason="合并", now=now)
    Report.objects.for_system("tests").filter(round=opened).update(state=ReportState.VERIFIED)
    withdraw_split(people("coordinator"), **which, reason="合并", now=now)
    assert subtasks().filter(ended_at=None).count() == 0


def test_nothing_to_take_back_is_a_conflict(people, which, now):
    with pytest.raises(Conflict, match="没有拆分"):
        withdraw_split(people("coordinator"), **which, reason="试", now=now)
