"""Addresses of ledger."""

from django.urls import URLPattern, path

from xiandao.domains.ledger.views import entry, listing, lists

app_name = "ledger"
urlpatterns: list[URLPattern] = [
    path("", listing.EntryList.as_view(), name="list"),
    path("new/", entry.new, name="new"),
    path("imports/", lists.Imports.as_view(), name="imports"),
    path("imports/new/", lists.new, name="import-new"),
    path("imports/<int:pk>/", lists.page, name="import"),
    path("imports/<int:pk>/<slug:step>/", lists.step, name="import-step"),
    path("entries/<str:code>/", entry.page, name="entry"),
    path("entries/<str:code>/edit/", entry.edit, name="edit"),
    path("entries/<str:code>/<slug:step>/", entry.step, name="step"),
]
