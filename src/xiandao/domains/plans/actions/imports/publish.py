"""Publishing what was reviewed: complete, compared with the version in force, as the very thing that was compared."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import register
from xiandao.domains.orgs.models import Region
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.actions.imports.desk import Desk, drafts_in_order
from xiandao.domains.plans.actions.imports.drafts import Draft, document_of, left_out
from xiandao.domains.plans.actions.imports.inforce import document_of_version, version_in_force
from xiandao.domains.plans.actions.imports.items import take
from xiandao.domains.plans.actions.imports.keys import carried_over
from xiandao.domains.plans.actions.imports.limits import faults_of
from xiandao.domains.plans.actions.imports.places import unplaced_now
from xiandao.domains.plans.actions.imports.upload import normal
from xiandao.domains.plans.actions.publish import publish_version
from xiandao.domains.plans.models import (
    Action,
    Commitment,
    Measure,
    Mechanism,
    Plan,
    PlanVersion,
    Support,
    Target,
)
from xiandao.domains.plans.models.drafts import DraftItem, ImportState, Operation, PlanImport, Review
from xiandao.packs import PackError, PlanDoc

PUBLISHED = register("plans.import_published", gettext_lazy("方案录入：发布"))
_KEYED: tuple[Any, ...] = (Action, Measure, Target, Support, Mechanism, Commitment)


@dataclass(frozen=True, slots=True)
class Prospect:
    """What publishing would make: the document, what stands in its way, and what it would replace."""

    document: PlanDoc | None
    obstacles: list[tuple[str, str]]
    waiting: int
    current: PlanVersion | None
    before: PlanDoc | None


def prospect(viewer: Viewer, *, plan_import: PlanImport, code: str) -> Prospect:
    """Return what publishing the import under a plan code would make. Reads only.

    `obstacles` are (item key or "head" or "", sentence); without any, `document` is there.
    """
    rows = DraftItem.objects.filter(plan_import=plan_import)
    drafts = drafts_in_order(rows)
    gone = left_out(drafts)
    kept = [draft for draft in drafts if draft.key not in gone]
    waiting = sum(draft.review == Review.PROPOSED for draft in kept)
    obstacles = faults_of(plan_import.head, kept)
    if not any(draft.kind in ("measure", "target") for draft in kept):
        obstacles.append(("", _("没有可以发布的任务或目标：请恢复或补充条目。")))
    plan = Plan.objects.visible_to(viewer).filter(code=code).first()
    current = version_in_force(viewer, plan) if plan else None
    before = document_of_version(viewer, current) if current else None
    if obstacles:
        return Prospect(None, obstacles, waiting, current, before)
    try:
        document = _document(viewer, plan_import, drafts, code, (current, before) if current and before else None)
    except PackError as error:
        faults = [("", f"{f.field}：发现{f.found}；应为{f.expected}；{f.mend}。") for f in error.faults]
        return Prospect(None, faults, waiting, current, before)
    return Prospect(document, [], waiting, current, before)


def _document(
    viewer: Viewer,
    plan_import: PlanImport,
    drafts: list[Draft],
    code: str,
    replaced: tuple[PlanVersion, PlanDoc] | None,
) -> PlanDoc:
    """Return the document to publish; as a next version it carries over keys and English names."""
    text = plan_import.source_text
    document = document_of(code, plan_import.head, drafts, unplaced_now(text, plan_import.unplaced, drafts))
    if replaced is None:
        return document
    current, before = replaced
    same_text = normal(current.source_text) == text
    return carried_over(document, before, _used_keys(viewer, current.plan), same_text=same_text)


def _used_keys(viewer: Viewer, plan: Plan) -> set[str]:
    """Return every key any version of the plan has had."""
    found: set[str] = set()
    for model in _KEYED:
        rows = model.objects.visible_to(viewer).filter(version__plan=plan)
        found |= set(rows.values_list("key", flat=True))
    return found


@transaction.atomic
def publish_import(
    actor: Viewer,
    *,
    pk: uuid.UUID,
    revision: int,
    code: str,
    new_plan: bool,
    against: int = 0,
    region: str = "",
    reason: str = "",
    accept_rest: bool = False,
) -> PlanVersion:
    """Publish the import as a new plan (`new_plan`, with code and region) or as the next version of the plan `code`.

    `revision` is the import's as compared and `against` the number of the version it was compared with (0 for none);
    a correction or another version since refuses. Items still waiting refuse unless
    `accept_rest` says to take them as read. Replacing a version needs a reason. Raises Refused, Conflict.
    """
    desk = Desk(actor, pk)
    plan_import = desk.plan_import
    if plan_import.revision != revision:
        raise Conflict(_("对照之后又有改动：请看过新的对照再发布。"))
    # Locked, so that two imports of one plan cannot both replace the version they were compared with.
    plan = Plan.objects.visible_to(actor).select_for_update().filter(code=code).first()
    _check_destination(plan, code=code, new_plan=new_plan, region=region)
    if accept_rest and take(desk, None):
        desk.close(Operation.ACCEPT_MANY, "*", reason=_("发布时其余全部接受"))
    found = prospect(actor, plan_import=plan_import, code=code)
    if found.waiting:
        raise Refused(_("还有 %(n)s 个条目待核对：请核对完，或勾选“其余全部接受”。") % {"n": found.waiting})
    if found.document is None:
        raise Refused(" ".join(f"{key} {sentence}".strip() for key, sentence in found.obstacles))
    if (found.current.number if found.current else 0) != against:
        raise Conflict(_("对照之后，现行版本已经更替：请看过新的对照再发布。"))
    if found.current is not None and not reason.strip():
        raise Refused(_("将替代第 %(n)s 版：请写明理由。") % {"n": found.current.number})
    version = publish_version(
        actor,
        document=found.document,
        text=plan_import.source_text,
        region=plan.region_id if plan else region,
        reason=reason.strip(),
    )
    if found.current is not None and version.pk == found.current.pk:
        raise Refused(_("与现行版本完全相同，不必发布。可以放弃这次录入。"))
    if new_plan and version.number != 1:
        raise Conflict(_("代码 %(code)s 刚被另一方案用去：请另取代码。") % {"code": code})
    plan_import.state = ImportState.PUBLISHED
    plan_import.plan, plan_import.version = version.plan, version
    plan_import.save(update_fields=["state", "plan", "version"])
    audit.record(
        actor,
        PUBLISHED,
        kind="plan_import",
        key=str(plan_import.pk),
        label=plan_import.name,
        before={"state": ImportState.REVIEW.value},
        after={"state": ImportState.PUBLISHED.value, "plan": code, "version": version.number},
        reason=reason.strip(),
    )
    return version


def _check_destination(plan: Plan | None, *, code: str, new_plan: bool, region: str) -> None:
    """Refuse a new plan under a code in use or without a region, and a next version of no plan."""
    if new_plan and plan is not None:
        raise Refused(
            _("代码 %(code)s 已用于《%(plan)s》：请另取代码，或选择作为它的新版本发布。")
            % {"code": code, "plan": plan.name}
        )
    if new_plan and not Region.objects.filter(code=region).exists():
        raise Refused(_("请选择新方案的辖区。"))
    if not new_plan and plan is None:
        raise Refused(_("没有代码为 %(code)s 的方案：请重新选择。") % {"code": code})
