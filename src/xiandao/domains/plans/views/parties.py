"""Pages of those responsible: a body with all it leads and helps with, a city with its bureaus and measures."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xiandao.domains.orgs import queries as orgs
from xiandao.domains.orgs.models import Organisation, Region
from xiandao.domains.plans import queries
from xiandao.domains.plans.filters import CityFilter, OrganisationFilter
from xiandao.domains.plans.models import DutyRole
from xiandao.domains.plans.panels import panels_of
from xiandao.domains.plans.tables import CityTable, OrganisationTable
from xiandao.domains.shared.lists import ListPage


class OrganisationList(ListPage):
    """All bodies: the parties plans name and their counterparts in the cities."""

    title = _("责任单位")
    lead = _("方案点名的单位和各设区市的对口单位，各自牵头、配合多少项任务。")
    empty = _("没有符合条件的单位。")
    table_class = OrganisationTable
    filterset_class = OrganisationFilter

    def get_queryset(self) -> Any:
        return queries.parties()


def organisation_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show one body: what it leads, what it helps with, who does its work in the cities or whose work it does."""
    try:
        body = orgs.organisation(code)
    except Organisation.DoesNotExist:
        raise Http404 from None
    duties = list(queries.duties_of_organisation(request.viewer, body))
    serves = list(orgs.served_by(body))
    context = {
        "body": body,
        "leads": [d for d in duties if d.role == DutyRole.LEAD],
        "helps": [d for d in duties if d.role == DutyRole.WITH],
        "counterparts": orgs.counterparts_of(body),
        "serves": serves,
        "handed_down": queries.duties_handed_down(request.viewer, [link.department for link in serves]),
        "panels": panels_of("organisation", request.viewer, body=body),
    }
    return render(request, "plans/organisation.html", context)


class CityList(ListPage):
    """The cities, on a map and in a table."""

    title = _("设区市")
    lead = _("各设区市的对口单位和承担的任务。")
    empty = _("没有符合条件的设区市。")
    template_name = "plans/cities.html"
    table_class = CityTable
    filterset_class = CityFilter

    def get_queryset(self) -> Any:
        return queries.cities_with_counts()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = [
            {
                "code": city.code,
                "name": city.name,
                "label": city.label,
                "value": city.n_bureaus,
                "url": reverse("parties:city", args=[city.code]),
            }
            for city in self.object_list
        ]
        return super().get_context_data(**kwargs) | {"map_rows": rows}


def city_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show one city: its counterpart bureaus and, measure by measure, which of them carries it out."""
    try:
        city = orgs.city(code)
    except Region.DoesNotExist:
        raise Http404 from None
    versions = list(queries.plans_in_force(request.viewer))
    wanted = request.GET.get("plan", "")
    with_text = [v for v in versions if v.n_measures]
    version = next((v for v in with_text if v.plan.code == wanted), with_text[0] if with_text else None)
    context = {
        "city": city,
        "versions": with_text,
        "version": version,
        "matrix": queries.city_matrix(request.viewer, version, city) if version else [],
        "counterparts": orgs.counterparts_in(city),
        "places": list(city.children.all()),
        "panels": panels_of("city", request.viewer, version=version, city=city),
    }
    return render(request, "plans/city.html", context)
