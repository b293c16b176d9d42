"""Drawing of long lists: the rows of a table and the options of a select in Python, not cell by cell in templates."""

import inspect
from collections.abc import Callable
from typing import Any

from django import forms, template
from django.core.exceptions import EmptyResultSet
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django_tables2 import Table
from django_tables2.columns import BoundColumn
from django_tables2.rows import BoundRow

from xiandao.domains.shared.remember import remembered

register = template.Library()
Renderer = Callable[[BoundRow, Any], Any]


def _renderer(table: Table, column: BoundColumn) -> Renderer:
    """Return what draws a column's cell from a row and a value; what its function wants is looked at once."""
    function = column.render
    wanted = set(inspect.signature(function).parameters)
    takes_all = any(p.kind is p.VAR_KEYWORD for p in inspect.signature(function).parameters.values())

    def draw(row: BoundRow, value: Any) -> Any:
        given = {
            "value": value,
            "record": row.record,
            "column": column.column,
            "bound_column": column,
            "bound_row": row,
            "table": table,
        }
        content = function(**(given if takes_all else {name: given[name] for name in wanted if name in given}))
        return column.link(content, **given) if column.link else content

    return draw


def _cell(row: BoundRow, column: BoundColumn, draw: Renderer) -> Any:
    """Return a cell's content: values, choices and empty cells by the library's own rules, drawn by ours."""

    def render(_column: BoundColumn, value: Any = None) -> Any:
        return draw(row, value)

    return row._get_and_render_with(column, render_func=render, default=column.default)  # noqa: SLF001


@register.simple_tag
def table_rows(table: Table) -> SafeString:
    """Return the rows of a table's page as HTML, each cell with its column's name for narrow screens."""
    columns = []
    for column in table.columns:
        cell = format_html('<td {} data-label="{}">', column.attrs["td"].as_html(), column.header)
        columns.append((column, _renderer(table, column), cell))
    lines = []
    for row in table.paginated_rows:
        cells = (f"{opening}{conditional_escape(_cell(row, column, draw))}</td>" for column, draw, opening in columns)
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return mark_safe("\n".join(lines))  # every cell is escaped above


def _options(field: forms.BoundField) -> list[tuple[str, str]]:
    """Return the options of a select as (value, label); those that are rows are read once until something changes."""

    def make() -> list[tuple[str, str]]:
        return [("" if value is None else str(value), str(label)) for value, label in field.field.widget.choices]

    if not isinstance(field.field, forms.ModelChoiceField):
        return make()
    try:
        asked = field.field.queryset.query.sql_with_params()
    except EmptyResultSet:  # a condition nothing can meet
        return make()
    drawn_by = type(field.form).__qualname__, field.name, field.field.label_from_instance.__qualname__
    return remembered("options", asked, drawn_by, make=make)


@register.simple_tag
def list_field(field: forms.BoundField) -> SafeString:
    """Return a form field as HTML; a plain select is drawn in one go, however many options it has."""
    widget = field.field.widget
    if type(widget) is not forms.Select or widget.attrs.get("multiple"):
        return SafeString(field)
    chosen = "" if field.value() is None else str(field.value())
    options = format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((value, SafeString(" selected") if value == chosen else "", label) for value, label in _options(field)),
    )
    return format_html('<select name="{}" id="{}">{}</select>', field.html_name, field.id_for_label, options)
