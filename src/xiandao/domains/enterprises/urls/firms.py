"""Addresses of enterprises: list, page, map, chain, layout."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
