"""Reading imports: the list, and all the review page shows of one, in the same number of queries whatever its size."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.actions.imports.desk import drafts_in_order
from xiandao.domains.plans.actions.imports.drafts import Draft, left_out
from xiandao.domains.plans.actions.imports.places import unplaced_now
from xiandao.domains.plans.actions.imports.shape import MERGEABLE, SPLITTABLE
from xiandao.domains.plans.actions.imports.undo import in_effect
from xiandao.domains.plans.models import Strength, TargetKind
from xiandao.domains.plans.models.drafts import (
    Correction,
    DraftItem,
    ImportState,
    ItemKind,
    Operation,
    PlanImport,
    Review,
)
from xiandao.domains.plans.text import Line, Mark, marked_lines

LOW = 0.9
"""Confidence below which an item is called unsure."""

SHOWS = ("all", "todo", "low", "rejected")


@dataclass(frozen=True, slots=True)
class Row:
    """One item as the tree shows it. `heads` is a heading to print above it; `out` that it will not be published."""

    item: DraftItem
    draft: Draft
    depth: int
    title: str
    note: str
    out: bool
    above_out: bool
    waiting: bool
    low: bool
    within: str = ""
    heads: str = ""
    context: bool = False
    waiting_below: int = 0
    warning: str = ""
    may_split: bool = False
    may_merge: bool = False

    @property
    def key(self) -> str:
        return self.draft.key

    @property
    def kind(self) -> ItemKind:
        return self.draft.kind

    @property
    def percent(self) -> int | None:
        """The compiler's confidence as a whole percentage."""
        return None if self.draft.confidence is None else round(self.draft.confidence * 100)

    @property
    def doubtful(self) -> bool:
        """Whether the compiler's confidence is worth showing."""
        return not self.out and self.draft.confidence is not None and self.draft.confidence < 1

    @property
    def flagged(self) -> bool:
        """Whether anything stands at the end of the row."""
        return bool(self.warning or self.waiting_below or self.doubtful)

    @property
    def tagged(self) -> bool:
        """Whether the row names its kind; headings speak for themselves."""
        return self.kind not in (ItemKind.ACTION, ItemKind.MEASURE)

    @property
    def kind_label(self) -> str:
        """The kind in words."""
        return str(self.kind.label)

    @property
    def review_label(self) -> str:
        """The state of review in words."""
        return str(self.draft.review.label)

    @property
    def quantity(self) -> SimpleNamespace | None:
        """A target's numbers as the number format takes them."""
        if self.kind not in (ItemKind.TARGET, ItemKind.SUPPORT):
            return None
        data = self.draft.data
        numbers = {n: None if data[n] is None else Decimal(str(data[n])) for n in ("value", "low", "high")}
        return SimpleNamespace(comparator=data["comparator"], **numbers)


@dataclass(frozen=True, slots=True)
class Workbench:
    """What the review page shows of an import."""

    plan_import: PlanImport
    rows: list[Row]
    shown: list[Row]
    show: str
    current: Row | None
    done: int
    total: int
    counts: dict[str, int]
    unplaced: list[dict[str, Any]]
    writable: bool
    last: Correction | None

    @property
    def percent(self) -> int:
        """Share of items reviewed, as a whole percentage; 100 only when all are."""
        return 100 * self.done // self.total if self.total else 100


def imports(viewer: Viewer) -> QuerySet[PlanImport]:
    """Return the imports a viewer may see, newest first, without their texts, with counts of items."""
    items = DraftItem.objects.filter(plan_import=OuterRef("pk"))
    # What stands under a rejected item does not wait.
    waiting = items.filter(review=Review.PROPOSED).exclude(parent__review=Review.REJECTED)
    waiting = waiting.exclude(parent__parent__review=Review.REJECTED)
    return (
        PlanImport.objects.visible_to(viewer)
        .defer("source_text", "unplaced", "head")
        .select_related("plan", "version")
        .annotate(n_items=_count(items), n_waiting=_count(waiting))
        .order_by("-created_at")
    )


def _count(rows: QuerySet[DraftItem]) -> Coalesce:
    counted = rows.order_by().values("plan_import").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def import_of(viewer: Viewer, pk: uuid.UUID) -> PlanImport:
    """Return one import. Raises PlanImport.DoesNotExist for a missing one and for one the viewer may not see."""
    found: PlanImport = PlanImport.objects.visible_to(viewer).select_related("plan", "version").get(pk=pk)
    return found


def workbench(viewer: Viewer, plan_import: PlanImport, *, show: str = "all", current: str = "") -> Workbench:
    """Return the review page of an import; `show` is one of SHOWS, `current` the key of the item looked at."""
    items = list(DraftItem.objects.filter(plan_import=plan_import))
    rows = tree(items)
    drafts = [row.draft for row in rows]
    unplaced = unplaced_now(plan_import.source_text, plan_import.unplaced, drafts)
    waiting = [row for row in rows if row.waiting]
    show = show if show in SHOWS else "all"
    return Workbench(
        plan_import=plan_import,
        rows=rows,
        shown=_shown(rows, show),
        show=show,
        current=next((row for row in rows if row.key == current), None),
        done=len(rows) - len(waiting),
        total=len(rows),
        counts={
            "all": len(rows),
            "todo": len(waiting),
            "low": sum(row.low for row in waiting),
            "rejected": sum(row.out for row in rows),
        },
        unplaced=unplaced,
        writable=viewer.can(Can.IMPORT_PLANS) and plan_import.state == ImportState.REVIEW,
        last=last_in_effect(plan_import),
    )


def source_lines(bench: Workbench) -> list[Line]:
    """Return the source as lines of marked pieces."""
    return marked_lines(bench.plan_import.source_text, _marks(bench.rows, bench.unplaced))


