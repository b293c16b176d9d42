"""Addresses of plans and of their import."""

from django.urls import path

from xiandao.domains.plans import views
from xiandao.domains.plans.import_views import urlpatterns as import_urls

app_name = "plans"
urlpatterns = [
    path("", views.plan_list, name="list"),
    path("targets/", views.TargetList.as_view(), name="targets"),
    path("measures/", views.MeasureList.as_view(), name="measures"),
    *import_urls,
    path("<slug:plan>/", views.plan_page, name="plan"),
    path("<slug:plan>/text/", views.text_page, name="text"),
    path("<slug:plan>/breakdown.<str:form>", views.breakdown, name="breakdown"),
    path("<slug:plan>/actions/<str:key>/", views.action_page, name="action"),
    path("<slug:plan>/measures/<str:key>/", views.measure_page, name="measure"),
    path("<slug:plan>/targets/<str:key>/", views.target_page, name="target"),
]
