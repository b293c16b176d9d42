"""A published version read back as the document it was made from, so that two versions can be compared."""

from collections.abc import Iterable
from typing import Any

from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.actions.imports.drafts import plain
from xiandao.domains.plans.models import (
    Action,
    Commitment,
    Duty,
    DutyRole,
    Issuer,
    Measure,
    Mechanism,
    Plan,
    PlanVersion,
    Support,
    Target,
    VersionState,
)
from xiandao.domains.plans.models.published import Item
from xiandao.packs import PackError, PlanDoc
from xiandao.packs.reader import Document, Marks
from xiandao.packs.validate import validate

Json = dict[str, Any]


def version_in_force(viewer: Viewer, plan: Plan) -> PlanVersion | None:
    """Return the version in force of a plan, if it has one."""
    versions = PlanVersion.objects.visible_to(viewer).filter(plan=plan, state=VersionState.PUBLISHED)
    found: PlanVersion | None = versions.select_related("plan").first()
    return found


def document_of_version(viewer: Viewer, version: PlanVersion) -> PlanDoc:
    """Return a published version as a document. What rows do not keep (sub-splits, sources) is not in it."""
    text = version.source_text

    def rows(model: type[Item]) -> list[Any]:
        return list(model.objects.visible_to(viewer).filter(version=version).order_by("order"))

    duties: dict[int, list[Duty]] = {}
    for duty in Duty.objects.visible_to(viewer).filter(version=version).order_by("order"):
        duties.setdefault(duty.measure_id, []).append(duty)
    parts = {
        "targets": _by_measure(rows(Target), _quantity),
        "support": _by_measure(rows(Support), _quantity),
        "mechanisms": _by_measure(rows(Mechanism), lambda row: _english(row, name=row.name)),
        "commitments": _by_measure(rows(Commitment), _commitment),
    }
    measures: dict[int, list[Json]] = {}
    for measure in rows(Measure):
        record = _measure(measure, duties.get(measure.pk, []), text)
        record |= {name: found.get(measure.pk, []) for name, found in parts.items()}
        measures.setdefault(measure.action_id, []).append(record)
    actions = [_item(row) | _titled(row) | {"no": row.no, "measures": measures.get(row.pk, [])} for row in rows(Action)]
    whole = {
        "code": version.plan.code,
        "title": version.plan.name,
        "title_en": version.plan.name_en or None,
        "number": version.document_no or None,
        "issued_on": str(version.issued_on) if version.issued_on else None,
        "issuers": [row.printed for row in rows(Issuer)],
        "period": [version.year_from, version.year_to] if version.year_from and version.year_to else None,
        "text_available": version.text_available,
        "note": version.note or None,
        "note_en": version.note_en or None,
        "standing_duty": _standing(version),
        "actions": actions,
        "headline_targets": parts["targets"].get(None, []),
        "unplaced": version.unplaced,
    }
    document, faults = validate(Document(f"{version}", plain(whole), Marks(0)), PlanDoc)
    if document is None or faults:
        raise PackError(faults)
    return document


def _by_measure(rows: Iterable[Any], record: Any) -> dict[int | None, list[Json]]:
    out: dict[int | None, list[Json]] = {}
    for row in rows:
        out.setdefault(row.measure_id, []).append(_item(row) | record(row))
    return out


def _item(row: Any) -> Json:
    place = [row.span_start, row.span_end] if row.span_start is not None else None
    return {"key": row.key, "span": place, "confidence": getattr(row, "confidence", None)}


def _titled(row: Any) -> Json:
    return {"title": row.name, "title_en": row.name_en or None}


def _english(row: Any, **fields: Any) -> Json:
    return {**fields, "name_en": row.name_en or None}


def _measure(row: Measure, duties: list[Duty], text: str) -> Json:
    duty = {
        "lead": [d.printed for d in duties if d.role == DutyRole.LEAD],
        "with": [d.printed for d in duties if d.role == DutyRole.WITH],
        "cities": row.cities,
        "standing": row.standing,
        "open_ended": row.open_ended,
        "quotes": [{"quote": text[start:end], "span": [start, end]} for start, end in row.duty_spans],
    }
    return _item(row) | _titled(row) | {"no": row.no, "deadline": row.deadline or None, "duty": duty}


def _quantity(row: Target | Support) -> Json:
    return {
        "value": row.value,
        "low": row.low,
        "high": row.high,
        "unit": row.unit,
        "comparator": row.comparator,
        "year": row.year,
        "object": row.name,
        "object_en": row.name_en or None,
        "kind": row.kind,
        "quote": row.quote or None,
        "also": row.also,
        "note": row.note or None,
    }


def _commitment(row: Commitment) -> Json:
    return {"quote": row.text, "strength": row.strength, "verb": row.verb or None, "text_en": row.text_en or None}


def _standing(version: PlanVersion) -> Json | None:
    if version.standing_start is None or version.standing_end is None:
        return None
    span = [version.standing_start, version.standing_end]
    return {"quote": version.source_text[slice(*span)], "span": span}
