"""Pages of industries."""

from typing import Any

import django_filters
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from xiandao.domains.industries import queries
from xiandao.domains.industries.models import Industry, IndustryGroup
from xiandao.domains.industries.queries.catalogue import in_force_with
from xiandao.domains.industries.tables import IndustryTable
from xiandao.domains.plans.filters import TextFilter
from xiandao.domains.plans.panels import panels_of
from xiandao.domains.shared.lists import ListPage


class IndustryFilter(django_filters.FilterSet):
    """Industries by words and group."""

    q = TextFilter(label=_("关键词"), over=("name", "name_en", "aliases__name"), distinct=True)
    group = django_filters.ModelChoiceFilter(
        label=_("类型"), empty_label=_("全部"), queryset=IndustryGroup.objects.all()
    )

    class Meta:
        model = Industry
        fields: tuple[str, ...] = ()


class IndustryList(ListPage):
    """All industries of the table."""

    title = _("产业")
    lead = _("方案确定的未来产业体系。前沿性产业随文件开放增补，不需要改动程序。")
    empty = _("没有符合条件的产业。")
    table_class = IndustryTable
    filterset_class = IndustryFilter

    def get_queryset(self) -> Any:
        return queries.industries()


def industry_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show one industry: its names, the documents that list it, the measures and targets that name it."""
    try:
        row = queries.industry(code)
    except Industry.DoesNotExist:
        raise Http404 from None
    measures, targets = queries.mentioned(request.viewer, queries.words_of(row))
    context = {
        "industry": row,
        "measures": measures,
        "targets": targets,
        "plans": queries.plans_by_code(request.viewer),
        "catalogue": in_force_with(row.code),
        "panels": panels_of("industry", request.viewer, industry=row),
    }
    return render(request, "industries/industry.html", context)
