"""Claimed, verified and counted for any number of targets: the same few queries however many there are."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils import timezone

from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.models import AlsoCounts, Target, VersionState
from xiandao.domains.progress.figures.rows import WHOLE, Part, claims, counts, verified_by
from xiandao.domains.progress.models import Assignment, ReportEvent, ReportVersion
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
    """Return the facts of targets in the order given; one query, none where plan and measure are loaded already."""
    rows = list(targets)
    bare = [target.pk for target in rows if not _loaded(target)]
    loaded = (
        Target.objects.for_system("numbers of targets are public")
        .select_related("version__plan", "measure")
        .in_bulk(bare)
        if bare
        else {}
    )
    return [_facts(loaded.get(target.pk, target)) for target in rows]


def _loaded(target: Target) -> bool:
    """Whether plan and measure of a target came with it: Django keeps what was loaded under the field's name."""
    loaded = target._state.fields_cache  # noqa: SLF001 — the cache has no public door
    version = loaded.get("version")
    has_measure = target.measure_id is None or "measure" in loaded
    return version is not None and has_measure and "plan" in version._state.fields_cache  # noqa: SLF001


def _facts(target: Target) -> Facts:
    version = target.version
    return Facts(
        pk=target.pk,
        key=(version.plan_id, target.key),
        plan_code=version.plan.code,
        name=target.name,
        unit=target.unit,
        kind=target.kind,
        comparator=target.comparator,
        value=exact(target.value),
        low=exact(target.low),
        high=exact(target.high),
        year_from=version.year_from,
        year_to=target.deadline_year,
        issued_on=version.issued_on,
        measure=target.measure.key if target.measure else "",
    )


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
    measure_of = {fact.key: (fact.key[0], fact.measure) for fact in facts if fact.measure}
    without = {fact.key for fact in facts if not fact.measure}
    if without:
        measure_of |= _borrowed(without)
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


def _borrowed(keys: set[Key]) -> dict[Key, Key]:
    """Return, for targets outside all measures, the measure of a target of which every result counts towards them."""
    plans = {plan for plan, _key in keys}
    rows = AlsoCounts.objects.filter(Q(plan__in=plans) | Q(other_plan__in=plans), rule="same")
    pairs = [((row.plan_id, row.key), (row.other_plan_id, row.other_key)) for row in rows]
    others = {one: other for one, other in [*pairs, *((other, one) for one, other in pairs)] if one in keys}
    measures = _measures_of(set(others.values()))
    return {one: measures[other] for one, other in others.items() if other in measures}


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


@dataclass(frozen=True, slots=True)
class Ground:
    """What claimed, verified, counted and status of some targets rest on, asked of the database once."""

    facts: list[Facts]
    looked: Looked
    counted: dict[int, Figure]


def ground(targets: Iterable[Target], *, as_of: dt.datetime, part: Part = WHOLE) -> Ground:
    """Return the ground of targets as of a moment; give it to `tallies` and `statuses` where both are shown."""
    facts = facts_of(targets)
    looked = looked_at(facts, as_of, part)
    return Ground(facts, looked, counted_figures(facts, as_of, part=part, looked=looked))


def tallies(
    viewer: Viewer,
    targets: Iterable[Target],
    *,
    as_of: dt.datetime,
    part: Part = WHOLE,
    on: Ground | None = None,
) -> dict[int, Tally]:
    """Return claimed, verified and counted of targets as of a moment, by primary key; the same queries for any number.

    Claimed and verified add up the claims the viewer sees; counted is the public number. With `part` all three are
    those of a city (by where the thing lies) or of one organisation (by who reported it).
    """
    base = on or ground(targets, as_of=as_of, part=part)
    facts, seen, counted = base.facts, base.looked, base.counted
    sources = sources_of({fact.key for fact in facts})
    serving = set().union(*sources.values())
    rows = (
        claims(viewer, as_of=as_of, part=part)
        .filter(
            report__assignment__plan__in={plan for plan, _key in serving},
            target_key__in={key for _plan, key in serving},
        )
        .order_by()
        .values_list("report__assignment__plan", "target_key")
        .annotate(**claim_sums(as_of))
    )
    sums = {(plan, key): row for plan, key, *row in rows}
    seen = within_view(viewer, facts, seen)
    made = {}
    for fact in facts:
        claimed, n_claimed, verified, n_verified = added_up([sums[key] for key in sources[fact.key] if key in sums])
        made[fact.pk] = Tally(
            claimed_figure(fact, claimed, n_claimed, seen, as_of=as_of, part=part),
            verified_figure(fact, verified, n_verified, seen, as_of=as_of, part=part),
            counted[fact.pk],
        )
    return made


def within_view(viewer: Viewer, facts: Sequence[Facts], looked: Looked) -> Looked:
    """Return of what was looked at the targets whose measure the viewer sees duties of.

    Who sees no report of a measure does not know what was claimed there: unknown, not zero.
    """
    if viewer.can(Can.READ_PROGRESS):
        return looked
    duties = Assignment.objects.visible_to(viewer).order_by().values_list("plan", "measure_key").distinct()
    seen = set(duties)
    keys = frozenset(fact.key for fact in facts if (fact.key[0], fact.measure) in seen)
    return Looked(looked.submitted & keys, looked.verified & keys)


def claim_sums(as_of: dt.datetime) -> dict[str, Any]:
    """Return the annotations that add up claims: claimed, its rows, verified, its rows."""
    return {
        "claimed": Sum("quantity"),
        "n_claimed": Count("pk"),
        "verified": Sum("quantity", filter=verified_by(as_of)),
        "n_verified": Count("pk", filter=verified_by(as_of)),
    }


def added_up(rows: Sequence[Sequence[Any]]) -> tuple[Decimal, int, Decimal, int]:
    """Return rows of `claim_sums` added up; a missing sum is of no rows."""
    claimed, n_claimed, verified, n_verified = Decimal(0), 0, Decimal(0), 0
    for row in rows:
        claimed, n_claimed = claimed + (row[0] or 0), n_claimed + row[1]
        verified, n_verified = verified + (row[2] or 0), n_verified + row[3]
    return claimed, n_claimed, verified, n_verified


def sources_of(keys: set[Key]) -> dict[Key, set[Key]]:
    """Return for each target those whose claims serve it: itself, targets of the very same results, parts of it."""
    plans = {plan for plan, _key in keys}
    found = {key: {key} for key in keys}
    for row in AlsoCounts.objects.filter(Q(plan__in=plans) | Q(other_plan__in=plans), rule__in=("same", "subset")):
        one, other = (row.plan_id, row.key), (row.other_plan_id, row.other_key)
        if other in found:
            found[other].add(one)
        if one in found and row.rule == "same":
            found[one].add(other)
    return found


def towards(serving: Iterable[Key]) -> Q:
    """Return the condition of claims made towards one of these targets."""
    condition = Q(pk__in=[])
    for plan, key in serving:
        condition |= Q(report__assignment__plan=plan, target_key=key)
    return condition


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
