"""The version or draft an address names: missing and hidden look the same."""

from django.http import Http404

from xiandao.domains.industries.models import CatalogueState, CatalogueVersion, Industry
from xiandao.domains.industries.queries import catalogue as queries
from xiandao.domains.orgs.access import Request


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
