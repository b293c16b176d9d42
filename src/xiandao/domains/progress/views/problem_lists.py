"""The list of problems, and who is waiting for whom."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xiandao.domains.orgs.access import NeedsMixin, Request, needs
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Organisation, Region, RegionKind
from xiandao.domains.plans.filters import ALL, TextFilter
from xiandao.domains.progress.measure_names import measure_names
from xiandao.domains.progress.models import Problem, ProblemState
from xiandao.domains.progress.queries import problems as queries
from xiandao.domains.shared.columns import DayColumn, MomentColumn
from xiandao.domains.shared.lists import ListPage

READERS = (Can.REPORT, Can.VERIFY, Can.READ_PROGRESS, Can.ANSWER_PROBLEMS)


class ProblemTable(tables.Table):
    """Problems: what, whose, whose turn it is, until when."""

    code = tables.Column(_("编号"))
    title = tables.Column(_("难点堵点"))
    state = tables.Column(_("状态"))
    raised_by = tables.Column(_("提出单位"), order_by=("raised_by__order", "raised_by__code"))
    holder = tables.Column(_("现在等谁"), empty_values=(), orderable=False)
    due_on = DayColumn(verbose_name=_("本环节截止"), format="Y-m-d", default="—")
    measure = tables.Column(_("任务"), empty_values=(), order_by=("assignment__plan__order", "assignment__measure_key"))
    region = tables.Column(_("地区"), accessor="assignment__region", order_by="assignment__region__code")
    raised_at = MomentColumn(verbose_name=pgettext_lazy("problem", "提出时间"), format="Y-m-d")
    escalated_at = MomentColumn(verbose_name=_("升级"), format="Y-m-d", default="—")

    class Meta:
        model = Problem
        fields = ()

    def before_render(self, request: Request) -> None:  # noqa: ARG002 — called by django-tables2
        self._prepare()

    def as_values(self, *args: Any, **kwargs: Any) -> Any:
        self._prepare()
        return super().as_values(*args, **kwargs)

    def _prepare(self) -> None:
        """Fetch what the rows refer to once, however many rows there are."""
        self.today = timezone.localdate()
        self.names = measure_names()
        self.coordinator = Organisation.objects.filter(is_coordinator=True).first()

    def render_title(self, record: Problem) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("progress:problem", args=[record.code]), record.title)

    def value_title(self, record: Problem) -> str:
        return record.title

    def render_state(self, record: Problem) -> SafeString:
        return format_html('<span class="state is-{}">{}</span>', record.state, record.get_state_display())

    def value_state(self, record: Problem) -> str:
        return str(record.get_state_display())

    def render_raised_by(self, record: Problem) -> str:
        return record.raised_by.label

    def render_holder(self, record: Problem) -> str:
        holder = {
            ProblemState.RAISED: self.coordinator,
            ProblemState.ASSIGNED: record.assigned_to,
            ProblemState.ANSWERED: record.raised_by,
        }.get(record.state)
        return holder.label if holder else "—"

    def render_due_on(self, record: Problem) -> SafeString | str:
        if record.due_on is None:
            return "—"
        late = record.due_on < self.today
        return format_html('<span class="late">{} {}</span>', record.due_on, _("逾期")) if late else f"{record.due_on}"

    def value_due_on(self, record: Problem) -> str:
        return f"{record.due_on or ''}"

    def render_measure(self, record: Problem) -> str:
        key = (record.assignment.plan_id, record.assignment.measure_key)
        return self.names.get(key, record.assignment.measure_key)

    def render_region(self, record: Problem) -> str:
        return record.assignment.region.label


def _bodies(request: Request, *parts: str, coordinator: bool = False) -> QuerySet[Organisation]:
    """Return the bodies with these parts in the problems the viewer sees; of other problems no filter tells."""
    seen = Problem.objects.visible_to(request.viewer).order_by()
    wanted = Q(is_coordinator=True) if coordinator else Q(pk__in=[])
    for part in parts:
        wanted |= Q(pk__in=seen.filter(**{f"{part}__isnull": False}).values(part))
    return Organisation.objects.filter(wanted)


class ProblemFilter(django_filters.FilterSet):
    """Problems by words, state, place, and whose turn it is."""

    q = TextFilter(label=_("关键词"), over=("code", "title", "text", "request"))
    turn = django_filters.ChoiceFilter(
        label=_("轮到谁"),
        empty_label=ALL,
        choices=(
            ("mine", _("轮到本单位")),
            ("waiting", _("本单位在等")),
            ("late", _("已逾期")),
            ("escalated", _("已升级")),
            ("open", _("未办结")),
        ),
        method="by_turn",
    )
    state = django_filters.ChoiceFilter(label=_("状态"), empty_label=ALL, choices=ProblemState.choices)
    region = django_filters.ModelChoiceFilter(
        label=_("地区"),
        empty_label=ALL,
        field_name="assignment__region",
        queryset=Region.objects.filter(kind__in=(RegionKind.PROVINCE, RegionKind.CITY)),
    )
    raised_by = django_filters.ModelChoiceFilter(
        label=_("提出单位"),
        empty_label=ALL,
        to_field_name="code",
        queryset=lambda request: _bodies(request, "raised_by"),
    )
    holder = django_filters.ModelChoiceFilter(
        label=_("现在等谁"),
        empty_label=ALL,
        to_field_name="code",
        queryset=lambda request: _bodies(request, "raised_by", "assigned_to", coordinator=True),
        method="held_by",
    )

    class Meta:
        model = Problem
        fields: tuple[str, ...] = ()

    def by_turn(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        own = self.request.viewer.organisation_id
        opened = rows.filter(state__in=queries.OPEN)
        match value:
            case "mine":
                return opened.filter(holder_id=own)
            case "waiting":
                return opened.filter(raised_by=own).exclude(holder_id=own)
            case "late":
                return queries.overdue(rows, timezone.localdate())
            case "escalated":
                return opened.filter(escalated_at__isnull=False)
            case _:
                return opened

    def held_by(self, rows: QuerySet, _name: str, body: Organisation) -> QuerySet:
        return rows.filter(state__in=queries.OPEN, holder_id=body.pk)


class ProblemList(NeedsMixin, ListPage):
    """All problems the viewer sees."""

    needs = READERS
    template_name = "progress/problems/list.html"
    title = _("难点堵点")
    lead = _("谁请谁帮忙、交给了谁、到哪一步、等了多久。提出后限期交办，交办后限期答复，到期未办结的升级至协调机制。")
    empty = _("没有符合条件的难点堵点。")
    table_class = ProblemTable
    filterset_class = ProblemFilter

    def get_queryset(self) -> Any:
        return queries.problems(self.request.viewer)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"may_raise": self.request.viewer.can(Can.RAISE_PROBLEMS)}


@needs(*READERS)
def waiting(request: Request) -> HttpResponse:
    """Show who is waiting for whom."""
    rows = queries.waits(request.viewer, today=timezone.localdate())
    return render(request, "progress/problems/waiting.html", {"waits": rows})
