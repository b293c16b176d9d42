"""The office's draft of the next version: begun, given up, lines taken back, brought up to a newer version in force."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import register
from xiandao.domains.industries.actions.revising import KIND, revise, take_draft
from xiandao.domains.industries.actions.storing import write_all
from xiandao.domains.industries.content import Change, Content, apply, belonging, diff, find
from xiandao.domains.industries.models import CatalogueOrigin, CatalogueState, CatalogueVersion
from xiandao.domains.industries.queries.catalogue import content_of, in_force
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import Viewer

STARTED = register("catalogue.draft_started", gettext_lazy("开始修订产品目录"))
DISCARDED = register("catalogue.draft_discarded", gettext_lazy("放弃产品目录草案"))
RESTORED = register("catalogue.restored", gettext_lazy("恢复产品目录草案中的一处修改"))
REBASED = register("catalogue.rebased", gettext_lazy("把产品目录草案移到现行版本上"))


def start_draft(actor: Viewer, *, now: dt.datetime | None = None) -> CatalogueVersion:
    """Begin a draft from the version in force. There is one at a time, which all who edit share.

    Raises Refused without the right, Conflict where a draft is open or there is nothing to revise.
    """
    if not actor.can(Can.EDIT_CATALOGUE):
        raise Refused(_("您的岗位不能修订产品目录。"))
    base = in_force()
    if base is None:
        raise Conflict(_("还没有产品目录：请先载入带目录的政策包。"))
    try:
        with transaction.atomic():
            draft = CatalogueVersion.objects.create(
                name=base.name,
                name_en=base.name_en,
                origin=CatalogueOrigin.EDITED,
                based_on=base,
                source=base.source,
                digest=base.digest,
                created_at=now or timezone.now(),
                created_by=actor.name,
                user_id=actor.user_id,
            )
            write_all(draft, content_of(base))
            audit.record(actor, STARTED, kind=KIND, key=str(draft.pk), label=_("草案"), after={"base": base.code})
    except IntegrityError as error:  # the database allows one open draft
        raise Conflict(_("已有一份草案在修订，请在那一份上改。")) from error
    return draft


@transaction.atomic
def discard_draft(actor: Viewer, *, pk: int, reason: str) -> None:
    """Give the draft up. It is kept, but no longer open. Raises Refused without a reason."""
    draft = take_draft(actor, pk)
    if not reason.strip():
        raise Refused(_("请写明为什么放弃：其他修订人会看到。"))
    draft.state, draft.note = CatalogueState.DISCARDED, reason.strip()[:2000]
    draft.save(update_fields=["state", "note"])
    audit.record(actor, DISCARDED, kind=KIND, key=str(draft.pk), label=_("草案"), reason=reason.strip())


def restore(actor: Viewer, *, pk: int, key: str) -> list[Change]:
    """Take one line of the draft's difference back, with what hangs on it. Raises Conflict where it is gone already."""

    def edit(content: Content) -> Content:
        draft = CatalogueVersion.objects.visible_to(actor).select_related("based_on").get(pk=pk)
        changes = diff(content_of(_base(draft)), content)
        change = find(changes, key)
        if change is None:
            raise Conflict(_("这处修改已经恢复，或已被别人改动。下面是最新的差异。"))
        return apply(content, [each.inverse() for each in belonging(changes, change)])

    return revise(actor, pk=pk, label=key.rpartition("|")[2], edit=edit, action=RESTORED)


def _base(draft: CatalogueVersion) -> CatalogueVersion:
    if draft.based_on is None:
        raise Conflict(_("这份草案没有底稿。"))
    return draft.based_on


def outdated(draft: CatalogueVersion) -> bool:
    """Whether another version came into force since the draft was begun."""
    current = in_force()
    return current is not None and draft.based_on_id != current.pk


@transaction.atomic
def rebase(actor: Viewer, *, pk: int) -> list[Change]:
    """Put the draft's changes on the version now in force. What the draft says goes where both changed the same.

    Raises Conflict where the draft stands on it already, Refused where the two together break a rule.
    """
    draft = take_draft(actor, pk)
    current = in_force()
    if current is None or not outdated(draft):
        raise Conflict(_("草案已经建立在现行版本上。"))
    old, base = content_of(draft), content_of(_base(draft))

    def edit(content: Content) -> Content:
        return apply(content_of(current), diff(base, content))

    changes = revise(actor, pk=pk, label=current.code, edit=edit, action=REBASED)
    CatalogueVersion.objects.visible_to(actor).filter(pk=pk).update(based_on=current)
    if not changes and old.digest == content_of(current).digest:
        audit.record(actor, REBASED, kind=KIND, key=str(pk), label=current.code)
    return changes
