"""Reads a text with the policy compiler into a PlanDoc, and says in words why a text cannot be read."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from xiandao.domains.orgs.permission import Refused
from xiandao.engines.policytext import Confidence, NotAPlan, PlanDocument, compile_text, to_schema
from xiandao.packs import PackError, PlanDoc, plan_doc_from_compiled

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the compiler made of a text, with its confidence in the duty of each measure, by measure key."""

    document: PlanDoc
    duty_confidence: dict[str, float]


def read_plan(text: str) -> Reading:
    """Return the reading of a text. Raises Refused with what was found and what to do."""
    try:
        compiled = compile_text(text)
        document = plan_doc_from_compiled(_complete(compiled), text)
    except NotAPlan as error:
        raise Refused(f"{error.reason}{error.mend}") from error
    except PackError as error:
        raise Refused(str(error)) from error
    pairs = zip(compiled.measures(), document.measures(), strict=True)
    return Reading(document, {read.key: given.duty.confidence.value for given, read in pairs})


def _complete(compiled: PlanDocument) -> Json:
    """Return the compiled plan as its JSON, with what the JSON leaves out and a reviewer needs: places and doubts."""
    plan: Any = to_schema(compiled)
    for action, given in zip(plan["actions"], compiled.actions, strict=True):
        action.update({"implied": given.implied, **_sure(given.confidence)})
        for measure, source in zip(action["measures"], given.measures, strict=True):
            measure.update(_sure(source.confidence))
            measure["quotes"] = [{"text": m.text, "span": _span(m.span)} for m in source.quotes]
            measure["duty"]["standing"] = source.duty.standing
            for commitment, promise in zip(measure["commitments"], source.commitments, strict=True):
                commitment.update(_sure(promise.confidence))
            _quantities(measure["targets"], source.targets)
            _quantities(measure.get("support", ()), source.support)
    _quantities(plan["headline_targets"], compiled.headline_targets)
    plan["headline_commitments"] = [
        {"strength": c.strength, "verb": c.verb, "quote": c.quote.text, "span": _span(c.quote.span)}
        | _sure(c.confidence)
        for c in compiled.headline_commitments
    ]
    return dict(plan)


def _quantities(records: Iterable[Json], given: Iterable[Any]) -> None:
    for record, target in zip(records, given, strict=True):
        record.update(_sure(target.confidence))
        record["also_quotes"] = [{"text": c.text, "span": _span(c.span)} for c in target.also]


def _sure(confidence: Confidence) -> Json:
    return {"confidence": confidence.value, "doubts": list(confidence.reasons)}


def _span(span: Any) -> list[int]:
    return [span.start, span.end]
