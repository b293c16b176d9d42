"""Objections before the office, and what an applicant reads of the outcome: letter and certificate."""

from collections.abc import Callable
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from xiandao.domains.audit.queries import history
from xiandao.domains.inbox.actions import clear_tasks
from xiandao.domains.orgs.access import CONFLICT, REFUSED, NeedsMixin, Request, needs
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.plans.filters import ALL, TextFilter
from xiandao.domains.programmes import office, papers
from xiandao.domains.programmes.actions import objections
from xiandao.domains.programmes.kinds.applying import READ
from xiandao.domains.programmes.life import told_state
from xiandao.domains.programmes.models import (
    Application,
    ApplicationState,
    NoticeObjection,
    NoticeObjectionState,
)
from xiandao.domains.programmes.office_evidence import OBJECTION
from xiandao.domains.programmes.views.printing import printed
from xiandao.domains.shared.columns import DayColumn, MomentColumn
from xiandao.domains.shared.lists import ListPage

S = NoticeObjectionState
FINAL = (ApplicationState.APPROVED, ApplicationState.REFUSED)


class ObjectionTable(tables.Table):
    """Objections: to which notice and row, in which state, until when."""

    code = tables.Column(gettext_lazy("编号"))
    notice = tables.Column(gettext_lazy("公示"), accessor="notice__title")
    application = tables.Column(gettext_lazy("对象"), accessor="application__title", default=gettext_lazy("整个公示"))
    named = tables.BooleanColumn(verbose_name=gettext_lazy("实名"), yesno="是,否")
    state = tables.Column(gettext_lazy("状态"))
    received_at = MomentColumn(verbose_name=gettext_lazy("收到时间"))
    due_on = DayColumn(verbose_name=gettext_lazy("本环节截止"), default="—")

    class Meta:
        model = NoticeObjection
        fields = ()

    def render_code(self, record: NoticeObjection) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("programmes:objection", args=[record.code]), record.code)

    def value_code(self, record: NoticeObjection) -> str:
        return record.code


class ObjectionFilter(django_filters.FilterSet):
    """Objections by words and state."""

    q = TextFilter(label=gettext_lazy("关键词"), over=("code", "text", "notice__title"))
    state = django_filters.ChoiceFilter(label=gettext_lazy("状态"), empty_label=ALL, choices=S.choices)

    class Meta:
        model = NoticeObjection
        fields: tuple[str, ...] = ()


class ObjectionList(NeedsMixin, ListPage):
    """The objections to notices of the viewer's calls."""

    needs = (Can.RUN_CALLS,)
    title = gettext_lazy("公示异议")
    lead = gettext_lazy("收到后限期决定是否受理，受理后限期答复；答复以前，该名单不能公布。")
    empty = gettext_lazy("没有异议。")
    table_class = ObjectionTable
    filterset_class = ObjectionFilter

    def get_queryset(self) -> Any:
        viewer = self.request.viewer
        rows = NoticeObjection.objects.visible_to(viewer).select_related("notice", "application")
        return rows.filter(notice__decision__call__organiser=viewer.organisation_id)


def _found(request: Request, code: str) -> NoticeObjection:
    rows = NoticeObjection.objects.visible_to(request.viewer).select_related(
        "notice__decision__call__organiser", "application__applicant"
    )
    found: NoticeObjection | None = rows.filter(code=code).first()
    if found is None or not office.may_run(request.viewer, found.notice.decision.call):
        raise Http404
    return found


@needs(Can.RUN_CALLS)
def page(request: Request, code: str) -> HttpResponse:
    """Show an objection to its office."""
    return _page(request, _found(request, code))


def _page(request: Request, objection: NoticeObjection, *, alert: str = "", status: int = 200) -> HttpResponse:
    context = {
        "objection": objection,
        "holder": OBJECTION,
        "received": objection.state == S.RECEIVED,
        "accepted": objection.state == S.ACCEPTED,
        "may_extend": objection.state == S.ACCEPTED and not objection.extended,
        "answered": objection.answered_at is not None,
        "events": objection.events.all(),
        "history": history(kind=office.OBJECTION, key=objection.code)[:20],
        "alert": alert,
        "kept": request.POST,
    }
    return render(request, "programmes/deciding/objection.html", context, status=status)


