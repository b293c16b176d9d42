"""Plans in force and their items. A page issues the same number of queries whatever the number of rows."""

from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from xiandao.domains.orgs.models import Counterpart, Organisation, Region
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.models import (
    Action,
    AlsoCounts,
    Commitment,
    Duty,
    DutyRole,
    Issuer,
    Measure,
    Mechanism,
    PlanVersion,
    Support,
    Target,
    VersionState,
)
from xiandao.domains.shared.counting import count_of


def plans_in_force(viewer: Viewer) -> QuerySet[PlanVersion]:
    """Return the version in force of every plan, in the order of the plans, with counts of their items."""
    return (
        PlanVersion.objects.visible_to(viewer)
        .filter(state=VersionState.PUBLISHED)
        .select_related("plan", "plan__region")
        .annotate(
            n_actions=count_of(Action.objects.visible_to(viewer), "version"),
            n_measures=count_of(Measure.objects.visible_to(viewer), "version"),
            n_targets=count_of(Target.objects.visible_to(viewer), "version"),
            n_parties=count_of(Duty.objects.visible_to(viewer), "version", distinct="printed"),
        )
        .order_by("plan__order", "plan__code")
    )


def plan_in_force(viewer: Viewer, code: str | None = None) -> PlanVersion:
    """Return the version in force of a plan, of the first plan unless a code is given.

    Raises PlanVersion.DoesNotExist.
    """
    versions = plans_in_force(viewer)
    found = versions.filter(plan__code=code).first() if code else versions.first()
    if found is None:
        raise PlanVersion.DoesNotExist
    return found


def _duties(viewer: Viewer) -> Prefetch:
    return Prefetch("duties", Duty.objects.visible_to(viewer).select_related("organisation").order_by("order"))


def _targets(viewer: Viewer) -> Prefetch:
    rows = Target.objects.visible_to(viewer).select_related("version__plan", "measure").order_by("order")
    return Prefetch("targets", rows)


def actions_of(viewer: Viewer, version: PlanVersion) -> QuerySet[Action]:
    """Return the actions of a version with their measures, duties and targets."""
    measures = Measure.objects.visible_to(viewer).order_by("order").prefetch_related(_duties(viewer), _targets(viewer))
    return (
        Action.objects.visible_to(viewer)
        .filter(version=version)
        .order_by("order")
        .prefetch_related(Prefetch("measures", measures))
    )


def measures_of(viewer: Viewer, version: PlanVersion | None = None) -> QuerySet[Measure]:
    """Return the measures in force (of one version, or of all plans) with their duties and targets."""
    rows = Measure.objects.visible_to(viewer).filter(version__state=VersionState.PUBLISHED)
    if version is not None:
        rows = Measure.objects.visible_to(viewer).filter(version=version)
    return (
        rows.select_related("action", "version__plan")
        .prefetch_related(_duties(viewer), _targets(viewer))
        .order_by("version__plan__order", "order")
    )


def measures_beside(viewer: Viewer, version: PlanVersion) -> list[Measure]:
    """Return the measures of a version in order, with what links to them need and nothing else."""
    rows = Measure.objects.visible_to(viewer).filter(version=version).order_by("order")
    return list(rows.only("key", "no", "name", "name_en", "order"))


def commitments_of_measures(viewer: Viewer) -> Prefetch:
    """Return what to prefetch on actions to have the commitments of their measures."""
    return Prefetch("measures__commitments", Commitment.objects.visible_to(viewer).order_by("order"))


def headline_commitments(viewer: Viewer, version: PlanVersion) -> QuerySet[Commitment]:
    """Return what a version promises without a number outside its measures."""
    return Commitment.objects.visible_to(viewer).filter(version=version, measure=None).order_by("order")


def measure_by_key(viewer: Viewer, version: PlanVersion, key: str) -> Measure:
    """Return one measure with everything it holds. Raises Measure.DoesNotExist."""
    return (
        measures_of(viewer, version)
        .prefetch_related(
            Prefetch("supports", Support.objects.visible_to(viewer).order_by("order")),
            Prefetch("mechanisms", Mechanism.objects.visible_to(viewer).order_by("order")),
            Prefetch("commitments", Commitment.objects.visible_to(viewer).order_by("order")),
        )
        .get(key=key)
    )


def issuers_of(viewer: Viewer, version: PlanVersion) -> QuerySet[Issuer]:
    """Return who signed a version, in the order of the signatures."""
    return Issuer.objects.visible_to(viewer).filter(version=version).select_related("organisation").order_by("order")


def targets_in_force(viewer: Viewer, version: PlanVersion | None = None) -> QuerySet[Target]:
    """Return the targets in force with their measure, plan and leading bodies."""
    leads = Duty.objects.visible_to(viewer).filter(role=DutyRole.LEAD).select_related("organisation").order_by("order")
    rows = Target.objects.visible_to(viewer).filter(version__state=VersionState.PUBLISHED)
    if version is not None:
        rows = rows.filter(version=version)
    return (
        rows.select_related("measure", "measure__action", "version__plan")
        .prefetch_related(Prefetch("measure__duties", leads, to_attr="leads"))
        .order_by("version__plan__order", "order")
    )


