"""The draft of the next version: its page, its steps, publishing, adopting what a pack offers."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from xiandao.domains.audit.queries import history
from xiandao.domains.industries.actions import drafts as act
from xiandao.domains.industries.actions import publishing
from xiandao.domains.industries.actions.revising import KIND
from xiandao.domains.industries.content import diff, faults
from xiandao.domains.industries.models import CatalogueState, CatalogueVersion
from xiandao.domains.industries.queries import browse, differences
from xiandao.domains.industries.queries import catalogue as queries
from xiandao.domains.industries.registry import previewer
from xiandao.domains.industries.views.access import draft_of, version_of
from xiandao.domains.orgs.access import CONFLICT, REFUSED, Request, needs
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import Conflict, Refused


@require_POST
@needs(Can.EDIT_CATALOGUE)
def start(request: Request) -> HttpResponse:
    """Begin a draft, or open the one somebody else began a moment ago."""
    try:
        draft = act.start_draft(request.viewer)
    except Conflict as refusal:
        opened = queries.open_draft()
        messages.warning(request, str(refusal.reason))
        return redirect("catalogue:draft", pk=opened.pk) if opened else redirect("catalogue:current")
    return redirect("catalogue:draft", pk=draft.pk)


@require_GET
@needs(Can.EDIT_CATALOGUE, Can.PUBLISH_CATALOGUE)
def page(request: Request, pk: int) -> HttpResponse:
    """Show a draft: what it changes, what that does on the register, and how it goes on."""
    return show(request, draft_of(request, pk))


def show(
    request: Request, draft: CatalogueVersion, *, alert: str = "", kept: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    """Draw the draft's page, with the reason where a step was refused."""
    if draft.state in (CatalogueState.PUBLISHED, CatalogueState.SUPERSEDED):
        return redirect("catalogue:version", code=draft.code)
    after = queries.content_of(draft)
    before = queries.content_of(draft.based_on) if draft.based_on else after
    changes = diff(before, after)
    is_open = draft.state == CatalogueState.DRAFT
    tries = previewer() if is_open else None
    context: dict[str, Any] = {
        "draft": draft,
        "is_open": is_open,
        "groups": differences.groups(before, after, changes),
        "count": len(changes),
        "lines": browse.overview(draft) if is_open else [],
        "idle": [each for each in faults(after) if each.idle] if is_open else [],
        "outdated": is_open and act.outdated(draft),
        "current": queries.in_force(),
        "panel": tries.panel(request.viewer, draft) if tries else None,
        "readiness": publishing.readiness(draft) if is_open else None,
        "next_code": publishing.next_code(timezone.localdate()),
        "may_edit": request.viewer.can(Can.EDIT_CATALOGUE),
        "may_publish": request.viewer.can(Can.PUBLISH_CATALOGUE),
        "history": history(kind=KIND, key=str(draft.pk)),
        "alert": alert,
        "kept": kept or {},
    }
    return render(request, "industries/catalogue/draft.html", context, status=status)


def _discard(request: Request, pk: int) -> HttpResponse:
    act.discard_draft(request.viewer, pk=pk, reason=request.POST.get("reason", ""))
    messages.success(request, _("草案已放弃，现行目录没有变化。"))
    return redirect("catalogue:current")


def _restore(request: Request, pk: int) -> HttpResponse:
    changes = act.restore(request.viewer, pk=pk, key=request.POST.get("key", ""))
    messages.success(request, _("已恢复，涉及 %(count)s 处。") % {"count": len(changes)})
    return redirect("catalogue:draft", pk=pk)


def _rebase(request: Request, pk: int) -> HttpResponse:
    act.rebase(request.viewer, pk=pk)
    messages.success(request, _("草案已移到现行版本上，请核对差异。"))
    return redirect("catalogue:draft", pk=pk)


def _publish(request: Request, pk: int) -> HttpResponse:
    given = {name: request.POST.get(name, "") for name in ("note", "untried", "digest")}
    version = publishing.publish_draft(request.viewer, pk=pk, **given)
    messages.success(request, _("已发布为 %(code)s 版，即日起识别企业以它为准。") % {"code": version.code})
    return redirect("catalogue:version", code=version.code)


STEPS: dict[str, Callable[[Request, int], HttpResponse]] = {
    "discard": _discard,
    "restore": _restore,
    "rebase": _rebase,
    "publish": _publish,
}


@require_POST
@needs(Can.EDIT_CATALOGUE, Can.PUBLISH_CATALOGUE)
def step(request: Request, pk: int, step: str) -> HttpResponse:
    """Take a step; a refusal shows the page with the reason and keeps what was written."""
    draft = draft_of(request, pk)
    if step not in STEPS:
        raise Http404
    try:
        return STEPS[step](request, draft.pk)
    except Refused as refusal:
        status = CONFLICT if isinstance(refusal, Conflict) else REFUSED
        kept = {name: request.POST.get(name, "") for name in ("note", "untried", "reason")}
        return show(request, draft_of(request, pk), alert=str(refusal.reason), kept=kept, status=status)


@require_POST
@needs(Can.EDIT_CATALOGUE, Can.PUBLISH_CATALOGUE)
def adopt(request: Request, code: str) -> HttpResponse:
    """Put a version a pack offers into force."""
    version = version_of(request, code)
    try:
        publishing.adopt_offered(request.viewer, pk=version.pk, reason=request.POST.get("reason", ""))
    except Refused as refusal:
        messages.error(request, str(refusal.reason))
        return redirect("catalogue:version", code=code)
    messages.success(request, _("已采用，%(code)s 是现行目录。") % {"code": code})
    return redirect("catalogue:version", code=code)
