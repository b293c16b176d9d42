"""Addresses of progress, part by part."""

from xiandao.domains.progress.urls import excel, meetings, planning, problems, reports

app_name = "progress"
urlpatterns = [
    *planning.patterns,
    *reports.patterns,
    *excel.patterns,
    *problems.patterns,
    *meetings.patterns,
]
