"""What the numbers of the identification are worth."""

from django.http import HttpResponse
from django.shortcuts import render

from xiandao.domains.labelling.estimates import place_of
from xiandao.domains.labelling.figures import METHOD, method
from xiandao.domains.labelling.queries.quality import page as quality_page
from xiandao.domains.orgs.access import Request, needs
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Region, RegionKind


@needs(Can.READ_ENTERPRISES)
def page(request: Request) -> HttpResponse:
    """Show precision, recall, counts with intervals and calibration, for the viewer's place or a city chosen."""
    own = place_of(request.viewer)
    cities = Region.objects.filter(kind=RegionKind.CITY).order_by("code") if own is None else Region.objects.none()
    region = own or cities.filter(code=request.GET.get("city", "")).first()
    found = quality_page(region)
    total = found.total.quality if found.total else None
    context = {
        "page": found,
        "region": region,
        "own": own,
        "cities": cities,
        "method": method(found.evidence, total) if found.evidence and total else METHOD,
        "settles": request.viewer.can(Can.SETTLE_REVIEWS),
    }
    return render(request, "labelling/quality.html", context)
