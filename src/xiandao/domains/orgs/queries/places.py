"""Reading regions and organisations: both are public."""

from django.db.models import Q, QuerySet

from xiandao.domains.orgs.models import (
    Counterpart,
    LoadedPack,
    Organisation,
    OrganisationAlias,
    Region,
    RegionKind,
)


def newest_pack() -> LoadedPack | None:
    """Return the pack loaded last, if any."""
    return LoadedPack.objects.first()


def cities() -> QuerySet[Region]:
    """Return the cities in the order of their codes."""
    return Region.objects.filter(kind=RegionKind.CITY).select_related("parent")


def city(code: str) -> Region:
    """Return one city. Raises Region.DoesNotExist."""
    return cities().prefetch_related("children").get(code=code)


def organisations() -> QuerySet[Organisation]:
    """Return every organisation with its place."""
    return Organisation.objects.select_related("region", "parent")


def provincial_parties() -> QuerySet[Organisation]:
    """Return the bodies that are nobody's counterpart in a city."""
    return organisations().filter(serves__isnull=True)


def organisation(code: str) -> Organisation:
    """Return one organisation with its other names. Raises Organisation.DoesNotExist."""
    return organisations().prefetch_related("aliases").get(code=code)


def counterparts_in(region: Region) -> QuerySet[Counterpart]:
    """Return which body of a city carries out which provincial body's work."""
    return (
        Counterpart.objects.filter(region=region).select_related("department", "bureau").order_by("department__order")
    )


def counterparts_of(department: Organisation) -> QuerySet[Counterpart]:
    """Return the city bodies that carry out this provincial body's work, by city."""
    return Counterpart.objects.filter(department=department).select_related("bureau", "region")


def served_by(bureau: Organisation) -> QuerySet[Counterpart]:
    """Return the provincial bodies whose work a city body carries out."""
    return Counterpart.objects.filter(bureau=bureau).select_related("department")


def organisations_by_printed_name() -> dict[str, Organisation]:
    """Return organisations by every name a document may print: name, full name, alias."""
    found: dict[str, Organisation] = {}
    for alias in OrganisationAlias.objects.select_related("organisation"):
        found[alias.name] = alias.organisation
    for row in Organisation.objects.all():
        if row.full_name:
            found[row.full_name] = row
        found[row.name] = row
    return found


def search_organisations(words: str) -> QuerySet[Organisation]:
    """Return organisations whose name, full name, English name or alias contains the words."""
    return (
        organisations()
        .filter(
            Q(name__icontains=words)
            | Q(full_name__icontains=words)
            | Q(name_en__icontains=words)
            | Q(aliases__name__icontains=words)
        )
        .distinct()
    )


def search_regions(words: str) -> QuerySet[Region]:
    """Return places whose name or code contains the words."""
    return Region.objects.filter(
        Q(name__icontains=words) | Q(name_en__icontains=words) | Q(code__startswith=words)
    ).select_related("parent")
