"""Reading reminder letters, and what a letter can be about."""

import datetime as dt

from django.db.models import Count, Prefetch, QuerySet

from xiandao.domains.orgs.models import Organisation
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.progress.models import Letter, Problem, Report, ReportState, RoundState
from xiandao.domains.progress.queries.problems import OPEN, problems
from xiandao.domains.progress.queries.rounds import OWED

WAITING = (ReportState.EMPTY, ReportState.DRAFT, ReportState.RETURNED)


def letters(viewer: Viewer) -> QuerySet[Letter]:
    """Return the letters a viewer sees, newest first."""
    return Letter.objects.visible_to(viewer).select_related("to", "to__region").order_by("-created_at", "-id")


def letter_by_pk(viewer: Viewer, pk: int) -> Letter:
    """Return one letter with the reports and problems it is about. Raises Letter.DoesNotExist."""
    reports = Report.objects.for_system("named in a letter the viewer sees").select_related(
        "round", "assignment__plan", "assignment__organisation"
    )
    about = Problem.objects.for_system("named in a letter the viewer sees").select_related("assigned_to")
    return letters(viewer).prefetch_related(Prefetch("reports", reports), Prefetch("problems", about)).get(pk=pk)


def late_reports(viewer: Viewer, *, today: dt.date) -> QuerySet[Report]:
    """Return the reports of open rounds that are past their day and still with who has to write them."""
    return (
        Report.objects.visible_to(viewer)
        .filter(OWED, round__state=RoundState.OPEN, round__due_on__lt=today, state__in=WAITING)
        .select_related("round", "assignment__plan", "assignment__organisation", "assignment__region")
        .order_by("round", "assignment")
    )


def late_problems(viewer: Viewer, *, today: dt.date) -> QuerySet[Problem]:
    """Return the open problems whose present step is late."""
    return problems(viewer).filter(state__in=OPEN, due_on__lt=today)


def late_bodies(viewer: Viewer, *, today: dt.date) -> list[tuple[Organisation, int, int]]:
    """Return the other organisations that are late, with how many reports and problems they owe, most first."""
    reports = dict(
        late_reports(viewer, today=today)
        .order_by()
        .values_list("assignment__organisation")
        .annotate(n=Count("pk"))
        .values_list("assignment__organisation", "n")
    )
    owed = dict(
        late_problems(viewer, today=today)
        .order_by()
        .values_list("holder_id")
        .annotate(n=Count("pk"))
        .values_list("holder_id", "n")
    )
    bodies = Organisation.objects.select_related("region").in_bulk(
        [pk for pk in {*reports, *owed} if pk and pk != viewer.organisation_id]
    )
    rows = [(body, reports.get(pk, 0), owed.get(pk, 0)) for pk, body in bodies.items()]
    return sorted(rows, key=lambda row: (-row[1] - row[2], row[0].order))
