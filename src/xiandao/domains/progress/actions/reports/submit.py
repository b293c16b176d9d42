"""Submitting a report, and taking it back before it is decided."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xiandao.domains.audit.registry import register
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.progress import rules
from xiandao.domains.progress.actions import sameness
from xiandao.domains.progress.actions.reports import tasks
from xiandao.domains.progress.actions.reports.desk import leave_version, record, same_revision, take
from xiandao.domains.progress.actions.reports.reading import Choices, lacking
from xiandao.domains.progress.actions.reports.transitions import Step, advance
from xiandao.domains.progress.faults import BadFields
from xiandao.domains.progress.models import Claim, ClaimState, Report, ReportEvent

SUBMITTED = register("progress.report_submitted", _("提交进展"))
WITHDRAWN = register("progress.report_withdrawn", _("撤回进展"))


@transaction.atomic
def submit_report(actor: Viewer, *, pk: int, revision: int, now: dt.datetime | None = None) -> Report:
    """Submit a report as saved: its claims are claimed from now on and compared with what was claimed before.

    Raises Report.DoesNotExist, Refused, Conflict where the state or the revision is another, BadFields with every field
    that is missing or wrong.
    """
    moment = now or timezone.now()
    report = take(actor, pk)
    rules.may_submit(actor, report).require()
    before = report.state
    advance(Step.SUBMIT, report)
    same_revision(report, revision)
    claims = list(
        Claim.objects.for_system("the report was checked")
        .select_for_update()
        .filter(report=report, state__in=(ClaimState.DRAFT, ClaimState.CLAIMED))
    )
    faults = lacking(report, claims, Choices.of(report.assignment), today=timezone.localdate(moment))
    if faults:
        raise BadFields(faults)
    for claim in claims:
        claim.state, claim.claimed_at = ClaimState.CLAIMED, claim.claimed_at or moment
        claim.save(update_fields=["state", "claimed_at"])
    report.submitted_at, report.submitted_by = moment, actor.name
    report.decided_at, report.decided_by, report.return_reason = None, "", ""
    report.save()
    leave_version(report, ReportEvent.SUBMITTED, by=actor.name, at=moment)
    sameness.one_at_a_time()
    asked = sameness.ask(claims, now=moment)
    tasks.refresh(actor, report, now=moment)
    record(
        actor,
        SUBMITTED,
        report,
        before={"state": before},
        after={"state": report.state, "claims": [claim.pk for claim in claims], "questions": len(asked)},
    )
    return report


@transaction.atomic
def withdraw_report(actor: Viewer, *, pk: int, now: dt.datetime | None = None) -> Report:
    """Take a submitted report back to correct it, as long as nobody has decided it. Raises as `submit_report` does."""
    moment = now or timezone.now()
    report = take(actor, pk)
    rules.may_submit(actor, report).require()
    before = report.state
    advance(Step.WITHDRAW, report)
    report.save(update_fields=["state"])
    leave_version(report, ReportEvent.WITHDRAWN, by=actor.name, at=moment)
    tasks.refresh(actor, report, now=moment)
    record(actor, WITHDRAWN, report, before={"state": before}, after={"state": report.state})
    return report
