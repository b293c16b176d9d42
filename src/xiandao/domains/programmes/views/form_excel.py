"""The form as Excel: downloaded to be filled in, uploaded into the draft."""

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiandao.domains.files.limits import file_limits
from xiandao.domains.orgs.access import CONFLICT, REFUSED, Request, needs
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.programmes.actions import applications as act
from xiandao.domains.programmes.forms import Choices, Data, form_of
from xiandao.domains.programmes.forms.workbook import NotOurs, read_workbook, write_workbook
from xiandao.domains.programmes.models import Application
from xiandao.domains.programmes.views.applications import READERS, answer, find
from xiandao.domains.shared import excel, excel_in
from xiandao.domains.shared.archives import UnsafeArchive


@needs(*READERS)
def download(request: Request, code: str) -> HttpResponse:
    """Return the form with what it says now."""
    application = find(request, code)
    version = application.call.version
    content = write_workbook(
        form_of(version), application.data, Choices.load(), digest=version.digest, code=application.code
    )
    response = HttpResponse(content, content_type=excel.CONTENT_TYPE)
    response.headers["Content-Disposition"] = excel.attachment(f"{application.code}.xlsx")
    return response


def _read(given: UploadedFile, application: Application) -> Data:
    """Return what a workbook says. Raises NotOurs, UnsafeArchive."""
    limits, version = file_limits(), application.call.version
    if (given.size or 0) > limits.size:
        raise NotOurs(_("文件超过 %(most)s MB。") % {"most": limits.megabytes})
    sheets = excel_in.read_workbook(given.file, limits=limits.archive)
    return read_workbook(form_of(version), sheets, application.data, Choices.load(), digest=version.digest)


@require_POST
@needs(Can.APPLY)
def upload(request: Request, code: str) -> HttpResponse:
    """Take a filled-in workbook into the draft: nothing of it where it is not ours."""
    application = find(request, code)
    given = request.FILES.get("file")
    if not isinstance(given, UploadedFile):
        return answer(request, application, alert=_("请选择填好的申报表（.xlsx）。"), status=REFUSED)
    try:
        data = _read(given, application)
    except (UnsafeArchive, NotOurs) as wrong:
        return answer(request, application, alert=str(getattr(wrong, "reason", wrong)), status=REFUSED)
    try:
        saved = act.save_application(
            request.viewer,
            code=code,
            revision=application.revision,
            data=data,
            base=application.data,
        )
    except act.Changed as changed:
        return answer(request, application, changed=changed, status=CONFLICT)
    except Refused as refusal:
        status = CONFLICT if isinstance(refusal, Conflict) else REFUSED
        return answer(request, application, alert=str(refusal.reason), status=status)
    messages.success(
        request, _("已导入，请核对后提交。空着的格子保留原来的内容。") if saved.changed else _("导入的内容与现有相同。")
    )
    return redirect("programmes:application", code=code)
