"""Demonstration progress: the same for the same seed, marked, in proportion to the targets, removed without a trace."""

import datetime as dt

import pytest

from xiandao.domains.audit.queries import verify
from xiandao.domains.files.models import Attachment
from xiandao.domains.inbox.models import Task
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import system
from xiandao.domains.plans.queries import targets_in_force
from xiandao.domains.progress.demo import Scale, fill_demo, remove_demo
from xiandao.domains.progress.figures.status import statuses
from xiandao.domains.progress.models import (
    Assignment,
    Baseline,
    Claim,
    Letter,
    Problem,
    Report,
    ReportVersion,
    Result,
    ResultCount,
    Round,
)

pytestmark = pytest.mark.django_db
ME = system("demo")
SMALL = Scale(rounds=2, claims=60)


def names():
    return list(Claim.objects.for_system("tests").order_by("pk").values_list("name", "state"))


@pytest.fixture
def filled(plan, now):
    return fill_demo(ME, plan=plan, scale=SMALL, now=now)


def test_the_rounds_end_with_the_last_quarter_that_has_ended_and_only_it_is_open(filled):
    rounds = Round.objects.for_system("tests").order_by("period").values_list("period", "state", "is_demo")
    assert list(rounds) == [("2025Q4", "closed", True), ("2026Q1", "open", True)]
    assert filled["rounds"] == 2
    assert filled["claims"] == 60


def test_what_was_verified_counts_and_what_was_not_does_not(filled):
    claims = Claim.objects.for_system("tests")
    verified = claims.filter(state="verified")
    assert (
        verified.exclude(result=None).count()
        == verified.count()
        == filled["results"]
        == Result.objects.for_system("tests").count()
    )
    assert not claims.exclude(state="verified").exclude(result=None).exists()
    submitted = claims.exclude(claimed_at=None).count()
    assert Attachment.objects.for_system("tests").filter(holder_kind="progress.claim").count() == submitted


def test_everything_invented_says_so(filled):
    assert all("（演示）" in name for name, _state in names())
    reports = Report.objects.for_system("tests").exclude(happened="").values_list("happened", flat=True)
    assert all("（演示）" in text for text in reports)
    assert all("（演示）" in title for title in Problem.objects.for_system("tests").values_list("title", flat=True))


def test_the_same_seed_invents_the_same(plan, now, filled):
    first = names()
    remove_demo(ME)
    fill_demo(ME, plan=plan, scale=SMALL, now=now)
    assert names() == first


def test_removing_leaves_nothing_and_the_log_whole(filled, plan):
    remove_demo(ME)
    for model in (Baseline, Claim, Result, Report, Round, Problem, Letter):
        assert not model.objects.for_system("tests").exists(), model
    assert not ReportVersion.objects.exists()
    assert not ResultCount.objects.exists()
    assert not Task.objects.for_system("tests").filter(state="open").exists()
    assert verify() is None


def test_a_result_a_real_report_claims_too_stays(filled, plan, duty, claim):
    result = Result.objects.for_system("tests").first()
    real = Round.objects.create(
        plan=plan,
        period="2026Q2",
        period_end=dt.date(2026, 6, 30),
        due_on=dt.date(2026, 7, 20),
        opened_at=result.counted_at,
        opened_by="甲",
    )
    report = Report.objects.create(round=real, assignment=duty("city"))
    claim(report, result=result, state="verified")
    remove_demo(ME)
    assert [row.pk for row in Result.objects.for_system("tests")] == [result.pk]
    assert Round.objects.for_system("tests").get() == real


def test_it_is_refused_to_people_twice_and_outside_the_demonstration(people, plan, filled, settings):
    with pytest.raises(Conflict):
        fill_demo(ME, plan=plan, scale=SMALL)
    with pytest.raises(Refused):
        fill_demo(people("coordinator"), plan=plan, scale=SMALL)
    with pytest.raises(Refused):
        remove_demo(people("coordinator"))
    settings.DEMO_MODE = False
    with pytest.raises(Refused):
        fill_demo(ME, plan=plan, scale=SMALL)


def test_every_target_can_be_judged(filled, plan, at):
    targets = list(targets_in_force(ME).filter(version__plan=plan))
    judged = statuses(targets, as_of=at("2026-04-30"))
    assert len(judged) == 15
    assert not [key for key, status in judged.items() if status.goal is None]


def test_its_duties_began_with_the_plan(filled, plan, at):
    started = (
        Assignment.objects.for_system("tests").filter(plan=plan, ended_at=None).values_list("started_at", flat=True)
    )
    assert set(started.distinct()) == {at("2024-01-01 09:00")}
