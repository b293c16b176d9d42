"""Addresses of ledger."""

from django.urls import URLPattern, path

from xiandao.domains.ledger.views import entry, listing

app_name = "ledger"
urlpatterns: list[URLPattern] = [
    path("", listing.EntryList.as_view(), name="list"),
    path("new/", entry.new, name="new"),
    path("entries/<str:code>/", entry.page, name="entry"),
    path("entries/<str:code>/edit/", entry.edit, name="edit"),
    path("entries/<str:code>/<slug:step>/", entry.step, name="step"),
]
