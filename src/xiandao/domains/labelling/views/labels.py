"""The list of labels."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.industries.models import Industry
from xiandao.domains.labelling.models import Label, LabelSource
from xiandao.domains.labelling.queries.samples import industry_names
from xiandao.domains.labelling.roles import worded
from xiandao.domains.labelling.views.access import DESK
from xiandao.domains.orgs.access import NeedsMixin
from xiandao.domains.plans.filters import ALL, TextFilter
from xiandao.domains.shared.columns import MomentColumn
from xiandao.domains.shared.lists import ListPage


class LabelTable(tables.Table):
    """Labels: of whom, what, on what ground, whether it still holds."""

    name = tables.Column(gettext_lazy("企业"))
    labels = tables.Column(gettext_lazy("认定"), orderable=False, empty_values=())
    doubtful = tables.Column(gettext_lazy("拿不准"))
    source = tables.Column(gettext_lazy("依据"))
    holds = tables.Column(gettext_lazy("效力"), orderable=False, empty_values=())
    at = MomentColumn(verbose_name=gettext_lazy("时间"), format="Y-m-d H:i")
    by = tables.Column(gettext_lazy("认定人"))

    class Meta:
        model = Label
        fields = ()

    def before_render(self, request: Any) -> None:  # noqa: ARG002 — called by django-tables2
        self.names = industry_names()

    def as_values(self, *args: Any, **kwargs: Any) -> Any:
        self.names = industry_names()
        return super().as_values(*args, **kwargs)

    def render_name(self, record: Label) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>', reverse("enterprises:detail", args=[record.enterprise_id]), record.name
        )

    def value_name(self, record: Label) -> str:
        return record.name

    def render_labels(self, record: Label) -> str:
        if record.about and not record.labels:
            return _("不属于：%(names)s") % {"names": "、".join(self.names.get(code, code) for code in record.about)}
        return worded(record.labels, self.names)

    def render_doubtful(self, record: Label) -> str:
        return _("是") if record.doubtful else "—"

    def render_source(self, record: Label) -> str:
        return str(record.get_source_display())

    def render_holds(self, record: Label) -> str:
        if not record.current:
            return _("已被后来的认定替代")
        return _("有效") if record.is_same else _("文本已变更，待重新复核")


class LabelFilter(django_filters.FilterSet):
    """Labels by words, industry, ground, doubt and whether they hold."""

    q = TextFilter(label=gettext_lazy("关键词"), over=("name", "scope", "by"))
    industry = django_filters.ModelChoiceFilter(
        label=gettext_lazy("产业"), empty_label=ALL, queryset=Industry.objects.order_by("order"), method="in_industry"
    )
    source = django_filters.ChoiceFilter(label=gettext_lazy("依据"), empty_label=ALL, choices=LabelSource.choices)
    holds = django_filters.ChoiceFilter(
        label=gettext_lazy("效力"),
        empty_label=gettext_lazy("全部（含已被替代的）"),
        choices=(("current", gettext_lazy("最新的")), ("changed", gettext_lazy("文本已变更"))),
        method="by_standing",
    )
    doubtful = django_filters.ChoiceFilter(
        label=gettext_lazy("拿不准"), empty_label=ALL, choices=(("yes", gettext_lazy("是")),), method="by_doubt"
    )

    class Meta:
        model = Label
        fields: tuple[str, ...] = ()

    def in_industry(self, rows: QuerySet, _name: str, industry: Industry) -> QuerySet:
        return rows.filter(labels__has_key=industry.code)

    def by_standing(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        same = Q(name=F("enterprise__name"), scope=F("enterprise__scope"))
        return rows.filter(current=True) if value == "current" else rows.filter(current=True).exclude(same)

    def by_doubt(self, rows: QuerySet, _name: str, _value: str) -> QuerySet:
        return rows.filter(doubtful=True)


class LabelList(NeedsMixin, ListPage):
    """All labels a reviewer sees."""

    needs = DESK
    template_name = "labelling/labels.html"
    title = gettext_lazy("标注")
    lead = gettext_lazy(
        "人工认定的结果，连同认定时的企业名称和经营范围。重新拟合识别模型时用的就是最新且文本未变的标注。"
    )
    empty = gettext_lazy("还没有标注：抽取复核批次并判断后，结果出现在这里。")
    table_class = LabelTable
    filterset_class = LabelFilter

    def get_queryset(self) -> Any:
        from xiandao.domains.labelling.queries.labels import labels

        return labels(self.request.viewer)
