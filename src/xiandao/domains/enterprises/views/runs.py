"""Pages of runs: the list, starting one, what it was made with, what it found, how it differs from the former one."""

from collections.abc import Iterator
from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRefresh

from xiandao.domains.audit.queries import history
from xiandao.domains.enterprises.actions import runs as act
from xiandao.domains.enterprises.actions.runs_work import KIND
from xiandao.domains.enterprises.models import Classification, Run, RunState
from xiandao.domains.enterprises.queries import registers as register_queries
from xiandao.domains.enterprises.queries import runs as queries
from xiandao.domains.enterprises.tables import place_of
from xiandao.domains.enterprises.views.register_lists import READERS
from xiandao.domains.industries.queries import catalogue
from xiandao.domains.orgs.access import CONFLICT, REFUSED, NeedsMixin, Request, needs
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.plans.filters import ALL
from xiandao.domains.shared import excel
from xiandao.domains.shared.columns import MomentColumn
from xiandao.domains.shared.lists import ListPage

_NUMBER = {"td": {"class": "number"}, "th": {"class": "number"}}
CHANGES = {
    "entered": gettext_lazy("新计入"),
    "left": gettext_lazy("不再计入"),
    "changed": gettext_lazy("角色或结论改变"),
}


class RunTable(tables.Table):
    """Runs, newest first."""

    number = tables.Column(gettext_lazy("批次"))
    state = tables.Column(gettext_lazy("状态"))
    register = tables.Column(gettext_lazy("登记名录"), order_by="register__number")
    catalogue = tables.Column(gettext_lazy("产品目录"), order_by="catalogue__code")
    rows = tables.Column(gettext_lazy("行数"), empty_values=(), orderable=False, attrs=_NUMBER)
    enterprises = tables.Column(gettext_lazy("计入企业"), empty_values=(), orderable=False, attrs=_NUMBER)
    started_at = MomentColumn(verbose_name=gettext_lazy("开始时间"), format="Y-m-d H:i")
    by = tables.Column(gettext_lazy("发起人"))

    class Meta:
        model = Run
        fields = ()

    def render_number(self, record: Run) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("enterprises:run", args=[record.number]), record)

    def value_number(self, record: Run) -> int:
        return record.number

    def render_state(self, record: Run) -> SafeString:
        return format_html('<span class="state is-{}">{}</span>', record.state, record.get_state_display())

    def value_state(self, record: Run) -> str:
        return str(record.get_state_display())

    def render_register(self, record: Run) -> str:
        return f"{record.register.number} · {record.register.title}"

    def render_rows(self, record: Run) -> str:
        return _shown(record.counts.get("rows"))

    def value_rows(self, record: Run) -> int | None:
        rows: int | None = record.counts.get("rows")
        return rows

    def render_enterprises(self, record: Run) -> str:
        return _shown(record.counts.get("enterprises_in"))

    def value_enterprises(self, record: Run) -> int | None:
        firms: int | None = record.counts.get("enterprises_in")
        return firms


def _shown(value: int | None) -> str:
    return "—" if value is None else f"{value:,}"


class RunFilter(django_filters.FilterSet):
    """Runs by state."""

    state = django_filters.ChoiceFilter(label=gettext_lazy("状态"), empty_label=ALL, choices=RunState.choices)


class RunList(NeedsMixin, ListPage):
    """All runs of the identification."""

    needs = READERS
    title = gettext_lazy("识别批次")
    lead = gettext_lazy("每次识别用一版名录、一版产品目录和一个模型，结果留存；现行的一批是企业页面和统计数的依据。")
    empty = gettext_lazy("还没有识别过。")
    template_name = "enterprises/registers/runs.html"
    table_class = RunTable
    filterset_class = RunFilter

    def get_queryset(self) -> QuerySet[Run]:
        return queries.runs(self.request.viewer)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        viewer = self.request.viewer
        return super().get_context_data(**kwargs) | _ready(viewer) | {"may_load": viewer.can(Can.LOAD_REGISTERS)}


def _ready(viewer: Any) -> dict[str, Any]:
    """Return what a new run would be made with."""
    return {"register": register_queries.register_in_force(viewer), "catalogue": catalogue.in_force()}


