"""Targets as they are planned: which one, who leads it, its baseline, path and shares, with all that was superseded."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, QuerySet

from xiandao.domains.orgs.models import Organisation, Region, RegionKind
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.models import Duty, DutyRole, Issuer, Measure, PlanVersion, Target
from xiandao.domains.plans.queries import measure_by_key, plan_in_force, target_by_key
from xiandao.domains.progress.models import (
    Assignment,
    AssignmentOrigin,
    Baseline,
    Path,
    Share,
    ShareSet,
    ShareState,
    SubTask,
)


def target_in_force(viewer: Viewer, plan: str, key: str) -> Target:
    """Return a target by the plan's code and its key. Raises PlanVersion.DoesNotExist, Target.DoesNotExist."""
    return target_by_key(viewer, plan_in_force(viewer, plan), key)


def measure_in_force(viewer: Viewer, plan: str, key: str) -> Measure:
    """Return a measure by the plan's code and its key. Raises PlanVersion.DoesNotExist, Measure.DoesNotExist."""
    return measure_by_key(viewer, plan_in_force(viewer, plan), key)


def cities_of(version: PlanVersion) -> QuerySet[Region]:
    """Return the cities a target of this plan can be divided among."""
    return Region.objects.filter(parent=version.plan.region_id, kind=RegionKind.CITY).order_by("code")


def confirmers_of(target: Target) -> list[Organisation]:
    """Return the bodies that confirm how a target is divided: the leads of its measure, else the plan's issuers."""
    if target.measure_id:
        rows = (
            Duty.objects.for_system("who leads is public")
            .filter(measure=target.measure_id, role=DutyRole.LEAD, organisation__isnull=False)
            .select_related("organisation")
            .order_by("order")
        )
    else:
        rows = (
            Issuer.objects.for_system("who issued is public")
            .filter(version=target.version_id, organisation__isnull=False)
            .select_related("organisation")
            .order_by("order")
        )
    return [row.organisation for row in rows if row.organisation is not None]


@dataclass(frozen=True, slots=True)
class Records:
    """Everything recorded about one target, newest first; what is in force is the first without `superseded_at`."""

    baselines: list[Baseline]
    paths: list[Path]
    share_sets: list[ShareSet]

    @property
    def baseline(self) -> Baseline | None:
        return next((row for row in self.baselines if row.superseded_at is None), None)

    @property
    def path(self) -> Path | None:
        return next((row for row in self.paths if row.superseded_at is None), None)

    @property
    def confirmed(self) -> ShareSet | None:
        return self._set(ShareState.CONFIRMED)

    @property
    def proposed(self) -> ShareSet | None:
        return self._set(ShareState.PROPOSED)

    def _set(self, state: ShareState) -> ShareSet | None:
        return next((row for row in self.share_sets if row.superseded_at is None and row.state == state), None)


def records_of(viewer: Viewer, target: Target) -> Records:
    """Return baselines, paths and share sets of a target the viewer may see, newest first, in four queries."""
    which = {"plan": target.version.plan_id, "target_key": target.key}
    shares = Prefetch("shares", Share.objects.select_related("region").order_by("region"))
    newest = ("-recorded_at", "-pk")
    return Records(
        list(Baseline.objects.visible_to(viewer).filter(**which).order_by(*newest)),
        list(Path.objects.visible_to(viewer).filter(**which).order_by(*newest)),
        list(ShareSet.objects.visible_to(viewer).filter(**which).prefetch_related(shares).order_by(*newest)),
    )


def share_set_by_pk(viewer: Viewer, pk: int) -> ShareSet:
    """Return one share set with its shares. Raises ShareSet.DoesNotExist."""
    shares = Prefetch("shares", Share.objects.select_related("region").order_by("region"))
    return ShareSet.objects.visible_to(viewer).select_related("plan").prefetch_related(shares).get(pk=pk)


@dataclass(slots=True)
class Split:
    """How a measure is split: its sub-tasks in force with weight as a share of one and responsible bodies."""

    parts: list[SubTask] = field(default_factory=list)
    ended: list[SubTask] = field(default_factory=list)


def split_of(viewer: Viewer, *, plan_id: int, measure_key: str) -> Split:
    """Return the sub-tasks of a measure, those in force and those that were withdrawn, in three queries at most."""
    bodies = (
        Assignment.objects.for_system("how a measure is split is known to all who report")
        .filter(origin=AssignmentOrigin.SPLIT)
        .select_related("organisation", "region")
        .order_by("role", "organisation__order")
    )
    rows = (
        SubTask.objects.visible_to(viewer)
        .filter(plan=plan_id, measure_key=measure_key)
        .prefetch_related(Prefetch("assignments", bodies))
        .order_by("number")
    )
    split = Split()
    for row in rows:
        (split.parts if row.ended_at is None else split.ended).append(row)
    total = sum((row.weight for row in split.parts), Decimal(0))
    for row in split.parts:
        row.portion = row.weight / total if total else None
    return split


def bodies_by_name() -> dict[str, Organisation]:
    """Return active organisations by every name they go by; a name that two of them share leads to neither."""
    found: dict[str, Organisation | None] = {}
    rows: Any = Organisation.objects.filter(is_active=True).select_related("region").prefetch_related("aliases")
    for body in rows:
        for name in {body.name, body.full_name, *(alias.name for alias in body.aliases.all())} - {""}:
            found[name] = body if found.get(name, body) == body else None
    return {name: body for name, body in found.items() if body is not None}
