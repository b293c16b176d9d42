"""Calls, public; one's own applications: read, written as a draft, handed in by the same actions as on the pages."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema, Status
from ninja.security import django_auth

from xiandao.api import schemas
from xiandao.api.progress_schemas import Faults, Problem
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.programmes.actions import applications as act
from xiandao.domains.programmes.actions.calls import is_open
from xiandao.domains.programmes.actions.common import BadFields
from xiandao.domains.programmes.actions.desk import check
from xiandao.domains.programmes.life import told_state
from xiandao.domains.programmes.models import Application, Call
from xiandao.domains.programmes.queries import applying as queries

router = Router()
MOST, FURTHEST = 200, 1_000_000
ANSWERS = {404: schemas.Missing, 422: schemas.BadInput}


class CallOut(Schema):
    """A call. `open`: whether it takes applications now, by the server's clock."""

    code: str
    programme: str
    title: str
    organiser: str
    opens_at: dt.datetime
    closes_at: dt.datetime
    state: str
    open: bool
    is_demo: bool


class CallDetail(CallOut):
    """A call with its text and the form it asks for, section by section."""

    text: str
    contact: str
    form: list[dict[str, Any]]
    eligibility: list[dict[str, Any]]


class CallPage(Schema):
    """A page of calls."""

    count: int
    limit: int
    offset: int
    items: list[CallOut]


class ApplicationOut(Schema):
    """One's own application. `state` is what the applicant is told now."""

    code: str
    call: str
    title: str
    state: str
    revision: int
    due_on: dt.date | None
    submitted_at: dt.datetime | None


class ApplicationDetail(ApplicationOut):
    """One's own application with its content, what is wanting, and what each condition says (unknown is no failure)."""

    data: dict[str, Any]
    gaps: list[dict[str, str]]
    eligibility: list[dict[str, Any]]


class ApplicationPage(Schema):
    """A page of one's own applications."""

    count: int
    limit: int
    offset: int
    items: list[ApplicationOut]


class DraftIn(Schema):
    """The content of a form by field key: text, list of codes, or rows. `revision` is the one last read."""

    revision: int
    data: dict[str, Any]


_WRITE = {200: ApplicationOut, 401: Problem, 403: Problem, 404: schemas.Missing, 409: Problem, 422: Faults}


@router.get("/calls", response={200: CallPage, **ANSWERS}, summary="申报通知")
def list_calls(
    request: HttpRequest, limit: int = Query(50, ge=1, le=MOST), offset: int = Query(0, ge=0, le=FURTHEST)
) -> dict[str, Any]:
    """Return the calls one sees, newest first; those published are public."""
    return _paged(queries.calls(request.viewer), limit, offset, _call)


@router.get("/calls/{code}", response={200: CallDetail, **ANSWERS}, summary="一份申报通知")
def get_call(request: HttpRequest, code: str) -> dict[str, Any]:
    """Return one call with its form and conditions."""
    try:
        call = queries.call_by_code(request.viewer, code)
    except Call.DoesNotExist:
        raise Http404 from None
    given = call.version.definition
    return _call(call) | {
        "text": call.text,
        "contact": call.contact,
        "form": given["form"],
        "eligibility": given["eligibility"],
    }


@router.get("/applications", response={200: ApplicationPage, **ANSWERS}, summary="本单位的申报")
def list_applications(
    request: HttpRequest, limit: int = Query(50, ge=1, le=MOST), offset: int = Query(0, ge=0, le=FURTHEST)
) -> dict[str, Any]:
    """Return what one's own organisation applies for or takes part in, newest first."""
    _applicant(request)
    return _paged(queries.own_applications(request.viewer), limit, offset, _application)


@router.get("/applications/{code}", response={200: ApplicationDetail, **ANSWERS}, summary="本单位的一份申报")
def get_application(request: HttpRequest, code: str) -> dict[str, Any]:
    """Return one of one's own applications with what is wanting."""
    row = _own(request, code)
    checked = check(row, moment=timezone.now())
    return _application(row) | {
        "data": row.data,
        "gaps": [{"field": gap.field, "label": gap.label, "what": gap.sentence} for gap in checked.gaps],
        "eligibility": [finding.plain() for finding in checked.findings],
    }


@router.post("/applications/{code}/draft", response=_WRITE, auth=django_auth, summary="保存申报草稿")
def save_draft(request: HttpRequest, code: str, draft: DraftIn) -> Status:
    """Save the content of one's own application; fields left out become empty."""
    _own(request, code)
    try:
        saved = act.save_application(request.viewer, code=code, revision=draft.revision, data=draft.data)
    except Refused as refusal:
        return _refusal(refusal)
    return Status(200, _application(saved.application))


@router.post("/applications/{code}/submit", response=_WRITE, auth=django_auth, summary="提交申报")
def submit(request: HttpRequest, code: str) -> Status:
    """Hand one's own application in as it was saved, by the server's clock. Twice is once."""
    _own(request, code)
    try:
        row = act.submit_application(request.viewer, code=code)
    except Refused as refusal:
        return _refusal(refusal)
    return Status(200, _application(row))


def _refusal(refusal: Refused) -> Status:
    if isinstance(refusal, BadFields):
        return Status(422, {"detail": [{"loc": [field], "msg": text} for field, text in refusal.faults]})
    clashes = [each.field for each in refusal.clashes] if isinstance(refusal, act.Changed) else []
    return Status(
        409 if isinstance(refusal, Conflict) else 403,
        {"detail": str(refusal.reason), "clashes": [{"field": name} for name in clashes]},
    )


def _applicant(request: HttpRequest) -> None:
    if not request.viewer.can(Can.APPLY):
        raise Http404


def _own(request: HttpRequest, code: str) -> Application:
    """Return an application of one's own organisation; anybody else's is missing."""
    _applicant(request)
    try:
        row = queries.application_by_code(request.viewer, code)
    except Application.DoesNotExist:
        raise Http404 from None
    if row.applicant_id != request.viewer.organisation_id:
        raise Http404
    return row


def _paged(rows: Any, limit: int, offset: int, made: Any) -> dict[str, Any]:
    return {
        "count": rows.count(),
        "limit": limit,
        "offset": offset,
        "items": [made(row) for row in rows[offset : offset + limit]],
    }


def _call(row: Call) -> dict[str, Any]:
    return {
        "code": row.code,
        "programme": row.version.programme_id,
        "title": row.title,
        "organiser": row.organiser.code,
        "opens_at": row.opens_at,
        "closes_at": row.closes_at,
        "state": row.state,
        "open": is_open(row, timezone.now()),
        "is_demo": row.is_demo,
    }


def _application(row: Application) -> dict[str, Any]:
    return {
        "code": row.code,
        "call": row.call.code,
        "title": row.title,
        "state": told_state(row.state).value,
        "revision": row.revision,
        "due_on": row.due_on,
        "submitted_at": row.submitted_at,
    }
