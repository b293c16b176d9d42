"""Reading problems: lists, one problem with all that happened to it, and who is waiting for whom."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Case, Count, F, IntegerField, Min, Prefetch, Q, QuerySet, Value, When

from xiandao.domains.orgs.models import Organisation
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.progress.models import Assignment, Problem, ProblemEvent, ProblemState

OPEN = (ProblemState.RAISED, ProblemState.ASSIGNED, ProblemState.ANSWERED)


def problems(viewer: Viewer) -> QuerySet[Problem]:
    """Return the problems a viewer sees, newest first, each with `holder_id`: the organisation whose turn it is."""
    coordinator = Organisation.objects.filter(is_coordinator=True).values_list("pk", flat=True).first()
    return (
        Problem.objects.visible_to(viewer)
        .select_related("assignment__region", "assignment__plan", "raised_by", "asked_of", "assigned_to")
        .annotate(
            holder_id=Case(
                When(state=ProblemState.RAISED, then=Value(coordinator)),
                When(state=ProblemState.ASSIGNED, then=F("assigned_to")),
                When(state=ProblemState.ANSWERED, then=F("raised_by")),
                default=None,
                output_field=IntegerField(null=True),
            )
        )
        .order_by("-raised_at", "-id")
    )


def problem_by_code(viewer: Viewer, code: str) -> Problem:
    """Return one problem with its events in order. Raises Problem.DoesNotExist."""
    events = ProblemEvent.objects.select_related("organisation", "to").order_by("at", "id")
    return problems(viewer).prefetch_related(Prefetch("events", events)).get(code=code)


def overdue(rows: QuerySet[Problem], today: dt.date) -> QuerySet[Problem]:
    """Return those whose present step is late."""
    return rows.filter(state__in=OPEN, due_on__lt=today)


@dataclass(frozen=True, slots=True)
class Wait:
    """How many open problems of one organisation wait for another, how many of them late, and since when."""

    waiting: Organisation
    holder: Organisation
    count: int
    late: int
    since: dt.datetime


def waits(viewer: Viewer, *, today: dt.date) -> list[Wait]:
    """Return who is waiting for whom, the latest first: after an answer, whoever answered waits for its acceptance."""
    rows = (
        problems(viewer)
        .filter(state__in=OPEN, holder_id__isnull=False)
        .annotate(
            waiting_id=Case(
                When(state=ProblemState.ANSWERED, then=F("assigned_to")),
                default=F("raised_by"),
                output_field=IntegerField(),
            )
        )
        .order_by()
        .values("waiting_id", "holder_id")
        .annotate(count=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today)), since=Min("raised_at"))
    )
    found = list(rows)
    bodies = Organisation.objects.in_bulk({row[name] for row in found for name in ("waiting_id", "holder_id")})
    made = [
        Wait(bodies[row["waiting_id"]], bodies[row["holder_id"]], row["count"], row["late"], row["since"])
        for row in found
    ]
    return sorted(made, key=lambda wait: (-wait.late, -wait.count, wait.since))


def own_assignments(viewer: Viewer) -> QuerySet[Assignment]:
    """Return the duties a viewer may raise a problem for: those of the own organisation that still run."""
    return (
        Assignment.objects.visible_to(viewer)
        .filter(organisation=viewer.organisation_id, ended_at=None)
        .select_related("plan", "region")
        .order_by("plan__order", "measure_key")
    )
