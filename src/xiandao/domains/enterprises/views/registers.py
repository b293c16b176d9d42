"""Pages of one register: handing it in, its check and preview, what could not be read."""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from xiandao.domains.audit.queries import history
from xiandao.domains.enterprises.actions import registers as act
from xiandao.domains.enterprises.actions.registers_work import KIND
from xiandao.domains.enterprises.forms import RegisterForm
from xiandao.domains.enterprises.models import ChangeKind, RegisterVersion
from xiandao.domains.enterprises.queries import registers as queries
from xiandao.domains.enterprises.queries import runs as run_queries
from xiandao.domains.enterprises.views.register_lists import READERS
from xiandao.domains.files.limits import file_limits
from xiandao.domains.files.uploads import TOO_LARGE
from xiandao.domains.industries.registers.comparing import KINDS
from xiandao.domains.orgs.access import CONFLICT, REFUSED, Request, needs
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.shared.excel import attachment, safe_cell


@require_http_methods(["GET", "POST"])
@needs(Can.LOAD_REGISTERS)
def start(request: Request) -> HttpResponse:
    """Take a register in: file, title, day, source."""
    limits = file_limits()
    accept = ",".join(act.SUFFIXES)
    if request.method == "GET":
        return _start(request, RegisterForm(accept=accept), limits.megabytes)
    form = RegisterForm(request.POST, request.FILES, accept=accept)
    if getattr(request, TOO_LARGE, False):
        words = _("文件超过 %(limit)s MB 的上限。更大的名录请系统管理员在服务器上用 xiandao register load 载入。")
        form.errors.pop("file", None)
        form.add_error("file", words % {"limit": limits.megabytes})
    if form.is_valid():
        given = form.cleaned_data
        about = act.About(given["title"], given["as_of"], given["source"], identify=given["identify"])
        upload = given["file"]
        try:
            version = act.start_register(request.viewer, name=upload.name or "", content=upload, about=about)
        except Refused as refusal:
            form.add_error(None, str(refusal.reason))
            status = CONFLICT if isinstance(refusal, Conflict) else REFUSED
            return _start(request, form, limits.megabytes, status=status)
        return redirect("enterprises:register", number=version.number)
    return _start(request, form, limits.megabytes, status=REFUSED)


def _start(request: Request, form: RegisterForm, megabytes: int, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "megabytes": megabytes}
    return render(request, "enterprises/registers/new.html", context, status=status)


def _version(request: Request, number: int) -> RegisterVersion:
    try:
        return queries.register_by_number(request.viewer, number)
    except RegisterVersion.DoesNotExist:
        raise Http404 from None


@require_GET
@needs(*READERS)
def page(request: Request, number: int) -> HttpResponse:
    """Show one version: how far it is, what was found, what it would change or changed."""
    return _page(request, _version(request, number))


def _page(request: Request, version: RegisterVersion, *, alert: str = "", status: int = 200) -> HttpResponse:
    examples = version.preview.get("examples", {})
    labels = {str(kind.value): kind.label for kind in ChangeKind}
    totals = version.preview.get("totals", {})
    loads = request.viewer.can(Can.LOAD_REGISTERS)
    context = {
        "version": version,
        "may_load": loads,
        "busy": version.state in act.BUSY,
        "lost": loads and version.state in act.BUSY and act.repeatable(version, now=timezone.now()),
        "may_repeat": loads and act.repeatable(version, now=timezone.now()),
        "percent": _percent(version),
        "summary": queries.summary(version),
        "warnings": queries.warnings(version),
        "findings": queries.findings(version),
        "has_findings": queries.findings_file(version) is not None and bool(queries.findings(version)),
        "has_bad": version.bad_rows and queries.bad_file(version) is not None,
        "kinds": [(kind, labels[kind], totals.get(kind, 0), examples.get(kind, [])) for kind in KINDS],
        "cities": [
            (line.label, [(labels[kind], line.counts.get(kind, 0)) for kind in KINDS])
            for line in queries.cities_of(version)
        ],
        "changed": queries.changes_of(request.viewer, version).count(),
        "runs": run_queries.runs(request.viewer).filter(register=version),
        "history": history(kind=KIND, key=str(version.number)),
        "alert": alert,
    }
    return render(request, "enterprises/registers/page.html", context, status=status)


def _percent(version: RegisterVersion) -> int:
    return min(version.done * 100 // version.total, 100) if version.total else 0


@require_GET
@needs(Can.LOAD_REGISTERS)
def progress(request: Request, number: int) -> HttpResponse:
    """Answer how far a version is; when it is done the page is loaded anew."""
    version = _version(request, number)
    if version.state not in act.BUSY or act.repeatable(version, now=timezone.now()):
        return HttpResponseClientRefresh()
    context = {"version": version, "percent": _percent(version)}
    return render(request, "enterprises/registers/_progress.html", context)


STEPS: dict[str, Callable[..., RegisterVersion]] = {
    "confirm": act.confirm_register,
    "cancel": act.cancel_register,
    "repeat": act.repeat_register,
    "reinstate": act.reinstate_register,
}


@require_POST
@needs(Can.LOAD_REGISTERS)
def step(request: Request, number: int, step: str) -> HttpResponse:
    """Confirm, cancel, repeat, or put a former version back; a refusal shows the page with the reason."""
    if step not in STEPS:
        raise Http404
    version = _version(request, number)
    try:
        done = STEPS[step](request.viewer, pk=version.pk)
    except Refused as refusal:
        status = CONFLICT if isinstance(refusal, Conflict) else REFUSED
        return _page(request, _version(request, number), alert=str(refusal.reason), status=status)
    return redirect("enterprises:register", number=done.number)


@require_GET
@needs(Can.LOAD_REGISTERS)
def file(request: Request, number: int, what: str) -> StreamingHttpResponse:
    """Send the list of what could not be read: cells (findings) or whole rows (bad)."""
    version = _version(request, number)
    files = {"findings": (queries.findings_file, _("问题清单")), "bad": (queries.bad_file, _("未读行"))}
    if what not in files:
        raise Http404
    find, label = files[what]
    path = find(version)
    if path is None:
        raise Http404
    answer = StreamingHttpResponse(_lines(path), content_type="text/csv; charset=utf-8")
    name = _("登记名录第%(number)s版%(what)s.csv") % {"number": number, "what": label}
    answer.headers["Content-Disposition"] = attachment(name)
    return answer


class _Line:
    """What a CSV writer writes to: it gives the line back."""

    def write(self, text: str) -> str:
        return text


def _lines(path: Path) -> Iterator[str]:
    """Yield a list as CSV in which no cell can act as a formula, whatever stood in the register."""
    writer = csv.writer(_Line())
    yield "\ufeff"
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.reader(stream):
            yield str(writer.writerow([safe_cell(cell) for cell in row]))
