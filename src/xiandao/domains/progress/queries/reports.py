"""Reading reports: lists, one with its history, one organisation's in a round, and what waits for whom."""

import datetime as dt

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.progress import rules
from xiandao.domains.progress.models import Claim, ClaimState, Report, ReportState, ReportVersion, Round
from xiandao.domains.progress.queries.rounds import OWED
from xiandao.domains.shared.counting import count_of

UNWRITTEN = (ReportState.EMPTY, ReportState.DRAFT, ReportState.RETURNED)
_LIVE = (ClaimState.DRAFT, ClaimState.CLAIMED, ClaimState.VERIFIED, ClaimState.REJECTED)


def _claims_in(*states: ClaimState) -> Coalesce:
    """Return the number of a report's claims in some states."""
    rows = Claim.objects.for_system("counted with a report the viewer sees").filter(state__in=states)
    return count_of(rows, "report")


def _with_names(rows: QuerySet[Report]) -> QuerySet[Report]:
    return rows.select_related(
        "round__plan",
        "assignment__plan",
        "assignment__organisation",
        "assignment__region",
        "assignment__subtask",
        "assignment__parent__organisation",
    )


def reports(viewer: Viewer) -> QuerySet[Report]:
    """Return the reports the viewer sees, with `n_claims`: results claimed or being claimed."""
    return (
        _with_names(Report.objects.visible_to(viewer).filter(OWED))
        .annotate(n_claims=_claims_in(*_LIVE))
        .order_by(
            "-round__period_end", "assignment__plan__order", "assignment__measure_key", "assignment__region", "pk"
        )
    )


def report(viewer: Viewer, pk: int) -> Report:
    """Return one report. Raises Report.DoesNotExist."""
    return _with_names(Report.objects.visible_to(viewer)).select_related("based_on__round").get(pk=pk)


def own_reports(viewer: Viewer, found: Round) -> QuerySet[Report]:
    """Return what the viewer's own organisation reports in a round, in the order of the plan."""
    rows = reports(viewer).filter(round=found, assignment__organisation=viewer.organisation_id)
    return rows.order_by("assignment__measure_key", "assignment__subtask__number", "pk")


def first_unfinished(viewer: Viewer, found: Round) -> Report | None:
    """Return the first report the viewer's organisation has still to write, else its first in the round."""
    rows = list(own_reports(viewer, found))
    return next((row for row in rows if row.state in UNWRITTEN), rows[0] if rows else None)


def versions(found: Report) -> QuerySet[ReportVersion]:
    """Return what a report said when it was submitted, returned, verified; newest first."""
    return found.versions.order_by("-number")


def waiting(viewer: Viewer) -> QuerySet[Report]:
    """Return the reports that wait for the viewer, those longest waiting first."""
    rows = _with_names(Report.objects.visible_to(viewer).filter(rules.waiting_for(viewer)))
    return rows.annotate(n_claims=_claims_in(ClaimState.CLAIMED)).order_by("submitted_at", "pk")


def next_waiting(viewer: Viewer, after: Report) -> Report | None:
    """Return the report of the same round that waits longest for the viewer, besides one."""
    return waiting(viewer).filter(round=after.round_id).exclude(pk=after.pk).first()


def overdue(today: dt.date) -> Q:
    """Return the condition of reports that are late."""
    return Q(state__in=UNWRITTEN, round__due_on__lt=today, assignment__ended_at=None)
