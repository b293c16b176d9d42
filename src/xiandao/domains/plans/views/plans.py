"""Pages of plans: the plan, its text, its actions, measures and targets."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from xiandao.domains.audit.queries import history
from xiandao.domains.plans import figures, queries
from xiandao.domains.plans.breakdown import download
from xiandao.domains.plans.filters import MeasureFilter, TargetFilter
from xiandao.domains.plans.models import DutyRole, Measure, PlanVersion, Target
from xiandao.domains.plans.panels import panels_of
from xiandao.domains.plans.queries.marks import marks_of
from xiandao.domains.plans.tables import MeasureTable, TargetTable
from xiandao.domains.plans.text import marked_lines
from xiandao.domains.shared.lists import ListPage


def _version(request: HttpRequest, code: str) -> PlanVersion:
    """Return the version in force of a plan; a plan that is missing or hidden is not found."""
    try:
        return queries.plan_in_force(request.viewer, code)
    except PlanVersion.DoesNotExist:
        raise Http404 from None


def plan_list(request: HttpRequest) -> HttpResponse:
    """List the plans in force."""
    return render(request, "plans/list.html", {"versions": queries.plans_in_force(request.viewer)})


def plan_page(request: HttpRequest, plan: str) -> HttpResponse:
    """Show one plan: its head, its actions with their measures, targets and duties."""
    version = _version(request, plan)
    context = {
        "version": version,
        "issuers": queries.issuers_of(request.viewer, version),
        "actions": queries.actions_of(request.viewer, version),
        "headline": queries.targets_in_force(request.viewer, version).filter(measure=None),
        "commitments": queries.headline_commitments(request.viewer, version),
        "history": history(kind="plan", key=plan)[:10],
    }
    return render(request, "plans/plan.html", context)


def text_page(request: HttpRequest, plan: str) -> HttpResponse:
    """Show the published text with each piece leading to the item read from it."""
    version = _version(request, plan)
    lines = marked_lines(version.source_text, marks_of(request.viewer, version))
    return render(request, "plans/text.html", {"version": version, "lines": lines})


def action_page(request: HttpRequest, plan: str, key: str) -> HttpResponse:
    """Show one action with its measures."""
    version = _version(request, plan)
    actions = list(queries.actions_of(request.viewer, version))
    place = next((n for n, action in enumerate(actions) if action.key == key), None)
    if place is None:
        raise Http404
    return render(
        request, "plans/action.html", {"version": version, "action": actions[place]} | _around(actions, place)
    )


def _around(rows: list[Any], place: int) -> dict[str, Any]:
    """Return the neighbours of a row, for the links back and forth."""
    return {
        "previous": rows[place - 1] if place else None,
        "next": rows[place + 1] if place + 1 < len(rows) else None,
    }


def measure_page(request: HttpRequest, plan: str, key: str) -> HttpResponse:
    """Show one measure: its words, who is responsible, what it promises, which city bodies carry it out."""
    version = _version(request, plan)
    try:
        measure = queries.measure_by_key(request.viewer, version, key)
    except Measure.DoesNotExist:
        raise Http404 from None
    keys = queries.measures_beside(request.viewer, version)
    place = next(n for n, row in enumerate(keys) if row.key == key)
    duties = list(measure.duties.all())
    context = {
        "version": version,
        "measure": measure,
        "leads": [d for d in duties if d.role == DutyRole.LEAD],
        "helping": [d for d in duties if d.role == DutyRole.WITH],
        "cities": queries.cities_of_measure(measure) if measure.cities else [],
        "countings": figures.countings(measure.targets.all()),
        "panels": panels_of("measure", request.viewer, version=version, measure=measure),
    }
    return render(request, "plans/measure.html", context | _around(keys, place))


def target_page(request: HttpRequest, plan: str, key: str) -> HttpResponse:
    """Show one target: what was promised in which words, what is counted, which other targets it serves."""
    version = _version(request, plan)
    try:
        target = queries.target_by_key(request.viewer, version, key)
    except Target.DoesNotExist:
        raise Http404 from None
    context = {
        "version": version,
        "target": target,
        "promised": figures.promised(target),
        "counting": figures.countings([target])[target.pk],
        "shared": queries.shared_with(request.viewer, target),
        "panels": panels_of("target", request.viewer, version=version, target=target),
    }
    return render(request, "plans/target.html", context)


class TargetList(ListPage):
    """All targets in force."""

    title = _("目标")
    lead = _("方案中的每个数字，谁牵头、到何时、认定了多少。没有统计的不写作零。")
    empty = _("没有符合条件的目标。")
    table_class = TargetTable
    filterset_class = TargetFilter

    def get_queryset(self) -> Any:
        return queries.targets_in_force(self.request.viewer)


class MeasureList(ListPage):
    """All measures in force."""

    title = _("任务")
    lead = _("方案部署的每项任务，谁牵头、谁配合、承诺了什么。")
    empty = _("没有符合条件的任务。")
    table_class = MeasureTable
    filterset_class = MeasureFilter

    def get_queryset(self) -> Any:
        return queries.measures_of(self.request.viewer)


def breakdown(request: HttpRequest, plan: str, form: str) -> HttpResponse:
    """Send the task breakdown of a plan as Word or Excel."""
    return download(request.viewer, _version(request, plan), form)
