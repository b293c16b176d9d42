"""Reading duties: who has which part, how it stands by its newest report, and everything it has reported."""

from django.db.models import OuterRef, QuerySet, Subquery

from xiandao.domains.orgs.models import Organisation
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.progress.models import Assignment, Report, ReportState


def duties(viewer: Viewer) -> QuerySet[Assignment]:
    """Return the live duties the viewer sees, with `standing` and `reported` (period) of the last one submitted."""
    told = (
        Report.objects.for_system("the reports of duties the viewer sees")
        .filter(assignment=OuterRef("pk"), state__in=(ReportState.SUBMITTED, ReportState.VERIFIED))
        .order_by("-round__period_end")
    )
    return (
        _with_places(Assignment.objects.visible_to(viewer).filter(ended_at=None))
        .annotate(standing=Subquery(told.values("standing")[:1]), reported=Subquery(told.values("round__period")[:1]))
        .order_by("plan__order", "measure_key", "region__code", "role", "organisation__order", "id")
    )


def duty(viewer: Viewer, pk: int) -> Assignment:
    """Return one duty, ended ones included. Raises Assignment.DoesNotExist."""
    return _with_places(Assignment.objects.visible_to(viewer)).get(pk=pk)


def handed_down(viewer: Viewer, found: Assignment) -> QuerySet[Assignment]:
    """Return the duties handed down from one, those taken back since included."""
    rows = Assignment.objects.visible_to(viewer).filter(parent=found)
    return _with_places(rows).order_by("region__code", "organisation__order", "id")


def served_departments(found: Assignment) -> QuerySet[Organisation]:
    """Return the provincial bodies whose work a city's duty does."""
    return Organisation.objects.filter(code__in=found.serves).order_by("order")


def county_bodies(found: Assignment) -> QuerySet[Organisation]:
    """Return the bodies of a city's counties and zones that a duty can be handed down to."""
    taken = Assignment.objects.for_system("who has the duty already").filter(
        plan=found.plan_id, measure_key=found.measure_key, subtask=found.subtask_id, ended_at=None
    )
    return (
        Organisation.objects.filter(region__parent=found.region_id, is_active=True)
        .exclude(pk__in=taken.values("organisation"))
        .select_related("region")
        .order_by("region__code", "order", "code")
    )


def reports_of(viewer: Viewer, found: Assignment) -> QuerySet[Report]:
    """Return what a duty has reported, newest round first."""
    return (
        Report.objects.visible_to(viewer)
        .filter(assignment=found)
        .select_related("round", "assignment")
        .order_by("-round__period_end")
    )


def _with_places(rows: QuerySet[Assignment]) -> QuerySet[Assignment]:
    return rows.select_related("plan", "organisation", "region", "subtask", "parent__organisation", "parent__region")
