"""Reading the audit log."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from xiandao.domains.audit.chain import first_break
from xiandao.domains.audit.models import AuditHead, AuditRecord


def history(*, kind: str, key: str) -> QuerySet[AuditRecord]:
    """Return what happened to one object, newest first. The caller has checked that the object may be seen."""
    return AuditRecord.objects.filter(object_kind=kind, object_key=key).order_by("-number")


def verify() -> tuple[int, str] | None:
    """Return (number, what is wrong) of the first record that breaks the chain, or None.

    Records cut off at the end are found by the head row, which holds the last number and hash.
    """
    last, last_hash = 0, None

    def rows() -> Iterator[tuple[int, str, dict[str, Any], str]]:
        nonlocal last, last_hash
        for row in AuditRecord.objects.order_by("number").iterator(chunk_size=2000):
            last, last_hash = row.number, row.hash
            yield row.number, row.previous_hash, row.content(), row.hash

    fault = first_break(rows())
    if fault is not None:
        return fault
    head = AuditHead.objects.filter(id=1).first()
    if head is None:
        return None if last == 0 else (last, "inserted")
    if head.number > last:
        return last + 1, "removed"
    return None if head.number == 0 or head.hash == last_hash else (last, "altered")
