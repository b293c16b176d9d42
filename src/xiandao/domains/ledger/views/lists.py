"""Published lists read in: the list of them, reading one, deciding its rows, entering them."""

from typing import Any

import django_tables2 as tables
from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from xiandao.domains.audit.queries import history
from xiandao.domains.files.limits import file_limits
from xiandao.domains.ledger.actions import lists as act
from xiandao.domains.ledger.forms import day_field, pairs, target_choices
from xiandao.domains.ledger.lists.reading import rows_of, table_of, table_of_text
from xiandao.domains.ledger.models import ListImport, ListImportState, ListRow, RowMatch
from xiandao.domains.ledger.registry import kind_of, kinds
from xiandao.domains.ledger.views.entry import told
from xiandao.domains.orgs.access import CONFLICT, REFUSED, NeedsMixin, Request, needs
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.shared.columns import MomentColumn
from xiandao.domains.shared.lists import ListPage

_CHIPS = {"matching": "claimed", "done": "verified", "cancelled": "rejected"}
_NUMBER = {"td": {"class": "number"}, "th": {"class": "number"}}


class ListTable(tables.Table):
    """Lists read in."""

    title = tables.Column(gettext_lazy("名单名称"))
    state = tables.Column(gettext_lazy("状态"))
    n_rows = tables.Column(gettext_lazy("条数"), attrs=_NUMBER)
    n_open = tables.Column(gettext_lazy("未核对"), attrs=_NUMBER)
    created_at = MomentColumn(verbose_name=gettext_lazy("录入时间"), format="Y-m-d H:i")
    created_by = tables.Column(gettext_lazy("录入人"))

    class Meta:
        model = ListImport
        fields = ()

    def render_title(self, record: ListImport) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("ledger:import", args=[record.pk]), record.title)

    def value_title(self, record: ListImport) -> str:
        return record.title

    def render_state(self, record: ListImport) -> SafeString:
        return format_html('<span class="state is-{}">{}</span>', _CHIPS[record.state], record.get_state_display())

    def value_state(self, record: ListImport) -> str:
        return str(record.get_state_display())


class Imports(NeedsMixin, ListPage):
    """The lists read in so far."""

    needs = (Can.KEEP_LEDGER,)
    template_name = "ledger/imports.html"
    title = gettext_lazy("名单录入")
    lead = gettext_lazy("把公布的名单（序号、名称、单位）读进来，逐条核对是哪家单位，再一次登记进台账。")
    empty = gettext_lazy("还没有录入过名单。")
    table_class = ListTable
    filterset_fields = ("state",)
    model = ListImport

    def get_queryset(self) -> Any:
        rows = ListImport.objects.visible_to(self.request.viewer)
        return rows.annotate(n_rows=Count("rows"), n_open=Count("rows", filter=Q(rows__match__in=act.OPEN))).order_by(
            "-created_at", "-pk"
        )


