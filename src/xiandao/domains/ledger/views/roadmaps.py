"""Technology roadmaps: all versions, one as swim-lanes, drawing and table, its editor, how it differs from another."""

from collections.abc import Callable
from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from xiandao.domains.audit.queries import history
from xiandao.domains.industries.models import Industry
from xiandao.domains.ledger import rules
from xiandao.domains.ledger.actions import roadmaps as act
from xiandao.domains.ledger.models import ReleaseState, Roadmap, RoadmapEdge, RoadmapNode
from xiandao.domains.ledger.roadmaps import EDGES, GAPS, HORIZONS, LAYERS, difference, drawing, shown
from xiandao.domains.ledger.views.entry import told
from xiandao.domains.ledger.views.releases import CHIPS
from xiandao.domains.orgs.access import CONFLICT, REFUSED, Request, needs
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.plans.filters import ALL
from xiandao.domains.shared.columns import MomentColumn
from xiandao.domains.shared.lists import ListPage

_NUMBER = {"td": {"class": "number"}, "th": {"class": "number"}}


class RoadmapTable(tables.Table):
    """Versions of roadmaps."""

    industry = tables.Column(gettext_lazy("产业"), order_by="industry__order")
    version = tables.Column(gettext_lazy("版次"), attrs=_NUMBER)
    state = tables.Column(gettext_lazy("状态"))
    n_nodes = tables.Column(gettext_lazy("节点"), attrs=_NUMBER)
    published_at = MomentColumn(verbose_name=gettext_lazy("发布时间"), format="Y-m-d", default="—")

    class Meta:
        model = Roadmap
        fields = ()

    def render_industry(self, record: Roadmap) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("ledger:roadmap", args=[record.pk]), record.industry.label)

    def value_industry(self, record: Roadmap) -> str:
        return record.industry.label

    def render_state(self, record: Roadmap) -> SafeString:
        return format_html('<span class="state is-{}">{}</span>', CHIPS[record.state], record.get_state_display())

    def value_state(self, record: Roadmap) -> str:
        return str(record.get_state_display())


class RoadmapFilter(django_filters.FilterSet):
    """Versions by industry and state."""

    industry = django_filters.ModelChoiceFilter(
        label=gettext_lazy("产业"), empty_label=ALL, queryset=lambda _request: Industry.objects.order_by("order")
    )
    state = django_filters.ChoiceFilter(label=gettext_lazy("状态"), empty_label=ALL, choices=ReleaseState.choices)

    class Meta:
        model = Roadmap
        fields: tuple[str, ...] = ()


