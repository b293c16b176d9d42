"""The product catalogue: versions, their content, what differs between two."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router, Schema

from xiandao.api.schemas import BadInput, Missing
from xiandao.domains.industries.content import diff
from xiandao.domains.industries.models import CatalogueState, CatalogueVersion
from xiandao.domains.industries.queries import browse
from xiandao.domains.industries.queries import catalogue as queries

router = Router()


class VersionOut(Schema):
    """A published version; `digest` is the SHA-256 of its content."""

    code: str
    name: str
    name_en: str
    state: str
    origin: str
    based_on: str | None
    note: str
    source: str
    digest: str
    published_at: datetime | None
    published_by: str


class TermOut(Schema):
    """A word of a product; `of` is the term it is a synonym of, null for a term itself."""

    text: str
    weight: str
    of: str | None


class ProductOut(Schema):
    """A product or technology."""

    code: str
    name: str
    name_en: str
    definition: str
    includes: list[str]
    excludes: list[str]
    activity: bool
    terms: list[TermOut]


class SegmentOut(Schema):
    """A stretch of the chain with its links to official classifications."""

    code: str
    name: str
    name_en: str
    stage: str
    gbt4754: list[str]
    strategic: list[str]
    ipc: list[str]
    products: list[ProductOut]


class IndustryContentOut(Schema):
    """What a version says of one industry."""

    code: str
    definition: str
    includes: list[str]
    excludes: list[str]
    notes: list[str]
    traps: list[str]
    segments: list[SegmentOut]


class ContentOut(VersionOut):
    """A whole version; `traps` hold whatever the industry."""

    traps: list[str]
    industries: list[IndustryContentOut]


class ChangeOut(Schema):
    """One difference; `path` names the record, `fields` those that differ with both values."""

    kind: str
    nature: str
    path: list[str]
    fields: dict[str, list[Any]]


class CompareOut(Schema):
    """What differs between two versions."""

    a: str
    b: str
    count: int
    changes: list[ChangeOut]


@router.get("", response=list[VersionOut], summary="产品目录的各版本")
def list_versions(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the published versions, newest first; the one in force has the state "published"."""
    rows = queries.published(request.viewer).exclude(state=CatalogueState.DISCARDED)  # type: ignore[attr-defined]
    return [_version(row) for row in rows]


@router.get("/compare", response={200: CompareOut, 404: Missing, 422: BadInput}, summary="比较两版产品目录")
def compare(request: HttpRequest, a: str, b: str) -> dict[str, Any]:
    """Return what differs from version a to version b, record by record."""
    old, new = _find(request, a), _find(request, b)
    changes = diff(queries.content_of(old), queries.content_of(new))
    return {
        "a": old.code,
        "b": new.code,
        "count": len(changes),
        "changes": [
            {
                "kind": each.kind,
                "nature": each.nature,
                "path": list(each.path),
                "fields": {name: [before, after] for name, before, after in each.fields},
            }
            for each in changes
        ],
    }


@router.get("/current", response={200: ContentOut, 404: Missing}, summary="现行产品目录")
def current(request: HttpRequest) -> dict[str, Any]:
    """Return the whole version in force."""
    found = queries.in_force()
    if found is None:
        raise Http404
    return _content(found)


@router.get("/versions/{code}", response={200: ContentOut, 404: Missing}, summary="一版产品目录")
def version(request: HttpRequest, code: str) -> dict[str, Any]:
    """Return a whole version."""
    return _content(_find(request, code))


def _find(request: HttpRequest, code: str) -> CatalogueVersion:
    try:
        return queries.by_code(request.viewer, code)  # type: ignore[attr-defined]
    except CatalogueVersion.DoesNotExist:
        raise Http404 from None


def _version(row: CatalogueVersion) -> dict[str, Any]:
    names = ("code", "name", "name_en", "state", "origin", "note", "source", "digest", "published_at", "published_by")
    return {name: getattr(row, name) for name in names} | {"based_on": row.based_on.code if row.based_on else None}


def _content(row: CatalogueVersion) -> dict[str, Any]:
    content = queries.content_of(row)
    industries = [
        {
            "code": path[0],
            "definition": part.definition,
            "includes": list(part.includes),
            "excludes": list(part.excludes),
            "notes": list(part.notes),
            "traps": [trap[1] for trap in content.traps if trap[0] == path[0]],
            "segments": [_segment(content, line) for line in browse.chain(content, path[0])],
        }
        for path, part in content.industries.items()
    ]
    general = [trap[1] for trap in content.traps if not trap[0]]
    return _version(row) | {"traps": general, "industries": industries}


def _segment(content: Any, line: browse.SegmentLine) -> dict[str, Any]:
    part = line.part
    products = [
        {
            "code": each.code,
            "name": each.part.name,
            "name_en": each.part.name_en,
            "definition": each.part.definition,
            "includes": list(each.part.includes),
            "excludes": list(each.part.excludes),
            "activity": each.part.activity,
            "terms": [
                {"text": word, "weight": term.weight, "of": term.of or None}
                for word, term in content.terms_of(*each.path).items()
            ],
        }
        for each in line.products
    ]
    links = {name: list(getattr(part, name)) for name in ("gbt4754", "strategic", "ipc")}
    own = {"code": line.code, "name": part.name, "name_en": part.name_en, "stage": part.stage}
    return own | links | {"products": products}
