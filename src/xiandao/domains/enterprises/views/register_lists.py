"""Lists of registers: the versions, and what changed with enterprises when one was loaded."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.enterprises.models import ChangeKind, EnterpriseChange, RegisterState, RegisterVersion
from xiandao.domains.enterprises.queries import registers as queries
from xiandao.domains.enterprises.queries import runs as run_queries
from xiandao.domains.industries.queries import catalogue
from xiandao.domains.orgs.access import NeedsMixin, Request
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Region, RegionKind
from xiandao.domains.plans.filters import ALL, TextFilter
from xiandao.domains.shared.columns import DayColumn, MomentColumn
from xiandao.domains.shared.lists import ListPage

READERS = (Can.READ_ENTERPRISES, Can.LOAD_REGISTERS)
_NOWRAP = {"td": {"class": "nowrap"}}
_NUMBER = {"td": {"class": "number"}, "th": {"class": "number"}}


class RegisterTable(tables.Table):
    """Versions of the register, newest first."""

    number = tables.Column(gettext_lazy("版次"), attrs=_NUMBER)
    title = tables.Column(gettext_lazy("名称"))
    state = tables.Column(gettext_lazy("状态"))
    as_of = DayColumn(verbose_name=gettext_lazy("数据截止日"), attrs=_NOWRAP)
    rows = tables.Column(gettext_lazy("行数"), attrs=_NUMBER)
    bad_rows = tables.Column(gettext_lazy("未读行"), attrs=_NUMBER)
    source = tables.Column(gettext_lazy("来源"), default="—")
    created_at = MomentColumn(verbose_name=gettext_lazy("上传时间"), format="Y-m-d H:i", attrs=_NOWRAP)
    by = tables.Column(gettext_lazy("上传人"))

    class Meta:
        model = RegisterVersion
        fields = ()

    def render_title(self, record: RegisterVersion) -> SafeString:
        mark = format_html(' <span class="badge badge-confidence">{}</span>', _("演示")) if record.is_demo else ""
        return format_html('<a href="{}">{}</a>{}', reverse("enterprises:register", args=[record.number]), record, mark)

    def value_title(self, record: RegisterVersion) -> str:
        return record.title

    def render_state(self, record: RegisterVersion) -> SafeString:
        return format_html('<span class="state is-{}">{}</span>', record.state, record.get_state_display())

    def value_state(self, record: RegisterVersion) -> str:
        return str(record.get_state_display())

    def render_rows(self, value: int) -> str:
        return f"{value:,}" if value else "—"

    def value_rows(self, value: int) -> int:
        return value

    def render_bad_rows(self, value: int) -> str:
        return f"{value:,}"

    def value_bad_rows(self, value: int) -> int:
        return value


class RegisterFilter(django_filters.FilterSet):
    """Versions by words and state."""

    q = TextFilter(label=gettext_lazy("关键词"), over=("title", "source", "file_name"))
    state = django_filters.ChoiceFilter(label=gettext_lazy("状态"), empty_label=ALL, choices=RegisterState.choices)


class RegisterList(NeedsMixin, ListPage):
    """Which registers were handed in, which is in force, and what to do next."""

    needs = READERS
    title = gettext_lazy("登记名录")
    lead = gettext_lazy(
        "登记名录按版次载入：先检查并与现行版比较，看过预览、确认后才生效；全部载入，或什么都不改。"
        "企业识别读的是现行版。"
    )
    empty = gettext_lazy("还没有载入登记名录。")
    template_name = "enterprises/registers/list.html"
    table_class = RegisterTable
    filterset_class = RegisterFilter

    def get_queryset(self) -> QuerySet[RegisterVersion]:
        return queries.registers(self.request.viewer)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        viewer = self.request.viewer
        run, terms = run_queries.run_in_force(viewer), catalogue.in_force()
        source = queries.register_in_force(viewer)
        return super().get_context_data(**kwargs) | {
            "may_load": viewer.can(Can.LOAD_REGISTERS),
            "register": source,
            "run": run,
            "catalogue": terms,
            "stale_catalogue": run is not None and terms is not None and run.catalogue_id != terms.pk,
            "stale_register": run is not None and source is not None and run.register_id != source.pk,
            "open_twins": queries.open_twins(viewer),
        }


class ChangeTable(tables.Table):
    """What changed with enterprises when a version was loaded."""

    enterprise = tables.Column(gettext_lazy("企业"), order_by="enterprise__name")
    region = tables.Column(
        gettext_lazy("地区"), accessor="enterprise__region", default="—", order_by="enterprise__region_id"
    )
    kind = tables.Column(gettext_lazy("变化"))
    before = tables.Column(gettext_lazy("原来"), default="—", orderable=False)
    after = tables.Column(gettext_lazy("现在"), default="—", orderable=False)

    class Meta:
        model = EnterpriseChange
        fields = ()

    def render_enterprise(self, record: EnterpriseChange) -> SafeString:
        firm = record.enterprise
        return format_html('<a href="{}">{}</a>', reverse("enterprises:detail", args=[firm.pk]), firm.name)

    def value_enterprise(self, record: EnterpriseChange) -> str:
        return record.enterprise.name

    def render_region(self, value: Region) -> str:
        return value.label

    def render_before(self, value: str) -> SafeString | str:
        return _short(value)

    def value_before(self, value: str) -> str:
        return value

    def render_after(self, value: str) -> SafeString | str:
        return _short(value)

    def value_after(self, value: str) -> str:
        return value


_LONG = 80


def _short(text: str) -> SafeString | str:
    """Return a text, a long one folded."""
    if len(text) <= _LONG:
        return text
    return format_html("<details><summary>{}……</summary><div>{}</div></details>", text[:_LONG], text)


class ChangeFilter(django_filters.FilterSet):
    """Changes by words, kind and city."""

    q = TextFilter(label=gettext_lazy("关键词"), over=("enterprise__name", "before", "after"))
    kind = django_filters.ChoiceFilter(label=gettext_lazy("变化"), empty_label=ALL, choices=ChangeKind.choices)
    city = django_filters.ModelChoiceFilter(
        label=gettext_lazy("设区市"),
        empty_label=ALL,
        queryset=Region.objects.filter(kind=RegionKind.CITY),
        method="in_city",
    )

    def in_city(self, rows: QuerySet[Any], _name: str, value: Region | None) -> QuerySet[Any]:
        if value is None:
            return rows
        return rows.filter(enterprise__region__in=[value.pk, *value.children.values_list("pk", flat=True)])


class ChangeList(NeedsMixin, ListPage):
    """What changed with the enterprises of future industries when a version was loaded."""

    needs = READERS
    empty = gettext_lazy("没有符合条件的变化。")
    lead = gettext_lazy("只列出有目录词条的企业；全部企业的增减数在名录的页面上按市列出。")
    table_class = ChangeTable
    filterset_class = ChangeFilter

    def dispatch(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            self.version = queries.register_by_number(request.viewer, kwargs["number"])
        except RegisterVersion.DoesNotExist:
            raise Http404 from None
        self.title = _("第 %(number)s 版名录的企业变化") % {"number": self.version.number}
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[EnterpriseChange]:
        return queries.changes_of(self.request.viewer, self.version)
