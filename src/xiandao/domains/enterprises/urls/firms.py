"""Addresses of enterprises: list, page, map, chain, layout."""

from django.urls import URLPattern, path

from xiandao.domains.enterprises.views import chain, firm, firms, layout, own

urlpatterns: list[URLPattern] = [
    path("", firms.FirmList.as_view(), name="list"),
    path("own/", own.own_page, name="own"),
    path("chain/", chain.chain_page, name="chain"),
    path("layout/", layout.layout_page, name="layout"),
    path("map/", layout.map_page, name="map"),
    path("growth/", layout.growth_page, name="growth"),
    path("<int:pk>/", firm.firm_page, name="detail"),
]
