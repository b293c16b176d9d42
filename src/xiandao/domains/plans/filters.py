"""Filters of the plan lists."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from xiandao.domains.orgs.models import Organisation, OrganisationKind, Region, RegionKind
from xiandao.domains.plans.models import Plan, Target, TargetKind

ALL = _("全部")


class TextFilter(django_filters.CharFilter):
    """Free words over several fields."""

    def __init__(self, *args: Any, over: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.over = over

    def filter(self, rows: QuerySet, value: str) -> QuerySet:
        if not value:
            return rows
        condition = Q()
        for field in self.over:
            condition |= Q(**{f"{field}__icontains": value})
        return rows.filter(condition).distinct() if self.distinct else rows.filter(condition)


def _plans(request: Any) -> QuerySet:
    return Plan.objects.visible_to(request.viewer)


def _leads(_request: Any) -> QuerySet:
    return Organisation.objects.filter(duties__role="lead").distinct()


class TargetFilter(django_filters.FilterSet):
    """Targets by words, plan, leading body and kind."""

    q = TextFilter(label=_("关键词"), over=("name", "name_en", "quote", "measure__name"))
    plan = django_filters.ModelChoiceFilter(
        label=_("方案"), empty_label=ALL, field_name="version__plan", queryset=_plans
    )
    lead = django_filters.ModelChoiceFilter(
        label=_("牵头单位"),
        empty_label=ALL,
        queryset=_leads,
        method="led_by",
    )
    kind = django_filters.ChoiceFilter(label=_("类型"), empty_label=ALL, choices=TargetKind.choices[:5])

    class Meta:
        model = Target
        fields: tuple[str, ...] = ()

    def led_by(self, rows: QuerySet, _name: str, body: Organisation) -> QuerySet:
        return rows.filter(measure__duties__organisation=body, measure__duties__role="lead").distinct()


class MeasureFilter(django_filters.FilterSet):
    """Measures by words, plan and responsible body."""

    q = TextFilter(label=_("关键词"), over=("name", "name_en", "text"))
    plan = django_filters.ModelChoiceFilter(
        label=_("方案"), empty_label=ALL, field_name="version__plan", queryset=_plans
    )
    body = django_filters.ModelChoiceFilter(
        label=_("责任单位"),
        empty_label=ALL,
        queryset=lambda _r: Organisation.objects.filter(duties__isnull=False).distinct(),
        method="of_body",
    )

    def of_body(self, rows: QuerySet, _name: str, body: Organisation) -> QuerySet:
        return rows.filter(duties__organisation=body).distinct()


class OrganisationFilter(django_filters.FilterSet):
    """Bodies by words, kind, place, and whether a plan names them."""

    q = TextFilter(label=_("关键词"), over=("name", "full_name", "name_en"))
    kind = django_filters.ChoiceFilter(label=_("类别"), empty_label=ALL, choices=OrganisationKind.choices)
    region = django_filters.ModelChoiceFilter(
        label=_("地区"),
        empty_label=ALL,
        queryset=Region.objects.filter(kind__in=(RegionKind.PROVINCE, RegionKind.CITY)),
    )
    named = django_filters.ChoiceFilter(
        label=_("方案点名"),
        choices=(("true", _("方案点名的单位")), ("false", _("未点名的单位"))),
        empty_label=ALL,
        method="named_in_plan",
    )

    class Meta:
        model = Organisation
        fields: tuple[str, ...] = ()

    def named_in_plan(self, rows: QuerySet, _name: str, wanted: str) -> QuerySet:
        return rows.filter(duties__isnull=wanted == "false").distinct()


class CityFilter(django_filters.FilterSet):
    """Cities by words."""

    q = TextFilter(label=_("关键词"), over=("name", "name_en", "group"))

    class Meta:
        model = Region
        fields: tuple[str, ...] = ()
