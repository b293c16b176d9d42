"""Which results count, and how many there are by industry, segment, role and city. Read once, remembered."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from django.db.models import Count, Q, QuerySet, Sum

from xiandao.domains.enterprises.figures.kept import kept
from xiandao.domains.enterprises.models import Classification, Decision, EnterpriseRole, Run, RunState
from xiandao.domains.orgs.models import Region

COUNTING_ROLES: Final = (EnterpriseRole.CORE, EnterpriseRole.SERVICE)
ENDED: Final = ("注销", "吊销")
"""How a register's status begins where an enterprise is no more."""
_CENT: Final = Decimal("0.01")


def current_run() -> Run | None:
    """Return the run in force with its register and catalogue; None before the first."""
    rows = Run.objects.for_system("which run is in force is public")
    return rows.select_related("register", "catalogue").filter(state=RunState.CURRENT).first()


def alive(as_of: dt.date, prefix: str = "enterprise__") -> Q:
    """Return the condition that an enterprise is in business on a day: not gone, not ended, not merged into another."""
    condition = Q(**{f"{prefix}gone_in": None, f"{prefix}same_as": None})
    condition &= Q(**{f"{prefix}ended_on": None}) | Q(**{f"{prefix}ended_on__gt": as_of})
    for word in ENDED:
        condition &= ~Q(**{f"{prefix}status__startswith": word})
    return condition


def alive_at(year: int, prefix: str = "") -> Q:
    """Return the condition that an enterprise was in business at the end of a past year, as far as is known now."""
    known = Q(**{f"{prefix}registered_on__year__lte": year})
    ended = Q(**{f"{prefix}ended_on": None}) | Q(**{f"{prefix}ended_on__year__gt": year})
    gone = Q(**{f"{prefix}gone_in": None}) | Q(**{f"{prefix}gone_in__as_of__year__gt": year})
    return known & ended & gone


COUNTS: Final = Q(decision=Decision.IN, role__in=COUNTING_ROLES)
"""What counts: decided "in" with role core or service."""


def counted(run: Run) -> QuerySet[Classification]:
    """Return the results of a run that count, of enterprises in business on the register's day."""
    rows = Classification.objects.for_system("counts are public; rows are read through visible_to")
    return rows.filter(COUNTS, alive(run.register.as_of), run=run)


@dataclass(slots=True)
class Cell:
    """Enterprises of one industry (and segment) in one city: how many of which role, new ones, capital of `known`."""

    core: int = 0
    service: int = 0
    new: int = 0
    known: int = 0
    capital: Decimal = Decimal(0)

    @property
    def firms(self) -> int:
        """Core and service together: what counts."""
        return self.core + self.service

    def add(self, other: "Cell") -> None:
        """Add another cell to this one."""
        self.core += other.core
        self.service += other.service
        self.new += other.new
        self.known += other.known
        self.capital += other.capital


Key = tuple[str, str, str]
"""Industry, segment, city ("" where the place is not known)."""


@dataclass(slots=True)
class Cube:
    """All counts of a run. `firms` counts each enterprise once over all industries, by city."""

    cells: dict[Key, Cell] = field(default_factory=dict)
    firms: dict[str, int] = field(default_factory=dict)

    def sum(self, *, industry: str | None = None, segment: str | None = None, city: str | None = None) -> Cell:
        """Return the sum over all that is not named."""
        whole = Cell()
        for (one_industry, one_segment, one_city), cell in self.cells.items():
            if industry in {None, one_industry} and segment in {None, one_segment} and city in {None, one_city}:
                whole.add(cell)
        return whole

    def by(self, *parts: int) -> dict[tuple[str, ...], Cell]:
        """Return sums by some parts of the key: 0 industry, 1 segment, 2 city."""
        found: dict[tuple[str, ...], Cell] = defaultdict(Cell)
        for key, cell in self.cells.items():
            found[tuple(key[part] for part in parts)].add(cell)
        return found


def cube(run: Run, *, since: int | None = None) -> Cube:
    """Return all counts of a run; `new` counts those registered in the year `since` or later."""
    return kept("enterprises.cube", run.pk, since, make=lambda: _cube(run, since))


def _cube(run: Run, since: int | None) -> Cube:
    city = cities_by_region()
    new = Q(enterprise__registered_on__year__gte=since) if since else Q(pk__in=[])
    rows = (
        counted(run)
        .order_by()
        .values_list("industry_id", "segment", "role", "enterprise__region_id")
        .annotate(
            n=Count("pk"),
            new=Count("pk", filter=new),
            known=Count("enterprise__capital"),
            capital=Sum("enterprise__capital"),
        )
    )
    found = Cube()
    for industry, segment, role, region, n, fresh, known, capital in rows:
        cell = found.cells.setdefault((industry, segment, city.get(region, "")), Cell())
        money = Decimal(capital or 0).quantize(_CENT)
        core = n if role == EnterpriseRole.CORE else 0
        cell.add(Cell(core=core, service=n - core, new=fresh, known=known, capital=money))
    once = counted(run).order_by().values_list("enterprise__region_id").annotate(n=Count("enterprise", distinct=True))
    for region, n in once:
        found.firms[city.get(region, "")] = found.firms.get(city.get(region, ""), 0) + n
    return found


def cities_by_region() -> dict[str | None, str]:
    """Return the city of every region by code: a city's own code for itself and for its counties and zones."""
    above = dict(Region.objects.values_list("code", "parent_id"))

    def city(code: str) -> str:
        parent = above.get(code)
        if parent is None:
            return ""
        return code if above.get(parent) is None else city(parent)

    return {code: city(code) for code in above}


def cities() -> list[Region]:
    """Return the cities of the province in the order of their codes."""
    return list(Region.objects.filter(parent__isnull=False, parent__parent=None).order_by("code"))


def within(code: str, prefix: str = "") -> Q:
    """Return the condition that something is in a region, its counties included."""
    inside = Region.objects.filter(Q(code=code) | Q(parent=code)).order_by()
    return Q(**{f"{prefix}region__in": inside.values("code")})


def total(cells: Iterable[Cell]) -> Cell:
    """Return the sum of cells."""
    whole = Cell()
    for cell in cells:
        whole.add(cell)
    return whole
