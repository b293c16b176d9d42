"""Addresses of the office: checks, recommendations, decisions, notices, objections, certificates."""

from django.urls import URLPattern, path

from xiandao.domains.programmes.views import (
    notices,
    office,
    office_application,
    office_decision,
    office_objections,
    office_recommend,
    office_review,
)

urlpatterns: list[URLPattern] = [
    path("office/", office.OfficeCalls.as_view(), name="office"),
    path("office/calls/<str:code>/", office.WorkList.as_view(), name="work"),
    path("office/calls/<str:code>/bulk/", office.bulk, name="work-bulk"),
    path("office/calls/<str:code>/review/", office_review.review, name="review"),
    path("office/calls/<str:code>/decision/", office_decision.new, name="decision-new"),
    path("office/applications/<str:code>/", office_application.page, name="office-application"),
    path("office/applications/<str:code>/<slug:step>/", office_application.step, name="office-step"),
    path("office/decisions/<int:pk>/", office_decision.page, name="decision"),
    path("office/decisions/<int:pk>/<slug:step>/", office_decision.step, name="decision-step"),
    path("office/objections/", office_objections.ObjectionList.as_view(), name="objections"),
    path("office/objections/<str:code>/", office_objections.page, name="objection"),
    path("office/objections/<str:code>/answer.<slug:form>", office_objections.answer, name="objection-answer"),
    path("office/objections/<str:code>/<slug:step>/", office_objections.step, name="objection-step"),
    path("recommend/", office_recommend.RecommendCalls.as_view(), name="recommend"),
    path("recommend/<str:code>/", office_recommend.Recommend.as_view(), name="recommend-call"),
    path("recommend/<str:code>/<slug:step>/", office_recommend.step, name="recommend-step"),
    path("outcomes/<str:code>/", office_objections.outcome, name="outcome"),
    path("outcomes/<str:code>/<slug:what>.<slug:form>", office_objections.paper, name="paper"),
    path("notices/", notices.NoticeList.as_view(), name="notices"),
    path("notices/<str:code>/", notices.notice, name="notice"),
    path("notices/<str:code>/object/", notices.object_to, name="notice-object"),
    path("objections/", notices.query, name="objection-query"),
    path("certificates/check/", notices.check, name="certificate-check"),
]
