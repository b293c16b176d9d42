"""Writes a PlanDoc as YAML: fields in the order of review, one stable layout, readable in a diff."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import yaml
from pydantic import BaseModel

from xiandao.packs.reader import resolve
from xiandao.packs.schema.common import PackModel
from xiandao.packs.schema.plan import Item

_INDENT: Final = 2
_KEPT_WHOLE: Final = 10**9  # never fold a line: a quote is compared by eye with the text
_BREAKS: Final = re.compile("[\n\r\x0b\x0c\x85\u2028\u2029]")


class _Flow(list[Any]):
    """A list written on one line: [12, 40]."""


class _Writer(yaml.SafeDumper):
    """SafeDumper with YAML 1.2 scalars, lists indented below their key, plain values on one line."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001, FBT002, ARG002 — PyYAML's signature
        super().increase_indent(flow, indentless=False)

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
        """Return the tag a reader of YAML 1.2 gives a plain scalar, so that text looking like a number is quoted."""
        if kind is not yaml.ScalarNode or not implicit[0]:
            return super().resolve(kind, value, implicit)  # type: ignore[no-untyped-call]
        return _TAGS[type(resolve(value))]


_TAGS: Final = {
    str: "tag:yaml.org,2002:str",
    int: "tag:yaml.org,2002:int",
    float: "tag:yaml.org,2002:float",
    bool: "tag:yaml.org,2002:bool",
    type(None): "tag:yaml.org,2002:null",
}


def _text(writer: _Writer, value: str) -> yaml.ScalarNode:
    """Write text with any kind of line break in double quotes: other styles would fold it on reading."""
    style = '"' if _BREAKS.search(value) else None
    return writer.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Writer.add_representer(str, _text)
_Writer.add_representer(_Flow, lambda w, v: w.represent_sequence("tag:yaml.org,2002:seq", v, flow_style=True))


def dump_record(record: PackModel) -> str:
    """Return ``record`` (a PlanDoc or another record of a pack) as YAML text.

    Fields come in the order of the schema, those at their default are left out, nothing is folded;
    the same record always gives the same text, and reading it gives the same record.
    """
    return yaml.dump(
        _plain(record),
        Dumper=_Writer,
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=False,
        width=_KEPT_WHOLE,
        indent=_INDENT,
    )


def _rank(name: str, value: Any) -> int:
    """Return where a field of an item stands: key, words and numbers, place and review, then what it contains."""
    if name == "key":
        return 0
    if name in ("span", "confidence", "doubts", "reviewed"):
        return 2
    nested = isinstance(value, BaseModel) or (isinstance(value, tuple) and any(isinstance(v, BaseModel) for v in value))
    return 3 if nested else 1


def _plain(value: Any) -> Any:
    """Return ``value`` as mappings, lists and scalars of YAML; lists of scalars become one line."""
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        shown = {n: getattr(value, n) for n, f in fields.items() if f.is_required() or getattr(value, n) != f.default}
        order = sorted(shown, key=lambda name: _rank(name, shown[name])) if isinstance(value, Item) else shown
        return {fields[name].alias or name: _plain(shown[name]) for name in order}
    if isinstance(value, Mapping):
        return {key: _plain(v) for key, v in value.items()}
    if isinstance(value, tuple | list):
        items = [_plain(v) for v in value]
        return items if any(isinstance(v, dict | list) for v in items) else _Flow(items)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value if isinstance(value, str | int | float | bool | None) else str(value)  # dates as 2024-02-27
