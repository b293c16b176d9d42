"""Excel of an organisation or a whole city: the template, handing in, the preview, what came of it."""

from collections.abc import Callable, Iterator

from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from xiandao.domains.audit.queries import history
from xiandao.domains.files.limits import file_limits
from xiandao.domains.files.models import StoredFile
from xiandao.domains.files.uploads import TOO_LARGE
from xiandao.domains.orgs.access import CONFLICT, REFUSED, Request, needs
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.progress.actions import excel_import as act
from xiandao.domains.progress.actions.excel_work import KIND, MOST_FAULTS
from xiandao.domains.progress.excel.frame import frame_of
from xiandao.domains.progress.excel.scope import OWN, Scope, scope_of, scopes_of
from xiandao.domains.progress.excel.template import template
from xiandao.domains.progress.models import ImportJob, ImportState, Round, RoundState
from xiandao.domains.progress.queries import excel as queries
from xiandao.domains.progress.queries.rounds import round_by_pk
from xiandao.domains.shared.archives import PIECE
from xiandao.domains.shared.excel import CONTENT_TYPE, attachment

_SHOWN = 20
_BUSY = (ImportState.CHECKING, ImportState.SAVING)


def _round(request: Request, pk: int) -> Round:
    try:
        return round_by_pk(request.viewer, pk)
    except Round.DoesNotExist:
        raise Http404 from None


def _job(request: Request, pk: int) -> ImportJob:
    try:
        return queries.import_by_pk(request.viewer, pk)
    except ImportJob.DoesNotExist:
        raise Http404 from None


@require_http_methods(["GET", "POST"])
@needs(Can.REPORT)
def start(request: Request, pk: int) -> HttpResponse:
    """Show what can be exported for a round and what was handed in; take a file in."""
    opened = _round(request, pk)
    if request.method == "GET":
        return _start(request, opened)
    upload = request.FILES.get("file")
    if upload is None:
        large = _("文件超过 %(limit)s MB 的上限。请分单位填报后分别上传。") % {"limit": file_limits().megabytes}
        alert = large if getattr(request, TOO_LARGE, False) else _("请选择填好的 .xlsx 文件。")
        return _start(request, opened, alert=alert, status=REFUSED)
    try:
        job = act.start_import(
            request.viewer,
            opened=opened,
            scope=request.POST.get("scope", OWN),
            name=upload.name or "",
            content=upload,
        )
    except Refused as refusal:
        status = CONFLICT if isinstance(refusal, Conflict) else REFUSED
        return _start(request, opened, alert=str(refusal.reason), status=status)
    return redirect("progress:excel-file", pk=job.pk)


def _start(request: Request, opened: Round, *, alert: str = "", status: int = 200) -> HttpResponse:
    scopes = [(scope, scope.reports(opened).count()) for scope in scopes_of(request.viewer)]
    context = {
        "round": opened,
        "scopes": [(scope, count) for scope, count in scopes if count],
        "chosen": request.POST.get("scope", ""),
        "jobs": queries.imports(request.viewer, opened)[:_SHOWN],
        "is_open": opened.state == RoundState.OPEN,
        "megabytes": file_limits().megabytes,
        "alert": alert,
    }
    return render(request, "progress/excel/start.html", context, status=status)


@require_GET
@needs(Can.REPORT)
def download(request: Request, pk: int, scope: str) -> HttpResponse:
    """Send the template of a scope, prefilled."""
    opened = _round(request, pk)
    try:
        chosen = scope_of(request.viewer, scope)
    except Refused:
        raise Http404 from None
    if opened.state != RoundState.OPEN:
        alert = _("填报期已经关闭，不再导出模板；需要补报的，请统筹协调单位重新开启。")
        return _start(request, opened, alert=alert, status=CONFLICT)
    frame = frame_of(opened, chosen)
    if not frame.reports:
        alert = _("%(who)s在本期没有要填报的任务。") % {"who": chosen.label}
        return _start(request, opened, alert=alert, status=CONFLICT)
    content = template(frame, made_at=timezone.now(), by=request.viewer.name)
    answer = HttpResponse(content, content_type=CONTENT_TYPE)
    answer.headers["Content-Disposition"] = attachment(
        _("%(who)s%(period)s填报.xlsx") % {"who": chosen.label, "period": opened.label}
    )
    return answer


@require_GET
@needs(Can.REPORT)
def page(request: Request, pk: int) -> HttpResponse:
    """Show one file: how far it is, what it would change, its faults, or what was saved."""
    return _page(request, _job(request, pk))


def _page(request: Request, job: ImportJob, *, alert: str = "", status: int = 200) -> HttpResponse:
    context = {
        "job": job,
        "scope": Scope(job.organisation, job.city),
        "busy": job.state in _BUSY,
        "more": max(job.fault_count - MOST_FAULTS, 0),
        "without_evidence": queries.without_evidence(job) if job.state == ImportState.SAVED else [],
        "may_repeat": act.repeatable(job, now=timezone.now()),
        "percent": _percent(job),
        "history": history(kind=KIND, key=str(job.pk)),
        "alert": alert,
    }
    return render(request, "progress/excel/file.html", context, status=status)


def _percent(job: ImportJob) -> int:
    return job.done * 100 // job.total if job.total else 0


@require_GET
@needs(Can.REPORT)
def progress(request: Request, pk: int) -> HttpResponse:
    """Answer how far a file is; when it is done the page is loaded anew."""
    job = _job(request, pk)
    lost = act.repeatable(job, now=timezone.now())
    if job.state not in _BUSY or lost:
        return HttpResponseClientRefresh()
    return render(request, "progress/excel/_progress.html", {"job": job, "percent": _percent(job)})


STEPS: dict[str, Callable[..., ImportJob]] = {
    "confirm": act.confirm_import,
    "cancel": act.cancel_import,
    "repeat": act.repeat_import,
}


@require_POST
@needs(Can.REPORT)
def step(request: Request, pk: int, step: str) -> HttpResponse:
    """Confirm, cancel or repeat; a refusal shows the page with the reason."""
    if step not in STEPS:
        raise Http404
    job = _job(request, pk)
    try:
        STEPS[step](request.viewer, pk=job.pk)
    except Refused as refusal:
        status = CONFLICT if isinstance(refusal, Conflict) else REFUSED
        return _page(request, _job(request, pk), alert=str(refusal.reason), status=status)
    return redirect("progress:excel-file", pk=job.pk)


@require_GET
@needs(Can.REPORT)
def file(request: Request, pk: int, kind: str) -> StreamingHttpResponse:
    """Send the file as it was handed in, or its annotated copy."""
    job = _job(request, pk)
    found: StoredFile | None = {"original": job.file, "annotated": job.annotated}.get(kind)
    if found is None:
        raise Http404
    stem = job.name.removesuffix(".xlsx")
    name = job.name if kind == "original" else _("%(stem)s（标注）.xlsx") % {"stem": stem}
    answer = StreamingHttpResponse(_pieces(found.path), content_type=CONTENT_TYPE)
    answer.headers["Content-Disposition"] = attachment(name)
    answer.headers["Content-Length"] = str(found.size)
    return answer


def _pieces(path: str) -> Iterator[bytes]:
    """Yield a stored file; it is opened when the first piece is asked for and closed after the last."""
    with default_storage.open(path) as stream:
        while piece := stream.read(PIECE):
            yield piece
