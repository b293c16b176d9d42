"""The list of duties with what they report, round by round."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import F, Q, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xiandao.domains.orgs.access import NeedsMixin
from xiandao.domains.orgs.models import Organisation, Region, RegionKind
from xiandao.domains.plans.filters import ALL
from xiandao.domains.plans.models import Measure, VersionState
from xiandao.domains.progress.measure_names import measure_names
from xiandao.domains.progress.models import (
    Report,
    ReportState,
    Round,
    RoundState,
    Standing,
)
from xiandao.domains.progress.queries.overview import WITH_REPORTER
from xiandao.domains.progress.queries.rounds import OWED
from xiandao.domains.progress.views.planning_access import READERS
from xiandao.domains.progress.views.planning_lists import plans_to_filter
from xiandao.domains.shared.columns import DayColumn
from xiandao.domains.shared.lists import ListPage


class StandingTable(tables.Table):
    """Duties of a round: whose, where, which measure, what was reported."""

    measure = tables.Column(_("任务"), empty_values=(), order_by=("assignment__plan__order", "assignment__measure_key"))
    organisation = tables.Column(
        pgettext_lazy("body", "单位"), accessor="assignment__organisation", order_by="assignment__organisation__order"
    )
    region = tables.Column(_("地区"), accessor="assignment__region", order_by="assignment__region__code")
    role = tables.Column(_("职责"), accessor="assignment__get_role_display", orderable=False)
    period = tables.Column(_("填报期"), accessor="round__period", order_by="round__period_end")
    state = tables.Column(_("报告"))
    standing = tables.Column(_("进展状态"), empty_values=())
    due_on = DayColumn(verbose_name=_("填报截止"), accessor="round__due_on", format="Y-m-d")

    class Meta:
        model = Report
        fields = ()

    def _names(self) -> dict[tuple[int, str], str]:
        """Return the names of measures, asked for once."""
        if "_measure_names" not in self.__dict__:
            self.__dict__["_measure_names"] = measure_names()
        return self.__dict__["_measure_names"]

    def value_measure(self, record: Report) -> str:
        key = (record.assignment.plan_id, record.assignment.measure_key)
        name = self._names().get(key, key[1])
        return f"{name} · {record.assignment.subtask.label}" if record.assignment.subtask else name

    def render_measure(self, record: Report) -> str | SafeString:
        try:
            url = reverse("progress:report", args=[record.pk])
        except NoReverseMatch:
            return self.value_measure(record)
        return format_html('<a href="{}">{}</a>', url, self.value_measure(record))

    def render_state(self, record: Report) -> SafeString:
        return format_html('<span class="state is-{}">{}</span>', record.state, record.get_state_display())

    def value_state(self, record: Report) -> str:
        return str(record.get_state_display())

    def render_standing(self, record: Report) -> str | SafeString:
        # What is still a draft, or was sent back, is nobody's word.
        if record.state not in {ReportState.SUBMITTED, ReportState.VERIFIED} or not record.standing:
            return "—"
        return format_html('<span class="standing is-{}">{}</span>', record.standing, record.get_standing_display())

    def value_standing(self, record: Report) -> str:
        spoken = record.state in {ReportState.SUBMITTED, ReportState.VERIFIED} and record.standing
        return str(record.get_standing_display()) if spoken else ""


def _periods() -> list[tuple[str, str]]:
    rows = Round.objects.for_system("periods of the filter").order_by("-period_end").values_list("period", flat=True)
    return [(period, period) for period in dict.fromkeys(rows)]


def _measures() -> list[tuple[str, str]]:
    rows = Measure.objects.for_system("measures in force are public").filter(version__state=VersionState.PUBLISHED)
    return [(row.key, f"{row.no} {row.label}") for row in rows.order_by("version__plan__order", "order")]


class StandingFilter(django_filters.FilterSet):
    """Reports of duties by round, state, standing, place, body, measure."""

    round = django_filters.ChoiceFilter(
        label=_("填报期"), empty_label=ALL, choices=_periods, field_name="round__period"
    )
    plan = django_filters.ModelChoiceFilter(
        label=_("方案"), empty_label=ALL, field_name="assignment__plan", queryset=plans_to_filter
    )
    state = django_filters.ChoiceFilter(
        label=_("报告"),
        empty_label=ALL,
        choices=(("owing", _("未提交的全部")), ("late", _("逾期未提交")), *ReportState.choices),
        method="in_state",
    )
    standing = django_filters.ChoiceFilter(
        label=_("进展状态"), empty_label=ALL, choices=Standing.choices[1:], method="standing_so"
    )
    city = django_filters.ModelChoiceFilter(
        label=_("设区市"), empty_label=ALL, queryset=Region.objects.filter(kind=RegionKind.CITY), method="in_city"
    )
    body = django_filters.ModelChoiceFilter(
        label=pgettext_lazy("body", "单位"),
        empty_label=ALL,
        to_field_name="code",
        queryset=lambda _request: Organisation.objects.filter(
            assignments__region=F("assignments__plan__region")
        ).distinct(),
        field_name="assignment__organisation",
    )
    measure = django_filters.ChoiceFilter(
        label=_("任务"), empty_label=ALL, choices=_measures, field_name="assignment__measure_key"
    )

    class Meta:
        model = Report
        fields: tuple[str, ...] = ()

    def in_state(self, rows: QuerySet, _name: str, wanted: str) -> QuerySet:
        owing = rows.filter(state__in=WITH_REPORTER)
        if wanted == "owing":
            return owing
        if wanted == "late":
            return owing.filter(round__state=RoundState.OPEN, round__due_on__lt=timezone.localdate())
        return rows.filter(state=wanted)

    def standing_so(self, rows: QuerySet, _name: str, wanted: str) -> QuerySet:
        return rows.filter(standing=wanted, state__in=(ReportState.SUBMITTED, ReportState.VERIFIED))

    def in_city(self, rows: QuerySet, _name: str, city: Region) -> QuerySet:
        return rows.filter(Q(assignment__region=city) | Q(assignment__region__parent=city))


class StandingList(NeedsMixin, ListPage):
    """What each duty reports, round by round."""

    needs = READERS
    title = _("责任项填报情况")
    lead = _("每个责任项在每个填报期的报告和进展状态。草稿和退回的不算已报。")
    empty = _("没有符合条件的责任项。")
    table_class = StandingTable
    filterset_class = StandingFilter

    def get_queryset(self) -> Any:
        return (
            Report.objects.visible_to(self.request.viewer)
            .filter(OWED)
            .select_related(
                "round", "assignment__organisation", "assignment__region", "assignment__plan", "assignment__subtask"
            )
            .order_by("-round__period_end", "assignment__measure_key", "assignment__region__code", "pk")
        )
