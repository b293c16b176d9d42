"""Duties from the plan: who has a part in which measure, at the province and in each city, by the version in force."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from typing import cast

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import register
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Counterpart
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.models import Duty, DutyRole, Measure, Plan, VersionState
from xiandao.domains.progress.models import Assignment, AssignmentOrigin, AssignmentRole

SYNCED = register("progress.duties_synced", _("按现行方案更新责任项"))
_FROM_PLAN = (AssignmentOrigin.PLAN, AssignmentOrigin.COUNTERPART)
Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A duty the plan asks for: its role and place, and for a city's body the provincial bodies it serves, by code."""

    role: AssignmentRole
    origin: AssignmentOrigin
    region: str
    serves: tuple[str, ...] = ()


@dataclass(slots=True)
class Synced:
    """What a synchronisation did: numbers of duties, and what the plan names that nobody can be given.

    `unnamed`: (measure key, printed name) of bodies the plan names that are no known organisation.
    `without_counterpart`: (measure key, city code) where no body of the city serves any responsible department.
    """

    made: int = 0
    changed: int = 0
    ended: int = 0
    unnamed: list[tuple[str, str]] = field(default_factory=list)
    without_counterpart: list[tuple[str, str]] = field(default_factory=list)


@transaction.atomic
def sync_assignments(actor: Viewer, *, plan: Plan, now: dt.datetime) -> Synced:
    """Make the duties of a plan what its version in force says, and return what changed.

    New duties start `now`, those the plan no longer has end `now` with what was handed down from them; a duty whose
    role changed keeps its row and its reports. Nothing is deleted. Raises Refused for those who may not publish plans.
    """
    if not actor.can(Can.IMPORT_PLANS):
        raise Refused(_("责任项随方案发布而更新，只有可以发布方案的人能更新。"))
    found = Synced()
    wanted = _wanted(plan, found)
    rows = Assignment.objects.for_system("bringing duties in line with the plan").select_for_update()
    live = {(row.measure_key, row.organisation_id): row for row in rows.filter(plan=plan, subtask=None, ended_at=None)}
    found.made = _make(plan, {key: duty for key, duty in wanted.items() if key not in live}, now)
    changes = _change([(live[key], duty) for key, duty in wanted.items() if key in live])
    found.changed = len(changes)
    found.ended = _end(
        plan, [row for key, row in live.items() if key not in wanted], {key for key, _body in wanted}, now
    )
    if found.made or found.changed or found.ended:
        audit.record(
            actor,
            SYNCED,
            kind="plan",
            key=plan.code,
            label=plan.name,
            before={"changed": [change[:2] for change in changes]} if changes else None,
            after={
                "made": found.made,
                "ended": found.ended,
                "changed": [(key, after) for key, _before, after in changes],
                "unnamed": found.unnamed,
                "without_counterpart": found.without_counterpart,
            },
        )
    return found


def sync_all(actor: Viewer, *, now: dt.datetime) -> None:
    """Bring the duties of every plan in line, as after loading a pack or correcting counterparts."""
    for plan in Plan.objects.for_system("bringing duties in line with the plans"):
        sync_assignments(actor, plan=plan, now=now)


def _wanted(plan: Plan, found: Synced) -> dict[Key, Wanted]:
    """Return the duties the version in force asks for, by measure key and organisation."""
    measures = Measure.objects.for_system("duties of the version in force").filter(
        version__plan=plan, version__state=VersionState.PUBLISHED
    )
    duties: dict[int, list[Duty]] = defaultdict(list)
    rows = Duty.objects.for_system("duties of the version in force").filter(measure__in=measures)
    for duty in rows.select_related("organisation").order_by("measure", "order"):
        duties[duty.measure_id].append(duty)
    links = _counterparts()
    wanted: dict[Key, Wanted] = {}
    for measure in measures.order_by("order"):
        named = [duty for duty in duties[measure.pk] if duty.organisation is not None]
        found.unnamed += [(measure.key, duty.printed) for duty in duties[measure.pk] if duty.organisation is None]
        for duty in named:
            key = (measure.key, cast("int", duty.organisation_id))
            if key not in wanted or duty.role == DutyRole.LEAD:
                role = AssignmentRole(duty.role)
                wanted[key] = Wanted(role, AssignmentOrigin.PLAN, plan.region_id)
        if measure.cities:
            _add_cities(measure.key, named, links, wanted, found)
    return wanted


