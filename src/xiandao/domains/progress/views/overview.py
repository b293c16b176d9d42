"""The working overview, and the roll-up by action, department, city and industry."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from xiandao.domains.orgs.access import Request, needs
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Region
from xiandao.domains.plans.models import PlanVersion, VersionState
from xiandao.domains.progress.models import ReportState, Standing
from xiandao.domains.progress.queries.overview import Overview
from xiandao.domains.progress.queries.overview import overview as overview_of
from xiandao.domains.progress.queries.rollup import roll_up_plan
from xiandao.domains.progress.views.planning_access import READERS
from xiandao.domains.progress.views.planning_parse import day_in
from xiandao.domains.shared.remember import remembered


def _version(request: Request, code: str) -> PlanVersion:
    """Return the version in force of a plan, of the first plan unless a code is given, without counting its items."""
    rows = PlanVersion.objects.visible_to(request.viewer).filter(state=VersionState.PUBLISHED)
    rows = rows.filter(plan__code=code) if code else rows
    found = rows.select_related("plan").order_by("plan__order", "plan__code").first()
    if found is None:
        raise Http404
    return found


@needs(*READERS)
def overview(request: Request) -> HttpResponse:
    """Show what is late and where, how duties stand, who waits, which targets are behind, what is due next."""
    version = _version(request, request.GET.get("plan", ""))
    viewer, chosen = request.viewer, request.GET.get("round", "")
    found = remembered(
        "progress.overview",
        viewer.scope,
        version.pk,
        chosen,
        make=lambda: overview_of(viewer, version, now=timezone.now(), today=timezone.localdate(), chosen=chosen),
    )
    base = f"{reverse('progress:standing')}?plan={version.plan_id}"
    if found.round is not None:
        base += f"&round={found.round.period}"
    context = {
        "version": version,
        "overview": found,
        # Where the very reports behind a number are listed; what they are narrowed by is added to it.
        "base": base,
        "heat": _heat(base, found),
        "may_steer": request.viewer.can(Can.STEER),
        "sees_all": request.viewer.can(Can.READ_PROGRESS),
        "states": [(code, label, found.states.get(code, 0)) for code, label in ReportState.choices],
    }
    return render(request, "progress/overview/overview.html", context)


LETTERS = {
    Standing.DONE: pgettext_lazy("letter", "完"),
    Standing.ON_TRACK: pgettext_lazy("letter", "按"),
    Standing.AT_RISK: pgettext_lazy("letter", "险"),
    Standing.BLOCKED: pgettext_lazy("letter", "阻"),
}
_NO_DUTY = '<td><span class="is-none" aria-hidden="true">·</span></td>'


def _heat(base: str, found: Overview) -> list[tuple[Region, SafeString]]:
    """Return the rows of the heat table with their cells written out: a template would take most of the page's time.

    Whatever comes from data is escaped once, by `escape`; everything else is written here.
    """
    measures = {measure.key: escape(f"{measure.no} {measure.label}") for measure in found.measures}
    words = {code.value: (escape(code.label), escape(letter)) for code, letter in LETTERS.items()}
    silent = (escape(_("未报")), "○")
    colon, left, right = escape(_("：")), escape(_("（")), escape(_("）"))
    start = escape(base)
    rows = []
    for city, cells in found.heat:
        name = escape(city.label)
        made = []
        for measure, cell in cells:
            if cell is None:
                made.append(_NO_DUTY)
                continue
            label, letter = words.get(cell.code, silent)
            look = f"standing is-{cell.code}" if cell.code in words else "is-silent"
            title = f"{name} {measures[measure.key]}{colon}{label}{left}{cell.spoken}/{cell.reports}{right}"
            url = f"{start}&amp;city={escape(city.code)}&amp;measure={escape(measure.key)}"
            made.append(f'<td><a class="{look}" href="{url}" title="{title}">{letter}</a></td>')
        rows.append((city, SafeString("".join(made))))
    return rows


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
        "table": remembered(
            "progress.rollup",
            request.viewer.scope,
            version.pk,
            day,
            make=lambda: roll_up_plan(request.viewer, version, as_of=as_of),
        ),
        "on": day,
        "typed": request.GET.get("on", ""),
        "fault": fault,
        "as_of": timezone.localtime(as_of),
    }
    return render(request, "progress/overview/rollup.html", context)
