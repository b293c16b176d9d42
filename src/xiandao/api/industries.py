"""The industry table."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from xiandao.api import schemas
from xiandao.domains.industries import queries

router = Router()


@router.get("", response=list[schemas.IndustryOut], summary="产业")
def list_industries(request: HttpRequest) -> list[dict[str, Any]]:
    """Return all industries with their other names."""
    return [
        {
            "code": row.code,
            "name": row.name,
            "name_en": row.name_en,
            "group": row.group_id,
            "aliases": [alias.name for alias in row.aliases.all()],
        }
        for row in queries.industries()
    ]
