"""What publishing would change: measures, duties, targets and the rest, added, removed or changed. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal, cast

from django.utils.translation import gettext as _

from xiandao.domains.plans.actions.imports.matching import Matched, match
from xiandao.domains.plans.actions.imports.places import squeeze
from xiandao.domains.plans.models import Strength, TargetKind
from xiandao.domains.plans.models.drafts import ItemKind
from xiandao.domains.shared.format import AQuantity, goal
from xiandao.packs import PlanDoc
from xiandao.packs.schema import plan as schema

What = Literal["added", "removed", "changed"]
Fields = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field before and after, as printed; "" where there was or is none."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One item that publishing adds, removes or changes. `where` is the measure it stands in."""

    kind: str
    what: What
    name: str
    where: str
    fields: tuple[FieldChange, ...]


def differences(old: PlanDoc | None, new: PlanDoc, *, old_text: str = "", new_text: str = "") -> list[Difference]:
    """Return what is different in `new`: head, measures, duties, targets first. Without `old` everything is added."""
    before = old or schema.PlanDoc(code=new.code, title=new.title)
    matched = match(before, new)
    out = list(_head(old, new)) if old else []
    out += _of_kind(ItemKind.ACTION, matched.actions, _section, lambda a: a.title, matched)
    out += _measures(matched, old_text, new_text)
    out += _duties(matched)
    out += _of_kind(ItemKind.TARGET, matched.targets, _quantity, lambda t: t.object, matched)
    out += _of_kind(ItemKind.SUPPORT, matched.support, _quantity, lambda t: t.object, matched)
    out += _of_kind(ItemKind.MECHANISM, matched.mechanisms, lambda _q: [], lambda q: q.name, matched)
    out += _of_kind(ItemKind.COMMITMENT, matched.commitments, _commitment, lambda c: c.quote, matched)
    return out


def _head(old: PlanDoc, new: PlanDoc) -> Iterator[Difference]:
    changes = _changes(_head_fields(old), _head_fields(new))
    if changes:
        yield Difference("head", "changed", new.title, "", changes)


def _head_fields(document: PlanDoc) -> Fields:
    period = f"{document.period[0]}—{document.period[1]}" if document.period else ""
    return [
        (_("名称"), document.title),
        (_("文号"), document.number or ""),
        (_("印发日期"), str(document.issued_on or "")),
        (_("印发单位"), "、".join(document.issuers)),
        (_("期间"), period),
    ]


def _of_kind(
    kind: ItemKind,
    pairs: list[tuple[Any, Any]],
    fields: Callable[[Any], Fields],
    name: Callable[[Any], str],
    matched: Matched,
) -> list[Difference]:
    """Return the differences of one kind of item."""
    out = []
    for old, new in pairs:
        item = new or old
        place = matched.where.get(id(item))
        changes = _changes(fields(old) if old else [], fields(new) if new else [])
        if old is None or new is None or changes:
            what: What = "added" if old is None else "removed" if new is None else "changed"
            if what != "changed":  # its name stands above
                changes = tuple(change for change in changes if name(item) not in (change.before, change.after))
            out.append(Difference(str(kind), what, name(item), place.title if place else "", changes))
    return out


def _changes(before: Fields, after: Fields) -> tuple[FieldChange, ...]:
    """Return the fields that print differently, in the order of the later ones."""
    was, now = dict(before), dict(after)
    labels = dict.fromkeys([*now, *was])
    changes = (FieldChange(label, was.get(label, ""), now.get(label, "")) for label in labels)
    return tuple(change for change in changes if squeeze(change.before) != squeeze(change.after))


def _section(action: schema.Action) -> Fields:
    return [(_("序号"), action.no), (_("标题"), action.title)]


def _measure(measure: schema.Measure) -> Fields:
    return [(_("序号"), measure.no), (_("标题"), measure.title), (_("完成时限"), measure.deadline or "")]


def _measures(matched: Matched, old_text: str, new_text: str) -> list[Difference]:
    """Return the differences of measures, their wording included where both texts are known."""
    out = []
    for old, new in matched.measures:
        (row,) = _of_kind(ItemKind.MEASURE, [(old, new)], _measure, lambda m: m.title, matched) or (None,)
        wording = _wording(old, new, old_text, new_text) if old and new else ()
        if row is not None:
            out.append(replace(row, fields=(*row.fields, *wording)))
        elif wording and new:
            out.append(Difference(str(ItemKind.MEASURE), "changed", new.title, "", wording))
    return out


def _wording(old: schema.Measure, new: schema.Measure, old_text: str, new_text: str) -> tuple[FieldChange, ...]:
    if not old.span or not new.span or not old_text:
        return ()
    before, after = old_text[slice(*old.span)], new_text[slice(*new.span)]
    return () if squeeze(before) == squeeze(after) else (FieldChange(_("正文"), before, after),)


def _duties(matched: Matched) -> list[Difference]:
    """Return the measures whose responsible bodies change; duties of new and dropped measures stand with them."""
    out = []
    for old, new in matched.measures:
        before, after = (_duty(old.duty) if old else []), (_duty(new.duty) if new else [])
        changes = _changes(before, after)
        item = new or old
        if changes and item:
            what: What = "added" if not any(v for _l, v in before) else "changed"
            what = what if any(v for _l, v in after) else "removed"
            out.append(Difference(str(ItemKind.DUTY), what, item.title, "", changes))
    return out


def _duty(duty: schema.Duty) -> Fields:
    return [
        (_("牵头"), "、".join(duty.lead)),
        (_("配合"), "、".join(duty.helping)),
        (_("各市（县、区）负责"), _("是") if duty.cities else ""),
    ]


def _quantity(target: schema.Target) -> Fields:
    return [
        (_("指标"), target.object),
        (_("目标值"), f"{goal(cast('AQuantity', target))} {target.unit}".strip()),
        (_("完成年份"), str(target.year or "")),
        (_("类型"), str(TargetKind(target.kind).label)),
    ]


def _commitment(commitment: schema.Commitment) -> Fields:
    return [(_("力度"), str(Strength(commitment.strength).label)), (_("承诺"), commitment.quote)]
