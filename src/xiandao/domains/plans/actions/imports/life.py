"""The life of an import: begun from a text, its head corrected, given up."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import register
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.actions.imports.desk import HEAD, STEP, Changed, Desk, locked_import
from xiandao.domains.plans.actions.imports.drafts import Draft, checked_head, drafts_of, head_of, plain
from xiandao.domains.plans.actions.imports.items import BadFields
from xiandao.domains.plans.actions.imports.limits import head_faults
from xiandao.domains.plans.actions.imports.reading import read_plan
from xiandao.domains.plans.actions.imports.upload import clean, fingerprint, normal
from xiandao.domains.plans.models import Plan, PlanVersion, VersionState
from xiandao.domains.plans.models.drafts import Correction, DraftItem, ImportState, Operation, PlanImport
from xiandao.packs import PackError

STARTED = register("plans.import_started", gettext_lazy("方案录入：开始"))
DISCARDED = register("plans.import_discarded", gettext_lazy("方案录入：放弃"))


class AlreadyImported(Conflict):
    """The very same text is here already: in an import (`existing`), or in a plan in force (`plan`)."""

    def __init__(self, reason: str, *, existing: PlanImport | None, plan: Plan | None) -> None:
        super().__init__(reason)
        self.existing = existing
        self.plan = plan


def start_import(actor: Viewer, *, text: str, source_name: str = "", again: bool = False) -> PlanImport:
    """Read a text with the compiler and keep every item it found for review; return the import.

    Nothing is kept unless the text can be read as a plan. Raises Refused with what was found and what to do, and
    AlreadyImported for a text that is here already, unless `again` says that it is meant.
    """
    if not actor.can(Can.IMPORT_PLANS):
        raise Refused(_("只有统筹协调单位可以录入方案。"))
    source = clean(text)
    sha256 = fingerprint(source)
    if not again:
        _refuse_twice(actor, sha256)
    document = read_plan(source)
    drafts = drafts_of(document)
    with transaction.atomic():
        made: PlanImport = PlanImport.objects.create(
            name=document.title[:300],
            source_name=source_name[:300],
            source_text=source,
            source_sha256=sha256,
            head=head_of(document),
            unplaced=plain(document.unplaced),
            created_by=actor.name,
        )
        _keep(made, drafts)
        audit.record(
            actor,
            STARTED,
            kind="plan_import",
            key=str(made.pk),
            label=made.name,
            after={"source_sha256": sha256, "source_name": made.source_name, "items": len(drafts)},
        )
    return made


def _refuse_twice(actor: Viewer, sha256: str) -> None:
    """Raise AlreadyImported if the text is under review, was published from an import, or is in force."""
    same = PlanImport.objects.visible_to(actor).filter(source_sha256=sha256).exclude(state=ImportState.DISCARDED)
    existing = same.first()
    if existing is not None:
        sentence = _("同一份原文已于 %(day)s 由%(who)s录入（%(state)s）。") % {
            "day": f"{timezone.localtime(existing.created_at):%Y-%m-%d}",
            "who": existing.created_by,
            "state": existing.get_state_display(),
        }
        raise AlreadyImported(sentence, existing=existing, plan=None)
    versions = PlanVersion.objects.visible_to(actor).filter(state=VersionState.PUBLISHED).select_related("plan")
    # A pack keeps its text as published, an import with one kind of line break: both are compared in the same form.
    version = next((v for v in versions if v.source_text and fingerprint(normal(v.source_text)) == sha256), None)
    if version is not None:
        sentence = _("同一份原文就是《%(plan)s》现行版本的原文。") % {"plan": version.plan.name}
        raise AlreadyImported(sentence, existing=None, plan=version.plan)


def _keep(made: PlanImport, drafts: list[Draft]) -> None:
    """Write the items, a level at a time because children need their parent's row."""
    rows: dict[str, DraftItem] = {}
    numbered = list(enumerate(drafts, 1))
    depth: dict[str, int] = {}
    for _number, draft in numbered:
        depth[draft.key] = depth[draft.parent] + 1 if draft.parent else 0
    for level in range(max(depth.values(), default=0) + 1):
        batch = [
            DraftItem(
                plan_import=made,
                key=draft.key,
                kind=draft.kind,
                parent=rows[draft.parent] if draft.parent else None,
                order=number * STEP,
                data=dict(draft.data),
                span_start=draft.span[0] if draft.span else None,
                span_end=draft.span[1] if draft.span else None,
                confidence=draft.confidence,
                review=draft.review,
            )
            for number, draft in numbered
            if depth[draft.key] == level
        ]
        rows |= {row.key: row for row in DraftItem.objects.bulk_create(batch)}


@transaction.atomic
def edit_head(actor: Viewer, *, pk: uuid.UUID, revision: int, head: Mapping[str, Any]) -> Correction:
    """Correct fields of the head (title, number, issuers, issued_on, period); `revision` is the head's.

    Raises Changed if somebody else corrected the head meanwhile, BadFields, Refused.
    """
    desk = Desk(actor, pk)
    if desk.plan_import.head_revision != revision:
        last = Correction.objects.filter(plan_import=desk.plan_import, key=HEAD).order_by("-number").first()
        by = last.by if last else ""
        raise Changed(_("%(who)s刚刚改过文件头。") % {"who": by or _("他人")}, item=None, by=by)
    try:
        whole = checked_head({**desk.plan_import.head, **head})
    except PackError as error:
        lines = [(f.field.partition("[")[0], f"发现{f.found}；应为{f.expected}；{f.mend}。") for f in error.faults]
        raise BadFields(lines) from error
    faults = list(head_faults(whole))
    if faults:
        raise BadFields(faults)
    desk.change_head(whole)
    if not desk.after[HEAD]:
        raise Refused(_("没有改动。"))
    return desk.close(Operation.EDIT_HEAD, HEAD)


@transaction.atomic
def discard(actor: Viewer, *, pk: uuid.UUID, reason: str) -> PlanImport:
    """Give an import up; it and its corrections stay readable. Raises Refused without a reason."""
    found = locked_import(actor, pk)
    if not reason.strip():
        raise Refused(_("请写明放弃的理由。"))
    found.state = ImportState.DISCARDED
    found.closing_reason = reason.strip()[:500]
    found.save(update_fields=["state", "closing_reason"])
    audit.record(
        actor,
        DISCARDED,
        kind="plan_import",
        key=str(found.pk),
        label=found.name,
        before={"state": ImportState.REVIEW.value},
        after={"state": ImportState.DISCARDED.value},
        reason=found.closing_reason,
    )
    return found
