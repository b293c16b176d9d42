"""Addresses of the office: checks, recommendations, decisions, notices, objections, certificates."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
