# ruff: noqa: SLF001 — `_meta` and `_base_manager` are Django's documented way to a model's fields and all its rows
"""Tables as lines of JSON: which there are, in which order, how a value is written and read on either database."""

import base64
import datetime as dt
import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import islice
from typing import Any, Final
from uuid import UUID

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.utils.duration import duration_iso_string

LEFT_OUT: Final = frozenset({"sessions.session", "orgs.opensession"})
"""Sessions stay behind: after a restore everybody signs in anew, and a stolen backup opens no session."""
MADE_BY_MIGRATING: Final = frozenset({"contenttypes.contenttype", "auth.permission", "sites.site", "audit.audithead"})
"""Tables a database set up a moment ago has rows in; everything else must be empty to be called empty."""
_BATCH = 1_000
Model = type[models.Model]


def kept() -> list[Model]:
    """Return the models whose rows are kept, each after those it refers to."""
    return [model for model in _ordered() if model._meta.label_lower not in LEFT_OUT]


def everything() -> list[Model]:
    """Return all models with a table of their own, each after those it refers to."""
    return _ordered()


def _ordered() -> list[Model]:
    found = [m for m in apps.get_models(include_auto_created=True) if m._meta.managed and not m._meta.proxy]
    ordered: dict[Model, None] = {}
    under_way: set[Model] = set()

    def visit(model: Model) -> None:
        if model in ordered or model in under_way:  # a circle: references are checked when all is there
            return
        under_way.add(model)
        for field in model._meta.local_concrete_fields:
            if field.remote_field:
                visit(field.remote_field.model._meta.concrete_model)
        ordered[model] = None

    for model in sorted(found, key=lambda m: m._meta.label_lower):
        visit(model)
    return [model for model in ordered if model in set(found)]


def columns(model: Model) -> list[Any]:
    """Return the fields whose values are kept; what the database computes itself is not."""
    return [field for field in model._meta.local_concrete_fields if not getattr(field, "generated", False)]


def dump(model: Model) -> Iterator[str]:
    """Yield a table's lines: the names of its fields, then each row, read a thousand at a time."""
    fields = columns(model)
    names = [field.attname for field in fields]
    yield json.dumps({"model": model._meta.label_lower, "fields": names}) + "\n"
    rows = model._base_manager.order_by("pk").values_list(*names)
    for row in rows.iterator(chunk_size=_BATCH):
        yield json.dumps([_written(value) for value in row], ensure_ascii=False, cls=DjangoJSONEncoder) + "\n"


def _written(value: Any) -> Any:
    """Return a value as JSON holds it without loss; Django's own encoder would cut microseconds off."""
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, dt.timedelta):
        return duration_iso_string(value)
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    return str(value) if isinstance(value, Decimal | UUID) else value


def load(model: Model, lines: Iterable[str]) -> int:
    """Write a table's lines into the database and return how many rows. Raises ValueError where they do not fit it."""
    numbered = iter(lines)
    head = json.loads(next(numbered, "{}"))
    fields = columns(model)
    if head != {"model": model._meta.label_lower, "fields": [field.attname for field in fields]}:
        raise ValueError(f"{model._meta.label_lower}：字段与程序不一致")
    quote = connection.ops.quote_name
    names = ", ".join(quote(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({marks})"  # noqa: S608 — names of our own models
    count = 0
    with connection.cursor() as cursor:
        while batch := list(islice(numbered, _BATCH)):
            rows = [_row(fields, json.loads(line)) for line in batch]
            cursor.executemany(statement, rows)
            count += len(rows)
    return count


def _row(fields: list[Any], values: list[Any]) -> list[Any]:
    return [_stored(field, value) for field, value in zip(fields, values, strict=True)]


def _stored(field: Any, value: Any) -> Any:
    """Return a value as the database takes it, past everything that would set it anew (auto_now)."""
    if isinstance(field, models.JSONField):
        if value is None and not field.null:
            value = models.Value(None, models.JSONField())
        return field.get_db_prep_save(value, connection)
    if value is not None:
        value = base64.b64decode(value) if isinstance(field, models.BinaryField) else field.to_python(value)
    return field.get_db_prep_save(value, connection)


def empty(model: Model) -> None:
    """Delete every row of a table, past managers and signals."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608 — our own models


def count(model: Model) -> int:
    """Return how many rows a table has."""
    return model._base_manager.count()


def filled() -> list[str]:
    """Return the models that have rows no fresh installation has."""
    return [
        model._meta.label_lower
        for model in everything()
        if model._meta.label_lower not in MADE_BY_MIGRATING and model._base_manager.exists()
    ]
