"""The organiser's work list: its calls, the applications of one by state, many passed at once after a preview."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from xiandao.domains.orgs.access import CONFLICT, REFUSED, NeedsMixin, Request, needs
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Region, RegionKind
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.plans.filters import ALL, TextFilter
from xiandao.domains.programmes import office
from xiandao.domains.programmes.actions import checking
from xiandao.domains.programmes.models import Application, ApplicationState, Call
from xiandao.domains.programmes.queries import office as queries
from xiandao.domains.shared.columns import DayColumn, MomentColumn
from xiandao.domains.shared.lists import ListPage

OFFICE = (Can.RUN_CALLS, Can.READ_APPLICATIONS)
CHIPS = {
    "submitted": "submitted",
    "correcting": "returned",
    "unfit": "rejected",
    "not_recommended": "rejected",
    "refused": "rejected",
    "approved": "verified",
    "withdrawn": "draft",
    "lapsed": "rejected",
}


def chip(state: str, label: str) -> SafeString:
    """Draw a state."""
    return format_html('<span class="state is-{}">{}</span>', CHIPS.get(state, "submitted"), label)


class CallTable(tables.Table):
    """Calls: what, until when, how many came in, how many wait."""

    code = tables.Column(gettext_lazy("编号"))
    title = tables.Column(gettext_lazy("标题"))
    programme = tables.Column(gettext_lazy("专项"), accessor="version__programme__name")
    state = tables.Column(gettext_lazy("状态"))
    closes_at = MomentColumn(verbose_name=gettext_lazy("截止时间"))
    total = tables.Column(pgettext_lazy("application", "申报"))
    to_check = tables.Column(gettext_lazy("待审查"))

    class Meta:
        model = Call
        fields = ()

    def render_code(self, record: Call) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("programmes:work", args=[record.code]), record.code)

    def value_code(self, record: Call) -> str:
        return record.code


class CallFilter(django_filters.FilterSet):
    """Calls by words."""

    q = TextFilter(label=gettext_lazy("关键词"), over=("code", "title", "version__programme__name"))

    class Meta:
        model = Call
        fields: tuple[str, ...] = ()


class OfficeCalls(NeedsMixin, ListPage):
    """The calls the viewer's organisation runs."""

    needs = OFFICE
    title = gettext_lazy("申报办理")
    lead = gettext_lazy("本单位组织的申报：形式审查、评审结论、决定、公示和公布。")
    empty = gettext_lazy("本单位没有已发布的申报通知。")
    table_class = CallTable
    filterset_class = CallFilter

    def get_queryset(self) -> Any:
        return queries.own_calls(self.request.viewer)


class WorkTable(tables.Table):
    """Applications of a call: whose, where, in which state, until when, what the recommender and the panel said."""

    pick = tables.Column("", empty_values=(), orderable=False, exclude_from_export=True)
    code = tables.Column(gettext_lazy("申报编号"))
    title = tables.Column(gettext_lazy("名称"))
    applicant = tables.Column(pgettext_lazy("application", "申报单位"), order_by="applicant__name")
    region = tables.Column(gettext_lazy("所在地"), order_by="region__code", default="—")
    recommender = tables.Column(gettext_lazy("推荐单位"), order_by="recommender__order", default="—")
    state = tables.Column(gettext_lazy("状态"))
    rules = tables.Column(gettext_lazy("不符合的条件"), empty_values=(), orderable=False)
    due_on = DayColumn(verbose_name=gettext_lazy("本环节截止"), default="—")
    place = tables.Column(gettext_lazy("推荐次序"), accessor="recommendation__place", default="—")
    score = tables.Column(gettext_lazy("评审得分"), accessor="review__score", default="—")
    submitted_at = MomentColumn(verbose_name=gettext_lazy("提交时间"), default="—")

    class Meta:
        model = Application
        fields = ()

    def render_pick(self, record: Application) -> SafeString | str:
        if record.state != ApplicationState.SUBMITTED:
            return ""
        return format_html(
            '<input class="form-check-input" type="checkbox" form="bulk" name="pick" value="{}" aria-label="{}">',
            record.code,
            _("选择 %(code)s") % {"code": record.code},
        )

    def render_code(self, record: Application) -> SafeString:
        url = reverse("programmes:office-application", args=[record.code])
        return format_html('<a href="{}">{}</a>', url, record.code)

    def value_code(self, record: Application) -> str:
        return record.code

    def render_state(self, record: Application) -> SafeString:
        return chip(record.state, str(record.get_state_display()))

    def value_state(self, record: Application) -> str:
        return str(record.get_state_display())

    def render_rules(self, record: Application) -> str:
        return _("；").join(checking.failed_rules(record)) or "—"

    def value_rules(self, record: Application) -> str:
        return _("；").join(checking.failed_rules(record))


