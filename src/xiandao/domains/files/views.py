"""Uploading, removing and fetching files. What may be seen is what the holder's kind says."""

from collections.abc import Iterator
from dataclasses import replace

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from xiandao.domains.files import actions, queries
from xiandao.domains.files.blocks import FilesBlock, files_block
from xiandao.domains.files.limits import file_limits
from xiandao.domains.files.models import Attachment
from xiandao.domains.files.uploads import TOO_LARGE
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.shared.excel import attachment as disposition

INVALID, CONFLICT = 422, 409
_PDF = "application/pdf"
_NOTHING = "default-src 'none'; form-action 'none'; frame-ancestors 'none'"
_SEALED = f"{_NOTHING}; sandbox"
# A browser's PDF viewer does not start in a sandbox; without one it still loads and runs nothing of ours.
_SHOWN_PDF = f"{_NOTHING}; style-src 'unsafe-inline'; object-src 'self'"


@require_POST
def attach(request: HttpRequest) -> HttpResponse:
    """Attach the file posted to the holder named."""
    kind, key = request.POST.get("holder_kind", ""), request.POST.get("holder_key", "")
    block = _block(request, kind, key)
    note = request.POST.get("note", "")
    try:
        _attach(request, kind, key, note)
    except Refused as refusal:
        return _answer(request, replace(block, note=note), refusal)
    except LookupError:
        raise Http404 from None
    return _answer(request, _block(request, kind, key))


def _attach(request: HttpRequest, kind: str, key: str, note: str) -> None:
    given = request.FILES.get("file")
    if given is None:
        if getattr(request, TOO_LARGE, False):
            raise Refused(
                _("文件超过 %(limit)s MB 的上限。请压缩图片或拆分后再上传。") % {"limit": file_limits().megabytes}
            )
        raise Refused(_("请选择要上传的文件。"))
    actions.attach(request.viewer, holder_kind=kind, holder_key=key, name=given.name or "", content=given, note=note)


@require_POST
def detach(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a file, with the reason posted."""
    try:
        row = queries.attachment(request.viewer, pk)
        actions.detach(request.viewer, pk=pk, reason=request.POST.get("reason", ""))
    except Attachment.DoesNotExist:
        raise Http404 from None
    except Refused as refusal:
        return _answer(request, _block(request, row.holder_kind, row.holder_key), refusal)
    return _answer(request, _block(request, row.holder_kind, row.holder_key))


@require_GET
def download(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """Send a file: to be saved, or with `?inline` shown if it is a picture or a PDF. Nothing of it can run here."""
    try:
        row = queries.attachment(request.viewer, pk)
    except Attachment.DoesNotExist:
        raise Http404 from None
    inline = "inline" in request.GET and row.inline
    if not default_storage.exists(row.file.path):
        # An office that moved its data folder must hear of it, not send a cut-off file.
        raise FileNotFoundError(row.file.path)
    answer = StreamingHttpResponse(_content(row.file.path), content_type=row.media_type)
    header = disposition(row.name)
    answer.headers["Content-Disposition"] = header.replace("attachment", "inline", 1) if inline else header
    answer.headers["Content-Length"] = str(row.file.size)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = _SHOWN_PDF if inline and row.media_type == _PDF else _SEALED
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _content(path: str) -> Iterator[bytes]:
    """Yield a stored content in pieces; opened when the first is asked for, closed however reading ends."""
    with default_storage.open(path, "rb") as stored:
        yield from stored.chunks()


def _block(request: HttpRequest, kind: str, key: str) -> FilesBlock:
    """Return the block of a holder. Raises Http404 where the viewer does not see it."""
    try:
        return files_block(request.viewer, kind, key)
    except LookupError:
        raise Http404 from None


def _answer(request: HttpRequest, block: FilesBlock, refusal: Refused | None = None) -> HttpResponse:
    """Answer with the block for a page with scripts, else by going back; a refusal stays with what was typed."""
    status = 200
    if refusal is not None:
        block = replace(block, error=str(refusal.reason))
        status = CONFLICT if isinstance(refusal, Conflict) else INVALID
    if request.htmx:
        return render(request, "files/_block.html", {"held": block, "files_next": _next(request)}, status=status)
    if refusal is None:
        return HttpResponseRedirect(_next(request))
    return render(request, "files/refused.html", {"held": block, "files_next": _next(request)}, status=status)


def _next(request: HttpRequest) -> str:
    """Return where the form stood; the home page where that leads away from here."""
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return target
    return reverse("web:home")
