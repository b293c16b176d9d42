"""Recommending in the browser: the calls in which something lies with one's body, and its applications in order."""

from collections.abc import Callable
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from xiandao.domains.orgs.access import CONFLICT, REFUSED, NeedsMixin, Request, needs
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Organisation
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.plans.filters import TextFilter
from xiandao.domains.programmes.actions import recommending
from xiandao.domains.programmes.life import told_state
from xiandao.domains.programmes.models import Application, ApplicationState, Call
from xiandao.domains.programmes.views.office import chip
from xiandao.domains.shared.columns import MomentColumn
from xiandao.domains.shared.lists import ListPage

S = ApplicationState


def _lying(request: Request, call: Call) -> Any:
    """Return what lies with the viewer's body in a call and has passed the check."""
    rows = Application.objects.visible_to(request.viewer).filter(call=call, recommender=request.viewer.organisation_id)
    return rows.exclude(state__in=(S.DRAFT, S.SUBMITTED, S.CORRECTING, S.UNFIT, S.LAPSED))


class RecommendCallTable(tables.Table):
    """Calls in which something lies with the body."""

    code = tables.Column(gettext_lazy("编号"))
    title = tables.Column(gettext_lazy("标题"))
    recommend_until = MomentColumn(verbose_name=gettext_lazy("推荐截止"), default="—")
    waiting = tables.Column(gettext_lazy("待推荐"))
    total = tables.Column(gettext_lazy("由本单位推荐"))

    class Meta:
        model = Call
        fields = ()

    def render_code(self, record: Call) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("programmes:recommend-call", args=[record.code]), record.code)

    def value_code(self, record: Call) -> str:
        return record.code


class RecommendCallFilter(django_filters.FilterSet):
    """Calls by words."""

    q = TextFilter(label=gettext_lazy("关键词"), over=("code", "title"))

    class Meta:
        model = Call
        fields: tuple[str, ...] = ()


class RecommendCalls(NeedsMixin, ListPage):
    """The calls in which something lies with the viewer's body."""

    needs = (Can.RECOMMEND,)
    title = gettext_lazy("推荐申报")
    lead = gettext_lazy("由本单位推荐的申报，按申报通知办理；截止以服务器时间为准，期满未推荐的不视为推荐。")
    empty = gettext_lazy("现在没有由本单位推荐的申报。")
    table_class = RecommendCallTable
    filterset_class = RecommendCallFilter

    def get_queryset(self) -> Any:
        viewer = self.request.viewer
        own = Q(applications__recommender=viewer.organisation_id)
        own &= ~Q(applications__state__in=(S.DRAFT, S.SUBMITTED, S.CORRECTING, S.UNFIT, S.LAPSED))
        rows = Call.objects.visible_to(viewer).annotate(
            total=Count("applications", filter=own),
            waiting=Count("applications", filter=own & Q(applications__state=S.CHECKED)),
        )
        return rows.filter(total__gt=0)


class RecommendTable(tables.Table):
    """Applications to recommend; until the announcement the state is the one the applicant is told."""

    code = tables.Column(gettext_lazy("申报编号"))
    title = tables.Column(gettext_lazy("名称"))
    applicant = tables.Column(pgettext_lazy("application", "申报单位"), order_by="applicant__name")
    region = tables.Column(gettext_lazy("所在地"), default="—", order_by="region__code")
    state = tables.Column(gettext_lazy("状态"), orderable=False)
    place = tables.Column(gettext_lazy("推荐次序"), accessor="recommendation__place", default="—")
    act = tables.Column(gettext_lazy("办理"), empty_values=(), orderable=False, exclude_from_export=True)

    class Meta:
        model = Application
        fields = ()

    def render_state(self, record: Application) -> SafeString:
        told = told_state(record.state)
        return chip(told.value, str(told.label))

    def value_state(self, record: Application) -> str:
        return str(told_state(record.state).label)

    def render_place(self, record: Application, value: int) -> SafeString | int:
        if record.state != S.RECOMMENDED:
            return value
        label = _("%(code)s 的次序") % {"code": record.code}
        return format_html(
            '<input class="form-control" form="order" name="place-{}" value="{}" inputmode="numeric" size="3"'
            ' aria-label="{}">',
            record.code,
            value,
            label,
        )

    def value_place(self, value: int) -> int:
        return value

    def render_act(self, record: Application) -> SafeString | str:
        if record.state != S.CHECKED:
            return ""
        return format_html(
            '<input class="form-check-input" type="radio" form="say" name="code" value="{}" required aria-label="{}">',
            record.code,
            _("选择 %(code)s") % {"code": record.code},
        )


