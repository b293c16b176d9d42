"""Addresses of the review desk."""

from django.urls import URLPattern

app_name = "labelling"
urlpatterns: list[URLPattern] = []
