"""Template vocabulary of progress."""

from django import template

from xiandao.domains.progress.measure_names import Names
from xiandao.domains.progress.models import Assignment

register = template.Library()


@register.filter
def measure_of(assignment: Assignment, names: Names) -> str:
    """Return the name of the measure a duty belongs to, its key where no version in force has it."""
    return names.get((assignment.plan_id, assignment.measure_key), assignment.measure_key)
