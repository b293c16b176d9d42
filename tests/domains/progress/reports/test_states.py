"""Every step of a report from every state by every role: what the table says and nothing else."""

import pytest

from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.progress.actions import reports as act
from xiandao.domains.progress.actions.reports.transitions import TRANSITIONS, Step
from xiandao.domains.progress.models import Report, ReportState, Round

pytestmark = pytest.mark.django_db

STEPS = {
    Step.SAVE: lambda who, r: act.save_draft(
        who, pk=r.pk, revision=r.revision, content=act.Content("done", "新写的。"), base=act.Content.of(r)
    ),
    Step.SUBMIT: lambda who, r: act.submit_report(who, pk=r.pk, revision=r.revision),
    Step.WITHDRAW: lambda who, r: act.withdraw_report(who, pk=r.pk),
    Step.RETURN: lambda who, r: act.return_report(who, pk=r.pk, revision=r.revision, reason="缺佐证"),
    Step.VERIFY: lambda who, r: act.verify_report(who, pk=r.pk, revision=r.revision),
    Step.REOPEN: lambda who, r: act.reopen_report(who, pk=r.pk, reason="有误"),
}
WRITERS = {"city", "city-head"}
DECIDERS = {"coordinator"}
MAY = {
    Step.SAVE: WRITERS,
    Step.SUBMIT: WRITERS,
    Step.WITHDRAW: WRITERS,
    Step.RETURN: DECIDERS,
    Step.VERIFY: DECIDERS,
    Step.REOPEN: DECIDERS,
}
EVERYBODY = (
    "applicant", "expert", "fund", "county", "city-other", "city", "city-head", "department-other", "department",
    "department-head", "auditor", "coordinator", "system", "security", "audit",
)  # fmt: skip
EXPECTED = {
    (Step.SAVE, "empty"): "draft",
    (Step.SAVE, "draft"): "draft",
    (Step.SAVE, "returned"): "returned",
    (Step.SUBMIT, "draft"): "submitted",
    (Step.SUBMIT, "returned"): "submitted",
    (Step.WITHDRAW, "submitted"): "draft",
    (Step.RETURN, "submitted"): "returned",
    (Step.VERIFY, "submitted"): "verified",
    (Step.REOPEN, "verified"): "returned",
}


@pytest.fixture
def in_state(report, save):
    """Return a function that gives the report in a state."""

    def make(state):
        if state != ReportState.EMPTY:
            save(report)
            Report.objects.for_system("tests").filter(pk=report.pk).update(state=state)
        report.refresh_from_db()
        return Report.objects.for_system("tests").select_related("round", "assignment").get(pk=report.pk)

    return make


def test_the_table_says_what_is_written_here():
    told = {(step, state.value): to.value for step, row in TRANSITIONS.items() for state, to in row.to.items()}
    assert told == EXPECTED


@pytest.mark.parametrize("state", [state.value for state in ReportState])
@pytest.mark.parametrize("step", list(Step))
def test_a_step_from_a_state_leads_where_the_table_says_or_is_refused(people, in_state, again, step, state):
    row = in_state(state)
    who = people(min(MAY[step]))
    expected = EXPECTED.get((step, state))
    if expected is None:
        with pytest.raises(Conflict):
            STEPS[step](who, row)
        assert again(row).state == state
        return
    STEPS[step](who, row)
    assert again(row).state == expected


@pytest.mark.parametrize("step", list(Step))
@pytest.mark.parametrize("account", EVERYBODY)
def test_a_step_is_for_those_it_is_for(people, in_state, again, step, account):
    state = next(state for found, state in EXPECTED if found == step)
    row = in_state(state)
    if account in MAY[step]:
        STEPS[step](people(account), row)
        return
    before = again(row)
    with pytest.raises((Refused, Report.DoesNotExist)):
        STEPS[step](people(account), row)
    assert again(row).state == before.state


@pytest.mark.parametrize("step", list(Step))
def test_nothing_moves_in_a_closed_round(people, in_state, again, step):
    state = next(state for found, state in EXPECTED if found == step)
    row = in_state(state)
    Round.objects.for_system("tests").filter(pk=row.round_id).update(state="closed")
    with pytest.raises(Refused, match="关闭"):
        STEPS[step](people(min(MAY[step])), row)
    assert again(row).state == state


@pytest.mark.parametrize("step", [Step.RETURN, Step.REOPEN])
def test_a_step_that_needs_a_reason_is_refused_without_one(people, in_state, step):
    row = in_state("submitted" if step == Step.RETURN else "verified")
    call = {
        Step.RETURN: lambda: act.return_report(people("coordinator"), pk=row.pk, revision=row.revision, reason=" "),
        Step.REOPEN: lambda: act.reopen_report(people("coordinator"), pk=row.pk, reason=""),
    }[step]
    with pytest.raises(act.BadFields) as refused:
        call()
    assert [name for name, _text in refused.value.faults] == ["reason"]


def test_every_step_leaves_the_version_any_past_day_is_told_from(people, report, submit, again, at):
    city, coordinator = people("city"), people("coordinator")
    submit(report, when=at("2026-04-11 09:00"))
    act.withdraw_report(city, pk=report.pk, now=at("2026-04-11 10:00"))
    act.submit_report(city, pk=report.pk, revision=again(report).revision, now=at("2026-04-11 11:00"))
    act.return_report(coordinator, pk=report.pk, revision=1, reason="请补充", now=at("2026-04-12 09:00"))
    act.submit_report(city, pk=report.pk, revision=again(report).revision, now=at("2026-04-13 09:00"))
    act.verify_report(coordinator, pk=report.pk, revision=1, now=at("2026-04-14 09:00"))
    act.reopen_report(coordinator, pk=report.pk, reason="数字有误", now=at("2026-04-15 09:00"))
    told = [
        (version.number, version.event, version.reason, version.at) for version in report.versions.order_by("number")
    ]
    assert told == [
        (1, "submitted", "", at("2026-04-11 09:00")),
        (2, "withdrawn", "", at("2026-04-11 10:00")),
        (3, "submitted", "", at("2026-04-11 11:00")),
        (4, "returned", "请补充", at("2026-04-12 09:00")),
        (5, "submitted", "", at("2026-04-13 09:00")),
        (6, "verified", "", at("2026-04-14 09:00")),
        (7, "reopened", "数字有误", at("2026-04-15 09:00")),
    ]


def test_a_decision_on_a_report_that_changed_since_it_was_shown_is_refused(people, report, submit, save, again):
    submit(report)
    shown = again(report).revision
    act.withdraw_report(people("city"), pk=report.pk)
    save(report, happened="改写过了。")
    act.submit_report(people("city"), pk=report.pk, revision=again(report).revision)
    with pytest.raises(Conflict, match="刚被"):
        act.verify_report(people("coordinator"), pk=report.pk, revision=shown)
