"""Addresses of previews of a draft of the catalogue."""

from django.urls import URLPattern, path

from xiandao.domains.enterprises.views import preview

urlpatterns: list[URLPattern] = [
    path("previews/drafts/<int:pk>/start/", preview.start, name="preview-start"),
    path("previews/drafts/<int:pk>/words/<slug:industry>/", preview.words, name="preview-words"),
    path("previews/<int:pk>/", preview.page, name="preview"),
    path("previews/<int:pk>/progress/", preview.progress, name="preview-progress"),
    path("previews/<int:pk>/cancel/", preview.cancel, name="preview-cancel"),
]
