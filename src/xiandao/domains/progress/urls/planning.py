"""Addresses of targets' baselines, paths and shares, and the overview."""

from django.urls import URLPattern

patterns: list[URLPattern] = []
