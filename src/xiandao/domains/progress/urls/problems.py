"""Addresses of problems and reminder letters."""

from django.urls import URLPattern

patterns: list[URLPattern] = []
