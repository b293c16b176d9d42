"""The hash chain of the audit log, free of the database so that anyone can recompute it."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

GENESIS = "0" * 64
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


class Break(StrEnum):
    """In which way a record does not follow from the one before."""

    ALTERED = "altered"
    REMOVED = "removed"
    INSERTED = "inserted"


class Link(NamedTuple):
    """Where a chain stands: the number and hash of its last record."""

    number: int
    hash: str


START = Link(0, GENESIS)


class Sealed(NamedTuple):
    """One record as stored: its number, the hash it says it follows, its content, its hash."""

    number: int
    previous: str
    content: Mapping[str, Any]
    hash: str


def digest(previous: str, content: Mapping[str, Any]) -> str:
    """Return the SHA-256 (hex) of a record's content linked to the record before it.

    `content` is serialised as JSON with sorted keys, so that the digest does not depend on the
    order in which a database or a program gives the fields.
    """
    return hashlib.sha256(f"{previous}\n{_encode(content)}".encode()).hexdigest()


class Walk:
    """Follows a chain record by record and stops at the first that does not fit."""

    def __init__(self, after: Link = START) -> None:
        self.link = after

    def step(self, record: Sealed) -> tuple[int, Break] | None:
        """Take the next record; return (number, what is wrong) or None where it follows."""
        expected = self.link.number + 1
        if record.number != expected:
            return expected, Break.REMOVED if record.number > expected else Break.INSERTED
        own = digest(record.previous, record.content)
        if record.previous != self.link.hash:
            return self._unlinked(record, whole=own == record.hash)
        if own != record.hash:
            return record.number, Break.ALTERED
        self.link = Link(record.number, record.hash)
        return None

    def _unlinked(self, record: Sealed, *, whole: bool) -> tuple[int, Break]:
        """Say whose fault it is that a record does not link: its own, or of the one before, hashed anew."""
        if whole and record.number > 1:
            return record.number - 1, Break.ALTERED
        return record.number, Break.INSERTED


def first_break(records: Iterable[Sealed], after: Link = START) -> tuple[int, Break] | None:
    """Return (number, what is wrong) of the first record that does not follow from the one before, or None.

    `records` come in the order of their numbers, which go on from `after` and leave no gap.
    """
    walk = Walk(after)
    return next((fault for fault in map(walk.step, records) if fault), None)
