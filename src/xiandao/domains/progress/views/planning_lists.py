"""Lists of planning: targets with how they are planned and where they stand; duties with what they report."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from xiandao.domains.orgs.models import Organisation, Region, RegionKind
from xiandao.domains.plans.filters import ALL, TextFilter
from xiandao.domains.plans.models import Measure, Plan, Target, VersionState
from xiandao.domains.plans.queries import targets_in_force
from xiandao.domains.plans.tables import NUMBER, SEPARATOR
from xiandao.domains.progress.figures.links import rows_url
from xiandao.domains.progress.figures.status import BEHIND, STATE_WORDS, Status, statuses
from xiandao.domains.progress.figures.sums import Tally, ground, tallies
from xiandao.domains.progress.measure_names import measure_names
from xiandao.domains.progress.models import (
    Baseline,
    Path,
    Report,
    ReportState,
    Round,
    RoundState,
    ShareSet,
    ShareState,
    Standing,
)
from xiandao.domains.progress.queries.overview import WITH_REPORTER
from xiandao.domains.progress.views.access import NeedsMixin
from xiandao.domains.progress.views.planning_access import READERS
from xiandao.domains.shared.columns import DayColumn
from xiandao.domains.shared.format import goal, number, unit_label
from xiandao.domains.shared.lists import ListPage
from xiandao.engines.attainment import State
from xiandao.kernel import Figure


class TargetPlanTable(tables.Table):
    """Targets: the number promised, how it is planned, claimed, verified and counted side by side, where it stands."""

    key = tables.Column(_("编号"), order_by=("version__plan__order", "order"))
    name = tables.Column(_("目标"))
    goal = tables.Column(_("目标值"), empty_values=(), order_by="value", attrs=NUMBER)
    unit = tables.Column(_("单位"))
    claimed = tables.Column(_("已申报"), empty_values=(), orderable=False, attrs=NUMBER)
    verified = tables.Column(_("已核实"), empty_values=(), orderable=False, attrs=NUMBER)
    counted = tables.Column(_("已认定"), empty_values=(), orderable=False, attrs=NUMBER)
    expected = tables.Column(_("今天应达到"), empty_values=(), orderable=False, attrs=NUMBER)
    state = tables.Column(_("进度判断"), empty_values=(), orderable=False)
    planned = tables.Column(_("基数、进度、份额"), empty_values=(), orderable=False)
    leads = tables.Column(_("牵头单位"), empty_values=(), orderable=False)

    class Meta:
        model = Target
        fields = ()

    def as_values(self, *args: Any, **kwargs: Any) -> Any:
        # A file holds all rows, whatever page the table was turned to.
        self._ask([row.record for row in self.rows])
        return super().as_values(*args, **kwargs)

    def _ask(self, records: list[Target]) -> None:
        now = timezone.now()
        base = ground(records, as_of=now)
        judged = statuses(records, as_of=now, on=base)
        found = tallies(self.request.viewer, records, as_of=now, on=base)
        self._numbers = {pk: (tally, judged[pk]) for pk, tally in found.items()}

    def _prepared(self, record: Target) -> tuple[Tally, Status]:
        """Return the numbers of a row; those of the page are asked for at once."""
        if not hasattr(self, "_numbers"):
            rows = self.page.object_list if getattr(self, "page", None) else self.rows
            self._ask([row.record for row in rows])
        return self._numbers[record.pk]

    def _number(self, record: Target, name: str) -> Figure:
        return getattr(self._prepared(record)[0], name)

    def render_name(self, record: Target) -> SafeString:
        url = reverse("progress:target-plan", args=[record.version.plan.code, record.key])
        return format_html('<a href="{}">{}</a>', url, record.label)

    def value_name(self, record: Target) -> str:
        return record.label

    def render_goal(self, record: Target) -> str:
        return goal(record)

    def render_unit(self, value: str) -> str:
        return unit_label(value)

    def _shown(self, figure: Figure) -> str | SafeString:
        if figure.value is None:
            return number(None)
        return format_html('<a href="{}">{}</a>', rows_url(figure), number(figure.value))

    def render_claimed(self, record: Target) -> str | SafeString:
        return self._shown(self._number(record, "claimed"))

    def render_verified(self, record: Target) -> str | SafeString:
        return self._shown(self._number(record, "verified"))

    def render_counted(self, record: Target) -> str | SafeString:
        return self._shown(self._number(record, "counted"))

    def value_claimed(self, record: Target) -> Any:
        return self._number(record, "claimed").value

    def value_verified(self, record: Target) -> Any:
        return self._number(record, "verified").value

    def value_counted(self, record: Target) -> Any:
        return self._number(record, "counted").value

    def value_expected(self, record: Target) -> Any:
        found = self._prepared(record)[1].attainment
        return found.expected if found else None

    def render_expected(self, record: Target) -> str:
        value = self.value_expected(record)
        return number(None if value is None else round(value, 1))

    def render_state(self, record: Target) -> SafeString:
        found = self._prepared(record)[1]
        return format_html(
            '<span class="state is-{}" title="{}">{}</span>', found.state.value, found.sentence, found.label
        )

    def value_state(self, record: Target) -> str:
        found = self._prepared(record)[1]
        return f"{found.label} {found.sentence}".strip()

    def value_planned(self, record: Target) -> str:
        words = [str(_("有基数")) if record.has_baseline else str(_("无基数"))]
        words.append(str(_("有进度安排")) if record.has_path else str(_("直线推算")))
        if record.has_proposal:
            words.append(str(_("份额待确认")))
        elif record.has_shares:
            words.append(str(_("份额已确认")))
        return str(SEPARATOR).join(words)

    render_planned = value_planned

    def render_leads(self, record: Target) -> str:
        return str(SEPARATOR).join(duty.label for duty in record.measure.leads) if record.measure else "—"


def _plans(request: Any) -> QuerySet:
    return Plan.objects.visible_to(request.viewer)


class TargetPlanFilter(django_filters.FilterSet):
    """Targets by words, plan, where they stand, what is missing in their planning."""

    q = TextFilter(label=_("关键词"), over=("name", "name_en", "measure__name"))
    plan = django_filters.ModelChoiceFilter(
        label=_("方案"), empty_label=ALL, field_name="version__plan", queryset=_plans
    )
    state = django_filters.ChoiceFilter(
        label=_("进度判断"),
        empty_label=ALL,
        choices=(
            ("late", _("低于进度的全部")),
            *((state.value, STATE_WORDS[state]) for state in State),
        ),
        method="standing",
    )
    planned = django_filters.ChoiceFilter(
        label=_("待办的规划"),
        empty_label=ALL,
        choices=(("shares", _("份额待确认")), ("baseline", _("没有登记基数")), ("path", _("没有进度安排"))),
        method="missing",
    )

    class Meta:
        model = Target
        fields: tuple[str, ...] = ()

    def standing(self, rows: QuerySet, _name: str, wanted: str) -> QuerySet:
        found = statuses(rows, as_of=timezone.now())
        states = BEHIND if wanted == "late" else (wanted,)
        return rows.filter(pk__in=[pk for pk, status in found.items() if status.state in states])

    def missing(self, rows: QuerySet, _name: str, wanted: str) -> QuerySet:
        conditions = {
            "shares": Q(has_proposal=True),
            "baseline": Q(has_baseline=False),
            "path": Q(has_path=False),
        }
        return rows.filter(conditions[wanted])


class TargetPlanList(NeedsMixin, ListPage):
    """All targets in force as they are planned."""

    needs = READERS
    title = _("目标进度与分解")
    lead = _("申报、核实、认定并列；基数、进度安排和分市份额在每个目标里设定。已申报、已核实为您可见范围内的数。")
    empty = _("没有符合条件的目标。")
    table_class = TargetPlanTable
    filterset_class = TargetPlanFilter

    def get_queryset(self) -> Any:
        which = {"plan": OuterRef("version__plan"), "target_key": OuterRef("key"), "superseded_at": None}
        sets = ShareSet.objects.visible_to(self.request.viewer).filter(**which)
        return targets_in_force(self.request.viewer).annotate(
            has_baseline=Exists(Baseline.objects.visible_to(self.request.viewer).filter(**which)),
            has_path=Exists(Path.objects.visible_to(self.request.viewer).filter(**which)),
            has_proposal=Exists(sets.filter(state=ShareState.PROPOSED)),
            has_shares=Exists(sets.filter(state=ShareState.CONFIRMED)),
        )


class StandingTable(tables.Table):
    """Duties of a round: whose, where, which measure, what was reported."""

    measure = tables.Column(_("任务"), empty_values=(), order_by=("assignment__plan__order", "assignment__measure_key"))
    organisation = tables.Column(
        _("单位"), accessor="assignment__organisation", order_by="assignment__organisation__order"
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
        label=_("方案"), empty_label=ALL, field_name="assignment__plan", queryset=_plans
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
        label=_("单位"),
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
            .select_related(
                "round", "assignment__organisation", "assignment__region", "assignment__plan", "assignment__subtask"
            )
            .order_by("-round__period_end", "assignment__measure_key", "assignment__region__code", "pk")
        )
