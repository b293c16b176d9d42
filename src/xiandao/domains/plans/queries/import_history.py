"""Reading what was corrected in an import: which fields of which items, before and after, in words."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.plans.actions.imports.undo import in_effect
from xiandao.domains.plans.models import Strength, TargetKind
from xiandao.domains.plans.models.drafts import Correction, Operation, PlanImport, Review

Touched = list[tuple[str, list[tuple[str, str, str]]]]

# What is shown of an item's fields, in this order. The others follow from these or are the compiler's.
_LABELS = {
    "review": gettext_lazy("状态"),
    "parent": gettext_lazy("所属"),
    "no": gettext_lazy("序号"),
    "title": gettext_lazy("标题"),
    "deadline": gettext_lazy("完成时限"),
    "lead": gettext_lazy("牵头"),
    "with": gettext_lazy("配合"),
    "cities": gettext_lazy("各市（县、区）"),
    "open_ended": gettext_lazy("名单未尽"),
    "object": gettext_lazy("指标"),
    "comparator": gettext_lazy("比较"),
    "value": gettext_lazy("目标值"),
    "low": gettext_lazy("下限"),
    "high": gettext_lazy("上限"),
    "unit": gettext_lazy("单位"),
    "year": gettext_lazy("年份"),
    "kind": gettext_lazy("类型"),
    "name": gettext_lazy("名称"),
    "strength": gettext_lazy("力度"),
    "verb": gettext_lazy("动词"),
    "note": gettext_lazy("说明"),
    "quote": gettext_lazy("原文"),
    "quotes": gettext_lazy("原文"),
    "also": gettext_lazy("另见原文"),
    "span_start": gettext_lazy("原文起"),
    "number": gettext_lazy("文号"),
    "issuers": gettext_lazy("印发单位"),
    "issued_on": gettext_lazy("印发日期"),
    "period": gettext_lazy("期间"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One correction in the history: whether it holds, and which fields of which items it changed."""

    correction: Correction
    holds: bool
    touched: Touched


def corrections(plan_import: PlanImport) -> list[Entry]:
    """Return what was corrected, newest first, with what still holds. The caller has checked that it may be seen."""
    rows = list(Correction.objects.filter(plan_import=plan_import).select_related("undoes").order_by("-number"))
    held = in_effect((row.number, row.undoes.number if row.undoes else None) for row in rows)
    return [Entry(row, row.number in held, _touched(row)) for row in rows]


def _touched(row: Correction) -> Touched:
    """Return, for each item, the fields before and after; of many items accepted at once only their number."""
    before, after = row.before or {}, row.after or {}
    many = {str(key) for key in after}
    if Operation.ACCEPT_MANY in (row.operation, row.undoes.operation if row.undoes else ""):
        return [(_("%(n)s 个条目") % {"n": len(many)}, [])]
    return [(key, _fields(before.get(key), after.get(key))) for key in after]


def _fields(before: dict[str, Any] | None, after: dict[str, Any] | None) -> list[tuple[str, str, str]]:
    was, now = _flat(before), _flat(after)
    words = ((str(label), printed(n, was.get(n)), printed(n, now.get(n))) for n, label in _LABELS.items())
    return [(label, old, new) for label, old, new in words if old != new]


def _flat(state: dict[str, Any] | None) -> dict[str, Any]:
    """Return a noted state with the item's own fields beside the others; the item's kind gives way to the number's."""
    fields = dict(state or {})
    fields.pop("kind", None)
    return {**fields, **(fields.pop("data", None) or {})}


def printed(name: str, value: Any) -> str:
    """Return a field's value in words, "" for none."""
    if value is None or value in ("", []):
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list):
        return _("、").join(str(part.get("quote", "")) if isinstance(part, dict) else str(part) for part in value)
    choices: dict[str, Any] = {"review": Review, "strength": Strength, "kind": TargetKind}
    return str(choices[name](value).label) if name in choices else str(value)