def _counterparts() -> dict[str, dict[int, int]]:
    """Return, for each city, the body that serves each provincial body."""
    links: dict[str, dict[int, int]] = defaultdict(dict)
    for region, department, bureau in Counterpart.objects.order_by("region").values_list(
        "region_id", "department_id", "bureau_id"
    ):
        links[region][department] = bureau
    return links


def _add_cities(
    measure: str,
    duties: list[Duty],
    links: dict[str, dict[int, int]],
    wanted: dict[Key, Wanted],
    found: Synced,
) -> None:
    """Add the bodies that carry a measure out in each city, each once, in its strongest part."""
    for region, bureaus in links.items():
        served: dict[int, list[Duty]] = defaultdict(list)
        for duty in duties:
            bureau = bureaus.get(cast("int", duty.organisation_id))
            if bureau is not None:
                served[bureau].append(duty)
        if not served:
            found.without_counterpart.append((measure, region))
        for bureau, departments in served.items():
            leads = any(duty.role == DutyRole.LEAD for duty in departments)
            codes = tuple(dict.fromkeys(duty.organisation.code for duty in departments if duty.organisation))
            role = AssignmentRole.LEAD if leads else AssignmentRole.WITH
            wanted.setdefault((measure, bureau), Wanted(role, AssignmentOrigin.COUNTERPART, region, codes))


def _make(plan: Plan, missing: dict[Key, Wanted], now: dt.datetime) -> int:
    """Add the duties that are missing and return how many."""
    rows = [
        Assignment(
            plan=plan,
            measure_key=measure,
            organisation_id=organisation,
            region_id=duty.region,
            role=duty.role,
            origin=duty.origin,
            serves=list(duty.serves),
            started_at=now,
        )
        for (measure, organisation), duty in missing.items()
    ]
    return len(Assignment.objects.bulk_create(rows, batch_size=500))


def _change(pairs: list[tuple[Assignment, Wanted]]) -> list[tuple[str, dict[str, object], dict[str, object]]]:
    """Give duties their new role, place and served bodies; return (duty, before, after) of those that changed."""
    changed = []
    for row, duty in pairs:
        before = {"role": row.role, "origin": row.origin, "region": row.region_id, "serves": row.serves}
        after: dict[str, object] = {
            "role": duty.role.value,
            "origin": duty.origin.value,
            "region": duty.region,
            "serves": list(duty.serves),
        }
        if before == after:
            continue
        row.role, row.origin, row.region_id, row.serves = duty.role, duty.origin, duty.region, list(duty.serves)
        # The plan asks this body itself now, whoever had handed it down before.
        row.parent = None
        row.save(update_fields=["role", "origin", "region", "serves", "parent"])
        changed.append((f"{row.measure_key} {row.organisation_id}", before, after))
    return changed


def _end(plan: Plan, unwanted: list[Assignment], measures: set[str], now: dt.datetime) -> int:
    """End the duties the plan no longer has, and all that was handed down from them; return how many."""
    live = Assignment.objects.for_system("ending duties").filter(plan=plan, ended_at=None)
    gone = {row.pk for row in unwanted if row.origin in _FROM_PLAN}
    # A measure that is gone takes its split parts with it.
    gone |= set(live.exclude(measure_key__in=measures).values_list("pk", flat=True))
    below = gone
    while below:
        below = set(live.filter(parent__in=below).values_list("pk", flat=True)) - gone
        gone |= below
    return live.filter(pk__in=gone).update(ended_at=now)
