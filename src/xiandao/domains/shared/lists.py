"""The list page: filter, sort, page, print, and export to Excel the very rows shown."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django_filters.views import FilterView
from django_tables2 import SingleTableMixin

from xiandao.domains.shared import excel


class ListPage(SingleTableMixin, FilterView):
    """A list of one kind of object. Subclasses give `queryset` by viewer, a table, a filter and a title."""

    template_name = "web/list.html"
    title: Any = ""
    lead: Any = ""
    empty: Any = ""
    paginate_by = 50
    strict = False

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {"title": self.title, "lead": self.lead, "empty": self.empty}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        page = super().get(request, *args, **kwargs)
        if request.GET.get("export") != "xlsx":
            return page
        # The table without its pages: what is exported is what the filter leaves, in the order shown.
        table = self.get_table_class()(data=self.object_list, request=request)
        table.order_by = request.GET.get("sort", "")
        values = table.as_values(exclude_columns=("link",))
        header = next(values)
        return excel.response(str(self.title), [str(name) for name in header], values)
