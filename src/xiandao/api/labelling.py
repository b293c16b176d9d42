"""The review desk: samples, labels, objections, and what the numbers of the identification are worth. Read-only."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema

from xiandao.api import schemas
from xiandao.domains.labelling.estimates import place_of
from xiandao.domains.labelling.figures import METHOD, Quality
from xiandao.domains.labelling.models import Label, Objection, Sample
from xiandao.domains.labelling.queries.labels import labels
from xiandao.domains.labelling.queries.objections import objections
from xiandao.domains.labelling.queries.quality import Line
from xiandao.domains.labelling.queries.quality import page as quality_page
from xiandao.domains.labelling.queries.samples import samples
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Region, RegionKind
from xiandao.engines.estimation import Interval, Ratio

router = Router()
MOST = 500
DESK = (Can.REVIEW_ENTERPRISES, Can.SETTLE_REVIEWS)
ANSWERS = {404: schemas.Missing, 422: schemas.BadInput}


class SampleOut(Schema):
    """A sample."""

    id: int
    title: str
    state: str
    run: int
    seed: int
    readers: int
    industries: list[str]
    region: str | None
    items: int
    open: int
    disputed: int
    settled: int
    drawn_at: dt.datetime
    closed_at: dt.datetime | None
    strata: dict[str, dict[str, float]]
    is_demo: bool


class SamplePage(Schema):
    """A page of samples."""

    count: int
    limit: int
    offset: int
    items: list[SampleOut]


class LabelOut(Schema):
    """What people settled of an enterprise. `about`: the industries it speaks of; empty: all."""

    enterprise: str
    name: str
    scope: str
    labels: dict[str, str]
    about: list[str]
    doubtful: bool
    source: str
    at: dt.datetime
    by: str
    current: bool
    text_unchanged: bool
    is_demo: bool


class LabelPage(Schema):
    """A page of labels."""

    count: int
    limit: int
    offset: int
    items: list[LabelOut]


class ObjectionOut(Schema):
    """An objection. `asked_role` and `answered_role` "" say that the enterprise does not belong."""

    code: str
    enterprise: str
    industry: str
    asked_role: str
    state: str
    raised_at: dt.datetime
    due_on: dt.date | None
    answered_role: str | None
    answered_at: dt.datetime | None
    is_demo: bool


class ObjectionPage(Schema):
    """A page of objections."""

    count: int
    limit: int
    offset: int
    items: list[ObjectionOut]


class ShareOut(Schema):
    """A share with its interval; null where too few were looked at."""

    value: float | None
    low: float | None
    high: float | None


class QualityOut(Schema):
    """What is known of an industry (null: all, each enterprise once). Null numbers were not looked at enough."""

    industry: str | None
    name: str
    estimate: int | None
    low: int | None
    high: int | None
    wording: str | None
    counted_by_model: int | None
    precision: ShareOut
    recall: ShareOut
    looked: int
    more_for_ten_percent: int | None
    unseen_looked: int
    unseen_at_most: int | None
    closed_at: dt.datetime | None


class QualityPage(Schema):
    """Numbers of the run in force. `sampled_run` is the run the samples were drawn from."""

    run: int | None
    sampled_run: int | None
    region: str | None
    method: str
    calibration_error: float | None
    total: QualityOut | None
    industries: list[QualityOut]


def _needs(request: HttpRequest, *any_of: Can) -> None:
    if not request.viewer.can(*any_of):
        raise Http404


@router.get("/samples", response={200: SamplePage, **ANSWERS}, summary="复核批次")
def list_samples(
    request: HttpRequest, limit: int = Query(100, ge=1, le=MOST), offset: int = Query(0, ge=0, le=1_000_000)
) -> dict[str, Any]:
    """Return samples, newest first."""
    _needs(request, *DESK)
    rows = samples(request.viewer)
    return _paged(rows, limit, offset, _sample)


@router.get("/labels", response={200: LabelPage, **ANSWERS}, summary="标注")
def list_labels(
    request: HttpRequest,
    limit: int = Query(100, ge=1, le=MOST),
    offset: int = Query(0, ge=0, le=10_000_000),
    replaced: int = Query(0, ge=0, le=1),
) -> dict[str, Any]:
    """Return labels, newest first; `replaced=1` with those that were replaced since."""
    _needs(request, *DESK)
    rows = labels(request.viewer)
    return _paged(rows if replaced else rows.filter(current=True), limit, offset, _label)


@router.get("/objections", response={200: ObjectionPage, **ANSWERS}, summary="企业异议")
def list_objections(
    request: HttpRequest, limit: int = Query(100, ge=1, le=MOST), offset: int = Query(0, ge=0, le=1_000_000)
) -> dict[str, Any]:
    """Return the objections the caller sees, newest first: an enterprise its own."""
    _needs(request, Can.OBJECT_CLASSIFICATION, *DESK)
    return _paged(objections(request.viewer), limit, offset, _objection)


@router.get("/quality", response={200: QualityPage, **ANSWERS}, summary="查准率、查全率和企业数的估计")
def quality(request: HttpRequest, city: str = Query("", max_length=20)) -> dict[str, Any]:
    """Return precision, recall and estimated numbers with intervals, of the caller's place or a city."""
    _needs(request, Can.READ_ENTERPRISES)
    region = place_of(request.viewer)
    if region is None and city:
        region = Region.objects.filter(kind=RegionKind.CITY, code=city).first()
        if region is None:
            raise Http404
    found = quality_page(region)
    return {
        "run": found.run.number if found.run else None,
        "sampled_run": found.base.number if found.base else None,
        "region": region.code if region else None,
        "method": str(METHOD),
        "calibration_error": found.error,
        "total": _quality(found.total) if found.total else None,
        "industries": [_quality(line) for line in found.lines],
    }


