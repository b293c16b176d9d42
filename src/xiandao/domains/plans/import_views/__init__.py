"""Pages of plan imports and their addresses, under /plans/."""

from django.urls import path

from xiandao.domains.plans.import_views import items, lists, pages, publish

_ONE = "imports/<uuid:pk>"
_ITEM = f"{_ONE}/items/<str:key>"

urlpatterns = [
    path("imports/", lists.ImportList.as_view(), name="imports"),
    path("imports/new/", pages.new, name="import-new"),
    path(f"{_ONE}/", pages.workbench_page, name="import"),
    path(f"{_ONE}/head/", pages.head, name="import-head"),
    path(f"{_ONE}/history/", pages.history, name="import-history"),
    path(f"{_ONE}/undo/", pages.undo, name="import-undo"),
    path(f"{_ONE}/accept/", pages.accept_many, name="import-accept"),
    path(f"{_ONE}/discard/", pages.discard, name="import-discard"),
    path(f"{_ONE}/publish/", publish.publish, name="import-publish"),
    path(f"{_ONE}/add/", items.add, name="import-add"),
    path(f"{_ITEM}/", items.detail, name="import-item"),
    path(f"{_ITEM}/accept/", items.accept, name="import-item-accept"),
    path(f"{_ITEM}/reject/", items.reject, name="import-item-reject"),
    path(f"{_ITEM}/restore/", items.restore, name="import-item-restore"),
    path(f"{_ITEM}/merge/", items.merge, name="import-item-merge"),
    path(f"{_ITEM}/edit/", items.edit, name="import-item-edit"),
    path(f"{_ITEM}/split/", items.split, name="import-item-split"),
]
