"""Rounds: the list, opening one with a preview, how far one is, closing and opening again."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from xiandao.domains.audit.queries import history
from xiandao.domains.orgs.access import CONFLICT, REFUSED, Request, needs
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.plans.models import Plan
from xiandao.domains.progress.actions import rounds as act
from xiandao.domains.progress.clocks import last_day
from xiandao.domains.progress.faults import BadFields
from xiandao.domains.progress.kinds.reports import ROUND
from xiandao.domains.progress.models import Round, RoundScope, RoundState
from xiandao.domains.progress.models.reports import period_name
from xiandao.domains.progress.queries import reports as report_queries
from xiandao.domains.progress.queries import rounds as queries
from xiandao.domains.progress.views.report_columns import READERS
from xiandao.kernel import Period, PeriodKind

_OFFERED = 6


@needs(*READERS)
def round_list(request: Request) -> HttpResponse:
    """List the rounds and how far each is."""
    rows = list(queries.rounds(request.viewer))
    tallies = queries.in_all(request.viewer, rows, today=timezone.localdate())
    context = {
        "rounds": [(row, tallies.get(row.pk)) for row in rows],
        "may_steer": request.viewer.can(Can.STEER),
        "reports_here": request.viewer.can(Can.REPORT),
    }
    return render(request, "progress/rounds/list.html", context)


class OpenForm(forms.Form):
    """What is asked of who opens a round."""

    plan = forms.ModelChoiceField(label=gettext_lazy("方案"), queryset=Plan.objects.none(), empty_label=None)
    period = forms.ChoiceField(label=gettext_lazy("期间"))
    scope = forms.ChoiceField(label=gettext_lazy("填报范围"), choices=RoundScope.choices)
    due_on = forms.DateField(
        label=gettext_lazy("填报截止"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("按政策包规定的时限建议，可以改。"),
    )
    note = forms.CharField(
        label=gettext_lazy("填报说明"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("会显示在每个单位的填报页上方。"),
    )

    def __init__(self, *args: Any, request: Request, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plan"].queryset = (
            Plan.objects.visible_to(request.viewer).filter(assignments__isnull=False).distinct()
        )
        self.fields["plan"].label_from_instance = lambda row: row.label
        last = Period.covering(today, PeriodKind.QUARTER)
        periods = [last - step for step in range(_OFFERED)]
        self.fields["period"].choices = [(str(period), period_name(str(period))) for period in periods]


def _initial(today: dt.date) -> dict[str, Any]:
    """Propose the quarter that has ended last, and the deadline the pack's rule gives from today."""
    period = Period.covering(today, PeriodKind.QUARTER) - 1
    return {"period": str(period), "scope": RoundScope.LEADS, "due_on": last_day("report.submit", today)}


@needs(Can.STEER)
def new(request: Request) -> HttpResponse:
    """Open a round: first the form, then what it would make, then the opening itself."""
    today = timezone.localdate()
    form = OpenForm(request.POST or None, initial=_initial(today), request=request, today=today)
    preview, status = None, 200
    if request.method == "POST":
        status = REFUSED
        if form.is_valid():
            given = form.cleaned_data
            if request.POST.get("step") == "open":
                opened = _open(request, form)
                if opened is not None:
                    return redirect("progress:round", pk=opened.pk)
            else:
                preview, status = queries.preview(given["plan"], given["scope"]), 200
    return render(request, "progress/rounds/new.html", {"form": form, "preview": preview}, status=status)


def _open(request: Request, form: OpenForm) -> Round | None:
    """Open the round and return it; a refusal goes to the fields it names."""
    try:
        opened = act.open_round(request.viewer, **form.cleaned_data)
    except Refused as refusal:
        faults = refusal.faults if isinstance(refusal, BadFields) else [("", str(refusal.reason))]
        for field, sentence in faults:
            form.add_error(field or None, sentence)
        return None
    messages.success(request, _("已开启%(period)s填报，任务已进入各单位的待办。") % {"period": opened.label})
    return opened


def _round(request: Request, pk: int) -> Round:
    try:
        return queries.round_by_pk(request.viewer, pk)
    except Round.DoesNotExist:
        raise Http404 from None


@needs(*READERS)
def page(request: Request, pk: int) -> HttpResponse:
    """Show one round: how far it is in all, by department and by city, and what may be done with it."""
    return _page(request, _round(request, pk))


def _page(request: Request, found: Round, *, alert: str = "", status: int = 200) -> HttpResponse:
    viewer, today = request.viewer, timezone.localdate()
    steers = viewer.can(Can.STEER)
    context = {
        "round": found,
        "all": queries.in_all(viewer, [found], today=today).get(found.pk),
        "departments": queries.by_department(viewer, found, today=today),
        "cities": queries.by_city(viewer, found, today=today),
        "states": queries.STATES,
        "late": found.state == RoundState.OPEN and found.due_on < today,
        "is_open": found.state == RoundState.OPEN,
        "may_steer": steers,
        "waiting": act.waiting_in(found) if steers else None,
        "missing": act.missing_duties(found).count() if steers and found.state == RoundState.OPEN else 0,
        "own": viewer.can(Can.REPORT) and report_queries.own_reports(viewer, found).exists(),
        "proposed": last_day("report.submit", today),
        "history": history(kind=ROUND, key=str(found.pk)),
        "alert": alert,
        "kept": request.POST,
    }
    return render(request, "progress/rounds/round.html", context, status=status)


@needs(Can.REPORT)
def mine(request: Request, pk: int) -> HttpResponse:
    """Lead to the first report of one's own organisation that has still to be written."""
    found = _round(request, pk)
    first = report_queries.first_unfinished(request.viewer, found)
    if first is None:
        messages.info(request, _("本单位在这一期没有需要填报的责任项。"))
        return redirect("progress:round", pk=found.pk)
    return redirect("progress:report", pk=first.pk)


def _day(request: Request) -> dt.date:
    try:
        day = parse_date(request.POST.get("due_on", ""))
    except ValueError:
        day = None
    if day is None:
        raise BadFields([("due_on", _("请选择截止日，如 2026-04-20。"))])
    return day


STEPS: dict[str, tuple[Callable[[Request, int], Any], Any]] = {
    "complete": (lambda request, pk: act.complete_round(request.viewer, pk=pk), gettext_lazy("已补开填报。")),
    "deadline": (
        lambda request, pk: act.move_deadline(
            request.viewer, pk=pk, due_on=_day(request), reason=request.POST.get("reason", "")
        ),
        gettext_lazy("已调整截止日。"),
    ),
    "close": (
        lambda request, pk: act.close_round(
            request.viewer, pk=pk, force="force" in request.POST, reason=request.POST.get("reason", "")
        ),
        gettext_lazy("已关闭填报期。"),
    ),
    "reopen": (
        lambda request, pk: act.reopen_round(
            request.viewer, pk=pk, due_on=_day(request), reason=request.POST.get("reason", "")
        ),
        gettext_lazy("已重新开启填报期。"),
    ),
}


@require_POST
@needs(Can.STEER)
def step(request: Request, pk: int, step: str) -> HttpResponse:
    """Take one step with a round; a refusal shows the page with the reason and what was typed."""
    if step not in STEPS:
        raise Http404
    found = _round(request, pk)
    action, message = STEPS[step]
    try:
        action(request, found.pk)
    except Refused as refusal:
        status = CONFLICT if isinstance(refusal, Conflict) else REFUSED
        return _page(request, _round(request, pk), alert=str(refusal.reason), status=status)
    messages.success(request, str(message))
    return redirect(reverse("progress:round", args=[found.pk]))
