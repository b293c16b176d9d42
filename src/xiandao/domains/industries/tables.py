"""Table of industries."""

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from xiandao.domains.industries.models import Industry


class IndustryTable(tables.Table):
    """Industries: group, name, other names, how many documents list it."""

    group = tables.Column(_("类型"), accessor="group__label", order_by="order")
    name = tables.Column(_("产业"), order_by="order")
    aliases = tables.Column(_("其他名称"), empty_values=(), orderable=False)
    listings = tables.Column(_("列入的文件"), empty_values=(), orderable=False)

    class Meta:
        model = Industry
        fields = ()

    def render_name(self, record: Industry) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("industries:detail", args=[record.code]), record.label)

    def value_name(self, record: Industry) -> str:
        return record.label

    def render_aliases(self, record: Industry) -> str:
        return str(_("、")).join(alias.name for alias in record.aliases.all()) or "—"

    def render_listings(self, record: Industry) -> str:
        return str(_("；")).join(listing.title for listing in record.listings.all() if listing.listed) or "—"