def _answer(request: Request, code: str) -> None:
    post = request.POST
    if post.get("upheld") not in ("yes", "no"):
        raise Refused(_("请选择成立或不成立。"))
    objections.answer(
        request.viewer,
        code=code,
        upheld=post["upheld"] == "yes",
        text=post.get("text", ""),
        drop=bool(post.get("drop")),
    )


_STEPS: dict[str, Callable[[Request, str], Any]] = {
    "accept": lambda request, code: objections.accept(request.viewer, code=code),
    "refuse": lambda request, code: objections.refuse(request.viewer, code=code, reason=request.POST.get("reason", "")),
    "extend": lambda request, code: objections.extend(
        request.viewer, code=code, reason=request.POST.get("extend_reason", "")
    ),
    "answer": _answer,
}


@require_POST
@needs(Can.RUN_CALLS)
def step(request: Request, code: str, step: str) -> HttpResponse:
    """Take a step with an objection; a refusal keeps what was typed."""
    _found(request, code)
    if step not in _STEPS:
        raise Http404
    try:
        _STEPS[step](request, code)
    except Refused as refusal:
        status = CONFLICT if isinstance(refusal, Conflict) else REFUSED
        return _page(request, _found(request, code), alert=str(refusal.reason), status=status)
    messages.success(request, _("已办理。"))
    return redirect("programmes:objection", code=code)


@needs(Can.RUN_CALLS)
def answer(request: Request, code: str, form: str) -> HttpResponse:
    """Send the answer as Word or PDF."""
    objection = _found(request, code)
    if objection.answered_at is None:
        raise Http404
    sent = printed(form, lambda: papers.objection_answer(objection), _("异议答复 %(code)s") % {"code": code})
    if sent is None:
        raise Http404
    return sent


def _own(request: Request, code: str) -> Application:
    """Return an application for its applicant or its office, or not found."""
    viewer = request.viewer
    rows = Application.objects.visible_to(viewer).exclude(state=ApplicationState.DRAFT)
    rows = rows.select_related("call__version__programme", "call__organiser", "applicant", "decision__decision")
    found: Application | None = rows.filter(code=code).first()
    if found is None:
        raise Http404
    theirs = viewer.can(Can.APPLY) and found.applicant_id == viewer.organisation_id
    if not theirs and not office.may_run(viewer, found.call):
        raise Http404
    return found


@needs(Can.APPLY, Can.RUN_CALLS)
def outcome(request: Request, code: str) -> HttpResponse:
    """Show an applicant how its application went; nothing of the outcome before the announcement."""
    application = _own(request, code)
    if application.applicant_id == request.viewer.organisation_id:
        clear_read(request, code)
    final = application.state in FINAL
    told = told_state(application.state)
    context = {
        "application": application,
        "told": told.label,
        "events": application.events.filter(told=True),
        "row": application.decision if final else None,
        "papers": application.certificates.all() if final else [],
    }
    return render(request, "programmes/deciding/outcome.html", context)


def clear_read(request: Request, code: str) -> None:
    """Note that the applicant has read what it was told."""
    clear_tasks(request.viewer, kind=READ, object_keys=[code])


@needs(Can.APPLY, Can.RUN_CALLS)
def paper(request: Request, code: str, what: str, form: str) -> HttpResponse:
    """Send the decision letter or the certificate as Word or PDF, once it was announced."""
    application = _own(request, code)
    if application.state not in FINAL:
        raise Http404
    sent = None
    if what == "letter":
        sent = printed(form, lambda: papers.letter(application.decision), _("结果通知书 %(code)s") % {"code": code})
    certificate = application.certificates.first()
    if what == "certificate" and certificate is not None:
        name = _("证书 %(number)s") % {"number": certificate.number}
        sent = printed(form, lambda: papers.certificate(certificate), name)
    if sent is None:
        raise Http404
    return sent
