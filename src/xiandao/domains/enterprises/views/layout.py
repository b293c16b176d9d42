"""The layout matrix of cities and industries, the map of one industry, and how numbers grew."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from xiandao.domains.enterprises.figures import layout as figures
from xiandao.domains.enterprises.figures import numbers
from xiandao.domains.enterprises.figures.counting import Cell, cities, cube, current_run
from xiandao.domains.enterprises.figures.series import series
from xiandao.domains.enterprises.views.choices import Rows, chosen_city, chosen_industry, chosen_year, frame
from xiandao.domains.industries.models import Industry
from xiandao.domains.orgs.access import Request
from xiandao.domains.shared import excel
from xiandao.kernel import Figure

_RECENT = 2
_FIRST_SHOWN = 15


def layout_page(request: Request) -> HttpResponse:
    """Show the matrix by number, capital or new enterprises; export the same cells to Excel."""
    run = current_run()
    if run is None:
        return render(request, "enterprises/layout.html", frame(request, run, "layout"))
    last = run.register.as_of.year
    measure = _one_of(request, "by", (figures.NUMBER, figures.CAPITAL, figures.NEW))
    base = _one_of(request, "base", (figures.IDENTIFIED, figures.REGISTERED))
    since = (chosen_year(request, last=last) or last - _RECENT) if measure == figures.NEW else None
    found = figures.layout(run, measure=measure, since=since, base=base)
    if request.GET.get("export") == "xlsx":
        return _exported(found, measure, since)
    rows = Rows(request.viewer)
    context = frame(request, run, "layout") | {
        "layout": found,
        "measure": measure,
        "base": base,
        "since": since,
        "years": list(range(last, last - 15, -1)),
        "lines": [
            (city, [(square, _link(rows, square, since)) for square in line], found.city_sums[place])
            for place, (city, line) in enumerate(zip(found.cities, found.rows, strict=True))
        ],
        "alike": [pair for pair in found.pairs if pair.alike],
        "pairs": found.pairs[:30],
    }
    return render(request, "enterprises/layout.html", context)


def _link(rows: Rows, square: figures.Square, since: int | None) -> str:
    if not square.firms:
        return ""
    return rows.url(square.city.code, industry=square.industry.code, since=since)


def _one_of(request: Request, name: str, allowed: tuple[str, ...]) -> str:
    """Return the choice asked for; the first where none or an unknown one is."""
    asked = request.GET.get(name, "")
    return asked if asked in allowed else allowed[0]


def _exported(found: figures.Layout, measure: str, since: int | None) -> HttpResponse:
    states = {"none": _("没有企业"), "small": _("企业过少，不作判断"), "high": _("区位商偏高"), "": ""}
    titles = {
        figures.NUMBER: _("核心和服务企业（家）"),
        figures.CAPITAL: _("注册资本（亿元）"),
        figures.NEW: _("%(year)s 年以来新登记（家）") % {"year": since},
    }
    header = [
        _("设区市"),
        _("产业"),
        titles[measure],
        _("企业（家）"),
        _("占本市"),
        _("占全省该产业"),
        _("区位商"),
        _("提示"),
    ]
    rows = (
        (
            square.city.label,
            square.industry.label,
            square.amount,
            square.firms,
            square.share,
            square.part,
            square.quotient,
            states[square.state],
        )
        for line in found.rows
        for square in line
    )
    return excel.response(_("产业布局"), header, rows)


def map_page(request: Request) -> HttpResponse:
    """Show where the enterprises of an industry are, on a map and in the table behind it."""
    run, industry = current_run(), chosen_industry(request)
    context: dict[str, Any] = frame(request, run, "map") | {
        "industry": industry,
        "industries": list(Industry.objects.order_by("order")),
    }
    if run is None:
        return render(request, "enterprises/map.html", context)
    counts, rows = cube(run), Rows(request.viewer)
    code = industry.code if industry else None
    figure = numbers.best(run, request.viewer, industry=industry)
    total = counts.sum(industry=code).firms if code else sum(counts.firms.values())
    by_city = counts.by(0, 2)
    lines = []
    for city in cities():
        cell = by_city.get((code or "", city.code), Cell())
        n = cell.firms if code else counts.firms.get(city.code, 0)
        url = rows.url(city.code, industry=code) if n else ""
        lines.append({"city": city, "n": n, "cell": cell, "share": n / total if total else None, "url": url})
    unplaced = counts.sum(industry=code, city="").firms if code else counts.firms.get("", 0)
    shown = [
        {
            "code": line["city"].code,
            "name": line["city"].name,
            "label": line["city"].label,
            "value": line["n"],
            "url": line["url"],
        }
        for line in lines
    ]
    context |= {"lines": lines, "map_rows": shown, "figure": figure, "total": total, "unplaced": unplaced}
    return render(request, "enterprises/map.html", context)


def growth_page(request: Request) -> HttpResponse:
    """Show how many enterprises there were at the end of each year and how many were new."""
    run = current_run()
    industry, city = chosen_industry(request), chosen_city(request)
    context: dict[str, Any] = frame(request, run, "growth") | {
        "industry": industry,
        "industries": list(Industry.objects.order_by("order")),
        "city": city,
        "cities": cities(),
    }
    if run is None:
        return render(request, "enterprises/growth.html", context)
    code, place = industry.code if industry else "", city.code if city else ""
    found = series(run, industry=code, city=place, first=run.register.as_of.year - _FIRST_SHOWN)
    rows = Rows(request.viewer)
    lines = [
        (year, *(_rows_of(rows, figure, place) for figure in (year.existing, year.new)))
        for year in reversed(found.years)
    ]
    context |= {
        "lines": lines,
        "undated": found.undated,
        "chart": {
            "years": [year.year for year in found.years],
            "existing": [year.existing.value for year in found.years],
            "new": [year.new.value for year in found.years],
        },
    }
    return render(request, "enterprises/growth.html", context)


def _rows_of(rows: Rows, figure: Figure, city: str) -> str:
    """Return the address of the rows behind a figure, as far as the viewer may see them."""
    if not figure.value or figure.rows is None:
        return ""
    filters = {name: given for name, given in figure.rows.filters.items() if name != "city"}
    return rows.url(city, **filters)
