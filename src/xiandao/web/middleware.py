"""What arrives is brought into a form every database can hold, before anybody reads it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, QueryDict, UnreadablePostError

from xiandao.domains.audit.plain import text


class HoldableText:
    """Marks NUL in addresses and forms as an unknown character: PostgreSQL refuses it, nobody types it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "%00" in request.META.get("QUERY_STRING", ""):
            request.GET = _clean(request.GET)
        # The interface reads the bare body, which can be read but once, and checks it by its own description.
        if request.method == "POST" and not request.path.startswith("/api/"):
            try:
                stray = _has_nul(request.POST)
            except UnreadablePostError:  # the connection broke: whoever reads it next says so
                stray = False
            if stray:
                request.POST = _clean(request.POST)
        return self.get_response(request)


def _has_nul(given: QueryDict) -> bool:
    return any("\x00" in part for name, values in given.lists() for part in (name, *values))


def _clean(given: QueryDict) -> QueryDict:
    clean = QueryDict(mutable=True)
    for name, values in given.lists():
        clean.setlist(text(name), [text(value) for value in values])
    clean._mutable = False  # noqa: SLF001 — as Django leaves its own
    return clean
