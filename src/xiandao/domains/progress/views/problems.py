"""The page of one problem and its steps."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from xiandao.domains.audit.queries import history
from xiandao.domains.orgs.access import CONFLICT, REFUSED, Request, needs
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Organisation
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.progress.actions import problems as act
from xiandao.domains.progress.actions.problem_steps import OPEN
from xiandao.domains.progress.kinds.problems import PROBLEM
from xiandao.domains.progress.measure_names import measure_names
from xiandao.domains.progress.models import Assignment, Problem, ProblemState, Report
from xiandao.domains.progress.queries import problems as queries
from xiandao.domains.progress.views.problem_lists import READERS
from xiandao.domains.progress.views.report_form import as_number


def bodies() -> Any:
    """Return the organisations a problem can be given to: those with a duty in a plan, and the coordinator."""
    return (
        Organisation.objects.filter(assignments__ended_at=None, assignments__isnull=False).distinct().order_by("order")
    )


class RaiseForm(forms.Form):
    """What is asked of whoever raises a problem."""

    assignment = forms.ModelChoiceField(
        label=gettext_lazy("责任项"), queryset=Assignment.objects.none(), empty_label=None
    )
    title = forms.CharField(
        label=gettext_lazy("难点堵点"), max_length=200, help_text=gettext_lazy("一句话说清卡在哪里")
    )
    text = forms.CharField(label=gettext_lazy("具体情况"), max_length=5000, widget=forms.Textarea(attrs={"rows": 5}))
    request = forms.CharField(
        label=gettext_lazy("请求事项"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("请谁、做什么、到何时"),
    )
    asked_of = forms.ModelChoiceField(
        label=gettext_lazy("请求协调单位"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=gettext_lazy("由统筹协调单位确定"),
    )

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = measure_names()
        field = self.fields["assignment"]
        field.queryset = queries.own_assignments(viewer)
        field.label_from_instance = lambda row: names.get((row.plan_id, row.measure_key), row.measure_key)
        self.fields["asked_of"].queryset = bodies().exclude(pk=viewer.organisation_id)
        self.fields["asked_of"].label_from_instance = lambda row: row.label


@needs(Can.RAISE_PROBLEMS)
def new(request: Request) -> HttpResponse:
    """Raise a problem, from a duty or a report."""
    initial = {"assignment": request.GET.get("assignment")}
    report = _report(request)
    if report is not None:
        initial["assignment"] = report.assignment_id
    form = RaiseForm(request.POST or None, viewer=request.viewer, initial=initial)
    status = 200
    if request.method == "POST":
        status = REFUSED
        if form.is_valid():
            given = form.cleaned_data
            asked = given["asked_of"]
            content = act.NewProblem(given["title"], given["text"], given["request"], asked.pk if asked else None)
            # Who chose another duty in the form asks about that one, not about the report it was opened from.
            about = report if report is not None and report.assignment_id == given["assignment"].pk else None
            try:
                problem = act.raise_problem(request.viewer, assignment=given["assignment"], new=content, report=about)
            except Refused as refusal:
                form.add_error(None, str(refusal.reason))
            else:
                messages.success(request, _("已提出，编号 %(code)s。") % {"code": problem.code})
                return redirect("progress:problem", code=problem.code)
    return render(request, "progress/problems/new.html", {"form": form, "report": report}, status=status)


def _report(request: Request) -> Report | None:
    """Return the report the problem comes from, if the viewer sees it."""
    wanted = request.POST.get("report") or request.GET.get("report") or ""
    if as_number(wanted) < 0:
        return None
    return Report.objects.visible_to(request.viewer).filter(pk=int(wanted)).first()


@needs(*READERS)
def page(request: Request, code: str) -> HttpResponse:
    """Show one problem: where it stands, who acts next and by when, what was asked and answered."""
    return _page(request, _problem(request, code))


def _problem(request: Request, code: str) -> Problem:
    try:
        return queries.problem_by_code(request.viewer, code)
    except Problem.DoesNotExist:
        raise Http404 from None


def _page(request: Request, problem: Problem, *, alert: str = "", kept: str = "", status: int = 200) -> HttpResponse:
    viewer = request.viewer
    own = viewer.organisation_id
    coordinates = viewer.can(Can.ASSIGN_PROBLEMS)
    judges = coordinates or (problem.raised_by_id == own and viewer.can(Can.RAISE_PROBLEMS))
    names = measure_names()
    holder = Organisation.objects.filter(pk=problem.holder_id).first() if problem.holder_id else None
    context = {
        "problem": problem,
        "measure": names.get((problem.assignment.plan_id, problem.assignment.measure_key), ""),
        "holder": holder,
        "late": problem.due_on is not None and problem.due_on < timezone.localdate(),
        "history": history(kind=PROBLEM, key=problem.code)[:20],
        "alert": alert,
        "kept": kept,
        "is_open": problem.state in OPEN,
        "may_assign": coordinates and problem.state in {ProblemState.RAISED, ProblemState.ASSIGNED},
        "may_answer": problem.state == ProblemState.ASSIGNED
        and problem.assigned_to_id == own
        and viewer.can(Can.ANSWER_PROBLEMS),
        "may_judge": problem.state == ProblemState.ANSWERED and judges,
        "may_withdraw": problem.state in OPEN and problem.raised_by_id == own and viewer.can(Can.RAISE_PROBLEMS),
        "may_remark": problem.state in OPEN
        and (coordinates or own in {problem.raised_by_id, problem.asked_of_id, problem.assigned_to_id}),
        "bodies": bodies().exclude(pk=problem.raised_by_id) if coordinates else (),
    }
    return render(request, "progress/problems/problem.html", context, status=status)


def _assign(request: Request, code: str, text: str) -> None:
    to = bodies().filter(code=request.POST.get("to", "")).first()
    if to is None:
        raise Refused(_("请选择承办单位。"))
    act.assign_problem(request.viewer, code=code, to=to, text=text)


STEPS: dict[str, Callable[[Request, str, str], Any]] = {
    "assign": _assign,
    "answer": lambda request, code, text: act.answer_problem(request.viewer, code=code, text=text),
    "accept": lambda request, code, text: act.accept_answer(request.viewer, code=code, text=text),
    "reject": lambda request, code, text: act.reject_answer(request.viewer, code=code, text=text),
    "withdraw": lambda request, code, text: act.withdraw_problem(request.viewer, code=code, text=text),
    "remark": lambda request, code, text: act.remark(request.viewer, code=code, text=text),
}


@require_POST
@needs(*READERS)
def step(request: Request, code: str, step: str) -> HttpResponse:
    """Take one step; a refusal shows the page with the reason and what was typed."""
    if step not in STEPS:
        raise Http404
    problem = _problem(request, code)
    text = request.POST.get("text", "")
    try:
        STEPS[step](request, problem.code, text)
    except Refused as refusal:
        status = CONFLICT if isinstance(refusal, Conflict) else REFUSED
        return _page(request, _problem(request, code), alert=str(refusal.reason), kept=text, status=status)
    messages.success(request, _("已办理。"))
    return redirect(reverse("progress:problem", args=[code]))
