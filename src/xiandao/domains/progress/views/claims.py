"""The list of claims: what was claimed, for which target, how it was decided."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from xiandao.domains.orgs.access import NeedsMixin
from xiandao.domains.plans.filters import ALL, TextFilter
from xiandao.domains.progress.models import Claim, ClaimState
from xiandao.domains.progress.queries import claims as queries
from xiandao.domains.progress.views.report_columns import READERS, DutyFilters, NamedTable, badge, linked
from xiandao.domains.shared.format import number, unit_label
from xiandao.domains.shared.lists import ListPage

_NUMBER = {"td": {"class": "number"}, "th": {"class": "number"}}


class ClaimTable(NamedTable):
    """Claims: what, whose, for which target, in which round, how decided, as which result it counts."""

    name = tables.Column(_("成果"))
    item = tables.Column(_("类别"))
    quantity = tables.Column(_("数量"), attrs=_NUMBER)
    unit = tables.Column(_("单位"))
    target = tables.Column(_("目标"), empty_values=(), order_by="target_key")
    identifier = tables.Column(_("编号"), default="—")
    organisation = tables.Column(
        _("申报单位"), accessor="report__assignment__organisation", order_by="report__assignment__organisation__order"
    )
    region = tables.Column(_("所在地"), order_by="region__code", default="—")
    round = tables.Column(_("填报期"), accessor="report__round__label", order_by="report__round__period_end")
    state = tables.Column(_("状态"))
    result = tables.Column(_("成果编号"), accessor="result__code", default="—")

    class Meta:
        model = Claim
        fields = ()

    def render_name(self, record: Claim) -> SafeString:
        return linked("report", record.name, record.report_id)

    def value_name(self, record: Claim) -> str:
        return record.name

    def render_quantity(self, record: Claim) -> str:
        return number(record.quantity)

    def value_quantity(self, record: Claim) -> Any:
        return record.quantity

    def render_unit(self, record: Claim) -> str:
        return unit_label(record.unit)

    def render_target(self, record: Claim) -> str:
        return self.target_name(record.report.assignment.plan_id, record.target_key)

    def render_organisation(self, record: Claim) -> str:
        return record.report.assignment.organisation.label

    def render_region(self, record: Claim) -> str:
        return record.region.label

    def render_state(self, record: Claim) -> SafeString:
        return badge(record.state, record.get_state_display())

    def value_state(self, record: Claim) -> str:
        return str(record.get_state_display())

    def render_result(self, record: Claim) -> SafeString:
        return linked("result", record.result.code, record.result.code)

    def value_result(self, record: Claim) -> str:
        return record.result.code if record.result else ""


class ClaimFilter(DutyFilters):
    """Claims by words, plan, measure, department, city and state."""

    prefix = "report__assignment__"

    q = TextFilter(label=_("关键词"), over=("name", "item", "identifier", "holder", "holder_code"))
    state = django_filters.ChoiceFilter(
        label=_("状态"), empty_label=ALL, choices=[choice for choice in ClaimState.choices if choice[0] != "draft"]
    )

    class Meta:
        model = Claim
        fields: tuple[str, ...] = ()


class ClaimList(NeedsMixin, ListPage):
    """All claims one sees."""

    needs = READERS
    title = _("申报成果")
    lead = _("各单位申报的成果。附佐证核实后才计入目标；同一成果无论申报几次只计一次。")
    empty = _("没有符合条件的申报。")
    table_class = ClaimTable
    filterset_class = ClaimFilter

    def get_queryset(self) -> Any:
        return queries.claims(self.request.viewer)
