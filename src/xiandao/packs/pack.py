"""PolicyPack: a pack that was read and checked, with its plans, lists and rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from xiandao.packs.programmes import Programme
from xiandao.packs.schema.catalogue import CatalogueHeader, IndustryCatalogue
from xiandao.packs.schema.files import FilesFile
from xiandao.packs.schema.industries import IndustriesFile
from xiandao.packs.schema.layout import LayoutFile
from xiandao.packs.schema.ledger import LedgerFile
from xiandao.packs.schema.links import AlsoCountsFile
from xiandao.packs.schema.meta import PackMeta
from xiandao.packs.schema.orgs import CityBureau, Organisation, OrganisationsFile
from xiandao.packs.schema.plan import PlanDoc
from xiandao.packs.schema.progress import ProgressFile
from xiandao.packs.schema.regions import RegionsFile
from xiandao.packs.schema.roles import RolesFile
from xiandao.packs.schema.rules import DeadlinesFile, SecurityFile


@dataclass(frozen=True)
class PolicyPack:
    """A pack that passed all checks. ``version`` is the SHA-256 of its content (layout and comments left out).

    ``plans`` maps plan code to plan, the main plan first; ``texts`` the text of each plan that has one.
    """

    path: Path
    version: str
    meta: PackMeta
    plans: Mapping[str, PlanDoc]
    texts: Mapping[str, str]
    organisations: OrganisationsFile
    regions: RegionsFile
    industries: IndustriesFile
    roles: RolesFile
    also_counts: AlsoCountsFile
    deadlines: DeadlinesFile
    security: SecurityFile | None
    progress: ProgressFile | None
    files: FilesFile | None
    city_bureaus: tuple[CityBureau, ...] = field(repr=False)
    layout: LayoutFile | None = field(default=None, repr=False)
    ledger: LedgerFile | None = field(default=None, repr=False)
    catalogue_header: CatalogueHeader | None = field(default=None, repr=False)
    catalogue: tuple[IndustryCatalogue, ...] = field(default=(), repr=False)
    programmes: tuple[Programme, ...] = field(default=(), repr=False)

    @property
    def plan(self) -> PlanDoc:
        """The main plan, from plan.yaml."""
        return self.plans[self.meta.main_plan]

    @property
    def source_text(self) -> str | None:
        """The published text of the main plan."""
        return self.texts.get(self.meta.main_plan)

    @cached_property
    def _by_name(self) -> dict[str, Organisation]:
        return {n: o for o in self.organisations.organisations for n in (*o.aliases, o.full_name, o.name)}

    def organisation(self, name: str) -> Organisation:
        """Return the organisation called ``name`` (short name, full name or alias). Raises KeyError if none is."""
        return self._by_name[name]
