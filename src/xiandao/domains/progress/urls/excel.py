"""Addresses of the Excel template of an organisation or a whole city."""

from django.urls import URLPattern, path

from xiandao.domains.progress.views import excel

patterns: list[URLPattern] = [
    path("excel/<int:pk>/", excel.start, name="excel"),
    path("excel/<int:pk>/template-<slug:scope>.xlsx", excel.download, name="excel-template"),
    path("excel/files/<int:pk>/", excel.page, name="excel-file"),
    path("excel/files/<int:pk>/progress/", excel.progress, name="excel-progress"),
    path("excel/files/<int:pk>/<slug:kind>.xlsx", excel.file, name="excel-download"),
    path("excel/files/<int:pk>/<slug:step>/", excel.step, name="excel-step"),
]
