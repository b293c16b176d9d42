"""Filters of the administrators' lists."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xiandao.domains.orgs.models import (
    Grant,
    GrantKind,
    GrantState,
    OpenSession,
    Organisation,
    OrganisationKind,
    Post,
    Region,
    RegionKind,
    Role,
    User,
)

ALL = _("全部")
STATES = (("1", _("启用")), ("0", _("停用")))


class PeopleFilter(django_filters.FilterSet):
    """People by words, role, organisation and state."""

    q = django_filters.CharFilter(label=_("姓名、账号"), method="words")
    role = django_filters.ModelChoiceFilter(
        label=_("角色"), empty_label=ALL, queryset=Role.objects.all(), method="with_role"
    )
    body = django_filters.CharFilter(label=pgettext_lazy("one", "机构"), method="in_body")
    active = django_filters.ChoiceFilter(label=_("状态"), choices=STATES, empty_label=ALL, field_name="is_active")

    class Meta:
        model = User
        fields: tuple[str, ...] = ()

    def words(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return rows.filter(Q(name__icontains=value) | Q(username__icontains=value))

    def with_role(self, rows: QuerySet, _name: str, value: Role) -> QuerySet:
        held = Post.objects.filter(Post.holding(timezone.localdate()), role=value)
        return rows.filter(pk__in=held.values("user"))

    def in_body(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        held = Post.objects.filter(Post.holding(timezone.localdate()))
        named = Q(organisation__name__icontains=value) | Q(organisation__code=value)
        return rows.filter(pk__in=held.filter(named).values("user"))


class GrantFilter(django_filters.FilterSet):
    """Grants by person, kind and state."""

    q = django_filters.CharFilter(label=_("姓名、账号、机构"), method="words")
    kind = django_filters.ChoiceFilter(label=_("事项"), choices=GrantKind.choices, empty_label=ALL)
    state = django_filters.ChoiceFilter(label=_("状态"), choices=GrantState.choices, empty_label=ALL)

    class Meta:
        model = Grant
        fields: tuple[str, ...] = ()

    def words(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return rows.filter(
            Q(user__name__icontains=value) | Q(user__username__icontains=value) | Q(organisation__name__icontains=value)
        )


class SessionFilter(django_filters.FilterSet):
    """Sessions by person or address."""

    q = django_filters.CharFilter(label=_("姓名、账号、地址"), method="words")

    class Meta:
        model = OpenSession
        fields: tuple[str, ...] = ()

    def words(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return rows.filter(
            Q(user__name__icontains=value) | Q(user__username__icontains=value) | Q(address__startswith=value)
        )


class BodyFilter(django_filters.FilterSet):
    """Organisations by words, kind, place and state."""

    q = django_filters.CharFilter(label=_("名称、代码、信用代码"), method="words")
    kind = django_filters.ChoiceFilter(label=_("类别"), choices=OrganisationKind.choices, empty_label=ALL)
    region = django_filters.ModelChoiceFilter(
        label=_("地区"),
        empty_label=ALL,
        queryset=Region.objects.filter(kind__in=(RegionKind.PROVINCE, RegionKind.CITY)),
        method="in_region",
    )
    active = django_filters.ChoiceFilter(label=_("状态"), choices=STATES, empty_label=ALL, field_name="is_active")

    class Meta:
        model = Organisation
        fields: tuple[str, ...] = ()

    def words(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return rows.filter(
            Q(name__icontains=value)
            | Q(full_name__icontains=value)
            | Q(code__icontains=value)
            | Q(credit_code=value.strip().upper())
        )

    def in_region(self, rows: QuerySet, _name: str, value: Region) -> QuerySet:
        if value.kind == RegionKind.PROVINCE:
            return rows.filter(region=value)
        return rows.filter(Q(region=value) | Q(region__parent=value))
