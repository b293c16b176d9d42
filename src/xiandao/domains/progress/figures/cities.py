"""Targets city by city: share, claimed, verified and counted, by where the thing lies."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, F, Q, Sum, When

from xiandao.domains.orgs.models import Region, RegionKind
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.models import Target
from xiandao.domains.progress.figures.rows import Part, claims, counts
from xiandao.domains.progress.figures.sums import (
    Facts,
    Key,
    Looked,
    Tally,
    claim_sums,
    claimed_figure,
    exact,
    facts_of,
    figure,
    sources_of,
    towards,
    verified_figure,
    within_view,
)
from xiandao.domains.progress.models import ReportEvent, ReportVersion, ShareSet, ShareState
from xiandao.kernel import FigureKind


def city_of(path: str) -> Case:
    """Return the code of the city in which a region lies: itself, or the city above a county. None above cities."""
    return Case(When(**{f"{path}__kind": RegionKind.CITY}, then=F(path)), default=F(f"{path}__parent"))


def share_sets_at(keys: Iterable[Key], as_of: dt.datetime, *, state: ShareState) -> dict[Key, ShareSet]:
    """Return the share set of each target that was confirmed (or waiting) at a moment, with its shares; two queries."""
    live = Q(plan__in={plan for plan, _key in keys}, recorded_at__lte=as_of)
    live &= Q(superseded_at=None) | Q(superseded_at__gt=as_of)
    decided = Q(state=ShareState.CONFIRMED, decided_at__lte=as_of)
    waiting = Q(decided_at=None) | Q(decided_at__gt=as_of)
    rows = ShareSet.objects.for_system("shares for figures the caller shows").filter(
        live & (decided if state == ShareState.CONFIRMED else waiting)
    )
    return {(row.plan_id, row.target_key): row for row in rows.prefetch_related("shares").order_by("recorded_at")}


@dataclass(frozen=True, slots=True)
class CityLine:
    """One city's line of a target. `share` is confirmed; `proposed` waits and binds nobody. `attained`: counted as a
    share of the confirmed share, not capped; None where either is unknown or the share is zero.
    """

    region: Region
    share: Decimal | None
    proposed: Decimal | None
    tally: Tally

    @property
    def attained(self) -> float | None:
        counted = self.tally.counted.value
        return float(counted / self.share) if self.share and counted is not None else None


def city_lines(viewer: Viewer, target: Target, regions: Sequence[Region], *, as_of: dt.datetime) -> list[CityLine]:
    """Return a target's line for each city as of a moment, in nine queries whatever the number of cities.

    Things that lie in no city (of the province as a whole) are in none of the lines.
    """
    (fact,) = facts_of([target])
    seen = _looked(fact, as_of)
    nothing = Looked(frozenset(), frozenset())
    inside = within_view(viewer, [fact], Looked(frozenset({fact.key}), frozenset({fact.key}))).submitted
    counted = counted_by_city([fact], as_of)
    rows = (
        claims(viewer, as_of=as_of)
        .filter(towards(sources_of({fact.key})[fact.key]))
        .annotate(city=Case(When(region=None, then=city_of("report__assignment__region")), default=city_of("region")))
        .order_by()
        .values_list("city")
        .annotate(**claim_sums(as_of))
    )
    sums: dict[str | None, Sequence[Any]] = {city: row for city, *row in rows}
    confirmed = _values(share_sets_at([fact.key], as_of, state=ShareState.CONFIRMED).get(fact.key))
    proposed = _values(share_sets_at([fact.key], as_of, state=ShareState.PROPOSED).get(fact.key))
    lines = []
    for region in regions:
        part, looked = Part(region=region.code), seen.get(region.code, nothing)
        mine = looked if inside else nothing
        claimed, n_claimed, verified, n_verified = sums.get(region.code, (None, 0, None, 0))
        tally = Tally(
            claimed_figure(fact, claimed, n_claimed, mine, as_of=as_of, part=part),
            verified_figure(fact, verified, n_verified, mine, as_of=as_of, part=part),
            figure(
                fact,
                FigureKind.COUNTED,
                counted.get((fact.key, region.code)),
                known=fact.key in looked.verified,
                as_of=as_of,
                part=part,
            ),
        )
        lines.append(CityLine(region, confirmed.get(region.code), proposed.get(region.code), tally))
    return lines


def counted_by_city(facts: Sequence[Facts], as_of: dt.datetime) -> dict[tuple[Key, str], tuple[Decimal, int]]:
    """Return (quantity, number of results) counted towards each target in each city that has any; one query."""
    rows = (
        counts(as_of=as_of)
        .filter(plan__in={fact.key[0] for fact in facts}, target_key__in={fact.key[1] for fact in facts})
        .annotate(city=city_of("result__region"))
        .order_by()
        .values_list("plan", "target_key", "city")
        .annotate(total=Sum("result__quantity"), n=Count("pk"))
    )
    return {((plan, key), city or ""): (exact(total) or Decimal(0), n) for plan, key, city, total, n in rows}


def looked_by_city(plans: Iterable[int], as_of: dt.datetime) -> set[tuple[Key, str, str]]:
    """Return ((plan, measure), city, event) for every measure of which a city's report was submitted or verified."""
    rows = (
        ReportVersion.objects.filter(
            report__assignment__plan__in=set(plans),
            event__in=(ReportEvent.SUBMITTED, ReportEvent.VERIFIED),
            at__lte=as_of,
        )
        .annotate(city=city_of("report__assignment__region"))
        .order_by()
        .values_list("report__assignment__plan", "report__assignment__measure_key", "city", "event")
        .distinct()
    )
    return {((plan, measure), city or "", event) for plan, measure, city, event in rows}


def _looked(fact: Facts, as_of: dt.datetime) -> dict[str, Looked]:
    found: dict[str, set[str]] = {}
    for measure, city, event in looked_by_city([fact.key[0]], as_of):
        if measure == (fact.key[0], fact.measure):
            found.setdefault(city, set()).add(event)
    mine = frozenset([fact.key])
    return {
        city: Looked(mine, mine if ReportEvent.VERIFIED in events else frozenset()) for city, events in found.items()
    }


def _values(row: ShareSet | None) -> dict[str, Decimal]:
    return {share.region_id: exact(share.value) or Decimal(0) for share in row.shares.all()} if row else {}
