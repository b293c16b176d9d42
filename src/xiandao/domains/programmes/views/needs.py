"""Needs of an open bid: the list, raising one, its page with argument, indicators and decision."""

from decimal import Decimal
from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from xiandao.domains.industries.models import Industry
from xiandao.domains.orgs.access import CONFLICT, REFUSED, Request, needs
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.plans.filters import ALL, TextFilter
from xiandao.domains.programmes.actions import needs as act
from xiandao.domains.programmes.actions.calls import may_run
from xiandao.domains.programmes.actions.common import BadFields
from xiandao.domains.programmes.models import Call, CallState, Need, NeedState, Programme
from xiandao.domains.programmes.queries import applying as queries
from xiandao.domains.shared.columns import MomentColumn
from xiandao.domains.shared.lists import ListPage

RAISERS = (Can.APPLY, Can.RUN_CALLS)
_SPARE_ROWS = 5


class NeedTable(tables.Table):
    """Needs: what is to be solved, whose, where it stands."""

    code = tables.Column(gettext_lazy("编号"))
    title = tables.Column(gettext_lazy("需求"))
    demander = tables.Column(gettext_lazy("需求方"), order_by="demander__name")
    industry = tables.Column(gettext_lazy("产业"), empty_values=(), order_by="industry__order")
    budget = tables.Column(gettext_lazy("榜单金额（元）"), default="—")
    state = tables.Column(gettext_lazy("状态"))
    raised_at = MomentColumn(verbose_name=gettext_lazy("提出时间"), format="Y-m-d")

    class Meta:
        model = Need
        fields = ()

    def render_code(self, record: Need) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("programmes:need", args=[record.code]), record.code)

    def value_code(self, record: Need) -> str:
        return record.code

    def render_demander(self, record: Need) -> str:
        return record.demander.label

    def render_industry(self, record: Need) -> str:
        return record.industry.label if record.industry else "—"

    def render_state(self, record: Need) -> SafeString:
        return format_html('<span class="state is-{}">{}</span>', record.state, record.get_state_display())

    def value_state(self, record: Need) -> str:
        return str(record.get_state_display())


class NeedFilter(django_filters.FilterSet):
    """Needs by words and state."""

    q = TextFilter(label=gettext_lazy("关键词"), over=("code", "title", "problem"))
    state = django_filters.ChoiceFilter(label=gettext_lazy("状态"), empty_label=ALL, choices=NeedState.choices)

    class Meta:
        model = Need
        fields: tuple[str, ...] = ()


class NeedList(ListPage):
    """The needs a viewer sees; those listed are public."""

    template_name = "programmes/applying/needs.html"
    title = gettext_lazy("榜单需求")
    lead = gettext_lazy("等人来解决的难题：提出、论证、明确硬指标后列入榜单，公开揭榜。")
    empty = gettext_lazy("没有需求。")
    table_class = NeedTable
    filterset_class = NeedFilter

    def get_queryset(self) -> Any:
        return queries.needs(self.request.viewer)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"may_raise": self.request.viewer.can(*RAISERS)}


