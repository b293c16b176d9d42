"""Addresses of duties, rounds, reports, claims, results."""

from django.urls import URLPattern, path

from xiandao.domains.progress.views import claims, duties, report_list, reports, results, rounds, verification

patterns: list[URLPattern] = [
    path("duties/", duties.DutyList.as_view(), name="duties"),
    path("duties/<int:pk>/", duties.page, name="duty"),
    path("duties/<int:pk>/hand-down/", duties.hand_down, name="duty-hand-down"),
    path("duties/<int:pk>/take-back/", duties.take_back, name="duty-take-back"),
    path("rounds/", rounds.round_list, name="rounds"),
    path("rounds/new/", rounds.new, name="round-new"),
    path("rounds/<int:pk>/", rounds.page, name="round"),
    path("rounds/<int:pk>/mine/", rounds.mine, name="round-mine"),
    path("rounds/<int:pk>/<slug:step>/", rounds.step, name="round-step"),
    path("reports/", report_list.ReportList.as_view(), name="reports"),
    path("reports/<int:pk>/", reports.page, name="report"),
    path("reports/<int:pk>/save/", reports.save, name="report-save"),
    path("reports/<int:pk>/withdraw/", reports.withdraw, name="report-withdraw"),
    path("reports/<int:pk>/reopen/", reports.reopen, name="report-reopen"),
    path("reports/<int:pk>/verify/", verification.page, name="report-verify"),
    path("reports/<int:pk>/return/", verification.send_back, name="report-return"),
    path("verification/", verification.Waiting.as_view(), name="verification"),
    path("verification/bulk/", verification.bulk, name="verification-bulk"),
    path("claims/", claims.ClaimList.as_view(), name="claims"),
    path("results/", results.ResultList.as_view(), name="results"),
    path("results/<str:code>/", results.page, name="result"),
    path("results/<str:code>/void/", results.void, name="result-void"),
]
