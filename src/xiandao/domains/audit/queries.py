"""Reading the audit log."""

from django.db.models import QuerySet

from xiandao.domains.audit.models import HEAVY, AuditHead, AuditRecord
from xiandao.domains.audit.verify import verify as verify_all


def history(*, kind: str, key: str) -> QuerySet[AuditRecord]:
    """Return what happened to one object, newest first, without the heavy before and after.

    For `audit/_history.html`. The caller has checked that the object may be seen.
    """
    return AuditRecord.objects.filter(object_kind=kind, object_key=str(key)).defer(*HEAVY).order_by("-at", "-number")


def verify() -> tuple[int | None, str] | None:
    """Return (number, what is wrong) of the first fault of the log, or None where it is sound."""
    report = verify_all()
    return None if report.sound else (report.faults[0].number, report.faults[0].what.value)


def newest_hash() -> str:
    """Return the hash of the newest record, "" before the first one."""
    return AuditHead.objects.filter(id=1).values_list("hash", flat=True).first() or ""
