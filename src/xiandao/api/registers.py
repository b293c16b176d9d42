"""Registers and runs: which versions there are, what was found, what changed; read-only."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router, Schema

from xiandao.api.schemas import BadInput, Missing
from xiandao.domains.enterprises.models import RegisterVersion, Run, RunState
from xiandao.domains.enterprises.queries import registers, runs
from xiandao.domains.enterprises.views.register_lists import READERS

router = Router()


class RegisterOut(Schema):
    """A register version. `counts` says what was found, `changes` what changed against `follows`, by kind."""

    number: int
    title: str
    source: str
    as_of: dt.date
    state: str
    rows: int
    bad_rows: int
    sha256: str
    follows: int | None
    is_demo: bool
    loaded_at: dt.datetime | None
    counts: dict[str, int]
    changes: dict[str, int]
    changes_by_place: dict[str, dict[str, int]]


class IndustryCountsOut(Schema):
    """What a run found of one industry. `counts`: enterprises decided in, core or service, in business."""

    industry: str
    counts: int
    core: int
    service: int
    review: int
    out: int
    settled: int


class RunOut(Schema):
    """A run: what it was made with and what it found."""

    number: int
    state: str
    register_number: int
    catalogue: str
    model_sha256: str
    accept: float | None
    reject: float | None
    started_at: dt.datetime | None
    ended_at: dt.datetime | None
    rows: int | None
    enterprises: int | None
    industries: list[IndustryCountsOut]


def _may_read(request: HttpRequest) -> None:
    if not request.viewer.can(*READERS):
        raise Http404


def _register(version: RegisterVersion) -> dict[str, Any]:
    told = ("number", "title", "source", "as_of", "state", "rows", "bad_rows", "sha256", "is_demo", "loaded_at")
    return {name: getattr(version, name) for name in told} | {
        "follows": version.follows.number if version.follows is not None else None,
        "counts": {name: value for name, value in version.counts.items() if isinstance(value, int)},
        "changes": version.preview.get("totals", {}),
        "changes_by_place": version.preview.get("by_city", {}),
    }


@router.get("/registers", response={200: list[RegisterOut], 404: Missing}, summary="登记名录各版")
def list_registers(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the register versions, newest first."""
    _may_read(request)
    return [_register(version) for version in registers.registers(request.viewer)]


@router.get("/registers/{number}", response={200: RegisterOut, 404: Missing, 422: BadInput}, summary="一版登记名录")
def one_register(request: HttpRequest, number: int) -> dict[str, Any]:
    """Return one version."""
    _may_read(request)
    try:
        return _register(registers.register_by_number(request.viewer, number))
    except RegisterVersion.DoesNotExist:
        raise Http404 from None


@router.get("/runs", response={200: list[RunOut], 404: Missing}, summary="识别批次")
def list_runs(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the runs, newest first, without their industries."""
    _may_read(request)
    return [_run(run, []) for run in runs.runs(request.viewer)]


@router.get("/runs/{number}", response={200: RunOut, 404: Missing, 422: BadInput}, summary="一次识别")
def one_run(request: HttpRequest, number: int) -> dict[str, Any]:
    """Return one run with what it found by industry, as far as the viewer sees enterprises."""
    _may_read(request)
    try:
        run = runs.run_by_number(request.viewer, number)
    except Run.DoesNotExist:
        raise Http404 from None
    done = run.state in (RunState.CURRENT, RunState.SUPERSEDED)
    lines = runs.by_industry(request.viewer, run) if done else []
    names = ("counts", "core", "service", "review", "out", "settled")
    return _run(run, [{"industry": line.industry.pk, **{n: getattr(line, n) for n in names}} for line in lines])


def _run(run: Run, industries: list[dict[str, Any]]) -> dict[str, Any]:
    told = ("number", "state", "accept", "reject", "started_at", "ended_at")
    return {name: getattr(run, name) for name in told} | {
        "register_number": run.register.number,
        "catalogue": run.catalogue.code,
        "model_sha256": run.model_digest,
        "rows": run.counts.get("rows"),
        "enterprises": run.counts.get("enterprises"),
        "industries": industries,
    }
