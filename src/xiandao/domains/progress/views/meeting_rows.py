"""The rows behind a number of meeting papers, as they stood at the moment of the papers."""

import datetime as dt
from dataclasses import replace
from typing import Any

import django_tables2 as tables
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xiandao.domains.orgs.access import Request, needs
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Organisation, Region
from xiandao.domains.plans.models import Plan
from xiandao.domains.plans.tables import NUMBER
from xiandao.domains.progress.measure_names import measure_names, target_names
from xiandao.domains.progress.meeting import Moment, moment_of
from xiandao.domains.progress.meeting.rows import UNWRITTEN
from xiandao.domains.progress.models import LetterState, ProblemState, ReportState, Standing
from xiandao.domains.progress.queries import meetings as queries
from xiandao.domains.progress.views.planning_parse import moment_in
from xiandao.domains.shared import excel
from xiandao.domains.shared.columns import DayColumn, MomentColumn
from xiandao.domains.shared.format import number, unit_label

PAGE = 100
REPORT_STATES: dict[str, Any] = {
    UNWRITTEN: _("未提交"),
    ReportState.SUBMITTED.value: ReportState.SUBMITTED.label,
    ReportState.RETURNED.value: ReportState.RETURNED.label,
    ReportState.VERIFIED.value: ReportState.VERIFIED.label,
}
WORDS: dict[str, Any] = {
    **REPORT_STATES,
    **dict(ProblemState.choices),
    "late": _("逾期"),
    "spoken": _("已提交（含已核实）"),
    "escalated": _("已升级"),
    "void": _("已撤销"),
}


def _linked(name: str, key: Any, text: str) -> str | SafeString:
    try:
        return format_html('<a href="{}">{}</a>', reverse(name, args=[key]), text)
    except NoReverseMatch:
        return text


class RowTable(tables.Table):
    """What the tables of this page share: names fetched once, whatever the number of rows."""

    class Meta:
        fields: tuple[str, ...] = ()
        orderable = False

    def measure(self, plan: int, key: str) -> str:
        if not hasattr(self, "_measures"):
            self._measures = measure_names()
        return self._measures.get((plan, key), key)

    def target(self, plan: int, key: str) -> str:
        if not hasattr(self, "_targets"):
            self._targets = target_names()
        return self._targets.get((plan, key), key) if key else "—"

    def body(self, pk: int | None) -> str:
        if not hasattr(self, "_bodies"):
            self._bodies = {row.pk: row.label for row in Organisation.objects.all()}
        return self._bodies.get(pk, "—")


class ReportRows(RowTable):
    """Reports with their state at the moment."""

    round = tables.Column(_("填报期"), accessor="round__label")
    measure_name = tables.Column(_("任务"), empty_values=())
    organisation = tables.Column(pgettext_lazy("body", "单位"), accessor="assignment__organisation__label")
    region = tables.Column(_("地区"), accessor="assignment__region__label")
    state_at = tables.Column(_("当时状态"))
    standing_at = tables.Column(_("进展状态"), empty_values=())
    happened_at = tables.Column(_("报告的进展"), default="—")

    def render_measure_name(self, record: Any) -> str | SafeString:
        return _linked("progress:report", record.pk, self.value_measure_name(record))

    def value_measure_name(self, record: Any) -> str:
        return self.measure(record.assignment.plan_id, record.assignment.measure_key)

    def render_state_at(self, value: str) -> str:
        return str(REPORT_STATES[value])

    def render_standing_at(self, record: Any) -> str:
        return str(Standing(record.standing_at).label) if record.standing_at else "—"


class ProblemRows(RowTable):
    """Problems that were open, with whose turn it was."""

    code = tables.Column(_("编号"))
    title = tables.Column(_("难点堵点"))
    raised_by = tables.Column(_("提出单位"), accessor="raised_by__label")
    state_at = tables.Column(_("当时状态"))
    holder = tables.Column(_("当时等谁"), empty_values=())
    since = MomentColumn(verbose_name=_("自"), format="Y-m-d")
    escalated = MomentColumn(verbose_name=_("升级"), format="Y-m-d", default="—")
    answer = tables.Column(_("最近答复"), default="—")

    def render_title(self, record: Any) -> str | SafeString:
        return _linked("progress:problem", record.code, record.title)

    def value_title(self, record: Any) -> str:
        return record.title

    def render_state_at(self, value: str) -> str:
        return str(ProblemState(value).label)

    def render_holder(self, record: Any) -> str:
        return self.body(record.holder)


class LetterRows(RowTable):
    """Reminder letters that ran."""

    number = tables.Column(_("文号"))
    title = tables.Column(_("标题"))
    to = tables.Column(_("受文单位"), accessor="to__label")
    state_at = tables.Column(_("当时状态"))
    issued_at = MomentColumn(verbose_name=pgettext_lazy("past", "签发"), format="Y-m-d")
    receive_by = DayColumn(verbose_name=_("签收时限"), format="Y-m-d", default="—")
    due_on = DayColumn(verbose_name=_("办理时限"), format="Y-m-d")

    def render_title(self, record: Any) -> str | SafeString:
        return _linked("progress:letter", record.pk, record.title)

    def value_title(self, record: Any) -> str:
        return record.title

    def render_state_at(self, value: str) -> str:
        return str(LetterState(value).label)


class DutyRows(RowTable):
    """Duties in force."""

    measure_name = tables.Column(_("任务"), empty_values=())
    subtask = tables.Column(_("子任务"), accessor="subtask__label", default="—")
    organisation = tables.Column(pgettext_lazy("body", "单位"), accessor="organisation__label")
    region = tables.Column(_("地区"), accessor="region__label")
    role = tables.Column(_("职责"), accessor="get_role_display")
    origin = tables.Column(_("来源"), accessor="get_origin_display")

    def render_measure_name(self, record: Any) -> str:
        return self.measure(record.plan_id, record.measure_key)


