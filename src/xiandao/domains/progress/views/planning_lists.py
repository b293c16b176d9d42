"""The list of targets with how they are planned and where they stand."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from xiandao.domains.orgs.access import NeedsMixin
from xiandao.domains.plans.filters import ALL, TextFilter
from xiandao.domains.plans.models import Plan, Target
from xiandao.domains.plans.queries import targets_in_force
from xiandao.domains.plans.tables import NUMBER, SEPARATOR
from xiandao.domains.progress.figures.links import rows_url
from xiandao.domains.progress.figures.status import BEHIND, STATE_WORDS, Status, statuses
from xiandao.domains.progress.figures.sums import Tally, ground, tallies
from xiandao.domains.progress.models import (
    Baseline,
    Path,
    ShareSet,
    ShareState,
)
from xiandao.domains.progress.views.planning_access import READERS
from xiandao.domains.shared.format import goal, number, unit_label
from xiandao.domains.shared.lists import ListPage
from xiandao.domains.shared.remember import remembered
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
        viewer = self.request.viewer

        def make() -> dict[int, tuple[Tally, Status]]:
            now = timezone.now()
            base = ground(records, as_of=now)
            judged = statuses(records, as_of=now, on=base)
            found = tallies(viewer, records, as_of=now, on=base)
            return {pk: (tally, judged[pk]) for pk, tally in found.items()}

        wanted = tuple(record.pk for record in records)
        self._numbers = remembered("progress.target_numbers", viewer.scope, wanted, make=make)

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


def plans_to_filter(request: Any) -> QuerySet:
    """Return the plans to filter by."""
    return Plan.objects.visible_to(request.viewer)


class TargetPlanFilter(django_filters.FilterSet):
    """Targets by words, plan, where they stand, what is missing in their planning."""

    q = TextFilter(label=_("关键词"), over=("name", "name_en", "measure__name"))
    plan = django_filters.ModelChoiceFilter(
        label=_("方案"), empty_label=ALL, field_name="version__plan", queryset=plans_to_filter
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
