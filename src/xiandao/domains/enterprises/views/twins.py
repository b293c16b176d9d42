"""Pages of the question whether two enterprises are one: the list, the pair side by side, the decision."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from xiandao.domains.audit.queries import history
from xiandao.domains.enterprises.actions import twins as act
from xiandao.domains.enterprises.models import Enterprise, Twin, TwinState
from xiandao.domains.enterprises.queries import registers as queries
from xiandao.domains.enterprises.tables import place_of
from xiandao.domains.orgs.access import CONFLICT, REFUSED, NeedsMixin, Request, needs
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Region, RegionKind
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.plans.filters import ALL, TextFilter
from xiandao.domains.shared.format import number
from xiandao.domains.shared.lists import ListPage

READERS = (Can.READ_ENTERPRISES,)
_WAN = 10_000
WHY = {
    "same_name": gettext_lazy("名称相同"),
    "similar_name": gettext_lazy("名称相近"),
    "same_place": gettext_lazy("同在一市"),
    "same_date": gettext_lazy("成立日期相同"),
    "named_places_differ": gettext_lazy("名称中的地名不同"),
    "numbers_differ": gettext_lazy("名称中的数字不同"),
}


def why(twin: Twin) -> str:
    """Return in words what speaks for and against a pair."""
    return _("、").join(str(WHY[code]) for code in twin.why.split(",") if code in WHY)


class TwinTable(tables.Table):
    """Pairs, the likeliest first."""

    left = tables.Column(gettext_lazy("企业"), order_by="left__name")
    right = tables.Column(gettext_lazy("企业"), order_by="right__name")
    place = tables.Column(gettext_lazy("地区"), empty_values=(), order_by="left__region_id")
    why = tables.Column(gettext_lazy("为什么问"), orderable=False)
    likeness = tables.Column(gettext_lazy("相似度"), attrs={"td": {"class": "number"}, "th": {"class": "number"}})
    state = tables.Column(gettext_lazy("判断"))
    decided_by = tables.Column(gettext_lazy("判断人"), default="—")

    class Meta:
        model = Twin
        fields = ()

    def render_left(self, record: Twin) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("enterprises:twin", args=[record.pk]), record.left.name)

    def value_left(self, record: Twin) -> str:
        return record.left.name

    def render_right(self, record: Twin) -> str:
        return record.right.name

    def render_place(self, record: Twin) -> str:
        return place_of(record.left)

    def render_why(self, record: Twin) -> str:
        return why(record)

    def render_likeness(self, value: float) -> str:
        return f"{value:.0%}"

    def render_state(self, record: Twin) -> SafeString:
        return format_html('<span class="state is-{}">{}</span>', record.state, record.get_state_display())

    def value_state(self, record: Twin) -> str:
        return str(record.get_state_display())


class TwinFilter(django_filters.FilterSet):
    """Pairs by words, decision and city."""

    q = TextFilter(label=gettext_lazy("关键词"), over=("left__name", "right__name", "left__uscc", "right__uscc"))
    state = django_filters.ChoiceFilter(label=gettext_lazy("判断"), empty_label=ALL, choices=TwinState.choices)
    city = django_filters.ModelChoiceFilter(
        label=gettext_lazy("设区市"),
        empty_label=ALL,
        queryset=Region.objects.filter(kind=RegionKind.CITY),
        method="in_city",
    )

    def in_city(self, rows: QuerySet[Any], _name: str, value: Region | None) -> QuerySet[Any]:
        if value is None:
            return rows
        return rows.filter(Q(left__region=value) | Q(left__region__parent=value))


class TwinList(NeedsMixin, ListPage):
    """Which enterprises may be one."""

    needs = READERS
    title = gettext_lazy("疑似同一企业")
    lead = gettext_lazy(
        "统一社会信用代码相同的就是同一企业，不用判断。这里列出代码对不上、而同市名称相同或相近的，"
        "由人判断；判为同一企业的只计一次。"
    )
    empty = gettext_lazy("没有需要判断的企业。")
    table_class = TwinTable
    filterset_class = TwinFilter

    def get_queryset(self) -> QuerySet[Twin]:
        return queries.twins(self.request.viewer)


def _twin(request: Request, pk: int) -> Twin:
    try:
        return queries.twin_by_pk(request.viewer, pk)
    except Twin.DoesNotExist:
        raise Http404 from None


@require_GET
@needs(*READERS)
def page(request: Request, pk: int) -> HttpResponse:
    """Show a pair side by side."""
    return _page(request, _twin(request, pk))


def _page(request: Request, twin: Twin, *, alert: str = "", status: int = 200) -> HttpResponse:
    context = {
        "twin": twin,
        "why": why(twin),
        "rows": _rows(twin.left, twin.right),
        "may": act.may_decide(request.viewer),
        "open": twin.state == TwinState.OPEN,
        "next": queries.next_twin(request.viewer, twin),
        "reason": request.POST.get("reason", ""),
        "history": history(kind=act.KIND, key=str(twin.pk)),
        "alert": alert,
    }
    return render(request, "enterprises/registers/twin.html", context, status=status)


def _rows(left: Enterprise, right: Enterprise) -> list[tuple[Any, str, str, bool]]:
    """Return what the register says of both, line by line: label, left, right, whether they differ."""
    lines = [
        (_("统一社会信用代码"), left.uscc, right.uscc),
        (_("记录编号"), left.rid, right.rid),
        (_("地区"), place_of(left), place_of(right)),
        (_("登记地"), left.place, right.place),
        (_("成立日期"), _day(left.registered_on), _day(right.registered_on)),
        (_("类型"), left.kind, right.kind),
        (_("登记状态"), left.status, right.status),
        (_("注册资本"), _money(left), _money(right)),
        (_("不再登记"), _gone(left), _gone(right)),
        (_("经营范围"), left.scope, right.scope),
    ]
    return [(label, one, other, one != other) for label, one, other in lines if one or other]


def _day(value: Any) -> str:
    return value.isoformat() if value else ""


def _money(firm: Enterprise) -> str:
    if firm.capital is None:
        return firm.capital_text
    return _("%(n)s 万元") % {"n": number(firm.capital / _WAN)}


def _gone(firm: Enterprise) -> str:
    return _("从第 %(n)s 版起") % {"n": firm.gone_in.number} if firm.gone_in else ""


@require_POST
@needs(*READERS)
def decide(request: Request, pk: int) -> HttpResponse:
    """Say whether a pair is one; then show the next open pair."""
    twin = _twin(request, pk)
    following = queries.next_twin(request.viewer, twin)
    try:
        act.decide_twin(
            request.viewer, pk=pk, verdict=request.POST.get("verdict", ""), reason=request.POST.get("reason", "")
        )
    except Refused as refusal:
        status = CONFLICT if isinstance(refusal, Conflict) else REFUSED
        return _page(request, _twin(request, pk), alert=str(refusal.reason), status=status)
    if following is not None and request.POST.get("then") == "next":
        return redirect("enterprises:twin", pk=following.pk)
    return redirect("enterprises:twin", pk=pk)


@require_POST
@needs(*READERS)
def reopen(request: Request, pk: int) -> HttpResponse:
    """Take a decision back."""
    _twin(request, pk)
    try:
        act.reopen_twin(request.viewer, pk=pk, reason=request.POST.get("reason", ""))
    except Refused as refusal:
        status = CONFLICT if isinstance(refusal, Conflict) else REFUSED
        return _page(request, _twin(request, pk), alert=str(refusal.reason), status=status)
    return redirect("enterprises:twin", pk=pk)
