"""Reading the industry table: public."""

from collections.abc import Iterable

from django.db.models import Prefetch, Q, QuerySet

from xiandao.domains.industries.models import Industry, IndustryGroup, IndustryListing
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.models import Measure, PlanVersion, Target
from xiandao.domains.plans.queries import measures_of, plans_in_force, targets_in_force


def groups() -> QuerySet[IndustryGroup]:
    """Return the groups of the table with their industries and other names."""
    rows = Industry.objects.prefetch_related("aliases").order_by("order")
    return IndustryGroup.objects.prefetch_related(Prefetch("industries", rows)).order_by("order")


def industries() -> QuerySet[Industry]:
    """Return all industries with their group, other names and listings."""
    return Industry.objects.select_related("group").prefetch_related("aliases", "listings").order_by("order")


def industry(code: str) -> Industry:
    """Return one industry. Raises Industry.DoesNotExist."""
    listings = IndustryListing.objects.order_by("-listed", "document")
    return (
        Industry.objects.select_related("group")
        .prefetch_related("aliases", Prefetch("listings", listings))
        .get(code=code)
    )


def words_of(row: Industry) -> list[str]:
    """Return the words under which plans may mention an industry: its name, exact aliases, printed wordings."""
    words = [row.name, *(a.name for a in row.aliases.all() if a.relation == "same")]
    words += [listing.printed for listing in row.listings.all() if listing.printed]
    return list(dict.fromkeys(words))


def mentioned(viewer: Viewer, words: Iterable[str]) -> tuple[QuerySet[Measure], QuerySet[Target]]:
    """Return the measures and targets in force whose text names an industry by one of the words."""
    in_measure, in_target = Q(pk__in=[]), Q(pk__in=[])
    for word in words:
        in_measure |= Q(text__contains=word) | Q(name__contains=word)
        in_target |= Q(name__contains=word) | Q(quote__contains=word)
    return measures_of(viewer).filter(in_measure), targets_in_force(viewer).filter(in_target)


def plans_by_code(viewer: Viewer) -> dict[str, PlanVersion]:
    """Return the plans in force by code, to lead from a listing to its text."""
    return {version.plan.code: version for version in plans_in_force(viewer)}


def search(words: str) -> QuerySet[Industry]:
    """Return industries whose name or another name contains the words."""
    return (
        Industry.objects.select_related("group")
        .filter(Q(name__icontains=words) | Q(name_en__icontains=words) | Q(aliases__name__icontains=words))
        .distinct()
    )
