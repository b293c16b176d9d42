"""Samples: the list, drawing one with a preview, its page, ending it, and how far its readers agree."""

import secrets
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from xiandao.domains.audit.queries import history
from xiandao.domains.enterprises.models import Decision
from xiandao.domains.labelling.actions import samples as act
from xiandao.domains.labelling.actions.labels import current_run
from xiandao.domains.labelling.kinds import SAMPLE
from xiandao.domains.labelling.models import Item, ItemReason, Sample, SampleState
from xiandao.domains.labelling.planning import preview
from xiandao.domains.labelling.queries import samples as queries
from xiandao.domains.labelling.strata import stratum_label
from xiandao.domains.labelling.views.access import DESK
from xiandao.domains.labelling.views.draw_form import DrawForm
from xiandao.domains.orgs.access import CONFLICT, REFUSED, NeedsMixin, Request, needs
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.plans.filters import ALL, TextFilter
from xiandao.domains.shared.columns import MomentColumn
from xiandao.domains.shared.lists import ListPage


class SampleTable(tables.Table):
    """Samples: what, how far, by whom drawn."""

    title = tables.Column(gettext_lazy("批次"))
    state = tables.Column(gettext_lazy("状态"))
    all_items = tables.Column(gettext_lazy("家数"))
    open_items = tables.Column(gettext_lazy("待判断"))
    disputed_items = tables.Column(gettext_lazy("判断不一"))
    settled_items = tables.Column(gettext_lazy("已定"))
    readers = tables.Column(gettext_lazy("每家判断人数"))
    run = tables.Column(gettext_lazy("识别批次"), order_by="run__number")
    region = tables.Column(
        gettext_lazy("地区"), default=gettext_lazy("全省"), accessor="region__label", orderable=False
    )
    drawn_at = MomentColumn(verbose_name=gettext_lazy("抽取时间"), format="Y-m-d")
    drawn_by = tables.Column(gettext_lazy("抽取人"))

    class Meta:
        model = Sample
        fields = ()

    def render_title(self, record: Sample) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("labelling:sample", args=[record.pk]), record.title)

    def value_title(self, record: Sample) -> str:
        return record.title

    def render_state(self, record: Sample) -> SafeString:
        return format_html('<span class="state is-{}">{}</span>', record.state, record.get_state_display())

    def value_state(self, record: Sample) -> str:
        return str(record.get_state_display())


class SampleFilter(django_filters.FilterSet):
    """Samples by words and state."""

    q = TextFilter(label=gettext_lazy("关键词"), over=("title", "drawn_by"))
    state = django_filters.ChoiceFilter(label=gettext_lazy("状态"), empty_label=ALL, choices=SampleState.choices)

    class Meta:
        model = Sample
        fields: tuple[str, ...] = ()


class SampleList(NeedsMixin, ListPage):
    """All samples, and where the rest of the review desk is."""

    needs = DESK
    template_name = "labelling/samples.html"
    title = gettext_lazy("识别复核")
    lead = gettext_lazy(
        "抽取一批企业，由人逐家判断属于哪些未来产业。判断结果改正识别结论，并用来估计查准率、查全率和企业数的区间。"
    )
    empty = gettext_lazy("还没有复核批次。")
    table_class = SampleTable
    filterset_class = SampleFilter

    def get_queryset(self) -> Any:
        return queries.samples(self.request.viewer)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        settles = self.request.viewer.can(Can.SETTLE_REVIEWS)
        disputed = Item.objects.visible_to(self.request.viewer).filter(state="disputed").count() if settles else 0
        return super().get_context_data(**kwargs) | {"settles": settles, "disputed": disputed}


