"""Reading enterprises: the list a viewer may see, one with its results, history and audit."""

from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery

from xiandao.domains.enterprises.figures.counting import COUNTS, alive
from xiandao.domains.enterprises.models import Classification, Decision, Enterprise, Run, RunState
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Region
from xiandao.domains.orgs.viewer import Viewer

DONE = (RunState.CURRENT, RunState.SUPERSEDED)


def may_read(viewer: Viewer) -> bool:
    """Whether a viewer reads lists of enterprises at all; which, says `Enterprise.visible`."""
    return viewer.can(Can.READ_ENTERPRISES)


def may_see_rows(viewer: Viewer, city: str = "") -> bool:
    """Whether a number of a city (the province without one) leads to rows the viewer sees whole."""
    if not may_read(viewer):
        return False
    if viewer.is_system or Region.objects.filter(code=viewer.region, parent=None).exists():
        return True
    return bool(city) and city == viewer.region


def enterprises(viewer: Viewer) -> QuerySet[Enterprise]:
    """Return the enterprises a viewer may see, those merged into others left out."""
    return Enterprise.objects.visible_to(viewer).filter(same_as=None)


def results_of(run: Run, condition: Q, *, gone: bool = False) -> Exists:
    """Return the condition on enterprises that one and the same result of the run meets another condition.

    `gone`: of enterprises no longer registered, by the last run that still had them.
    """
    rows = Classification.objects.for_system("the enterprises are scoped").filter(condition, enterprise=OuterRef("pk"))
    if not gone:
        return Exists(rows.filter(run=run))
    return Exists(rows.filter(run=newest_run(OuterRef("run__register")), enterprise__last_seen=F("run__register")))


def newest_run(register: OuterRef) -> Subquery:
    """Return the newest finished run of a register."""
    runs = Run.objects.for_system("runs of former registers").filter(register=register, state__in=DONE)
    return Subquery(runs.order_by("-number").values("pk")[:1])


def with_results(rows: QuerySet[Enterprise], run: Run | None) -> QuerySet[Enterprise]:
    """Return enterprises with their results of a run (`found`) and their place, by as many queries for any number."""
    found = Classification.objects.for_system("of enterprises already scoped").filter(run=run)
    found = found.select_related("industry").order_by("decision", "industry__order")
    return rows.select_related("region__parent").prefetch_related(Prefetch("classifications", found, to_attr="found"))


def enterprise(viewer: Viewer, pk: int) -> Enterprise:
    """Return one enterprise with place and register versions. Raises Enterprise.DoesNotExist if missing or hidden."""
    return (
        Enterprise.objects.visible_to(viewer)
        .select_related("region__parent", "first_seen", "last_seen", "gone_in", "same_as", "organisation")
        .get(pk=pk)
    )


@dataclass(frozen=True, slots=True)
class RunResults:
    """What one run found of an enterprise."""

    run: Run
    results: list[Classification]


def all_results(row: Enterprise) -> list[RunResults]:
    """Return what every finished run found of an enterprise, the newest first."""
    found = (
        Classification.objects.for_system("of an enterprise already seen")
        .filter(enterprise=row, run__state__in=DONE)
        .select_related("run__register", "run__catalogue", "industry")
        .order_by("-run__number", "industry__order")
    )
    grouped: dict[int, RunResults] = {}
    for result in found:
        grouped.setdefault(result.run_id, RunResults(result.run, [])).results.append(result)
    return list(grouped.values())


def decisions(viewer: Viewer, run: Run, condition: Q) -> dict[str, int]:
    """Return how many enterprises have a result that counts, waits for review, does not count, or any.

    `condition`: on results, as the other filters of the list say.
    """
    live = alive(run.register.as_of)
    asked = {
        "counted": Count("enterprise", distinct=True, filter=COUNTS & live),
        "review": Count("enterprise", distinct=True, filter=Q(decision=Decision.REVIEW)),
        "out": Count("enterprise", distinct=True, filter=Q(decision=Decision.OUT)),
        "all": Count("enterprise", distinct=True),
    }
    rows = Classification.objects.visible_to(viewer).filter(condition, run=run, enterprise__same_as=None)
    return rows.order_by().aggregate(**asked)


def own_enterprise(viewer: Viewer) -> Enterprise | None:
    """Return the enterprise a viewer acts for."""
    if not viewer.organisation_id:
        return None
    rows = Enterprise.objects.for_system("one's own enterprise")
    return rows.filter(organisation=viewer.organisation_id).first()
