"""Duties: the list of who has which part in what, and the page of one with all it has reported."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from xiandao.domains.audit.queries import history
from xiandao.domains.orgs.access import CONFLICT, REFUSED, NeedsMixin, Request, needs
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Organisation
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.plans.filters import ALL
from xiandao.domains.progress import rules
from xiandao.domains.progress.actions import hand_down as act
from xiandao.domains.progress.measure_names import measure_names
from xiandao.domains.progress.models import Assignment, AssignmentOrigin, AssignmentRole, Problem, Standing
from xiandao.domains.progress.queries import assignments as queries
from xiandao.domains.progress.views.report_columns import (
    READERS,
    DutyFilters,
    NamedTable,
    badge,
    linked,
    period_label,
    standing_label,
)
from xiandao.domains.shared.lists import ListPage


class DutyTable(NamedTable):
    """Duties: which measure, whose, where, in which part, how it stands."""

    measure = tables.Column(
        gettext_lazy("任务"), empty_values=(), order_by=("plan__order", "measure_key", "region__code")
    )
    organisation = tables.Column(gettext_lazy("责任单位"), order_by=("organisation__order", "organisation__code"))
    region = tables.Column(gettext_lazy("地区"), order_by="region__code")
    role = tables.Column(gettext_lazy("职责"))
    origin = tables.Column(gettext_lazy("来源"))
    standing = tables.Column(gettext_lazy("进展状态"), empty_values=())
    reported = tables.Column(gettext_lazy("最近填报"), empty_values=())

    class Meta:
        model = Assignment
        fields = ()

    def render_measure(self, record: Assignment) -> SafeString:
        return linked("duty", self.measure_name(record), record.pk)

    def value_measure(self, record: Assignment) -> str:
        return self.measure_name(record)

    def render_organisation(self, record: Assignment) -> str:
        return record.organisation.label

    def render_region(self, record: Assignment) -> str:
        return record.region.label

    def render_role(self, record: Assignment) -> SafeString:
        return format_html('<span class="duty {}">{}</span>', record.role, record.get_role_display())

    def value_role(self, record: Assignment) -> str:
        return str(record.get_role_display())

    def value_origin(self, record: Assignment) -> str:
        return str(record.get_origin_display())

    def render_standing(self, record: Assignment) -> SafeString | str:
        return badge(record.standing, standing_label(record.standing)) if record.standing else "—"

    def value_standing(self, record: Assignment) -> str:
        return standing_label(record.standing)

    def render_reported(self, record: Assignment) -> str:
        return period_label(record.reported)


class DutyFilter(DutyFilters):
    """Duties by plan, action, measure, department, city, role, standing, and one's own."""

    own = django_filters.ChoiceFilter(
        label=gettext_lazy("谁的"), empty_label=ALL, choices=(("mine", gettext_lazy("本单位")),), method="by_owner"
    )
    role = django_filters.ChoiceFilter(label=gettext_lazy("职责"), empty_label=ALL, choices=AssignmentRole.choices)
    origin = django_filters.ChoiceFilter(label=gettext_lazy("来源"), empty_label=ALL, choices=AssignmentOrigin.choices)
    stands = django_filters.ChoiceFilter(
        label=gettext_lazy("进展状态"),
        empty_label=ALL,
        choices=[choice for choice in Standing.choices if choice[0]],
        field_name="standing",
    )

    class Meta:
        model = Assignment
        fields: tuple[str, ...] = ()

    def by_owner(self, rows: QuerySet, _name: str, _value: str) -> QuerySet:
        return rows.filter(organisation=self.request.viewer.organisation_id)


class DutyList(NeedsMixin, ListPage):
    """All duties one sees."""

    needs = READERS
    title = gettext_lazy("责任项")
    lead = gettext_lazy("每项任务由谁牵头、谁配合、各市谁承办，最近一次填报说到哪一步。")
    empty = gettext_lazy("没有符合条件的责任项。")
    table_class = DutyTable
    filterset_class = DutyFilter

    def get_queryset(self) -> Any:
        return queries.duties(self.request.viewer)


def _duty(request: Request, pk: int) -> Assignment:
    try:
        return queries.duty(request.viewer, pk)
    except Assignment.DoesNotExist:
        raise Http404 from None


@needs(*READERS)
def page(request: Request, pk: int) -> HttpResponse:
    """Show one duty: whose, who verifies it, what it has reported, to whom it was handed down."""
    return _page(request, _duty(request, pk))


def _page(request: Request, duty: Assignment, *, alert: str = "", status: int = 200) -> HttpResponse:
    viewer = request.viewer
    may_hand_down = act.may_hand_down(viewer, duty)
    own = duty.organisation_id == viewer.organisation_id
    names = measure_names()
    context = {
        "duty": duty,
        "measure": names.get((duty.plan_id, duty.measure_key), duty.measure_key),
        "serves": queries.served_departments(duty),
        "verifiers": rules.names_of(rules.verifiers_of(duty)),
        "reports": queries.reports_of(viewer, duty),
        "children": queries.handed_down(viewer, duty),
        "may_hand_down": may_hand_down,
        "county_bodies": queries.county_bodies(duty) if may_hand_down else [],
        "may_take_back": act.may_take_back(viewer, duty),
        "problems": Problem.objects.visible_to(viewer).filter(assignment=duty),
        "may_raise": own and viewer.can(Can.RAISE_PROBLEMS) and duty.ended_at is None,
        "raise_from": f"assignment={duty.pk}",
        "history": history(kind=act.KIND, key=str(duty.pk)),
        "alert": alert,
        "kept": request.POST.get("reason", ""),
    }
    return render(request, "progress/duties/duty.html", context, status=status)


@require_POST
@needs(*READERS)
def hand_down(request: Request, pk: int) -> HttpResponse:
    """Hand a duty down to the county body posted."""
    duty = _duty(request, pk)
    to = Organisation.objects.filter(code=request.POST.get("to", "")).select_related("region").first()
    if to is None:
        return _refused(request, duty, Refused(_("请选择要下达到的单位。")))
    try:
        act.hand_down(request.viewer, pk=duty.pk, to=to)
    except Refused as refusal:
        return _refused(request, duty, refusal)
    messages.success(request, _("已下达到%(body)s。") % {"body": to.label})
    return redirect("progress:duty", pk=duty.pk)


@require_POST
@needs(*READERS)
def take_back(request: Request, pk: int) -> HttpResponse:
    """Take back a duty that was handed down."""
    duty = _duty(request, pk)
    try:
        act.take_back(request.viewer, pk=duty.pk, reason=request.POST.get("reason", ""))
    except Refused as refusal:
        return _refused(request, duty, refusal)
    messages.success(request, _("已收回。"))
    return redirect("progress:duty", pk=duty.parent_id)


def _refused(request: Request, duty: Assignment, refusal: Refused) -> HttpResponse:
    status = CONFLICT if isinstance(refusal, Conflict) else REFUSED
    return _page(request, duty, alert=str(refusal.reason), status=status)
