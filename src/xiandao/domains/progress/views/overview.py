"""The working overview, and the roll-up by action, department, city and industry."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from xiandao.domains.orgs.capability import Can
from xiandao.domains.plans.models import PlanVersion
from xiandao.domains.plans.queries import plan_in_force, plans_in_force
from xiandao.domains.progress.models import ReportState
from xiandao.domains.progress.queries.overview import overview as overview_of
from xiandao.domains.progress.queries.rollup import roll_up_plan
from xiandao.domains.progress.views.access import Request, needs
from xiandao.domains.progress.views.planning_access import READERS
from xiandao.domains.progress.views.planning_parse import day_in


def _version(request: Request, code: str) -> PlanVersion:
    try:
        return plan_in_force(request.viewer, code or None)
    except PlanVersion.DoesNotExist:
        raise Http404 from None


@needs(*READERS)
def overview(request: Request) -> HttpResponse:
    """Show what is late and where, how duties stand, who waits, which targets are behind, what is due next."""
    version = _version(request, request.GET.get("plan", ""))
    found = overview_of(
        request.viewer,
        version,
        now=timezone.now(),
        today=timezone.localdate(),
        chosen=request.GET.get("round", ""),
    )
    context = {
        "version": version,
        "overview": found,
        "may_steer": request.viewer.can(Can.STEER),
        "sees_all": request.viewer.can(Can.READ_PROGRESS),
        "states": [(code, label, found.states.get(code, 0)) for code, label in ReportState.choices],
    }
    return render(request, "progress/overview/overview.html", context)


@needs(*READERS)
def rollup(request: Request, plan: str) -> HttpResponse:
    """Show how far the plan has come by action, department, city and industry, now or at the end of a past day."""
    version = _version(request, plan)
    now = timezone.now()
    as_of, fault = now, ""
    try:
        day = day_in(request.GET.get("on", ""))
    except ValueError as error:
        day, fault = None, str(error)
    if day is not None and day < timezone.localdate(now):
        as_of = timezone.make_aware(dt.datetime.combine(day, dt.time.max))
    context: dict[str, Any] = {
        "version": version,
        "versions": [row for row in plans_in_force(request.viewer) if row.n_measures],
        "table": roll_up_plan(request.viewer, version, as_of=as_of),
        "on": day,
        "typed": request.GET.get("on", ""),
        "fault": fault,
        "as_of": timezone.localtime(as_of),
    }
    return render(request, "progress/overview/rollup.html", context)
