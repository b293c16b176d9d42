"""Reading rounds: how far each is, by department and by city, counted in the database."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Case, CharField, Count, F, Q, QuerySet, When

from xiandao.domains.orgs.models import Organisation, Region, RegionKind
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.models import Plan
from xiandao.domains.progress.actions.rounds import duties_in_scope
from xiandao.domains.progress.models import AssignmentOrigin, Report, ReportState, Round

_UNWRITTEN = (ReportState.EMPTY, ReportState.DRAFT, ReportState.RETURNED)
# A duty that ended before its report was written owes none.
OWED = Q(assignment__ended_at=None) | ~Q(state__in=(ReportState.EMPTY, ReportState.DRAFT))
STATES = tuple(ReportState)


def rounds(viewer: Viewer) -> QuerySet[Round]:
    """Return the rounds, newest period first."""
    return Round.objects.visible_to(viewer).select_related("plan").order_by("-period_end", "plan__order")


def round_by_pk(viewer: Viewer, pk: int) -> Round:
    """Return one round. Raises Round.DoesNotExist."""
    return Round.objects.visible_to(viewer).select_related("plan__region").get(pk=pk)


@dataclass(frozen=True, slots=True)
class Tally:
    """How the reports of one place or body stand in a round."""

    name: str
    link: str
    counts: dict[str, int]
    total: int
    overdue: int

    @property
    def columns(self) -> list[tuple[str, int]]:
        """State and number, in the order of the states."""
        return [(state.value, self.counts[state.value]) for state in STATES]


def _counted(rows: QuerySet[Report], today: dt.date) -> QuerySet[Report]:
    """Add the number in each state, in all, and overdue."""
    numbers = {f"n_{state.value}": Count("pk", filter=Q(state=state)) for state in STATES}
    overdue = Q(state__in=_UNWRITTEN, round__due_on__lt=today)
    return rows.annotate(total=Count("pk"), overdue=Count("pk", filter=overdue), **numbers)


def _tally(row: dict[str, int], name: str, link: str) -> Tally:
    counts = {state.value: row[f"n_{state.value}"] for state in STATES}
    return Tally(name, link, counts, row["total"], row["overdue"])


def in_all(viewer: Viewer, found: QuerySet[Round] | list[Round], *, today: dt.date) -> dict[int, Tally]:
    """Return for each round how all reports the viewer sees stand, in one query."""
    rows = Report.objects.visible_to(viewer).filter(OWED, round__in=found).order_by().values("round")
    return {row["round"]: _tally(row, "", "") for row in _counted(rows, today)}


def by_department(viewer: Viewer, found: Round, *, today: dt.date) -> list[Tally]:
    """Return how the reports of each provincial body stand."""
    rows = Report.objects.visible_to(viewer).filter(OWED, round=found, assignment__region=F("assignment__plan__region"))
    grouped = list(
        _counted(
            rows.order_by("assignment__organisation__order").values(
                "assignment__organisation", "assignment__organisation__order"
            ),
            today,
        )
    )
    bodies = Organisation.objects.in_bulk([row["assignment__organisation"] for row in grouped])
    named = [(row, bodies[row["assignment__organisation"]]) for row in grouped]
    return [_tally(row, body.label, f"organisation={body.pk}") for row, body in named]


def by_city(viewer: Viewer, found: Round, *, today: dt.date) -> list[Tally]:
    """Return how the reports of each city, with its counties, stand."""
    city = Case(
        When(assignment__region__kind=RegionKind.CITY, then=F("assignment__region")),
        default=F("assignment__region__parent"),
        output_field=CharField(),
    )
    rows = Report.objects.visible_to(viewer).filter(OWED, round=found)
    rows = rows.exclude(assignment__region=F("assignment__plan__region")).annotate(city=city)
    grouped = list(_counted(rows.order_by("city").values("city"), today))
    places = Region.objects.in_bulk([row["city"] for row in grouped])
    return [_tally(row, places[row["city"]].label, f"city={row['city']}") for row in grouped]


@dataclass(frozen=True, slots=True)
class Preview:
    """What opening a round would make: reports in all, by place, and for how many organisations."""

    reports: int
    organisations: int
    places: list[tuple[str, int]]
    counties: int


def preview(plan: Plan, scope: str) -> Preview:
    """Return what opening a round of a scope would make. For who may open one."""
    rows = duties_in_scope(plan, scope)
    grouped = rows.order_by("region").values("region").annotate(n=Count("pk"))
    numbers = {row["region"]: row["n"] for row in grouped}
    places = Region.objects.filter(pk__in=numbers).order_by("code")
    counties = rows.filter(origin=AssignmentOrigin.HANDED_DOWN).count()
    bodies = rows.order_by().values("organisation").distinct().count()
    return Preview(
        sum(numbers.values()),
        bodies,
        [
            (place.label, numbers[place.code])
            for place in places
            if place.kind in (RegionKind.PROVINCE, RegionKind.CITY)
        ],
        counties,
    )
