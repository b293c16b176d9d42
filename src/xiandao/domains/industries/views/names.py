"""The words under which documents print products: the list, taking one down, correcting, removing."""

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
from django.views.decorators.http import require_http_methods, require_POST

from xiandao.domains.audit.queries import history
from xiandao.domains.industries.actions import names as act
from xiandao.domains.industries.models import ProductName, Relation
from xiandao.domains.industries.queries.catalogue import in_force
from xiandao.domains.industries.queries.targets import targets
from xiandao.domains.industries.views.forms import NameForm
from xiandao.domains.orgs.access import CONFLICT, REFUSED, Request, needs
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.plans.filters import TextFilter
from xiandao.domains.shared.lists import ListPage


class NameTable(tables.Table):
    """Names: what they stand for, the document, its words, the relation."""

    target = tables.Column(gettext_lazy("目录项"))
    title = tables.Column(gettext_lazy("文件"))
    printed = tables.Column(gettext_lazy("表述"))
    relation = tables.Column(gettext_lazy("关系"))
    source = tables.Column(gettext_lazy("依据"))

    class Meta:
        model = ProductName
        fields = ()

    def before_render(self, request: Request) -> None:
        version = in_force()
        self.names = targets(version) if version is not None else {}
        self.edits = request.viewer.can(Can.EDIT_CATALOGUE)

    def render_target(self, record: ProductName) -> str:
        return self.names.get(record.target, record.target)

    def value_target(self, record: ProductName) -> str:
        return record.target

    def render_printed(self, record: ProductName) -> SafeString | str:
        if not self.edits:
            return record.printed
        return format_html('<a href="{}">{}</a>', reverse("catalogue:name", args=[record.pk]), record.printed)

    def value_printed(self, record: ProductName) -> str:
        return record.printed


class NameFilter(django_filters.FilterSet):
    """Names by words and relation."""

    q = TextFilter(label=gettext_lazy("关键词"), over=("target", "title", "document", "printed"))
    relation = django_filters.ChoiceFilter(
        label=gettext_lazy("关系"), choices=Relation.choices, empty_label=gettext_lazy("全部")
    )

    class Meta:
        model = ProductName
        fields: tuple[str, ...] = ()


class NameList(ListPage):
    """How documents print the products and segments of the catalogue."""

    template_name = "industries/catalogue/names.html"
    title = gettext_lazy("各文件的表述")
    lead = gettext_lazy("同一个产品，各份文件的叫法不同。登记在这里，产品页上能看到，查文件时不会漏。")
    empty = gettext_lazy("还没有登记。")
    table_class = NameTable
    filterset_class = NameFilter

    def get_queryset(self) -> Any:
        return ProductName.objects.order_by("document", "target", "pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        edits = self.request.viewer.can(Can.EDIT_CATALOGUE)
        return super().get_context_data(**kwargs) | {"may_edit": edits}


@require_http_methods(["GET", "POST"])
@needs(Can.EDIT_CATALOGUE)
def edit(request: Request, pk: int | None = None) -> HttpResponse:
    """Take a name down, or correct one."""
    row = ProductName.objects.filter(pk=pk).first() if pk is not None else None
    if pk is not None and row is None:
        raise Http404
    initial = {name: getattr(row, name) for name in NameForm.base_fields} if row else request.GET.dict()
    form, alert, status = NameForm(request.POST or None, initial=initial), "", 200
    if request.method == "POST":
        status = REFUSED
        if form.is_valid():
            try:
                act.save_name(request.viewer, name=act.NewName(**form.cleaned_data), pk=pk)
            except Refused as refusal:
                alert, status = str(refusal.reason), CONFLICT if isinstance(refusal, Conflict) else REFUSED
            else:
                messages.success(request, _("已登记。"))
                return redirect("catalogue:names")
    version = in_force()
    context = {
        "form": form,
        "row": row,
        "alert": alert,
        "targets": targets(version) if version is not None else {},
        "history": history(kind=act.KIND, key=str(pk)) if pk else None,
    }
    return render(request, "industries/catalogue/name.html", context, status=status)


@require_POST
@needs(Can.EDIT_CATALOGUE)
def remove(request: Request, pk: int) -> HttpResponse:
    """Remove a name."""
    try:
        act.remove_name(request.viewer, pk=pk)
    except ProductName.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("已删除。"))
    return redirect("catalogue:names")
