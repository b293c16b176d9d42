"""What differs between two catalogues, in words and by industry, for a page."""

from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.industries.content import Change, Content, Kind, Product, Segment, Term
from xiandao.domains.industries.models import Industry, Stage, TermWeight

NATURES: Final[dict[str, str | Promise]] = {
    "added": gettext_lazy("新增"),
    "removed": gettext_lazy("删去"),
    "changed": gettext_lazy("修改"),
    "moved": gettext_lazy("移动"),
}
_NATURE_STATES: Final = {"added": "verified", "removed": "returned", "changed": "submitted", "moved": "answered"}
KIND_LABELS: Final[dict[Kind, str | Promise]] = {
    "industry": gettext_lazy("产业"),
    "segment": gettext_lazy("环节"),
    "product": gettext_lazy("产品"),
    "term": gettext_lazy("词条"),
    "trap": gettext_lazy("易误认用语"),
}
_FIELDS: Final[dict[str, str | Promise]] = {
    "definition": gettext_lazy("定义"),
    "includes": gettext_lazy("包括"),
    "excludes": gettext_lazy("不包括"),
    "notes": gettext_lazy("说明"),
    "name": gettext_lazy("名称"),
    "name_en": gettext_lazy("英文名称"),
    "stage": gettext_lazy("位置"),
    "gbt4754": gettext_lazy("国民经济行业"),
    "strategic": gettext_lazy("战略性新兴产业"),
    "ipc": gettext_lazy("国际专利分类"),
    "segment": gettext_lazy("环节"),
    "activity": gettext_lazy("本身是一项活动"),
    "weight": gettext_lazy("效力"),
    "of": gettext_lazy("同义于"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One difference as a page prints it. `details`: field, before, after. `words`: of a product that came or went."""

    key: str
    kind: Kind
    kind_label: str
    nature: str
    nature_label: str
    state: str
    where: str
    text: str
    details: list[tuple[str, str, str]]
    words: list[str]
    count: int


@dataclass(slots=True)
class Group:
    """The differences of one industry; without a code those that hold for all."""

    code: str
    name: str
    lines: list[Line] = field(default_factory=list)
    tally: dict[str, int] = field(default_factory=dict)


def groups(old: Content, new: Content, changes: list[Change]) -> list[Group]:
    """Return differences by industry in the order of the table. What came or went with its product is told there."""
    names = {row.code: row.label for row in Industry.objects.order_by("order")}
    found = {code: Group(code, names.get(code, code)) for code in names}
    found[""] = Group("", _("各产业通用"))
    whole = {each.path for each in changes if each.kind == "product" and each.nature in ("added", "removed")}
    gone = {each.path for each in changes if each.kind == "segment" and each.nature in ("added", "removed")}
    for each in changes:
        group = found.setdefault(each.industry, Group(each.industry, each.industry))
        group.tally[each.kind] = group.tally.get(each.kind, 0) + 1
        if each.kind == "term" and each.path[:2] in whole:
            continue
        if each.kind == "product" and each.path in whole and (each.industry, _segment_of(each)) in gone:
            continue
        group.lines.append(_line(each, old, new, changes))
    return [group for group in found.values() if group.lines]


def _segment_of(change: Change) -> str:
    part = change.after or change.before
    return part.segment if isinstance(part, Product) else ""


def _line(change: Change, old: Content, new: Content, changes: list[Change]) -> Line:
    words = [
        each.path[2]
        for each in changes
        if change.kind == "product" and each.kind == "term" and each.path[:2] == change.path
    ]
    if change.nature not in ("added", "removed"):
        words = []
    return Line(
        key=change.key,
        kind=change.kind,
        kind_label=str(KIND_LABELS[change.kind]),
        nature=change.nature,
        nature_label=str(NATURES[change.nature]),
        state=_NATURE_STATES[change.nature],
        where=_where(change, old, new),
        text=_text(change),
        details=[
            (str(_FIELDS[name]), shown(name, before, change, old), shown(name, after, change, new))
            for name, before, after in change.fields
        ],
        words=words,
        count=len(_under(change, changes)),
    )


def _under(change: Change, changes: list[Change]) -> list[Change]:
    """Return the products that came or went with a segment."""
    if change.kind != "segment" or change.nature not in ("added", "removed"):
        return []
    return [
        each
        for each in changes
        if each.kind == "product" and each.industry == change.industry and _segment_of(each) == change.path[1]
    ]


def _where(change: Change, old: Content, new: Content) -> str:
    if change.kind not in ("product", "term"):
        return ""
    content = new if change.after is not None else old
    product = content.products.get(change.path[:2])
    if product is None:
        return change.path[1]
    segment = content.segments.get((change.industry, product.segment))
    parts = [segment.name if segment else product.segment]
    if change.kind == "term":
        parts.append(product.name)
    return " › ".join(parts)


def _text(change: Change) -> str:
    part = change.after or change.before
    if isinstance(part, Segment | Product):
        return part.name
    if isinstance(part, Term) and part.of:
        return _("%(word)s（同义于 %(of)s）") % {"word": change.path[2], "of": part.of}
    if isinstance(part, Term) and change.nature in ("added", "removed"):
        return f"{change.path[2]}（{dict(TermWeight.choices).get(part.weight, part.weight)}）"
    return change.path[-1] if change.kind != "industry" else _("定义和范围")


def shown(name: str, value: Any, change: Change, content: Content) -> str:
    """Return a field's value as a reader reads it."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list):
        return _("；").join(value) or "—"
    if name == "stage":
        return str(dict(Stage.choices).get(value, value))
    if name == "weight":
        return str(dict(TermWeight.choices).get(value, value))
    if name == "segment":
        segment = content.segments.get((change.industry, value))
        return segment.name if segment else value
    return value or "—"
