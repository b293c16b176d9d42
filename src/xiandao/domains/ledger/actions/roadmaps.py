"""The technology roadmap of an industry: a draft begun from the newest version, edited, published, withdrawn."""

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any, Final

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import RegisteredAction, name_kind, register
from xiandao.domains.industries.models import Industry
from xiandao.domains.ledger import rules
from xiandao.domains.ledger.models import ReleaseState, Roadmap, RoadmapEdge, RoadmapNode
from xiandao.domains.ledger.roadmaps import EDGES, GAPS, HORIZONS, LAYERS
from xiandao.domains.orgs.permission import Conflict
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.progress.faults import BadFields, Fault, needed_reason

KIND: Final = "ledger.roadmap"
BEGUN = register("ledger.roadmap_begun", gettext_lazy("起草技术路线图"))
NODE_SAVED = register("ledger.roadmap_node_saved", gettext_lazy("修改路线图节点"))
NODE_REMOVED = register("ledger.roadmap_node_removed", gettext_lazy("删去路线图节点"))
LINKED = register("ledger.roadmap_linked", gettext_lazy("修改路线图关系"))
PUBLISHED = register("ledger.roadmap_published", gettext_lazy("发布技术路线图"))
WITHDRAWN = register("ledger.roadmap_withdrawn", gettext_lazy("撤回技术路线图"))
name_kind(KIND, gettext_lazy("技术路线图"))
_WHY: Final = "versions of one industry"
_MOST_READY: Final = 9
_LONGEST: Final = 2000


@dataclass(frozen=True, slots=True)
class NodeFields:
    """What a node says. `readiness`: technology readiness 1 to 9, None unknown."""

    name: str
    field: str
    layer: str
    horizon: str
    readiness: int | None = None
    gap: str = ""
    chokepoint: bool = False
    owner: str = ""
    indicators: str = ""
    evidence: str = ""
    alternatives: tuple[str, ...] = ()


@transaction.atomic
def begin_roadmap(actor: Viewer, *, industry: str, note: str = "", now: dt.datetime | None = None) -> Roadmap:
    """Begin the next version of an industry's roadmap as a copy of the newest one that was not withdrawn; return it.

    Raises Refused, BadFields for an unknown industry, Conflict where a draft is open.
    """
    rules.may_enter(actor).require()
    row = Industry.objects.filter(pk=industry).first()
    if row is None:
        raise BadFields([("industry", _("请选择产业。"))])
    versions = Roadmap.objects.for_system(_WHY).select_for_update().filter(industry=row)
    if versions.filter(state=ReleaseState.DRAFT).exists():
        raise Conflict(_("%(industry)s已有一份草案，先发布或撤回。") % {"industry": row.name})
    newest = versions.filter(state=ReleaseState.PUBLISHED).order_by("-version").first()
    last = versions.aggregate(last=Max("version"))["last"] or 0
    made: Roadmap = Roadmap.objects.create(
        industry=row,
        version=last + 1,
        note=note.strip(),
        made_at=now or timezone.now(),
        made_by=actor.name,
    )
    if newest is not None:
        _copy(newest, made)
    _log(actor, BEGUN, made, after={"from": newest.version if newest else None})
    return made


def _copy(old: Roadmap, new: Roadmap) -> None:
    edges = list(RoadmapEdge.objects.filter(roadmap=old))
    made: dict[int, RoadmapNode] = {}
    for node in old.nodes.all():
        before = node.pk
        node.pk, node.roadmap = None, new
        node._state.adding = True  # noqa: SLF001 — Django's way to save a row anew
        node.save()
        made[before] = node
    RoadmapEdge.objects.bulk_create(
        RoadmapEdge(roadmap=new, source=made[edge.source_id], target=made[edge.target_id], kind=edge.kind)
        for edge in edges
    )


def _draft(actor: Viewer, pk: int) -> Roadmap:
    """Return a draft locked. Raises Roadmap.DoesNotExist, Refused, Conflict."""
    found: Roadmap = Roadmap.objects.visible_to(actor).select_for_update().get(pk=pk)
    rules.may_enter(actor).require()
    if found.state != ReleaseState.DRAFT:
        raise Conflict(_("已发布或撤回的版次不再改动：请起草新的一版。"))
    found.revision += 1
    found.save(update_fields=["revision"])
    return found


@transaction.atomic
def save_node(actor: Viewer, *, pk: int, code: str, fields: NodeFields) -> RoadmapNode:
    """Add a node to a draft (`code` "") or change one; return it.

    Raises Roadmap.DoesNotExist, RoadmapNode.DoesNotExist, Refused, Conflict, BadFields.
    """
    draft = _draft(actor, pk)
    faults = _faults(fields)
    if faults:
        raise BadFields(faults)
    node = draft.nodes.get(code=code) if code else RoadmapNode(roadmap=draft, code=_free_code(draft, fields.name))
    before = {name: getattr(node, name) for name in asdict(fields)} if code else None
    for name, value in asdict(fields).items():
        setattr(node, name, list(value) if name == "alternatives" else value)
    node.order = node.order or draft.nodes.count() + 1
    node.save()
    _log(actor, NODE_SAVED, draft, before=before, after=asdict(fields) | {"code": node.code})
    return node


