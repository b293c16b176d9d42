"""Pages of an import as a whole: reading a text in, the review page, head, history, giving up."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xiandao.domains.orgs.permission import Refused
from xiandao.domains.plans.actions import imports as actions
from xiandao.domains.plans.import_forms import HeadForm, ReasonForm, UploadForm
from xiandao.domains.plans.import_views.access import (
    CONFLICT,
    INVALID,
    Request,
    add_faults,
    bench_page,
    done,
    number,
    readers,
    refused,
    writers,
)
from xiandao.domains.plans.models.drafts import PlanImport
from xiandao.domains.plans.queries import imports as queries
from xiandao.domains.plans.queries.import_history import corrections

form_page = require_http_methods(["GET", "POST"])


@form_page
@writers
def new(request: Request) -> HttpResponse:
    """Take a text, by file or pasted, and read it."""
    if request.method == "GET":
        return render(request, "plans/import/new.html", {"form": UploadForm()})
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        data = form.cleaned_data
        try:
            made = actions.start_import(
                request.viewer, text=data["source"], source_name=data["name"], again=data["again"]
            )
        except actions.AlreadyImported as already:
            # The text is kept on the page, also that of a file, so that reading it again takes one click.
            kept = UploadForm(initial={"text": data["source"], "source_name": data["name"], "again": True})
            return render(request, "plans/import/new.html", {"form": kept, "already": already}, status=CONFLICT)
        except Refused as refusal:
            form.add_error("file" if data.get("file") else "text", str(refusal.reason))
        else:
            return redirect("plans:import", made.pk)
    return render(request, "plans/import/new.html", {"form": form}, status=INVALID)


@require_GET
@readers
def workbench_page(request: Request, found: PlanImport) -> HttpResponse:
    """Show source and items side by side."""
    return bench_page(request, found, current=request.GET.get("item", ""))


@require_GET
@readers
def history(request: Request, found: PlanImport) -> HttpResponse:
    """Show every correction, with undoing for those that hold."""
    bench = queries.workbench(request.viewer, found)
    entries = corrections(found)
    return render(request, "plans/import/history.html", {"import": found, "bench": bench, "entries": entries})


@require_POST
@writers
def undo(request: Request, found: PlanImport) -> HttpResponse:
    """Take back the last correction, or the one named."""
    asked = number(request, "number")
    try:
        correction = actions.undo(request.viewer, pk=found.pk, number=asked if asked > 0 else None)
    except Refused as refusal:
        return refused(request, found, refusal)
    message = _("已撤销第 %(number)s 号改动。") % {"number": correction.undoes.number if correction.undoes else ""}
    return done(request, found, current=correction.key, message=message)


@require_POST
@writers
def accept_many(request: Request, found: PlanImport) -> HttpResponse:
    """Accept every waiting item at or above a confidence."""
    percent = number(request, "threshold")
    if not 0 < percent <= 100:  # noqa: PLR2004 — a percentage
        return refused(request, found, Refused(_("请选择置信度。")))
    try:
        count = actions.accept_many(request.viewer, pk=found.pk, threshold=percent / 100)
    except Refused as refusal:
        return refused(request, found, refusal)
    message = _("已批量接受 %(count)s 个条目。") % {"count": count}
    return done(request, found, current="", message=message, texts=False, advance=True)


@form_page
@writers
def head(request: Request, found: PlanImport) -> HttpResponse:
    """Correct the head: title, number, issuers, date, period."""
    fresh = _head_initial(found.head)
    if request.method == "GET":
        return _head_page(request, found, HeadForm(initial=fresh))
    form = HeadForm(request.POST, initial=fresh)
    if not form.is_valid():
        return _head_page(request, found, form, status=INVALID)
    try:
        actions.edit_head(request.viewer, pk=found.pk, revision=number(request, "revision"), head=form.head())
    except actions.Changed as changed:
        now = queries.import_of(request.viewer, found.pk)
        other = differing(form, _head_initial(now.head))
        return _head_page(request, now, form, status=CONFLICT, changed=changed, other=other)
    except Refused as refusal:
        add_faults(form, refusal)
        return _head_page(request, found, form, status=INVALID)
    messages.success(request, _("文件头已保存。"))
    return redirect("plans:import", found.pk)


def _head_page(request: Request, found: PlanImport, form: HeadForm, *, status: int = 200, **extra: Any) -> HttpResponse:
    return render(request, "plans/import/head.html", {"import": found, "form": form, **extra}, status=status)


def _head_initial(head: dict[str, Any]) -> dict[str, Any]:
    years = head.get("period") or (None, None)
    return {**head, "issuers": "\n".join(head.get("issuers") or ()), "year_from": years[0], "year_to": years[1]}


def differing(form: Any, now: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return (label, what she typed, what stands there now) for the fields in which the two differ."""
    out = []
    for field in form.visible_fields():
        mine = str(form.data.get(field.name, "") or "").replace("\r\n", "\n").strip()
        theirs = str(now.get(field.name) if now.get(field.name) is not None else "").strip()
        if isinstance(now.get(field.name), bool):
            mine, theirs = _yes(bool(mine)), _yes(now[field.name])
        if mine != theirs:
            out.append((str(field.label), mine, theirs))
    return out


def _yes(value: bool) -> str:  # noqa: FBT001 — a value to be printed
    return _("是") if value else _("否")


@form_page
@writers
def discard(request: Request, found: PlanImport) -> HttpResponse:
    """Give an import up, with the reason."""
    form = ReasonForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound:
        if form.is_valid():
            try:
                actions.discard(request.viewer, pk=found.pk, reason=form.cleaned_data["reason"])
            except Refused as refusal:
                return refused(request, found, refusal)
            messages.success(request, _("已放弃这次录入；原文和改动记录仍可查看。"))
            return redirect("plans:imports")
        status = INVALID
    return render(request, "plans/import/discard.html", {"import": found, "form": form}, status=status)
