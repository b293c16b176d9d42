"""What enterprises add to pages of other domains: a city's page, an industry's page, the overview."""

from typing import Any

from django.dispatch import receiver

from xiandao.domains.enterprises.figures import numbers
from xiandao.domains.enterprises.figures.chain import STAGES, chain, overview
from xiandao.domains.enterprises.figures.counting import Cell, cities, cube, current_run
from xiandao.domains.enterprises.figures.series import series
from xiandao.domains.enterprises.models import Run
from xiandao.domains.enterprises.queries.firms import may_read
from xiandao.domains.enterprises.views.choices import Rows
from xiandao.domains.industries.models import Industry
from xiandao.domains.orgs.models import Region
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.panels import Panel
from xiandao.domains.plans.signals import collecting_panels

_FIRST = 5
_YEARS = 5


@receiver(collecting_panels, dispatch_uid="enterprises.panels")
def panels(page: str, viewer: Viewer, **things: Any) -> list[Panel]:
    """Return the panel of a page; none before the first identification."""
    make = _PAGES.get(page)
    run = current_run() if make is not None else None
    return [make(run, viewer, **things)] if make is not None and run is not None else []


def _city(run: Run, viewer: Viewer, city: Region, **_rest: Any) -> Panel:
    """A city: enterprises of each industry, thin segments, the way to the rows."""
    industries, counts, rows = list(Industry.objects.order_by("order")), cube(run), Rows(viewer)
    cells, all_of = counts.by(0, 2), counts.by(0)
    lines = []
    for industry, line in zip(industries, overview(run, [row.code for row in industries], city.code), strict=True):
        cell = cells.get((industry.code, city.code))
        whole = all_of.get((industry.code,), Cell()).firms
        url = rows.url(city.code, industry=industry.code) if cell and cell.firms else ""
        share = cell.firms / whole if cell and whole else None
        lines.append({"industry": industry, "cell": cell, "share": share, "line": line, "url": url})
    context = {
        "run": run,
        "city": city,
        "lines": lines,
        "figure": numbers.firms(run, city=city.code),
        "url": rows.url(city.code),
        "remarks": may_read(viewer),
    }
    return Panel("enterprises/_city_panel.html", context, order=_FIRST)


def _industry(run: Run, viewer: Viewer, industry: Industry, **_rest: Any) -> Panel:
    """An industry: how many, where, along the chain, newly registered."""
    counts, rows = cube(run), Rows(viewer)
    found = chain(run, industry.code)
    total = counts.sum(industry=industry.code)
    by_city = counts.by(0, 2)
    places = [(city, by_city.get((industry.code, city.code), Cell()).firms) for city in cities()]
    first = run.register.as_of.year - _YEARS
    context = {
        "run": run,
        "industry": industry,
        "figure": numbers.best(run, viewer, industry=industry),
        "total": total,
        "capital": numbers.capital(run, total, industry=industry.code),
        "places": [(city, n, rows.url(city.code, industry=industry.code) if n else "") for city, n in places],
        "stages": [(stage.label, found.stages[stage]) for stage in STAGES],
        "years": list(reversed(series(run, industry=industry.code, first=first).years)),
        "url": rows.url("", industry=industry.code),
    }
    return Panel("enterprises/_industry_panel.html", context, order=_FIRST)


def _overview(run: Run, viewer: Viewer, **_rest: Any) -> Panel:
    """The overview: enterprises of each industry in one table."""
    all_of, rows = cube(run).by(0), Rows(viewer)
    lines = [
        (industry, all_of.get((industry.code,), Cell()), rows.url("", industry=industry.code))
        for industry in Industry.objects.order_by("order")
    ]
    context = {"run": run, "lines": lines, "figure": numbers.best(run, viewer), "url": rows.url("")}
    return Panel("enterprises/_overview_panel.html", context, order=_FIRST)


_PAGES: dict[str, Any] = {"city": _city, "industry": _industry, "overview": _overview}
