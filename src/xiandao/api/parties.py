"""Responsible bodies and cities."""

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Query, Router

from xiandao.api import schemas
from xiandao.domains.orgs import queries as orgs
from xiandao.domains.orgs.models import Organisation
from xiandao.domains.plans import queries

router = Router()
MOST = 500
FURTHEST = 1_000_000


@router.get("/organisations", response={200: schemas.OrganisationPage, 422: schemas.BadInput}, summary="责任单位")
def list_organisations(
    request: HttpRequest,
    limit: int = Query(100, ge=1, le=MOST),  # type: ignore[type-arg]
    offset: int = Query(0, ge=0, le=FURTHEST),  # type: ignore[type-arg]
) -> dict[str, Any]:
    """Return bodies with how many measures in force they lead and help with."""
    rows = queries.parties()
    items = [
        {
            "code": row.code,
            "name": row.name,
            "name_en": row.name_en,
            "full_name": row.full_name,
            "kind": row.kind,
            "region": row.region_id,
            "leads": row.n_leads,
            "helps": row.n_helps,
        }
        for row in rows[offset : offset + limit]
    ]
    return {"count": rows.count(), "limit": limit, "offset": offset, "items": items}


@router.get(
    "/organisations/{code}", response={200: schemas.OrganisationDetail, 404: schemas.Missing}, summary="一个责任单位"
)
def get_organisation(request: HttpRequest, code: str) -> dict[str, Any]:
    """Return one body with its duties and its counterparts in the cities."""
    try:
        body = orgs.organisation(code)
    except Organisation.DoesNotExist:
        raise Http404 from None
    duties = queries.duties_of_organisation(request.viewer, body)
    return {
        "code": body.code,
        "name": body.name,
        "name_en": body.name_en,
        "full_name": body.full_name,
        "kind": body.kind,
        "region": body.region_id,
        "aliases": [alias.name for alias in body.aliases.all()],
        "duties": [
            {"plan": d.version.plan.code, "measure": d.measure.key, "name": d.measure.name, "role": d.role}
            for d in duties
        ],
        "counterparts": {link.region_id: link.bureau.code for link in orgs.counterparts_of(body)},
    }


@router.get("/cities", response=list[schemas.CityOut], summary="设区市")
def list_cities(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the cities with how many bodies there do a provincial body's work."""
    return [
        {"code": c.code, "name": c.name, "name_en": c.name_en, "group": c.group, "bureaus": c.n_bureaus}
        for c in queries.cities_with_counts()
    ]
