"""Addresses of rounds, reports, claims, results."""

from django.urls import URLPattern

patterns: list[URLPattern] = []
