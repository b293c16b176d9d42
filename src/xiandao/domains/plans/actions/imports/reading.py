"""Reads a text with the policy compiler into a PlanDoc, and says in words why a text cannot be read."""

from dataclasses import dataclass

from xiandao.domains.orgs.permission import Refused
from xiandao.engines.policytext import NotAPlan, compile_text, to_schema
from xiandao.packs import PackError, PlanDoc, plan_doc_from_compiled


@dataclass(frozen=True, slots=True)
class Reading:
    """What the compiler made of a text, with its confidence in the duty of each measure, by measure key."""

    document: PlanDoc
    duty_confidence: dict[str, float]


def read_plan(text: str) -> Reading:
    """Return the reading of a text. Raises Refused with what was found and what to do."""
    try:
        compiled = to_schema(compile_text(text))
        document = plan_doc_from_compiled(compiled, text)
    except NotAPlan as error:
        raise Refused(f"{error.reason}{error.mend}") from error
    except PackError as error:
        raise Refused(str(error)) from error
    sure: dict[str, float] = {}
    measures = [measure for action in compiled["actions"] for measure in action["measures"]]
    for given, read in zip(measures, document.measures(), strict=True):
        confidence = given.get("duty", {}).get("confidence")
        value = confidence.get("value") if isinstance(confidence, dict) else confidence
        if value is not None:
            sure[read.key] = float(value)
    return Reading(document, sure)
