"""Bringing the anchor up to the log after a process was killed between a commit and its anchor, or after a restore."""

from xiandao.domains.audit import anchor
from xiandao.domains.audit.models import AuditHead, AuditRecord


def catch_up() -> bool:
    """Write the head to the anchor where it lags behind, finish a restore that was committed; True where it did.

    Raises AnchorError or OSError where the anchor cannot be written.
    """
    path = anchor.place()
    head = AuditHead.objects.filter(id=1).first()
    if path is None or head is None or not head.number:
        return False
    settled = settle()
    row = AuditRecord.objects.only("number", "hash", "at").filter(number=head.number, hash=head.hash).first()
    last = anchor.last_mark(path)
    if row is None or (last is not None and last.number >= head.number and last.ledger == head.ledger):
        return settled
    anchor.append(path, anchor.Head(row.number, row.hash, row.at, head.ledger))
    return True


def settle() -> bool:
    """Put a restored anchor in place if its restore was committed; True where it did.

    The staged anchor ends with the record of the restore itself, which is in the database only once it is committed.
    """
    path = anchor.place()
    if path is None or not anchor.staged(path).exists():
        return False
    last = anchor.last_mark(anchor.staged(path))
    if last is None or not AuditRecord.objects.filter(number=last.number, hash=last.hash).exists():
        return False
    anchor.adopt(path)
    return True
