"""Addresses of industries."""

from django.urls import path

from xiandao.domains.industries import views

app_name = "industries"
urlpatterns = [
    path("", views.IndustryList.as_view(), name="list"),
    path("<slug:code>/", views.industry_page, name="detail"),
]
