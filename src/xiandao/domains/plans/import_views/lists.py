"""The list of imports: which text, how far it is, what came of it."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.filters import TextFilter
from xiandao.domains.plans.models.drafts import ImportState, PlanImport
from xiandao.domains.plans.queries import imports as queries
from xiandao.domains.shared.columns import MomentColumn
from xiandao.domains.shared.lists import ListPage


class ImportTable(tables.Table):  # type: ignore[misc]
    """Imports: name, state, progress, who, when, what was published."""

    name = tables.Column(_("方案"))
    state = tables.Column(_("状态"))
    progress = tables.Column(_("已核对"), empty_values=(), orderable=False)
    source_name = tables.Column(_("来源文件"), default="—")
    created_by = tables.Column(_("录入人"))
    created_at = MomentColumn(verbose_name=_("录入时间"), format="Y-m-d H:i")
    result = tables.Column(_("结果"), empty_values=(), orderable=False)

    class Meta:
        model = PlanImport
        fields = ()

    def render_name(self, record: PlanImport) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("plans:import", args=[record.pk]), record.name)

    def value_name(self, record: PlanImport) -> str:
        return record.name

    def render_state(self, record: PlanImport) -> SafeString:
        return format_html('<span class="import-state is-{}">{}</span>', record.state, record.get_state_display())

    def value_state(self, record: PlanImport) -> str:
        return str(record.get_state_display())

    def render_progress(self, record: Any) -> str:
        return f"{record.n_items - record.n_waiting}/{record.n_items}"

    def render_result(self, record: PlanImport) -> SafeString | str:
        if record.plan and record.version:
            url = reverse("plans:plan", args=[record.plan.code])
            return format_html('<a href="{}">{} v{}</a>', url, record.plan.code, record.version.number)
        return record.closing_reason or "—"

    def value_result(self, record: PlanImport) -> str:
        if record.plan and record.version:
            return f"{record.plan.code} v{record.version.number}"
        return record.closing_reason


class ImportFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Imports by words and state."""

    q = TextFilter(label=_("关键词"), over=("name", "source_name", "created_by"))
    state = django_filters.ChoiceFilter(label=_("状态"), choices=ImportState.choices, empty_label=_("全部"))

    class Meta:
        model = PlanImport
        fields: tuple[str, ...] = ()


class ImportList(ListPage):
    """All imports, for the coordinating office and auditors."""

    template_name = "plans/import/list.html"
    title = _("方案录入")
    lead = _("上传或粘贴方案文本，与机器读出的条目逐条核对，发布为方案的新版本。")
    empty = _("还没有录入。")
    table_class = ImportTable
    filterset_class = ImportFilter

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        viewer: Viewer = request.viewer  # type: ignore[attr-defined]
        if not viewer.can(Can.READ_IMPORTS):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        return queries.imports(self.request.viewer)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        writable = self.request.viewer.can(Can.IMPORT_PLANS)
        return super().get_context_data(**kwargs) | {"writable": writable}
