"""A draft becomes the version in force, or the office adopts what a pack offers."""

import datetime as dt
import re

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import register
from xiandao.domains.industries.actions.drafts import outdated
from xiandao.domains.industries.actions.revising import KIND
from xiandao.domains.industries.content import Content, diff, new_faults
from xiandao.domains.industries.models import CatalogueState, CatalogueVersion
from xiandao.domains.industries.queries.catalogue import content_of
from xiandao.domains.industries.registry import Readiness, previewer
from xiandao.domains.industries.signals import catalogue_published
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import Viewer

PUBLISHED = register("catalogue.published", gettext_lazy("发布产品目录"))
ADOPTED = register("catalogue.adopted", gettext_lazy("采用政策包的产品目录"))
_WHY = "the right to publish was checked"
_CODE = re.compile(r"^(\d{4})\.(\d{1,4})")


def readiness(draft: CatalogueVersion) -> Readiness:
    """Return whether a draft was tried on a register as it stands; without anybody to try it, it cannot be."""
    found = previewer()
    return found.readiness(draft) if found is not None else Readiness(possible=False, done=False)


def next_code(today: dt.date) -> str:
    """Return the code of the next version: the year and the number after the last of that year."""
    codes = CatalogueVersion.objects.for_system(_WHY).exclude(code="").values_list("code", flat=True)
    numbers = [int(m[2]) for code in codes if (m := _CODE.match(code)) and int(m[1]) == today.year]
    return f"{today.year}.{max(numbers, default=0) + 1}"


@transaction.atomic
def publish_draft(
    actor: Viewer, *, pk: int, note: str, untried: str = "", digest: str = "", now: dt.datetime | None = None
) -> CatalogueVersion:
    """Put the draft into force under the next code. `digest`: the content the publisher has seen.

    Raises Refused without the right, without a note, or untried on a loaded register without a reason (`untried`);
    Conflict where the draft changed, has no changes, has faults, or stands on a version no longer in force.
    """
    if not actor.can(Can.PUBLISH_CATALOGUE):
        raise Refused(_("您的岗位不能发布产品目录：请统筹协调单位发布。"))
    moment = now or timezone.now()
    rows = CatalogueVersion.objects.for_system(_WHY)
    former = rows.select_for_update().filter(state=CatalogueState.PUBLISHED).first()
    draft = rows.select_for_update().get(pk=pk)
    _require_publishable(draft, digest)
    if not note.strip():
        raise Refused(_("请写修订说明：改了什么、依据是什么。"))
    state = readiness(draft)
    if state.possible and not state.done and not untried.strip():
        raise Refused(_("草案改动后还没有在现行名录上算过影响。请先算影响；确要直接发布的，请写明理由。"))
    if former is not None:
        former.state = CatalogueState.SUPERSEDED
        former.save(update_fields=["state"])
    draft.code = next_code(timezone.localdate(moment))
    draft.note = note.strip()[:5000]
    _into_force(draft, actor, moment)
    audit.record(
        actor,
        PUBLISHED,
        kind=KIND,
        key=str(draft.pk),
        label=draft.code,
        before={"code": former.code} if former else None,
        after={"code": draft.code, "digest": draft.digest, "note": draft.note, "tried": state.done},
        reason=untried.strip(),
    )
    catalogue_published.send(sender=CatalogueVersion, actor=actor, version=draft, former=former)
    return draft


def _require_publishable(draft: CatalogueVersion, digest: str) -> None:
    if draft.state != CatalogueState.DRAFT:
        raise Conflict(_("这份草案已经结束，不能发布。"))
    if digest and digest != draft.digest:
        raise Conflict(_("您打开页面以后，草案又有改动。请看过最新的差异再发布。"))
    if outdated(draft):
        raise Conflict(_("现行版本已经换了。请先把草案移到现行版本上，再看差异、发布。"))
    content = content_of(draft)
    base = content_of(draft.based_on) if draft.based_on is not None else Content()
    if not diff(base, content):
        raise Conflict(_("草案与现行版本没有差别，不需要发布。"))
    fresh = new_faults(base, content)
    if fresh:
        raise Conflict(_("草案有 %(count)s 处不合规则：%(first)s。") % {"count": len(fresh), "first": fresh[0].message})


@transaction.atomic
def adopt_offered(actor: Viewer, *, pk: int, reason: str, now: dt.datetime | None = None) -> CatalogueVersion:
    """Put a version a pack offers into force in place of the office's own. Raises Refused, Conflict."""
    if not actor.can(Can.PUBLISH_CATALOGUE):
        raise Refused(_("您的岗位不能发布产品目录：请统筹协调单位发布。"))
    rows = CatalogueVersion.objects.for_system(_WHY)
    former = rows.select_for_update().filter(state=CatalogueState.PUBLISHED).first()
    version = rows.select_for_update().get(pk=pk)
    if version.state != CatalogueState.AVAILABLE:
        raise Conflict(_("这一版已经采用，或已有更新的一版。"))
    if not reason.strip():
        raise Refused(_("请写明为什么换用：本单位自己的修订会被它替代。"))
    if former is not None:
        former.state = CatalogueState.SUPERSEDED
        former.save(update_fields=["state"])
    _into_force(version, actor, now or timezone.now())
    audit.record(
        actor,
        ADOPTED,
        kind=KIND,
        key=str(version.pk),
        label=version.code,
        before={"code": former.code} if former else None,
        after={"code": version.code, "digest": version.digest},
        reason=reason.strip(),
    )
    catalogue_published.send(sender=CatalogueVersion, actor=actor, version=version, former=former)
    return version


def _into_force(version: CatalogueVersion, actor: Viewer, moment: dt.datetime) -> None:
    version.state, version.published_at, version.published_by = CatalogueState.PUBLISHED, moment, actor.name
    version.save()
