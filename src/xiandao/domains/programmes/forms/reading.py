"""What was written in a form: texts as typed, kept as they are until the check says what they mean."""

import unicodedata
from collections.abc import Mapping
from typing import Any, Final

from django.http import QueryDict

from xiandao.domains.programmes.forms.definition import ROWED, Form, columns_of
from xiandao.packs.schema.forms import FormField

Data = dict[str, Any]
"""By field key: a text, a list of codes (choices, industries), or a list of rows, each column key to text."""

LONGEST: Final = 20_000
_MOST_ROWS: Final = 1000


def from_post(form: Form, post: QueryDict, before: Data) -> Data:
    """Return the data of a posted form; a field that was not on the page keeps what it had."""
    data: Data = dict(before)
    for key, field in form.fields.items():
        if field.type == "files":
            continue
        if field.type in ROWED:
            if f"rows.{key}" in post or f"has.{key}" in post:
                names = list(dict.fromkeys(post.getlist(f"rows.{key}")))[:_MOST_ROWS]
                data[key] = [
                    {c.key: post.get(f"f.{key}.{name}.{c.key}", "") for c in columns_of(field)} for name in names
                ]
        elif field.type in ("choices", "industries"):
            if f"has.{key}" in post:
                data[key] = post.getlist(f"f.{key}")
        elif f"f.{key}" in post:
            data[key] = post.get(f"f.{key}", "")
    return tidy(form, data)


def tidy(form: Form, given: Mapping[str, Any]) -> Data:
    """Return only what the form asks for, in its shape: blanks cut, empty rows and empty fields left out."""
    data: Data = {}
    for key, field in form.fields.items():
        if field.type == "files" or key not in given:
            continue
        value = _shaped(field, given[key])
        if value:
            data[key] = value
    return data


def _shaped(field: FormField, value: Any) -> str | list[str] | list[dict[str, str]]:
    if field.type in ROWED:
        rows = value if isinstance(value, list | tuple) else []
        columns = [column.key for column in columns_of(field)]
        shaped = [{key: _text(row.get(key, "")) for key in columns} for row in rows if isinstance(row, Mapping)]
        return [row for row in shaped if any(row.values())][:_MOST_ROWS]
    if field.type in ("choices", "industries"):
        items = value if isinstance(value, list | tuple) else [value]
        return list(dict.fromkeys(text for text in (_text(item) for item in items) if text))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _text(value)


def _text(value: Any) -> str:
    if value is None or isinstance(value, list | tuple | Mapping):
        return ""
    text = str(value).replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc").strip()[:LONGEST]
