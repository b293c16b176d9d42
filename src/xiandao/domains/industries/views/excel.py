"""The catalogue as Excel: a version or the draft out, a workbook into the draft."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from xiandao.domains.files.limits import file_limits
from xiandao.domains.files.uploads import TOO_LARGE
from xiandao.domains.industries.actions import excel as act
from xiandao.domains.industries.models import CatalogueVersion, Industry
from xiandao.domains.industries.queries import differences
from xiandao.domains.industries.queries.catalogue import content_of
from xiandao.domains.industries.views.access import draft_of, version_of
from xiandao.domains.industries.workbook.writing import workbook
from xiandao.domains.orgs.access import CONFLICT, REFUSED, Request, needs
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.shared.excel import CONTENT_TYPE, attachment

MOST_FAULTS = 200


def _book(version: CatalogueVersion, name: str) -> HttpResponse:
    content = content_of(version)
    names = {row.code: row.name for row in Industry.objects.all()}
    code = version.code or _("草案")
    answer = HttpResponse(workbook(content, code=code, digest=content.digest, names=names), content_type=CONTENT_TYPE)
    answer.headers["Content-Disposition"] = attachment(name)
    return answer


@require_GET
def export(request: Request, code: str) -> HttpResponse:
    """Send a version as a workbook."""
    version = version_of(request, code)
    return _book(version, _("产品目录 %(code)s.xlsx") % {"code": version.code})


@require_GET
@needs(Can.EDIT_CATALOGUE, Can.PUBLISH_CATALOGUE)
def export_draft(request: Request, pk: int) -> HttpResponse:
    """Send the draft as it stands as a workbook."""
    return _book(draft_of(request, pk), _("产品目录草案.xlsx"))


@require_http_methods(["GET", "POST"])
@needs(Can.EDIT_CATALOGUE)
def read_in(request: Request, pk: int) -> HttpResponse:
    """Take a workbook in: show its faults or what it would change; save it when that was confirmed."""
    draft = draft_of(request, pk, open_only=True)
    context = {"draft": draft, "megabytes": file_limits().megabytes}
    status = 200
    if request.method == "POST":
        try:
            if token := request.POST.get("token", ""):
                changes = act.save_workbook(request.viewer, pk=draft.pk, token=token)
                messages.success(request, _("已读入草案，改动 %(count)s 处。") % {"count": len(changes)})
                return redirect("catalogue:draft", pk=pk)
            more, status = _checked(request, draft)
            context |= more
        except Refused as refusal:
            context["alert"] = str(refusal.reason)
            status = CONFLICT if isinstance(refusal, Conflict) else REFUSED
    return render(request, "industries/catalogue/excel.html", context, status=status)


def _checked(request: Request, draft: CatalogueVersion) -> tuple[dict[str, object], int]:
    upload = request.FILES.get("file")
    if upload is None:
        large = _("文件超过 %(limit)s MB 的上限。") % {"limit": file_limits().megabytes}
        raise Refused(large if getattr(request, TOO_LARGE, False) else _("请选择从平台导出、改好的 .xlsx 文件。"))
    reading = act.check_workbook(request.viewer, draft=draft, name=upload.name or "", content=upload)
    changes = reading.changes
    found = {
        "reading": reading,
        "name": upload.name,
        "faults": reading.faults[:MOST_FAULTS],
        "more": max(len(reading.faults) - MOST_FAULTS, 0),
        "count": len(changes),
        "groups": differences.groups(reading.before, reading.after, changes),
    }
    return found, REFUSED if reading.faults else 200
