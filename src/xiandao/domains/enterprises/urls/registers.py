"""Addresses of registers, runs and the question which enterprises are one."""

from django.urls import URLPattern, path

from xiandao.domains.enterprises.views import register_lists, registers, runs, twins

urlpatterns: list[URLPattern] = [
    path("registers/", register_lists.RegisterList.as_view(), name="registers"),
    path("registers/new/", registers.start, name="register-new"),
    path("registers/<int:number>/", registers.page, name="register"),
    path("registers/<int:number>/progress/", registers.progress, name="register-progress"),
    path("registers/<int:number>/changes/", register_lists.ChangeList.as_view(), name="register-changes"),
    path("registers/<int:number>/<slug:what>.csv", registers.file, name="register-file"),
    path("registers/<int:number>/<slug:step>/", registers.step, name="register-step"),
    path("runs/", runs.RunList.as_view(), name="runs"),
    path("runs/start/", runs.start, name="run-start"),
    path("runs/<int:number>/", runs.page, name="run"),
    path("runs/<int:number>/progress/", runs.progress, name="run-progress"),
    path("runs/<int:number>/cancel/", runs.cancel, name="run-cancel"),
    path("runs/<int:number>/changes.xlsx", runs.changes, name="run-changes"),
    path("twins/", twins.TwinList.as_view(), name="twins"),
    path("twins/<int:pk>/", twins.page, name="twin"),
    path("twins/<int:pk>/decide/", twins.decide, name="twin-decide"),
    path("twins/<int:pk>/reopen/", twins.reopen, name="twin-reopen"),
]
