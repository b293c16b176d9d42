"""Corrections of single items: accept, reject, restore, edit, add; and accepting many at once."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.actions.imports.desk import Desk, drafts_in_order
from xiandao.domains.plans.actions.imports.drafts import PARENTS, Place, checked_data, duty_place, left_out
from xiandao.domains.plans.actions.imports.limits import item_faults
from xiandao.domains.plans.actions.imports.places import squeeze
from xiandao.domains.plans.models.drafts import Correction, DraftItem, ItemKind, Operation, Review
from xiandao.packs import PackError

Json = dict[str, Any]
_OPEN = (Review.PROPOSED, Review.TAKEN)


class BadFields(Refused):
    """Fields that do not make a valid item. `faults` are (field, sentence); "" stands for the item as a whole."""

    def __init__(self, faults: list[tuple[str, str]]) -> None:
        super().__init__(" ".join(sentence for _field, sentence in faults))
        self.faults = faults


@transaction.atomic
def accept(actor: Viewer, *, pk: uuid.UUID, key: str, revision: int, branch: bool = False) -> Correction:
    """Accept an item as read; with `branch` also everything under it that still waits.

    Raises Changed if the item is not as shown, Conflict if there is nothing to accept.
    """
    desk = Desk(actor, pk)
    item = desk.item(key, revision)
    gone = left_out(drafts_in_order(desk.items.values()))
    if key in gone:
        raise Conflict(_("这一条目或其上级已剔除：请先恢复，再接受。"))
    rows = [item, *_below(desk, item)] if branch else [item]
    waiting = [row for row in rows if row.review in _OPEN and row.key not in gone]
    if not waiting:
        raise Conflict(_("这里没有待核对的条目。"))
    for row in waiting:
        desk.change(row, review=Review.ACCEPTED)
    return desk.close(Operation.ACCEPT, key)


def _below(desk: Desk, item: DraftItem) -> list[DraftItem]:
    """Return everything that stands under an item, at any depth."""
    return [row for child in desk.children(item) for row in (child, *_below(desk, child))]


@transaction.atomic
def accept_many(actor: Viewer, *, pk: uuid.UUID, threshold: float | None) -> int:
    """Accept every waiting item at or above a confidence (0 to 1), all of them with None; return how many.

    They are published as not reviewed one by one. Raises Refused if there are none.
    """
    desk = Desk(actor, pk)
    count = take(desk, threshold)
    if not count:
        raise Refused(_("没有符合条件的待核对条目。"))
    reason = _("全部") if threshold is None else _("置信度不低于 %(share)s%%") % {"share": round(threshold * 100)}
    desk.close(Operation.ACCEPT_MANY, "*", reason=reason)
    return count


def take(desk: Desk, threshold: float | None) -> int:
    """Mark waiting items as accepted in bulk and return how many; the caller closes the desk."""
    gone = left_out(drafts_in_order(desk.items.values()))
    count = 0
    for row in list(desk.items.values()):
        # A mechanism is taken from the quotation marks as it stands: the compiler has no doubt to state.
        confidence = 1.0 if row.kind == ItemKind.MECHANISM and row.confidence is None else row.confidence
        sure = threshold is None or (confidence is not None and confidence >= threshold)
        if row.review == Review.PROPOSED and row.key not in gone and sure:
            desk.change(row, review=Review.TAKEN)
            count += 1
    return count


@transaction.atomic
def reject(actor: Viewer, *, pk: uuid.UUID, key: str, revision: int, reason: str = "") -> Correction:
    """Leave an item, and with it what stands under it, out of the plan. It is kept and can be restored."""
    desk = Desk(actor, pk)
    item = desk.item(key, revision)
    if item.review == Review.REJECTED:
        raise Conflict(_("这一条目已经剔除。"))
    desk.change(item, review=Review.REJECTED)
    return desk.close(Operation.REJECT, key, reason=reason)


@transaction.atomic
def restore(actor: Viewer, *, pk: uuid.UUID, key: str, revision: int) -> Correction:
    """Take a rejected item back in; it waits for review again."""
    desk = Desk(actor, pk)
    item = desk.item(key, revision)
    if item.review != Review.REJECTED:
        raise Conflict(_("这一条目没有被剔除。"))
    desk.change(item, review=Review.PROPOSED)
    return desk.close(Operation.RESTORE, key)


@transaction.atomic
def edit(
    actor: Viewer,
    *,
    pk: uuid.UUID,
    key: str,
    revision: int,
    data: Mapping[str, Any],
    span: Place | None,
    parent: str | None,
) -> Correction:
    """Replace an item's fields, its place in the text and what it stands under.

    `data` holds the fields of the schema; those not given keep their value. Raises Changed, BadFields, Refused.
    """
    desk = Desk(actor, pk)
    item = desk.item(key, revision)
    if item.review == Review.REJECTED:
        raise Conflict(_("这一条目已经剔除：请先恢复，再修改。"))
    change_fields(desk, item, data, span)
    _move(desk, item, parent)
    if not desk.before:
        raise Refused(_("没有改动。要认可原样，请用“接受”。"))
    desk.change(item, review=Review.ADDED if item.review == Review.ADDED else Review.EDITED)
    return desk.close(Operation.EDIT, key)


def change_fields(desk: Desk, item: DraftItem, data: Mapping[str, Any], span: Place | None) -> None:
    """Give an item checked fields and a checked place."""
    kind = ItemKind(item.kind)
    whole, place = checked_item(desk, kind, {**item.data, **data}, span, was=item)
    start, end = place or (None, None)
    desk.change(item, data=whole, span_start=start, span_end=end)


def checked_item(
    desk: Desk, kind: ItemKind, data: Mapping[str, Any], span: Place | None, *, was: DraftItem | None = None
) -> tuple[Json, Place | None]:
    """Return an item's fields and place, checked against the schema, the stored plan and the text. Raises BadFields."""
    try:
        whole = checked_data(kind, data, span)
    except PackError as error:
        lines = [(f.field, f"发现{f.found}；应为{f.expected}；{f.mend}。") for f in error.faults]
        raise BadFields(lines) from error
    faults = list(item_faults(kind, whole))
    if faults:
        raise BadFields(faults)
    place = duty_place(whole) if kind == ItemKind.DUTY else span
    if place and not 0 <= place[0] < place[1] <= len(desk.text):
        raise BadFields([("", _("原文位置超出了原文：请在原文中重新选取。"))])
    unchanged = (
        was is not None and was.data.get("quote") == whole.get("quote") and was.span_start == (place or [None])[0]
    )
    quote = whole.get("quote")
    if quote and place and not unchanged and squeeze(quote) != squeeze(desk.text[slice(*place)]):
        raise BadFields([("quote", _("引文与原文该处的文字不同：请在原文中重新选取，或改回原文的字句。"))])
    return whole, place


