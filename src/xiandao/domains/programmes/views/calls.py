"""Calls: the list, the page of one, drafting, publishing, prolonging, cancelling."""

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
from xiandao.domains.orgs.access import CONFLICT, REFUSED, Request, needs
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.plans.filters import ALL, TextFilter
from xiandao.domains.programmes.actions import calls as act
from xiandao.domains.programmes.actions.common import CALL, BadFields
from xiandao.domains.programmes.models import Call, CallState, NeedState, Programme
from xiandao.domains.programmes.queries import applying as queries
from xiandao.domains.programmes.rules import may_apply
from xiandao.domains.shared.columns import MomentColumn
from xiandao.domains.shared.lists import ListPage

_MOMENT = "%Y-%m-%dT%H:%M"


class CallTable(tables.Table):
    """Calls: what for, by whom, from when to when."""

    title = tables.Column(gettext_lazy("申报通知"))
    programme = tables.Column(gettext_lazy("专项"), accessor="version__programme", order_by="version__programme__order")
    organiser = tables.Column(gettext_lazy("组织单位"), order_by="organiser__order")
    opens_at = MomentColumn(verbose_name=gettext_lazy("开始受理"), format="Y-m-d H:i")
    closes_at = MomentColumn(verbose_name=gettext_lazy("截止时间"), format="Y-m-d H:i")
    state = tables.Column(gettext_lazy("状态"))

    class Meta:
        model = Call
        fields = ()

    def render_title(self, record: Call) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("programmes:call", args=[record.code]), record.title)

    def value_title(self, record: Call) -> str:
        return record.title

    def render_programme(self, record: Call) -> str:
        return record.version.programme.label

    def render_organiser(self, record: Call) -> str:
        return record.organiser.label

    def render_state(self, record: Call) -> SafeString:
        return format_html('<span class="state is-{}">{}</span>', record.state, state_words(record))

    def value_state(self, record: Call) -> str:
        return state_words(record)


def state_words(call: Call) -> str:
    """Return how a call stands by the clock: published ones are open, not yet open, or over."""
    now = timezone.now()
    if call.state != CallState.PUBLISHED:
        return str(call.get_state_display())
    if act.is_open(call, now):
        return _("正在受理")
    return _("尚未开始") if now < call.opens_at else _("已截止")


class CallFilter(django_filters.FilterSet):
    """Calls by words, programme and state."""

    q = TextFilter(label=gettext_lazy("关键词"), over=("title", "code", "number", "version__programme__name"))
    programme = django_filters.ModelChoiceFilter(
        label=gettext_lazy("专项"),
        empty_label=ALL,
        field_name="version__programme",
        queryset=lambda _request: Programme.objects.all(),
    )
    state = django_filters.ChoiceFilter(label=gettext_lazy("状态"), empty_label=ALL, choices=CallState.choices)

    class Meta:
        model = Call
        fields: tuple[str, ...] = ()


class CallList(ListPage):
    """The calls a viewer sees; those published are public."""

    template_name = "programmes/applying/calls.html"
    title = gettext_lazy("申报通知")
    lead = gettext_lazy("各专项的申报通知：什么时候受理、怎么申报。截止以服务器时间为准，精确到秒。")
    empty = gettext_lazy("没有申报通知。")
    table_class = CallTable
    filterset_class = CallFilter

    def get_queryset(self) -> Any:
        return queries.calls(self.request.viewer)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"may_draft": self.request.viewer.can(Can.RUN_CALLS)}


