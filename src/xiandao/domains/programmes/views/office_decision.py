"""The decision in the browser: prepared row by row, noticed, taken down, announced."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from xiandao.domains.audit.queries import history
from xiandao.domains.orgs.access import CONFLICT, REFUSED, Request, needs
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.programmes import office
from xiandao.domains.programmes.actions import announcing, deciding, noticing
from xiandao.domains.programmes.actions.common import BadFields
from xiandao.domains.programmes.forms import meaning
from xiandao.domains.programmes.models import Application, DecisionList, DecisionState, Outcome
from xiandao.domains.programmes.queries import decisions as queries
from xiandao.domains.programmes.views.office import OFFICE, found_call
from xiandao.domains.shared import excel

_PAGE = 50


class HeadForm(forms.Form):
    """Which meeting decides, and by which minute."""

    title = forms.CharField(label=gettext_lazy("名称"), max_length=300)
    body = forms.CharField(label=gettext_lazy("决策机构"), max_length=200)
    met_on = forms.DateField(
        label=gettext_lazy("会议日期"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("公示以前须填写"),
    )
    minute = forms.CharField(
        label=gettext_lazy("会议纪要号"), max_length=100, required=False, help_text=gettext_lazy("公示以前须填写")
    )


@needs(Can.RUN_CALLS)
def new(request: Request, code: str) -> HttpResponse:
    """Begin the decision of a call."""
    call = found_call(request, code)
    office_body = call.version.definition.get("decision", {}).get("body", "")
    form = HeadForm(
        request.POST or None, initial={"title": _("%(call)s：拟定名单") % {"call": call.title}, "body": office_body}
    )
    status = 200
    if request.method == "POST":
        status = REFUSED
        if form.is_valid():
            try:
                decision = deciding.prepare(request.viewer, call=call, **form.cleaned_data)
            except Refused as refusal:
                form.add_error(None, str(refusal.reason))
                status = CONFLICT if isinstance(refusal, Conflict) else REFUSED
            else:
                return redirect("programmes:decision", pk=decision.pk)
    return render(request, "programmes/deciding/decision_new.html", {"call": call, "form": form}, status=status)


def _found(request: Request, pk: int) -> DecisionList:
    try:
        return queries.decision_for(request.viewer, pk)
    except DecisionList.DoesNotExist:
        raise Http404 from None


@needs(*OFFICE)
def page(request: Request, pk: int) -> HttpResponse:
    """Show a decision with its rows, its sums, and what is next."""
    decision = _found(request, pk)
    if request.GET.get("export") == "xlsx":
        return excel.response(decision.title, queries.HEADER, queries.lines(decision))
    return _page(request, decision)


def _page(
    request: Request, decision: DecisionList, *, alert: list[str] | None = None, status: int = 200
) -> HttpResponse:
    viewer = request.viewer
    rows = queries.rows(decision)
    number = request.GET.get("page", "1")
    pages = Paginator(rows, _PAGE)
    may = bool(office.may_run(viewer, decision.call))
    context = {
        "decision": decision,
        "call": decision.call,
        "standing": deciding.standing(decision),
        "groups": queries.groups(decision),
        "page": pages.get_page(number),
        "may_change": may and decision.state == DecisionState.PREPARED,
        "may_notice": may and decision.state == DecisionState.PREPARED and deciding.has_stage(decision.call, "notice"),
        "may_take_down": may and decision.state in (DecisionState.NOTICED, DecisionState.READY),
        "may_announce": may
        and (
            decision.state == DecisionState.READY
            or (decision.state == DecisionState.PREPARED and not deciding.has_stage(decision.call, "notice"))
        ),
        "notices": decision.notices.all(),
        "unanswered": noticing.unanswered(decision),
        "levels": decision.call.version.definition.get("levels", []),
        "asks_money": decision.call.version.definition.get("asks_money"),
        "outcomes": Outcome.choices,
        "head": HeadForm(
            initial={name: getattr(decision, name) for name in ("title", "body", "met_on", "minute")}, prefix="head"
        ),
        "history": history(kind=office.DECISION, key=str(decision.pk))[:20],
        "alert": alert or [],
        "kept": request.POST,
    }
    return render(request, "programmes/deciding/decision.html", context, status=status)


def _row(request: Request, pk: int) -> str:
    post = request.POST
    verdict = deciding.Verdict(
        post.get("outcome", ""),
        level=post.get("level", ""),
        amount=_money(post.get("amount", "")),
        reason=post.get("reason", ""),
        deviation=post.get("deviation", ""),
    )
    deciding.set_row(request.viewer, pk=pk, code=post.get("code", ""), verdict=verdict)
    return _("%(code)s 已拟定。") % {"code": post.get("code", "")}


def _money(text: str) -> Decimal | None:
    if not text.strip():
        return None
    try:
        return meaning.money(text)
    except meaning.Unclear as unclear:
        raise BadFields([("amount", _("支持金额：%(why)s") % {"why": unclear})]) from unclear


def _back(request: Request, pk: int) -> str:
    deciding.take_back(request.viewer, pk=pk, code=request.POST.get("code", ""))
    return _("已撤回拟定。")


def _follow(request: Request, pk: int) -> str:
    done, out = deciding.follow_advice(request.viewer, pk=pk)
    for code, why in out:
        messages.warning(request, f"{code}：{why}")
    return _("已按专家意见拟定 %(n)s 项。") % {"n": done}


def _amend(request: Request, pk: int) -> str:
    form = HeadForm(request.POST, prefix="head")
    if not form.is_valid():
        raise BadFields([(name, f"{form.fields[name].label}：{errors[0]}") for name, errors in form.errors.items()])
    deciding.amend(request.viewer, pk=pk, **form.cleaned_data)
    return _("已保存。")


def _notice(request: Request, pk: int) -> str:
    post = request.POST
    notice = noticing.publish(
        request.viewer,
        pk=pk,
        title=post.get("notice_title", ""),
        contact=post.get("contact", ""),
        text=post.get("notice_text", ""),
    )
    return _("已公示，%(day)s 结束。") % {"day": notice.ends_on}


def _down(request: Request, pk: int) -> str:
    noticing.take_down(request.viewer, pk=pk, reason=request.POST.get("down_reason", ""))
    return _("公示已撤下，可以修改决定；再次公示时重新计时。")


def _announce(request: Request, pk: int) -> str:
    post = request.POST
    done = announcing.announce(
        request.viewer, pk=pk, document=post.get("document", ""), document_number=post.get("document_number", "")
    )
    return _("已公布：入选 %(a)s 项，其他 %(b)s 项。") % {"a": done.approved, "b": done.others}


_STEPS: dict[str, Callable[[Request, int], str]] = {
    "row": _row,
    "back": _back,
    "follow": _follow,
    "amend": _amend,
    "notice": _notice,
    "down": _down,
    "announce": _announce,
}


@require_POST
@needs(Can.RUN_CALLS)
def step(request: Request, pk: int, step: str) -> HttpResponse:
    """Take a step with a decision; a refusal keeps what was typed."""
    decision = _found(request, pk)
    if step not in _STEPS:
        raise Http404
    try:
        said: Any = _STEPS[step](request, pk)
    except Application.DoesNotExist:
        alert, status = [_("没有这项申报。")], REFUSED
    except Refused as refusal:
        status = CONFLICT if isinstance(refusal, Conflict) else REFUSED
        alert = [sentence for _name, sentence in getattr(refusal, "faults", [("", str(refusal.reason))])]
    else:
        messages.success(request, said)
        return redirect("programmes:decision", pk=pk)
    return _page(request, _found(request, decision.pk), alert=alert, status=status)
