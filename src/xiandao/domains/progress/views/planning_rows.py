"""The list behind a number of a target: the very claims or results that were added up, as of the number's moment."""

import datetime as dt
from typing import Any

import django_tables2 as tables
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from xiandao.domains.orgs.models import Organisation, Region
from xiandao.domains.plans.models import PlanVersion, Target
from xiandao.domains.plans.tables import NUMBER
from xiandao.domains.progress.figures.rows import Part, claims, results, verified_by
from xiandao.domains.progress.figures.sums import Tally, facts_of, sources_of, tallies, towards
from xiandao.domains.progress.models import Claim, Result
from xiandao.domains.progress.queries.targets import target_in_force
from xiandao.domains.progress.views.planning_access import READERS
from xiandao.domains.progress.views.planning_parse import moment_in
from xiandao.domains.shared import excel
from xiandao.domains.shared.columns import DayColumn, MomentColumn
from xiandao.domains.shared.format import number, unit_label
from xiandao.kernel import Figure, FigureKind

KINDS = (FigureKind.SELF_REPORTED, FigureKind.VERIFIED, FigureKind.COUNTED)
TITLES = {
    FigureKind.SELF_REPORTED: _("已申报的明细"),
    FigureKind.VERIFIED: _("已核实的明细"),
    FigureKind.COUNTED: _("已认定的明细"),
}
PAGE = 100


def _linked(name: str, key: Any, text: str) -> str | SafeString:
    """Return text that leads to an object's page."""
    try:
        return format_html('<a href="{}">{}</a>', reverse(name, args=[key]), text)
    except NoReverseMatch:
        return text


class ThingTable(tables.Table):
    """What claims and results have in common."""

    name = tables.Column(_("名称"))
    item = tables.Column(_("成果类别"))
    holder = tables.Column(_("承担单位"), default="—")
    region = tables.Column(_("所在地"), default="—", order_by="region__code")
    industry = tables.Column(_("产业"), default="—", order_by="industry__order")
    happened_on = DayColumn(verbose_name=_("日期"), format="Y-m-d", default="—")
    quantity = tables.Column(_("数量"), attrs=NUMBER)
    unit = tables.Column(_("单位"), default="—")

    def render_quantity(self, value: Any) -> str:
        return number(value)

    def render_unit(self, value: str) -> str:
        return unit_label(value)


class ClaimTable(ThingTable):
    """Claims: what, whose, where, reported by whom in which period."""

    organisation = tables.Column(_("填报单位"), accessor="report__assignment__organisation__label", orderable=False)
    period = tables.Column(_("填报期"), accessor="report__round__period", order_by="report__round__period_end")
    state = tables.Column(_("状态"), accessor="get_state_display", order_by="state")
    claimed_at = MomentColumn(verbose_name=_("申报时间"), format="Y-m-d")

    class Meta:
        model = Claim
        fields = ()

    def render_name(self, record: Claim) -> str | SafeString:
        return _linked("progress:report", record.report_id, record.name)

    def value_name(self, record: Claim) -> str:
        return record.name


class ResultTable(ThingTable):
    """Results: what, whose, where, counted when."""

    code = tables.Column(_("成果编号"))
    counted_at = MomentColumn(verbose_name=_("认定时间"), format="Y-m-d")

    class Meta:
        model = Result
        fields = ()
        sequence = ("code", "...")

    def render_name(self, record: Result) -> str | SafeString:
        return _linked("progress:result", record.code, record.name)

    def value_name(self, record: Result) -> str:
        return record.name


def target_rows(request: HttpRequest, plan: str, key: str, kind: str) -> HttpResponse:
    """List the rows a number was added up from, with the number itself above them."""
    if kind not in KINDS or not request.viewer.can(*READERS):
        raise Http404
    try:
        target = target_in_force(request.viewer, plan, key)
    except (PlanVersion.DoesNotExist, Target.DoesNotExist):
        raise Http404 from None
    as_of = moment_in(request.GET.get("as_of", "")) or timezone.now()
    part = _part(request)
    rows = rows_behind(request.viewer, target, FigureKind(kind), as_of=as_of, part=part)
    table_class = ResultTable if kind == FigureKind.COUNTED else ClaimTable
    table = table_class(rows, order_by=request.GET.get("sort", ""))
    title = f"{target.name} {TITLES[FigureKind(kind)]}"
    if request.GET.get("export") == "xlsx":
        values = table.as_values()
        return excel.response(title, [str(name) for name in next(values)], values)
    tables.RequestConfig(request, paginate={"per_page": PAGE}).configure(table)
    found = figure_of(tallies(request.viewer, [target], as_of=as_of, part=part)[target.pk], FigureKind(kind))
    context = {
        "target": target,
        "version": target.version,
        "kind": kind,
        "title": TITLES[FigureKind(kind)],
        "kinds": [(each.value, TITLES[each]) for each in KINDS],
        "figure": found,
        "table": table,
        "as_of": timezone.localtime(as_of),
        "region": Region.objects.filter(code=part.region).first() if part.region else None,
        "organisation": Organisation.objects.filter(pk=part.organisation).first() if part.organisation else None,
        "hidden": max((found.rows.count or 0) - rows.count(), 0) if found.rows else 0,
        "empty": _("没有这样的成果。"),
    }
    return render(request, "progress/planning/rows.html", context)


def _part(request: HttpRequest) -> Part:
    organisation = request.GET.get("organisation", "")
    return Part(
        region=request.GET.get("region", "")[:20],
        organisation=int(organisation) if organisation.isdecimal() and len(organisation) < 10 else None,  # noqa: PLR2004
    )


def rows_behind(viewer: Any, target: Target, kind: FigureKind, *, as_of: dt.datetime, part: Part) -> QuerySet:
    """Return the claims or results a number of a target was added up from, of those the viewer sees."""
    (fact,) = facts_of([target])
    if kind == FigureKind.COUNTED:
        found = results(viewer, plan_id=fact.key[0], target_key=fact.key[1], as_of=as_of, part=part)
        return found.select_related("region", "industry").order_by("-counted_at", "-pk")
    rows = claims(viewer, as_of=as_of, part=part).filter(towards(sources_of({fact.key})[fact.key]))
    if kind == FigureKind.VERIFIED:
        rows = rows.filter(verified_by(as_of))
    return rows.select_related("region", "industry", "report__round", "report__assignment__organisation").order_by(
        "-claimed_at", "-pk"
    )


def figure_of(tally: Tally, kind: FigureKind) -> Figure:
    """Return the number of a kind."""
    return {
        FigureKind.SELF_REPORTED: tally.claimed,
        FigureKind.VERIFIED: tally.verified,
        FigureKind.COUNTED: tally.counted,
    }[kind]
