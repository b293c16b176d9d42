"""Addresses of meeting papers."""

from django.urls import URLPattern

patterns: list[URLPattern] = []
