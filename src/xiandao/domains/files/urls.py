"""Addresses of files."""

from django.urls import path

from xiandao.domains.files import views

app_name = "files"
urlpatterns = [
    path("attach/", views.attach, name="attach"),
    path("<int:pk>/", views.download, name="download"),
    path("<int:pk>/detach/", views.detach, name="detach"),
]
