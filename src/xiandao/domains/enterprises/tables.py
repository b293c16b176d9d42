"""The table of enterprises: one line an enterprise, its industries beside it."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.enterprises.models import Classification, Decision, Enterprise, EnterpriseRole, SettledBy
from xiandao.domains.shared.columns import DayColumn
from xiandao.domains.shared.format import number

_NUMBER = {"td": {"class": "number"}, "th": {"class": "number"}}
_WAN = 10_000
_SHOWN = 4


def place_of(row: Enterprise) -> str:
    """Return where an enterprise is: city and county, else the place as printed."""
    if row.region is None:
        return row.place or _("地区不详")
    above = row.region.parent
    return row.region.label if above is None or above.parent_id is None else f"{above.label} {row.region.label}"


def terms_of(result: Classification) -> list[str]:
    """Return the terms that count for a result, each once, as they stand in the evidence."""
    return list(dict.fromkeys(each["term"] for each in result.evidence if not each.get("discount")))


def chance(score: float | None) -> str:
    """Return a probability as a percentage; never 100%, which nobody knows."""
    return "—" if score is None else f"{min(score, 0.99):.0%}"


class FirmTable(tables.Table):
    """Enterprises: name, code, place, registered, capital, industries with role and probability, terms found."""

    name = tables.Column(gettext_lazy("企业"), order_by="name", attrs={"td": {"class": "firm-name"}})
    uscc = tables.Column(gettext_lazy("统一社会信用代码"), default="—", attrs={"td": {"class": "firm-code"}})
    region = tables.Column(
        gettext_lazy("地区"), empty_values=(), order_by=("region_id", "name"), attrs={"td": {"class": "firm-place"}}
    )
    registered_on = DayColumn(verbose_name=gettext_lazy("成立日期"), default="—", attrs={"td": {"class": "nowrap"}})
    capital = tables.Column(gettext_lazy("注册资本（万元）"), attrs=_NUMBER, default="—")
    found = tables.Column(gettext_lazy("产业、角色、概率"), empty_values=(), orderable=False)
    terms = tables.Column(gettext_lazy("依据的词条"), empty_values=(), orderable=False)

    class Meta:
        model = Enterprise
        fields = ()

    def __init__(self, *args: Any, every: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.every = every

    def _results(self, record: Enterprise) -> list[Classification]:
        """Return the results to show: those decided "out" only where the list shows such."""
        return [row for row in getattr(record, "found", []) if self.every or row.decision != Decision.OUT]

    def render_name(self, record: Enterprise) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("enterprises:detail", args=[record.pk]), record.name)

    def value_name(self, record: Enterprise) -> str:
        return record.name

    def render_region(self, record: Enterprise) -> str:
        return place_of(record)

    def render_capital(self, value: Any) -> str:
        return number(value / _WAN)

    def value_capital(self, record: Enterprise) -> Any:
        return None if record.capital is None else record.capital / _WAN

    def render_found(self, record: Enterprise) -> SafeString:
        marks = [
            (row.decision, row.industry.label, row.get_role_display(), chance(row.score), _note(row))
            for row in self._results(record)
        ]
        return format_html_join(
            " ", '<span class="firm-mark is-{}">{} <small>{} {}{}</small></span>', marks
        ) or SafeString("—")

    def value_found(self, record: Enterprise) -> str:
        return "；".join(
            f"{row.industry.label} {row.get_role_display()} {chance(row.score)} {row.get_decision_display()}"
            f"（{row.get_settled_display()}）"
            for row in self._results(record)
        )

    def render_terms(self, record: Enterprise) -> str:
        found = self._terms(record)
        more = _("等 %(n)s 个") % {"n": len(found)} if len(found) > _SHOWN else ""
        return _("、").join(found[:_SHOWN]) + more or "—"

    def value_terms(self, record: Enterprise) -> str:
        return "；".join(
            f"{row.industry.label}：{'、'.join(terms_of(row))}" for row in self._results(record) if terms_of(row)
        )

    def _terms(self, record: Enterprise) -> list[str]:
        return list(dict.fromkeys(term for row in self._results(record) for term in terms_of(row)))


def _note(row: Classification) -> str:
    """Return what must be said beside a mark: that it waits, does not count, or that a person settled it."""
    if row.decision == Decision.REVIEW:
        return f" {_('待复核')}"
    if row.decision == Decision.OUT or row.role not in {EnterpriseRole.CORE, EnterpriseRole.SERVICE}:
        return f" {_('不计')}"
    return "" if row.settled == SettledBy.MODEL else f" {row.get_settled_display()}"
