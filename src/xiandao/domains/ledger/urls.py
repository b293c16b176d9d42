"""Addresses of ledger."""

from django.urls import URLPattern, path

from xiandao.domains.ledger.views import entry, listing, lists, releases, roadmaps

app_name = "ledger"
urlpatterns: list[URLPattern] = [
    path("", listing.EntryList.as_view(), name="list"),
    path("new/", entry.new, name="new"),
    path("imports/", lists.Imports.as_view(), name="imports"),
    path("imports/new/", lists.new, name="import-new"),
    path("imports/<int:pk>/", lists.page, name="import"),
    path("imports/<int:pk>/<slug:step>/", lists.step, name="import-step"),
    path("releases/", releases.Releases.as_view(), name="releases"),
    path("releases/new/", releases.new, name="release-new"),
    path("releases/<int:pk>/", releases.page, name="release"),
    path("releases/<int:pk>/list.docx", releases.download, name="release-word"),
    path("releases/<int:pk>/<slug:step>/", releases.step, name="release-step"),
    path("roadmaps/", roadmaps.Roadmaps.as_view(), name="roadmaps"),
    path("roadmaps/begin/", roadmaps.begin, name="roadmap-begin"),
    path("roadmaps/<int:pk>/", roadmaps.page, name="roadmap"),
    path("roadmaps/<int:pk>/nodes/", roadmaps.node, name="roadmap-node-new"),
    path("roadmaps/<int:pk>/nodes/<slug:code>/", roadmaps.node, name="roadmap-node"),
    path("roadmaps/<int:pk>/<slug:step>/", roadmaps.step, name="roadmap-step"),
    path("entries/<str:code>/", entry.page, name="entry"),
    path("entries/<str:code>/edit/", entry.edit, name="edit"),
    path("entries/<str:code>/<slug:step>/", entry.step, name="step"),
]
