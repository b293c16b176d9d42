"""Plans, measures and targets in force."""

from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Router

from xiandao.api import schemas
from xiandao.domains.plans import figures, queries
from xiandao.domains.plans.models import Measure, PlanVersion, Target
from xiandao.domains.progress.figures import tallies
from xiandao.domains.progress.views.planning_access import READERS
from xiandao.kernel import Figure

router = Router()


def _version(request: HttpRequest, code: str) -> PlanVersion:
    try:
        return queries.plan_in_force(request.viewer, code)
    except PlanVersion.DoesNotExist:
        raise Http404 from None


def _span(item: Any) -> tuple[int, int] | None:
    return None if item.span_start is None else (item.span_start, item.span_end)


def _plan(version: PlanVersion) -> dict[str, Any]:
    return {
        "code": version.plan.code,
        "name": version.plan.name,
        "name_en": version.plan.name_en,
        "region": version.plan.region_id,
        "document_no": version.document_no,
        "issued_on": version.issued_on,
        "period": (version.year_from, version.year_to) if version.year_from else None,
        "version": version.number,
        "actions": version.n_actions,
        "measures": version.n_measures,
        "targets": version.n_targets,
        "parties": version.n_parties,
    }


def _target(target: Target, version: PlanVersion, measure: str | None) -> dict[str, Any]:
    fields = ("key", "name", "name_en", "value", "low", "high", "unit", "comparator", "year", "kind", "quote")
    return {field: getattr(target, field) for field in fields} | {
        "deadline_year": target.year or version.year_to,
        "span": _span(target),
        "measure": measure,
    }


def _measure(measure: Measure, version: PlanVersion, action: str) -> dict[str, Any]:
    return {
        "key": measure.key,
        "no": measure.no,
        "name": measure.name,
        "name_en": measure.name_en,
        "action": action,
        "cities": measure.cities,
        "duties": [
            {"printed": d.printed, "role": d.role, "organisation": d.organisation.code if d.organisation else None}
            for d in measure.duties.all()
        ],
        "targets": [_target(t, version, measure.key) for t in measure.targets.all()],
        "span": _span(measure),
    }


@router.get("", response=list[schemas.PlanOut], summary="现行方案")
def list_plans(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the plans in force."""
    return [_plan(version) for version in queries.plans_in_force(request.viewer)]


@router.get("/{plan}", response={200: schemas.PlanDetail, 404: schemas.Missing}, summary="一个方案的全部结构")
def get_plan(request: HttpRequest, plan: str) -> dict[str, Any]:
    """Return one plan with its actions, measures, duties and targets."""
    version = _version(request, plan)
    actions = [
        {
            "key": action.key,
            "no": action.no,
            "name": action.name,
            "name_en": action.name_en,
            "measures": [_measure(m, version, action.key) for m in action.measures.all()],
        }
        for action in queries.actions_of(request.viewer, version)
    ]
    headline = queries.targets_in_force(request.viewer, version).filter(measure=None)
    return _plan(version) | {
        "issuers": [issuer.printed for issuer in queries.issuers_of(request.viewer, version)],
        "structure": actions,
        "headline_targets": [_target(t, version, None) for t in headline],
    }


@router.get("/{plan}/text", response={200: schemas.TextOut, 404: schemas.Missing}, summary="方案原文")
def get_text(request: HttpRequest, plan: str) -> dict[str, Any]:
    """Return the published text; spans of all items count its characters."""
    version = _version(request, plan)
    return {"text": version.source_text, "sha256": version.source_sha256, "unplaced": version.unplaced}


@router.get("/{plan}/measures/{key}", response={200: schemas.MeasureDetail, 404: schemas.Missing}, summary="一项任务")
def get_measure(request: HttpRequest, plan: str, key: str) -> dict[str, Any]:
    """Return one measure with its words."""
    version = _version(request, plan)
    try:
        measure = queries.measure_by_key(request.viewer, version, key)
    except Measure.DoesNotExist:
        raise Http404 from None
    return _measure(measure, version, measure.action.key) | {
        "text": measure.text,
        "mechanisms": [m.name for m in measure.mechanisms.all()],
        "commitments": [c.text for c in measure.commitments.all()],
    }


@router.get(
    "/{plan}/targets", response={200: list[schemas.TargetWithNumbers], 404: schemas.Missing}, summary="方案的全部目标"
)
def list_targets(request: HttpRequest, plan: str) -> list[dict[str, Any]]:
    """Return the targets of one plan in the order of its text, each with its numbers and where it stands.

    Counted and status are public; claimed and verified are of the claims the reader sees, and null for the public.
    """
    version = _version(request, plan)
    targets = list(queries.targets_in_force(request.viewer, version))
    numbers = _numbers(request, targets)
    return [_target(t, version, t.measure.key if t.measure else None) | numbers[t.pk] for t in targets]


def _numbers(request: HttpRequest, targets: list[Target]) -> dict[int, dict[str, Any]]:
    """Return claimed, verified, counted and status of targets, asked for at once."""
    now = timezone.now()
    countings = figures.countings(targets, as_of=now)
    seen = tallies(request.viewer, targets, as_of=now) if request.viewer.can(*READERS) else {}
    return {
        target.pk: {
            "counted": _figure(countings[target.pk].counted),
            "claimed": _figure(seen[target.pk].claimed) if target.pk in seen else None,
            "verified": _figure(seen[target.pk].verified) if target.pk in seen else None,
            "status": _status(countings[target.pk]),
        }
        for target in targets
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "name": figure.name,
        "value": figure.value,
        "unit": figure.unit,
        "kind": figure.kind.value,
        "as_of": figure.as_of,
        "rows": figure.rows.to_query() if figure.rows else "",
    }


def _status(counting: figures.Counting) -> dict[str, Any]:
    return {"state": counting.state, "label": counting.label, "why": counting.why, "share": counting.share}


@router.get("/{plan}/targets/{key}", response={200: schemas.TargetDetail, 404: schemas.Missing}, summary="一个目标")
def get_target(request: HttpRequest, plan: str, key: str) -> dict[str, Any]:
    """Return one target with what is counted towards it and which other targets share its results."""
    version = _version(request, plan)
    try:
        target = queries.target_by_key(request.viewer, version, key)
    except Target.DoesNotExist:
        raise Http404 from None
    numbers = _numbers(request, [target])[target.pk]
    return (
        _target(target, version, target.measure.key if target.measure else None)
        | numbers
        | {
            "also_counts": [
                f"{other.version.plan.code}/{other.key}" for _link, other in queries.shared_with(request.viewer, target)
            ],
        }
    )
