"""The ledger: the entries one sees, read-only. Names of persons are never given out."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, QueryDict
from ninja import Query, Router, Schema, Status

from xiandao.api.schemas import BadInput, Missing
from xiandao.domains.ledger.models import Entry
from xiandao.domains.ledger.queries import entries as queries
from xiandao.domains.ledger.views.listing import EntryFilter
from xiandao.domains.progress.models import ResultCount

router = Router()
MOST = 500


class HolderOut(Schema):
    """Who holds an entry."""

    name: str
    credit_code: str
    role: str


class CountOut(Schema):
    """That an entry counts towards a target, from when until when; `until` null: it does now."""

    plan: str
    target: str
    since: dt.datetime
    until: dt.datetime | None


class EntryOut(Schema):
    """An entry. Days not known are null. `counts`: whether it counts towards a target now."""

    code: str
    kind: str
    kind_name: str
    name: str
    former_names: list[str]
    state: str
    level: str
    regions: list[str]
    industries: list[str]
    holders: list[HolderOut]
    decided_on: dt.date | None
    decision: str
    decision_number: str
    decided_by: str | None
    valid_from: dt.date | None
    valid_to: dt.date | None
    counts: bool
    source: str
    source_grade: str
    is_demo: bool


class EntryFull(EntryOut):
    """An entry with the targets it counts, or counted, towards."""

    served: list[CountOut]


class EntryPage(Schema):
    """A page of entries."""

    count: int
    limit: int
    offset: int
    items: list[EntryOut]


class EntryQuery(Schema):
    """Filters like those of the page; without `state` those on their lists."""

    q: str = ""
    state: str = ""
    kind: str = ""
    city: str = ""
    industry: str = ""
    target: str = ""
    year: str = ""


def _entry(row: Any) -> dict[str, Any]:
    plain = (
        *("code", "kind", "kind_name", "name", "former_names", "state", "level", "decided_on", "decision"),
        *("decision_number", "valid_from", "valid_to", "counts", "source", "source_grade", "is_demo"),
    )
    return {name: getattr(row, name) for name in plain} | {
        "regions": [region.pk for region in row.regions.all()],
        "industries": [industry.pk for industry in row.industries.all()],
        "holders": [{"name": held.name, "credit_code": held.credit_code, "role": held.role} for held in row.bodies],
        "decided_by": row.decided_by.code if row.decided_by else None,
    }


@router.get("/entries", response={200: EntryPage, 404: Missing, 422: BadInput}, summary="台账条目")
def list_entries(
    request: HttpRequest,
    chosen: Query[EntryQuery],
    limit: int = Query(100, ge=1, le=MOST),
    offset: int = Query(0, ge=0, le=1_000_000),
) -> Any:
    """Return the entries one sees, filtered like the page."""
    asked = QueryDict(mutable=True)
    asked.update({name: value for name, value in chosen.dict().items() if value})
    rows = EntryFilter(asked, queryset=queries.entries(request.viewer), request=request)
    if not rows.is_valid():
        # A filter names something: a code nobody has is not found, as anything else that is missing.
        faults = "；".join(f"{name}：{' '.join(told)}" for name, told in rows.form.errors.items())
        return Status(404, {"detail": faults})
    items = [_entry(row) for row in rows.qs[offset : offset + limit]]
    return {"count": rows.qs.count(), "limit": limit, "offset": offset, "items": items}


@router.get("/entries/{code}", response={200: EntryFull, 404: Missing}, summary="一条台账")
def one_entry(request: HttpRequest, code: str) -> dict[str, Any]:
    """Return one entry with the targets it counts towards."""
    try:
        row: Entry = queries.entries(request.viewer).get(code=code)
    except Entry.DoesNotExist:
        raise Http404 from None
    counts = ResultCount.objects.filter(result=row.result_id).select_related("plan") if row.result_id else []
    served = [
        {"plan": each.plan.code, "target": each.target_key, "since": each.counted_at, "until": each.void_at}
        for each in counts
    ]
    return _entry(row) | {"served": served}
