"""Sending an official document as Word or PDF."""

from collections.abc import Callable

from django.http import HttpResponse

from xiandao.domains.shared.excel import attachment
from xiandao.printing.official import NoChineseFont, OfficialDocument, pdf, word

FORMS = {
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", word),
    "pdf": ("application/pdf", pdf),
}


def printed(form: str, document: Callable[[], OfficialDocument], name: str) -> HttpResponse | None:
    """Return a document as a download; None for a form there is none of; says so where no Chinese font is there."""
    if form not in FORMS:
        return None
    media_type, printer = FORMS[form]
    try:
        content = printer(document())
    except NoChineseFont as missing:
        return HttpResponse(str(missing), status=503, content_type="text/plain; charset=utf-8")
    answer = HttpResponse(content, content_type=media_type)
    answer.headers["Content-Disposition"] = attachment(f"{name}.{form}")
    return answer
