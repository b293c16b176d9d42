"""The hash chain of the audit log, free of the database so that anyone can recompute it."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

GENESIS = "0" * 64


def digest(previous: str, content: Mapping[str, Any]) -> str:
    """Return the SHA-256 (hex) of a record's content linked to the record before it.

    `content` is serialised as JSON with sorted keys, so that the digest does not depend on the
    order in which a database or a program gives the fields.
    """
    body = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()


def first_break(records: Iterable[tuple[int, str, Mapping[str, Any], str]]) -> tuple[int, str] | None:
    """Return (number, what is wrong) of the first record that does not follow from the one before, or None.

    `records` are (number, previous hash, content, hash) in the order of their numbers, which start
    at 1 and leave no gap.
    """
    previous, expected = GENESIS, 1
    for number, linked, content, recorded in records:
        if number != expected:
            return expected, "removed" if number > expected else "inserted"
        if linked != previous:
            return number, "inserted"
        if digest(previous, content) != recorded:
            return number, "altered"
        previous, expected = recorded, expected + 1
    return None
