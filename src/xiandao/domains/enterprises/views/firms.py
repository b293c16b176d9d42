"""The list of enterprises: what counts first, the other results one click away."""

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from xiandao.domains.enterprises.figures.counting import current_run
from xiandao.domains.enterprises.figures.kept import kept
from xiandao.domains.enterprises.filters import COUNTED, DECISIONS, EVERY, FirmFilter
from xiandao.domains.enterprises.models import Decision, Enterprise
from xiandao.domains.enterprises.queries import firms as queries
from xiandao.domains.enterprises.registry import links_for
from xiandao.domains.enterprises.tables import FirmTable
from xiandao.domains.enterprises.views.access import ReadersMixin
from xiandao.domains.shared.lists import ListPage, PageFirst

_LEADS = {
    COUNTED: _(
        "计入的企业：至少一个产业判为计入、角色为核心或服务，且仍在登记。每家企业一行，属于几个产业都列在行内。"
    ),
    Decision.REVIEW.value: _("模型拿不准、等待人工复核的企业。复核以前不计入。"),
    Decision.OUT.value: _("找到词条但判为不计的企业：只是销售、提及，或词条被排除。"),
    EVERY: _("本批识别中找到任何词条的企业，不论结论。"),
}


class Counted(PageFirst):
    """Rows whose number is known already, where it is."""

    def __init__(self, data: QuerySet[Enterprise], total: int | None) -> None:
        super().__init__(data)
        self.total = total

    def __len__(self) -> int:
        return super().__len__() if self.total is None else self.total


class FirmList(ReadersMixin, ListPage):
    """Enterprises in which a term was found; without a choice those that count."""

    title = _("企业")
    empty = _("没有符合条件的企业。")
    template_name = "enterprises/list.html"
    table_class = FirmTable
    filterset_class = FirmFilter

    def get_filterset_kwargs(self, filterset_class: Any) -> dict[str, Any]:
        self.run = current_run()
        return super().get_filterset_kwargs(filterset_class) | {"run": self.run}

    def get_queryset(self) -> QuerySet[Enterprise]:
        rows = queries.enterprises(self.request.viewer)
        return queries.with_results(rows, current_run()).order_by("region_id", "name", "pk")

    def get_table_kwargs(self) -> dict[str, Any]:
        return {"every": self.decision in {Decision.OUT.value, EVERY}}

    @property
    def decision(self) -> str:
        """The view chosen, what counts where none is."""
        return self.filterset.data["decision"]

    @property
    def lead(self) -> Any:
        """What this view of the list shows, in words."""
        return _LEADS.get(self.decision, _LEADS[COUNTED])

    def get_table_data(self) -> Any:
        """Return the rows, counted together with the other views of the list."""
        rows = super().get_table_data()
        return Counted(rows.data, self.counts.get(self.decision))

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many enterprises each view of the list has under the other filters; nothing where they are not of now."""
        chosen = self.filterset.form
        if self.run is None or not chosen.is_valid() or chosen.cleaned_data.get("life") or self._gone:
            return {}
        run, viewer = self.run, self.request.viewer
        condition = self.filterset.on_firms("enterprise__") & self.filterset.on_results()
        words = chosen.cleaned_data.get("q") or ""
        if words:
            found = Q()
            for name in self.filterset.filters["q"].over:
                found |= Q(**{f"enterprise__{name}__icontains": words})
            condition &= found
        asked = tuple(sorted((name, str(value)) for name, value in chosen.cleaned_data.items() if name != "decision"))
        return kept(
            "enterprises.tabs", viewer.scope, run.pk, asked, make=lambda: queries.decisions(viewer, run, condition)
        )

    @property
    def _gone(self) -> bool:
        return self.filterset.data.get("change") == "gone"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        viewer = self.request.viewer
        return super().get_context_data(**kwargs) | {
            "run": self.run,
            "tabs": self._tabs() if self.run else [],
            "filter_template": "enterprises/_filter.html",
            "links": links_for(viewer, self.run) if self.run else [],
        }

    def _tabs(self) -> list[dict[str, Any]]:
        """Return the views of the list under the other filters, each with its number of enterprises."""
        given = self.request.GET.copy()
        for name in ("decision", "page", "export"):
            given.pop(name, None)
        return [
            {
                "label": label,
                "count": self.counts.get(code),
                "url": f"{reverse('enterprises:list')}?{_with(given, code)}",
                "active": code == self.decision,
            }
            for code, label in DECISIONS
        ]


def _with(given: Any, decision: str) -> str:
    changed = given.copy()
    changed["decision"] = decision
    return changed.urlencode()
