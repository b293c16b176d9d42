"""Reporting progress: duties, rounds, reports with their claims, results; saving and submitting one's own reports."""

from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Form, Query, Router, Status
from ninja.security import django_auth

from xiandao.api import progress_schemas as schemas
from xiandao.api.schemas import BadInput, Missing
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.progress.actions import reports as act
from xiandao.domains.progress.faults import BadFields
from xiandao.domains.progress.models import Assignment, Claim, Report, Result, ResultCount, Round
from xiandao.domains.progress.queries import assignments, claims, reports, results, rounds
from xiandao.domains.progress.views.report_columns import READERS

router = Router()
MOST = 500
FURTHEST = 1_000_000
_LIST = {404: Missing, 422: BadInput}


def _readers(request: HttpRequest) -> None:
    """Hide what is for those who report, verify and oversee."""
    if not request.viewer.can(*READERS):
        raise Http404


def _page(rows: Any, limit: int, offset: int, shown: Any) -> dict[str, Any]:
    items = [shown(row) for row in rows[offset : offset + limit]]
    return {"count": rows.count(), "limit": limit, "offset": offset, "items": items}


def _duty(duty: Assignment) -> dict[str, Any]:
    return {
        "id": duty.pk,
        "plan": duty.plan.code,
        "measure": duty.measure_key,
        "subtask": duty.subtask.name if duty.subtask else "",
        "organisation": duty.organisation.code,
        "region": duty.region_id,
        "role": duty.role,
        "origin": duty.origin,
        "serves": duty.serves,
        "parent": duty.parent_id,
        "ended_at": duty.ended_at,
    }


def _round(row: Round) -> dict[str, Any]:
    fields = ("period", "period_end", "scope", "due_on", "note", "state", "opened_at", "closed_at", "times_reopened")
    return {"id": row.pk, "plan": row.plan.code, **{name: getattr(row, name) for name in fields}}


def _report(row: Report) -> dict[str, Any]:
    fields = ("state", "revision", "standing", "submitted_at", "decided_at")
    return {
        "id": row.pk,
        "round": row.round_id,
        "period": row.round.period,
        "duty": _duty(row.assignment),
        **{name: getattr(row, name) for name in fields},
    }


def _claim(row: Claim) -> dict[str, Any]:
    fields = ("item", "name", "identifier_kind", "identifier", "holder", "holder_code", "happened_on", "unit", "note")
    return {
        "id": row.pk,
        "report": row.report_id,
        "target": row.target_key,
        "region": row.region_id,
        "industry": row.industry_id,
        "quantity": _plain(row.quantity),
        "state": row.state,
        "claimed_at": row.claimed_at,
        "decided_at": row.decided_at,
        "decision_note": row.decision_note,
        "result": row.result.code if row.result else None,
        **{name: getattr(row, name) for name in fields},
    }


def _plain(value: Decimal) -> Decimal:
    """Return a number without trailing zeros, 1 and not 1.000000."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def _result(row: Result) -> dict[str, Any]:
    fields = ("code", "item", "name", "identifier_kind", "identifier", "holder", "happened_on", "unit", "counted_at")
    return {
        "region": row.region_id,
        "industry": row.industry_id,
        "quantity": _plain(row.quantity),
        "void_at": row.void_at,
        **{name: getattr(row, name) for name in fields},
    }


@router.get("/duties", response={200: schemas.DutyPage, **_LIST}, summary="责任项")
def list_duties(
    request: HttpRequest,
    own: bool = Query(False, description="只看本单位"),  # noqa: FBT001 — a query parameter
    limit: int = Query(100, ge=1, le=MOST),
    offset: int = Query(0, ge=0, le=FURTHEST),
) -> dict[str, Any]:
    """Return the live duties one sees."""
    _readers(request)
    rows = assignments.duties(request.viewer)
    return _page(rows.filter(organisation=request.viewer.organisation_id) if own else rows, limit, offset, _duty)


@router.get("/rounds", response={200: list[schemas.RoundOut], 404: Missing}, summary="填报期")
def list_rounds(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the rounds, newest period first."""
    _readers(request)
    return [_round(row) for row in rounds.rounds(request.viewer)]


@router.get("/reports", response={200: schemas.ReportPage, **_LIST}, summary="进展")
def list_reports(
    request: HttpRequest,
    round: int | None = Query(None, ge=1, le=FURTHEST, description="填报期"),  # noqa: A002 — the parameter's name
    own: bool = Query(False, description="只看本单位"),  # noqa: FBT001 — a query parameter
    limit: int = Query(100, ge=1, le=MOST),
    offset: int = Query(0, ge=0, le=FURTHEST),
) -> dict[str, Any]:
    """Return the reports one sees."""
    _readers(request)
    rows = reports.reports(request.viewer)
    rows = rows.filter(round=round) if round else rows
    rows = rows.filter(assignment__organisation=request.viewer.organisation_id) if own else rows
    return _page(rows, limit, offset, _report)