class CallForm(forms.Form):
    """What a call says. Quotas: a line each, "organisation code: number"; * for all others."""

    programme = forms.ModelChoiceField(
        label=gettext_lazy("专项"), queryset=Programme.objects.none(), empty_label=gettext_lazy("请选择")
    )
    title = forms.CharField(label=gettext_lazy("标题"), max_length=300)
    batch = forms.CharField(label=gettext_lazy("批次"), max_length=40, required=False)
    number = forms.CharField(label=gettext_lazy("文号"), max_length=100, required=False)
    opens_at = forms.DateTimeField(
        label=gettext_lazy("开始受理"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MOMENT)
    )
    closes_at = forms.DateTimeField(
        label=gettext_lazy("截止时间"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MOMENT)
    )
    recommend_until = forms.DateTimeField(
        label=gettext_lazy("推荐截止"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MOMENT),
    )
    places = forms.IntegerField(label=gettext_lazy("拟支持数"), required=False, min_value=1, max_value=100_000)
    budget = forms.DecimalField(
        label=gettext_lazy("资金总额（元）"), required=False, min_value=0, max_digits=18, decimal_places=2
    )
    quotas = forms.CharField(
        label=gettext_lazy("推荐名额"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("每行一个：单位代码：数量；其他各单位写 *：数量。不限的不填。"),
    )
    text = forms.CharField(label=gettext_lazy("通知正文"), required=False, widget=forms.Textarea(attrs={"rows": 12}))
    contact = forms.CharField(label=gettext_lazy("联系方式"), max_length=300, required=False)

    def __init__(self, *args: Any, viewer: Any, fixed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Programme.objects.filter(in_force=True, lead=viewer.organisation_id)
        self.fields["programme"].queryset = own
        if fixed:
            del self.fields["programme"]

    def clean_quotas(self) -> dict[str, int]:
        found = {}
        for line in self.cleaned_data["quotas"].splitlines():
            if not line.strip():
                continue
            code, _colon, number = line.replace("：", ":").rpartition(":")
            if not code.strip() or not number.strip().isdecimal():
                raise forms.ValidationError(_("“%(line)s”不是“单位代码：数量”。") % {"line": line[:60]})
            found[code.strip()] = int(number)
        return found

    def content(self) -> act.CallContent:
        """Return what was filled in."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "programme"}
        return act.CallContent(**given)


def _failed(form: forms.Form, refusal: Refused) -> int:
    for name, sentence in refusal.faults if isinstance(refusal, BadFields) else [(None, str(refusal.reason))]:
        form.add_error(name if name in form.fields else None, sentence)
    return CONFLICT if isinstance(refusal, Conflict) else REFUSED


@needs(Can.RUN_CALLS)
def new(request: Request) -> HttpResponse:
    """Draft a call."""
    initial = {"programme": request.GET.get("programme")}
    form = CallForm(request.POST or None, viewer=request.viewer, initial=initial)
    status = 200
    if request.method == "POST":
        status = REFUSED
        if form.is_valid():
            try:
                call = act.draft_call(request.viewer, programme=form.cleaned_data["programme"], content=form.content())
            except Refused as refusal:
                status = _failed(form, refusal)
            else:
                messages.success(request, _("已保存草稿，核对后发布。"))
                return redirect("programmes:call", code=call.code)
    own = Programme.objects.filter(in_force=True, lead=request.viewer.organisation_id).exists()
    return render(request, "programmes/applying/call_form.html", {"form": form, "own": own}, status=status)


@needs(Can.RUN_CALLS)
def edit(request: Request, code: str) -> HttpResponse:
    """Change a draft."""
    call = _call(request, code)
    if call.state != CallState.DRAFT or not act.may_run(request.viewer, call.version.programme):
        raise Http404
    names = ("title", "batch", "number", "opens_at", "closes_at", "recommend_until", "places", "budget", "text")
    initial = {name: getattr(call, name) for name in (*names, "contact")}
    initial |= {name: timezone.localtime(initial[name]) for name in names if name.endswith("_at")}
    initial["quotas"] = "\n".join(f"{key}：{value}" for key, value in call.quotas.items())
    form = CallForm(request.POST or None, viewer=request.viewer, fixed=True, initial=initial)
    status = 200
    if request.method == "POST":
        status = REFUSED
        if form.is_valid():
            revision = request.POST.get("revision", "")
            try:
                act.change_call(
                    request.viewer,
                    code=code,
                    revision=int(revision) if revision.isdecimal() and len(revision) < 9 else -1,  # noqa: PLR2004
                    content=form.content(),
                )
            except Refused as refusal:
                status = _failed(form, refusal)
            else:
                messages.success(request, _("已保存。"))
                return redirect("programmes:call", code=code)
    context = {"form": form, "call": call, "own": True}
    return render(request, "programmes/applying/call_form.html", context, status=status)


def _call(request: Request, code: str) -> Call:
    try:
        return queries.call_by_code(request.viewer, code)
    except Call.DoesNotExist:
        raise Http404 from None


def page(request: Request, code: str) -> HttpResponse:
    """Show one call."""
    return _page(request, _call(request, code))


def _page(request: Request, call: Call, *, alert: str = "", status: int = 200) -> HttpResponse:
    now = timezone.now()
    may_run = act.may_run(request.viewer, call.version.programme)
    apply = may_apply(request.viewer, call)
    mine = (
        queries.own_applications(request.viewer).filter(call=call).exclude(state__in=["withdrawn", "lapsed"])
        if request.viewer.organisation_id
        else []
    )
    context = {
        "call": call,
        "programme": call.version.programme,
        "words": state_words(call),
        "is_open": act.is_open(call, now),
        "may_run": may_run,
        "may_apply": apply,
        "mine": list(mine[:20]),
        "items": queries.needs(request.viewer).filter(call=call, state=NeedState.LISTED),
        "takes_needs": call.version.definition.get("needs", False),
        "history": history(kind=CALL, key=call.code) if may_run else [],
        "window": act.window_days(),
        "now": now,
        "alert": alert,
        "kept": request.POST,
    }
    return render(request, "programmes/applying/call.html", context, status=status)


def _prolong(request: Request, code: str) -> None:
    field = forms.DateTimeField()
    try:
        closes_at = field.clean(request.POST.get("closes_at", ""))
    except forms.ValidationError:
        raise BadFields([("closes_at", _("请填写新的截止时间。"))]) from None
    act.prolong_call(request.viewer, code=code, closes_at=closes_at, reason=request.POST.get("reason", ""))


@require_POST
@needs(Can.RUN_CALLS)
def step(request: Request, code: str, step: str) -> HttpResponse:
    """Publish, prolong or cancel."""
    reason = request.POST.get("reason", "")
    steps = {
        "publish": lambda: act.publish_call(request.viewer, code=code, reason=reason),
        "prolong": lambda: _prolong(request, code),
        "cancel": lambda: act.cancel_call(request.viewer, code=code, reason=reason),
    }
    call = _call(request, code)
    if step not in steps:
        raise Http404
    try:
        steps[step]()
    except Refused as refusal:
        status = CONFLICT if isinstance(refusal, Conflict) else REFUSED
        return _page(request, call, alert=str(refusal.reason), status=status)
    messages.success(request, _("已办理。"))
    return redirect("programmes:call", code=code)
