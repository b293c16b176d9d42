"""Programmes: the list, and the page of one – what it is, who may apply, what is asked, which calls there are."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from xiandao.domains.orgs.access import Request
from xiandao.domains.orgs.models import Organisation, OrganisationKind
from xiandao.domains.plans.filters import ALL, TextFilter
from xiandao.domains.plans.models import Target
from xiandao.domains.programmes.actions.calls import may_run
from xiandao.domains.programmes.actions.needs import may_raise
from xiandao.domains.programmes.forms import form_of
from xiandao.domains.programmes.models import Programme, ProgrammeKind
from xiandao.domains.programmes.queries import applying as queries
from xiandao.domains.shared.lists import ListPage
from xiandao.domains.shared.sources import CONFIDENCE

STAGES = {
    "formal_check": _("形式审查"),
    "correction": _("补正"),
    "recommendation": _("推荐"),
    "review": _("专家评审"),
    "site_check": _("现场考察"),
    "decision": _("决定"),
    "notice": _("公示"),
}
RECOMMENDERS = {
    "city_counterpart": _("设区市对口部门推荐"),
    "department": _("主管部门推荐"),
    "none": _("无须推荐，直接申报"),
}


class ProgrammeTable(tables.Table):
    """Programmes: what, how, whose, how many calls are open."""

    name = tables.Column(_("专项"))
    kind = tables.Column(_("方式"))
    lead = tables.Column(_("牵头单位"), order_by="lead__order")
    targets = tables.Column(_("计入目标"), empty_values=(), orderable=False)
    open_calls = tables.Column(_("正在受理"), attrs={"td": {"class": "number"}, "th": {"class": "number"}})

    class Meta:
        model = Programme
        fields = ()

    def render_name(self, record: Programme) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("programmes:programme", args=[record.pk]), record.label)

    def value_name(self, record: Programme) -> str:
        return record.label

    def render_lead(self, record: Programme) -> str:
        return record.lead.label if record.lead else "—"

    def render_targets(self, record: Programme) -> str:
        return "、".join(serves["target"] for serves in record.serves) or "—"

    def render_open_calls(self, record: Programme) -> str:
        return str(record.open_calls or "—")


class ProgrammeFilter(django_filters.FilterSet):
    """Programmes by words, way and lead."""

    q = TextFilter(label=_("关键词"), over=("name", "name_en"))
    kind = django_filters.ChoiceFilter(label=_("方式"), empty_label=ALL, choices=ProgrammeKind.choices)
    lead = django_filters.ModelChoiceFilter(
        label=_("牵头单位"),
        empty_label=ALL,
        queryset=lambda _request: Organisation.objects.filter(
            pk__in=Programme.objects.filter(in_force=True).order_by().values("lead")
        ),
    )

    class Meta:
        model = Programme
        fields: tuple[str, ...] = ()


class ProgrammeList(ListPage):
    """The programmes in force, public."""

    title = _("专项")
    lead = _("未来产业的认定、立项、揭榜、竞赛：谁牵头、谁可以申报、计入哪些目标、现在哪些在受理。")
    empty = _("政策包没有定义专项。")
    table_class = ProgrammeTable
    filterset_class = ProgrammeFilter

    def get_queryset(self) -> Any:
        return queries.programmes()


def page(request: Request, code: str) -> HttpResponse:
    """Show one programme."""
    try:
        programme = queries.programme(code)
    except Programme.DoesNotExist:
        raise Http404 from None
    version = queries.current_version(programme)
    if version is None:
        raise Http404
    given = version.definition
    targets = {
        (row.version.plan.code, row.key): row
        for row in Target.objects.visible_to(request.viewer)
        .filter(key__in=[serves["target"] for serves in programme.serves])
        .select_related("version__plan", "measure")
    }
    context = {
        "programme": programme,
        "version": version,
        "given": given,
        "form": form_of(version),
        "applicants": [OrganisationKind(kind).label for kind in given["applicants"]],
        "rules": [rule | {"badge": CONFIDENCE[rule["source"]["confidence"]]} for rule in given["eligibility"]],
        "stages": [(STAGES[stage["stage"]], stage.get("clock", "")) for stage in given["stages"]],
        "recommended": RECOMMENDERS[given["recommendation"]["by"]],
        "serves": [(serves, targets.get((serves["plan"], serves["target"]))) for serves in programme.serves],
        "calls": queries.calls(request.viewer).filter(version__programme=programme)[:20],
        "may_run": may_run(request.viewer, programme),
        "may_raise": may_raise(request.viewer, programme),
    }
    return render(request, "programmes/applying/programme.html", context)
