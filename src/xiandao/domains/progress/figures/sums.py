"""Claimed, verified and counted for any number of targets: the same few queries however many there are."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils import timezone

from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.models import AlsoCounts, Target, VersionState
from xiandao.domains.progress.figures.rows import WHOLE, Part, claims, counts, verified_by
from xiandao.domains.progress.models import ReportEvent, ReportVersion
from xiandao.kernel import Figure, FigureKind, RowsRef

Key = tuple[int, str]
"""A target for good: the plan's primary key and the target's key, which outlive a version of the text."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is needed of a target to count for it and to judge it, whatever else of it was loaded."""

    pk: int
    key: Key
    plan_code: str
    name: str
    unit: str
    kind: str
    comparator: str
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    year_from: int | None
    year_to: int | None
    issued_on: dt.date | None
    measure: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How much of one target was claimed, verified and counted. The claimed and verified are of what a viewer sees."""

    claimed: Figure
    verified: Figure
    counted: Figure


@dataclass(frozen=True, slots=True)
class Looked:
    """For which targets a report had been submitted, or verified, by a moment: there, nothing found is zero."""

    submitted: frozenset[Key]
    verified: frozenset[Key]


def facts_of(targets: Iterable[Target]) -> list[Facts]:
    """Return the facts of targets in the order given, in one query."""
    order = [target.pk for target in targets]
    rows = (
        Target.objects.for_system("numbers of targets are public")
        .filter(pk__in=order)
        .values_list(
            "pk", "version__plan", "key", "version__plan__code", "name", "unit", "kind", "comparator", "value", "low",
            "high", "version__year_from", "year", "version__year_to", "version__issued_on", "measure__key",
        )
    )  # fmt: skip
    found = {row[0]: _facts(row) for row in rows}
    return [found[pk] for pk in order if pk in found]


def _facts(row: Sequence[Any]) -> Facts:
    pk, plan, key, code, name, unit, kind, comparator, value, low, high, year_from, year, year_to, issued, measure = row
    return Facts(
        pk=pk, key=(plan, key), plan_code=code, name=name, unit=unit, kind=kind, comparator=comparator,
        value=exact(value), low=exact(low), high=exact(high), year_from=year_from, year_to=year or year_to,
        issued_on=issued, measure=measure or "",
    )  # fmt: skip


def exact(value: Decimal | float | None) -> Decimal | None:
    """Return a sum as an exact decimal without trailing zeros; None stays None."""
    if value is None:
        return None
    rounded = Decimal(str(value)).quantize(Decimal("0.000001")).normalize()
    return rounded.quantize(Decimal(1)) if rounded == rounded.to_integral_value() else rounded


def looked_at(facts: Sequence[Facts], as_of: dt.datetime, part: Part = WHOLE) -> Looked:
    """Return for which targets somebody had looked by a moment: a report of the target's measure (in the city, or of
    the organisation) had been submitted, verified. A target outside all measures is looked at with a target of which
    every result counts towards it.
    """
    links = _links({fact.key[0] for fact in facts})
    measure_of = {fact.key: (fact.key[0], fact.measure) for fact in facts if fact.measure}
    borrowed = {one: other for one, other in links if one not in measure_of}
    lenders = _measures_of(set(borrowed.values()))
    measure_of |= {one: lenders[other] for one, other in borrowed.items() if other in lenders}
    rows = ReportVersion.objects.filter(
        report__assignment__plan__in={plan for plan, _measure in measure_of.values()},
        at__lte=as_of,
        event__in=(ReportEvent.SUBMITTED, ReportEvent.VERIFIED),
    )
    place = "report__assignment__region"
    if part.region:
        rows = rows.filter(Q(**{place: part.region}) | Q(**{f"{place}__parent": part.region}))
    if part.organisation is not None:
        rows = rows.filter(report__assignment__organisation=part.organisation)
    found = set(
        rows.order_by().values_list("report__assignment__plan", "report__assignment__measure_key", "event").distinct()
    )
    verified = {(plan, measure) for plan, measure, event in found if event == ReportEvent.VERIFIED}
    submitted = {(plan, measure) for plan, measure, _event in found}
    return Looked(
        frozenset(key for key, measure in measure_of.items() if measure in submitted),
        frozenset(key for key, measure in measure_of.items() if measure in verified),
    )


def _links(plans: set[int]) -> list[tuple[Key, Key]]:
    """Return the pairs of targets whose results are the very same, the first of each in one of these plans."""
    rows = AlsoCounts.objects.filter(Q(plan__in=plans) | Q(other_plan__in=plans), rule="same")
    pairs = [((row.plan_id, row.key), (row.other_plan_id, row.other_key)) for row in rows]
    return [pair for pair in [*pairs, *((other, one) for one, other in pairs)] if pair[0][0] in plans]


def _measures_of(keys: set[Key]) -> dict[Key, Key]:
    """Return the measure (plan, key) of targets in force that have one."""
    condition = Q(pk__in=[])
    for plan, key in keys:
        condition |= Q(version__plan=plan, key=key)
    rows = Target.objects.for_system("which measure a public target belongs to").filter(
        condition, version__state=VersionState.PUBLISHED, measure__isnull=False
    )
    return {
        (plan, key): (plan, measure) for plan, key, measure in rows.values_list("version__plan", "key", "measure__key")
    }


def counted_sums(keys: Iterable[Key], as_of: dt.datetime, part: Part = WHOLE) -> dict[Key, tuple[Decimal, int]]:
    """Return (quantity, number of results) counted towards each target that has any."""
    wanted = set(keys)
    rows = (
        counts(as_of=as_of, part=part)
        .filter(plan__in={plan for plan, _key in wanted}, target_key__in={key for _plan, key in wanted})
        .order_by()
        .values_list("plan", "target_key")
        .annotate(total=Sum("result__quantity"), n=Count("pk"))
    )
    return {(plan, key): (exact(total) or Decimal(0), n) for plan, key, total, n in rows}


def counted_figures(
    facts: Sequence[Facts], as_of: dt.datetime, *, part: Part = WHOLE, looked: Looked | None = None
) -> dict[int, Figure]:
    """Return what was counted towards each target by `as_of`, by the target's primary key.

    Counted is 0 only where a report of the measure had been verified by then, or where every result counts towards a
    target of another plan of which that is true. A ratio, a rank or a growth is no sum of results: unknown.
    """
    known = (looked or looked_at(facts, as_of, part)).verified
    sums = counted_sums([fact.key for fact in facts], as_of, part)
    return {
        fact.pk: figure(fact, FigureKind.COUNTED, sums.get(fact.key), known=fact.key in known, as_of=as_of, part=part)
        for fact in facts
    }


def tallies(viewer: Viewer, targets: Iterable[Target], *, as_of: dt.datetime, part: Part = WHOLE) -> dict[int, Tally]:
    """Return claimed, verified and counted of targets as of a moment, by primary key; six queries for any number.

    Claimed and verified add up the claims the viewer sees; counted is the public number. With `part` all three are
    those of a city (by where the thing lies) or of one organisation (by who reported it).
    """
    facts = facts_of(targets)
    seen = looked_at(facts, as_of, part)
    counted = counted_figures(facts, as_of, part=part, looked=seen)
    rows = (
        claims(viewer, as_of=as_of, part=part)
        .filter(
            report__assignment__plan__in={fact.key[0] for fact in facts},
            target_key__in={fact.key[1] for fact in facts},
        )
        .order_by()
        .values_list("report__assignment__plan", "target_key")
        .annotate(
            claimed=Sum("quantity"),
            n_claimed=Count("pk"),
            verified=Sum("quantity", filter=verified_by(as_of)),
            n_verified=Count("pk", filter=verified_by(as_of)),
        )
    )
    sums = {(plan, key): row for plan, key, *row in rows}
    made = {}
    for fact in facts:
        claimed, n_claimed, verified, n_verified = sums.get(fact.key, (None, 0, None, 0))
        made[fact.pk] = Tally(
            claimed_figure(fact, claimed, n_claimed, seen, as_of=as_of, part=part),
            verified_figure(fact, verified, n_verified, seen, as_of=as_of, part=part),
            counted[fact.pk],
        )
    return made


def claimed_figure(fact: Facts, total: Any, number: int, seen: Looked, *, as_of: dt.datetime, part: Part) -> Figure:
    """Return what was claimed, from a sum and its number of rows."""
    given = (exact(total) or Decimal(0), number) if number else None
    return figure(fact, FigureKind.SELF_REPORTED, given, known=fact.key in seen.submitted, as_of=as_of, part=part)


def verified_figure(fact: Facts, total: Any, number: int, seen: Looked, *, as_of: dt.datetime, part: Part) -> Figure:
    """Return what was verified, from a sum and its number of rows."""
    given = (exact(total) or Decimal(0), number) if number else None
    return figure(fact, FigureKind.VERIFIED, given, known=fact.key in seen.verified, as_of=as_of, part=part)


def figure(
    fact: Facts,
    kind: FigureKind,
    total: tuple[Decimal, int] | None,
    *,
    known: bool,
    as_of: dt.datetime,
    part: Part = WHOLE,
) -> Figure:
    """Return one number of a target with the way to its rows: unknown unless there is something or somebody looked
    (`known`). `total` is the quantity with the number of rows.
    """
    value, number = total or (Decimal(0) if known else None, 0)
    if not summable(fact):
        value = None
    filters = {"plan": fact.plan_code, "key": fact.key[1], "kind": kind.value, "as_of": as_of.isoformat()}
    if part.region:
        filters["region"] = part.region
    if part.organisation is not None:
        filters["organisation"] = str(part.organisation)
    return Figure(
        name=fact.name,
        value=value,
        unit=fact.unit,
        period=None,
        kind=kind,
        as_of=timezone.localdate(as_of),
        rows=RowsRef(source="progress.rows", filters=filters, count=number),
    )


def summable(fact: Facts) -> bool:
    """Whether a target is reached by adding up results: numbers and amounts are, ratios, ranks and growth are not."""
    return fact.kind in SUMMABLE


SUMMABLE = frozenset({"count", "amount"})
