"""What the stored plan has room for. The schema allows more than a row holds: an item is measured first."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.plans.actions.imports.drafts import Draft
from xiandao.domains.plans.models import Action, Commitment, Duty, Issuer, Measure, Mechanism, Plan, PlanVersion, Target
from xiandao.domains.plans.models.drafts import ItemKind


def _room(model: Any, field: str) -> int:
    return int(model._meta.get_field(field).max_length)  # noqa: SLF001 — Django's public name for it


_TITLE, _NO, _UNIT, _NAME = gettext_lazy("标题"), gettext_lazy("序号"), gettext_lazy("单位"), gettext_lazy("名称")
_LINES: dict[ItemKind, tuple[tuple[str, Any, Any, str], ...]] = {
    ItemKind.ACTION: (("title", _TITLE, Action, "name"), ("no", _NO, Action, "no")),
    ItemKind.MEASURE: (
        ("title", _TITLE, Measure, "name"),
        ("no", _NO, Measure, "no"),
        ("deadline", gettext_lazy("完成时限"), Measure, "deadline"),
    ),
    ItemKind.TARGET: (("object", gettext_lazy("指标"), Target, "name"), ("unit", _UNIT, Target, "unit")),
    ItemKind.SUPPORT: (("object", gettext_lazy("指标"), Target, "name"), ("unit", _UNIT, Target, "unit")),
    ItemKind.MECHANISM: (("name", _NAME, Mechanism, "name"),),
    ItemKind.COMMITMENT: (("verb", gettext_lazy("动词"), Commitment, "verb"),),
    ItemKind.DUTY: (),
}


def item_faults(kind: ItemKind, data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (field, sentence) for what the rows of a published plan could not hold."""
    for field, label, model, column in _LINES[kind]:
        yield from _too_long(field, str(label), data.get(field), _room(model, column))
    if kind == ItemKind.DUTY:
        names = [*data.get("lead", ()), *data.get("with", ())]
        for name in names:
            yield from _too_long("lead", _("单位名称"), name, _room(Duty, "printed"))
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield "with", _("“%(name)s”列了两次：同一单位或者牵头，或者配合。") % {"name": name}


def head_faults(head: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (field, sentence) for a head too long to be kept."""
    yield from _too_long("title", _("方案名称"), head.get("title"), _room(Plan, "name"))
    yield from _too_long("number", _("文号"), head.get("number"), _room(PlanVersion, "document_no"))
    for issuer in head.get("issuers") or ():
        yield from _too_long("issuers", _("印发单位"), issuer, _room(Issuer, "printed"))


def faults_of(head: Mapping[str, Any], drafts: list[Draft]) -> list[tuple[str, str]]:
    """Return (item key, sentence) for everything that stands in the way of publishing these items."""
    found = [("head", sentence) for _field, sentence in head_faults(head)]
    found += [(draft.key, sentence) for draft in drafts for _field, sentence in item_faults(draft.kind, draft.data)]
    return found


def _too_long(field: str, label: str, value: str | None, room: int) -> Iterator[tuple[str, str]]:
    if value and len(value) > room:
        sentence = _("%(label)s有 %(found)s 个字，最多 %(room)s 个：请缩短，或把正文移出。")
        yield field, sentence % {"label": label, "found": len(value), "room": room}