def _faults(fields: NodeFields) -> list[Fault]:
    faults: list[Fault] = []
    if not fields.name.strip() or len(fields.name) > 200:  # noqa: PLR2004 — the column's width
        faults.append(("name", _("请填写名称，最多 200 字。")))
    if not fields.field.strip() or len(fields.field) > 100:  # noqa: PLR2004 — the column's width
        faults.append(("field", _("请填写细分领域，最多 100 字。")))
    for name, value, words in (
        ("layer", fields.layer, LAYERS),
        ("horizon", fields.horizon, HORIZONS),
        ("gap", fields.gap, GAPS),
    ):
        if value not in words:
            faults.append((name, _("请从所列中选择。")))
    if fields.readiness is not None and not 1 <= fields.readiness <= _MOST_READY:
        faults.append(("readiness", _("技术就绪度是 1 到 9，不清楚就空着。")))
    if len(fields.owner) > 300 or max(len(fields.indicators), len(fields.evidence)) > _LONGEST:  # noqa: PLR2004
        faults.append(("indicators", _("承担单位最多 300 字，指标和依据最多 2000 字。")))
    return faults


def _free_code(draft: Roadmap, name: str) -> str:
    """Return a code no version of the industry used: a node is the same thing from version to version by its code."""
    base = slugify(name)[:40] or "n"
    used = set(RoadmapNode.objects.filter(roadmap__industry=draft.industry_id).values_list("code", flat=True))
    number = 1
    while f"{base}-{number}" in used:
        number += 1
    return f"{base}-{number}"


@transaction.atomic
def remove_node(actor: Viewer, *, pk: int, code: str) -> None:
    """Take a node with its edges out of a draft. Raises as `save_node`."""
    draft = _draft(actor, pk)
    node = draft.nodes.get(code=code)
    before = {"code": node.code, "name": node.name}
    RoadmapEdge.objects.filter(Q(source=node) | Q(target=node)).delete()
    node.delete()
    _log(actor, NODE_REMOVED, draft, before=before)


@transaction.atomic
def link(actor: Viewer, *, pk: int, source: str, target: str, kind: str) -> None:
    """Say that a node requires or enables another; `kind` "" takes the edge away.

    Raises as `save_node`, BadFields for a node linked with itself or where requirements would go in a circle.
    """
    draft = _draft(actor, pk)
    nodes = {node.code: node for node in draft.nodes.all()}
    if source not in nodes or target not in nodes or source == target:
        raise BadFields([("source", _("请选择两个不同的节点。"))])
    if kind and kind not in EDGES:
        raise BadFields([("kind", _("请选择关系。"))])
    one, other = nodes[source], nodes[target]
    RoadmapEdge.objects.filter(source=one, target=other).delete()
    if kind:
        if _leads(draft, other.pk, one.pk):
            raise BadFields([("target", _("这样会成环：“%(a)s”已经通向“%(b)s”。") % {"a": other.name, "b": one.name})])
        RoadmapEdge.objects.create(roadmap=draft, source=one, target=other, kind=kind)
    _log(actor, LINKED, draft, after={"source": source, "target": target, "kind": kind})


def _leads(draft: Roadmap, start: int, end: int) -> bool:
    """Whether edges lead from one node to another."""
    out: dict[int, list[int]] = {}
    for source, target in RoadmapEdge.objects.filter(roadmap=draft).values_list("source", "target"):
        out.setdefault(source, []).append(target)
    seen, open_ = {start}, [start]
    while open_:
        for each in out.get(open_.pop(), []):
            if each == end:
                return True
            if each not in seen:
                seen.add(each)
                open_.append(each)
    return False


@transaction.atomic
def publish_roadmap(actor: Viewer, *, pk: int, now: dt.datetime | None = None) -> Roadmap:
    """Publish a draft. Raises Roadmap.DoesNotExist, Refused, Conflict where it is none or is empty."""
    draft = _draft(actor, pk)
    if not draft.nodes.exists():
        raise Conflict(_("路线图里一个节点也没有，不能发布。"))
    draft.state, draft.published_at = ReleaseState.PUBLISHED, now or timezone.now()
    draft.save(update_fields=["state", "published_at"])
    _log(actor, PUBLISHED, draft, after={"nodes": draft.nodes.count()})
    return draft


@transaction.atomic
def withdraw_roadmap(actor: Viewer, *, pk: int, reason: str) -> Roadmap:
    """Withdraw a version, draft or published. Raises as above, BadFields without a reason."""
    found: Roadmap = Roadmap.objects.visible_to(actor).select_for_update().get(pk=pk)
    rules.may_enter(actor).require()
    if found.state == ReleaseState.WITHDRAWN:
        raise Conflict(_("这一版已经撤回。"))
    said = needed_reason(reason, _("请写明撤回的理由。"))
    before = found.state
    found.state = ReleaseState.WITHDRAWN
    found.save(update_fields=["state"])
    _log(actor, WITHDRAWN, found, before={"state": before}, after={"state": found.state}, reason=said)
    return found


def _log(
    actor: Viewer, action: RegisteredAction, row: Roadmap, *, before: Any = None, after: Any = None, reason: str = ""
) -> None:
    label = f"{row.industry.name} 第{row.version}版"
    audit.record(actor, action, kind=KIND, key=str(row.pk), label=label, before=before, after=after, reason=reason)
