"""The list of entries, by default those on their lists; Excel of the very rows shown."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.industries.models import Industry
from xiandao.domains.ledger import rules
from xiandao.domains.ledger.models import Entry, EntryState, HolderRole
from xiandao.domains.ledger.queries import entries as queries
from xiandao.domains.orgs.models import Region, RegionKind
from xiandao.domains.plans.filters import ALL
from xiandao.domains.plans.models import Plan
from xiandao.domains.progress.measure_names import target_names
from xiandao.domains.shared.columns import DayColumn
from xiandao.domains.shared.lists import ListPage

CHIPS = {
    EntryState.LISTED: "verified",
    EntryState.RECTIFYING: "returned",
    EntryState.DOWNGRADED: "returned",
    EntryState.UPGRADED: "verified",
    EntryState.EXPIRED: "rejected",
    EntryState.REMOVED: "rejected",
    EntryState.WITHDRAWN: "rejected",
    EntryState.ELSEWHERE: "draft",
}
STATES = [
    ("on", gettext_lazy("在列（含整改中）")),
    ("counted", gettext_lazy("计数中")),
    ("off", gettext_lazy("已不在列")),
    *EntryState.choices,
    ("all", gettext_lazy("全部")),
]
_MOST = 3
_WIDE = {"td": {"class": "wide"}}
_NOWRAP = {"td": {"class": "nowrap"}}


def chip(entry: Entry) -> SafeString:
    """Draw the state of an entry."""
    shape = CHIPS.get(EntryState(entry.state), "draft")
    return format_html('<span class="state is-{}">{}</span>', shape, entry.get_state_display())


def place_name(region: Region) -> str:
    """Return a place with its city: 南京市江宁区; the province and a city alone."""
    parent = region.parent
    return f"{parent.label}{region.label}" if parent is not None and parent.parent_id else region.label


class EntryTable(tables.Table):
    """Entries: what, of which kind, whose, where, in which state, whether it counts, decided when.

    The columns not shown are in the Excel.
    """

    code = tables.Column(gettext_lazy("台账编号"), visible=False)
    name = tables.Column(gettext_lazy("名称"), attrs=_WIDE)
    kind_name = tables.Column(gettext_lazy("类别"))
    holder = tables.Column(gettext_lazy("单位"), empty_values=(), orderable=False, attrs=_WIDE)
    regions = tables.Column(gettext_lazy("地区"), empty_values=(), orderable=False, attrs=_NOWRAP)
    industries = tables.Column(gettext_lazy("产业"), empty_values=(), orderable=False)
    state = tables.Column(gettext_lazy("状态"))
    counts = tables.Column(gettext_lazy("计数"), empty_values=(), attrs=_NOWRAP)
    decided_on = DayColumn(verbose_name=gettext_lazy("公布日期"), default="—", attrs=_NOWRAP)
    decision_number = tables.Column(gettext_lazy("文号"), default="", visible=False)
    valid_to = DayColumn(verbose_name=gettext_lazy("有效期止"), default="", visible=False)
    source = tables.Column(gettext_lazy("来源"), default="", visible=False)
    source_grade = tables.Column(gettext_lazy("来源等级"), default="", visible=False)

    class Meta:
        model = Entry
        fields = ()

    def render_name(self, record: Entry) -> SafeString:
        address = reverse("ledger:entry", args=[record.code])
        return format_html('<a href="{}">{}</a><div class="source-line">{}</div>', address, record.name, record.code)

    def value_name(self, record: Entry) -> str:
        return record.name

    def render_holder(self, record: Any) -> str:
        names = [held.name for held in record.bodies]
        return _few(names) if names else "—"

    def value_holder(self, record: Any) -> str:
        return _("、").join(held.name for held in record.bodies)

    def render_regions(self, record: Entry) -> str:
        return _few([place_name(region) for region in record.regions.all()]) or "—"

    def value_regions(self, record: Entry) -> str:
        return _("、").join(place_name(region) for region in record.regions.all())

    def render_industries(self, record: Entry) -> str:
        return _few([industry.label for industry in record.industries.all()]) or "—"

    def value_industries(self, record: Entry) -> str:
        return _("、").join(industry.label for industry in record.industries.all())

    def render_state(self, record: Entry) -> SafeString:
        return chip(record)

    def value_state(self, record: Entry) -> str:
        return str(record.get_state_display())

    def render_counts(self, record: Any) -> str:
        return _("计数") if record.counts else "—"

    def value_counts(self, record: Any) -> str:
        return _("计数") if record.counts else _("不计数")


def _few(names: list[str]) -> str:
    shown = _("、").join(names[:_MOST])
    return _("%(some)s 等 %(n)s 个") % {"some": shown, "n": len(names)} if len(names) > _MOST else shown


def _kinds() -> list[tuple[str, str]]:
    rows = Entry.objects.for_system("kinds are public").order_by("kind_name").values_list("kind", "kind_name")
    return list(rows.distinct())


def _targets() -> list[tuple[str, str]]:
    codes = dict(Plan.objects.for_system("plans are public").values_list("pk", "code"))
    return [(f"{codes[plan]}:{key}", name) for (plan, key), name in target_names().items() if plan in codes]


def _years() -> list[tuple[str, str]]:
    days = Entry.objects.for_system("years are public").order_by().dates("decided_on", "year", order="DESC")
    return [(str(day.year), str(day.year)) for day in days]


class EntryFilter(django_filters.FilterSet):
    """Entries by words, kind, city, industry, state, target, year; where no state is asked for, those on the list."""

    q = django_filters.CharFilter(label=gettext_lazy("关键词"), method="by_words")
    state = django_filters.ChoiceFilter(label=gettext_lazy("状态"), empty_label=None, choices=STATES, method="by_state")
    kind = django_filters.ChoiceFilter(label=gettext_lazy("类别"), empty_label=ALL, choices=_kinds)
    city = django_filters.ModelChoiceFilter(
        label=gettext_lazy("设区市"),
        empty_label=ALL,
        queryset=lambda _request: Region.objects.filter(kind=RegionKind.CITY),
        method="in_city",
    )
    industry = django_filters.ModelChoiceFilter(
        label=gettext_lazy("产业"),
        empty_label=ALL,
        queryset=lambda _request: Industry.objects.order_by("order"),
        method="of_industry",
    )
    target = django_filters.ChoiceFilter(
        label=gettext_lazy("服务的目标"), empty_label=ALL, choices=_targets, method="of_target"
    )
    year = django_filters.ChoiceFilter(
        label=gettext_lazy("公布年份"), empty_label=ALL, choices=_years, method="in_year"
    )

    class Meta:
        model = Entry
        fields: tuple[str, ...] = ()

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        given = data.copy() if data is not None else {}
        if not given.get("state"):
            given["state"] = "on"
        super().__init__(given, *args, **kwargs)

    def by_words(self, rows: QuerySet, _name: str, words: str) -> QuerySet:
        """Names of persons are found by nobody."""
        held = Q(holders__name__icontains=words) & ~Q(holders__role=HolderRole.PERSON)
        fields = ("name", "code", "former_lines", "decision", "decision_number")
        condition = Q(pk__in=Entry.objects.for_system("by holder").filter(held).values("pk"))
        for field in fields:
            condition |= Q(**{f"{field}__icontains": words})
        return rows.filter(condition)

    def by_state(self, rows: QuerySet, _name: str, state: str) -> QuerySet:
        if state == "on":
            return rows.filter(state__in=queries.ON_LIST)
        if state == "off":
            return rows.filter(state__in=queries.OFF_LIST)
        if state == "counted":
            return rows.filter(counts=True)
        return rows if state == "all" else rows.filter(state=state)

    def in_city(self, rows: QuerySet, _name: str, city: Region) -> QuerySet:
        found = Entry.objects.for_system("by place").filter(Q(regions=city) | Q(regions__parent=city))
        return rows.filter(pk__in=found.values("pk"))

    def of_industry(self, rows: QuerySet, _name: str, industry: Industry) -> QuerySet:
        found = Entry.objects.for_system("by industry").filter(industries=industry)
        return rows.filter(pk__in=found.values("pk"))

    def of_target(self, rows: QuerySet, _name: str, target: str) -> QuerySet:
        """Those that name the target; where counted ones are asked for, those that count towards it."""
        code, _colon, key = target.partition(":")
        plan = Plan.objects.for_system("plans are public").filter(code=code).values_list("pk", flat=True).first()
        counts = queries.counting_for(plan or 0, key)
        if self.data.get("state") == "counted":
            return rows.filter(counts)
        named = Entry.objects.for_system("by target").filter(targets__plan=plan, targets__target_key=key)
        return rows.filter(counts | Q(pk__in=named.values("pk")))

    def in_year(self, rows: QuerySet, _name: str, year: str) -> QuerySet:
        return rows.filter(decided_on__year=int(year))


class EntryList(ListPage):
    """The entries a viewer sees."""

    template_name = "ledger/list.html"
    title = gettext_lazy("台账")
    lead = gettext_lazy(
        "认定、立项、公布的每一项，一项一条；在列的计入所服务的目标，每个方案只计一次。他处公布的注明来源，不计数。"
    )
    empty = gettext_lazy("没有符合条件的条目。")
    table_class = EntryTable
    filterset_class = EntryFilter

    def get_queryset(self) -> Any:
        return queries.entries(self.request.viewer)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        viewer = self.request.viewer
        more = {"standing": queries.standing(viewer), "may_enter": rules.may_enter(viewer)}
        return super().get_context_data(**kwargs) | more