class ListForm(forms.Form):
    """A list to read in, and what all its rows share."""

    kind = forms.ChoiceField(label=gettext_lazy("类别"))
    title = forms.CharField(
        label=gettext_lazy("名单名称"), max_length=300, help_text=gettext_lazy("公布名单的文件标题")
    )
    file = forms.FileField(
        label=gettext_lazy("Word 或 Excel 文件"),
        required=False,
        help_text=gettext_lazy("读其中最大的表格或第一张工作表，应有序号、名称、单位三列"),
    )
    text = forms.CharField(
        label=gettext_lazy("或粘贴表格"),
        required=False,
        max_length=400_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("从网页、Word 或 Excel 复制表格，直接粘贴"),
    )
    decided_on = day_field(gettext_lazy("公布日期"), gettext_lazy("不清楚就空着，空着是未知"))
    decision_number = forms.CharField(label=gettext_lazy("文号"), max_length=100, required=False)
    valid_from = day_field(gettext_lazy("有效期起"))
    valid_to = day_field(gettext_lazy("有效期止"))
    serves = forms.MultipleChoiceField(
        label=gettext_lazy("计入的目标"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text=gettext_lazy("每个方案至多一个；他处公布的不选"),
    )
    elsewhere = forms.BooleanField(
        label=gettext_lazy("他处公布，不计数"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
    source = forms.CharField(label=gettext_lazy("来源"), max_length=500, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["kind"]
        kind.choices = [("", _("请选择")), *((one.code, one.label) for one in kinds().values())]
        serves: Any = self.fields["serves"]
        serves.choices = target_choices()

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not given.get("file") and not given.get("text"):
            self.add_error("file", _("请选择文件，或粘贴表格。"))
        if given.get("elsewhere") and not given.get("source"):
            self.add_error("source", _("他处公布的要写来源。"))
        served = pairs(given.get("serves") or [])
        if len({plan for plan, _key in served}) < len(served):
            self.add_error("serves", _("一个条目在一个方案里只计入一个目标。"))
        start, end = given.get("valid_from"), given.get("valid_to")
        if start and end and end < start:
            self.add_error("valid_to", _("有效期止不能早于有效期起。"))
        return given


@needs(Can.KEEP_LEDGER)
def new(request: Request) -> HttpResponse:
    """Read a list in."""
    form = ListForm(request.POST or None, request.FILES or None)
    status = 200
    if request.method == "POST":
        status = REFUSED
        if form.is_valid():
            try:
                batch = _started(request, form)
            except Refused as refusal:
                status = told(form, refusal)
            else:
                return redirect("ledger:import", pk=batch.pk)
    return render(request, "ledger/import_new.html", {"form": form}, status=status)


def _started(request: Request, form: ListForm) -> ListImport:
    given = form.cleaned_data
    file = given["file"]
    if file is not None and file.size > file_limits().megabytes * 1024 * 1024:
        raise Refused(_("文件超过 %(limit)s MB 的上限。") % {"limit": file_limits().megabytes})
    table = table_of(file.read(), file.name, file_limits().archive) if file else table_of_text(given["text"])
    days = ("decided_on", "valid_from", "valid_to")
    shared = {name: given[name].isoformat() if given[name] else None for name in days}
    shared |= {"decision_number": given["decision_number"], "source": given["source"], "decision": given["title"]}
    shared["serves"] = pairs(given["serves"])
    return act.start_list(
        request.viewer,
        kind=given["kind"],
        title=given["title"],
        rows=rows_of(table),
        shared=shared,
        elsewhere=given["elsewhere"],
        file_name=file.name[:200] if file else "",
        text="\n".join("\t".join(row) for row in table),
    )


def _batch(request: Request, pk: int) -> ListImport:
    try:
        return ListImport.objects.visible_to(request.viewer).get(pk=pk)
    except ListImport.DoesNotExist:
        raise Http404 from None


@needs(Can.KEEP_LEDGER)
def page(request: Request, pk: int) -> HttpResponse:
    """Show a list with its rows and whom each was found to be."""
    return _page(request, _batch(request, pk))


def _page(
    request: Request, batch: ListImport, *, alerts: list[str] | None = None, kept: Any = None, status: int = 200
) -> HttpResponse:
    rows = list(batch.rows.select_related("organisation", "enterprise", "existing", "entry"))
    kept = kept or {}
    context = {
        "batch": batch,
        "kind": kind_of(batch.kind),
        "rows": [(row, options(row), kept.get(f"row-{row.order}", act.chosen(row))) for row in rows],
        "open": sum(row.match in act.OPEN for row in rows),
        "unknown": sum(row.match == RowMatch.UNKNOWN for row in rows),
        "skipped": sum(row.match == RowMatch.SKIPPED for row in rows),
        "is_open": batch.state == ListImportState.MATCHING,
        "alerts": alerts or [],
        "history": history(kind=act.KIND, key=str(batch.pk)),
    }
    return render(request, "ledger/import.html", context, status=status)


def options(row: ListRow) -> list[tuple[str, str, str]]:
    """Return what can be chosen for a row: the choice, its words, why."""
    found = []
    certain = row.enterprise or row.organisation
    listed = {each["key"] for each in row.candidates}
    if certain is not None and act.chosen(row) not in listed:
        code = row.enterprise.uscc if row.enterprise else row.organisation.credit_code if row.organisation else ""
        found.append((act.chosen(row), f"{certain} {code}".strip(), _("代码或名称相同")))
    for each in row.candidates:
        why = f"{each['why']} {round(float(each['likeness']) * 100)}%"
        found.append((str(each["key"]), f"{each['name']} {each['code']}".strip(), why))
    found.append((act.NEW, _("按新单位登记"), ""))
    found.append((act.SKIP, _("不登记"), ""))
    return found


def _choices(request: Request) -> dict[int, str]:
    return {
        int(name[4:]): str(value)
        for name, value in request.POST.items()
        if name.startswith("row-") and name[4:].isascii() and name[4:].isdigit() and len(name) < 12  # noqa: PLR2004
    }


@require_POST
@needs(Can.KEEP_LEDGER)
def step(request: Request, pk: int, step: str) -> HttpResponse:
    """Save what was chosen, take the rest as new, enter everything, or give up."""
    batch = _batch(request, pk)
    viewer = request.viewer
    try:
        if step in ("save", "rest", "finish"):  # what was chosen and not saved yet is saved first
            n = act.decide_rows(viewer, pk=pk, choices=_choices(request))
        if step == "save":
            messages.success(request, _("已保存 %(n)s 条。") % {"n": n})
        elif step == "rest":
            n = act.rest_as_new(viewer, pk=pk)
            messages.success(request, _("%(n)s 条未找到的按新单位登记。") % {"n": n})
        elif step == "finish":
            n = act.finish_list(viewer, pk=pk)
            messages.success(request, _("已登记 %(n)s 条。") % {"n": n})
        elif step == "cancel":
            act.cancel_list(viewer, pk=pk)
            messages.success(request, _("已取消，没有登记任何一条。"))
        else:
            raise Http404
    except Refused as refusal:
        status = CONFLICT if isinstance(refusal, Conflict) else REFUSED
        told = [sentence for _field, sentence in getattr(refusal, "faults", [])] or [str(refusal.reason)]
        return _page(request, _batch(request, batch.pk), alerts=told, kept=request.POST, status=status)
    return redirect("ledger:import", pk=pk)
