"""What the steps of a report share: taking it with a lock, leaving a version, leaving an audit record."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import RegisteredAction
from xiandao.domains.orgs.permission import Conflict
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.progress.models import Report, ReportEvent, ReportVersion, Round

KIND = "progress.report"


def take(actor: Viewer, pk: int) -> Report:
    """Return a report the actor sees with its round, both locked until the transaction ends.

    The round is read once the report is ours: it is not closed behind a step that is being taken, and of two steps at
    once the second counts what the first has left to do. Raises Report.DoesNotExist.
    """
    report: Report = (
        Report.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("assignment__organisation", "assignment__region", "assignment__parent", "assignment__plan")
        .get(pk=pk)
    )
    report.round = held_round(report.round_id)
    return report


def held_round(pk: int) -> Round:
    """Return a round locked until the transaction ends: the last to be locked before what a step writes."""
    found: Round = Round.objects.for_system("of a report the actor sees").select_for_update(no_key=True).get(pk=pk)
    return found


def same_revision(report: Report, revision: int) -> None:
    """Refuse to act on a report that changed since it was shown."""
    if report.revision != revision:
        raise Conflict(_("这份进展刚被%(who)s修改过，请看过现在的内容再操作。") % {"who": report.saved_by})


def leave_version(report: Report, event: ReportEvent, *, by: str, at: dt.datetime, reason: str = "") -> None:
    """Keep what the report says at this step: what any past day is told from."""
    last = report.versions.order_by("-number").values_list("number", flat=True).first()
    ReportVersion.objects.create(
        report=report,
        number=(last or 0) + 1,
        event=event,
        at=at,
        by=by,
        reason=reason,
        standing=report.standing,
        happened=report.happened,
        next_step=report.next_step,
    )


def label_of(report: Report) -> str:
    """Return the name of a report for the audit log."""
    duty = report.assignment
    return f"{duty.organisation.name} {duty.measure_key} {report.round.period}"


def record(
    actor: Viewer,
    action: RegisteredAction,
    report: Report,
    *,
    before: Any = None,
    after: Any = None,
    reason: str = "",
) -> None:
    """Leave the audit record of a step."""
    audit.record(
        actor, action, kind=KIND, key=str(report.pk), label=label_of(report), before=before, after=after, reason=reason
    )
