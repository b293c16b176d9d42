"""One correction at a time: the import locked, its items at hand, every change noted and written with its record.

Each operation opens the desk, checks, changes items through it and closes it; closing writes the rows, one
Correction and one audit record. All of it happens in the caller's transaction or not at all.
"""

import uuid
from collections.abc import Iterable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import RegisteredAction, register
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.actions.imports.drafts import Draft, Place, new_key
from xiandao.domains.plans.models.drafts import (
    Correction,
    DraftItem,
    ImportState,
    ItemKind,
    Operation,
    PlanImport,
    Review,
)

Json = dict[str, Any]
Changes = dict[str, Json | None]
HEAD = "head"
"""The key under which corrections of the head stand."""

STEP = 1024
"""Distance between the order numbers of neighbours, so that an item can be put between them."""

_LABELS: dict[Operation, str | Promise] = {
    Operation.ACCEPT: gettext_lazy("方案录入：接受条目"),
    Operation.ACCEPT_MANY: gettext_lazy("方案录入：批量接受"),
    Operation.REJECT: gettext_lazy("方案录入：剔除条目"),
    Operation.RESTORE: gettext_lazy("方案录入：恢复条目"),
    Operation.EDIT: gettext_lazy("方案录入：修改条目"),
    Operation.EDIT_HEAD: gettext_lazy("方案录入：修改文件头"),
    Operation.ADD: gettext_lazy("方案录入：补充条目"),
    Operation.SPLIT: gettext_lazy("方案录入：拆分条目"),
    Operation.MERGE: gettext_lazy("方案录入：合并条目"),
    Operation.UNDO: gettext_lazy("方案录入：撤销"),
}
RECORDED: dict[Operation, RegisteredAction] = {
    operation: register(f"plans.import_{operation.value}", label) for operation, label in _LABELS.items()
}
RANK = {
    ItemKind.DUTY: 0,
    ItemKind.TARGET: 1,
    ItemKind.SUPPORT: 2,
    ItemKind.MECHANISM: 3,
    ItemKind.COMMITMENT: 4,
    ItemKind.ACTION: 5,
    ItemKind.MEASURE: 6,
}
"""The order of kinds under one parent: who, how much, what; headline items before actions."""

_FIELDS = ("kind", "order", "data", "span_start", "span_end", "confidence", "review")


class Changed(Conflict):
    """Somebody else changed the item since it was shown. `item` is how it stands now, None if it is gone; `by` whom."""

    def __init__(self, reason: str, *, item: DraftItem | None, by: str) -> None:
        super().__init__(reason)
        self.item = item
        self.by = by


def locked_import(actor: Viewer, pk: uuid.UUID) -> PlanImport:
    """Return the import locked for writing. Raises Refused unless the actor coordinates, Conflict if it is closed.

    Must run inside a transaction. An import that does not exist raises PlanImport.DoesNotExist.
    """
    if not actor.can(Can.IMPORT_PLANS):
        raise Refused(_("只有统筹协调单位可以录入和核对方案。"))
    found: PlanImport = PlanImport.objects.visible_to(actor).select_for_update().get(pk=pk)
    if found.state == ImportState.PUBLISHED:
        raise Conflict(_("这次录入已经发布，不能再改。要更正，请以同一原文或新原文再录入一次，发布为新版本。"))
    if found.state == ImportState.DISCARDED:
        raise Conflict(_("这次录入已经放弃，不能再改。请重新录入。"))
    return found


def draft_of(item: DraftItem, parent_key: str | None) -> Draft:
    """Return a row as the pure functions take it."""
    span = (item.span_start, item.span_end) if item.span_start is not None and item.span_end is not None else None
    kind, review = ItemKind(item.kind), Review(item.review)
    return Draft(item.key, kind, parent_key, item.data, span, item.confidence, review)


