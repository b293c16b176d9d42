"""Corrections that change how many items there are: split one in two, merge one into the one before it."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.actions.imports.desk import Desk
from xiandao.domains.plans.actions.imports.drafts import Place, duty_place
from xiandao.domains.plans.actions.imports.items import BadFields, change_fields, checked_item
from xiandao.domains.plans.actions.imports.places import as_quote, squeeze
from xiandao.domains.plans.models.drafts import Correction, DraftItem, ItemKind, Operation, Review

Json = dict[str, Any]
QUANTITIES = (ItemKind.TARGET, ItemKind.SUPPORT)
SPLITTABLE = (ItemKind.MEASURE, ItemKind.DUTY, *QUANTITIES)
MERGEABLE = (ItemKind.ACTION, ItemKind.MEASURE, ItemKind.MECHANISM, ItemKind.COMMITMENT, *QUANTITIES)


def _own(item: DraftItem) -> Review:
    """Return the review state of an item a person has reshaped."""
    return Review.ADDED if item.review == Review.ADDED else Review.EDITED


def _item_to_split(desk: Desk, key: str, revision: int, kinds: Sequence[ItemKind]) -> DraftItem:
    item = desk.item(key, revision)
    if item.kind not in kinds:
        raise Refused(_("%(kind)s不能这样拆分：请剔除它，再从原文补充。") % {"kind": ItemKind(item.kind).label})
    if item.review == Review.REJECTED:
        raise Conflict(_("这一条目已经剔除：请先恢复，再拆分。"))
    return item


@transaction.atomic
def split_measure(actor: Viewer, *, pk: uuid.UUID, key: str, revision: int, at: int, no: str, title: str) -> Correction:
    """Cut a measure in two at the character `at` of the source text; the second gets a number and title of its own.

    What was read from the text after the cut goes with the second. Raises Changed, BadFields, Refused.
    """
    desk = Desk(actor, pk)
    item = _item_to_split(desk, key, revision, (ItemKind.MEASURE,))
    start, end = item.span_start, item.span_end
    if start is None or end is None or not start < at < end:
        raise BadFields([("at", _("拆分处必须在这条任务的原文之内：请在原文中点选第二条任务开头的字。"))])
    if not desk.text[start:at].strip() or not desk.text[at:end].strip():
        raise BadFields([("at", _("拆分处的一侧没有文字：请在原文中点选第二条任务开头的字。"))])
    data, place = checked_item(desk, ItemKind.MEASURE, {"no": no, "title": title}, (at, end))
    parent = desk.items.get(desk.parent_key(item) or "")
    second = desk.add(ItemKind.MEASURE, parent, data, place, after=item)
    desk.change(item, span_end=start + len(desk.text[start:at].rstrip()), review=_own(item))
    for child in desk.children(item):
        if child.kind == ItemKind.DUTY:
            _share_duty(desk, child, second, at)
        elif child.span_start is not None and child.span_start >= at:
            desk.change(child, parent=second)
    return desk.close(Operation.SPLIT, key)


def _share_duty(desk: Desk, duty: DraftItem, second: DraftItem, at: int) -> None:
    """Give each of two measures the bodies named in its own words."""
    quotes: list[Json] = duty.data["quotes"]
    later = [quote for quote in quotes if quote.get("span") and quote["span"][0] >= at]
    if not later:
        return
    earlier = [quote for quote in quotes if quote not in later]
    if not earlier:
        desk.change(duty, parent=second)
        return
    kept = _only_named(duty.data, earlier)
    gone = _only_named(duty.data, later)
    named = {*gone["lead"], *gone["with"]}
    # A name that stands in neither list of words stays where it was.
    for role in ("lead", "with"):
        kept[role] = [n for n in duty.data[role] if n in kept[role] or n not in named]
    place = duty_place(kept)
    desk.change(
        duty,
        data=kept,
        span_start=place[0] if place else None,
        span_end=place[1] if place else None,
        review=_own(duty),
    )
    desk.add(ItemKind.DUTY, second, gone, duty_place(gone))


def _only_named(data: Json, quotes: list[Json]) -> Json:
    """Return a duty reduced to the bodies whose names stand in the quotes."""
    words = squeeze("".join(quote["quote"] for quote in quotes))
    names = {role: [n for n in data[role] if squeeze(n) in words] for role in ("lead", "with")}
    return {**data, **names, "quotes": quotes}


@transaction.atomic
def split_quantity(
    actor: Viewer,
    *,
    pk: uuid.UUID,
    key: str,
    revision: int,
    first: tuple[Mapping[str, Any], Place | None],
    second: tuple[Mapping[str, Any], Place | None],
) -> Correction:
    """Make two targets (or support standards) of one, each with the fields and place given for it."""
    desk = Desk(actor, pk)
    item = _item_to_split(desk, key, revision, QUANTITIES)
    kind = ItemKind(item.kind)
    base = {**item.data, "also": [], "parts": []}
    data, place = checked_item(desk, kind, {**base, **second[0]}, second[1], was=item)
    change_fields(desk, item, first[0], first[1])
    desk.change(item, review=_own(item))
    now = {"value", "low", "high", "unit", "comparator", "year", "object", "kind", "quote"}
    if all(item.data.get(name) == data.get(name) for name in now):
        raise BadFields([("", _("两条目标完全相同：请改其中一条的数值、年份或对象。"))])
    desk.add(kind, desk.items.get(desk.parent_key(item) or ""), data, place, after=item)
    return desk.close(Operation.SPLIT, key)


@transaction.atomic
def split_duty(actor: Viewer, *, pk: uuid.UUID, key: str, revision: int, leading: int) -> Correction:
    """Divide the list of a duty anew: the first `leading` bodies lead, the others help."""
    desk = Desk(actor, pk)
    item = _item_to_split(desk, key, revision, (ItemKind.DUTY,))
    names = [*item.data["lead"], *item.data["with"]]
    if not 0 <= leading <= len(names):
        raise BadFields([("leading", _("请选择从哪个单位起为配合单位。"))])
    if leading == len(item.data["lead"]):
        raise Refused(_("没有改动：牵头与配合的分界与原来相同。"))
    change_fields(desk, item, {"lead": names[:leading], "with": names[leading:]}, None)
    desk.change(item, review=_own(item))
    return desk.close(Operation.SPLIT, key)


def previous_sibling(desk: Desk, item: DraftItem) -> DraftItem | None:
    """Return the item of the same kind before this one that stays in the plan."""
    parent = desk.items.get(desk.parent_key(item) or "")
    rows = desk.siblings(item.kind, parent)
    before = [row for row in rows[: rows.index(item)] if row.review != Review.REJECTED]
    return before[-1] if before else None


@transaction.atomic
def merge(actor: Viewer, *, pk: uuid.UUID, key: str, revision: int) -> Correction:
    """Merge an item into the one of its kind before it; the first keeps its name, the second's text and parts join it.

    Of two targets the second becomes another place where the first is printed. Raises Changed, Refused.
    """
    desk = Desk(actor, pk)
    item = desk.item(key, revision)
    if item.kind not in MERGEABLE:
        raise Refused(_("责任单位不能合并：一条任务只有一份责任单位，请修改那一份。"))
    if item.review == Review.REJECTED:
        raise Conflict(_("这一条目已经剔除：请先恢复，再合并。"))
    first = previous_sibling(desk, item)
    if first is None:
        raise Refused(_("前面没有同类条目可以合并。"))
    if item.kind in QUANTITIES:
        _join_quantities(desk, first, item)
    elif item.kind == ItemKind.COMMITMENT:
        _join_commitments(desk, first, item)
    elif item.kind in (ItemKind.ACTION, ItemKind.MEASURE):
        _join_sections(desk, first, item)
    desk.change(first, review=_own(first))
    desk.remove(item)
    return desk.close(Operation.MERGE, first.key)


def _join_quantities(desk: Desk, first: DraftItem, second: DraftItem) -> None:
    also = [*first.data["also"]]
    span = [second.span_start, second.span_end] if second.span_start is not None else None
    if second.data["quote"] and span != [first.span_start, first.span_end]:
        also.append({"quote": second.data["quote"], "span": span})
    desk.change(first, data={**first.data, "also": [*also, *second.data["also"]]})


def _join_commitments(desk: Desk, first: DraftItem, second: DraftItem) -> None:
    place = _around(first, second)
    if place is None:
        raise Refused(_("这两条没有原文位置，不能合并：请剔除一条，再修改另一条。"))
    quote = as_quote(desk.text[slice(*place)])
    desk.change(first, data={**first.data, "quote": quote}, span_start=place[0], span_end=place[1])


def _join_sections(desk: Desk, first: DraftItem, second: DraftItem) -> None:
    place = _around(first, second)
    if place:
        desk.change(first, span_start=place[0], span_end=place[1])
    kept = [child for child in desk.children(first) if child.kind == ItemKind.DUTY]
    for child in desk.children(second):
        if child.kind == ItemKind.DUTY and kept:
            _join_duties(desk, kept[0], child)
        else:
            order = desk.siblings(child.kind, first)
            desk.change(child, parent=first, order=(order[-1].order if order else 0) + 1024)


def _join_duties(desk: Desk, first: DraftItem, second: DraftItem) -> None:
    lead = list(dict.fromkeys([*first.data["lead"], *second.data["lead"]]))
    helping = [n for n in dict.fromkeys([*first.data["with"], *second.data["with"]]) if n not in lead]
    flags = {name: first.data[name] or second.data[name] for name in ("cities", "open_ended", "standing")}
    quotes = [*first.data["quotes"], *second.data["quotes"]]
    data = {**first.data, **flags, "lead": lead, "with": helping, "quotes": quotes}
    desk.change(first, data=data, review=_own(first))
    desk.remove(second)


def _around(first: DraftItem, second: DraftItem) -> Place | None:
    """Return the stretch of text from the beginning of the first to the end of the second."""
    spans = [(r.span_start, r.span_end) for r in (first, second) if r.span_start is not None and r.span_end is not None]
    return (min(s for s, _e in spans), max(e for _s, e in spans)) if spans else None
