"""Tables of the plan lists. What a column shows on the page is what Excel gets, as plain text."""

from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xiandao.domains.orgs.models import Organisation, Region
from xiandao.domains.plans.figures import Counting, countings
from xiandao.domains.plans.models import DutyRole, Measure, Target
from xiandao.domains.shared.format import goal, number, unit_label

NUMBER = {"td": {"class": "number"}, "th": {"class": "number"}}
SEPARATOR = _("、")


class TargetTable(tables.Table):
    """All targets in force: what, how much, until when, who leads, how much is counted."""

    key = tables.Column(_("编号"), order_by=("version__plan__order", "order"))
    name = tables.Column(_("目标"))
    goal = tables.Column(_("目标值"), empty_values=(), order_by="value", attrs=NUMBER)
    unit = tables.Column(_("单位"))
    counted = tables.Column(_("已认定"), empty_values=(), orderable=False, attrs=NUMBER)
    state = tables.Column(_("进度判断"), empty_values=(), orderable=False)
    year = tables.Column(_("完成时限"), empty_values=(), order_by=("year", "version__year_to"))
    leads = tables.Column(_("牵头单位"), empty_values=(), orderable=False)
    measure = tables.Column(_("任务"), empty_values=(), order_by=("version__plan__order", "measure__order"))
    plan = tables.Column(_("方案"), accessor="version__plan", order_by=("version__plan__order", "order"))

    class Meta:
        model = Target
        fields = ()
        order_by = ()

    def render_name(self, record: Target) -> SafeString:
        url = reverse("plans:target", args=[record.version.plan.code, record.key])
        return format_html('<a href="{}">{}</a>', url, record.label)

    def value_name(self, record: Target) -> str:
        return record.label

    def render_goal(self, record: Target) -> str:
        return goal(record)

    def value_goal(self, record: Target) -> Decimal | str:
        exact = record.value is not None and record.comparator == "="
        return record.value if exact else goal(record)

    def render_unit(self, value: str) -> str:
        return unit_label(value)

    def as_values(self, *args: Any, **kwargs: Any) -> Any:
        # A file holds all rows, whatever page the table was turned to.
        self._countings = countings([row.record for row in self.rows])
        return super().as_values(*args, **kwargs)

    def counting(self, record: Target) -> Counting:
        """Return what is counted towards a target; the rows of the page are asked for at once."""
        if not hasattr(self, "_countings"):
            rows = self.page.object_list if getattr(self, "page", None) else self.rows
            self._countings = countings([row.record for row in rows])
        return self._countings[record.pk]

    def render_counted(self, record: Target) -> str:
        return number(self.counting(record).counted.value)

    def value_counted(self, record: Target) -> Decimal | int | None:
        return self.counting(record).counted.value

    def render_state(self, record: Target) -> str | SafeString:
        found = self.counting(record)
        if not found.label:
            return "—"
        return format_html('<span class="state is-{}" title="{}">{}</span>', found.state, found.why, found.label)

    def value_state(self, record: Target) -> str:
        return self.counting(record).label

    def render_year(self, record: Target) -> str:
        return str(record.deadline_year or "—")

    def value_year(self, record: Target) -> int | None:
        return record.deadline_year

    def render_leads(self, record: Target) -> str:
        return str(SEPARATOR).join(duty.label for duty in record.measure.leads) if record.measure else "—"

    def render_measure(self, record: Target) -> str | SafeString:
        if record.measure is None:
            return "—"
        url = reverse("plans:measure", args=[record.version.plan.code, record.measure.key])
        return format_html('<a href="{}">{}</a>', url, record.measure.label)

    def value_measure(self, record: Target) -> str:
        return record.measure.label if record.measure else ""

    def value_plan(self, record: Target) -> str:
        return record.version.plan.label


class MeasureTable(tables.Table):
    """All measures in force: the work, who leads, who helps, how many numbers it promises."""

    no = tables.Column(_("序号"), order_by=("version__plan__order", "order"))
    name = tables.Column(_("任务"))
    action = tables.Column(_("行动"), accessor="action__label", order_by=("version__plan__order", "action__order"))
    lead = tables.Column(_("牵头单位"), empty_values=(), orderable=False)
    helping = tables.Column(_("配合单位"), empty_values=(), orderable=False)
    cities = tables.BooleanColumn(verbose_name=_("各设区市"), yesno="✓,—")
    targets = tables.Column(_("目标"), empty_values=(), orderable=False)

    class Meta:
        model = Measure
        fields = ()

    def render_name(self, record: Measure) -> SafeString:
        url = reverse("plans:measure", args=[record.version.plan.code, record.key])
        return format_html('<a href="{}">{}</a>', url, record.label)

    def value_name(self, record: Measure) -> str:
        return record.label

    def render_lead(self, record: Measure) -> str:
        return str(SEPARATOR).join(d.label for d in record.duties.all() if d.role == DutyRole.LEAD) or "—"

    def render_helping(self, record: Measure) -> str:
        return str(SEPARATOR).join(d.label for d in record.duties.all() if d.role == DutyRole.WITH) or "—"

    def render_targets(self, record: Measure) -> str:
        return str(_("；")).join(f"{t.label} {goal(t)} {unit_label(t.unit)}" for t in record.targets.all()) or "—"


class OrganisationTable(tables.Table):
    """Responsible bodies: who they are and how many measures they lead and help with."""

    name = tables.Column(pgettext_lazy("one", "机构"), order_by=("order", "code"))
    full_name = tables.Column(_("全称"))
    kind = tables.Column(_("类别"))
    region = tables.Column(_("地区"), order_by="region__code")
    n_leads = tables.Column(_("牵头任务"), attrs=NUMBER)
    n_helps = tables.Column(_("配合任务"), attrs=NUMBER)
    n_serves = tables.Column(_("对口省级部门"), attrs=NUMBER)

    class Meta:
        model = Organisation
        fields = ()

    def render_name(self, record: Organisation) -> SafeString:
        url = reverse("parties:organisation", args=[record.code])
        return format_html('<a href="{}">{}</a>', url, record.label)

    def value_name(self, record: Organisation) -> str:
        return record.label


class CityTable(tables.Table):
    """Cities: where they lie and who does the plan's work there."""

    code = tables.Column(_("代码"))
    name = tables.Column(_("设区市"), order_by="code")
    group = tables.Column(_("片区"))
    n_bureaus = tables.Column(_("对口单位"), attrs=NUMBER)
    n_counties = tables.Column(_("县（市、区）"), attrs=NUMBER)
    n_zones = tables.Column(_("功能区"), attrs=NUMBER)

    class Meta:
        model = Region
        fields = ()

    def render_name(self, record: Region) -> SafeString:
        url = reverse("parties:city", args=[record.code])
        return format_html('<a href="{}">{}</a>', url, record.label)

    def value_name(self, record: Region) -> str:
        return record.label

    def render_group(self, record: Region) -> str:
        return record.group_label or "—"