def target_by_key(viewer: Viewer, version: PlanVersion, key: str) -> Target:
    """Return one target. Raises Target.DoesNotExist."""
    return targets_in_force(viewer, version).get(key=key)


def shared_with(viewer: Viewer, target: Target) -> list[tuple[AlsoCounts, Target]]:
    """Return the targets of other plans that the same results serve, each with the link that says so."""
    plan = target.version.plan_id
    links = AlsoCounts.objects.filter(Q(plan=plan, key=target.key) | Q(other_plan=plan, other_key=target.key))
    wanted = {
        (link.other_plan_id, link.other_key) if link.plan_id == plan else (link.plan_id, link.key): link
        for link in links
    }
    if not wanted:
        return []
    condition = Q()
    for other_plan, other_key in wanted:
        condition |= Q(version__plan=other_plan, key=other_key)
    others = targets_in_force(viewer).filter(condition)
    return [(wanted[row.version.plan_id, row.key], row) for row in others]


def duties_of_organisation(viewer: Viewer, organisation: Organisation) -> QuerySet[Duty]:
    """Return what an organisation leads and helps with, in plans in force."""
    return (
        Duty.objects.visible_to(viewer)
        .filter(organisation=organisation, version__state=VersionState.PUBLISHED)
        .select_related("measure__action", "version__plan")
        .prefetch_related(Prefetch("measure__targets", Target.objects.visible_to(viewer).order_by("order")))
        .order_by("version__plan__order", "measure__order")
    )


def city_matrix(viewer: Viewer, version: PlanVersion, region: Region) -> list[dict[str, Any]]:
    """Return, for each measure of a version, which bodies of a city carry it out.

    Each row holds the measure, `lead` and `helping` (pairs of provincial duty and the city's
    Counterpart or None). Empty where the measure names no duty for cities.
    """
    counterparts = {
        link.department_id: link
        for link in Counterpart.objects.filter(region=region).select_related("bureau", "department")
    }
    rows = []
    for measure in measures_of(viewer, version):
        pairs = _one_per_bureau([(duty, counterparts.get(duty.organisation_id)) for duty in measure.duties.all()])
        rows.append(
            {
                "measure": measure,
                "lead": [pair for pair in pairs if pair[0].role == DutyRole.LEAD],
                "helping": [pair for pair in pairs if pair[0].role == DutyRole.WITH],
            }
        )
    return rows


def _one_per_bureau(pairs: list[tuple[Duty, Counterpart | None]]) -> list[tuple[Duty, Counterpart | None]]:
    """Return the pairs with each city body once, in its strongest part: leads stand before helpers."""
    seen: set[int] = set()
    kept = []
    for duty, link in pairs:
        if link is None or link.bureau_id not in seen:
            kept.append((duty, link))
        if link is not None:
            seen.add(link.bureau_id)
    return kept


def search_items(viewer: Viewer, words: str, *, most: int = 50) -> list[tuple[str, Any]]:
    """Return plans, actions, measures and targets in force that contain the words, each with its kind."""
    in_force = Q(version__state=VersionState.PUBLISHED)
    named = Q(name__icontains=words) | Q(name_en__icontains=words)
    plans = plans_in_force(viewer).filter(
        Q(plan__name__icontains=words) | Q(plan__name_en__icontains=words) | Q(document_no__icontains=words)
    )
    actions = Action.objects.visible_to(viewer).filter(in_force & named).select_related("version__plan")
    measures = (
        Measure.objects.visible_to(viewer)
        .filter(in_force & (named | Q(text__icontains=words)))
        .select_related("version__plan", "action")
    )
    targets = (
        Target.objects.visible_to(viewer)
        .filter(in_force & (named | Q(quote__icontains=words)))
        .select_related("version__plan", "measure")
    )
    found: list[tuple[str, Any]] = []
    for kind, rows in (("plan", plans), ("action", actions), ("measure", measures), ("target", targets)):
        found += [(kind, row) for row in rows[:most]]
    return found


def cities_of_measure(measure: Measure) -> list[dict[str, Any]]:
    """Return, for each city, its bodies that carry out this measure: by counterpart of the responsible bodies."""
    departments = {duty.organisation_id: duty for duty in measure.duties.all() if duty.organisation_id}
    links = Counterpart.objects.filter(department__in=departments).select_related("bureau", "region", "department")
    cities: dict[str, dict[str, Any]] = {}
    for link in links.order_by("region__code"):
        row = cities.setdefault(link.region_id, {"region": link.region, "lead": [], "helping": []})
        place = "lead" if departments[link.department_id].role == DutyRole.LEAD else "helping"
        if link.bureau not in row[place]:
            row[place].append(link.bureau)
    for row in cities.values():
        row["helping"] = [bureau for bureau in row["helping"] if bureau not in row["lead"]]
    return list(cities.values())
