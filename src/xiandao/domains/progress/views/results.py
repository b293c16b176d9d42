"""Results: the list, and the page of one with the claims behind it, its evidence and the targets it serves."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from xiandao.domains.audit.queries import history
from xiandao.domains.orgs.access import CONFLICT, REFUSED, NeedsMixin, Request, needs
from xiandao.domains.orgs.models import Region
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.plans.filters import ALL, TextFilter
from xiandao.domains.plans.models import Plan
from xiandao.domains.progress.actions import results as act
from xiandao.domains.progress.evidence import evidence_blocks
from xiandao.domains.progress.measure_names import target_names
from xiandao.domains.progress.models import Result, ResultCount
from xiandao.domains.progress.queries import results as queries
from xiandao.domains.progress.views.report_columns import READERS, badge, cities, linked, plans
from xiandao.domains.shared.columns import DayColumn, MomentColumn
from xiandao.domains.shared.format import number, unit_label
from xiandao.domains.shared.lists import ListPage

_NUMBER = {"td": {"class": "number"}, "th": {"class": "number"}}


def target_choices() -> list[tuple[str, str]]:
    """Return the targets in force, as plan and key, with their names."""
    return [(f"{plan}-{key}", name) for (plan, key), name in target_names().items()]


class ResultTable(tables.Table):
    """Results: what, how much, whose, where, how often claimed, towards how many targets."""

    code = tables.Column(gettext_lazy("成果编号"))
    name = tables.Column(gettext_lazy("名称"))
    item = tables.Column(gettext_lazy("类别"))
    quantity = tables.Column(gettext_lazy("数量"), attrs=_NUMBER)
    unit = tables.Column(gettext_lazy("单位"))
    identifier = tables.Column(gettext_lazy("编号"), default="—")
    holder = tables.Column(gettext_lazy("承担单位"), default="—")
    region = tables.Column(gettext_lazy("所在地"), order_by="region__code", default="—")
    industry = tables.Column(gettext_lazy("产业"), order_by="industry__order", default="—")
    happened_on = DayColumn(verbose_name=gettext_lazy("日期"), format="Y-m-d", default="—")
    n_claims = tables.Column(gettext_lazy("申报次数"), attrs=_NUMBER)
    n_targets = tables.Column(gettext_lazy("计入目标"), attrs=_NUMBER)
    counted_at = MomentColumn(verbose_name=gettext_lazy("认定时间"), format="Y-m-d")
    void = tables.Column(gettext_lazy("状态"), empty_values=(), order_by="void_at")

    class Meta:
        model = Result
        fields = ()

    def render_code(self, record: Result) -> SafeString:
        return linked("result", record.code, record.code)

    def value_code(self, record: Result) -> str:
        return record.code

    def render_quantity(self, record: Result) -> str:
        return number(record.quantity)

    def value_quantity(self, record: Result) -> Any:
        return record.quantity

    def render_unit(self, record: Result) -> str:
        return unit_label(record.unit)

    def render_region(self, record: Result) -> str:
        return record.region.label

    def render_industry(self, record: Result) -> str:
        return record.industry.label

    def render_void(self, record: Result) -> SafeString:
        return badge("rejected", _("已撤销")) if record.void_at else badge("verified", _("已认定"))

    def value_void(self, record: Result) -> str:
        return _("已撤销") if record.void_at else _("已认定")


class ResultFilter(django_filters.FilterSet):
    """Results by words, plan, target, city, whether in force."""

    q = TextFilter(
        label=gettext_lazy("关键词"),
        over=("code", "name", "item", "identifier", "holder", "holder_code", "other_names"),
    )
    plan = django_filters.ModelChoiceFilter(
        label=gettext_lazy("方案"), empty_label=ALL, queryset=plans, method="of_plan"
    )
    target = django_filters.ChoiceFilter(
        label=gettext_lazy("目标"), empty_label=ALL, choices=target_choices, method="of_target"
    )
    city = django_filters.ModelChoiceFilter(
        label=gettext_lazy("设区市"), empty_label=ALL, queryset=cities, method="in_city"
    )
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("状态"),
        empty_label=ALL,
        choices=(("counted", gettext_lazy("已认定")), ("void", gettext_lazy("已撤销"))),
        method="by_state",
    )

    class Meta:
        model = Result
        fields: tuple[str, ...] = ()

    def of_plan(self, rows: QuerySet, _name: str, plan: Plan) -> QuerySet:
        return rows.filter(Exists(ResultCount.objects.filter(result=OuterRef("pk"), plan=plan)))

    def of_target(self, rows: QuerySet, _name: str, target: str) -> QuerySet:
        plan, _dash, key = target.partition("-")
        return rows.filter(Exists(ResultCount.objects.filter(result=OuterRef("pk"), plan=plan, target_key=key)))

    def in_city(self, rows: QuerySet, _name: str, city: Region) -> QuerySet:
        return rows.filter(Q(region=city) | Q(region__parent=city))

    def by_state(self, rows: QuerySet, _name: str, state: str) -> QuerySet:
        return rows.filter(void_at__isnull=state == "counted")


class ResultList(NeedsMixin, ListPage):
    """All results one sees."""

    needs = READERS
    title = gettext_lazy("成果")
    lead = gettext_lazy("附佐证核实认定的成果，一项一条；申报几次、计入几个目标都只此一条。")
    empty = gettext_lazy("没有符合条件的成果。")
    table_class = ResultTable
    filterset_class = ResultFilter

    def get_queryset(self) -> Any:
        return queries.results(self.request.viewer)


def _result(request: Request, code: str) -> Result:
    try:
        return queries.result(request.viewer, code)
    except Result.DoesNotExist:
        raise Http404 from None


@needs(*READERS)
def page(request: Request, code: str) -> HttpResponse:
    """Show one result: what it is, who claimed it, the evidence, the targets it serves in every plan."""
    return _page(request, _result(request, code))


def _page(request: Request, result: Result, *, alert: str = "", status: int = 200) -> HttpResponse:
    viewer = request.viewer
    found = queries.behind(viewer, result)
    blocks = evidence_blocks(viewer, found.claims)
    context = {
        "result": result,
        "behind": found,
        "evidence": [(claim, blocks.get(str(claim.pk))) for claim in found.claims],
        # The spelling of a claim one does not see stays with those who see it.
        "other_names": [name for name in found.names if name != result.name],
        "served": queries.served(result),
        "targets": target_names(),
        "may_void": act.may_void(viewer, result),
        "history": history(kind=act.KIND, key=result.code),
        "alert": alert,
        "kept": request.POST.get("reason", ""),
    }
    return render(request, "progress/results/result.html", context, status=status)


@require_POST
@needs(*READERS)
def void(request: Request, code: str) -> HttpResponse:
    """Void a result, with the reason posted."""
    result = _result(request, code)
    try:
        act.void_result(request.viewer, code=result.code, reason=request.POST.get("reason", ""))
    except Refused as refusal:
        status = CONFLICT if isinstance(refusal, Conflict) else REFUSED
        return _page(request, _result(request, code), alert=str(refusal.reason), status=status)
    messages.success(request, _("已撤销认定，从现在起不再计数。"))
    return redirect("progress:result", code=result.code)
