"""Remembering what was added up until the next write: the version of the data is the newest link of the audit chain.

Every change writes its audit record in its own transaction, so that nothing derived from the data can differ while the
chain has not grown. Whoever keeps the chain registers how its end is read; without one nothing is remembered.
"""

import hashlib
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from django.core.cache import cache
from django.db import connection
from django.utils import timezone
from django.utils.translation import get_language

Made = TypeVar("Made")
_DAY = 24 * 3600
_ends: list[Callable[[], str]] = []


def register_end(read: Callable[[], str]) -> None:
    """Register how the end of the audit chain is read: its hash, "" while nothing has been done yet."""
    _ends[:] = [read]


def remembered(name: str, *parts: Hashable, make: Callable[[], Made], until: Callable[[], str] | None = None) -> Made:
    """Return what `make` gives, or gave for the same `parts` since the last write, on the same day, in this language.

    `until`: what reads the newest record that can change the result, where not every write can.
    `parts` say everything the result depends on besides the data: for whom, of what. Inside a transaction, which may
    have changed something that nobody else sees, it is always made anew.
    """
    if connection.in_atomic_block or not _ends:
        return make()
    end = (until or _ends[0])()
    if not end:
        return make()
    words = repr((name, parts, end, timezone.localdate(), get_language()))
    key = f"remembered:{hashlib.sha256(words.encode()).hexdigest()}"
    found: Any = cache.get(key)
    if found is None:
        found = (make(),)
        cache.set(key, found, _DAY)
    made: Made = found[0]
    return made
