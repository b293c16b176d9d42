"""The three lists of each industry: all of them, making one, its page, publishing, Word."""

from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from xiandao.domains.audit.queries import history
from xiandao.domains.industries.models import Industry
from xiandao.domains.ledger import rules
from xiandao.domains.ledger.actions import releases as act
from xiandao.domains.ledger.models import Release, ReleaseKind, ReleaseState
from xiandao.domains.ledger.release_document import numbers_of, outward, release_document
from xiandao.domains.ledger.views.entry import told
from xiandao.domains.orgs.access import CONFLICT, REFUSED, Request, needs
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.plans.filters import ALL
from xiandao.domains.progress.models.reports import period_name
from xiandao.domains.shared.columns import MomentColumn
from xiandao.domains.shared.excel import attachment
from xiandao.domains.shared.lists import ListPage
from xiandao.kernel import Period, PeriodKind
from xiandao.printing.official import word

CHIPS = {"draft": "draft", "published": "verified", "withdrawn": "rejected"}
_NUMBER = {"td": {"class": "number"}, "th": {"class": "number"}}
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_BACK = 6
_LISTS = [(kind.value, kind.label) for kind in act.LISTS]


class ReleaseTable(tables.Table):
    """Lists made so far."""

    period = tables.Column(gettext_lazy("期次"))
    industry = tables.Column(gettext_lazy("产业"), order_by="industry__order")
    kind = tables.Column(gettext_lazy("清单"))
    state = tables.Column(gettext_lazy("状态"))
    number = tables.Column(gettext_lazy("条数"), empty_values=(), orderable=False, attrs=_NUMBER)
    published_at = MomentColumn(verbose_name=gettext_lazy("发布时间"), format="Y-m-d", default="—")

    class Meta:
        model = Release
        fields = ()

    def render_period(self, record: Release) -> SafeString:
        address = reverse("ledger:release", args=[record.pk])
        return format_html('<a href="{}">{}</a>', address, period_name(record.period))

    def value_period(self, record: Release) -> str:
        return period_name(record.period)

    def render_industry(self, record: Release) -> str:
        return record.industry.label

    def render_state(self, record: Release) -> SafeString:
        return format_html('<span class="state is-{}">{}</span>', CHIPS[record.state], record.get_state_display())

    def value_state(self, record: Release) -> str:
        return str(record.get_state_display())

    def render_number(self, record: Release) -> int:
        return len(record.rows)


class ReleaseFilter(django_filters.FilterSet):
    """Lists by industry, kind and state."""

    industry = django_filters.ModelChoiceFilter(
        label=gettext_lazy("产业"), empty_label=ALL, queryset=lambda _request: Industry.objects.order_by("order")
    )
    kind = django_filters.ChoiceFilter(label=gettext_lazy("清单"), empty_label=ALL, choices=_LISTS)
    state = django_filters.ChoiceFilter(label=gettext_lazy("状态"), empty_label=ALL, choices=ReleaseState.choices)

    class Meta:
        model = Release
        fields: tuple[str, ...] = ()


class Releases(ListPage):
    """The lists a viewer sees."""

    template_name = "ledger/releases.html"
    title = gettext_lazy("三清单")
    lead = gettext_lazy("各产业的重大平台、战略人才、重大项目清单，半年一期，由台账生成；人才对外只列人数。")
    empty = gettext_lazy("还没有清单。")
    table_class = ReleaseTable
    filterset_class = ReleaseFilter

    def get_queryset(self) -> Any:
        return (
            Release.objects.visible_to(self.request.viewer).select_related("industry").exclude(kind=ReleaseKind.ROADMAP)
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"may_make": rules.may_enter(self.request.viewer)}