class WorkFilter(django_filters.FilterSet):
    """Applications by words, state, city."""

    q = TextFilter(label=gettext_lazy("关键词"), over=("code", "title", "applicant__name", "applicant__credit_code"))
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("状态"), empty_label=ALL, choices=ApplicationState.choices[1:]
    )
    city = django_filters.ModelChoiceFilter(
        label=gettext_lazy("设区市"),
        empty_label=ALL,
        queryset=lambda _request: Region.objects.filter(kind=RegionKind.CITY),
        method="in_city",
    )

    class Meta:
        model = Application
        fields: tuple[str, ...] = ()

    def in_city(self, rows: Any, _name: str, city: Region) -> Any:
        return rows.filter(Q(region=city) | Q(region__parent=city))


def found_call(request: Request, code: str) -> Call:
    """Return a call for its office, or not found."""
    try:
        return queries.call_for(request.viewer, code)
    except Call.DoesNotExist:
        raise Http404 from None


class WorkList(NeedsMixin, ListPage):
    """The applications of one call."""

    needs = OFFICE
    template_name = "programmes/deciding/work.html"
    empty = pgettext_lazy("application", "没有符合条件的申报。")
    table_class = WorkTable
    filterset_class = WorkFilter

    def get_queryset(self) -> Any:
        self.call = found_call(self.request, self.kwargs["code"])
        self.title = self.call.title
        return queries.applications(self.request.viewer, self.call)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        viewer = self.request.viewer
        more = {
            "call": self.call,
            "counts": queries.counts(viewer, self.call),
            "decisions": queries.decisions(viewer, self.call),
            "may_run": office.may_run(viewer, self.call),
        }
        return super().get_context_data(**kwargs) | more


@require_POST
@needs(Can.RUN_CALLS)
def bulk(request: Request, code: str) -> HttpResponse:
    """Show what passing the chosen would do, or with `sure` do it."""
    call = found_call(request, code)
    picks = dict(_pick(each) for each in request.POST.getlist("pick"))
    status = 200
    try:
        if request.POST.get("sure"):
            done, out = checking.pass_many(request.viewer, call=call, wanted=picks)
            messages.success(request, _("已通过 %(n)s 项。") % {"n": done})
            for one in out:
                messages.warning(request, f"{one.application.code}：{one.why_not}")
            return redirect("programmes:work", code=code)
        plan, alert = checking.preview(request.viewer, call=call, codes=picks), ""
    except Refused as refusal:
        plan, alert = [], str(refusal.reason)
        status = CONFLICT if isinstance(refusal, Conflict) else REFUSED
    context = {
        "call": call,
        "alert": alert,
        "going": [one for one in plan if not one.why_not],
        "left": [one for one in plan if one.why_not],
    }
    return render(request, "programmes/deciding/bulk.html", context, status=status)


def _pick(text: str) -> tuple[str, int]:
    code, _colon, revision = text.partition(":")
    return code, int(revision) if revision.isascii() and revision.isdecimal() and len(revision) < 10 else -1  # noqa: PLR2004
