"""Addresses of programmes, calls, needs and the applicant."""

from django.urls import URLPattern, path

from xiandao.domains.programmes.views import applications, calls, form_excel, needs, programmes

urlpatterns: list[URLPattern] = [
    path("", programmes.ProgrammeList.as_view(), name="list"),
    path("about/<slug:code>/", programmes.page, name="programme"),
    path("calls/", calls.CallList.as_view(), name="calls"),
    path("calls/new/", calls.new, name="call-new"),
    path("calls/<str:code>/", calls.page, name="call"),
    path("calls/<str:code>/edit/", calls.edit, name="call-edit"),
    path("calls/<str:code>/do/<slug:step>/", calls.step, name="call-step"),
    path("calls/<str:code>/apply/", applications.start, name="start"),
    path("applications/", applications.ApplicationList.as_view(), name="applications"),
    path("applications/<str:code>/", applications.page, name="application"),
    path("applications/<str:code>/save/", applications.save, name="application-save"),
    path("applications/<str:code>/form.xlsx", form_excel.download, name="application-form"),
    path("applications/<str:code>/upload/", form_excel.upload, name="application-upload"),
    path("applications/<str:code>/do/<slug:step>/", applications.step, name="application-step"),
    path("needs/", needs.NeedList.as_view(), name="needs"),
    path("needs/new/", needs.new, name="need-new"),
    path("needs/<str:code>/", needs.page, name="need"),
    path("needs/<str:code>/do/<slug:step>/", needs.step, name="need-step"),
]
