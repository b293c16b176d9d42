"""Entries a viewer sees: the list with whether each counts, one entry, how many in which state, what makes a number."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from xiandao.domains.enterprises.models import Enterprise
from xiandao.domains.ledger.models import Entry, EntryHolder, EntryState, HolderRole
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Region
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.progress.models import ResultCount

ON_LIST = (EntryState.LISTED, EntryState.RECTIFYING)
OFF_LIST = (EntryState.DOWNGRADED, EntryState.UPGRADED, EntryState.EXPIRED, EntryState.REMOVED, EntryState.WITHDRAWN)


def entries(viewer: Viewer) -> QuerySet[Entry]:
    """Return the entries the viewer sees, newest decision first, with `counts`: whether it counts now."""
    holders = EntryHolder.objects.exclude(role=HolderRole.PERSON).order_by("order", "pk")
    live = ResultCount.objects.filter(result=OuterRef("result"), void_at=None)
    return (
        Entry.objects.visible_to(viewer)
        .select_related("decided_by")
        .prefetch_related(
            Prefetch("holders", holders, to_attr="bodies"),
            Prefetch("regions", Region.objects.select_related("parent")),
            "industries",
        )
        .annotate(counts=Exists(live))
        .order_by("-decided_on", "-pk")
    )


def entry(viewer: Viewer, code: str) -> Entry:
    """Return one entry. Raises Entry.DoesNotExist."""
    rows = Entry.objects.visible_to(viewer).select_related("decided_by", "kept_by", "result")
    return rows.prefetch_related("regions__parent", "industries", "holders__organisation").get(code=code)


def sees_inside(viewer: Viewer, row: Entry) -> bool:
    """Whether the viewer sees reasons, evaluations, amounts, names of persons: the province, its place, its holder."""
    if viewer.is_system or any(
        held.organisation_id and held.organisation_id == viewer.organisation_id for held in row.holders.all()
    ):
        return True
    if not viewer.can(Can.READ_LEDGER):
        return False
    places = {code for region in row.regions.all() for code in (region.pk, region.parent_id)}
    return viewer.region in places or Region.objects.filter(pk=viewer.region, parent=None).exists()


def readable_firms(viewer: Viewer, row: Entry) -> set[int]:
    """Return which of an entry's enterprises the viewer may open."""
    wanted = [held.enterprise_id for held in row.holders.all() if held.enterprise_id]
    return set(Enterprise.objects.visible_to(viewer).filter(pk__in=wanted).values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class Standing:
    """How many entries a viewer sees on the list, off it, and published elsewhere."""

    on_list: int
    off_list: int
    elsewhere: int


def standing(viewer: Viewer) -> Standing:
    """Return how many entries the viewer sees in which state. One query."""
    rows = Entry.objects.visible_to(viewer).order_by().values_list("state").annotate(n=Count("pk", distinct=True))
    found = dict(rows)
    return Standing(
        sum(found.get(state, 0) for state in ON_LIST),
        sum(found.get(state, 0) for state in OFF_LIST),
        found.get(EntryState.ELSEWHERE, 0),
    )


def counting_for(plan_id: int, key: str) -> Q:
    """Return the condition of entries that count towards a target now."""
    live = ResultCount.objects.filter(result=OuterRef("result"), void_at=None, plan=plan_id, target_key=key)
    return Q(Exists(live))


@dataclass(frozen=True, slots=True)
class KindLine:
    """Entries of one kind that name a target or count towards it."""

    kind: str
    name: str
    counted: int
    off: int


def lines_of_target(viewer: Viewer, plan_id: int, key: str) -> list[KindLine]:
    """Return by kind how many entries count towards a target and how many do no longer."""
    counts = counting_for(plan_id, key)
    rows = Entry.objects.visible_to(viewer).filter(counts | Q(targets__plan=plan_id, targets__target_key=key))
    counted = dict(rows.filter(counts).order_by().values_list("kind").annotate(n=Count("pk", distinct=True)))
    all_rows = rows.order_by().values_list("kind", "kind_name").annotate(n=Count("pk", distinct=True))
    return [KindLine(kind, name, counted.get(kind, 0), n - counted.get(kind, 0)) for kind, name, n in sorted(all_rows)]
