"""Columns and filters the lists of reporting share: duty, measure, place, state; on the page and as plain text."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Organisation, Region, RegionKind
from xiandao.domains.plans.filters import ALL
from xiandao.domains.plans.models import Action, Measure, Plan, VersionState
from xiandao.domains.progress.measure_names import Names, measure_names, target_names
from xiandao.domains.progress.models import Assignment, Standing
from xiandao.domains.progress.models.reports import period_name

READERS = (Can.REPORT, Can.VERIFY, Can.READ_PROGRESS)


def badge(state: str, label: str) -> SafeString:
    """Draw a state as a chip."""
    return format_html('<span class="state is-{}">{}</span>', state, label)


def standing_label(standing: str | None) -> str:
    """Return the words of a standing; a dash where nothing was said."""
    return str(Standing(standing).label) if standing else "—"


class NamedTable(tables.Table):
    """A table that looks up the names of measures and targets once, however many rows it has."""

    names: Names
    targets: Names

    def before_render(self, request: Any) -> None:  # noqa: ARG002 — called by django-tables2
        self._prepare()

    def as_values(self, *args: Any, **kwargs: Any) -> Any:
        self._prepare()
        return super().as_values(*args, **kwargs)

    def _prepare(self) -> None:
        self.names = measure_names()
        self.targets = target_names()

    def measure_name(self, duty: Assignment) -> str:
        """Return the name of a duty's measure, with its sub-task."""
        name = self.names.get((duty.plan_id, duty.measure_key), duty.measure_key)
        return f"{name}{_('（')}{duty.subtask.label}{_('）')}" if duty.subtask else name

    def target_name(self, plan: int, key: str) -> str:
        """Return the name of a target; a dash where there is none."""
        return self.targets.get((plan, key), key) if key else "—"


def linked(name: str, label: str, *args: Any) -> SafeString:
    """Draw a link to a page of progress."""
    return format_html('<a href="{}">{}</a>', reverse(f"progress:{name}", args=args), label)


def period_label(code: str | None) -> str:
    """Return the name of a period; a dash for none."""
    return period_name(code) if code else "—"


def plans(request: Any) -> QuerySet:
    """Return the plans to filter by."""
    return Plan.objects.visible_to(request.viewer)


def bodies(_request: Any) -> QuerySet:
    """Return the provincial bodies with a duty."""
    return Organisation.objects.filter(
        assignments__isnull=False, assignments__region=Region.objects.filter(parent=None)[:1]
    ).distinct()


def cities(_request: Any) -> QuerySet:
    """Return the cities to filter by."""
    return Region.objects.filter(kind=RegionKind.CITY).order_by("code")


def measure_choices() -> list[tuple[str, str]]:
    """Return the measures in force, as plan and key, with their names."""
    return [(f"{plan}-{key}", name) for (plan, key), name in measure_names().items()]


def action_choices() -> list[tuple[int, str]]:
    """Return the actions in force with their names."""
    rows = Action.objects.for_system("a plan in force is public").filter(version__state=VersionState.PUBLISHED)
    return [(row.pk, row.label) for row in rows.order_by("version__plan__order", "order")]


class DutyFilters(django_filters.FilterSet):
    """What every list of work can be filtered by. `prefix` leads from the rows to their duty."""

    prefix = ""

    plan = django_filters.ModelChoiceFilter(label=_("方案"), empty_label=ALL, queryset=plans, method="by_plan")
    action = django_filters.ChoiceFilter(label=_("行动"), empty_label=ALL, choices=action_choices, method="by_action")
    measure = django_filters.ChoiceFilter(
        label=_("任务"), empty_label=ALL, choices=measure_choices, method="by_measure"
    )
    department = django_filters.ModelChoiceFilter(
        label=_("省级部门"), empty_label=ALL, queryset=bodies, method="by_department"
    )
    city = django_filters.ModelChoiceFilter(label=_("设区市"), empty_label=ALL, queryset=cities, method="by_city")

    def _duty(self, rows: QuerySet, **conditions: Any) -> QuerySet:
        return rows.filter(**{f"{self.prefix}{name}": value for name, value in conditions.items()})

    def by_plan(self, rows: QuerySet, _name: str, plan: Plan) -> QuerySet:
        return self._duty(rows, plan=plan)

    def by_action(self, rows: QuerySet, _name: str, action: str) -> QuerySet:
        found = Measure.objects.for_system("a plan in force is public").filter(action=action)
        keys = list(found.values_list("version__plan", "key"))
        return self._duty(rows, plan__in={plan for plan, _key in keys}, measure_key__in=[key for _plan, key in keys])

    def by_measure(self, rows: QuerySet, _name: str, measure: str) -> QuerySet:
        plan, _dash, key = measure.partition("-")
        return self._duty(rows, plan=plan, measure_key=key)

    def by_department(self, rows: QuerySet, _name: str, body: Organisation) -> QuerySet:
        """Keep what a provincial body does itself and what cities do for it."""
        # Codes of organisations hold no quotation marks, so the text of the list names a code exactly.
        own = Q(**{f"{self.prefix}organisation": body})
        return rows.filter(own | Q(**{f"{self.prefix}serves__icontains": f'"{body.code}"'}))

    def by_city(self, rows: QuerySet, _name: str, city: Region) -> QuerySet:
        """Keep a city and its counties."""
        here = Q(**{f"{self.prefix}region": city})
        return rows.filter(here | Q(**{f"{self.prefix}region__parent": city}))
