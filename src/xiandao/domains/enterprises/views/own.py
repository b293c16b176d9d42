"""An enterprise's way to its own page."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from xiandao.domains.enterprises.queries.firms import own_enterprise
from xiandao.domains.orgs.access import Request
from xiandao.domains.orgs.capability import Can


def own_page(request: Request) -> HttpResponse:
    """Lead a firm to its own record; say so where the register does not have it, or nobody linked it yet."""
    if not request.viewer.can(Can.OBJECT_CLASSIFICATION):
        raise Http404
    row = own_enterprise(request.viewer)
    if row is None:
        return render(request, "enterprises/own_missing.html")
    return redirect("enterprises:detail", row.pk)