def _move(desk: Desk, item: DraftItem, parent: str | None) -> None:
    """Put an item under another parent of the right kind, where its place in the text belongs."""
    if parent == desk.parent_key(item):
        return
    above = parent_of(desk, ItemKind(item.kind), parent)
    if item.kind == ItemKind.DUTY and desk.siblings(ItemKind.DUTY, above):
        raise BadFields([("parent", _("该任务已有责任单位：请修改那一条，或先剔除它。"))])
    span = (item.span_start, item.span_end) if item.span_start is not None and item.span_end is not None else None
    order = desk.order_for(ItemKind(item.kind), above, span)
    desk.change(item, parent=above, order=order)


def parent_of(desk: Desk, kind: ItemKind, parent: str | None) -> DraftItem | None:
    """Return the row an item of a kind may stand under. Raises BadFields for one it may not."""
    above = desk.items.get(parent) if parent else None
    if (parent and above is None) or (ItemKind(above.kind) if above else None) not in PARENTS[kind]:
        raise BadFields([("parent", _("%(kind)s不能放在这里：请另选所属。") % {"kind": kind.label})])
    return above


@transaction.atomic
def add(
    actor: Viewer, *, pk: uuid.UUID, kind: ItemKind, parent: str | None, data: Mapping[str, Any], span: Place | None
) -> Correction:
    """Add an item the compiler did not find. The key of the new item is the correction's key.

    A new action takes over the measures that follow it in the text and stood under the action before it.
    Raises BadFields, Refused.
    """
    desk = Desk(actor, pk)
    above = parent_of(desk, kind, parent)
    whole, place = checked_item(desk, kind, data, span)
    if kind == ItemKind.DUTY and desk.siblings(ItemKind.DUTY, above):
        raise Refused(_("该任务已有责任单位：请修改那一条。"))
    if kind == ItemKind.MEASURE and place:
        _refuse_inside(desk, place)
    item = desk.add(kind, above, whole, place)
    if kind == ItemKind.ACTION and place:
        _take_over(desk, item, place)
    return desk.close(Operation.ADD, item.key)


def _refuse_inside(desk: Desk, place: Place) -> None:
    """Refuse a new measure whose text begins within another measure: that is a split."""
    for row in desk.items.values():
        inside = row.span_start is not None and row.span_end is not None and row.span_start < place[0] < row.span_end
        if row.kind == ItemKind.MEASURE and row.review != Review.REJECTED and inside:
            raise Refused(_("这段文字在任务 %(key)s 之内：要分成两条，请拆分那条任务。") % {"key": row.key})


def _take_over(desk: Desk, action: DraftItem, place: Place) -> None:
    """Move the measures that follow a new heading under it."""
    rows = desk.siblings(ItemKind.ACTION, None)
    number = rows.index(action)
    if not number:
        return
    for measure in desk.siblings(ItemKind.MEASURE, rows[number - 1]):
        if measure.span_start is not None and measure.span_start >= place[0]:
            desk.change(measure, parent=action)
