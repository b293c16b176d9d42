"""Addresses of responsible bodies and cities: who they are and what the plans ask of them."""

from django.urls import path

from xiandao.domains.plans.views import parties

app_name = "parties"
urlpatterns = [
    path("organisations/", parties.OrganisationList.as_view(), name="organisations"),
    path("organisations/<str:code>/", parties.organisation_page, name="organisation"),
    path("cities/", parties.CityList.as_view(), name="cities"),
    path("cities/<str:code>/", parties.city_page, name="city"),
]