class Roadmaps(ListPage):
    """The roadmaps a viewer sees."""

    template_name = "ledger/roadmaps.html"
    title = gettext_lazy("技术路线图")
    lead = gettext_lazy("各产业的技术路线：细分领域、层次、时段、就绪度、差距和依赖，一版一存，可以比较。")
    empty = gettext_lazy("还没有技术路线图。")
    table_class = RoadmapTable
    filterset_class = RoadmapFilter

    def get_queryset(self) -> Any:
        rows = Roadmap.objects.visible_to(self.request.viewer).select_related("industry")
        return rows.annotate(n_nodes=Count("nodes"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        more = {"may_make": rules.may_enter(self.request.viewer), "industries": Industry.objects.order_by("order")}
        return super().get_context_data(**kwargs) | more


class NodeForm(forms.Form):
    """One node."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=200)
    field = forms.CharField(label=gettext_lazy("细分领域"), max_length=100)
    layer = forms.ChoiceField(label=gettext_lazy("层次"), choices=list(LAYERS.items()))
    horizon = forms.ChoiceField(label=gettext_lazy("时段"), choices=list(HORIZONS.items()))
    readiness = forms.IntegerField(
        label=gettext_lazy("技术就绪度"),
        required=False,
        min_value=1,
        max_value=9,
        help_text=gettext_lazy("1 到 9，不清楚就空着"),
    )
    gap = forms.ChoiceField(label=gettext_lazy("与先进水平差距"), choices=list(GAPS.items()), required=False)
    chokepoint = forms.BooleanField(
        label=gettext_lazy("卡脖子"), required=False, widget=forms.CheckboxInput(attrs={"class": "form-check-input"})
    )
    owner = forms.CharField(label=gettext_lazy("承担单位"), max_length=300, required=False)
    indicators = forms.CharField(
        label=gettext_lazy("目标指标"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    evidence = forms.CharField(
        label=gettext_lazy("依据"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    alternatives = forms.CharField(
        label=gettext_lazy("替代路线"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("每行一条"),
    )

    def fields_given(self) -> act.NodeFields:
        """Return what was typed."""
        lines = self.cleaned_data["alternatives"].splitlines()
        alternatives = tuple(line.strip() for line in lines if line.strip())
        return act.NodeFields(**(self.cleaned_data | {"alternatives": alternatives}))


def _roadmap(request: Request, pk: int) -> Roadmap:
    try:
        return Roadmap.objects.visible_to(request.viewer).select_related("industry").get(pk=pk)
    except Roadmap.DoesNotExist:
        raise Http404 from None


def page(request: Request, pk: int) -> HttpResponse:
    """Show one version."""
    return _page(request, _roadmap(request, pk))


def _page(request: Request, row: Roadmap, *, alert: str = "", status: int = 200) -> HttpResponse:
    nodes = list(row.nodes.all())
    edges = list(RoadmapEdge.objects.filter(roadmap=row).select_related("source", "target"))
    lanes = [
        (label, [[node for node in nodes if (node.layer, node.horizon) == (layer, far)] for far in HORIZONS])
        for layer, label in LAYERS.items()
    ]
    versions = Roadmap.objects.visible_to(request.viewer).filter(industry=row.industry).order_by("-version")
    others = [version for version in versions if version.pk != row.pk]
    chosen = request.GET.get("with", "")
    older = next((one for one in others if str(one.pk) == chosen), None)
    context = {
        "roadmap": row,
        "chip": CHIPS[row.state],
        "nodes": [(node, shown(node, "layer"), shown(node, "horizon"), shown(node, "gap")) for node in nodes],
        "edges": [(edge, EDGES.get(edge.kind, edge.kind)) for edge in edges],
        "lanes": lanes,
        "horizons": list(HORIZONS.values()),
        "drawing": drawing(nodes, edges),
        "others": others,
        "older": older,
        "difference": _difference(older, nodes, edges) if older else None,
        "edge_kinds": list(EDGES.items()),
        "may_keep": rules.may_enter(request.viewer),
        "is_draft": row.state == ReleaseState.DRAFT,
        "history": history(kind=act.KIND, key=str(row.pk)) if request.viewer.can(Can.KEEP_LEDGER) else [],
        "alert": alert,
        "kept": request.POST,
    }
    return render(request, "ledger/roadmap.html", context, status=status)


def _difference(older: Roadmap, nodes: list[RoadmapNode], edges: list[RoadmapEdge]) -> Any:
    before = RoadmapEdge.objects.filter(roadmap=older).select_related("source", "target")
    return difference(list(older.nodes.all()), nodes, before, edges)


@require_POST
@needs(Can.KEEP_LEDGER)
def begin(request: Request) -> HttpResponse:
    """Begin the next version of an industry's roadmap."""
    try:
        row = act.begin_roadmap(request.viewer, industry=request.POST.get("industry", ""))
    except Refused as refusal:
        messages.error(request, str(refusal.reason))
        return redirect("ledger:roadmaps")
    messages.success(request, _("已起草第 %(n)s 版。") % {"n": row.version})
    return redirect("ledger:roadmap", pk=row.pk)


@needs(Can.KEEP_LEDGER)
def node(request: Request, pk: int, code: str = "") -> HttpResponse:
    """Add or change a node of a draft."""
    row = _roadmap(request, pk)
    found = row.nodes.filter(code=code).first() if code else None
    if code and found is None:
        raise Http404
    initial = {name: getattr(found, name) for name in NodeForm.base_fields} if found else {}
    if found:
        initial["alternatives"] = "\n".join(found.alternatives)
    form = NodeForm(request.POST or None, initial=initial)
    status = 200
    if request.method == "POST":
        status = REFUSED
        if form.is_valid():
            try:
                act.save_node(request.viewer, pk=pk, code=code, fields=form.fields_given())
            except Refused as refusal:
                status = told(form, refusal)
            else:
                messages.success(request, _("已保存。"))
                return redirect("ledger:roadmap", pk=pk)
    return render(request, "ledger/roadmap_node.html", {"form": form, "roadmap": row, "node": found}, status=status)


def _remove(request: Request, pk: int) -> None:
    act.remove_node(request.viewer, pk=pk, code=request.POST.get("code", ""))


def _link(request: Request, pk: int) -> None:
    given = {name: request.POST.get(name, "") for name in ("source", "target", "kind")}
    act.link(request.viewer, pk=pk, **given)


def _publish(request: Request, pk: int) -> None:
    act.publish_roadmap(request.viewer, pk=pk)


def _withdraw(request: Request, pk: int) -> None:
    act.withdraw_roadmap(request.viewer, pk=pk, reason=request.POST.get("reason", "")[:2000])


_STEPS: dict[str, Callable[[Request, int], None]] = {
    "remove": _remove,
    "link": _link,
    "publish": _publish,
    "withdraw": _withdraw,
}


@require_POST
@needs(Can.KEEP_LEDGER)
def step(request: Request, pk: int, step: str) -> HttpResponse:
    """Remove a node, link two, publish or withdraw a version."""
    row = _roadmap(request, pk)
    if step not in _STEPS:
        raise Http404
    try:
        _STEPS[step](request, row.pk)
    except RoadmapNode.DoesNotExist:
        raise Http404 from None
    except Refused as refusal:
        status = CONFLICT if isinstance(refusal, Conflict) else REFUSED
        return _page(request, _roadmap(request, pk), alert=str(refusal.reason), status=status)
    messages.success(request, _("已办理。"))
    return redirect("ledger:roadmap", pk=pk)
