"""Addresses of the Excel template of a whole city."""

from django.urls import URLPattern

patterns: list[URLPattern] = []
