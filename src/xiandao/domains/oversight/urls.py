"""Addresses of the audit log."""

from django.urls import path

from xiandao.domains.oversight import views

app_name = "audit"
urlpatterns = [
    path("", views.records, name="list"),
    path("export/", views.export, name="export"),
    path("checks/", views.checks, name="checks"),
    path("checks/<int:pk>/", views.check, name="check"),
    path("<int:number>/", views.record, name="record"),
]
