"""The chain of an industry, and all chains in one line each."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from xiandao.domains.enterprises.figures import numbers
from xiandao.domains.enterprises.figures.chain import STAGES, Link, chain, overview
from xiandao.domains.enterprises.figures.counting import cities, current_run
from xiandao.domains.enterprises.figures.layout import thresholds
from xiandao.domains.enterprises.views.choices import Rows, chosen_city, chosen_industry, frame
from xiandao.domains.industries.models import Industry
from xiandao.domains.orgs.access import Request


def chain_page(request: Request) -> HttpResponse:
    """Show one chain, or all of them where no industry is chosen. Counts are public, remarks are for those who work."""
    run, viewer = current_run(), request.viewer
    industry, city = chosen_industry(request), chosen_city(request)
    context: dict[str, Any] = frame(request, run, "chain") | {
        "industry": industry,
        "industries": list(Industry.objects.order_by("order")),
        "city": city,
        "cities": cities(),
    }
    if run is None:
        return render(request, "enterprises/chain.html", context)
    code, rows = city.code if city else "", Rows(viewer)
    if industry is None:
        names = {row.code: row for row in context["industries"]}
        lines = overview(run, names, code)
        context |= {
            "lines": [(names[line.industry], line) for line in lines],
            "stages": [stage.label for stage in STAGES],
        }
        return render(request, "enterprises/chain.html", context | {"limits": thresholds()})
    found = chain(run, industry.code, code)
    context |= {
        "chain": found,
        "figure": numbers.best(run, viewer, industry=industry),
        "firms": numbers.firms(run, industry=industry, city=code),
        "capital": numbers.capital(run, found.own if city else found.whole, industry=industry.code, city=code),
        "stages": [
            (stage, stage.label, [_card(link, industry, rows, code) for link in found.stages[stage]])
            for stage in STAGES
        ],
        "table": [(link, _cities(link, context["cities"], industry, rows)) for link in found.links],
        "limits": thresholds(),
        "other": found.other,
    }
    return render(request, "enterprises/chain.html", context)


def _card(link: Link, industry: Industry, rows: Rows, city: str) -> dict[str, Any]:
    """Return what a segment's card shows, with the way to its rows where the viewer may see them."""
    cell = link.own if city else link.whole
    return {
        "link": link,
        "cell": cell,
        "url": rows.url(city, industry=industry.code, segment=f"{industry.code}/{link.segment.code}")
        if cell.firms
        else "",
        "yi": f"{cell.capital / 10**8:,.2f}" if cell.known else "",
    }


def _cities(link: Link, places: list[Any], industry: Industry, rows: Rows) -> list[tuple[int, str]]:
    segment = f"{industry.code}/{link.segment.code}"
    return [
        (n, rows.url(place.code, industry=industry.code, segment=segment) if n else "")
        for place in places
        for n in [link.by_city.get(place.code, 0)]
    ]
