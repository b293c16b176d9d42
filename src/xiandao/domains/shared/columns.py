"""Columns of days and moments. The library's own compile a template for each cell, which a list of fifty rows feels."""

from typing import Any

import django_tables2 as tables
from django.utils import dateformat, timezone


class DayColumn(tables.Column):  # type: ignore[misc]
    """A day; `format` as in Django's date filter."""

    def __init__(self, *args: Any, format: str = "Y-m-d", **kwargs: Any) -> None:  # noqa: A002 — the library's own name
        super().__init__(*args, **kwargs)
        self.format = format

    def render(self, value: Any) -> str:
        return dateformat.format(value, self.format)

    def value(self, value: Any) -> str:
        return "" if value is None else self.render(value)


class MomentColumn(DayColumn):
    """A moment, in local time."""

    def render(self, value: Any) -> str:
        return dateformat.format(timezone.localtime(value), self.format)