class ClaimRows(RowTable):
    """Claimed results."""

    name = tables.Column(_("名称"))
    item = tables.Column(_("成果类别"))
    target_key = tables.Column(_("目标"), empty_values=())
    quantity = tables.Column(_("数量"), attrs=NUMBER)
    unit = tables.Column(_("单位"), default="—")
    region = tables.Column(_("所在地"), accessor="region__label", default="—")
    organisation = tables.Column(_("填报单位"), accessor="report__assignment__organisation__label")
    period = tables.Column(_("填报期"), accessor="report__round__label")
    claimed_at = MomentColumn(verbose_name=_("申报时间"), format="Y-m-d")

    def render_name(self, record: Any) -> str | SafeString:
        return _linked("progress:report", record.report_id, record.name)

    def value_name(self, record: Any) -> str:
        return record.name

    def render_target_key(self, record: Any) -> str:
        return self.target(record.report.assignment.plan_id, record.target_key)

    def render_quantity(self, value: Any) -> str:
        return number(value)

    def render_unit(self, value: str) -> str:
        return unit_label(value)


class ResultRows(RowTable):
    """Results that count."""

    code = tables.Column(_("成果编号"), accessor="result__code")
    name = tables.Column(_("名称"), accessor="result__name")
    item = tables.Column(_("成果类别"), accessor="result__item")
    quantity = tables.Column(_("数量"), accessor="result__quantity", attrs=NUMBER)
    unit = tables.Column(_("单位"), accessor="result__unit", default="—")
    region = tables.Column(_("所在地"), accessor="result__region__label", default="—")
    counted_at = MomentColumn(verbose_name=_("认定时间"), format="Y-m-d")

    def render_name(self, record: Any) -> str | SafeString:
        return _linked("progress:result", record.result.code, record.result.name)

    def value_name(self, record: Any) -> str:
        return record.result.name

    def render_quantity(self, value: Any) -> str:
        return number(value)

    def render_unit(self, value: str) -> str:
        return unit_label(value)


class CountRows(ResultRows):
    """What has come to count, once per target."""

    target_key = tables.Column(_("计入的目标"))
    void_at = MomentColumn(verbose_name=_("撤销时间"), format="Y-m-d", default="—")

    def render_target_key(self, record: Any) -> str:
        return self.target(record.plan_id, record.target_key)


TABLES: dict[str, tuple[Any, type[RowTable]]] = {
    "reports": (_("进展报告"), ReportRows),
    "problems": (_("未办结的难点堵点"), ProblemRows),
    "letters": (_("未办结的督办单"), LetterRows),
    "duties": (_("责任项"), DutyRows),
    "claims": (_("申报成果"), ClaimRows),
    "results": (_("认定成果"), ResultRows),
    "counts": (_("认定成果计入目标"), CountRows),
}
_FILTERS = ("round", "state", "standing", "role", "organisation", "waiting", "region", "target")


@needs(Can.READ_MEETING_PACKS)
def page(request: Request, kind: str) -> HttpResponse:
    """List the rows of a kind as of a moment, filtered as the number was; those the viewer may not see are left out."""
    if kind not in TABLES:
        raise Http404
    at = _moment(request)
    given = {name: request.GET.get(name, "")[:80] for name in _FILTERS}
    rows = queries.rows_behind(request.viewer, at, kind, given)
    title, table_class = TABLES[kind]
    table = table_class(rows)
    if request.GET.get("export") == "xlsx":
        values = table.as_values()
        return excel.response(str(title), [str(name) for name in next(values)], values)
    tables.RequestConfig(request, paginate={"per_page": PAGE}).configure(table)
    context = {
        "title": title,
        "at": at,
        "table": table,
        "count": table.paginator.count,
        "facts": _facts(given, at),
        "empty": _("没有这样的条目。"),
    }
    return render(request, "progress/meetings/rows.html", context)


def _moment(request: Request) -> Moment:
    """Return the plan at the moment asked for. Raises Http404 where the address names none."""
    as_of = moment_in(request.GET.get("as_of", ""))
    plan = Plan.objects.visible_to(request.viewer).filter(code=request.GET.get("plan", "")).first()
    if as_of is None or plan is None or as_of > timezone.now():
        raise Http404
    return replace(moment_of(plan, as_of), since=_since(request))


def _since(request: Request) -> dt.datetime | None:
    return moment_in(request.GET.get("since", ""))


def _facts(given: dict[str, str], at: Moment) -> list[tuple[Any, str]]:
    """Return the filters in words."""
    found: list[tuple[Any, str]] = []
    if given["round"]:
        found.append((_("填报期"), next((row.label for row in at.rounds if row.period == given["round"]), "—")))
    if given["state"]:
        found.append((_("状态"), str(WORDS.get(given["state"], "—"))))
    if given["standing"] in Standing.values:
        found.append((_("进展状态"), str(Standing(given["standing"]).label)))
    for name, label in (("organisation", pgettext_lazy("body", "单位")), ("waiting", _("等待单位"))):
        if given[name]:
            body = Organisation.objects.filter(code=given[name]).first()
            found.append((label, body.label if body else "—"))
    if given["region"]:
        region = Region.objects.filter(code=given["region"]).first()
        found.append((_("地区"), region.label if region else "—"))
    if given["target"]:
        found.append((_("目标"), target_names().get((at.plan.pk, given["target"]), "—")))
    if at.since:
        found.append((_("自"), f"{timezone.localtime(at.since):%Y-%m-%d %H:%M}"))
    return found