def _find(request: HttpRequest, pk: int) -> Report:
    try:
        return reports.report(request.viewer, pk)
    except (Report.DoesNotExist, OverflowError):
        raise Http404 from None


@router.get("/reports/{pk}", response={200: schemas.ReportDetail, 404: Missing, 422: BadInput}, summary="一份进展")
def get_report(request: HttpRequest, pk: int) -> dict[str, Any]:
    """Return one report with its words, claims and what it said at each step."""
    row = _find(request, pk)
    steps = ("event", "at", "by", "reason", "standing", "happened", "next_step")
    return {
        **_report(row),
        "happened": row.happened,
        "next_step": row.next_step,
        "return_reason": row.return_reason,
        "claims": [_claim(claim) for claim in claims.claims_of(request.viewer, row)],
        "versions": [{name: getattr(step, name) for name in steps} for step in reports.versions(row)],
    }


_WRITE = {
    200: schemas.ReportSaved,
    401: schemas.Problem,
    403: schemas.Problem,
    404: Missing,
    409: schemas.Problem,
    422: schemas.Faults,
}


def _refusal(refusal: Refused) -> Status:
    """Answer a refusal: what is wrong with which field, who was faster, or why not."""
    if isinstance(refusal, BadFields):
        return Status(422, {"detail": [{"loc": path.split("."), "msg": text} for path, text in refusal.faults]})
    clashes = refusal.clashes if isinstance(refusal, act.Changed) else []
    told = [{"field": clash.name, "mine": clash.mine, "theirs": clash.theirs} for clash in clashes]
    return Status(409 if isinstance(refusal, Conflict) else 403, {"detail": str(refusal.reason), "clashes": told})


@router.post("/reports/{pk}/draft", response=_WRITE, auth=django_auth, summary="保存进展草稿")
def save_draft(request: HttpRequest, pk: int, draft: schemas.DraftIn) -> Status:
    """Save one's own report; claims left out are taken back. `revision` is the one last read."""
    _find(request, pk)
    given = {str(claim.id) if claim.id else f"new-{n}": _fields(claim) for n, claim in enumerate(draft.claims)}
    content = act.Content(draft.standing, draft.happened, draft.next_step, given)
    try:
        saved = act.save_draft(request.viewer, pk=pk, revision=draft.revision, content=content)
    except Refused as refusal:
        return _refusal(refusal)
    ids = [saved.ids.get(key, int(key) if key.isdecimal() else None) for key in given]
    return Status(200, {"id": pk, "state": saved.report.state, "revision": saved.report.revision, "claims": ids})


def _fields(claim: schemas.ClaimIn) -> dict[str, str]:
    values = {name: getattr(claim, name) for name in act.CLAIM_FIELDS if name != "target_key"}
    return {name: "" if value is None else str(value) for name, value in values.items()} | {"target_key": claim.target}


@router.post("/reports/{pk}/submit", response=_WRITE, auth=django_auth, summary="提交进展")
def submit_report(request: HttpRequest, pk: int, revision: int = Form(..., ge=0, le=FURTHEST)) -> Status:
    """Submit one's own report as it was saved."""
    _find(request, pk)
    try:
        row = act.submit_report(request.viewer, pk=pk, revision=revision)
    except Refused as refusal:
        return _refusal(refusal)
    return Status(200, {"id": pk, "state": row.state, "revision": row.revision, "claims": []})


@router.get("/claims", response={200: schemas.ClaimPage, **_LIST}, summary="申报成果")
def list_claims(
    request: HttpRequest,
    limit: int = Query(100, ge=1, le=MOST),
    offset: int = Query(0, ge=0, le=FURTHEST),
) -> dict[str, Any]:
    """Return the claims one sees, newest first."""
    _readers(request)
    return _page(claims.claims(request.viewer), limit, offset, _claim)


@router.get("/results", response={200: schemas.ResultPage, **_LIST}, summary="成果")
def list_results(
    request: HttpRequest,
    limit: int = Query(100, ge=1, le=MOST),
    offset: int = Query(0, ge=0, le=FURTHEST),
) -> dict[str, Any]:
    """Return the results one sees, newest first."""
    _readers(request)
    return _page(results.results(request.viewer), limit, offset, _result)


@router.get("/results/{code}", response={200: schemas.ResultDetail, 404: Missing}, summary="一项成果")
def get_result(request: HttpRequest, code: str) -> dict[str, Any]:
    """Return one result with the claims behind it that one sees and the targets it serves."""
    _readers(request)
    try:
        row = results.result(request.viewer, code)
    except Result.DoesNotExist:
        raise Http404 from None
    found = results.behind(request.viewer, row)
    return {
        **_result(row),
        "claims": [claim.pk for claim in found.claims],
        "hidden_claims": found.hidden,
        "counts": [_count(count) for count in results.served(row)],
        "void_reason": row.void_reason,
    }


def _count(count: ResultCount) -> dict[str, Any]:
    return {
        "plan": count.plan.code,
        "target": count.target_key,
        "counted_at": count.counted_at,
        "void_at": count.void_at,
    }
