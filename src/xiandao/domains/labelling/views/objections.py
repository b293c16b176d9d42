"""Objections: the list, raising one, its page and steps, the answer as Word and PDF."""

from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from xiandao.domains.audit.queries import history
from xiandao.domains.enterprises.models import Classification, Enterprise, EnterpriseRole
from xiandao.domains.inbox.packvalues import value
from xiandao.domains.industries.models import Industry
from xiandao.domains.labelling.actions import objections as act
from xiandao.domains.labelling.actions.labels import current_run
from xiandao.domains.labelling.actions.tasks import coordinator
from xiandao.domains.labelling.kinds import OBJECTION
from xiandao.domains.labelling.models import Objection, ObjectionState
from xiandao.domains.labelling.objection_document import objection_document
from xiandao.domains.labelling.queries import objections as queries
from xiandao.domains.labelling.views.access import OBJECTORS
from xiandao.domains.orgs.access import CONFLICT, REFUSED, NeedsMixin, Request, needs
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.plans.filters import ALL, TextFilter
from xiandao.domains.shared.columns import DayColumn, MomentColumn
from xiandao.domains.shared.excel import attachment
from xiandao.domains.shared.lists import ListPage
from xiandao.printing.official import NoChineseFont, pdf, word

ROLES = [(EnterpriseRole.CORE.value, gettext_lazy("核心：研发、设计、制造该产业的产品，或以该技术为主业"))]
ROLES += [(EnterpriseRole.SERVICE.value, gettext_lazy("服务：运营，或提供该产业专门的服务"))]
ROLES += [(EnterpriseRole.TRADE.value, gettext_lazy("贸易：只销售、租赁、进出口"))]
ROLES += [("none", gettext_lazy("不属于该产业"))]
_FORMS = {
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", word),
    "pdf": ("application/pdf", pdf),
}


class ObjectionTable(tables.Table):
    """Objections: whose, about what, where they stand, until when."""

    code = tables.Column(gettext_lazy("编号"))
    enterprise = tables.Column(gettext_lazy("企业"), order_by="enterprise__name")
    industry = tables.Column(gettext_lazy("产业"), order_by="industry__order")
    asked_role = tables.Column(gettext_lazy("认为应是"), empty_values=())
    state = tables.Column(gettext_lazy("状态"))
    raised_at = MomentColumn(verbose_name=gettext_lazy("提出时间"), format="Y-m-d")
    due_on = DayColumn(verbose_name=gettext_lazy("答复期限"), default="—")
    answered_at = MomentColumn(verbose_name=gettext_lazy("答复时间"), format="Y-m-d", default="—")

    class Meta:
        model = Objection
        fields = ()

    def render_code(self, record: Objection) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("labelling:objection", args=[record.code]), record.code)

    def value_code(self, record: Objection) -> str:
        return record.code

    def render_industry(self, record: Objection) -> str:
        return record.industry.label

    def render_asked_role(self, record: Objection) -> str:
        return role_words(record.asked_role)

    def render_state(self, record: Objection) -> SafeString:
        return format_html('<span class="state is-{}">{}</span>', record.state, record.get_state_display())

    def value_state(self, record: Objection) -> str:
        return str(record.get_state_display())

    def render_due_on(self, record: Objection) -> SafeString | str:
        late = record.state == ObjectionState.RAISED and record.due_on and record.due_on < timezone.localdate()
        return format_html('<span class="late">{} {}</span>', record.due_on, _("逾期")) if late else str(record.due_on)

    def value_due_on(self, record: Objection) -> str:
        return f"{record.due_on or ''}"


class ObjectionFilter(django_filters.FilterSet):
    """Objections by words, state and industry."""

    q = TextFilter(label=gettext_lazy("关键词"), over=("code", "enterprise__name", "text", "answer"))
    state = django_filters.ChoiceFilter(label=gettext_lazy("状态"), empty_label=ALL, choices=ObjectionState.choices)
    industry = django_filters.ModelChoiceFilter(
        label=gettext_lazy("产业"),
        empty_label=ALL,
        queryset=lambda request: Industry.objects.filter(
            pk__in=Objection.objects.visible_to(request.viewer).order_by().values("industry")
        ),
    )

    class Meta:
        model = Objection
        fields: tuple[str, ...] = ()


class ObjectionList(NeedsMixin, ListPage):
    """The objections a viewer sees."""

    needs = OBJECTORS
    template_name = "labelling/objections.html"
    title = gettext_lazy("企业异议")
    lead = gettext_lazy("企业对本单位产业识别结果的异议：限期答复，采纳的当即改正识别结果。")
    empty = gettext_lazy("没有异议。")
    table_class = ObjectionTable
    filterset_class = ObjectionFilter

    def get_queryset(self) -> Any:
        return queries.objections(self.request.viewer)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        viewer = self.request.viewer
        may = viewer.can(Can.OBJECT_CLASSIFICATION) and queries.own_enterprises(viewer).exists()
        return super().get_context_data(**kwargs) | {"may_object": may}


def role_words(role: str) -> str:
    """Return a role as words; "" is that it does not belong."""
    return str(EnterpriseRole(role).label) if role else _("不属于")


