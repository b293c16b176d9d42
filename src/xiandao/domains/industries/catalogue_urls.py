"""Addresses of the product catalogue."""

from django.urls import URLPattern, path

from xiandao.domains.industries.views import catalogue, drafts, editing, excel, local, names

app_name = "catalogue"
_DRAFT = "drafts/<int:pk>/"
_INDUSTRY = _DRAFT + "edit/<slug:industry>/"
urlpatterns: list[URLPattern] = [
    path("", catalogue.current, name="current"),
    path("search/", catalogue.search, name="search"),
    path("compare/", catalogue.compare, name="compare"),
    path("names/", names.NameList.as_view(), name="names"),
    path("names/new/", names.edit, name="name-new"),
    path("names/<int:pk>/", names.edit, name="name"),
    path("names/<int:pk>/remove/", names.remove, name="name-remove"),
    path("local/", local.lists, name="local-lists"),
    path("local/new/", local.new, name="local-new"),
    path("local/<int:pk>/", local.page, name="local-list"),
    path("local/<int:pk>/export.xlsx", local.export, name="local-export"),
    path("local/<int:pk>/<slug:step>/", local.step, name="local-step"),
    path("drafts/start/", drafts.start, name="draft-start"),
    path(_DRAFT, drafts.page, name="draft"),
    path(_DRAFT + "export.xlsx", excel.export_draft, name="draft-export"),
    path(_DRAFT + "excel/", excel.read_in, name="draft-excel"),
    path(_DRAFT + "traps/", editing.traps, name="edit-traps"),
    path(_DRAFT + "steps/<slug:step>/", drafts.step, name="draft-step"),
    path(_INDUSTRY, editing.industry, name="edit-industry"),
    path(_INDUSTRY + "segments/new/", editing.new_segment, name="edit-new-segment"),
    path(_INDUSTRY + "segments/<slug:segment>/", editing.segment, name="edit-segment"),
    path(_INDUSTRY + "products/<slug:product>/", editing.product, name="edit-product"),
    path("versions/<str:code>/", catalogue.version, name="version"),
    path("versions/<str:code>/export.xlsx", excel.export, name="export"),
    path("versions/<str:code>/adopt/", drafts.adopt, name="adopt"),
    path("versions/<str:code>/<slug:industry>/", catalogue.industry, name="industry"),
    path("versions/<str:code>/<slug:industry>/<slug:product>/", catalogue.product, name="product"),
]
