"""What the pages of numbers share: the industry and city chosen, the frame, and the ways to rows one may see."""

from typing import Any

from django.http import Http404
from django.urls import reverse

from xiandao.domains.enterprises.figures.counting import cities
from xiandao.domains.enterprises.figures.links import list_url
from xiandao.domains.enterprises.models import Run
from xiandao.domains.enterprises.queries.firms import may_read, may_see_rows
from xiandao.domains.industries.models import Industry
from xiandao.domains.orgs.access import Request
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Region
from xiandao.domains.orgs.viewer import Viewer


class Rows:
    """Where the rows behind numbers are shown, for one viewer: asked for once a page, not once a number."""

    def __init__(self, viewer: Viewer) -> None:
        self.all = may_see_rows(viewer)
        self.own = viewer.region if may_read(viewer) else ""

    def url(self, city: str, **filters: str | int | None) -> str:
        """Return the address of the rows of a city (of all without one); empty where the viewer may not see them."""
        if self.all or (city and city == self.own):
            # A city's own list is its city's already: it has no such filter.
            return list_url(city=city if self.all else "", **filters)
        return ""


def chosen_industry(request: Request) -> Industry | None:
    """Return the industry asked for, None for none. Raises Http404 for one that is not there."""
    code = request.GET.get("industry", "")
    if not code:
        return None
    found = Industry.objects.filter(code=code).first()
    if found is None:
        raise Http404
    return found


def chosen_city(request: Request) -> Region | None:
    """Return the city asked for, None for the province. Raises Http404 for one that is not there."""
    code = request.GET.get("city", "")
    if not code:
        return None
    found = next((row for row in cities() if row.code == code), None)
    if found is None:
        raise Http404
    return found


def chosen_year(request: Request, *, last: int) -> int | None:
    """Return the year asked for, None for none or for what is no year up to the last."""
    text = request.GET.get("since", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else 0  # noqa: PLR2004 — a year has four
    return year if 1900 <= year <= last else None  # noqa: PLR2004


def frame(request: Request, run: Run | None, page: str) -> dict[str, Any]:
    """Return what every page of numbers needs: the run, the ways, whether remarks are shown."""
    viewer = request.viewer
    return {
        "run": run,
        "page": page,
        "may_list": may_read(viewer),
        "may_load": viewer.can(Can.LOAD_REGISTERS),
        "remarks": may_read(viewer),
        "here": reverse(f"enterprises:{page}"),
    }
