"""The list page: filter, sort, page, print, and export to Excel the very rows shown."""

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.core.paginator import InvalidPage
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django_filters.views import FilterView
from django_tables2 import SingleTableMixin
from django_tables2.data import TableQuerysetData

from xiandao.domains.shared import excel
from xiandao.domains.shared.remember import remembered


class PageFirst(TableQuerysetData):  # type: ignore[misc]
    """The rows of a list, of which a page is found by its keys first.

    What a row shows beside itself, names of others and counts, is then read for the page alone and not for every row
    that has to be sorted.
    """

    def __len__(self) -> int:
        """Return how many rows there are, counted once until something changes."""
        try:
            asked = self.data.query.sql_with_params()
        except EmptyResultSet:  # a condition nothing can meet is no question to the database
            return 0
        return remembered("rows", asked, make=super().__len__)

    def __getitem__(self, key: int | slice) -> Any:
        if not isinstance(key, slice):
            return super().__getitem__(key)
        keys = list(self.data.values_list("pk", flat=True)[key])
        rows = self.data.order_by().in_bulk(keys)
        return [rows[pk] for pk in dict.fromkeys(keys)]


class ListPage(SingleTableMixin, FilterView):
    """A list of one kind of object. Subclasses give `queryset` by viewer, a table, a filter and a title."""

    template_name = "web/list.html"
    title: Any = ""
    lead: Any = ""
    empty: Any = ""
    # The table pages itself; paging the view's own list besides would count the rows a second time.
    table_pagination = {"per_page": 50, "silent": False}
    strict = False

    def get_table(self, **kwargs: Any) -> Any:
        """Return the table at the page asked for; a page that is not there is not found."""
        try:
            return super().get_table(**kwargs)
        except InvalidPage as missing:
            raise Http404 from missing

    def get_table_data(self) -> Any:
        rows = super().get_table_data()
        return PageFirst(rows) if isinstance(rows, QuerySet) else rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["table"].empty_text = self.empty  # a table is drawn without the page's other words
        return context | {"title": self.title, "lead": self.lead, "empty": self.empty}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        page = super().get(request, *args, **kwargs)
        if request.GET.get("export") != "xlsx":
            return page
        # The table without its pages: what is exported is what the filter leaves, in the order shown.
        table = self.get_table_class()(data=self.object_list, request=request, **self.get_table_kwargs())
        table.order_by = request.GET.get("sort", "")
        values = table.as_values(exclude_columns=("link",))
        header = next(values)
        return excel.response(str(self.title), [str(name) for name in header], values)
