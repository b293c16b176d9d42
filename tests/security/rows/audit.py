"""The audit log: auditors and the audit administrator read and verify, the administrator alone exports."""

from django.utils import timezone

from tests.security.matrix import MISSING, Row, only, same
from xiandao.domains.audit.models import AuditCheck, AuditHead

WRITTEN = "已写入 written"
READERS = only("auditor", "audit")
NAMES = frozenset({"$record", "$check"})


def things(people) -> dict[str, str]:
    """Return a record and a verification that has ended."""
    now = timezone.now()
    check = AuditCheck.objects.create(asked_at=now, asked_by="某人", finished_at=now, sound=True)
    return {"$record": str(AuditHead.objects.get().number), "$check": str(check.pk)}


ROWS = [
    Row("audit:list", "—", READERS),
    Row("audit:record", WRITTEN, READERS, {"number": "$record"}),
    Row("audit:record", MISSING, same(404), {"number": "999999999"}),
    Row("audit:checks", "—", READERS),
    Row("audit:checks", "—", only("auditor", "audit", status=302), method="POST"),
    Row("audit:check", WRITTEN, READERS, {"pk": "$check"}),
    Row("audit:check", MISSING, same(404), {"pk": "999999999"}),
    Row("audit:export", "—", only("audit"), method="POST", data={"form": "csv"}),
    Row("audit:export", "格式不认识 unknown form", only("audit", status=422), method="POST", data={"form": "exe"}),
    Row("audit:export", "GET", only("audit", status=405)),
]
