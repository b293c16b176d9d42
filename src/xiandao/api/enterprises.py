"""Enterprises: the list and pages one may see, read-only; numbers by industry, city and year for everybody."""

from typing import Any

from django.http import Http404, HttpRequest, QueryDict
from ninja import Query, Router, Status

from xiandao.api import enterprises_schemas as schemas
from xiandao.api.schemas import BadInput, Missing
from xiandao.domains.enterprises.figures import numbers
from xiandao.domains.enterprises.figures.counting import Cell, cube, current_run
from xiandao.domains.enterprises.figures.layout import layout
from xiandao.domains.enterprises.figures.series import METHOD, series
from xiandao.domains.enterprises.filters import FirmFilter
from xiandao.domains.enterprises.models import Classification, Enterprise
from xiandao.domains.enterprises.queries import firms as queries
from xiandao.domains.enterprises.tables import terms_of
from xiandao.domains.industries.models import Industry
from xiandao.kernel import Figure

router = Router()
MOST = 500
FURTHEST = 1_000_000
FORMULA = "区位商 =（本市该产业 ÷ 本市全部）÷（全省该产业 ÷ 全省全部），按识别出的核心和服务企业数"


def _result(row: Classification) -> dict[str, Any]:
    fields = ("segment", "role", "decision", "score", "settled")
    return {"industry": row.industry_id, "terms": terms_of(row), **{name: getattr(row, name) for name in fields}}


def _firm(row: Enterprise, found: list[Classification]) -> dict[str, Any]:
    fields = ("name", "uscc", "registered_on", "capital")
    return {
        "id": row.pk,
        "region": row.region_id,
        "results": [_result(each) for each in found],
        **{name: getattr(row, name) for name in fields},
    }


@router.get("", response={200: schemas.EnterprisePage, 404: Missing, 422: BadInput}, summary="企业")
def list_enterprises(
    request: HttpRequest,
    chosen: Query[schemas.FirmQuery],
    limit: int = Query(100, ge=1, le=MOST),
    offset: int = Query(0, ge=0, le=FURTHEST),
) -> Any:
    """Return the enterprises one sees, filtered like the page."""
    if not queries.may_read(request.viewer):
        raise Http404
    run = current_run()
    asked = QueryDict(mutable=True)
    asked.update({name: value for name, value in chosen.dict().items() if value})
    rows = FirmFilter(asked, queryset=queries.enterprises(request.viewer), request=request, run=run)
    if not rows.is_valid():
        faults = [{"loc": ["query", name], "msg": " ".join(told)} for name, told in rows.form.errors.items()]
        return Status(422, {"detail": faults})
    ordered = rows.qs.order_by("region_id", "name", "pk")
    keys = list(ordered.values_list("pk", flat=True)[offset : offset + limit])
    found = queries.with_results(queries.enterprises(request.viewer), run).in_bulk(keys)
    items = [_firm(found[pk], found[pk].found) for pk in keys]
    number = run.number if run else None
    return {"count": ordered.count(), "limit": limit, "offset": offset, "run": number, "items": items}


def _estimate(figure: Figure) -> dict[str, Any]:
    low, high = figure.interval or (None, None)
    return {
        "value": figure.value,
        "low": low,
        "high": high,
        "unit": figure.unit,
        "kind": figure.kind.value,
        "method": figure.method or "",
        "as_of": figure.as_of,
    }


def _cell(city: str, cell: Cell) -> dict[str, Any]:
    capital = cell.capital if cell.known else None
    return {"city": city, "core": cell.core, "service": cell.service, "capital": capital, "capital_known": cell.known}


@router.get("/figures", response=schemas.FiguresOut, summary="企业数、注册资本、逐年变化")
def figures(request: HttpRequest) -> dict[str, Any]:
    """Return how many enterprises count by industry and city, and year by year: for everybody."""
    run = current_run()
    if run is None:
        return {"run": None, "source": "", "as_of": None, "method": METHOD, "industries": []}
    cells = cube(run).by(0, 2)
    found = []
    for industry in Industry.objects.order_by("order"):
        own = sorted((city, cell) for (code, city), cell in cells.items() if code == industry.code)
        years = series(run, industry=industry.code).years
        found.append(
            {
                "industry": industry.code,
                "firms": _estimate(numbers.best(run, request.viewer, industry=industry)),
                "cells": [_cell(city, cell) for city, cell in own],
                "years": [{"year": y.year, "existing": y.existing.value, "new": y.new.value} for y in years],
            }
        )
    register = run.register
    return {
        "run": run.number,
        "source": register.title,
        "as_of": register.as_of,
        "method": METHOD,
        "industries": found,
    }


@router.get("/layout", response=schemas.LayoutOut, summary="布局矩阵和区位商")
def layout_matrix(request: HttpRequest) -> dict[str, Any]:
    """Return the matrix of cities and industries with location quotients: for everybody."""
    run = current_run()
    if run is None:
        return {"run": None, "as_of": None, "formula": FORMULA, "cells": []}
    fields = ("firms", "share", "part", "quotient", "state")
    cells = [
        {"city": each.city.code, "industry": each.industry.code, **{name: getattr(each, name) for name in fields}}
        for line in layout(run).rows
        for each in line
    ]
    return {"run": run.number, "as_of": run.register.as_of, "formula": FORMULA, "cells": cells}


@router.get("/{pk}", response={200: schemas.EnterpriseDetail, 404: Missing, 422: BadInput}, summary="一家企业")
def get_enterprise(request: HttpRequest, pk: int) -> dict[str, Any]:
    """Return one enterprise with its results, the evidence and what changed between registers."""
    try:
        row = queries.enterprise(request.viewer, pk)
    except (Enterprise.DoesNotExist, OverflowError):
        raise Http404 from None
    past, run = queries.all_results(row), current_run()
    shown = past[0].results if past and (run is None or past[0].run.pk == run.pk or row.gone_in_id) else []
    names = ("term", "product", "clause", "verbs", "discount", "trap")
    fields = ("kind", "place", "ended_on", "activity", "status", "scope")
    return {
        **_firm(row, shown),
        **{name: getattr(row, name) for name in fields},
        "gone": row.gone_in_id is not None,
        "evidence": [
            {"industry": result.industry_id, **{name: each.get(name) for name in names}}
            for result in shown
            for each in result.evidence
        ],
        "changes": [
            {name: getattr(each, name) for name in ("kind", "before", "after", "at")} for each in row.changes.all()
        ],
    }
