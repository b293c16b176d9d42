"""Bringing the anchor up to the log after a process was killed between a commit and its anchor, or during a restore."""

from xiandao.domains.audit import anchor
from xiandao.domains.audit.models import AuditHead, AuditRecord


def catch_up() -> bool:
    """Write the head to the anchor where it lags behind; finish a restore that was committed. True where it wrote.

    Raises AnchorError or OSError where the anchor cannot be written.
    """
    path = anchor.place()
    head = AuditHead.objects.filter(id=1).first()
    if path is None or head is None or not head.number:
        return False
    settled = _settle()
    row = AuditRecord.objects.only("number", "hash", "at").filter(number=head.number).first()
    last = anchor.last_mark(path)
    if row is None or row.hash != head.hash or (last is not None and last.number >= head.number):
        return settled
    anchor.append(path, anchor.Head(row.number, row.hash, row.at, head.ledger))
    return True


def _settle() -> bool:
    """Put a restored anchor in place if its restore was committed, throw it away if it was not."""
    path = anchor.place()
    if path is None or not anchor.staged(path).exists():
        return False
    last = anchor.last_mark(anchor.staged(path))
    there = last is not None and AuditRecord.objects.filter(number=last.number, hash=last.hash).exists()
    if there:
        anchor.adopt(path)
    else:
        anchor.staged(path).unlink()
    return there