@needs(Can.SETTLE_REVIEWS)
def new(request: Request) -> HttpResponse:
    """Draw a sample: first how many come from which stratum and how wide intervals will be, then the draw itself."""
    run = current_run()
    given = request.POST if request.method == "POST" else None
    form = DrawForm(given, initial={"seed": secrets.randbelow(10**9)})
    context: dict[str, Any] = {"form": form, "run": run}
    status = 200
    if given is not None:
        status = REFUSED
        if form.is_valid():
            try:
                if request.method == "POST" and request.POST.get("step") == "draw":
                    sample = act.draw_sample(request.viewer, asked=form.asked())
                    messages.success(request, _("已抽取，判断单位已收到待办。"))
                    return redirect("labelling:sample", pk=sample.pk)
                context["preview"] = preview(form.asked())
                status = 200
            except Refused as refusal:
                form.add_error(None, str(refusal.reason))
                status = CONFLICT if isinstance(refusal, Conflict) else REFUSED
    return render(request, "labelling/sample_new.html", context, status=status)


def sample_or_404(request: Request, pk: int) -> Sample:
    """Return a sample the viewer sees."""
    try:
        return queries.sample_by_pk(request.viewer, pk)
    except Sample.DoesNotExist:
        raise Http404 from None


@needs(*DESK)
def page(request: Request, pk: int) -> HttpResponse:
    """Show one sample: how far it is, what it was drawn from, whose turn it is."""
    return _page(request, sample_or_404(request, pk))


def _page(request: Request, sample: Sample, *, alert: str = "", kept: str = "", status: int = 200) -> HttpResponse:
    viewer = request.viewer
    names = queries.industry_names()
    items = Item.objects.for_system("how many of which kind; names are not shown").filter(sample=sample)
    reasons = [
        (label, items.filter(reason=reason).count(), items.filter(reason=reason, state="open").count())
        for reason, label in ItemReason.choices
    ]
    is_open = sample.state == SampleState.OPEN
    context = {
        "sample": sample,
        "names": names,
        "industries": [names.get(code, code) for code in sample.industries],
        "strata": _strata(sample, names),
        "reasons": [row for row in reasons if row[1]],
        "bodies": sample.bodies.all(),
        "left": sample.open_items + sample.disputed_items,
        "is_open": is_open,
        "may_judge": is_open and viewer.can(Can.REVIEW_ENTERPRISES),
        "may_end": is_open and viewer.can(Can.SETTLE_REVIEWS),
        "history": history(kind=SAMPLE, key=str(sample.pk))[:20],
        "alert": alert,
        "kept": kept,
    }
    return render(request, "labelling/sample.html", context, status=status)


def _strata(sample: Sample, names: dict[str, str]) -> list[tuple[str, list[Any]]]:
    """Return the strata as rows: an industry with its three decisions, or what is a stratum of its own."""
    made: dict[str, list[Any]] = {}
    for code, each in sample.strata.items():
        industry, colon, decision = code.partition(":")
        if not colon:
            made[stratum_label(code, names)] = [each]
            continue
        cells = made.setdefault(names.get(industry, industry), [None] * len(Decision.values))
        cells[Decision.values.index(decision)] = each
    return list(made.items())


@require_POST
@needs(*DESK)
def step(request: Request, pk: int, step: str) -> HttpResponse:
    """End a sample; a refusal shows the page with the reason and what was typed."""
    steps = {"close": act.close_sample, "withdraw": act.withdraw_sample}
    if step not in steps:
        raise Http404
    sample = sample_or_404(request, pk)
    text = request.POST.get("text", "")
    try:
        steps[step](request.viewer, pk=sample.pk, reason=text)
    except Refused as refusal:
        status = CONFLICT if isinstance(refusal, Conflict) else REFUSED
        return _page(request, sample_or_404(request, pk), alert=str(refusal.reason), kept=text, status=status)
    messages.success(request, _("已办理。"))
    return redirect("labelling:sample", pk=sample.pk)


@needs(*DESK)
def agreement(request: Request, pk: int) -> HttpResponse:
    """Show how far the readers of a sample agree. While it is open only to whoever settles: readers stay apart."""
    sample = sample_or_404(request, pk)
    shown = sample.state != SampleState.OPEN or request.viewer.can(Can.SETTLE_REVIEWS)
    seen = set(Item.objects.visible_to(request.viewer).filter(sample=sample).values_list("pk", flat=True))
    context = {
        "sample": sample,
        "shown": shown,
        "seen": seen,
        "agreements": queries.agreements(sample) if shown else [],
        "names": queries.industry_names(),
    }
    return render(request, "labelling/agreement.html", context)
