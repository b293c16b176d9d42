"""Addresses of meeting papers and of the rows behind their numbers."""

from django.urls import URLPattern, path

from xiandao.domains.progress.views import meeting_rows, meetings

patterns: list[URLPattern] = [
    path("meetings/", meetings.MeetingList.as_view(), name="meetings"),
    path("meetings/new/", meetings.new, name="meeting-new"),
    path("rows/<slug:kind>/", meeting_rows.page, name="meeting-rows"),
    path("meetings/<int:pk>/", meetings.page, name="meeting"),
    path("meetings/<int:pk>/check/", meetings.check, name="meeting-check"),
    path("meetings/<int:pk>/diff/", meetings.diff, name="meeting-diff"),
    path("meetings/<int:pk>/papers.<str:form>", meetings.download, name="meeting-download"),
]