@require_POST
@needs(Can.LOAD_REGISTERS)
def start(request: Request) -> HttpResponse:
    """Start a run of the register and catalogue in force."""
    try:
        run = act.start_run(request.viewer)
    except Refused as refusal:
        status = CONFLICT if isinstance(refusal, Conflict) else REFUSED
        context = {"alert": str(refusal.reason), "title": _("识别批次")}
        return render(request, "enterprises/registers/refused.html", context, status=status)
    return redirect("enterprises:run", number=run.number)


def _run(request: Request, number: int) -> Run:
    try:
        return queries.run_by_number(request.viewer, number)
    except Run.DoesNotExist:
        raise Http404 from None


@require_GET
@needs(*READERS)
def page(request: Request, number: int) -> HttpResponse:
    """Show one run: what it was made with, what it found, how it differs from the former one."""
    return _page(request, _run(request, number))


def _page(request: Request, run: Run, *, alert: str = "", status: int = 200) -> HttpResponse:
    viewer = request.viewer
    done = run.state in (RunState.CURRENT, RunState.SUPERSEDED)
    former = queries.former_of(viewer, run) if done else None
    newest = catalogue.in_force()
    loads = viewer.can(Can.LOAD_REGISTERS)
    context = {
        "run": run,
        "done": done,
        "busy": run.state in act.BUSY,
        "percent": _percent(run),
        "lines": queries.by_industry(viewer, run) if done else [],
        "former": former,
        "differences": queries.differences(viewer, run, former) if former is not None else [],
        "changes": CHANGES,
        "may_load": loads,
        "stale": run.state == RunState.CURRENT and newest is not None and newest.pk != run.catalogue_id,
        "newest": newest,
        "card": run.model_card,
        "history": history(kind=KIND, key=str(run.number)),
        "alert": alert,
    }
    return render(request, "enterprises/registers/run.html", context, status=status)


def _percent(run: Run) -> int:
    return min(run.done * 100 // run.total, 100) if run.total else 0


@require_GET
@needs(Can.LOAD_REGISTERS)
def progress(request: Request, number: int) -> HttpResponse:
    """Answer how far a run is; when it is done the page is loaded anew."""
    run = _run(request, number)
    if run.state not in act.BUSY:
        return HttpResponseClientRefresh()
    return render(request, "enterprises/registers/_run_progress.html", {"run": run, "percent": _percent(run)})


@require_POST
@needs(Can.LOAD_REGISTERS)
def cancel(request: Request, number: int) -> HttpResponse:
    """Give a run up; a refusal shows the page with the reason."""
    run = _run(request, number)
    try:
        act.cancel_run(request.viewer, pk=run.pk)
    except Refused as refusal:
        status = CONFLICT if isinstance(refusal, Conflict) else REFUSED
        return _page(request, _run(request, number), alert=str(refusal.reason), status=status)
    return redirect("enterprises:run", number=run.number)


_HEADINGS = (
    "产业",
    "变化",
    "企业",
    "统一社会信用代码",
    "地区",
    "原角色",
    "原结论",
    "原概率",
    "现角色",
    "现结论",
    "现概率",
)


@require_GET
@needs(*READERS)
def changes(request: Request, number: int) -> HttpResponse:
    """Send every difference to the former run as Excel."""
    run = _run(request, number)
    former = queries.former_of(request.viewer, run)
    if former is None or run.state not in (RunState.CURRENT, RunState.SUPERSEDED):
        raise Http404
    title = _("识别批次 %(run)s 与 %(former)s 的差异") % {"run": run, "former": former}
    headings = [_(heading) for heading in _HEADINGS]
    return excel.response(f"{title} {timezone.localdate():%Y%m%d}", headings, _rows(request, run, former))


def _rows(request: Request, run: Run, former: Run) -> Iterator[list[Any]]:
    for row in queries.all_changes(request.viewer, run, former):
        firm = row["enterprise"]
        head = [row["industry"].label, str(CHANGES[row["kind"]]), firm.name, firm.uscc, place_of(firm)]
        yield [*head, *_said(row["old"]), *_said(row["new"])]


def _said(result: Classification | None) -> list[Any]:
    if result is None:
        return ["", "", None]
    return [str(result.get_role_display()), str(result.get_decision_display()), result.score]
