"""Trying the draft on the register in force: started, cancelled, found dead. The work itself is `work`."""

import datetime as dt
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import register
from xiandao.domains.enterprises.actions.registers_work import in_force
from xiandao.domains.enterprises.models import Preview, PreviewState, RegisterVersion
from xiandao.domains.enterprises.preview.tasks import try_draft
from xiandao.domains.industries.actions.revising import KIND
from xiandao.domains.industries.models import CatalogueState, CatalogueVersion
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.shared.liveness import is_lost

STARTED = register("catalogue.preview_started", gettext_lazy("在名录上试算目录草案"))
CANCELLED = register("catalogue.preview_cancelled", gettext_lazy("取消试算目录草案"))
_WHY: Final = "the actor may work on the draft"


def start_preview(actor: Viewer, *, draft_pk: int, now: dt.datetime | None = None) -> Preview:
    """Have the draft as it stands compared with its base on the register in force, in the background.

    Raises Refused without the right or without a register, Conflict where that is being done or the draft is none.
    """
    if not actor.can(Can.EDIT_CATALOGUE, Can.PUBLISH_CATALOGUE):
        raise Refused(_("您的岗位不能试算产品目录草案。"))
    moment = now or timezone.now()
    with transaction.atomic():
        draft = CatalogueVersion.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=draft_pk)
        if draft.state != CatalogueState.DRAFT or draft.based_on is None:
            raise Conflict(_("这份草案已经结束，不用再算。"))
        if draft.digest == draft.based_on.digest:
            raise Conflict(_("草案没有改动，没有什么可算的。"))
        source = in_force()
        if source is None:
            raise Refused(_("还没有载入登记名录。由统筹协调单位在“登记名录”中载入后才能算影响。"))
        busy = Preview.objects.for_system(_WHY).filter(draft=draft, state=PreviewState.RUNNING)
        for other in busy:
            if other.digest == draft.digest and not is_lost(other.worker, other.beat_at, moment):
                raise Conflict(_("正在算，请等它完成。"))
        busy.update(state=PreviewState.CANCELLED, ended_at=moment, reason=_("草案又有改动，重新算。"))
        made = Preview.objects.create(
            draft=draft,
            digest=draft.digest,
            register=source,
            total=_rows(source),
            started_at=moment,
            beat_at=moment,
            by=actor.name,
        )
        audit.record(actor, STARTED, kind=KIND, key=str(draft.pk), label=str(draft), after={"register": source.number})
        try_draft.enqueue(made.pk)
    made.refresh_from_db(from_queryset=Preview.objects.for_system(_WHY))
    return made


def _rows(source: RegisterVersion) -> int:
    counts = source.counts or {}
    return max(int(counts.get("rows", source.rows)) - int(counts.get("outside", 0)), 0)


@transaction.atomic
def cancel_preview(actor: Viewer, *, pk: int, now: dt.datetime | None = None) -> Preview:
    """Give a comparison up that is under way. Raises Preview.DoesNotExist, Conflict."""
    made: Preview = Preview.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=pk)
    if made.state != PreviewState.RUNNING:
        raise Conflict(_("已经结束，不用取消。"))
    made.state, made.ended_at = PreviewState.CANCELLED, now or timezone.now()
    made.save(update_fields=["state", "ended_at"])
    audit.record(actor, CANCELLED, kind=KIND, key=str(made.draft_id), label=str(made.register))
    return made


def fail_interrupted(actor: Viewer, *, now: dt.datetime | None = None) -> int:
    """Mark comparisons whose process was killed as broken off; return how many. Safe to repeat."""
    if not actor.is_system:
        raise Refused(_("中断的试算由平台登记。"))
    moment, count = now or timezone.now(), 0
    for made in Preview.objects.for_system("the worker").filter(state=PreviewState.RUNNING):
        if is_lost(made.worker, made.beat_at, moment):
            rows = Preview.objects.for_system("the worker").filter(pk=made.pk, state=PreviewState.RUNNING)
            reason = _("算到一半时程序被终止。可以重新算。")
            count += rows.update(state=PreviewState.FAILED, ended_at=moment, reason=reason)
    return count
