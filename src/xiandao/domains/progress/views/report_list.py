"""The list of reports."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from xiandao.domains.orgs.access import NeedsMixin
from xiandao.domains.orgs.models import Organisation
from xiandao.domains.plans.filters import ALL
from xiandao.domains.progress.models import Report, ReportState, Round, Standing
from xiandao.domains.progress.queries import reports as queries
from xiandao.domains.progress.views.report_columns import (
    READERS,
    DutyFilters,
    NamedTable,
    badge,
    linked,
    standing_label,
)
from xiandao.domains.shared.columns import MomentColumn
from xiandao.domains.shared.lists import ListPage

_NUMBER = {"td": {"class": "number"}, "th": {"class": "number"}}


class ReportTable(NamedTable):
    """Reports: which duty, which round, how it stands, when submitted, how decided."""

    measure = tables.Column(_("任务"), empty_values=(), order_by=("assignment__plan__order", "assignment__measure_key"))
    organisation = tables.Column(
        _("填报单位"), accessor="assignment__organisation", order_by="assignment__organisation__order"
    )
    region = tables.Column(_("地区"), accessor="assignment__region", order_by="assignment__region__code")
    round = tables.Column(_("填报期"), accessor="round__label", order_by="round__period_end")
    state = tables.Column(_("状态"))
    standing = tables.Column(_("进展状态"), empty_values=())
    n_claims = tables.Column(_("申报成果"), attrs=_NUMBER)
    submitted_at = MomentColumn(verbose_name=_("提交时间"), format="Y-m-d H:i", default="—")
    decided_at = MomentColumn(verbose_name=_("核实时间"), format="Y-m-d H:i", default="—")

    class Meta:
        model = Report
        fields = ()

    def render_measure(self, record: Report) -> SafeString:
        return linked("report", self.measure_name(record.assignment), record.pk)

    def value_measure(self, record: Report) -> str:
        return self.measure_name(record.assignment)

    def render_organisation(self, record: Report) -> str:
        return record.assignment.organisation.label

    def render_region(self, record: Report) -> str:
        return record.assignment.region.label

    def render_state(self, record: Report) -> SafeString:
        return badge(record.state, record.get_state_display())

    def value_state(self, record: Report) -> str:
        return str(record.get_state_display())

    def render_standing(self, record: Report) -> SafeString | str:
        return badge(record.standing, standing_label(record.standing)) if record.standing else "—"

    def value_standing(self, record: Report) -> str:
        return standing_label(record.standing)


def rounds_to_filter(request: Any) -> QuerySet:
    """Return the rounds to filter by."""
    return Round.objects.visible_to(request.viewer).select_related("plan")


class ReportFilter(DutyFilters):
    """Reports by round, plan, measure, department, city, organisation, state."""

    prefix = "assignment__"

    round = django_filters.ModelChoiceFilter(label=_("填报期"), empty_label=ALL, queryset=rounds_to_filter)
    organisation = django_filters.ModelChoiceFilter(
        label=_("填报单位"),
        empty_label=ALL,
        field_name="assignment__organisation",
        queryset=lambda _r: Organisation.objects.filter(assignments__isnull=False).distinct(),
    )
    state = django_filters.ChoiceFilter(label=_("状态"), empty_label=ALL, choices=ReportState.choices)
    standing = django_filters.ChoiceFilter(
        label=_("进展状态"), empty_label=ALL, choices=[choice for choice in Standing.choices if choice[0]]
    )
    late = django_filters.ChoiceFilter(
        label=_("时限"), empty_label=ALL, choices=(("late", _("已逾期")),), method="by_time"
    )

    class Meta:
        model = Report
        fields: tuple[str, ...] = ()

    def by_time(self, rows: QuerySet, _name: str, _value: str) -> QuerySet:
        return rows.filter(queries.overdue(timezone.localdate()))


class ReportList(NeedsMixin, ListPage):
    """All reports one sees."""

    needs = READERS
    title = _("进展填报")
    lead = _("每个责任项每期的进展：写了没有、提交没有、核实没有。")
    empty = _("没有符合条件的进展。")
    table_class = ReportTable
    filterset_class = ReportFilter

    def get_queryset(self) -> Any:
        return queries.reports(self.request.viewer)