class ReleaseForm(forms.Form):
    """Which list to make."""

    industry = forms.ModelChoiceField(
        label=gettext_lazy("产业"), queryset=Industry.objects.none(), empty_label=gettext_lazy("请选择")
    )
    kind = forms.ChoiceField(label=gettext_lazy("清单"), choices=_LISTS)
    period = forms.ChoiceField(label=gettext_lazy("期次"))
    note = forms.CharField(
        label=gettext_lazy("说明"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        industry: Any = self.fields["industry"]
        industry.queryset = Industry.objects.order_by("order")
        industry.label_from_instance = lambda row: row.label
        now = Period.covering(timezone.localdate(), PeriodKind.HALF)
        period: Any = self.fields["period"]
        period.choices = [(str(now - back), period_name(str(now - back))) for back in range(_BACK)]


@needs(Can.KEEP_LEDGER)
def new(request: Request) -> HttpResponse:
    """Make a list."""
    form = ReleaseForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = REFUSED
        if form.is_valid():
            given = form.cleaned_data
            try:
                release = act.make_release(
                    request.viewer,
                    industry=given["industry"].pk,
                    kind=given["kind"],
                    period=given["period"],
                    note=given["note"],
                )
            except Refused as refusal:
                status = told(form, refusal)
            else:
                return redirect("ledger:release", pk=release.pk)
    return render(request, "ledger/release_new.html", {"form": form}, status=status)


def _release(request: Request, pk: int) -> Release:
    try:
        return Release.objects.visible_to(request.viewer).select_related("industry").get(pk=pk)
    except Release.DoesNotExist:
        raise Http404 from None


def page(request: Request, pk: int) -> HttpResponse:
    """Show one list."""
    return _page(request, _release(request, pk))


def _page(request: Request, release: Release, *, alert: str = "", status: int = 200) -> HttpResponse:
    viewer = request.viewer
    shown = outward(release)
    names = {row["code"]: row["name"] for row in shown}
    changes = release.changes
    context = {
        "release": release,
        "chip": CHIPS[release.state],
        "period": period_name(release.period),
        "since": period_name(changes["since"]) if changes.get("since") else "",
        "is_talent": release.kind == ReleaseKind.TALENT,
        "rows": shown,
        "kept_in": len(release.rows) - len(shown) if release.kind != ReleaseKind.TALENT else 0,
        "numbers": numbers_of(release),
        "added": [(code, names[code]) for code in changes.get("added", []) if code in names],
        "gone": [row for row in changes.get("gone", []) if row["public"] and not row["people"]],
        "renamed": [row for row in changes.get("renamed", []) if row["code"] in names],
        "may_keep": rules.may_enter(viewer),
        "history": history(kind=act.KIND, key=str(release.pk)) if viewer.can(Can.KEEP_LEDGER) else [],
        "alert": alert,
        "kept": request.POST.get("reason", ""),
    }
    return render(request, "ledger/release.html", context, status=status)


@require_POST
@needs(Can.KEEP_LEDGER)
def step(request: Request, pk: int, step: str) -> HttpResponse:
    """Make a draft again, publish it, or take a list back."""
    release = _release(request, pk)
    viewer = request.viewer
    try:
        if step == "remake":
            act.remake_release(viewer, pk=pk)
        elif step == "publish":
            act.publish_release(viewer, pk=pk)
        elif step == "withdraw":
            act.withdraw_release(viewer, pk=pk, reason=request.POST.get("reason", "")[:2000])
        else:
            raise Http404
    except Refused as refusal:
        status = CONFLICT if isinstance(refusal, Conflict) else REFUSED
        return _page(request, _release(request, release.pk), alert=str(refusal.reason), status=status)
    messages.success(request, _("已办理。"))
    return redirect("ledger:release", pk=pk)


def download(request: Request, pk: int) -> HttpResponse:
    """Send a list as Word: what anybody may read of it."""
    release = _release(request, pk)
    answer = HttpResponse(word(release_document(release)), content_type=_WORD)
    name = f"{release.industry.name}{release.get_kind_display()} {release.period}.docx"
    answer.headers["Content-Disposition"] = attachment(name)
    return answer
