"""What the lists of a form offer: regions and industries."""

from dataclasses import dataclass

from xiandao.domains.industries.models import Industry
from xiandao.domains.orgs.models import Region, RegionKind


@dataclass(frozen=True, slots=True)
class Choices:
    """Regions by code with their names (a county after its city), industries by code with name and group."""

    regions: dict[str, str]
    industries: dict[str, str]
    groups: dict[str, str]

    @classmethod
    def load(cls) -> "Choices":
        """Read them: two queries."""
        kinds = (RegionKind.CITY, RegionKind.DISTRICT, RegionKind.COUNTY_CITY, RegionKind.COUNTY, RegionKind.ZONE)
        regions = {}
        for region in Region.objects.filter(kind__in=kinds, valid_to=None).select_related("parent").order_by("code"):
            above = region.parent if region.kind != RegionKind.CITY else None
            regions[region.code] = f"{above.label} {region.label}" if above is not None else region.label
        found = list(Industry.objects.order_by("order"))
        return cls(regions, {row.code: row.label for row in found}, {row.code: row.group_id for row in found})
