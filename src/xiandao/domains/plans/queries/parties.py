"""Responsible bodies and cities with what the plans in force ask of them."""

from collections.abc import Sequence

from django.db.models import Prefetch, QuerySet

from xiandao.domains.orgs.models import Counterpart, Organisation, Region, RegionKind
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.models import Duty, DutyRole, Target, VersionState
from xiandao.domains.shared.counting import count_of


def _in_force(role: DutyRole) -> QuerySet[Duty]:
    return Duty.objects.for_system("duties in force are public").filter(
        role=role, version__state=VersionState.PUBLISHED
    )


def parties() -> QuerySet[Organisation]:
    """Return every body with `n_leads`, `n_helps` and `n_serves`: duties in force and provincial bodies served.

    Duties in force are public, so the counts need no viewer.
    """
    return (
        Organisation.objects.select_related("region")
        .annotate(
            n_leads=count_of(_in_force(DutyRole.LEAD), "organisation"),
            n_helps=count_of(_in_force(DutyRole.WITH), "organisation"),
            n_serves=count_of(Counterpart.objects.all(), "bureau"),
        )
        .order_by("order", "code")
    )


def cities_with_counts() -> QuerySet[Region]:
    """Return the cities with `n_bureaus`, `n_counties` and `n_zones`."""
    counties = (RegionKind.DISTRICT, RegionKind.COUNTY_CITY, RegionKind.COUNTY)
    return (
        Region.objects.filter(kind=RegionKind.CITY)
        .annotate(
            n_bureaus=count_of(Organisation.objects.all(), "region"),
            n_counties=count_of(Region.objects.filter(kind__in=counties), "parent"),
            n_zones=count_of(Region.objects.filter(kind=RegionKind.ZONE), "parent"),
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
