"""Addresses of programmes, calls, needs and the applicant."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
