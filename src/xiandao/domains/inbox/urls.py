"""Addresses of the inbox. The inbox itself is the home page."""

from django.urls import path

from xiandao.domains.inbox import views

app_name = "inbox"
urlpatterns = [
    path("done/", views.DoneList.as_view(), name="done"),
    path("seen/", views.seen, name="seen"),
    path("mail/", views.mail, name="mail"),
    path("<int:pk>/", views.task, name="task"),
    path("<int:pk>/go/", views.go, name="go"),
    path("<int:pk>/hand/", views.hand, name="hand"),
    path("<int:pk>/take-back/", views.take_back, name="take-back"),
    path("<int:pk>/clock/", views.clock, name="clock"),
]
