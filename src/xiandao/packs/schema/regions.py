"""regions.yaml: the administrative divisions and development zones a plan covers."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from xiandao.kernel.region_table import Region as KernelRegion
from xiandao.kernel.region_table import RegionTable
from xiandao.packs.schema.common import Code, Line, PackModel, Prose, RegionId, Source

RegionKind = Literal["province", "city", "district", "county_city", "county", "zone"]
Longitude = Annotated[Decimal, Field(ge=73, le=136, max_digits=12)]
Latitude = Annotated[Decimal, Field(ge=3, le=54, max_digits=12)]


class Region(PackModel):
    """A division (GB/T 2260 code) or a development zone (kernel's zone code under its parent; no GB/T 2260 unit).

    ``statistical_code`` is the pseudo-code some statistics use for a zone; ``point`` a
    representative longitude and latitude in degrees for labels, no boundary. ``valid_from``/``valid_to``
    and ``successor`` keep codes that changed with mergers.
    """

    code: RegionId
    name: Line
    en: Line
    kind: RegionKind
    parent: RegionId | None = None
    aliases: tuple[Line, ...] = ()
    statistical_code: Annotated[str, Field(pattern=r"^[0-9]{6}$")] | None = None
    point: tuple[Longitude, Latitude] | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    successor: RegionId | None = None
    source: Source | None = None


class RegionGroup(PackModel):
    """Cities that policy speaks of together (苏南、苏中、苏北)."""

    code: Code
    name: Line
    en: Line
    members: tuple[RegionId, ...]


class RegionsFile(PackModel):
    """The whole of regions.yaml; ``source`` holds for every region without its own."""

    source: Source
    regions: tuple[Region, ...]
    groups: tuple[RegionGroup, ...] = ()
    note: Prose | None = None

    def table(self) -> RegionTable:
        """Return the kernel's table of these regions, for lookup by code, name and history."""
        groups = {code: group.name for group in self.groups for code in group.members}
        return RegionTable(
            KernelRegion.of(
                region.code,
                region.name,
                parent=region.parent,
                group=groups.get(region.code, ""),
                valid_from=region.valid_from,
                valid_to=region.valid_to,
                successor=region.successor,
                aliases=region.aliases,
            )
            for region in self.regions
        )
