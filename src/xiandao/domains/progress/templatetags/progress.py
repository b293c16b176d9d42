"""Template vocabulary of progress."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template

from xiandao.domains.progress.measure_names import Names
from xiandao.domains.progress.models import Assignment, Claim, SamenessQuestion

register = template.Library()


@register.filter
def measure_of(assignment: Assignment, names: Names) -> str:
    """Return the name of the measure a duty belongs to, its key where no version in force has it."""
    return names.get((assignment.plan_id, assignment.measure_key), assignment.measure_key)


@register.simple_tag
def target_name(names: Names, plan_id: int, key: str) -> str:
    """Return the name of a target of a plan, its key where no version in force has it, a dash where there is none."""
    return names.get((plan_id, key), key) if key else "—"


@register.filter
def in_choices(value: str, choices: Sequence[tuple[str, Any]]) -> bool:
    """Whether a code is among the choices of a list."""
    return any(code == value for code, _label in choices)


@register.filter
def answer_to(kept: Mapping[str, str], question: SamenessQuestion) -> str:
    """Return what was chosen for a question of sameness in what was posted; "" for nothing."""
    return kept.get(f"judgements.{question.pk}.same", "")


@register.filter
def note_on(kept: Mapping[str, str], question: SamenessQuestion) -> str:
    """Return the reason written for a question of sameness in what was posted; "" for none."""
    return kept.get(f"judgements.{question.pk}.note", "")


@register.filter
def files_of_claim(blocks: Mapping[str, Any], claim: Claim) -> Any:
    """Return the files of a claim from the blocks of many."""
    return blocks.get(str(claim.pk))
