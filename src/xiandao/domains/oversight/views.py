"""Pages of the auditors: the list, one record, verification, export."""

from functools import wraps
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xiandao.domains.audit.models import AuditCheck, AuditRecord
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import Conflict
from xiandao.domains.oversight import actions, queries, tasks
from xiandao.domains.oversight.differences import differences
from xiandao.domains.oversight.filters import FilterForm
from xiandao.domains.shared.excel import CONTENT_TYPE, attachment

CHECKS_SHOWN = 20
LARGEST_NUMBER = 2**63 - 1


def _for(capability: Can) -> Any:
    """Make a page that does not exist for those without the capability."""

    def decorate(view: Any) -> Any:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.viewer.can(capability):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def _list(request: HttpRequest, given: QueryDict, *, status: int = 200, error: str = "") -> HttpResponse:
    form = FilterForm(given)
    page = queries.Page([], None, None)
    if form.is_valid():
        page = queries.page(request.viewer, form.filters(), queries.Cursor.parse(given.get("after", "")))
    written, archived = queries.log_size()
    context = {
        "form": form,
        "page": page,
        "names": queries.organisation_names({row.organisation for row in page.rows}),
        "written": written,
        "archived": archived,
        "filtered": any(given.get(name) for name in form.fields),
        "may_export": request.viewer.can(Can.EXPORT_AUDIT),
        "error": error,
    }
    return render(request, "oversight/list.html", context, status=status)


@_for(Can.READ_AUDIT)
@require_GET
def records(request: HttpRequest) -> HttpResponse:
    """List the records, newest first."""
    return _list(request, request.GET)


@_for(Can.READ_AUDIT)
@require_GET
def record(request: HttpRequest, number: int) -> HttpResponse:
    """Show one record whole: before and after side by side, and what else the same click did."""
    if number > LARGEST_NUMBER:
        raise Http404
    try:
        shown = queries.record(request.viewer, number)
    except AuditRecord.DoesNotExist:
        return _archived(request, number)
    others = queries.same_click(request.viewer, shown)
    context = {
        "record": shown,
        "organisation": queries.organisation_names({shown.organisation}).get(shown.organisation),
        "differences": differences(shown.before, shown.after),
        "one_sided": (shown.before is None) != (shown.after is None),
        "others": others[: queries.CLICK_SHOWN],
        "more_others": len(others) > queries.CLICK_SHOWN,
    }
    return render(request, "oversight/record.html", context)


def _archived(request: HttpRequest, number: int) -> HttpResponse:
    """Say in which archive a record lies; there is none for a record that never was."""
    archive = get_object_or_404(queries.archives(request.viewer), first__lte=number, last__gte=number)
    return render(request, "oversight/archived.html", {"number": number, "archive": archive})


@_for(Can.READ_AUDIT)
@require_http_methods(["GET", "POST"])
def checks(request: HttpRequest) -> HttpResponse:
    """List the verifications and archives; start a verification."""
    error, status = "", 200
    if request.method == "POST":
        try:
            check = actions.start_check(request.viewer)
        except Conflict as conflict:
            error, status = conflict.reason, 409
        else:
            tasks.verify_log.enqueue(check.pk)
            return redirect("audit:check", pk=check.pk)
    written, archived = queries.log_size()
    context = {
        "checks": queries.checks(request.viewer)[:CHECKS_SHOWN],
        "archives": queries.archives(request.viewer),
        "written": written,
        "archived": archived,
        "error": error,
    }
    return render(request, "oversight/checks.html", context, status=status)


@_for(Can.READ_AUDIT)
@require_GET
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far a verification is, or what it found; asked by the page itself it answers with that part alone."""
    if pk > LARGEST_NUMBER:
        raise Http404
    found: AuditCheck = get_object_or_404(queries.checks(request.viewer), pk=pk)
    template = "oversight/_check.html" if request.htmx else "oversight/check.html"
    broken_off = found.finished_at is None and timezone.now() - found.asked_at > actions.STALE
    return render(request, template, {"check": found, "broken_off": broken_off})


@_for(Can.EXPORT_AUDIT)
@require_POST
def export(request: HttpRequest) -> HttpResponse | StreamingHttpResponse | FileResponse:
    """Send the records that match as CSV or Excel."""
    form = FilterForm(request.POST)
    kind = request.POST.get("form", "")
    if not form.is_valid() or kind not in {"csv", "xlsx"}:
        return _list(request, request.POST, status=422, error=_("筛选条件有误，没有导出。"))
    name = f"{_('审计记录')}-{timezone.localtime():%Y%m%d-%H%M%S}.{kind}"
    try:
        content = actions.export(request.viewer, filters=form.filters(), form=kind)
    except actions.TooManyRows as refused:
        return _list(request, request.POST, status=422, error=refused.reason)
    if kind == "csv":
        answer = StreamingHttpResponse(content, content_type="text/csv; charset=utf-8")
    else:
        answer = FileResponse(content, content_type=CONTENT_TYPE)
    answer.headers["Content-Disposition"] = attachment(name)
    return answer