class NeedForm(forms.Form):
    """What the demander writes."""

    programme = forms.ModelChoiceField(
        label=gettext_lazy("专项"), queryset=Programme.objects.none(), empty_label=gettext_lazy("请选择")
    )
    title = forms.CharField(label=gettext_lazy("需求名称"), max_length=200)
    industry = forms.ModelChoiceField(
        label=gettext_lazy("产业"),
        queryset=Industry.objects.none(),
        required=False,
        empty_label=gettext_lazy("请选择"),
    )
    problem = forms.CharField(
        label=gettext_lazy("要解决的问题"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 6})
    )
    goals = forms.CharField(
        label=gettext_lazy("预期目标"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 4})
    )
    budget = forms.DecimalField(
        label=gettext_lazy("榜单金额（元）"), required=False, min_value=0, max_digits=18, decimal_places=2
    )
    own_share = forms.DecimalField(
        label=gettext_lazy("自筹比例（%）"), required=False, min_value=0, max_value=100, decimal_places=2
    )
    months = forms.IntegerField(label=gettext_lazy("期限（月）"), required=False, min_value=1, max_value=120)
    property_terms = forms.CharField(
        label=gettext_lazy("知识产权约定"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        open_bids = Programme.objects.filter(in_force=True, versions__current=True, versions__definition__needs=True)
        self.fields["programme"].queryset = open_bids
        self.fields["industry"].queryset = Industry.objects.order_by("order")

    def content(self) -> act.NeedContent:
        """Return what was filled in."""
        given = self.cleaned_data
        share = given["own_share"]
        return act.NeedContent(
            title=given["title"],
            problem=given["problem"],
            goals=given["goals"],
            industry=given["industry"].pk if given["industry"] else "",
            budget=given["budget"],
            own_share=share / Decimal(100) if share is not None else None,
            property_terms=given["property_terms"],
            months=given["months"],
        )


@needs(*RAISERS)
def new(request: Request) -> HttpResponse:
    """Raise a need."""
    form = NeedForm(request.POST or None, initial={"programme": request.GET.get("programme")})
    status = 200
    if request.method == "POST":
        status = REFUSED
        if form.is_valid():
            try:
                need = act.raise_need(request.viewer, programme=form.cleaned_data["programme"], content=form.content())
            except Refused as refusal:
                for name, sentence in (
                    refusal.faults if isinstance(refusal, BadFields) else [(None, str(refusal.reason))]
                ):
                    form.add_error(name, sentence)
            else:
                messages.success(request, _("已提出，编号 %(code)s。") % {"code": need.code})
                return redirect("programmes:need", code=need.code)
    return render(request, "programmes/applying/need_new.html", {"form": form}, status=status)


def _need(request: Request, code: str) -> Need:
    try:
        return queries.need_by_code(request.viewer, code)
    except Need.DoesNotExist:
        raise Http404 from None


def page(request: Request, code: str) -> HttpResponse:
    """Show one need."""
    return _page(request, _need(request, code))


def _page(request: Request, need: Need, *, alert: str = "", status: int = 200) -> HttpResponse:
    viewer = request.viewer
    runs = may_run(viewer, need.programme)
    own = need.demander_id == viewer.organisation_id and viewer.can(*RAISERS)
    kept = request.POST if alert else None
    context = {
        "need": need,
        "runs": runs,
        "own": own,
        "sees_argument": runs or own,
        "may_argue": runs and need.state in (NeedState.RAISED, NeedState.ARGUING),
        "may_accept": runs and need.state == NeedState.ARGUING,
        "may_refuse": runs and need.state in (NeedState.RAISED, NeedState.ARGUING, NeedState.ACCEPTED),
        "may_list": runs and need.state == NeedState.ACCEPTED,
        "may_withdraw": own and need.state in (NeedState.RAISED, NeedState.ARGUING, NeedState.ACCEPTED),
        "calls": Call.objects.visible_to(viewer).filter(
            version__programme=need.programme,
            organiser=viewer.organisation_id,
            state__in=[CallState.DRAFT, CallState.PUBLISHED],
        )
        if runs
        else [],
        "opinions": _rows(_opinions(kept) if kept else need.argument.get("opinions", [])),
        "indicators": _rows(_indicators(kept) if kept else need.indicators),
        "comparators": act.COMPARATORS,
        "alert": alert,
        "kept": request.POST,
    }
    return render(request, "programmes/applying/need.html", context, status=status)


def _rows(given: list[dict[str, Any]]) -> list[tuple[int, dict[str, Any]]]:
    return list(enumerate([*given, *({} for _n in range(_SPARE_ROWS))], 1))


def _opinions(post: Any) -> list[dict[str, Any]]:
    return _posted(post, "opinion", ("expert", "unit", "text"), "agrees")


def _indicators(post: Any) -> list[dict[str, Any]]:
    return _posted(post, "indicator", ("name", "unit", "comparator", "value", "method", "body"), "veto")


def _posted(post: Any, prefix: str, names: tuple[str, ...], flag: str) -> list[dict[str, Any]]:
    found = []
    for number in range(1, 101):
        row: dict[str, Any] = {name: post.get(f"{prefix}.{number}.{name}", "").strip() for name in names}
        if any(value for name, value in row.items() if name != "comparator"):
            found.append(row | {flag: bool(post.get(f"{prefix}.{number}.{flag}"))})
    return found


def _argue(request: Request, code: str) -> None:
    opinions = [act.Opinion(**row) for row in _opinions(request.POST)]
    indicators = [act.Indicator(**row) for row in _indicators(request.POST)]
    act.argue_need(
        request.viewer, code=code, opinions=opinions, indicators=indicators, minute=request.POST.get("minute", "")
    )


@require_POST
@needs(*RAISERS)
def step(request: Request, code: str, step: str) -> HttpResponse:
    """Argue, accept, refuse, list or withdraw a need."""
    reason = request.POST.get("reason", "")
    steps = {
        "argue": lambda: _argue(request, code),
        "accept": lambda: act.accept_need(request.viewer, code=code, text=reason),
        "refuse": lambda: act.refuse_need(request.viewer, code=code, reason=reason),
        "list": lambda: act.list_need(request.viewer, code=code, call_code=request.POST.get("call", "")),
        "withdraw": lambda: act.withdraw_need(request.viewer, code=code, reason=reason),
    }
    need = _need(request, code)
    if step not in steps:
        raise Http404
    try:
        steps[step]()
    except Refused as refusal:
        status = CONFLICT if isinstance(refusal, Conflict) else REFUSED
        return _page(request, need, alert=str(refusal.reason), status=status)
    messages.success(request, _("已办理。"))
    return redirect("programmes:need", code=code)
