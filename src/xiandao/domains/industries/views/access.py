"""Who gets in, and the version or draft an address names: missing and hidden look the same."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from xiandao.domains.industries.models import CatalogueState, CatalogueVersion, Industry
from xiandao.domains.industries.queries import catalogue as queries
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.viewer import Viewer

View = Callable[..., HttpResponse]
REFUSED, CONFLICT = 422, 409


class Request(HttpRequest):
    """A request as the middleware leaves it."""

    viewer: Viewer


def needs(*any_of: Can) -> Callable[[View], View]:
    """Let in who has one of the capabilities."""

    def decorate(view: View) -> View:
        @wraps(view)
        def inner(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.viewer.can(*any_of):
                raise Http404
            return view(request, *args, **kwargs)

        return inner

    return decorate


def version_of(request: Request, code: str) -> CatalogueVersion:
    """Return the version an address names."""
    try:
        return queries.by_code(request.viewer, code)
    except CatalogueVersion.DoesNotExist:
        raise Http404 from None


def draft_of(request: Request, pk: int, *, open_only: bool = False) -> CatalogueVersion:
    """Return the draft an address names; with `open_only` one that can still be changed."""
    try:
        draft = queries.by_pk(request.viewer, pk)
    except CatalogueVersion.DoesNotExist:
        raise Http404 from None
    if open_only and draft.state != CatalogueState.DRAFT:
        raise Http404
    return draft


def industry_of(code: str) -> Industry:
    """Return the industry an address names."""
    found = Industry.objects.filter(code=code).first()
    if found is None:
        raise Http404
    return found
