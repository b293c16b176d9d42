"""Addresses of the review desk."""

from django.urls import URLPattern, path

from xiandao.domains.labelling.views import desk, disputes, labels, objections, quality, samples

app_name = "labelling"
urlpatterns: list[URLPattern] = [
    path("", samples.SampleList.as_view(), name="home"),
    path("samples/new/", samples.new, name="sample-new"),
    path("samples/<int:pk>/", samples.page, name="sample"),
    path("samples/<int:pk>/desk/", desk.desk, name="desk"),
    path("samples/<int:pk>/desk/<int:item>/", desk.item, name="item"),
    path("samples/<int:pk>/undo/", desk.undo, name="undo"),
    path("samples/<int:pk>/agreement/", samples.agreement, name="agreement"),
    path("samples/<int:pk>/<slug:step>/", samples.step, name="sample-step"),
    path("disputes/", disputes.listing, name="disputes"),
    path("disputes/<int:pk>/", disputes.page, name="dispute"),
    path("labels/", labels.LabelList.as_view(), name="labels"),
    path("quality/", quality.page, name="quality"),
    path("objections/", objections.ObjectionList.as_view(), name="objections"),
    path("objections/new/", objections.new, name="objection-new"),
    path("objections/<str:code>/", objections.page, name="objection"),
    path("objections/<str:code>/answer.<str:form>", objections.download, name="objection-answer"),
    path("objections/<str:code>/<slug:step>/", objections.step, name="objection-step"),
]