def _paged(rows: Any, limit: int, offset: int, made: Any) -> dict[str, Any]:
    return {
        "count": rows.count(),
        "limit": limit,
        "offset": offset,
        "items": [made(row) for row in rows[offset : offset + limit]],
    }


def _sample(row: Sample) -> dict[str, Any]:
    return {
        "id": row.pk,
        "title": row.title,
        "state": row.state,
        "run": row.run.number,
        "seed": row.seed,
        "readers": row.readers,
        "industries": row.industries,
        "region": row.region_id,
        "items": row.all_items,
        "open": row.open_items,
        "disputed": row.disputed_items,
        "settled": row.settled_items,
        "drawn_at": row.drawn_at,
        "closed_at": row.closed_at,
        "strata": row.strata,
        "is_demo": row.is_demo,
    }


def _label(row: Label) -> dict[str, Any]:
    return {
        "enterprise": row.enterprise.key,
        "name": row.name,
        "scope": row.scope,
        "labels": row.labels,
        "about": row.about,
        "doubtful": row.doubtful,
        "source": row.source,
        "at": row.at,
        "by": row.by,
        "current": row.current,
        "text_unchanged": row.is_same,
        "is_demo": row.is_demo,
    }


def _objection(row: Objection) -> dict[str, Any]:
    return {
        "code": row.code,
        "enterprise": row.enterprise.key,
        "industry": row.industry_id,
        "asked_role": row.asked_role,
        "state": row.state,
        "raised_at": row.raised_at,
        "due_on": row.due_on,
        "answered_role": row.answered_role if row.answered_at else None,
        "answered_at": row.answered_at,
        "is_demo": row.is_demo,
    }


def _quality(line: Line) -> dict[str, Any]:
    made: Quality | None = line.quality
    estimate = made.estimate if made else None
    unknown = Ratio(None, None, 0)
    return {
        "industry": line.code or None,
        "name": line.name,
        "estimate": round(estimate.value) if estimate else None,
        "low": round(estimate.interval.low) if estimate else None,
        "high": round(estimate.interval.high) if estimate else None,
        "wording": line.wording or None,
        "counted_by_model": made.counted if made else None,
        "precision": _share(made.precision if made and made.enough else unknown),
        "recall": _share(made.recall if made and made.enough else unknown),
        "looked": made.looked if made else 0,
        "more_for_ten_percent": made.more if made else None,
        "unseen_looked": made.unseen_looked if made else 0,
        "unseen_at_most": round(made.unseen.high) if made and made.unseen else None,
        "closed_at": line.closed_at,
    }


def _share(found: Ratio) -> dict[str, float | None]:
    interval: Interval | None = found.interval
    return {
        "value": found.value,
        "low": interval.low if interval else None,
        "high": interval.high if interval else None,
    }
