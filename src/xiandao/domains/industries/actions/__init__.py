"""Writes of industries and of the product catalogue."""

from xiandao.domains.industries.actions.table import load_industries

__all__ = ["load_industries"]