def tree(items: Iterable[DraftItem]) -> list[Row]:
    """Return the items as rows, parents before children."""
    by_key = {item.key: item for item in items}
    drafts = drafts_in_order(by_key.values())
    out = left_out(drafts)
    depth: dict[str, int] = {}
    titles: dict[str, str] = {}
    measures_with_duty = {d.parent for d in drafts if d.kind == ItemKind.DUTY and d.key not in out}
    last_of: dict[tuple[str | None, ItemKind], str] = {}
    below = _waiting_below(drafts, out)
    rows = []
    for draft in drafts:
        depth[draft.key] = depth[draft.parent] + 1 if draft.parent else 0
        titles[draft.key] = title_of(draft)
        gone = draft.key in out
        waiting = draft.review == Review.PROPOSED and not gone
        sibling = last_of.get((draft.parent, draft.kind))
        unduty = draft.kind == ItemKind.MEASURE and not gone and draft.key not in measures_with_duty
        rows.append(
            Row(
                item=by_key[draft.key],
                draft=draft,
                depth=depth[draft.key],
                title=titles[draft.key],
                note=note_of(draft),
                out=gone,
                above_out=gone and draft.parent in out,
                waiting=waiting,
                low=waiting and draft.confidence is not None and draft.confidence < LOW,
                within=titles.get(draft.parent or "", ""),
                heads=_("总体目标与承诺") if not rows and draft.kind != ItemKind.ACTION else "",
                waiting_below=below.get(draft.key, 0),
                warning=_("没有责任单位") if unduty else "",
                may_split=not gone and draft.kind in SPLITTABLE,
                may_merge=not gone and sibling is not None and draft.kind in MERGEABLE,
            )
        )
        if draft.review != Review.REJECTED:
            last_of[draft.parent, draft.kind] = draft.key
    return rows


def _waiting_below(drafts: list[Draft], out: set[str]) -> dict[str, int]:
    """Return how many items wait under each item, at any depth."""
    count: dict[str, int] = {}
    for draft in reversed(drafts):  # children come after parents
        own = int(draft.review == Review.PROPOSED and draft.key not in out)
        if draft.parent:
            count[draft.parent] = count.get(draft.parent, 0) + own + count.get(draft.key, 0)
    return count


def _shown(rows: list[Row], show: str) -> list[Row]:
    """Return the rows of a filter: a tree with the headings above them, or the unsure ones, least sure first."""
    if show == "all":
        return rows
    if show == "low":
        unsure = [row for row in rows if row.low]
        return [replace(row, depth=0, heads="") for row in sorted(unsure, key=lambda row: row.draft.confidence or 0)]
    wanted = {row.key for row in rows if (row.waiting if show == "todo" else row.out)}
    parents = {row.key: row.draft.parent for row in rows}
    around: set[str] = set()
    for key in wanted:
        above = parents[key]
        while above and above not in around:
            around.add(above)
            above = parents[above]
    return [replace(r, context=r.key not in wanted) for r in rows if r.key in wanted or r.key in around]


def next_waiting(rows: list[Row], key: str, *, low: bool = False) -> str:
    """Return the key of the next item that waits after `key`, from the start if there is none, else `key` itself."""
    keys = [row.key for row in rows]
    place = keys.index(key) + 1 if key in keys else 0
    around = [*rows[place:], *rows[:place]]
    return next((row.key for row in around if (row.low if low else row.waiting)), key)


def _marks(rows: list[Row], unplaced: list[dict[str, Any]]) -> list[Mark]:
    """Return what is to be marked in the source: items that stay, and text nothing is read from."""
    marks = []
    for row in rows:
        if row.out:
            continue
        spans = [row.draft.span] if row.draft.span else []
        if row.kind == ItemKind.DUTY:
            spans = [tuple(quote["span"]) for quote in row.draft.data["quotes"] if quote.get("span")]
        spans += [tuple(place["span"]) for place in row.draft.data.get("also", ()) if place.get("span")]
        marks += [Mark(start, end, str(row.kind), row.key, "", row.title) for start, end in spans]
    text = _("未归类文字")
    marks += [Mark(*part["span"], "unplaced", "", "", text) for part in unplaced if part.get("span")]
    return marks


def title_of(draft: Draft) -> str:
    """Return the words by which an item is known in the tree."""
    data = draft.data
    if draft.kind in (ItemKind.ACTION, ItemKind.MEASURE):
        return f"{data['no']} {data['title']}".strip()
    if draft.kind == ItemKind.DUTY:
        bodies = "、".join((*data["lead"], *data["with"]))
        return bodies or (_("各市（县、区）") if data["cities"] else _("（未列单位）"))
    if draft.kind == ItemKind.MECHANISM:
        return f"“{data['name']}”"
    return str(data["quote"] if draft.kind == ItemKind.COMMITMENT else data["object"])


def note_of(draft: Draft) -> str:
    """Return the short second part of a row: kind of number or strength."""
    if draft.kind in (ItemKind.TARGET, ItemKind.SUPPORT):
        return str(TargetKind(draft.data["kind"]).label)
    if draft.kind == ItemKind.COMMITMENT:
        return str(Strength(draft.data["strength"]).label)
    return ""


def last_in_effect(plan_import: PlanImport) -> Correction | None:
    """Return the correction that undoing takes back next."""
    rows = Correction.objects.filter(plan_import=plan_import).defer("before", "after").select_related("undoes")
    found = {row.number: row for row in rows}
    held = in_effect((row.number, row.undoes.number if row.undoes else None) for row in found.values())
    number = max((n for n in held if found[n].operation != Operation.UNDO), default=None)
    return None if number is None else found[number]
