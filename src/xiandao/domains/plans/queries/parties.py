"""Responsible bodies and cities with what the plans in force ask of them."""

from collections.abc import Sequence

from django.db.models import Count, Prefetch, Q, QuerySet

from xiandao.domains.orgs.models import Organisation, Region, RegionKind
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.models import Duty, DutyRole, Target, VersionState

_IN_FORCE = Q(duties__version__state=VersionState.PUBLISHED)


def parties() -> QuerySet[Organisation]:
    """Return every body with `n_leads`, `n_helps` and `n_serves`: duties in force and provincial bodies served.

    Duties in force are public, so the counts need no viewer.
    """
    return (
        Organisation.objects.select_related("region")
        .annotate(
            n_leads=Count("duties", filter=_IN_FORCE & Q(duties__role=DutyRole.LEAD), distinct=True),
            n_helps=Count("duties", filter=_IN_FORCE & Q(duties__role=DutyRole.WITH), distinct=True),
            n_serves=Count("serves", distinct=True),
        )
        .order_by("order", "code")
    )


def cities_with_counts() -> QuerySet[Region]:
    """Return the cities with `n_bureaus`, `n_counties` and `n_zones`."""
    counties = (RegionKind.DISTRICT, RegionKind.COUNTY_CITY, RegionKind.COUNTY)
    return (
        Region.objects.filter(kind=RegionKind.CITY)
        .annotate(
            n_bureaus=Count("organisations", distinct=True),
            n_counties=Count("children", filter=Q(children__kind__in=counties), distinct=True),
            n_zones=Count("children", filter=Q(children__kind=RegionKind.ZONE), distinct=True),
        )
        .order_by("code")
    )


def duties_handed_down(viewer: Viewer, departments: Sequence[Organisation]) -> QuerySet[Duty]:
    """Return the duties that fall to a city body because it does these provincial bodies' work."""
    return (
        Duty.objects.visible_to(viewer)
        .filter(organisation__in=departments, version__state=VersionState.PUBLISHED, measure__cities=True)
        .select_related("measure__action", "version__plan", "organisation")
        .prefetch_related(Prefetch("measure__targets", Target.objects.visible_to(viewer).order_by("order")))
        .order_by("version__plan__order", "measure__order", "order")
    )
