"""Writes a compiled plan as the JSON of the policy schema, spans and confidence added."""

from decimal import Decimal

from xiandao.engines.policytext.model import Action, Measure, Passage, PlanDocument, Span, Target

Json = dict[str, object]


def to_schema(document: PlanDocument) -> Json:
    """The plan as plain dicts and lists: the keys of the schema, and id, span and confidence on every item."""
    head = document.head
    return {
        "title": head.title,
        "number": head.number,
        "issued_on": head.issued_on,
        "issuers": [b.name for b in head.issuers],
        "period": list(head.period) if head.period else None,
        "confidence": document.confidence.value,
        "actions": [_action(a) for a in document.actions],
        "headline_targets": [_target(t) for t in document.headline_targets],
        "head_spans": {
            "title": _span(head.title_span) if head.title_span else None,
            "number": _span(head.number_span) if head.number_span else None,
            "issued_on": _span(head.issued_span) if head.issued_span else None,
            "issuers": [_span(b.span) for b in head.issuers],
        },
        "placed": [_passage(p) for p in document.placed],
        "unplaced": [_passage(p) for p in document.unplaced],
    }


def _passage(passage: Passage) -> Json:
    return {"span": _span(passage.span), "role": passage.role, "label": passage.label}


def _span(span: Span) -> list[int]:
    return [span.start, span.end]


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _action(action: Action) -> Json:
    return {
        "id": action.id,
        "no": action.no,
        "title": action.title,
        "span": _span(action.span),
        "confidence": action.confidence.value,
        "measures": [_measure(m) for m in action.measures],
    }


def _measure(measure: Measure) -> Json:
    out: Json = {
        "id": measure.id,
        "no": measure.no,
        "title": measure.title,
        "span": _span(measure.span),
        "confidence": measure.confidence.value,
        "duty": {
            "lead": [b.name for b in measure.duty.lead],
            "with": [b.name for b in measure.duty.with_],
            "cities": measure.duty.cities,
            "spans": [_span(s) for s in measure.duty.spans],
            "confidence": measure.duty.confidence.value,
        },
        "deadline": measure.deadline or None,
        "targets": [_target(t) for t in measure.targets],
        "quotes": [m.text for m in measure.quotes],
        "mentions": [{"id": m.id, "text": m.text, "span": _span(m.span)} for m in measure.quotes],
        "commitments": [
            {"id": c.id, "strength": c.strength, "verb": c.verb, "quote": c.quote.text, "span": _span(c.quote.span)}
            for c in measure.commitments
        ],
    }
    if measure.support:
        out["support"] = [_target(t) for t in measure.support]
    return out


def _target(target: Target) -> Json:
    out: Json = {
        "id": target.id,
        "value": _number(target.value),
        "low": _number(target.low),
        "high": _number(target.high),
        "unit": target.unit,
        "comparator": target.comparator,
        "year": target.year,
        "object": target.object,
        "kind": target.kind,
        "quote": target.quote.text,
        "span": _span(target.quote.span),
        "number_span": _span(target.number),
        "confidence": target.confidence.value,
        "reasons": list(target.confidence.reasons),
    }
    if target.also:
        out["also_quotes"] = [c.text for c in target.also]
        out["also_spans"] = [_span(c.span) for c in target.also]
    return out