class RecommendFilter(django_filters.FilterSet):
    """Applications by words."""

    q = TextFilter(label=gettext_lazy("关键词"), over=("code", "title", "applicant__name"))

    class Meta:
        model = Application
        fields: tuple[str, ...] = ()


class Recommend(NeedsMixin, ListPage):
    """The applications of a call that lie with the viewer's body."""

    needs = (Can.RECOMMEND,)
    template_name = "programmes/deciding/recommend.html"
    lead = gettext_lazy("推荐的依次排序；不推荐的写明理由，申报单位会收到。期满未推荐的不视为推荐。")
    empty = pgettext_lazy("application", "没有符合条件的申报。")
    table_class = RecommendTable
    filterset_class = RecommendFilter
    alert = ""
    kept_text = ""

    def get_queryset(self) -> Any:
        self.call = _call(self.request, self.kwargs["code"])
        self.title = self.call.title
        rows = _lying(self.request, self.call).select_related("applicant", "region", "recommendation")
        return rows.order_by("recommendation__place", "code")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        body = Organisation.objects.get(pk=self.request.viewer.organisation_id)
        more = {
            "call": self.call,
            "quota": recommending.quota_of(self.call, body),
            "used": recommending.used(self.call, body.pk),
            "over": recommending.is_over(self.call, timezone.now()),
            "alert": self.alert,
            "kept_text": self.kept_text,
        }
        return super().get_context_data(**kwargs) | more


def _call(request: Request, code: str) -> Call:
    """Return a call in which something lies with the viewer's body, or not found."""
    call = Call.objects.visible_to(request.viewer).select_related("version").filter(code=code).first()
    if call is None or not _lying(request, call).exists():
        raise Http404
    return call


def _recommend(request: Request, _call: Call) -> None:
    recommending.recommend(request.viewer, code=_chosen(request), text=request.POST.get("text", ""))


def _refuse(request: Request, _call: Call) -> None:
    recommending.not_recommend(request.viewer, code=_chosen(request), reason=request.POST.get("text", ""))


def _order(request: Request, call: Call) -> None:
    places = {key.removeprefix("place-"): value for key, value in request.POST.items() if key.startswith("place-")}
    recommending.set_order(request.viewer, call=call, places=places)


def _chosen(request: Request) -> str:
    code = request.POST.get("code", "")
    if not code:
        raise Refused(_("请先选择一项申报。"))
    return code


_STEPS: dict[str, Callable[[Request, Call], None]] = {"yes": _recommend, "no": _refuse, "order": _order}


@require_POST
@needs(Can.RECOMMEND)
def step(request: Request, code: str, step: str) -> HttpResponse:
    """Recommend, not recommend, or put in order."""
    call = _call(request, code)
    if step not in _STEPS:
        raise Http404
    try:
        _STEPS[step](request, call)
    except Application.DoesNotExist:
        raise Http404 from None
    except Refused as refusal:
        status = CONFLICT if isinstance(refusal, Conflict) else REFUSED
        page = Recommend()
        page.setup(request, code=code)
        page.alert, page.kept_text = str(refusal.reason), request.POST.get("text", "")
        answer = page.get(request, code=code)
        answer.status_code = status
        return answer
    messages.success(request, _("已办理。"))
    return redirect("programmes:recommend-call", code=code)