class ObjectForm(forms.Form):
    """What an enterprise says."""

    enterprise = forms.ModelChoiceField(
        label=gettext_lazy("企业"), queryset=Enterprise.objects.for_system("nobody's").none(), empty_label=None
    )
    industry = forms.ModelChoiceField(
        label=gettext_lazy("产业"), queryset=Industry.objects.none(), empty_label=gettext_lazy("请选择")
    )
    role = forms.ChoiceField(
        label=gettext_lazy("本单位认为应是"),
        choices=ROLES,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
    )
    text = forms.CharField(
        label=gettext_lazy("理由"),
        max_length=act.LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("写明本单位实际从事什么、产品是什么、依据是什么；提出后可以添加佐证材料"),
    )

    def __init__(self, *args: Any, viewer: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["enterprise"].queryset = queries.own_enterprises(viewer)
        industry = self.fields["industry"]
        industry.queryset = Industry.objects.filter(listings__listed=True).distinct().order_by("order")
        industry.label_from_instance = lambda row: row.label


@needs(Can.OBJECT_CLASSIFICATION)
def new(request: Request) -> HttpResponse:
    """Raise an objection in the name of one's own enterprise."""
    own = list(queries.own_enterprises(request.viewer))
    initial = {"industry": request.GET.get("industry"), "enterprise": own[0].pk if own else None}
    form = ObjectForm(request.POST or None, viewer=request.viewer, initial=initial)
    status = 200
    if request.method == "POST":
        status = REFUSED
        if form.is_valid():
            given = form.cleaned_data
            role = "" if given["role"] == "none" else given["role"]
            try:
                objection = act.raise_objection(
                    request.viewer,
                    enterprise=given["enterprise"],
                    industry=given["industry"],
                    asked_role=role,
                    text=given["text"],
                )
            except Refused as refusal:
                form.add_error(None, str(refusal.reason))
                status = CONFLICT if isinstance(refusal, Conflict) else REFUSED
            else:
                words = {"code": objection.code, "day": objection.due_on}
                messages.success(request, _("已提出，编号 %(code)s，%(day)s 前答复。可以继续添加佐证材料。") % words)
                return redirect("labelling:objection", code=objection.code)
    context = {"form": form, "own": own, "results": _results(own)}
    return render(request, "labelling/objection_new.html", context, status=status)


def _results(own: list[Enterprise]) -> Any:
    """Return how the enterprises are classified now."""
    rows = Classification.objects.for_system("of the viewer's own enterprises").filter(
        run=current_run(), enterprise__in=own
    )
    return rows.select_related("industry", "enterprise").order_by("enterprise", "industry__order")


@needs(*OBJECTORS)
def page(request: Request, code: str) -> HttpResponse:
    """Show one objection."""
    return _page(request, _objection(request, code))


def _objection(request: Request, code: str) -> Objection:
    try:
        return queries.objection_by_code(request.viewer, code)
    except Objection.DoesNotExist:
        raise Http404 from None


def _page(
    request: Request, objection: Objection, *, alert: str = "", kept: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    viewer = request.viewer
    is_open = objection.state == ObjectionState.RAISED
    own = objection.raised_by_id == viewer.organisation_id and viewer.can(Can.OBJECT_CLASSIFICATION)
    context = {
        "objection": objection,
        "asked": role_words(objection.asked_role),
        "answered": role_words(objection.answered_role),
        "holds": role_words(act.holding_role(objection.enterprise, objection.industry_id)),
        "is_open": is_open,
        "own": own,
        "late": is_open and objection.due_on is not None and objection.due_on < timezone.localdate(),
        "holder": coordinator() if is_open else None,
        "may_answer": is_open and viewer.can(Can.SETTLE_REVIEWS) and objection.raised_by_id != viewer.organisation_id,
        "may_withdraw": is_open and own,
        "may_print": objection.answered_at is not None,
        "answers": [(state.value, state.label) for state in act.ANSWERS],
        "roles": ROLES,
        "history": history(kind=OBJECTION, key=objection.code)[:20] if viewer.can(Can.SETTLE_REVIEWS) else [],
        "alert": alert,
        "kept": kept or {},
    }
    return render(request, "labelling/objection.html", context, status=status)


def _answer(request: Request, code: str) -> None:
    role = request.POST.get("role", "")
    state = request.POST.get("verdict", "")
    if state not in act.ANSWERS:
        raise Refused(_("请选择采纳、部分采纳或不采纳。"))
    verdict = act.Verdict(ObjectionState(state), request.POST.get("text", ""), "" if role == "none" else role)
    act.answer_objection(request.viewer, code=code, verdict=verdict)


@require_POST
@needs(*OBJECTORS)
def step(request: Request, code: str, step: str) -> HttpResponse:
    """Answer or withdraw an objection, or note that its answer was read; a refusal keeps what was typed."""
    steps = {
        "answer": _answer,
        "withdraw": lambda request, code: act.withdraw_objection(
            request.viewer, code=code, text=request.POST.get("text", "")
        ),
        "read": lambda request, code: act.mark_read(request.viewer, code=code),
    }
    if step not in steps:
        raise Http404
    objection = _objection(request, code)
    try:
        steps[step](request, objection.code)
    except Refused as refusal:
        status = CONFLICT if isinstance(refusal, Conflict) else REFUSED
        kept = {name: request.POST.get(name, "") for name in ("verdict", "role", "text")}
        return _page(request, _objection(request, code), alert=str(refusal.reason), kept=kept, status=status)
    messages.success(request, _("已办理。"))
    return redirect("labelling:objection", code=code)


@needs(*OBJECTORS)
def download(request: Request, code: str, form: str) -> HttpResponse:
    """Send the answer as Word or PDF."""
    objection = _objection(request, code)
    if form not in _FORMS or objection.answered_at is None:
        raise Http404
    media_type, printer = _FORMS[form]
    try:
        content = printer(objection_document(objection, issuer=str(value("letter_issuer"))))
    except NoChineseFont as missing:
        return _page(request, objection, alert=str(missing), status=503)
    answer = HttpResponse(content, content_type=media_type)
    answer.headers["Content-Disposition"] = attachment(f"异议答复 {objection.code}.{form}")
    return answer