def drafts_in_order(items: Iterable[DraftItem]) -> list[Draft]:
    """Return rows as drafts, parents before children, siblings by kind and then in their order."""
    rows = sorted(items, key=_place_among_siblings)
    keys = {row.pk: row.key for row in rows}
    below: dict[int | None, list[DraftItem]] = {}
    for row in rows:
        below.setdefault(row.parent_id, []).append(row)
    out: list[Draft] = []

    def walk(parent: int | None) -> None:
        for row in below.get(parent, ()):
            out.append(draft_of(row, keys.get(row.parent_id) if row.parent_id else None))
            walk(row.pk)

    walk(None)
    return out


def _place_among_siblings(row: DraftItem) -> tuple[int, int, int]:
    return RANK[ItemKind(row.kind)], row.order, row.pk


class Desk:
    """The items of one import while one correction is made."""

    def __init__(self, actor: Viewer, pk: uuid.UUID) -> None:
        self.actor = actor
        self.plan_import = locked_import(actor, pk)
        self.text: str = self.plan_import.source_text
        rows = list(DraftItem.objects.filter(plan_import=self.plan_import))
        self._by_pk = {row.pk: row for row in rows}
        self.items = {row.key: row for row in rows}
        self.before: Changes = {}
        self.after: Changes = {}

    # Reading

    def item(self, key: str, revision: int | None = None) -> DraftItem:
        """Return an item. Raises Changed if it is gone or, with a revision, if it is another one than was shown."""
        found = self.items.get(key)
        if found is None:
            by = self._last_hand(key)
            raise Changed(_("这一条目已不在：它被合并、撤销或由他人删去。"), item=None, by=by)
        if revision is not None and found.revision != revision:
            by = self._last_hand(key)
            raise Changed(_("%(who)s刚刚改过这一条目。") % {"who": by or _("他人")}, item=found, by=by)
        return found

    def _last_hand(self, key: str) -> str:
        """Return who touched an item last."""
        corrections = Correction.objects.filter(plan_import=self.plan_import).order_by("-number")
        for by, after in corrections.values_list("by", "after")[:200]:
            if key in (after or {}):
                return str(by)
        return ""

    def parent_key(self, item: DraftItem) -> str | None:
        """Return the key of what an item stands under."""
        return self._by_pk[item.parent_id].key if item.parent_id else None

    def siblings(self, kind: str, parent: DraftItem | None) -> list[DraftItem]:
        """Return the items of a kind under a parent, in order."""
        parent_id = parent.pk if parent else None
        rows = [row for row in self.items.values() if row.kind == kind and row.parent_id == parent_id]
        return sorted(rows, key=_place_among_siblings)

    def children(self, item: DraftItem) -> list[DraftItem]:
        """Return what stands under an item, in order."""
        return sorted((r for r in self.items.values() if r.parent_id == item.pk), key=_place_among_siblings)

    # Changing

    def change(self, item: DraftItem, **fields: Any) -> None:
        """Set fields of an item (and `parent`, a DraftItem or None), noting what they were."""
        was = self._state(item)
        for name, value in fields.items():
            setattr(item, name, value)
        now = self._state(item)
        changed = [name for name in now if now[name] != was[name]]
        if not changed:
            return
        if item.key not in self.before:
            self.before[item.key], self.after[item.key] = {}, {}
            item.revision += 1  # once for a correction, however many steps it takes
        before, after = self.before[item.key], self.after[item.key]
        if after is None:
            return
        for name in changed:
            if before is not None:
                before.setdefault(name, was[name])
            after[name] = now[name]
        item.save()

    def add(
        self,
        kind: ItemKind,
        parent: DraftItem | None,
        data: Json,
        span: Place | None,
        *,
        after: DraftItem | None = None,
        review: Review = Review.ADDED,
    ) -> DraftItem:
        """Put a new item after a sibling or, without one, where its place in the text belongs; return it."""
        key = new_key(kind, parent.key if parent else None, self.items)
        order = self.order_for(kind, parent, span, after)
        state = {
            "kind": str(kind),
            "parent": parent.key if parent else None,
            "order": order,
            "data": data,
            "span_start": span[0] if span else None,
            "span_end": span[1] if span else None,
            "confidence": None,
            "review": str(review),
        }
        self.before[key] = None
        self.after[key] = dict(state)
        return self._create(key, state)

    def _create(self, key: str, state: Json) -> DraftItem:
        fields = {name: state[name] for name in _FIELDS}
        parent = self.items[state["parent"]] if state["parent"] else None
        row = DraftItem.objects.create(plan_import=self.plan_import, key=key, parent=parent, **fields)
        self.items[key] = self._by_pk[row.pk] = row
        return row

    def remove(self, item: DraftItem) -> None:
        """Take an item away. Its children must have been moved before."""
        if self.children(item):
            raise Conflict(_("它下面还有条目，请先撤销对那些条目的改动。"))
        self.before[item.key] = {**self._state(item), **(self.before.get(item.key) or {})}
        self.after[item.key] = None
        del self.items[item.key]
        del self._by_pk[item.pk]
        item.delete()

    def put(self, key: str, state: Json | None) -> None:
        """Bring an item to a noted state: null takes it away, full fields bring it back, some fields are set."""
        item = self.items.get(key)
        if key == HEAD:
            self.change_head(state or {})
        elif state is None:
            if item is not None:
                self.remove(item)
        elif item is None:
            self.before[key], self.after[key] = None, dict(state)
            self._create(key, state)
        else:
            fields = dict(state)
            if "parent" in fields:
                above = fields["parent"]
                fields["parent"] = self.items[above] if above else None
            self.change(item, **fields)

    def holds(self, key: str, state: Json | None) -> bool:
        """Whether an item stands as noted, so that a correction that led there can be undone."""
        item = self.items.get(key)
        if key != HEAD and (item is None or state is None):
            return item is None and state is None
        now = self._state(item) if item is not None else self.plan_import.head
        state = state or {}
        return all(now.get(name) == value for name, value in state.items())

    def change_head(self, fields: Json) -> None:
        """Set fields of the head, noting what they were."""
        head = self.plan_import.head
        changed = {name: value for name, value in fields.items() if head.get(name) != value}
        self.before[HEAD] = {name: head.get(name) for name in changed}
        self.after[HEAD] = changed
        self.plan_import.head = head | changed
        self.plan_import.head_revision += 1
        self.plan_import.name = str(self.plan_import.head["title"])[:300]

    def _state(self, item: DraftItem) -> Json:
        return {name: getattr(item, name) for name in _FIELDS} | {"parent": self.parent_key(item)}

    def order_for(
        self, kind: ItemKind, parent: DraftItem | None, span: Place | None, after: DraftItem | None = None
    ) -> int:
        """Return an order number for a new sibling, making room if neighbours are too close."""
        rows = self.siblings(kind, parent)
        if after is not None:
            place = rows.index(after) + 1
        elif span is None:
            place = len(rows)
        else:
            later = (n for n, row in enumerate(rows) if row.span_start is not None and row.span_start > span[0])
            place = next(later, len(rows))
        low = rows[place - 1].order if place else 0
        high = rows[place].order if place < len(rows) else low + 2 * STEP
        if high - low >= 2:  # noqa: PLR2004 — room for one number between
            return (low + high) // 2
        for number, row in enumerate(rows, 1):
            self.change(row, order=(number + (number > place)) * STEP)
        return (place + 1) * STEP

    # Closing

    def close(
        self,
        operation: Operation,
        key: str,
        *,
        reason: str = "",
        undoes: Correction | None = None,
    ) -> Correction:
        """Write the correction and its audit record and return the correction."""
        last = Correction.objects.filter(plan_import=self.plan_import).order_by("-number").first()
        correction = Correction.objects.create(
            plan_import=self.plan_import,
            number=last.number + 1 if last else 1,
            operation=operation,
            key=key,
            before=self.before,
            after=self.after,
            undoes=undoes,
            reason=reason,
            by=self.actor.name,
        )
        self.plan_import.revision += 1
        self.plan_import.save(update_fields=["revision", "head", "head_revision", "name"])
        audit.record(
            self.actor,
            RECORDED[operation],
            kind="plan_import",
            key=str(self.plan_import.pk),
            label=f"{self.plan_import.name} {key}",
            before=self.before,
            after=self.after,
            reason=reason,
        )
        return correction
