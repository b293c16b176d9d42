"""Addresses of registers, runs and the question which enterprises are one."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
