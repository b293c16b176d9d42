"""An exception in the middle of any step of reporting leaves nothing of it: no row, no number, no task, no record."""

import datetime as dt

import pytest

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.inbox.models import Task
from xiandao.domains.orgs.models import Organisation
from xiandao.domains.progress.actions import hand_down, results, rounds
from xiandao.domains.progress.actions import reports as act
from xiandao.domains.progress.models import (
    Assignment,
    Claim,
    Report,
    ReportVersion,
    Result,
    ResultCount,
    Round,
    SamenessQuestion,
    Sequence,
)

pytestmark = pytest.mark.django_db


class PowerCutError(Exception):
    """Stands for whatever ends the process."""


@pytest.fixture
def cut(monkeypatch):
    """Return a function that makes the last step of every action, its audit record, fail."""

    def now():
        def fail(*_args, **_kwargs):
            raise PowerCutError

        monkeypatch.setattr(audit, "record", fail)

    return now


def everything():
    """Return all there is, row by row."""
    found = {"audit": AuditRecord.objects.count()}
    for model in (Assignment, Claim, Report, Result, Round, SamenessQuestion, Task):
        found[model.__name__] = list(model.objects.for_system("tests").order_by("pk").values())
    for model in (ReportVersion, ResultCount, Sequence):
        found[model.__name__] = list(model.objects.order_by("pk").values())
    return found


STEPS = {
    "open": lambda who, r: rounds.open_round(
        who("coordinator"), plan=r.assignment.plan, period="2025Q4", due_on=dt.date(2099, 1, 1)
    ),
    "close": lambda who, r: rounds.close_round(who("coordinator"), pk=r.round_id, force=True, reason="x"),
    "deadline": lambda who, r: rounds.move_deadline(
        who("coordinator"), pk=r.round_id, due_on=dt.date(2099, 1, 1), reason="x"
    ),
    "hand down": lambda who, r: hand_down.hand_down(
        who("city"), pk=r.assignment_id, to=Organisation.objects.select_related("region").get(code="demo-county")
    ),
    "withdraw": lambda who, r: act.withdraw_report(who("city"), pk=r.pk),
    "return": lambda who, r: act.return_report(who("coordinator"), pk=r.pk, revision=r.revision, reason="x"),
    "verify": lambda who, r: act.verify_report(
        who("coordinator"),
        pk=r.pk,
        revision=r.revision,
        decisions={
            claim.pk: act.Decision(verified=True) for claim in Claim.objects.for_system("tests").filter(report=r)
        },
    ),
}


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_a_step_cut_short_leaves_nothing(people, report, submit, cut, step):
    row, _claims = submit(report, {"new-1": {"target_key": "T06-1"}, "new-2": {"name": "另一场景"}})
    before = everything()
    cut()
    with pytest.raises(PowerCutError):
        step(people, row)
    assert everything() == before


def test_a_verification_cut_short_between_two_claims_counts_neither(people, report, submit, monkeypatch):
    row, claims = submit(report, {"new-1": {"target_key": "T06-1"}, "new-2": {"name": "另一场景"}})
    before = everything()
    real = results.count

    def second_fails(actor, claim, **more):
        if claim.pk == claims[1].pk:
            raise PowerCutError
        return real(actor, claim, **more)

    monkeypatch.setattr(results, "count", second_fails)
    with pytest.raises(PowerCutError):
        STEPS["verify"](people, row)
    assert everything() == before


def test_saving_and_submitting_cut_short_leave_the_draft_as_it_was(people, report, save, again, cut):
    save(report, {"new-1": {}})
    before = everything()
    cut()
    fresh = again(report)
    with pytest.raises(PowerCutError):
        act.save_draft(people("city"), pk=report.pk, revision=1, content=act.Content("done", "改写", "", {}))
    with pytest.raises(PowerCutError):
        act.submit_report(people("city"), pk=report.pk, revision=fresh.revision)
    assert everything() == before


def test_a_void_cut_short_leaves_the_result_counting(people, report, submit, verify, cut):
    submit(report, {"new-1": {"target_key": "T06-1"}})
    verify(report)
    before = everything()
    cut()
    with pytest.raises(PowerCutError):
        results.void_result(people("coordinator"), code="R2026-000001", reason="x")
    assert everything() == before
