"""Before and after side by side: every field by its path, changed ones marked."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

_ABSENT = object()


class Difference(NamedTuple):
    """One field: its path, what it was and what it became as text (None where it did not exist), whether it changed."""

    path: str
    before: str | None
    after: str | None
    changed: bool


def differences(before: Any, after: Any) -> list[Difference]:
    """Return the fields of two JSON values in order, those of `before` first; lists go by their positions."""
    old, new = dict(_leaves(before)), dict(_leaves(after))
    return [
        Difference(path, _shown(old, path), _shown(new, path), _json(old, path) != _json(new, path))
        for path in dict.fromkeys((*old, *new))
    ]


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if value is None and not path:
        return
    if isinstance(value, dict) and value:
        for name, item in value.items():
            yield from _leaves(item, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list) and value and any(isinstance(item, dict | list) for item in value):
        for place, item in enumerate(value, 1):
            yield from _leaves(item, f"{path}[{place}]")
    else:
        yield path, value


def _json(values: dict[str, Any], path: str) -> str | None:
    """Return a value as JSON, in which 1 and true differ; None where there is none."""
    return json.dumps(values[path], sort_keys=True) if path in values else None


def _shown(values: dict[str, Any], path: str) -> str | None:
    value = values.get(path, _ABSENT)
    if value is _ABSENT:
        return None
    if isinstance(value, list):
        return "、".join(_text(item) for item in value)
    return _text(value)


def _text(value: Any) -> str:
    """Return a value as JSON writes it, without quotes around texts."""
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)
