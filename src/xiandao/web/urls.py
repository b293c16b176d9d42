"""Addresses of the shell."""

from django.urls import path

from xiandao.web import views

app_name = "web"
urlpatterns = [
    path("", views.home, name="home"),
    path("overview/", views.overview, name="overview"),
    path("search/", views.search, name="search"),
    path("language/", views.language, name="language"),
    path("map/boundaries.json", views.boundaries, name="boundaries"),
    path("healthz", views.healthz, name="healthz"),
]
